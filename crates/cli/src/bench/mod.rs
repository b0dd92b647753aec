//! Measurements of the market as a whole. Never timed tests: a figure and its ratio to the limit of the same run.

pub mod client;
pub mod due;
pub mod figures;
pub mod hall;
pub mod pages;
pub mod papers;
pub mod place_order;
mod raw_limit;
pub mod settle;
mod stand;
mod took;
