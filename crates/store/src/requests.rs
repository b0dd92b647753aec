//! Repeated requests: the same key and body give the stored answer, the same key with another body is refused.

use rules::ids::PersonId;
use rules::time::Timestamp;

use crate::db::{DbError, Tx};
use crate::p;

/// What was answered to a key before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub body_hash: String,
    pub status: i64,
    pub answer: String,
}

pub async fn find(tx: &mut Tx, person: PersonId, key: &str) -> Result<Option<Kept>, DbError> {
    let row: Option<(String, i64, String)> = tx
        .maybe(
            "select body_hash, status, answer from requests where key = $1 and person_id = $2",
            p![key, person],
        )
        .await?;
    Ok(row.map(|(body_hash, status, answer)| Kept { body_hash, status, answer }))
}

/// Written last in its act. Nothing inserted means that the same request won a race: the act runs again and finds it.
pub async fn keep(
    tx: &mut Tx,
    person: PersonId,
    key: &str,
    kept: &Kept,
    now: Timestamp,
) -> Result<(), DbError> {
    let inserted = tx
        .run(
            "insert into requests (person_id, key, body_hash, status, answer, created_at)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (key, person_id) do nothing",
            p![person, key, &kept.body_hash, kept.status, &kept.answer, now],
        )
        .await?;
    if inserted == 0 { Err(DbError::Again) } else { Ok(()) }
}

/// Forgets answers older than `before`; answers how many.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, DbError> {
    tx.run("delete from requests where created_at < $1", p![before]).await
}
