//! The arrows between the crates, and the map which shows them.

use std::collections::BTreeMap;
use tidy::{files, nothing_found};

/// What each crate may use of the others. A new arrow needs a note under docs/decisions/ first.
const ARROWS: &[(&str, &[&str])] = &[
    ("rules", &[]),
    ("store", &["rules"]),
    ("gateways", &["rules"]),
    ("actions", &["gateways", "rules", "store"]),
    ("documents", &[]),
    ("web", &["actions", "documents", "rules", "store"]),
    ("cli", &["actions", "gateways", "rules", "store", "web"]),
    ("scenarios", &["actions", "cli", "gateways", "rules", "store", "web"]),
    ("tidy", &[]),
];

/// All that a decision may be made with: no runtime, no database, no network, no clock.
const RULES_MAY_USE: &[&str] =
    &["csv", "iso_currency", "jiff", "serde", "serde_json", "thiserror", "toml"];

#[test]
fn the_crates_use_each_other_in_one_direction() {
    let members: Vec<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    assert_eq!(files::folders_in("crates").len(), members.len(), "a crate is missing in ARROWS");
    let mut found = Vec::new();
    for (name, allowed) in ARROWS {
        for used in dependencies(name, &["dependencies", "build-dependencies"]) {
            if members.contains(&used.as_str()) && !allowed.contains(&used.as_str()) {
                found.push(format!("{name} uses {used}"));
            }
        }
    }
    nothing_found(
        "Move what is needed down into the lower crate, or pass it as an argument; see ARCHITECTURE.md:",
        &found,
    );
}

#[test]
fn rules_depend_on_nothing_that_acts() {
    let found: Vec<String> = dependencies("rules", &["dependencies", "build-dependencies"])
        .into_iter()
        .filter(|used| !RULES_MAY_USE.contains(&used.as_str()))
        .collect();
    nothing_found("Rules are pure: do this in `actions` or `store` and pass the value in:", &found);
}

#[test]
fn the_map_names_every_crate_and_every_domain() {
    let map = files::text_of("ARCHITECTURE.md");
    let mut found = Vec::new();
    for (name, _) in ARROWS {
        if !map.contains(&format!("`crates/{name}`")) {
            found.push(format!("`crates/{name}`"));
        }
    }
    for domain in files::folders_in("crates/rules/src") {
        if !map.contains(&format!("`{domain}/`")) {
            found.push(format!("`{domain}/`"));
        }
    }
    nothing_found("Add a line to the map in ARCHITECTURE.md, written as here:", &found);
}

#[test]
fn the_map_names_nothing_that_is_gone() {
    let map = files::text_of("ARCHITECTURE.md");
    let domains = files::folders_in("crates/rules/src");
    let found: Vec<String> = map
        .lines()
        .skip_while(|line| !line.starts_with("## The domains"))
        .skip(1)
        .take_while(|line| !line.starts_with("## "))
        .filter_map(|line| {
            line.strip_prefix("| `")?.split_once("/`").map(|(name, _)| name.to_owned())
        })
        .filter(|name| !domains.contains(name))
        .collect();
    nothing_found(
        "Take the line out of ARCHITECTURE.md; crates/rules/src has no such folder:",
        &found,
    );
}

/// Domains which need no file of their own in store or actions, each with where it is met instead.
const NO_FILE: &[(&str, &str, &str)] = &[
    ("store", "policy", "policy versions are the house's: house.rs"),
    ("store", "checkout", "a checkout is written as payment and orders"),
    ("store", "settlement", "settled money is the ledger's"),
    ("store", "shipping", "what is shipped is a parcel: parcels.rs"),
    ("actions", "policy", "publishing a version is the house's: house.rs"),
    ("actions", "settlement", "an order's deadline settles it: orders.rs, reserves.rs"),
    ("actions", "shipping", "what is shipped is a parcel: parcels.rs"),
    ("actions", "ledger", "acts post; reading the books is books.rs"),
];

#[test]
fn a_domain_has_the_same_name_in_every_layer() {
    let mut found = Vec::new();
    for layer in ["store", "actions"] {
        let files = files::names_in(&format!("crates/{layer}/src"), "rs");
        let folders = files::folders_in(&format!("crates/{layer}/src"));
        for domain in files::folders_in("crates/rules/src") {
            let there = folders.contains(&domain) || files.contains(&format!("{domain}.rs"));
            let excused = NO_FILE.iter().any(|(l, d, _)| *l == layer && *d == domain);
            match (there, excused) {
                (false, false) => found.push(format!("crates/{layer}/src/{domain}.rs is missing")),
                (true, true) => found.push(format!("take {layer}, {domain} out of NO_FILE")),
                (true, false) | (false, true) => {}
            }
        }
    }
    nothing_found("Give the domain its file, or say in NO_FILE where it is met instead:", &found);
}

#[test]
fn every_version_is_written_once_in_the_workspace() {
    let mut found = Vec::new();
    for (name, _) in ARROWS {
        for (used, entry) in
            tables(name, &["dependencies", "dev-dependencies", "build-dependencies"])
        {
            if entry.get("workspace").is_none() {
                found.push(format!("{name}: {used}"));
            }
        }
    }
    for (used, entry) in workspace_dependencies() {
        let version = entry.as_str().or_else(|| entry.get("version").and_then(|v| v.as_str()));
        if entry.get("path").is_none() && !version.is_some_and(|v| v.starts_with('=')) {
            found.push(format!("the workspace: {used} is not pinned (\"=1.2.3\")"));
        }
    }
    nothing_found(
        "Write `name.workspace = true` here, and the exact version in the workspace's Cargo.toml:",
        &found,
    );
}

fn dependencies(name: &str, sections: &[&str]) -> Vec<String> {
    tables(name, sections).into_keys().collect()
}

fn tables(name: &str, sections: &[&str]) -> BTreeMap<String, toml::Value> {
    let manifest = parsed(&format!("crates/{name}/Cargo.toml"));
    let mut found = BTreeMap::new();
    for section in sections {
        if let Some(table) = manifest.get(*section).and_then(|section| section.as_table()) {
            found.extend(table.clone());
        }
    }
    found
}

fn workspace_dependencies() -> toml::Table {
    let workspace = parsed("Cargo.toml");
    let table = workspace.get("workspace").and_then(|w| w.get("dependencies")?.as_table().cloned());
    table.expect("the workspace lists its dependencies")
}

fn parsed(path: &str) -> toml::Table {
    files::text_of(path).parse().unwrap_or_else(|e| panic!("{path} is not TOML: {e}"))
}
