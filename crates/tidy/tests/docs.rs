//! The documents: links lead somewhere, files they name exist, and both READMEs lead to the same places.

use std::collections::BTreeSet;
use tidy::{files, nothing_found};

/// Beginnings of paths by which documents name files of this project.
const OURS: &[&str] = &["crates/", "docs/", "policies/"];

fn documents() -> Vec<files::File> {
    let mut found = files::under("docs", "md");
    for name in files::names_in("", "md") {
        found.push(files::File { text: files::text_of(&name), path: name });
    }
    found
}

#[test]
fn every_link_leads_somewhere() {
    let mut found = Vec::new();
    for document in documents() {
        let folder = document.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in links(&document.text) {
            let path = link.split('#').next().unwrap_or("");
            let outside = path.contains("://") || path.starts_with("mailto:") || path.is_empty();
            if !outside && !files::root().join(folder).join(path).exists() {
                found.push(format!("{}: {link}", document.path));
            }
        }
    }
    nothing_found("Correct the link, or write the page:", &found);
}

#[test]
fn every_file_which_a_document_names_exists() {
    let mut found = Vec::new();
    for document in documents() {
        for name in document.text.split('`').skip(1).step_by(2) {
            let ours = OURS.iter().any(|beginning| name.starts_with(beginning));
            let pattern = name.contains(['<', '*', '…', ' ', '{']) || name.contains("NNNN");
            if ours && !pattern && !files::root().join(name).exists() {
                found.push(format!("{}: {name}", document.path));
            }
        }
    }
    nothing_found("Name the file which does this now:", &found);
}

#[test]
fn both_readmes_lead_to_the_same_places() {
    let places = |path: &str| -> BTreeSet<String> {
        let text = files::text_of(path);
        links(&text).into_iter().filter(|link| !link.starts_with("README")).collect()
    };
    assert!(!places("README.md").is_empty());
    assert_eq!(places("README.md"), places("README.zh.md"), "give both READMEs the same links");
}

/// What stands in `](…)`.
fn links(text: &str) -> Vec<String> {
    let ends = text.split("](").skip(1);
    ends.filter_map(|rest| rest.split_once(')').map(|(link, _)| link.to_owned())).collect()
}
