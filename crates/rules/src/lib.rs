//! What the market decides: pure. No clock, no database, no async, no settings of its own.

pub mod ids;
pub mod money;
pub mod time;
