//! What people and deadlines do: every act loads, decides, records and commits, and does nothing else.
//!
//! The same acts serve the API, the consoles, the jobs and the command line.

pub mod baskets;
pub mod books;
pub mod catalog;
pub mod chance;
pub mod checkout;
pub mod clock;
pub mod deadlines;
pub mod failure;
pub mod house;
pub mod id_maker;
pub mod jobs;
pub mod market;
pub mod orders;
pub mod parcels;
pub mod payments;
mod relay;
pub mod requests;
mod reserves;
mod sandbox_carrier;
pub mod sandbox_provider;
pub mod testing;

pub use failure::{Failure, FieldFault, Refusal};
pub use market::{Actor, Market, Mode};
