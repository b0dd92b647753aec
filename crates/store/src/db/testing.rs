//! Databases for tests: one for each test, on every engine which can be had.
//!
//! SQLite is always there, in a folder of its own. PostgreSQL is used where `GUILDHALL_TEST_POSTGRES` holds the address of
//! a server and of a person who may create databases; otherwise a line says that it was left out.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::counters::Counting;
use super::failure::DbError;
use super::migrate::{MigrationFile, shipped_migrations};
use super::postgres::Postgres;
use super::{Store, StoreOptions};

/// Runs the test on a fresh, migrated database of each engine. A test is an ordinary `#[test]` function:
///
/// ```ignore
/// #[test]
/// fn an_order_is_found_again() {
///     on_both_databases(async |store| { … });
/// }
/// ```
pub fn on_both_databases<F>(test: F)
where
    F: AsyncFn(Store),
{
    on_both_databases_with(&StoreOptions::default(), &shipped_migrations(), test);
}

/// As [`on_both_databases`] with options and migrations of the test's own. No migrations: an empty database.
pub fn on_both_databases_with<F>(options: &StoreOptions, migrations: &[MigrationFile], test: F)
where
    F: AsyncFn(Store),
{
    on_sqlite_with(options, migrations, &test);
    on_postgres_with(options, migrations, &test);
}

/// SQLite alone, for what only it promises.
pub fn on_sqlite_with<F>(options: &StoreOptions, migrations: &[MigrationFile], test: F)
where
    F: AsyncFn(Store),
{
    let folder = TestFolder::make();
    let address = folder.path().join("market.db").display().to_string();
    eprintln!("on SQLite");
    runtime().block_on(run(&address, options, migrations, &test));
}

/// PostgreSQL alone, where there is one.
pub fn on_postgres_with<F>(options: &StoreOptions, migrations: &[MigrationFile], test: F)
where
    F: AsyncFn(Store),
{
    let Some(server) = test_server() else {
        eprintln!("left out on PostgreSQL: GUILDHALL_TEST_POSTGRES is not set");
        return;
    };
    let name = own_name();
    let address = with_database(&server, &name);
    eprintln!("on PostgreSQL");
    let runtime = runtime();
    runtime.block_on(make_database(&server, &name)).expect("the test's database cannot be made");
    let ran = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(run(&address, options, migrations, &test))
    }));
    runtime.block_on(drop_database(&server, &name)).expect("the test's database cannot be dropped");
    if let Err(payload) = ran {
        resume_unwind(payload);
    }
}

async fn run<F>(address: &str, options: &StoreOptions, migrations: &[MigrationFile], test: &F)
where
    F: AsyncFn(Store),
{
    let store =
        Store::open(address, options.clone()).await.expect("the test's database cannot be opened");
    store.migrate_with(migrations).await.expect("the test's database cannot be migrated");
    test(store).await;
}

/// The address of the PostgreSQL server for tests.
#[expect(
    clippy::disallowed_methods,
    reason = "tests are started without settings; this module serves them alone"
)]
pub fn test_server() -> Option<String> {
    std::env::var("GUILDHALL_TEST_POSTGRES").ok().filter(|address| !address.is_empty())
}

/// Makes an empty database which orders texts as SQLite does, whatever the server's language.
pub async fn make_database(server: &str, name: &str) -> Result<(), DbError> {
    drop_database(server, name).await?;
    on_server(
        server,
        &format!(
            "create database {name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'"
        ),
    )
    .await
}

/// Ends whatever is still connected to it, too.
pub async fn drop_database(server: &str, name: &str) -> Result<(), DbError> {
    on_server(server, &format!("drop database if exists {name} with (force)")).await
}

async fn on_server(server: &str, sql: &str) -> Result<(), DbError> {
    let options = StoreOptions { connections: 1, ..StoreOptions::default() };
    let postgres = Postgres::open(server, &options, &Arc::new(Counting::default())).await?;
    postgres.connect().await?.exec(sql).await
}

/// The server's address with another database's name in it.
pub fn with_database(server: &str, name: &str) -> String {
    let (start, query) =
        server.split_once('?').map_or((server, ""), |(start, query)| (start, query));
    let after_scheme = start.find("://").map_or(0, |at| at + 3);
    let host_end = start[after_scheme..].find('/').map_or(start.len(), |at| at + after_scheme);
    let question = if query.is_empty() { "" } else { "?" };
    format!("{}/{name}{question}{query}", &start[..host_end])
}

/// A name no other test uses at the same time.
fn own_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("guildhall_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime for the test cannot be made")
}

/// A folder which is there as long as the value is.
pub struct TestFolder {
    path: PathBuf,
}

impl TestFolder {
    pub fn make() -> Self {
        let path = std::env::temp_dir().join(own_name());
        // A killed process with the same number may have left one behind.
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("the test's folder cannot be made");
        Self { path }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for TestFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

/// Changes a balance behind the ledger's back, so that a test can see who notices.
pub async fn tamper_with_balance(
    tx: &mut super::Tx,
    home_id: i64,
    account: &str,
    minor: i64,
) -> Result<(), DbError> {
    tx.run(
        "update balances set credits_posted_minor = credits_posted_minor + $1 where home_id = $2 and account = $3",
        crate::p![minor, home_id, account],
    )
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn an_address_gets_another_database() {
        let cases = [
            ("postgres://a:b@localhost:5432/postgres", "postgres://a:b@localhost:5432/x"),
            ("postgres://a@localhost", "postgres://a@localhost/x"),
            ("postgres://h/db?sslmode=disable", "postgres://h/x?sslmode=disable"),
        ];
        for (server, expected) in cases {
            assert_eq!(with_database(server, "x"), expected);
        }
    }
}
