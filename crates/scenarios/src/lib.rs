//! Where the stories are told: a house which is really served, a clock the story moves, and a browser to walk it with.
//!
//! The stories themselves are in `tests/`: `browser.rs` walks the pages in Chromium, `journeys.rs` the acts behind them.

pub mod browser;
pub mod chromedriver;
pub mod gateways;
pub mod house;

pub use browser::{Browser, Screen, in_browser, in_browser_at};
pub use gateways::Gateways;
pub use house::House;
