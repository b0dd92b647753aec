//! SQLite: one writer thread which commits in groups, and a pool of connections which read.

mod errors;
mod readers;
mod session;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::StoreOptions;
use super::counters::Counting;
use super::failure::DbError;
pub(super) use errors::explain;
use readers::Readers;
pub(super) use session::Session;
use writer::Writer;

/// A database file with its writer and its readers.
pub(super) struct Sqlite {
    pub(super) path: PathBuf,
    pub(super) writer: Writer,
    pub(super) readers: Readers,
}

/// What a connection is opened for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Write,
    Read,
    /// Rebuilding a table needs foreign keys off; the runner checks them itself before it commits.
    Migrate,
}

impl Sqlite {
    /// Opens the file, and makes it when it is not there. Does not migrate.
    pub fn open(
        path: &Path,
        options: &StoreOptions,
        counting: &Arc<Counting>,
    ) -> Result<Self, DbError> {
        let connection = connect(path, Purpose::Write)?;
        limit(&connection, options).map_err(|error| explain(&error, "set up"))?;
        Ok(Self {
            path: path.to_owned(),
            writer: Writer::start(Session::new(connection), options, counting)?,
            readers: Readers::new(path),
        })
    }

    /// Copies the whole database as it is now into a new file, while others go on writing. Blocks its thread.
    ///
    /// The copy is taken in one step: taken page by page it would begin again at each commit. It appears under its name
    /// only once it is complete and sound.
    pub fn backup(&self, destination: &Path) -> Result<(), DbError> {
        if destination.exists() {
            return Err(DbError::Broken(format!(
                "{} is already there; a backup overwrites nothing",
                destination.display()
            )));
        }
        let mut unfinished = destination.as_os_str().to_owned();
        unfinished.push(".part");
        let unfinished = PathBuf::from(unfinished);
        let copied = copy(&self.path, &unfinished);
        if copied.is_err() {
            // What is left of a failed copy is of no use; that it cannot be removed is not the error to tell.
            let _ = std::fs::remove_file(&unfinished);
        }
        copied?;
        std::fs::rename(&unfinished, destination).map_err(|error| {
            DbError::Broken(format!("cannot name the backup {}: {error}", destination.display()))
        })
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), DbError> {
    let told = |error| explain(&error, "backup");
    let source = connect(from, Purpose::Read)?;
    let mut target = Connection::open(to).map_err(told)?;
    let all_pages = -1;
    match Backup::new(&source, &mut target)
        .and_then(|backup| backup.step(all_pages))
        .map_err(told)?
    {
        StepResult::Done => {}
        _ => return Err(DbError::Busy),
    }
    // The copy is one file to carry away: without a log beside it.
    target.pragma_update(None, "journal_mode", "delete").map_err(told)?;
    let verdict: String =
        target.query_row("pragma quick_check", [], |row| row.get(0)).map_err(told)?;
    if verdict != "ok" {
        return Err(DbError::Broken(format!("the backup is not sound: {verdict}")));
    }
    Ok(())
}

/// Opens one connection with the settings which every connection must have.
pub(super) fn connect(path: &Path, purpose: Purpose) -> Result<Connection, DbError> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if purpose != Purpose::Read {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let connection = Connection::open_with_flags(path, flags).map_err(|error| {
        DbError::Unreachable(format!("cannot open {}: {error}", path.display()))
    })?;
    set_up(&connection, purpose)
        .map_err(|error| DbError::Unreachable(format!("cannot use {}: {error}", path.display())))?;
    Ok(connection)
}

/// What only some stores ask of their writer.
fn limit(connection: &Connection, options: &StoreOptions) -> rusqlite::Result<()> {
    if !options.survives_power_cuts {
        connection.pragma_update(None, "synchronous", "off")?;
    }
    // In KiB when negative.
    connection.pragma_update(None, "cache_size", -i64::from(options.writer_cache_kib))?;
    if let Some(pages) = options.largest_pages {
        connection.query_row(&format!("pragma max_page_count = {pages}"), [], |_| Ok(()))?;
    }
    Ok(())
}

fn set_up(connection: &Connection, purpose: Purpose) -> rusqlite::Result<()> {
    // Another process (a backup, the command line) may hold the file for a moment.
    connection.busy_timeout(Duration::from_secs(5))?;
    // rusqlite keeps 16 statements; an order alone uses more, and preparing them anew costs more than running them.
    connection.set_prepared_statement_cache_capacity(256);
    if purpose != Purpose::Read {
        let mode: String =
            connection.query_row("pragma journal_mode = wal", [], |row| row.get(0))?;
        if mode != "wal" {
            tracing::warn!(
                mode,
                "the database does not keep a write-ahead log; reads will wait for writes"
            );
        }
    }
    // What was answered must survive a power cut: the log is synced at each commit.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", purpose != Purpose::Migrate)?;
    // 1000 pages had the best p99 of the sizes measured: long checkpoints make all waiting acts wait.
    connection.pragma_update(None, "wal_autocheckpoint", 1000)?;
    // After a burst the log shrinks again instead of keeping its largest size for good.
    connection.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    // In KiB when negative; the writer's is an option of the store.
    connection.pragma_update(None, "cache_size", -8_192)?;
    // "name" in double quotes is a column and never, by mistake, a text: as on PostgreSQL.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    // A plan is made for a text, not for the values of its first run. Without this the engine prepares a statement anew
    // whenever a value changes which it had looked at for a partial index: a tenth of all the time of placing an order.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    if purpose == Purpose::Read {
        connection.pragma_update(None, "query_only", true)?;
    }
    Ok(())
}
