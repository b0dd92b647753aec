//! What we build on: under which licences, and how much of it.

use std::process::Command;
use tidy::{files, licence, nothing_found};

/// Crates in the default build. The first build is the first impression.
const MOST_CRATES: usize = 320;

/// Crates under a weaker copyleft (MPL-2.0), which only the browser stories use: nothing of them is shipped.
const ONLY_IN_TESTS: &[&str] = &["webdriver"];

#[test]
fn every_crate_we_build_on_has_a_permissive_licence() {
    let host = host();
    let output =
        cargo(&["metadata", "--format-version", "1", "--locked", "--filter-platform", &host]);
    let metadata: serde_json::Value = serde_json::from_str(&output).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    let mut found = Vec::new();
    for package in packages {
        let licence = package["license"].as_str().unwrap_or("");
        let name = package["name"].as_str().unwrap_or("");
        if !licence::is_permissive(licence) && !ONLY_IN_TESTS.contains(&name) {
            found.push(format!("{} {}: {licence:?}", package["name"], package["version"]));
        }
    }
    assert!(packages.len() > 50, "cargo metadata lists the packages");
    nothing_found("Use another crate, or write the part that is needed:", &found);
}

#[test]
fn the_default_build_stays_under_320_crates() {
    let crates = default_build();
    assert!(crates.len() > 50, "cargo tree lists the crates");
    assert!(
        crates.len() < MOST_CRATES,
        "the default build has {} crates; make what few people need an optional feature",
        crates.len()
    );
}

#[test]
fn what_only_tests_may_use_is_not_shipped() {
    let shipped: Vec<String> = default_build()
        .into_iter()
        .filter(|line| ONLY_IN_TESTS.contains(&line.split(' ').next().unwrap_or("")))
        .collect();
    nothing_found("Use it in crates/scenarios only:", &shipped);
}

/// What `cargo build` builds: one line a crate, name and version first.
fn default_build() -> Vec<String> {
    let host = host();
    let what = ["tree", "--locked", "-e", "normal,build", "-p", "cli", "--prefix", "none"];
    let tree = cargo(&[&what[..], &["--target", &host]].concat());
    let mut crates: Vec<String> =
        tree.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect();
    crates.sort_unstable();
    crates.dedup();
    crates
}

fn host() -> String {
    let version = run(Command::new("rustc").arg("-vV"));
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("rustc names its host").to_owned()
}

fn cargo(arguments: &[&str]) -> String {
    run(Command::new(env!("CARGO")).args(arguments))
}

fn run(command: &mut Command) -> String {
    let output = command.current_dir(files::root()).output().expect("the toolchain can be run");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed: {complaint}");
    String::from_utf8(output.stdout).expect("the toolchain writes UTF-8")
}
