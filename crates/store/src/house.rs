//! The house's own memory: settings, process numbers, policy versions.

use rules::ids::PersonId;
use rules::time::Timestamp;

use crate::db::{DbError, FromRow, Row, Tx};
use crate::p;

pub async fn load_setting(tx: &mut Tx, name: &str) -> Result<Option<String>, DbError> {
    tx.maybe("select value from house_settings where name = $1", p![name]).await
}

pub async fn record_setting(
    tx: &mut Tx,
    name: &str,
    value: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.put(
        "insert into house_settings (name, value, created_at) values ($1, $2, $3)
         on conflict (name) do update set value = excluded.value",
        p![name, value, now],
    )
    .await
}

/// Writes a setting only where there is none; answers the one which is there then.
pub async fn keep_first_setting(
    tx: &mut Tx,
    name: &str,
    value: &str,
    now: Timestamp,
) -> Result<String, DbError> {
    tx.run(
        "insert into house_settings (name, value, created_at) values ($1, $2, $3) on conflict (name) do nothing",
        p![name, value, now],
    )
    .await?;
    tx.one("select value from house_settings where name = $1", p![name]).await
}

/// Leases the smallest free process number until `until`. Time is the system's, not the sandbox's.
pub async fn lease_process(
    tx: &mut Tx,
    holder: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<u16>, DbError> {
    let taken: Vec<(i64, Timestamp)> =
        tx.many("select number, leased_until from process_numbers order by number", p![]).await?;
    let busy = |number: i64| taken.iter().any(|(n, until)| *n == number && *until > now);
    let Some(free) = (0..1024_i64).find(|number| !busy(*number)) else { return Ok(None) };
    let changed = tx
        .run(
            "insert into process_numbers (number, holder, leased_until, created_at) values ($1, $2, $3, $4)
             on conflict (number) do update set holder = excluded.holder, leased_until = excluded.leased_until
              where process_numbers.leased_until <= $4",
            p![free, holder, until, now],
        )
        .await?;
    if changed == 1 { Ok(u16::try_from(free).ok()) } else { Err(DbError::Again) }
}

/// Prolongs the lease, or ends it with an `until` in the past; false when somebody else holds the number now.
pub async fn renew_process(
    tx: &mut Tx,
    number: u16,
    holder: &str,
    until: Timestamp,
) -> Result<bool, DbError> {
    let changed = tx
        .run(
            "update process_numbers set leased_until = $1 where number = $2 and holder = $3",
            p![until, i64::from(number), holder],
        )
        .await?;
    Ok(changed == 1)
}

/// One published policy version; `files` is a JSON object of file name to text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyVersionRow {
    pub number: i64,
    pub effective_from: Timestamp,
    pub files: String,
    pub note: String,
    pub published_by: PersonId,
    pub created_at: Timestamp,
}

impl FromRow for PolicyVersionRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            number: row.get(0)?,
            effective_from: row.get(1)?,
            files: row.get(2)?,
            note: row.get(3)?,
            published_by: row.get(4)?,
            created_at: row.get(5)?,
        })
    }
}

pub async fn policy_versions(tx: &mut Tx) -> Result<Vec<PolicyVersionRow>, DbError> {
    tx.many(
        "select number, effective_from, files, note, published_by, created_at from policy_versions order by number",
        p![],
    )
    .await
}

/// Adds a version. The number is the next one; a race for it runs the act again.
pub async fn insert_policy_version(tx: &mut Tx, version: &PolicyVersionRow) -> Result<(), DbError> {
    let inserted = tx
        .run(
            "insert into policy_versions (number, effective_from, files, note, published_by, created_at)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (number) do nothing",
            p![
                version.number,
                version.effective_from,
                &version.files,
                &version.note,
                version.published_by,
                version.created_at
            ],
        )
        .await?;
    if inserted == 1 { Ok(()) } else { Err(DbError::Again) }
}
