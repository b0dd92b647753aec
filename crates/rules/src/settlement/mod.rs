//! Settlement: when a shop's share becomes its own, and what is kept of it.

pub mod terms;
