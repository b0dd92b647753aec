//! What the market remembers: the only place with SQL.

pub mod db;

pub use db::testing;
pub use db::{
    ActFailure, Counters, DbError, FromRow, FromValue, P, Row, SchemaState, Store, StoreOptions, Tx,
};
