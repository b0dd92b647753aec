//! Checkout: what a basket costs and where it goes.

pub mod pricing;
