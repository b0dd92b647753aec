//! What happens to a shop's money once it is its own: payouts, statements, reports.

mod after_settlement;
mod finance;
mod payouts;
mod reconciliation;
