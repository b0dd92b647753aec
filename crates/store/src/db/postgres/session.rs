//! Statements on one PostgreSQL connection, pipelined.

use std::collections::HashMap;
use std::error::Error;
use std::fmt::Write as _;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::join;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Statement};

use super::super::failure::DbError;
use super::super::row::{FromRow, Row};
use super::super::value::{Cell, P};
use super::errors::{explain, is_aftermath};

/// Prepared statements kept on a connection; far more than the market has, short of `rows` with every possible count.
const KEPT_STATEMENTS: usize = 512;
/// Rows in one `insert`: each count is a text of its own to prepare, so they are not made arbitrarily many.
const MOST_ROWS: usize = 100;
/// Statements sent before one is waited for.
const MOST_PENDING: usize = 64;

type Answer = Pin<Box<dyn Future<Output = Result<u64, tokio_postgres::Error>> + Send>>;

/// A statement which was sent and whose answer nobody has seen yet.
struct Pending {
    sql: String,
    answer: Answer,
}

/// A connection and what the present act has sent over it.
pub(crate) struct Session {
    client: Arc<Client>,
    statements: HashMap<String, Statement>,
    pending: Vec<Pending>,
    changes: u64,
}

impl Session {
    pub fn new(client: Client) -> Self {
        Self {
            client: Arc::new(client),
            statements: HashMap::new(),
            pending: Vec::new(),
            changes: 0,
        }
    }

    pub fn is_lost(&self) -> bool {
        self.client.is_closed()
    }

    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// Sends `begin` and does not wait for it.
    pub fn begin(&mut self, sql: &'static str) {
        self.changes = 0;
        let client = Arc::clone(&self.client);
        self.send(sql, Box::pin(async move { client.batch_execute(sql).await.map(|()| 0) }));
    }

    /// Makes everything durable. The inner error is a statement's, and the transaction is surely gone; the outer one is
    /// the commit's own, and nobody knows.
    pub async fn commit(&mut self) -> Result<Result<(), DbError>, DbError> {
        let client = Arc::clone(&self.client);
        let (settled, committed) = self.with_pending(client.batch_execute("commit")).await;
        // A commit of a transaction which was given up succeeds as a rollback: only the statements tell.
        if let Err(error) = settled {
            return Ok(Err(error));
        }
        committed.map(|()| Ok(())).map_err(|error| explain(&error, "commit"))
    }

    /// Leaves nothing of the act behind; on an error the connection is of no use any more.
    pub async fn rollback(&mut self) -> Result<(), DbError> {
        let client = Arc::clone(&self.client);
        let (_, done) = self.with_pending(client.batch_execute("rollback")).await;
        done.map_err(|error| explain(&error, "rollback"))
    }

    /// Any text, without parameters and without an answer.
    pub async fn exec(&mut self, sql: &str) -> Result<(), DbError> {
        let client = Arc::clone(&self.client);
        self.together(sql, client.batch_execute(sql)).await
    }

    pub async fn many<R: FromRow>(
        &mut self,
        sql: &str,
        params: &[P<'_>],
    ) -> Result<Vec<R>, DbError> {
        let statement = self.prepared(sql, params.len()).await?;
        let client = Arc::clone(&self.client);
        let values = as_sql(params);
        let rows = self.together(sql, client.query(&statement, &values)).await?;
        rows.iter().map(|row| R::from_row(&Row::postgres(row))).collect()
    }

    pub async fn run(&mut self, sql: &str, params: &[P<'_>]) -> Result<u64, DbError> {
        let statement = self.prepared(sql, params.len()).await?;
        let client = Arc::clone(&self.client);
        let values = as_sql(params);
        let count = self.together(sql, client.execute(&statement, &values)).await?;
        self.changes += count;
        Ok(count)
    }

    /// Sends the statement; its answer is looked at when something else is waited for.
    pub async fn put(&mut self, sql: &str, params: &[P<'_>]) -> Result<(), DbError> {
        let statement = self.prepared(sql, params.len()).await?;
        let client = Arc::clone(&self.client);
        let values: Vec<P<'static>> = params.iter().cloned().map(P::into_owned).collect();
        self.send(sql, Box::pin(async move { client.execute_raw(&statement, values).await }));
        if self.pending.len() >= MOST_PENDING {
            let (settled, ()) = self.with_pending(std::future::ready(())).await;
            settled?;
        }
        Ok(())
    }

    pub async fn rows(
        &mut self,
        head: &str,
        width: usize,
        tail: &str,
        values: &[P<'_>],
    ) -> Result<u64, DbError> {
        let mut inserted = 0;
        for chunk in values.chunks(MOST_ROWS * width) {
            let mut sql = head.to_owned();
            for row in 0..chunk.len() / width {
                sql.push_str(if row == 0 { " (" } else { ", (" });
                for column in 0..width {
                    let comma = if column == 0 { "" } else { ", " };
                    let _ = write!(sql, "{comma}${}", row * width + column + 1);
                }
                sql.push(')');
            }
            sql.push(' ');
            sql.push_str(tail);
            inserted += self.run(&sql, chunk).await?;
        }
        Ok(inserted)
    }

    async fn prepared(&mut self, sql: &str, given: usize) -> Result<Statement, DbError> {
        let statement = if let Some(statement) = self.statements.get(sql) {
            statement.clone()
        } else {
            let client = Arc::clone(&self.client);
            let statement = self.together(sql, client.prepare(sql)).await?;
            if self.statements.len() >= KEPT_STATEMENTS {
                self.statements.clear();
            }
            self.statements.insert(sql.to_owned(), statement.clone());
            statement
        };
        let wanted = statement.params().len();
        if wanted != given {
            return Err(DbError::Broken(format!(
                "{given} values were given, the text uses {wanted}: {sql}"
            )));
        }
        Ok(statement)
    }

    /// The first poll puts the request on its way.
    fn send(&mut self, sql: &str, mut answer: Answer) {
        if let Some(outcome) = answer.as_mut().now_or_never() {
            answer = Box::pin(std::future::ready(outcome));
        }
        self.pending.push(Pending { sql: sql.to_owned(), answer });
    }

    /// Waits for a statement and, at the same time, for all answers before it.
    async fn together<T>(
        &mut self,
        sql: &str,
        main: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, DbError> {
        let (settled, outcome) = self.with_pending(main).await;
        settled?;
        outcome.map_err(|error| explain(&error, sql))
    }

    /// Both at once: the connection stops reading while the oldest answer is not taken, so waiting for the newest alone
    /// would wait for good.
    async fn with_pending<O>(&mut self, main: impl Future<Output = O>) -> (Result<(), DbError>, O) {
        let pending = std::mem::take(&mut self.pending);
        let (settled, outcome) = join(settle(pending), main).await;
        (settled.map(|count| self.changes += count), outcome)
    }
}

/// Takes all answers, in order, even after a failure. The first failure is the true one.
async fn settle(pending: Vec<Pending>) -> Result<u64, DbError> {
    let mut total = Ok(0);
    for Pending { sql, answer } in pending {
        match answer.await {
            Ok(count) => total = total.map(|sum: u64| sum + count),
            Err(error) if total.is_ok() || !is_aftermath(&error) => {
                total = total.and(Err(explain(&error, &sql)))
            }
            Err(_) => {}
        }
    }
    total
}

fn as_sql<'a>(params: &'a [P<'_>]) -> Vec<&'a (dyn ToSql + Sync)> {
    params.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

impl ToSql for P<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            P::Int(number) if *kind == Type::INT8 => number.to_sql(kind, out),
            P::Int(number) if *kind == Type::INT4 => i32::try_from(*number)?.to_sql(kind, out),
            P::Int(number) if *kind == Type::INT2 => i16::try_from(*number)?.to_sql(kind, out),
            P::Text(text) if <&str as ToSql>::accepts(kind) => text.as_ref().to_sql(kind, out),
            P::Blob(bytes) if *kind == Type::BYTEA => bytes.as_ref().to_sql(kind, out),
            P::Null => Ok(IsNull::Yes),
            P::Int(_) => {
                Err(format!("a number was given where {kind} is wanted; write cast($n as bigint)")
                    .into())
            }
            P::Text(_) => Err(format!("a text was given where {kind} is wanted").into()),
            P::Blob(_) => Err(format!("bytes were given where {kind} is wanted").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        match *kind {
            Type::INT8 => i64::from_sql(kind, raw).map(Cell::Int),
            Type::INT4 => i32::from_sql(kind, raw).map(|number| Cell::Int(number.into())),
            Type::INT2 => i16::from_sql(kind, raw).map(|number| Cell::Int(number.into())),
            Type::BOOL => bool::from_sql(kind, raw).map(|flag| Cell::Int(flag.into())),
            Type::BYTEA => Ok(Cell::Blob(raw)),
            _ if <&str as FromSql>::accepts(kind) => {
                <&str as FromSql>::from_sql(kind, raw).map(Cell::Text)
            }
            _ => Err(format!("{kind} is not portable; write cast(… as bigint) or as text").into()),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Cell::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
