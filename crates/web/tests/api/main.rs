//! The JSON API as programs meet it: over HTTP, on both databases, every answer compared with its document.

mod bad_input;
mod catalog;
mod codes;
mod document;
mod isolation;
mod lists;
mod packing;
mod sale;
mod stage;
