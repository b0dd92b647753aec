//! Promotions: discounts which run for a time, given by a shop or by the house (home 1).

use rules::ids::{PromotionId, ShopId};
use rules::time::Timestamp;

use crate::db::{DbError, FromRow, Row, Tx};
use crate::p;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromotionRow {
    pub id: PromotionId,
    pub shop: ShopId,
    pub market: String,
    pub currency: String,
    /// `shop`, `house` or `shared`.
    pub funded_by: String,
    /// The house's part of a shared discount, basis points.
    pub house_bp: i64,
    pub title_en: String,
    pub title_zh: String,
    pub percent_bp: i64,
    pub minimum_minor: i64,
    /// 0: no limit.
    pub maximum_minor: i64,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// Of a shared one: when the shop answered.
    pub answered_at: Option<Timestamp>,
    /// Of a shared one: `accepted`, `declined`, or empty.
    pub answer: String,
    pub created_at: Timestamp,
}

impl FromRow for PromotionRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(0)?,
            shop: row.get(1)?,
            market: row.get(2)?,
            currency: row.get(3)?,
            funded_by: row.get(4)?,
            title_en: row.get(5)?,
            title_zh: row.get(6)?,
            percent_bp: row.get(7)?,
            minimum_minor: row.get(8)?,
            maximum_minor: row.get(9)?,
            starts_at: row.get(10)?,
            ends_at: row.get(11)?,
            created_at: row.get(12)?,
            house_bp: row.get(13)?,
            answered_at: row.get(14)?,
            answer: row.get(15)?,
        })
    }
}

const PROMOTION: &str = "id, shop_id, market, currency, funded_by, title_en, title_zh, percent_bp, minimum_minor, maximum_minor, starts_at, ends_at, created_at, house_bp, answered_at, answer";

/// What runs in a shop at a moment; the house's own under `HOUSE`.
pub async fn running(
    tx: &mut Tx,
    shop: ShopId,
    now: Timestamp,
) -> Result<Vec<PromotionRow>, DbError> {
    tx.many(
        &format!("select {PROMOTION} from promotions where shop_id = $1 and starts_at <= $2 and ends_at > $2 and (funded_by <> 'shared' or answer = 'accepted') order by id"),
        p![shop, now],
    )
    .await
}

pub async fn load(
    tx: &mut Tx,
    shop: ShopId,
    id: PromotionId,
) -> Result<Option<PromotionRow>, DbError> {
    tx.maybe(
        &format!("select {PROMOTION} from promotions where shop_id = $1 and id = $2"),
        p![shop, id],
    )
    .await
}

/// All promotions of a shop, newest first.
pub async fn list(tx: &mut Tx, shop: ShopId, limit: i64) -> Result<Vec<PromotionRow>, DbError> {
    tx.many(
        &format!("select {PROMOTION} from promotions where shop_id = $1 order by id desc limit $2"),
        p![shop, limit],
    )
    .await
}

pub async fn insert(tx: &mut Tx, row: &PromotionRow) -> Result<(), DbError> {
    tx.put(
        &format!("insert into promotions ({PROMOTION}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"),
        p![
            row.id,
            row.shop,
            &row.market,
            &row.currency,
            &row.funded_by,
            &row.title_en,
            &row.title_zh,
            row.percent_bp,
            row.minimum_minor,
            row.maximum_minor,
            row.starts_at,
            row.ends_at,
            row.created_at,
            row.house_bp,
            row.answered_at,
            &row.answer
        ],
    )
    .await
}

/// Ends a promotion now; false when it is not one of this shop or has ended.
pub async fn end(
    tx: &mut Tx,
    shop: ShopId,
    id: PromotionId,
    now: Timestamp,
) -> Result<bool, DbError> {
    let changed = tx
        .run(
            "update promotions set ends_at = $1 where shop_id = $2 and id = $3 and ends_at > $1",
            p![now, shop, id],
        )
        .await?;
    Ok(changed == 1)
}

/// Writes a shop's answer to a shared promotion which has not begun; false when it was answered, has begun or is none.
pub async fn answer(
    tx: &mut Tx,
    shop: ShopId,
    id: PromotionId,
    answer: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let changed = tx
        .run(
            "update promotions set answer = $1, answered_at = $2
              where shop_id = $3 and id = $4 and funded_by = 'shared' and answer = '' and starts_at > $2",
            p![answer, now, shop, id],
        )
        .await?;
    Ok(changed == 1)
}

/// Shared promotions of all shops, the newest first; `before` is the last id of the page before, or `i64::MAX`.
pub async fn list_shared(
    tx: &mut Tx,
    before: i64,
    limit: i64,
) -> Result<Vec<PromotionRow>, DbError> {
    tx.many(
        &format!("select {PROMOTION} from promotions where funded_by = 'shared' and id < $1 order by id desc limit $2"),
        p![before, limit],
    )
    .await
}
