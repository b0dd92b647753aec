//! SQL: where it may stand, and what each statement and each table must say.

use tidy::over_all_homes::{self, Entry};
use tidy::{files, migrations, nothing_found, rust, statements};

/// Files outside store which may name an engine, each with its reason. The list may only shrink.
const MAY_NAME_AN_ENGINE: &[&str] = &[];

#[test]
fn sql_stands_only_in_the_store() {
    let mut found = Vec::new();
    for file in files::rust_files() {
        if file.path.starts_with("crates/store/") || file.path.starts_with("crates/tidy/") {
            continue;
        }
        for statement in statements::in_file(&file) {
            found.push(format!("{}:{} {:.60}", statement.path, statement.line, statement.text));
        }
    }
    nothing_found("Make this a function of crates/store/src/<domain>.rs and call that:", &found);
}

#[test]
fn only_the_database_layer_knows_which_engine_runs() {
    let mut found = Vec::new();
    let mut used = Vec::new();
    for file in files::rust_files() {
        let inside = ["crates/store/src/db/", "crates/store/tests/", "crates/tidy/"];
        if inside.iter().any(|folder| file.path.starts_with(folder)) {
            continue;
        }
        for (line, word) in engine_words(&file.text) {
            if MAY_NAME_AN_ENGINE.contains(&file.path.as_str()) {
                used.push(file.path.clone());
            } else {
                found.push(format!("{}:{line} {word}", file.path));
            }
        }
    }
    nothing_found(
        "Make the difference a named function in crates/store/src/db/dialect.rs:",
        &found,
    );
    assert!(tidy::unused(MAY_NAME_AN_ENGINE, &used).is_empty(), "shrink MAY_NAME_AN_ENGINE");
}

/// Names in code which contain an engine's name: a branch on the engine has to use one.
fn engine_words(source: &str) -> Vec<(usize, String)> {
    let code = rust::code_only(source);
    let mut found = Vec::new();
    for (number, line) in code.lines().enumerate() {
        for word in statements::words(line) {
            let word = word.to_lowercase();
            if ["sqlite", "postgres", "citus"].iter().any(|engine| word.contains(engine)) {
                found.push((number + 1, word));
            }
        }
    }
    found
}

#[test]
fn every_statement_on_a_sharded_table_names_its_home() {
    let homes = migrations::homes();
    assert!(homes.len() > 20, "placement.rs is read");
    let mut found = Vec::new();
    let mut used: Vec<Entry> = Vec::new();
    for file in files::under("crates/store/src", "rs") {
        let tests = rust::test_parts(&file.text);
        let first_test_line = tests.first().map(|(at, _)| file.text[..*at].matches('\n').count());
        for statement in statements::in_file(&file) {
            if first_test_line.is_some_and(|line| statement.line > line) {
                continue;
            }
            let Some(complaint) = missing_home(&statement.text, &homes) else { continue };
            match exception(&statement) {
                Some(entry) => used.push(entry),
                None => found.push(format!("{}:{} {complaint}", statement.path, statement.line)),
            }
        }
    }
    nothing_found(
        "Add the home column to `where`, `on` or the inserted columns; what really means all homes is listed with its reason in crates/tidy/src/over_all_homes.rs:",
        &found,
    );
    let unused: Vec<String> = [over_all_homes::READS, over_all_homes::WRITES]
        .concat()
        .iter()
        .filter(|entry| !used.contains(entry))
        .map(|(file, beginning, _)| format!("{file}: {beginning}"))
        .collect();
    nothing_found("Take these out of crates/tidy/src/over_all_homes.rs:", &unused);
}

fn exception(statement: &statements::Statement) -> Option<Entry> {
    let reads = statement.text.starts_with("select");
    let list = if reads { over_all_homes::READS } else { over_all_homes::WRITES };
    list.iter().copied().find(|(file, beginning, _)| {
        statement.path == format!("crates/store/src/{file}")
            && statement.text.starts_with(beginning)
    })
}

fn missing_home(statement: &str, homes: &[(String, String)]) -> Option<String> {
    let named = statements::tables(statement);
    let there = |column: &str| {
        homes.iter().filter(|(table, home)| named.contains(table) && home == column).count()
    };
    let missing = homes.iter().find(|(table, column)| {
        named.contains(table) && !statements::names_home(statement, column, there(column))
    });
    missing.map(|(table, column)| format!("{table} without {column}: {statement:.90}"))
}

#[test]
fn every_table_says_when_its_rows_came() {
    let tables = migrations::tables();
    assert!(tables.len() > 10, "the migrations are read");
    let found: Vec<String> = tables
        .into_iter()
        .filter(|table| !table.columns.iter().any(|column| column == "created_at"))
        .map(|table| format!("{}: {}", table.path, table.name))
        .collect();
    nothing_found("Add `created_at bigint not null` (milliseconds UTC):", &found);
}

#[test]
fn every_table_with_a_state_counts_its_versions() {
    let has = |table: &migrations::Table, name: &str| table.columns.iter().any(|c| c == name);
    let found: Vec<String> = migrations::tables()
        .into_iter()
        .filter(|table| has(table, "state") && !has(table, "version"))
        .map(|table| format!("{}: {}", table.path, table.name))
        .collect();
    nothing_found("Add `version bigint not null`: a state is changed by compare and set:", &found);
}
