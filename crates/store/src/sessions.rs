//! Sessions, one-time links and wrong passwords. Secrets come here as their hashes only.

use rules::ids::PersonId;
use rules::time::{Span, Timestamp};

use crate::{DbError, FromRow, Row, Tx, p};

/// A person signed in on one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of the token, base64url.
    pub token_hash: String,
    pub person: PersonId,
    /// What the browser says it is.
    pub agent: String,
    /// The last use, to the hour.
    pub seen_at: Timestamp,
    pub expires_at: Timestamp,
    pub created_at: Timestamp,
}

impl FromRow for SessionRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(SessionRow {
            token_hash: row.get(0)?,
            person: row.get(1)?,
            agent: row.get(2)?,
            seen_at: row.get(3)?,
            expires_at: row.get(4)?,
            created_at: row.get(5)?,
        })
    }
}

pub async fn insert_session(tx: &mut Tx, session: &SessionRow) -> Result<(), DbError> {
    tx.put(
        "insert into sessions (token_hash, person_id, agent, seen_at, expires_at, created_at) \
         values ($1, $2, $3, $4, $5, $6)",
        p![
            &session.token_hash,
            session.person,
            &session.agent,
            session.seen_at,
            session.expires_at,
            session.created_at
        ],
    )
    .await
}

/// The session, expired or not.
pub async fn load_session(tx: &mut Tx, token_hash: &str) -> Result<Option<SessionRow>, DbError> {
    tx.maybe(
        "select token_hash, person_id, agent, seen_at, expires_at, created_at \
         from sessions where token_hash = $1",
        p![token_hash],
    )
    .await
}

/// The sessions of a person which still hold, the last used first.
pub async fn list_sessions(
    tx: &mut Tx,
    person: PersonId,
    now: Timestamp,
) -> Result<Vec<SessionRow>, DbError> {
    tx.many(
        "select token_hash, person_id, agent, seen_at, expires_at, created_at \
         from sessions where person_id = $1 and expires_at > $2 \
         order by seen_at desc, token_hash",
        p![person, now],
    )
    .await
}

/// Moves last use and expiry forward. A session which was ended meanwhile stays ended.
pub async fn record_session_seen(
    tx: &mut Tx,
    token_hash: &str,
    seen_at: Timestamp,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    tx.put(
        "update sessions set seen_at = $1, expires_at = $2 where token_hash = $3",
        p![seen_at, expires_at, token_hash],
    )
    .await
}

/// Moves last use and expiry of every session which still holds, as far as the clock was moved. For a sandbox: it
/// changes the sessions one by one.
pub async fn record_sessions_carried(
    tx: &mut Tx,
    now: Timestamp,
    by: Span,
) -> Result<u64, DbError> {
    let live: Vec<(String, Timestamp, Timestamp)> = tx
        .many("select token_hash, seen_at, expires_at from sessions where expires_at > $1", p![now])
        .await?;
    for (token_hash, seen_at, expires_at) in &live {
        record_session_seen(tx, token_hash, *seen_at + by, *expires_at + by).await?;
    }
    Ok(live.len() as u64)
}

/// Ends one session of a person; false when there was none.
pub async fn delete_session(
    tx: &mut Tx,
    person: PersonId,
    token_hash: &str,
) -> Result<bool, DbError> {
    let deleted = tx
        .run(
            "delete from sessions where token_hash = $1 and person_id = $2",
            p![token_hash, person],
        )
        .await?;
    Ok(deleted == 1)
}

/// Ends all sessions of a person but one; with an empty `keep` all of them.
pub async fn delete_other_sessions(
    tx: &mut Tx,
    person: PersonId,
    keep: &str,
) -> Result<u64, DbError> {
    let mut tokens: Vec<String> = tx
        .many(
            "select token_hash from sessions where person_id = $1 order by token_hash",
            p![person],
        )
        .await?;
    tokens.retain(|token| token != keep);
    delete_sessions(tx, &tokens).await
}

/// One by one, because each lies where its token says.
async fn delete_sessions(tx: &mut Tx, tokens: &[String]) -> Result<u64, DbError> {
    for token in tokens {
        tx.put("delete from sessions where token_hash = $1", p![token]).await?;
    }
    Ok(tokens.len() as u64)
}

/// Rows which one act forgets at most, of each kind.
const FORGET_AT_ONCE: i64 = 500;

/// Forgets some of what no longer opens anything: expired sessions and links, and wrong passwords from before
/// `forget_before`. Answers how many; ask again until it is none.
pub async fn delete_expired(
    tx: &mut Tx,
    now: Timestamp,
    forget_before: Timestamp,
) -> Result<u64, DbError> {
    let limit = FORGET_AT_ONCE;
    let tokens: Vec<String> = tx
        .many("select token_hash from sessions where expires_at <= $1 limit $2", p![now, limit])
        .await?;
    delete_sessions(tx, &tokens).await?;
    let links: Vec<String> = tx
        .many(
            "select token_hash from sign_in_links where expires_at <= $1 limit $2",
            p![now, limit],
        )
        .await?;
    delete_links_by_token(tx, &links).await?;
    let sql = "select name from sign_in_failures where created_at < $1 limit $2";
    let names: Vec<String> = tx.many(sql, p![forget_before, limit]).await?;
    for name in &names {
        delete_failures(tx, name).await?;
    }
    Ok((tokens.len() + links.len() + names.len()) as u64)
}

/// A one-time link. `person` is missing where the link makes the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRow {
    pub token_hash: String,
    pub person: Option<PersonId>,
    pub purpose: String,
    /// The page it leads to, a path.
    pub destination: String,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

impl FromRow for LinkRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let person: i64 = row.get(1)?;
        Ok(LinkRow {
            token_hash: row.get(0)?,
            person: (person != NOBODY).then_some(PersonId::new(person)),
            purpose: row.get(2)?,
            destination: row.get(3)?,
            expires_at: row.get(4)?,
            used_at: row.get(5)?,
            created_at: row.get(6)?,
        })
    }
}

/// Ids begin at 1.
const NOBODY: i64 = 0;

pub async fn insert_link(tx: &mut Tx, link: &LinkRow) -> Result<(), DbError> {
    tx.put(
        "insert into sign_in_links \
         (token_hash, person_id, purpose, destination, expires_at, used_at, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7)",
        p![
            &link.token_hash,
            link.person.map_or(NOBODY, PersonId::number),
            &link.purpose,
            &link.destination,
            link.expires_at,
            link.used_at,
            link.created_at
        ],
    )
    .await
}

pub async fn load_link(tx: &mut Tx, token_hash: &str) -> Result<Option<LinkRow>, DbError> {
    tx.maybe(
        "select token_hash, person_id, purpose, destination, expires_at, used_at, created_at \
         from sign_in_links where token_hash = $1",
        p![token_hash],
    )
    .await
}

/// Uses a link up. False when it was used already: of two who come at once only one gets in.
pub async fn record_link_used(
    tx: &mut Tx,
    token_hash: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let used = tx
        .run(
            "update sign_in_links set used_at = $1 where token_hash = $2 and used_at is null",
            p![now, token_hash],
        )
        .await?;
    Ok(used == 1)
}

/// A newer link replaces the older ones of its purpose and person.
pub async fn delete_links(
    tx: &mut Tx,
    purpose: &str,
    person: Option<PersonId>,
) -> Result<u64, DbError> {
    let person = person.map_or(NOBODY, PersonId::number);
    let sql = "select token_hash from sign_in_links where purpose = $1 and person_id = $2";
    let tokens: Vec<String> = tx.many(sql, p![purpose, person]).await?;
    delete_links_by_token(tx, &tokens).await
}

async fn delete_links_by_token(tx: &mut Tx, tokens: &[String]) -> Result<u64, DbError> {
    for token in tokens {
        tx.put("delete from sign_in_links where token_hash = $1", p![token]).await?;
    }
    Ok(tokens.len() as u64)
}

/// Wrong passwords in a row for one name, known or not, and the moment of the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailuresRow {
    pub count: i64,
    pub last_at: Timestamp,
}

impl FromRow for FailuresRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(FailuresRow { count: row.get(0)?, last_at: row.get(1)? })
    }
}

pub async fn load_failures(tx: &mut Tx, name: &str) -> Result<Option<FailuresRow>, DbError> {
    tx.maybe("select failures, created_at from sign_in_failures where name = $1", p![name]).await
}

/// Writes the count as it follows from the row which was read (`before`). Each wrong password writes `created_at` too:
/// it is the moment of the last one. Answers false when somebody was quicker.
pub async fn record_failures(
    tx: &mut Tx,
    name: &str,
    before: Option<FailuresRow>,
    failures: FailuresRow,
    locked_until: Timestamp,
) -> Result<bool, DbError> {
    let written = match before {
        None => {
            tx.run(
                "insert into sign_in_failures (name, failures, locked_until, created_at) \
                 values ($1, $2, $3, $4) on conflict (name) do nothing",
                p![name, failures.count, locked_until, failures.last_at],
            )
            .await?
        }
        Some(before) => {
            tx.run(
                "update sign_in_failures set failures = $1, locked_until = $2, created_at = $3 \
                 where name = $4 and failures = $5 and created_at = $6",
                p![
                    failures.count,
                    locked_until,
                    failures.last_at,
                    name,
                    before.count,
                    before.last_at
                ],
            )
            .await?
        }
    };
    Ok(written == 1)
}

pub async fn delete_failures(tx: &mut Tx, name: &str) -> Result<(), DbError> {
    tx.put("delete from sign_in_failures where name = $1", p![name]).await
}
