//! [`Tx`]: what an act does to the database, in one text for both engines.

use std::collections::BTreeSet;

use super::dialect::{FULL_TEXT_POSTGRES, FULL_TEXT_SQLITE, FullText};
use super::failure::DbError;
use super::row::FromRow;
use super::value::P;
use super::{postgres, sqlite};

/// The transaction of one act. It is handed out by [`Store::write`](super::Store::write) and
/// [`Store::read`](super::Store::read) and never outlives them.
///
/// Texts use `$1`, `$2`, … and the portable subset. Once a statement has failed the act can only fail: PostgreSQL gives up
/// the whole transaction at the first error, and SQLite is held to the same, so that no act works on one engine alone.
pub struct Tx {
    session: Session,
    read_only: bool,
    failed: Option<DbError>,
}

pub(super) enum Session {
    Sqlite(sqlite::Session),
    Postgres(postgres::Session),
}

impl Tx {
    pub(super) fn new(session: Session, read_only: bool) -> Self {
        Self { session, read_only, failed: None }
    }

    /// The one row of the answer. No row, or more than one, is a mistake: see [`Tx::maybe`] for rows which may be missing.
    pub async fn one<R: FromRow>(&mut self, sql: &str, params: &[P<'_>]) -> Result<R, DbError> {
        let row = self.maybe(sql, params).await?;
        row.ok_or_else(|| DbError::Broken(format!("no row where one was expected: {sql}")))
    }

    /// The row of the answer, if there is one. More than one row is a mistake.
    pub async fn maybe<R: FromRow>(
        &mut self,
        sql: &str,
        params: &[P<'_>],
    ) -> Result<Option<R>, DbError> {
        let mut rows = self.many(sql, params).await?;
        if rows.len() > 1 {
            return Err(DbError::Broken(format!(
                "{} rows where at most one was expected: {sql}",
                rows.len()
            )));
        }
        Ok(rows.pop())
    }

    /// All rows of the answer, in the order of the text.
    pub async fn many<R: FromRow>(
        &mut self,
        sql: &str,
        params: &[P<'_>],
    ) -> Result<Vec<R>, DbError> {
        self.still_sound()?;
        let outcome = match &mut self.session {
            Session::Sqlite(session) => session.many(sql, params),
            Session::Postgres(session) => session.many(sql, params).await,
        };
        self.noted(outcome)
    }

    /// The rows of several ids of one home, in no order. The text asks for one of them: the home is `$1`, and it says
    /// `= $2` once.
    ///
    /// SQLite is asked once an id: of a list it would make a table first, every time, which costs more than the rows.
    /// PostgreSQL is asked once for all; the last id is repeated until there are 1, 2, 4, 8, … of them, so that it keeps few
    /// different texts prepared.
    pub(crate) async fn many_by_id<R: FromRow>(
        &mut self,
        sql: &str,
        home: i64,
        ids: &[i64],
    ) -> Result<Vec<R>, DbError> {
        self.still_sound()?;
        // As in a list, an id which is named twice is found once.
        let ids: BTreeSet<i64> = ids.iter().copied().collect();
        let Some(last) = ids.last().copied() else { return Ok(Vec::new()) };
        let outcome = match &mut self.session {
            Session::Sqlite(session) => {
                let ask = |id: &i64| session.many(sql, &[P::Int(home), P::Int(*id)]);
                let asked: Result<Vec<Vec<R>>, DbError> = ids.iter().map(ask).collect();
                asked.map(|found| found.into_iter().flatten().collect())
            }
            Session::Postgres(session) => {
                let wanted = ids.len().next_power_of_two();
                let places: Vec<String> =
                    (2..wanted + 2).map(|place| format!("${place}")).collect();
                let sql = sql.replacen("= $2", &format!("in ({})", places.join(", ")), 1);
                let ids = ids.into_iter().chain(std::iter::repeat(last)).take(wanted);
                let params: Vec<P<'_>> = std::iter::once(home).chain(ids).map(P::Int).collect();
                session.many(&sql, &params).await
            }
        };
        self.noted(outcome)
    }

    /// Inserts, updates or deletes; answers how many rows it touched.
    pub async fn run(&mut self, sql: &str, params: &[P<'_>]) -> Result<u64, DbError> {
        self.may_write(sql)?;
        let outcome = match &mut self.session {
            Session::Sqlite(session) => session.run(sql, params),
            Session::Postgres(session) => session.run(sql, params).await,
        };
        self.noted(outcome)
    }

    /// As [`Tx::run`], where nobody needs the count: PostgreSQL is not waited for. A failure shows at the next statement,
    /// at the latest when the act ends; it is never lost.
    pub async fn put(&mut self, sql: &str, params: &[P<'_>]) -> Result<(), DbError> {
        self.may_write(sql)?;
        let outcome = match &mut self.session {
            Session::Sqlite(session) => session.run(sql, params).map(|_| ()),
            Session::Postgres(session) => session.put(sql, params).await,
        };
        self.noted(outcome)
    }

    /// Inserts many rows by as few statements as possible; answers how many were inserted.
    ///
    /// `head` ends with `values`, `width` is the number of columns, `tail` is empty or an `on conflict` clause, `values`
    /// holds the rows one after the other: `tx.rows("insert into tags (id, name) values", 2, "", p![1, "a", 2, "b"])`.
    /// No values at all is no statement at all.
    pub async fn rows(
        &mut self,
        head: &str,
        width: usize,
        tail: &str,
        values: &[P<'_>],
    ) -> Result<u64, DbError> {
        self.may_write(head)?;
        if width == 0 || !values.len().is_multiple_of(width) {
            return Err(DbError::Broken(format!(
                "{} values do not fill rows of {width}: {head}",
                values.len()
            )));
        }
        if values.is_empty() {
            return Ok(0);
        }
        let outcome = match &mut self.session {
            Session::Sqlite(session) => session.rows(head, width, tail, values),
            Session::Postgres(session) => session.rows(head, width, tail, values).await,
        };
        self.noted(outcome)
    }

    /// How many rows this act has inserted, updated or deleted so far. On PostgreSQL what was [`put`](Tx::put) counts once
    /// its answer is there.
    pub fn changes(&self) -> u64 {
        match &self.session {
            Session::Sqlite(session) => session.changes(),
            Session::Postgres(session) => session.changes(),
        }
    }

    /// True inside [`Store::read`](super::Store::read), where writing is refused.
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// The search index in the engine's own words.
    pub(crate) fn full_text(&self) -> &'static FullText {
        match &self.session {
            Session::Sqlite(_) => &FULL_TEXT_SQLITE,
            Session::Postgres(_) => &FULL_TEXT_POSTGRES,
        }
    }

    /// Forgets the last act, before the next one runs on the same connection.
    pub(super) fn begin_act(&mut self) {
        self.failed = None;
        if let Session::Sqlite(session) = &mut self.session {
            session.begin_act();
        }
    }

    /// The first failure of the engine in this act.
    pub(super) fn failure(&self) -> Option<&DbError> {
        self.failed.as_ref()
    }

    /// An act cannot succeed once a statement of it has failed.
    pub(super) fn judged<T, E: From<DbError>>(&self, outcome: Result<T, E>) -> Result<T, E> {
        match (&self.failed, outcome) {
            (Some(failure), Ok(_)) => Err(E::from(failure.clone())),
            (_, outcome) => outcome,
        }
    }

    /// The SQLite connection below.
    pub(super) fn sqlite(&mut self) -> Result<&mut sqlite::Session, DbError> {
        match &mut self.session {
            Session::Sqlite(session) => Ok(session),
            Session::Postgres(_) => {
                Err(DbError::Broken("this connection is not SQLite's".to_owned()))
            }
        }
    }

    /// The PostgreSQL connection below.
    pub(super) fn into_postgres(self) -> Option<postgres::Session> {
        match self.session {
            Session::Postgres(session) => Some(session),
            Session::Sqlite(_) => None,
        }
    }

    fn still_sound(&self) -> Result<(), DbError> {
        self.failed.clone().map_or(Ok(()), Err)
    }

    fn may_write(&self, sql: &str) -> Result<(), DbError> {
        if self.read_only {
            return Err(DbError::Broken(format!("a read may not write: {sql}")));
        }
        self.still_sound()
    }

    fn noted<T>(&mut self, outcome: Result<T, DbError>) -> Result<T, DbError> {
        if let Err(error) = &outcome {
            self.failed.get_or_insert_with(|| error.clone());
        }
        outcome
    }
}
