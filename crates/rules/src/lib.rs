//! What the market decides: pure. No clock, no database, no async, no settings of its own.

pub mod after_sales;
pub mod catalog;
pub mod checkout;
pub mod figures;
pub mod ids;
pub mod ledger;
pub mod money;
pub mod orders;
pub mod payments;
pub mod people;
pub mod policy;
pub mod settlement;
pub mod shipping;
pub mod time;
