//! What shops do with their catalogue and what buyers see of it, on both databases.

mod baskets;
mod fetching;
mod import;
mod products;
mod shops;
mod stage;
