//! Migrations: numbered files, applied forward only, each in a transaction of its own.
//!
//! A file which was applied is never edited: its checksum is kept, and a difference is refused. A database which is newer
//! than the program is refused too, because an older program would write rows the newer one does not expect.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};
use sha2::{Digest, Sha256};

use super::failure::DbError;
use super::postgres::{Postgres, Session};
use super::sqlite::{self, Purpose, explain};
use super::{P, dialect, placement, portable};

/// One file of `crates/store/migrations`: its name and its text.
///
/// `0007_appeals.sql` serves both engines; the twins `0008_search.sqlite.sql` and `0008_search.postgres.sql` one each;
/// `0009_places.citus.sql` is applied, in addition, on a sharded cluster only.
#[derive(Clone, Debug)]
pub struct MigrationFile {
    pub file: String,
    pub text: String,
}

/// What [`Store::migrate`](super::Store::migrate) did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationReport {
    /// Names of the migrations applied now, `0007_appeals`, oldest first.
    pub applied: Vec<String>,
    /// The migration the database is at now; 0 when there is none.
    pub number: i64,
}

/// How the database stands to the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaState {
    Current,
    /// So many migrations are still to be applied.
    Behind(i64),
    /// The database is at this migration, which the program does not know.
    Newer(i64),
    /// Never migrated.
    Empty,
}

/// The files this program was built with.
pub fn shipped_migrations() -> Vec<MigrationFile> {
    let listed: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));
    listed
        .iter()
        .map(|(file, text)| MigrationFile { file: (*file).to_owned(), text: (*text).to_owned() })
        .collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Sqlite,
    Postgres { citus: bool },
}

/// One migration as it applies to the engine at hand.
struct Migration {
    number: i64,
    /// `0007_appeals`
    name: String,
    text: String,
    checksum: String,
}

/// What `schema_migrations` says was applied.
struct Applied {
    number: i64,
    name: String,
    checksum: String,
}

const APPLIED: &str = "select number, name, checksum from schema_migrations order by number";
const NOTE_SQLITE: &str =
    "insert into schema_migrations (number, name, checksum, applied_at) values (?1, ?2, ?3, ?4)";
const NOTE_POSTGRES: &str =
    "insert into schema_migrations (number, name, checksum, applied_at) values ($1, $2, $3, $4)";
const OWN_TABLE: &str = "create table if not exists schema_migrations (
    number bigint not null primary key,
    name text not null,
    checksum text not null,
    applied_at bigint not null
)";

/// The files which concern `target`, in order. A `.citus` file is appended to the migration with its number.
fn for_target(files: &[MigrationFile], target: Target) -> Result<Vec<Migration>, DbError> {
    let mut list: Vec<Migration> = Vec::new();
    let mut additions: Vec<(i64, &MigrationFile)> = Vec::new();
    for file in files {
        let (number, name, engine) = parts(&file.file)?;
        match (engine, target) {
            (None, _)
            | (Some("sqlite"), Target::Sqlite)
            | (Some("postgres"), Target::Postgres { .. }) => {
                // A twin is written in its engine's own words already.
                let text = match (engine, target) {
                    (None, Target::Sqlite) => portable::for_sqlite(&file.text)?,
                    _ => file.text.clone(),
                };
                list.push(Migration {
                    number,
                    name: name.to_owned(),
                    text,
                    checksum: checksum(&file.text),
                });
            }
            (Some("citus"), Target::Postgres { citus: true }) => additions.push((number, file)),
            (Some("sqlite" | "postgres" | "citus"), _) => {}
            (Some(other), _) => {
                return Err(DbError::Broken(format!(
                    "{}: {other} is no engine of this market",
                    file.file
                )));
            }
        }
    }
    list.sort_by_key(|migration| migration.number);
    if let Some(pair) = list.windows(2).find(|pair| pair[0].number == pair[1].number) {
        return Err(DbError::Broken(format!(
            "{} and {} have the same number",
            pair[0].name, pair[1].name
        )));
    }
    for (number, file) in additions {
        let Some(migration) = list.iter_mut().find(|migration| migration.number == number) else {
            return Err(DbError::Broken(format!(
                "{} adds to a migration which is not there",
                file.file
            )));
        };
        // Not in the checksum: a database may become a cluster after the migration was applied.
        migration.text.push('\n');
        migration.text.push_str(&file.text);
    }
    Ok(list)
}

/// `0008_search.sqlite.sql` is `(8, "0008_search", Some("sqlite"))`.
fn parts(file: &str) -> Result<(i64, &str, Option<&str>), DbError> {
    let wrong = || DbError::Broken(format!("{file} is not named as 0007_appeals.sql"));
    let stem = file.strip_suffix(".sql").ok_or_else(wrong)?;
    let (name, engine) =
        stem.split_once('.').map_or((stem, None), |(name, engine)| (name, Some(engine)));
    let (digits, _) = name.split_once('_').ok_or_else(wrong)?;
    let number = digits.parse().ok().filter(|number| *number > 0).ok_or_else(wrong)?;
    Ok((number, name, engine))
}

fn checksum(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        hex.push_str(&format!("{byte:02x}"));
    }
    hex
}

/// The first migration which is not applied yet, once it is sure that the applied ones are this program's.
fn next<'a>(list: &'a [Migration], applied: &[Applied]) -> Result<Option<&'a Migration>, DbError> {
    let newest_known = list.last().map_or(0, |migration| migration.number);
    let newest_applied = applied.last().map_or(0, |row| row.number);
    if newest_applied > newest_known {
        return Err(DbError::Newer { database: newest_applied, program: newest_known });
    }
    for row in applied {
        let Some(migration) = list.iter().find(|migration| migration.number == row.number) else {
            return Err(DbError::Broken(format!(
                "migration {} was applied, but this program has no such file",
                row.name
            )));
        };
        if migration.checksum != row.checksum {
            return Err(DbError::Broken(format!(
                "migration {} was changed after it had been applied; write a new one instead",
                migration.name
            )));
        }
    }
    let mut missing =
        list.iter().filter(|migration| applied.iter().all(|row| row.number != migration.number));
    let Some(first) = missing.next() else { return Ok(None) };
    if first.number < newest_applied {
        return Err(DbError::Broken(format!(
            "migration {} is older than {newest_applied}, which is applied already; give it a new number",
            first.name
        )));
    }
    Ok(Some(first))
}

fn state(list: &[Migration], applied: &[Applied]) -> SchemaState {
    let newest_known = list.last().map_or(0, |migration| migration.number);
    match applied.last() {
        None => SchemaState::Empty,
        Some(newest) if newest.number > newest_known => SchemaState::Newer(newest.number),
        Some(newest) => {
            match list.iter().filter(|migration| migration.number > newest.number).count() {
                0 => SchemaState::Current,
                missing => SchemaState::Behind(i64::try_from(missing).unwrap_or(i64::MAX)),
            }
        }
    }
}

pub(super) fn state_on_sqlite(
    path: &Path,
    files: &[MigrationFile],
) -> Result<SchemaState, DbError> {
    let list = for_target(files, Target::Sqlite)?;
    let connection = sqlite::connect(path, Purpose::Read)?;
    Ok(state(&list, &applied_on_sqlite(&connection)?))
}

/// Blocks its thread. Another process which migrates waits until this one is done, and then finds nothing to do.
pub(super) fn on_sqlite(path: &Path, files: &[MigrationFile]) -> Result<MigrationReport, DbError> {
    let list = for_target(files, Target::Sqlite)?;
    let mut connection = sqlite::connect(path, Purpose::Migrate)?;
    let told = |error: rusqlite::Error| explain(&error, "migrate");
    let mut report = MigrationReport { applied: Vec::new(), number: 0 };
    loop {
        let tx =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(told)?;
        let applied = applied_on_sqlite(&tx)?;
        report.number = applied.last().map_or(0, |row| row.number);
        let Some(migration) = next(&list, &applied)? else { return Ok(report) };

        tx.execute_batch(&portable::for_sqlite(OWN_TABLE)?).map_err(told)?;
        tx.execute_batch(&migration.text).map_err(|error| explain(&error, &migration.name))?;
        let dangling = tx
            .prepare("pragma foreign_key_check")
            .and_then(|mut check| check.exists([]))
            .map_err(told)?;
        if dangling {
            return Err(DbError::Broken(format!(
                "{} leaves rows which refer to nothing",
                migration.name
            )));
        }
        let now: i64 = tx.query_row(dialect::NOW_SQLITE, [], |row| row.get(0)).map_err(told)?;
        tx.execute(NOTE_SQLITE, (migration.number, &migration.name, &migration.checksum, now))
            .map_err(told)?;
        tx.commit().map_err(told)?;
        report.applied.push(migration.name.clone());
    }
}

fn applied_on_sqlite(connection: &Connection) -> Result<Vec<Applied>, DbError> {
    let told = |error: rusqlite::Error| explain(&error, APPLIED);
    // Asked by a statement: the connection's own idea of the tables may be older than another program's migration.
    let there: bool = connection
        .query_row(dialect::MIGRATIONS_TABLE_SQLITE, [], |row| row.get(0))
        .map_err(told)?;
    if !there {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare(APPLIED).map_err(told)?;
    let rows = statement
        .query_map([], |row| {
            Ok(Applied { number: row.get(0)?, name: row.get(1)?, checksum: row.get(2)? })
        })
        .map_err(told)?;
    rows.collect::<Result<_, _>>().map_err(told)
}

pub(super) async fn state_on_postgres(
    postgres: &Postgres,
    files: &[MigrationFile],
) -> Result<SchemaState, DbError> {
    let mut session = postgres.connect().await?;
    let list = for_target(files, Target::Postgres { citus: has_citus(&mut session).await? })?;
    Ok(state(&list, &applied_on_postgres(&mut session).await?))
}

/// On a connection of its own, so that its lock ends with it. On a sharded cluster this must be the coordinator: locks
/// and changes of tables are known there only.
pub(super) async fn on_postgres(
    postgres: &Postgres,
    files: &[MigrationFile],
) -> Result<MigrationReport, DbError> {
    let mut session = postgres.connect().await?;
    let citus = has_citus(&mut session).await?;
    let list = for_target(files, Target::Postgres { citus })?;
    session.exec(dialect::LOCK_MIGRATIONS).await?;
    session.exec(OWN_TABLE).await?;
    let mut report = MigrationReport { applied: Vec::new(), number: 0 };
    loop {
        let applied = applied_on_postgres(&mut session).await?;
        report.number = applied.last().map_or(0, |row| row.number);
        let Some(migration) = next(&list, &applied)? else { return Ok(report) };

        session.exec("begin").await?;
        if citus {
            // Not tested here, where no cluster can be had; the order of these steps is the one which was measured.
            session.exec(placement::SEQUENTIAL).await?;
            session.exec(placement::NO_LOCAL_KEYS).await?;
        }
        session.exec(&migration.text).await.map_err(|error| named(error, &migration.name))?;
        if citus {
            for text in placement::calls(&portable::created_tables(&migration.text)?)? {
                session.exec(&text).await?;
            }
        }
        let now: Vec<i64> = session.many(dialect::NOW_POSTGRES, &[]).await?;
        let note = [
            P::Int(migration.number),
            P::from(&migration.name),
            P::from(&migration.checksum),
            P::from(now.first().copied()),
        ];
        session.run(NOTE_POSTGRES, &note).await?;
        session.exec("commit").await?;
        report.applied.push(migration.name.clone());
    }
}

async fn applied_on_postgres(session: &mut Session) -> Result<Vec<Applied>, DbError> {
    let there: Vec<bool> = session.many(dialect::MIGRATIONS_TABLE_POSTGRES, &[]).await?;
    if there != [true] {
        return Ok(Vec::new());
    }
    let rows: Vec<(i64, String, String)> = session.many(APPLIED, &[]).await?;
    Ok(rows
        .into_iter()
        .map(|(number, name, checksum)| Applied { number, name, checksum })
        .collect())
}

async fn has_citus(session: &mut Session) -> Result<bool, DbError> {
    let found: Vec<bool> = session.many(dialect::HAS_CITUS, &[]).await?;
    Ok(found == [true])
}

/// The whole text of a migration is no help in a message; its name is.
fn named(error: DbError, name: &str) -> DbError {
    match error {
        DbError::Broken(reason) => {
            DbError::Broken(format!("{name}: {}", reason.lines().next().unwrap_or_default()))
        }
        other => other,
    }
}
