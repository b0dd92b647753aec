//! Names which say nothing: everything can go into such a file, and so everything does.

use tidy::{files, nothing_found, rust};

const EMPTY_WORDS: &[&str] =
    &["util", "utils", "utility", "helper", "helpers", "common", "misc", "manager", "base", "core"];

const WHAT_TO_DO: &str = "Name it after what it is for in the trade (money, parcels, sign_in), or move each part to the domain which uses it:";

#[test]
fn no_file_is_called_after_nothing() {
    let mut found = Vec::new();
    for file in files::rust_files() {
        for part in file.path.trim_end_matches(".rs").split('/') {
            if empty_word(part).is_some() {
                found.push(file.path.clone());
            }
        }
    }
    nothing_found(WHAT_TO_DO, &found);
}

#[test]
fn no_type_and_no_module_is_called_after_nothing() {
    let mut found = Vec::new();
    for file in files::rust_files() {
        let code = rust::code_only(&file.text);
        for keyword in ["struct", "enum", "trait", "type", "mod", "union"] {
            for at in rust::words(&code, keyword) {
                let after = code[at + keyword.len()..].trim_start();
                let name: String =
                    after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if let Some(word) = empty_word(&name) {
                    let line = 1 + code[..at].matches('\n').count();
                    found.push(format!("{}:{line} {keyword} {name} ({word})", file.path));
                }
            }
        }
    }
    nothing_found(WHAT_TO_DO, &found);
}

/// The empty word in a name, if one stands there by itself: `TestHelper`, `date_utils`, but not `database`.
fn empty_word(name: &str) -> Option<&'static str> {
    let mut spaced = String::new();
    for c in name.chars() {
        if c.is_uppercase() || !c.is_alphanumeric() {
            spaced.push(' ');
        }
        spaced.extend(c.to_lowercase());
    }
    let words: Vec<&str> = spaced.split(|c: char| !c.is_alphanumeric()).collect();
    EMPTY_WORDS.iter().copied().find(|empty| words.contains(empty))
}

#[test]
fn a_word_is_empty_only_by_itself() {
    assert_eq!(empty_word("TestHelper"), Some("helper"));
    assert_eq!(empty_word("date_utils"), Some("utils"));
    assert_eq!(empty_word("database"), None);
    assert_eq!(empty_word("Score"), None);
}
