//! The JSON API as programs meet it: over HTTP, on both databases, every answer compared with its document.

// One body for each documented route stands in one `json!`.
#![recursion_limit = "256"]

mod bad_input;
mod catalog;
mod codes;
mod document;
mod isolation;
mod lists;
mod packing;
mod sale;
mod stage;
