//! What pages and the API show in lists: read models with filters and keyset paging. Nothing here decides anything.

pub mod books;
pub mod house;
pub mod orders;
pub mod payouts;
pub mod seller;
pub mod shelf;
