//! What shops sell: how products are described, searched for, and read from files which sellers already have.

pub mod bundles;
pub mod categories;
pub mod html_text;
pub mod listing;
pub mod nature;
pub mod options;
pub mod search_tokens;
pub mod shopify_csv;
