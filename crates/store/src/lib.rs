//! What the market remembers: the only place with SQL.

pub mod after_sales;
pub mod api_keys;
pub mod bank_accounts;
pub mod baskets;
pub mod bulk;
pub mod cancellations;
pub mod carrier_keys;
pub mod catalog;
pub mod checks;
pub mod db;
pub mod due;
pub mod events;
pub mod figures;
pub mod house;
mod id_lists;
pub mod jobs;
pub mod ledger;
pub mod lists;
pub mod order_items;
pub mod order_notes;
pub mod orders;
pub mod packing;
pub mod parcels;
pub mod payment_attempts;
pub mod payments;
pub mod payouts;
pub mod people;
pub mod pictures;
pub mod promotions;
pub mod reconciliation;
pub mod requests;
pub mod search;
pub mod sessions;
pub mod shops;
pub mod shortages;
pub mod statements;
pub mod stock;

pub use db::testing;
pub use db::{
    ActFailure, Counters, DbError, FromRow, FromValue, P, Row, SchemaState, Store, StoreOptions, Tx,
};
