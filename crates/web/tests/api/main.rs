//! The JSON API as programs meet it: over HTTP, on both databases, every answer compared with its document.

mod document;
mod sale;
mod stage;
