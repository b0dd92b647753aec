//! The keys with which carriers sign what they report. The text of a key never comes here.

use rules::ids::Id;
use rules::time::Timestamp;

use crate::{DbError, FromRow, Row, Tx, p};

/// The kind of a carrier key's id.
pub enum CarrierKeyKind {}

/// Names a carrier's key.
pub type CarrierKeyId = Id<CarrierKeyKind>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarrierKeyRow {
    pub id: CarrierKeyId,
    /// The carrier's code.
    pub carrier: String,
    /// The beginning of its text, to tell keys apart.
    pub prefix: String,
    /// Who made it: an actor's code.
    pub made_by: String,
    /// From then on it opens nothing; empty while it is the carrier's current key.
    pub ends_at: Option<Timestamp>,
    /// When a report signed with it was last taken in.
    pub used_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

impl FromRow for CarrierKeyRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(CarrierKeyRow {
            id: row.get(0)?,
            carrier: row.get(1)?,
            prefix: row.get(2)?,
            made_by: row.get(3)?,
            ends_at: row.get(4)?,
            used_at: row.get(5)?,
            created_at: row.get(6)?,
        })
    }
}

pub async fn insert(tx: &mut Tx, key: &CarrierKeyRow) -> Result<(), DbError> {
    tx.put(
        "insert into carrier_keys (id, carrier, prefix, made_by, ends_at, used_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        p![
            key.id,
            &key.carrier,
            &key.prefix,
            &key.made_by,
            key.ends_at,
            key.used_at,
            key.created_at
        ],
    )
    .await
}

/// All keys of all carriers, in the order they were made.
pub async fn list(tx: &mut Tx) -> Result<Vec<CarrierKeyRow>, DbError> {
    tx.many(
        "select id, carrier, prefix, made_by, ends_at, used_at, created_at from carrier_keys order by id",
        p![],
    )
    .await
}

/// The keys of a carrier which open something at this moment, newest first.
pub async fn live(
    tx: &mut Tx,
    carrier: &str,
    now: Timestamp,
) -> Result<Vec<CarrierKeyRow>, DbError> {
    tx.many(
        "select id, carrier, prefix, made_by, ends_at, used_at, created_at
           from carrier_keys
          where carrier = $1
            and (ends_at is null or ends_at > $2)
          order by id desc",
        p![carrier, now],
    )
    .await
}

/// Lets a key end; one which ends earlier already keeps its end.
pub async fn record_end(tx: &mut Tx, id: CarrierKeyId, ends_at: Timestamp) -> Result<(), DbError> {
    tx.put(
        "update carrier_keys set ends_at = $1 where id = $2 and (ends_at is null or ends_at > $1)",
        p![ends_at, id],
    )
    .await
}

pub async fn record_use(tx: &mut Tx, id: CarrierKeyId, used_at: Timestamp) -> Result<(), DbError> {
    tx.put("update carrier_keys set used_at = $1 where id = $2", p![used_at, id]).await
}
