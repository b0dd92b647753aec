//! What happened, in order. One table is both the timeline which people read and the outbox which the relay empties.

use rules::ids::EventId;
use rules::time::Timestamp;

use crate::db::{DbError, FromRow, P, Row, Tx};
use crate::p;

/// A fact about a subject, in its home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    pub id: EventId,
    pub home_id: i64,
    /// `order`, `payment`, `shop`, `product` …
    pub subject: &'static str,
    pub subject_id: i64,
    pub kind: &'static str,
    /// See `actions::Actor::code`.
    pub actor: String,
    /// JSON.
    pub body: String,
    /// Whether the relay carries it to other homes (notices).
    pub relay: bool,
    pub created_at: Timestamp,
}

/// An event as it is read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventSeen {
    pub id: EventId,
    pub home_id: i64,
    pub subject: String,
    pub subject_id: i64,
    pub kind: String,
    pub actor: String,
    pub body: String,
    pub created_at: Timestamp,
}

impl FromRow for EventSeen {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(0)?,
            home_id: row.get(1)?,
            subject: row.get(2)?,
            subject_id: row.get(3)?,
            kind: row.get(4)?,
            actor: row.get(5)?,
            body: row.get(6)?,
            created_at: row.get(7)?,
        })
    }
}

pub async fn insert(tx: &mut Tx, events: &[EventRow]) -> Result<(), DbError> {
    let mut values: Vec<P<'_>> = Vec::with_capacity(events.len() * 9);
    for event in events {
        values.extend([
            event.id.into(),
            event.home_id.into(),
            event.subject.into(),
            event.subject_id.into(),
            event.kind.into(),
            event.actor.as_str().into(),
            event.body.as_str().into(),
            event.relay.into(),
            event.created_at.into(),
        ]);
    }
    let head = "insert into events (id, home_id, subject, subject_id, kind, actor, body, relay_pending, created_at) values";
    tx.rows(head, 9, "", &values).await?;
    Ok(())
}

/// The timeline of one subject, oldest first.
pub async fn of_subject(
    tx: &mut Tx,
    home_id: i64,
    subject_id: i64,
) -> Result<Vec<EventSeen>, DbError> {
    tx.many(
        "select id, home_id, subject, subject_id, kind, actor, body, created_at
           from events
          where home_id = $1
            and subject_id = $2
          order by id",
        p![home_id, subject_id],
    )
    .await
}

/// What the relay has not carried yet, over all homes, oldest first.
pub async fn pending(tx: &mut Tx, limit: i64) -> Result<Vec<EventSeen>, DbError> {
    tx.many(
        "select id, home_id, subject, subject_id, kind, actor, body, created_at
           from events
          where relay_pending = 1
          order by id
          limit $1",
        p![limit],
    )
    .await
}

/// Takes an event off the outbox; false when another process was quicker.
pub async fn relayed(tx: &mut Tx, home_id: i64, event: EventId) -> Result<bool, DbError> {
    let changed = tx
        .run(
            "update events set relay_pending = 0 where home_id = $1 and id = $2 and relay_pending = 1",
            p![home_id, event],
        )
        .await?;
    Ok(changed == 1)
}

/// The newest events of the whole house, for the operator; `before` pages on.
pub async fn newest(tx: &mut Tx, before: i64, limit: i64) -> Result<Vec<EventSeen>, DbError> {
    tx.many(
        "select id, home_id, subject, subject_id, kind, actor, body, created_at
           from events
          where id < $1
          order by id desc
          limit $2",
        p![before, limit],
    )
    .await
}
