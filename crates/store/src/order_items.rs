//! What an order keeps beside its lines: its charges at the border, and its promotions with who pays for them.

use rules::checkout::border::DutyLine;
use rules::ids::{OrderId, PromotionId, ShopId};
use rules::policy::ChargeBasis;
use rules::time::Timestamp;

use crate::db::{DbError, FromRow, Row, Tx};
use crate::p;

struct ChargeRow(DutyLine);

impl FromRow for ChargeRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let basis: String = row.get(3)?;
        let basis = ChargeBasis::parse(&basis)
            .ok_or_else(|| DbError::Broken(format!("the basis {basis} is unknown")))?;
        Ok(Self(DutyLine {
            code: row.get(0)?,
            name_en: row.get(1)?,
            name_zh: row.get(2)?,
            basis,
            count: row.get(4)?,
            unit_minor: row.get(5)?,
            amount_minor: row.get(6)?,
        }))
    }
}

/// Keeps one charge of a new order.
pub async fn insert_charge(
    tx: &mut Tx,
    id: i64,
    shop: ShopId,
    order: OrderId,
    line: &DutyLine,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.put(
        "insert into order_charges (id, shop_id, order_id, code, name_en, name_zh, basis, lines_count, unit_minor, amount_minor, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        p![
            id, shop, order, &line.code, &line.name_en, &line.name_zh, line.basis.code(), line.count, line.unit_minor,
            line.amount_minor, now
        ],
    )
    .await
}

/// The charges of an order, in the order in which they were counted.
pub async fn charges(tx: &mut Tx, shop: ShopId, order: OrderId) -> Result<Vec<DutyLine>, DbError> {
    let rows: Vec<ChargeRow> = tx
        .many(
            "select code, name_en, name_zh, basis, lines_count, unit_minor, amount_minor
               from order_charges
              where shop_id = $1
                and order_id = $2
              order by id",
            p![shop, order],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// A promotion as an order keeps it. Minor units of the order's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderPromotion {
    pub promotion: PromotionId,
    /// `shop`, `house` or `shared`.
    pub funded_by: String,
    pub title_en: String,
    pub title_zh: String,
    /// What the shop gave up.
    pub shop_part_minor: i64,
    /// What the house paid.
    pub house_part_minor: i64,
}

impl FromRow for OrderPromotion {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            promotion: row.get(0)?,
            funded_by: row.get(1)?,
            title_en: row.get(2)?,
            title_zh: row.get(3)?,
            shop_part_minor: row.get(4)?,
            house_part_minor: row.get(5)?,
        })
    }
}

/// Keeps one promotion of a new order.
pub async fn insert_promotion(
    tx: &mut Tx,
    id: i64,
    shop: ShopId,
    order: OrderId,
    row: &OrderPromotion,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.put(
        "insert into order_promotions (id, shop_id, order_id, promotion_id, funded_by, title_en, title_zh, shop_part_minor, house_part_minor, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        p![
            id, shop, order, row.promotion, &row.funded_by, &row.title_en, &row.title_zh, row.shop_part_minor,
            row.house_part_minor, now
        ],
    )
    .await
}

/// The promotions of an order, the shop's own first.
pub async fn promotions(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
) -> Result<Vec<OrderPromotion>, DbError> {
    tx.many(
        "select promotion_id, funded_by, title_en, title_zh, shop_part_minor, house_part_minor
           from order_promotions
          where shop_id = $1
            and order_id = $2
          order by id",
        p![shop, order],
    )
    .await
}
