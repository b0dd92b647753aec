//! Checkout: what a basket costs and where it goes.

pub mod address;
pub mod border;
pub mod discounts;
pub mod limits;
pub mod pricing;
pub mod tax;
