//! What a shop's staff write to each other about an order, and the mark they hang on it. The buyer sees neither.

use rules::ids::{Id, OrderId, ShopId};
use rules::time::Timestamp;

use crate::db::{DbError, FromRow, Row, Tx};
use crate::p;

/// `order_notes.kind` of something written, and of a changed mark.
pub const NOTE: &str = "note";
pub const MARK: &str = "mark";

/// One note; a changed mark leaves one too. Notes are only ever added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteRow {
    pub id: Id<NoteKind>,
    pub kind: String,
    /// As in `events.actor`.
    pub author: String,
    /// The text; of a mark `colour word`, empty where it was taken off.
    pub body: String,
    pub created_at: Timestamp,
}

/// The kind of a note's id.
pub enum NoteKind {}

impl FromRow for NoteRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(0)?,
            kind: row.get(1)?,
            author: row.get(2)?,
            body: row.get(3)?,
            created_at: row.get(4)?,
        })
    }
}

pub async fn insert(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
    note: &NoteRow,
) -> Result<(), DbError> {
    tx.put(
        "insert into order_notes (id, shop_id, order_id, kind, author, body, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
        p![note.id, shop, order, &note.kind, &note.author, &note.body, note.created_at],
    )
    .await
}

/// The notes of an order, the newest first.
pub async fn of_order(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
    limit: i64,
) -> Result<Vec<NoteRow>, DbError> {
    tx.many(
        "select id, kind, author, body, created_at from order_notes where shop_id = $1 and order_id = $2 order by id desc limit $3",
        p![shop, order, limit],
    )
    .await
}

/// Hangs a mark on an order, or takes it off with empty texts. The order's version stays: nothing which it decides by
/// has changed. Answers whether there is such an order.
pub async fn set_mark(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
    mark: &str,
    word: &str,
) -> Result<bool, DbError> {
    let changed = tx
        .run(
            "update orders set mark = $1, mark_word = $2 where shop_id = $3 and id = $4",
            p![mark, word, shop, order],
        )
        .await?;
    Ok(changed == 1)
}
