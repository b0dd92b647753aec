//! What people and deadlines do: every act loads, decides, records and commits, and does nothing else.
//!
//! The same acts serve the API, the consoles, the jobs and the command line.

pub mod chance;
pub mod clock;
pub mod failure;
pub mod id_maker;
pub mod market;

pub use failure::{Failure, FieldFault, Refusal};
pub use market::{Actor, Market, Mode};
