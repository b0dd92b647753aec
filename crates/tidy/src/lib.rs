//! The tests about the code itself: what the compiler cannot see and a reviewer should not have to.
//!
//! `tests/` holds one file a subject. Here is only what they read with: the files of the workspace,
//! and just enough of Rust's, SQL's and Fluent's grammar. A message says what to do instead.

pub mod files;
pub mod licence;
pub mod migrations;
pub mod over_all_homes;
pub mod rust;
pub mod statements;

/// Fails with all findings at once, so that one run shows the whole work.
pub fn nothing_found(what_to_do: &str, findings: &[String]) {
    assert!(findings.is_empty(), "\n{what_to_do}\n  {}\n", findings.join("\n  "));
}

/// Entries of a list of exceptions which nothing needs any more: such a list may only shrink.
pub fn unused<'a>(entries: &[&'a str], used: &[String]) -> Vec<&'a str> {
    entries.iter().copied().filter(|entry| !used.iter().any(|one| one == entry)).collect()
}
