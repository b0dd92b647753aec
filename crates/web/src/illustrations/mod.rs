//! Pictures drawn by us: products, shop logos, category tiles.
pub mod paint;
mod palette;

pub use palette::Colour;
