//! PostgreSQL: one transaction an act, on a small pool of connections whose statements are pipelined.

mod connection;
mod errors;
mod pool;
mod session;

pub(super) use pool::Postgres;
pub(super) use session::Session;
