//! What people and deadlines do: every act loads, decides, records and commits, and does nothing else.
//!
//! The same acts serve the API, the consoles, the jobs and the command line.

pub mod api_keys;
pub mod bank_accounts;
pub mod baskets;
pub mod books;
pub mod caller;
pub mod cancellations;
pub mod carrier_keys;
pub mod carrier_reports;
pub mod catalog;
pub mod chance;
pub mod checkout;
pub mod checks;
pub mod clock;
pub mod clock_moves;
pub mod deadlines;
pub mod estimates;
pub mod failure;
pub mod figures;
mod goods;
pub mod house;
pub mod id_maker;
pub mod import;
pub mod jobs;
pub mod key_ring;
pub mod market;
pub mod orders;
pub mod overview;
pub mod packing;
pub mod parcels;
pub mod passwords;
pub mod payments;
pub mod payouts;
pub mod people;
pub mod pictures;
pub mod reconciliation;
mod relay;
pub mod requests;
mod reserves;
pub mod sandbox_bank;
mod sandbox_carrier;
pub mod sandbox_provider;
pub mod sandbox_reports;
pub mod secrets;
pub mod shop_desk;
pub mod shortages;
pub mod sign_in_links;
pub mod standing;
pub mod statements;
pub mod testing;
pub mod tracking;

pub use failure::{Failure, FieldFault, Refusal};
pub use gateways::{NextStep, ProviderName, Providers};
pub use market::{Actor, Market, Mode};
