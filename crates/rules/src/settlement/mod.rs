//! Settlement: when a shop's share becomes its own, what is kept of it, and how it reaches the shop's bank.

pub mod bank_accounts;
pub mod bank_file;
pub mod debts;
pub mod payouts;
pub mod provider_reports;
pub mod reserves;
pub mod statements;
pub mod terms;
