//! Repeated requests: the same key and body give the stored answer, the same key with another body is refused.

use rules::ids::PersonId;
use rules::time::Timestamp;

use crate::db::{DbError, Tx};
use crate::p;

/// Rows which one act forgets: they are small, and the writer is soon free again.
const FORGET_AT_ONCE: i64 = 500;

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

/// Forgets some answers which were kept before `before`; answers how many. Ask again until it is none.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, DbError> {
    let old: Vec<(String, PersonId)> = tx
        .many(
            "select key, person_id from requests where created_at < $1 order by created_at limit $2",
            p![before, FORGET_AT_ONCE],
        )
        .await?;
    for (key, person) in &old {
        // Somebody else may sweep at the same time: what is gone already is as well gone.
        tx.run("delete from requests where key = $1 and person_id = $2", p![key, *person]).await?;
    }
    Ok(old.len() as u64)
}
