//! Shortages: pieces of ordered lines which are not there, what is offered for them, and what became of it.

use rules::ids::{OrderId, OrderLineId, PaymentId, ShopId, ShortageId, SkuId};
use rules::money::Money;
use rules::orders::shortages::{ShortageCause, ShortageState};
use rules::time::Timestamp;

use crate::db::{DbError, FromRow, Row, Tx};
use crate::p;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortage {
    pub id: ShortageId,
    pub shop: ShopId,
    pub order: OrderId,
    pub line: OrderLineId,
    /// What was ordered.
    pub sku: SkuId,
    pub missing_count: i64,
    pub cause: ShortageCause,
    pub state: ShortageState,
    /// JSON of what is offered, as the act which offers writes it; empty before.
    pub substitute: String,
    /// What it costs more (positive) or less (negative) for all missing pieces, tax included.
    pub difference_minor: i64,
    /// The shop does not ask for what it costs more.
    pub waived: bool,
    /// The payment of the difference.
    pub payment: Option<PaymentId>,
    pub answered_by: String,
    pub answered_at: Option<Timestamp>,
    pub version: i64,
    pub created_at: Timestamp,
}

const SHORTAGE: &str = "id, shop_id, order_id, line_id, sku_id, missing_count, cause, state, substitute, difference_minor, waived, payment_id, answered_by, answered_at, due_at, version, created_at";

impl FromRow for Shortage {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let (cause, code): (String, String) = (row.get(6)?, row.get(7)?);
        let due: Option<Timestamp> = row.get(14)?;
        let broken = || DbError::Broken(format!("shortage {code} due {due:?} by {cause}"));
        Ok(Self {
            id: row.get(0)?,
            shop: row.get(1)?,
            order: row.get(2)?,
            line: row.get(3)?,
            sku: row.get(4)?,
            missing_count: row.get(5)?,
            cause: ShortageCause::parse(&cause).ok_or_else(broken)?,
            state: ShortageState::read(&code, due).ok_or_else(broken)?,
            substitute: row.get(8)?,
            difference_minor: row.get(9)?,
            waived: row.get(10)?,
            payment: row.get(11)?,
            answered_by: row.get(12)?,
            answered_at: row.get(13)?,
            version: row.get(15)?,
            created_at: row.get(16)?,
        })
    }
}

pub async fn insert(tx: &mut Tx, shortage: &Shortage) -> Result<(), DbError> {
    tx.put(
        "insert into shortages (id, shop_id, order_id, line_id, sku_id, missing_count, cause, state, substitute, difference_minor, waived, payment_id, answered_by, answered_at, due_at, claimed_until, version, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, '', 0, 0, null, '', null, $9, 0, 1, $10)",
        p![
            shortage.id,
            shortage.shop,
            shortage.order,
            shortage.line,
            shortage.sku,
            shortage.missing_count,
            shortage.cause.code(),
            shortage.state.code(),
            shortage.state.due_at(),
            shortage.created_at
        ],
    )
    .await
}

pub async fn load(tx: &mut Tx, shop: ShopId, id: ShortageId) -> Result<Option<Shortage>, DbError> {
    tx.maybe(
        &format!("select {SHORTAGE} from shortages where shop_id = $1 and id = $2"),
        p![shop, id],
    )
    .await
}

/// All shortages of an order, the oldest first.
pub async fn of_order(tx: &mut Tx, shop: ShopId, order: OrderId) -> Result<Vec<Shortage>, DbError> {
    tx.many(
        &format!(
            "select {SHORTAGE} from shortages where shop_id = $1 and order_id = $2 order by id"
        ),
        p![shop, order],
    )
    .await
}

/// All shortages of a shop, the newest first.
pub async fn of_shop(
    tx: &mut Tx,
    shop: ShopId,
    before: i64,
    limit: i64,
) -> Result<Vec<Shortage>, DbError> {
    tx.many(
        &format!("select {SHORTAGE} from shortages where shop_id = $1 and id < $2 order by id desc limit $3"),
        p![shop, before, limit],
    )
    .await
}

/// The shop's shortages which are not settled, the oldest first.
pub async fn open_of_shop(tx: &mut Tx, shop: ShopId, limit: i64) -> Result<Vec<Shortage>, DbError> {
    tx.many(
        &format!("select {SHORTAGE} from shortages where shop_id = $1 and state in ('found', 'offered', 'awaiting_payment') order by id limit $2"),
        p![shop, limit],
    )
    .await
}

/// Writes the outcome of a decision, by version.
pub async fn record(tx: &mut Tx, before: &Shortage, after: &Shortage) -> Result<(), DbError> {
    let changed = tx
        .run(
            "update shortages
                set state = $1, substitute = $2, difference_minor = $3, waived = $4, payment_id = $5, answered_by = $6, answered_at = $7,
                    due_at = $8, claimed_until = 0, version = version + 1
              where shop_id = $9 and id = $10 and version = $11",
            p![
                after.state.code(),
                &after.substitute,
                after.difference_minor,
                after.waived,
                after.payment,
                &after.answered_by,
                after.answered_at,
                after.state.due_at(),
                before.shop,
                before.id,
                before.version
            ],
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(DbError::Again) }
}

/// What buyers paid on top for substitutes on this order: each payment and its amount, the oldest first.
pub async fn paid_extra(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
    currency: rules::money::Currency,
) -> Result<Vec<(PaymentId, Money)>, DbError> {
    let rows: Vec<(PaymentId, i64)> = tx
        .many(
            "select payment_id, difference_minor
               from shortages
              where shop_id = $1
                and order_id = $2
                and state = 'accepted'
                and payment_id is not null
              order by id",
            p![shop, order],
        )
        .await?;
    Ok(rows.into_iter().map(|(id, minor)| (id, Money::new(minor, currency))).collect())
}
