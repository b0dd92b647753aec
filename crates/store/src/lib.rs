//! What the market remembers: the only place with SQL.

pub mod catalog;
pub mod db;
mod id_lists;
pub mod shops;
pub mod stock;

pub use db::testing;
pub use db::{
    ActFailure, Counters, DbError, FromRow, FromValue, P, Row, SchemaState, Store, StoreOptions, Tx,
};
