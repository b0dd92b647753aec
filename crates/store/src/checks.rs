//! The check step: the flags of an order with how each was resolved, and what buyer and shop wrote to each other about it.

use rules::ids::{OrderFlagId, OrderId, OrderMessageId, ShopId};
use rules::time::Timestamp;

use crate::db::{DbError, FromRow, Row, Tx};
use crate::p;

/// One finding of the check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagRow {
    pub id: OrderFlagId,
    pub order: OrderId,
    pub kind: String,
    /// JSON of `rules::orders::flags::Flag`.
    pub facts: String,
    pub open: bool,
    /// How it was resolved: a code; empty while open.
    pub resolution: String,
    pub why: String,
    pub resolved_by: String,
    pub resolved_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

impl FromRow for FlagRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(0)?,
            order: row.get(1)?,
            kind: row.get(2)?,
            facts: row.get(3)?,
            open: row.get::<String>(4)? == "open",
            resolution: row.get(5)?,
            why: row.get(6)?,
            resolved_by: row.get(7)?,
            resolved_at: row.get(8)?,
            created_at: row.get(9)?,
        })
    }
}

/// Writes a flag, and the order's own list of them for the shop's views.
pub async fn insert_flag(tx: &mut Tx, shop: ShopId, flag: &FlagRow) -> Result<(), DbError> {
    tx.put(
        "insert into order_flags (id, shop_id, order_id, kind, facts, state, resolution, why, resolved_by, resolved_at, version, created_at)
         values ($1, $2, $3, $4, $5, 'open', '', '', '', null, 1, $6)",
        p![flag.id, shop, flag.order, &flag.kind, &flag.facts, flag.created_at],
    )
    .await
}

/// The order's flags as a JSON list, as lists and filters read them.
pub async fn record_flags(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
    flags: &str,
) -> Result<(), DbError> {
    tx.put("update orders set flags = $1 where shop_id = $2 and id = $3", p![flags, shop, order])
        .await
}

pub async fn flags_of(tx: &mut Tx, shop: ShopId, order: OrderId) -> Result<Vec<FlagRow>, DbError> {
    tx.many(
        "select id, order_id, kind, facts, state, resolution, why, resolved_by, resolved_at, created_at
           from order_flags
          where shop_id = $1
            and order_id = $2
          order by id",
        p![shop, order],
    )
    .await
}

/// Resolves an open flag; false when it was resolved already.
pub async fn resolve_flag(
    tx: &mut Tx,
    shop: ShopId,
    flag: OrderFlagId,
    how: (&str, &str, &str),
    now: Timestamp,
) -> Result<bool, DbError> {
    let (resolution, why, by) = how;
    let changed = tx
        .run(
            "update order_flags
                set state = 'resolved', resolution = $1, why = $2, resolved_by = $3, resolved_at = $4, version = version + 1
              where shop_id = $5 and id = $6 and state = 'open'",
            p![resolution, why, by, now, shop, flag],
        )
        .await?;
    Ok(changed == 1)
}

/// One message about an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRow {
    pub id: OrderMessageId,
    pub order: OrderId,
    /// `buyer`, `shop` or `house`.
    pub author: String,
    pub actor: String,
    /// `words`, or `address` for a proposed address.
    pub kind: String,
    pub body: String,
    /// JSON of the proposed address; empty for words.
    pub proposal: String,
    /// `accepted` or `refused`; empty while a proposal waits, and for words.
    pub answer: String,
    pub answered_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

impl FromRow for MessageRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(0)?,
            order: row.get(1)?,
            author: row.get(2)?,
            actor: row.get(3)?,
            kind: row.get(4)?,
            body: row.get(5)?,
            proposal: row.get(6)?,
            answer: row.get(7)?,
            answered_at: row.get(8)?,
            created_at: row.get(9)?,
        })
    }
}

pub async fn insert_message(
    tx: &mut Tx,
    shop: ShopId,
    message: &MessageRow,
) -> Result<(), DbError> {
    tx.put(
        "insert into order_messages (id, shop_id, order_id, author, actor, kind, body, proposal, answer, answered_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, '', null, $9)",
        p![
            message.id,
            shop,
            message.order,
            &message.author,
            &message.actor,
            &message.kind,
            &message.body,
            &message.proposal,
            message.created_at
        ],
    )
    .await
}

/// What was written about an order, the oldest first.
pub async fn messages_of(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
) -> Result<Vec<MessageRow>, DbError> {
    tx.many(
        "select id, order_id, author, actor, kind, body, proposal, answer, answered_at, created_at
           from order_messages
          where shop_id = $1
            and order_id = $2
          order by id",
        p![shop, order],
    )
    .await
}

/// The buyer's answer to a proposal; false when it was answered already.
pub async fn answer_proposal(
    tx: &mut Tx,
    shop: ShopId,
    message: OrderMessageId,
    answer: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let changed = tx
        .run(
            "update order_messages set answer = $1, answered_at = $2 where shop_id = $3 and id = $4 and kind = 'address' and answer = ''",
            p![answer, now, shop, message],
        )
        .await?;
    Ok(changed == 1)
}

/// The address to which the order goes from now on; JSON of `rules::checkout::address::Address`.
pub async fn record_address(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
    address: &str,
) -> Result<(), DbError> {
    tx.put(
        "update orders set address = $1 where shop_id = $2 and id = $3",
        p![address, shop, order],
    )
    .await
}
