//! How the market looks from outside: the JSON API and the HTML consoles.

pub mod assets;
pub mod format;
pub mod illustrations;
pub mod problem;
pub mod router;
pub mod ui;
pub mod visit;
pub mod words;

pub use router::{WebSettings, router};
