//! A database which a newer program has written: every command says so, and none touches it.

use std::process::Command;

use store::db::{MigrationFile, shipped_migrations};
use store::testing::TestFolder;
use store::{Store, StoreOptions};

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let folder = TestFolder::make();
    let database = folder.path().join("market.db").display().to_string();
    let mut files = shipped_migrations();
    files.push(MigrationFile {
        file: "9999_of_tomorrow.sql".to_owned(),
        // What it changes plays no part: its number is what an older program does not know.
        text: "-- nothing".to_owned(),
    });
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = Store::open(&database, StoreOptions::default()).await.unwrap();
        store.migrate_with(&files).await.unwrap();
    });
    for command in [&["serve"][..], &["doctor"], &["ledger", "check"], &["migrate"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_guildhall"))
            .args(["--database", &database, "--listen", "127.0.0.1:0"])
            .args(command)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{command:?} went on: {said}");
        assert!(said.contains("newer program"), "{command:?} does not say why: {said}");
    }
}
