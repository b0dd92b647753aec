//! What a signed-in buyer has put aside. A visitor's basket is a cookie, merged in here at sign-in.

use rules::ids::{PersonId, ShopId, SkuId};
use rules::time::Timestamp;

use crate::db::{DbError, Tx};
use crate::p;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasketLine {
    pub sku: SkuId,
    pub shop: ShopId,
    pub quantity: i64,
    /// What one piece cost when the buyer last saw it, in the shop's currency.
    pub seen_minor: i64,
}

pub async fn load(tx: &mut Tx, buyer: PersonId) -> Result<Vec<BasketLine>, DbError> {
    let rows: Vec<(SkuId, ShopId, i64, i64)> = tx
        .many(
            "select sku_id, shop_id, quantity, seen_minor from basket_lines where buyer_id = $1 order by shop_id, created_at, sku_id",
            p![buyer],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(sku, shop, quantity, seen_minor)| BasketLine { sku, shop, quantity, seen_minor })
        .collect())
}

/// Sets the quantity of one SKU and the price it is shown with, whatever they were.
pub async fn put(
    tx: &mut Tx,
    buyer: PersonId,
    line: &BasketLine,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.put(
        "insert into basket_lines (buyer_id, sku_id, shop_id, quantity, seen_minor, created_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (buyer_id, sku_id) do update set quantity = excluded.quantity, seen_minor = excluded.seen_minor",
        p![buyer, line.sku, line.shop, line.quantity, line.seen_minor, now],
    )
    .await
}

pub async fn remove(tx: &mut Tx, buyer: PersonId, sku: SkuId) -> Result<(), DbError> {
    tx.put("delete from basket_lines where buyer_id = $1 and sku_id = $2", p![buyer, sku]).await
}
