//! Notices: what a person should know. They are written by the relay of events; here they are read.

use rules::ids::{NoticeId, PersonId, ShopId};
use rules::time::Timestamp;
use store::people::NoticeRow;
use store::{Tx, people};

use crate::failure::Failure;
use crate::market::Market;

/// Notices on one page at most.
const PAGE: i64 = 100;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub id: NoticeId,
    /// The shop or the house it comes from.
    pub home: ShopId,
    /// Names the sentence in the language files.
    pub kind: String,
    /// What it is about: `order`, `payment`, …
    pub subject: String,
    pub subject_id: i64,
    /// JSON with the facts of the sentence.
    pub body: String,
    pub read_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

impl From<NoticeRow> for Notice {
    fn from(row: NoticeRow) -> Self {
        Self {
            id: row.id,
            home: row.home,
            kind: row.kind,
            subject: row.subject,
            subject_id: row.subject_id,
            body: row.body,
            read_at: row.read_at,
            created_at: row.created_at,
        }
    }
}

/// The newest first; `before` is the last one of the page before. `limit` is at most 100.
pub async fn list_notices(
    market: &Market,
    person: PersonId,
    before: Option<NoticeId>,
    limit: i64,
) -> Result<Vec<Notice>, Failure> {
    let limit = limit.clamp(1, PAGE);
    let rows = market
        .store
        .read(async move |tx: &mut Tx| -> Result<Vec<NoticeRow>, Failure> {
            Ok(people::list_notices(tx, person, before, limit).await?)
        })
        .await?;
    Ok(rows.into_iter().map(Notice::from).collect())
}

/// Counted up to a hundred: "99+" is all a badge can show.
pub async fn count_unread(market: &Market, person: PersonId) -> Result<i64, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| -> Result<i64, Failure> {
            Ok(people::count_unread_notices(tx, person).await?)
        })
        .await
}

pub async fn mark_read(market: &Market, person: PersonId, id: NoticeId) -> Result<(), Failure> {
    let now = market.now();
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            let known = people::record_notice_read(tx, person, id, now).await?;
            if known { Ok(()) } else { Err(Failure::NotFound) }
        })
        .await
}

/// Everything up to `until`, the newest one which was shown: what came meanwhile stays unread.
pub async fn mark_all_read(
    market: &Market,
    person: PersonId,
    until: NoticeId,
) -> Result<u64, Failure> {
    let now = market.now();
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<u64, Failure> {
            Ok(people::record_notices_read(tx, person, until, now).await?)
        })
        .await
}
