//! Jobs: work which leaves the act that asked for it (providers, carriers, pictures), with retries.

use rules::ids::JobId;
use rules::time::Timestamp;

use crate::db::{DbError, FromRow, Row, Tx};
use crate::p;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    pub id: JobId,
    pub home_id: i64,
    pub kind: String,
    pub subject_id: i64,
    /// JSON, read by the job's own code.
    pub body: String,
    pub due_at: Option<Timestamp>,
    pub attempts: i64,
    pub last_error: String,
    pub state: String,
    pub version: i64,
}

impl FromRow for Job {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(0)?,
            home_id: row.get(1)?,
            kind: row.get(2)?,
            subject_id: row.get(3)?,
            body: row.get(4)?,
            due_at: row.get(5)?,
            attempts: row.get(6)?,
            last_error: row.get(7)?,
            state: row.get(8)?,
            version: row.get(9)?,
        })
    }
}

const JOB: &str =
    "id, home_id, kind, subject_id, body, due_at, attempts, last_error, state, version";

/// A job to be done at `due_at`, written in the act which needs it.
#[derive(Clone, Debug)]
pub struct NewJob {
    pub id: JobId,
    pub home_id: i64,
    pub kind: &'static str,
    pub subject_id: i64,
    pub body: String,
    pub due_at: Timestamp,
}

pub async fn insert(tx: &mut Tx, job: &NewJob, now: Timestamp) -> Result<(), DbError> {
    tx.put(
        "insert into jobs (id, home_id, kind, subject_id, body, state, due_at, claimed_until, attempts, last_error, version, created_at)
         values ($1, $2, $3, $4, $5, 'waiting', $6, 0, 0, '', 1, $7)",
        p![job.id, job.home_id, job.kind, job.subject_id, &job.body, job.due_at, now],
    )
    .await
}

pub async fn load(tx: &mut Tx, home_id: i64, id: JobId) -> Result<Option<Job>, DbError> {
    tx.maybe(&format!("select {JOB} from jobs where home_id = $1 and id = $2"), p![home_id, id])
        .await
}

/// The job is done. The row stays for the operator to see until it is swept.
pub async fn done(tx: &mut Tx, job: &Job) -> Result<(), DbError> {
    let changed = tx
        .run(
            "update jobs set state = 'done', due_at = null, version = version + 1
              where home_id = $1 and id = $2 and version = $3",
            p![job.home_id, job.id, job.version],
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(DbError::Again) }
}

/// The job waits for its next step.
pub async fn go_on(tx: &mut Tx, job: &Job, body: &str, due_at: Timestamp) -> Result<(), DbError> {
    let changed = tx
        .run(
            "update jobs set body = $1, due_at = $2, claimed_until = 0, version = version + 1
              where home_id = $3 and id = $4 and version = $5",
            p![body, due_at, job.home_id, job.id, job.version],
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(DbError::Again) }
}

/// The attempt failed: again at `due_at`, or never (`None`), which an operator sees as failed.
pub async fn failed(
    tx: &mut Tx,
    job: &Job,
    error: &str,
    due_at: Option<Timestamp>,
) -> Result<(), DbError> {
    let state = if due_at.is_some() { "waiting" } else { "failed" };
    tx.run(
        "update jobs set state = $1, due_at = $2, attempts = attempts + 1, last_error = $3, claimed_until = 0, version = version + 1
          where home_id = $4 and id = $5 and version = $6",
        p![state, due_at, error, job.home_id, job.id, job.version],
    )
    .await?;
    Ok(())
}

/// Gives a job which gave up another round of attempts, the first at `due_at`. The last error stays to be read.
pub async fn try_anew(tx: &mut Tx, job: &Job, due_at: Timestamp) -> Result<(), DbError> {
    let changed = tx
        .run(
            "update jobs set state = 'waiting', due_at = $1, attempts = 0, claimed_until = 0, version = version + 1
              where home_id = $2 and id = $3 and version = $4 and state = 'failed'",
            p![due_at, job.home_id, job.id, job.version],
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(DbError::Again) }
}

/// What waits or has failed, for the operator's page: the soonest first.
pub async fn open(tx: &mut Tx, limit: i64) -> Result<Vec<Job>, DbError> {
    tx.many(
        &format!("select {JOB} from jobs where due_at is not null order by due_at limit $1"),
        p![limit],
    )
    .await
}

/// Jobs which gave up, newest first.
pub async fn given_up(tx: &mut Tx, limit: i64) -> Result<Vec<Job>, DbError> {
    tx.many(
        &format!("select {JOB} from jobs where state = 'failed' order by id desc limit $1"),
        p![limit],
    )
    .await
}
