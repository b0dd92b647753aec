//! Statements on one SQLite connection.

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection};

use super::super::failure::DbError;
use super::super::row::{FromRow, Row};
use super::super::value::P;
use super::errors::explain_on;

/// A connection and what the present act has changed on it.
pub(crate) struct Session {
    connection: Connection,
    changes_before: u64,
}

impl Session {
    pub fn new(connection: Connection) -> Self {
        Self { connection, changes_before: 0 }
    }

    /// From here on [`Session::changes`] counts for the next act.
    pub fn begin_act(&mut self) {
        self.changes_before = self.connection.total_changes();
    }

    /// Rows written since [`Session::begin_act`]. An update of no row is no write.
    pub fn changes(&self) -> u64 {
        self.connection.total_changes().saturating_sub(self.changes_before)
    }

    /// False when the engine itself has given up the transaction, as it does when the disk is full.
    pub fn in_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }

    /// `begin`, `commit` and the like: no parameters, no answer.
    pub fn exec(&mut self, sql: &str) -> Result<(), DbError> {
        let done =
            self.connection.prepare_cached(sql).and_then(|mut statement| statement.raw_execute());
        done.map(|_| ()).map_err(|error| explain_on(&self.connection, &error, sql))
    }

    pub fn many<R: FromRow>(&mut self, sql: &str, params: &[P<'_>]) -> Result<Vec<R>, DbError> {
        let failed = |error: rusqlite::Error| explain_on(&self.connection, &error, sql);
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        bind(&mut statement, sql, params)?;
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(failed)? {
            found.push(R::from_row(&Row::sqlite(row))?);
        }
        Ok(found)
    }

    pub fn run(&mut self, sql: &str, params: &[P<'_>]) -> Result<u64, DbError> {
        let failed = |error: rusqlite::Error| explain_on(&self.connection, &error, sql);
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        bind(&mut statement, sql, params)?;
        statement.raw_execute().map(|count| count as u64).map_err(failed)
    }

    /// One row after the other: inside a transaction a set gains nothing here, and one text fills one place of the cache.
    pub fn rows(
        &mut self,
        head: &str,
        width: usize,
        tail: &str,
        values: &[P<'_>],
    ) -> Result<u64, DbError> {
        let places = vec!["?"; width].join(", ");
        let sql = format!("{head} ({places}) {tail}");
        let mut inserted = 0;
        for row in values.chunks(width) {
            inserted += self.run(&sql, row)?;
        }
        Ok(inserted)
    }
}

/// Gives each place its value. SQLite takes `$1` for a name and numbers names as they first appear, so `$2, $1` bound by
/// position would be swapped without a word: the numbers are read from the text instead. (From the text and not from the
/// statement, which looks each name up in a list: that took a twentieth of the writer's time.)
fn bind(statement: &mut CachedStatement<'_>, sql: &str, params: &[P<'_>]) -> Result<(), DbError> {
    let mut given = vec![false; params.len()];
    let mut places = 0;
    let mut put = |number: usize| {
        let Some(value) = number.checked_sub(1).and_then(|at| params.get(at)) else {
            let count = params.len();
            return Err(DbError::Broken(format!(
                "${number} has no value, only {count} were given: {sql}"
            )));
        };
        if !std::mem::replace(&mut given[number - 1], true) {
            places += 1;
            statement.raw_bind_parameter(places, value).map_err(|error| {
                DbError::Broken(format!("${number} cannot be bound: {error}: {sql}"))
            })?;
        }
        Ok(())
    };
    if sql.contains('$') {
        for after in sql.split('$').skip(1) {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            put(after[..digits].parse().map_err(|_| {
                DbError::Broken(format!("a parameter is not written as $1: {sql}"))
            })?)?;
        }
    } else {
        (1..=params.len()).try_for_each(put)?;
    }
    if given.contains(&false) || places != statement.parameter_count() {
        return Err(DbError::Broken(format!(
            "{} values were given, the text uses {places} and SQLite counts {}: {sql}",
            params.len(),
            statement.parameter_count()
        )));
    }
    Ok(())
}

impl ToSql for P<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            P::Int(number) => ValueRef::Integer(*number),
            P::Text(text) => ValueRef::Text(text.as_bytes()),
            P::Blob(bytes) => ValueRef::Blob(bytes),
            P::Null => ValueRef::Null,
        }))
    }
}
