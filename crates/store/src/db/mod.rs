//! The database below everything: [`Store`] runs acts, [`Tx`] is what an act may do.
//!
//! There are two engines, SQLite in a file and PostgreSQL on a server, and nothing above this folder can see which one is
//! below. An act is an async closure over `&mut Tx`; it may be run more than once, so ids and the time are made before it:
//!
//! ```ignore
//! store.write(async move |tx: &mut Tx| -> Result<Paid, Failure> { capture(tx, &policy, &ask).await }).await
//! ```

mod act;
mod counters;
mod dialect;
mod failure;
mod migrate;
mod placement;
mod portable;
mod postgres;
mod row;
mod schema;
mod sqlite;
pub mod testing;
mod tx;
mod value;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub use counters::Counters;
use counters::Counting;
pub use failure::{ActFailure, DbError};
pub use migrate::{MigrationFile, MigrationReport, SchemaState, shipped_migrations};
pub use row::{FromRow, Row};
pub use tx::Tx;
pub use value::{Cell, FromValue, P};

use postgres::Postgres;
use sqlite::Sqlite;

/// The market's memory. Cheap to clone; the last clone to go waits until all that was queued is written.
#[derive(Clone)]
pub struct Store {
    engine: Arc<Engine>,
    counting: Arc<Counting>,
}

enum Engine {
    Sqlite(Sqlite),
    Postgres(Box<Postgres>),
}

/// How much the store takes on at once. The defaults are measured ones; tests make them small.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// Acts which may wait; the next one is answered with [`DbError::Busy`].
    pub waiting_acts: usize,
    /// SQLite: acts in one transaction at most.
    pub batch_acts: usize,
    /// SQLite: how long acts are taken into one transaction.
    pub batch_budget: Duration,
    /// PostgreSQL: connections at most.
    pub connections: usize,
    /// SQLite: whether what was answered survives a power cut. Only for databases which end with their test.
    pub survives_power_cuts: bool,
    /// SQLite: how much of the file the writer keeps in memory, in KiB.
    pub writer_cache_kib: u32,
    /// SQLite: how large the file may become, in pages; beyond that every write is [`DbError::Full`].
    pub largest_pages: Option<u32>,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            waiting_acts: 4096,
            batch_acts: 256,
            batch_budget: Duration::from_millis(20),
            connections: 16,
            survives_power_cuts: true,
            writer_cache_kib: 65_536,
            largest_pages: None,
        }
    }
}

impl Store {
    /// Opens `postgres://…`, or else the path of a SQLite file, which is made when it is not there. Does not migrate.
    pub async fn open(address: &str, options: StoreOptions) -> Result<Self, DbError> {
        let counting = Arc::new(Counting::default());
        let engine = if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            Engine::Postgres(Box::new(Postgres::open(address, &options, &counting).await?))
        } else if address.is_empty() || address.starts_with(":memory:") {
            // Each connection would get a memory of its own.
            return Err(DbError::Unreachable(format!("{address:?} is not the path of a file")));
        } else {
            Engine::Sqlite(Sqlite::open(Path::new(address), &options, &counting)?)
        };
        Ok(Self { engine: Arc::new(engine), counting })
    }

    /// Runs one act. It may run more than once, so what it writes must not depend on how often; what it answers is
    /// durable. When it fails, nothing of it is kept.
    ///
    /// An error of the engine at the commit leaves open whether the act happened; it is then run again, and finds its own
    /// idempotency row.
    pub async fn write<T, E, F>(&self, act: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: ActFailure,
    {
        match self.engine.as_ref() {
            Engine::Sqlite(sqlite) => sqlite.writer.write(act).await,
            Engine::Postgres(postgres) => postgres.act(&act, false).await,
        }
    }

    /// Reads one consistent moment. Writing is refused. Inside, wait for nothing but the `Tx`.
    pub async fn read<T, E, F>(&self, act: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + Sync,
        E: ActFailure,
    {
        match self.engine.as_ref() {
            Engine::Sqlite(sqlite) => sqlite.readers.read(&act, &self.counting),
            Engine::Postgres(postgres) => {
                Counting::one(&self.counting.reads);
                postgres.act(&act, true).await
            }
        }
    }

    /// Applies the migrations this program was built with which the database does not have yet.
    pub async fn migrate(&self) -> Result<MigrationReport, DbError> {
        self.migrate_with(&shipped_migrations()).await
    }

    /// As [`Store::migrate`] with files of the caller's own, for tests.
    pub async fn migrate_with(&self, files: &[MigrationFile]) -> Result<MigrationReport, DbError> {
        match self.engine.as_ref() {
            Engine::Sqlite(sqlite) => migrate::on_sqlite(&sqlite.path, files),
            Engine::Postgres(postgres) => migrate::on_postgres(postgres, files).await,
        }
    }

    /// Whether the database is at the migrations this program was built with.
    pub async fn schema_state(&self) -> Result<SchemaState, DbError> {
        self.schema_state_for(&shipped_migrations()).await
    }

    /// As [`Store::schema_state`] with files of the caller's own, for tests.
    pub async fn schema_state_for(&self, files: &[MigrationFile]) -> Result<SchemaState, DbError> {
        match self.engine.as_ref() {
            Engine::Sqlite(sqlite) => migrate::state_on_sqlite(&sqlite.path, files),
            Engine::Postgres(postgres) => migrate::state_on_postgres(postgres, files).await,
        }
    }

    /// The tables and indexes as readable text, always in the same order. The migrations' own table is left out.
    pub async fn dump_schema(&self) -> Result<String, DbError> {
        match self.engine.as_ref() {
            Engine::Sqlite(sqlite) => schema::dump_sqlite(&sqlite.path),
            Engine::Postgres(postgres) => schema::dump_postgres(postgres).await,
        }
    }

    /// Copies a SQLite database as it is now into a new file, while others go on writing. PostgreSQL has its own tools.
    pub async fn backup(&self, destination: &Path) -> Result<(), DbError> {
        if matches!(self.engine.as_ref(), Engine::Postgres(_)) {
            return Err(DbError::Broken(
                "a PostgreSQL database is backed up with its own tools: pg_dump, or a base backup with its log".to_owned(),
            ));
        }
        let engine = Arc::clone(&self.engine);
        let destination = destination.to_owned();
        tokio::task::spawn_blocking(move || match engine.as_ref() {
            Engine::Sqlite(sqlite) => sqlite.backup(&destination),
            Engine::Postgres(_) => Ok(()),
        })
        .await
        .map_err(|error| DbError::Broken(format!("the backup stopped: {error}")))?
    }

    /// What the store has done since it was opened.
    pub fn counters(&self) -> Counters {
        self.counting.reading()
    }

    /// `sqlite` or `postgres`, for messages and metrics. Nothing may be decided by it outside this folder.
    pub fn engine_name(&self) -> &'static str {
        match self.engine.as_ref() {
            Engine::Sqlite(_) => "sqlite",
            Engine::Postgres(_) => "postgres",
        }
    }
}
