//! After-sales: what a buyer may ask for when something went wrong, and what becomes of it.
//!
//! [`decide`] says what a command does to a case; [`open_until`] whether one may be opened; [`bearer`] who pays. Money is
//! reckoned where orders reckon it ([`crate::orders::refunds`]); nothing here reads a clock, a database or a setting.

mod arbitration;
mod commands;
mod deciding;
mod evidence;
mod liability;
mod reasons;
mod state;
#[cfg(test)]
mod tests;
mod window;

pub use commands::{CaseCommand, CaseEvent, Effect};
pub use deciding::{Case, CaseDecision, CaseRefusal, CaseTerms, decide};
pub use evidence::{EvidenceKind, missing};
pub use liability::{ReturnPayer, WayFacts, bearer, counts};
pub use reasons::{CaseReason, Party, ReasonClass, Remedy};
pub use state::{CaseColumns, CaseState, CaseStateName, Outcome, WaitsFor};
pub use window::{NotOpen, OrderMoments, open_until, remedies};
