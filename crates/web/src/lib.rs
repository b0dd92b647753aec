//! How the market looks from outside: the JSON API and the HTML consoles.

pub mod account;
pub mod api;
pub mod assets;
mod carrier_hooks;
mod case_words;
mod csv;
mod figure_behind;
mod figure_words;
mod flag_words;
pub mod form_guard;
pub mod format;
pub mod goods_words;
pub mod illustrations;
pub mod operator;
pub mod papers;
pub mod payment_hooks;
pub mod problem;
pub mod rate_limit;
pub mod router;
pub mod seller;
pub mod signed_in;
pub mod storefront;
pub mod ui;
pub mod visit;
pub mod words;

pub use router::{WebSettings, router, serve};
