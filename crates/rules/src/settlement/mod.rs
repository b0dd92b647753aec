//! Settlement: when a shop's share becomes its own, what is kept of it, and how it reaches the shop's bank.

pub mod bank_accounts;
pub mod bank_file;
pub mod payouts;
pub mod provider_reports;
pub mod statements;
pub mod terms;
