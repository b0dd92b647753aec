//! A shop's own goods: products with their stock, and SKUs as a warehouse counts them.

use rules::ids::{ProductId, ShopId, SkuId};

use crate::db::{DbError, FromRow, Row, Tx};
use crate::p;

/// A product in its shop's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShelfProduct {
    pub id: ProductId,
    pub handle: String,
    pub category: String,
    pub title_en: String,
    pub title_zh: String,
    pub picture: String,
    pub price_from_minor: i64,
    pub state: String,
    pub sold_count: i64,
    pub version: i64,
    /// Active SKUs.
    pub sku_count: i64,
    /// What can still be sold of them, bundles aside.
    pub left: i64,
}

impl FromRow for ShelfProduct {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(0)?,
            handle: row.get(1)?,
            category: row.get(2)?,
            title_en: row.get(3)?,
            title_zh: row.get(4)?,
            picture: row.get(5)?,
            price_from_minor: row.get(6)?,
            state: row.get(7)?,
            sold_count: row.get(8)?,
            version: row.get(9)?,
            sku_count: row.get(10)?,
            left: row.get(11)?,
        })
    }
}

/// What is looked for among a shop's goods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShelfSearch {
    /// Empty: any state.
    pub state: String,
    /// Part of a title or of a handle, in any case; empty: all.
    pub text: String,
    /// Ids below this one; `i64::MAX` begins.
    pub before: i64,
    pub limit: i64,
}

/// The newest first.
pub async fn products(
    tx: &mut Tx,
    shop: ShopId,
    wanted: &ShelfSearch,
) -> Result<Vec<ShelfProduct>, DbError> {
    let like = format!("%{}%", wanted.text);
    tx.many(
        "select p.id, p.handle, p.category, p.title_en, p.title_zh, p.picture, p.price_from_minor, p.state, p.sold_count, p.version,
                cast(coalesce(sum(case when s.state = 'active' then 1 else 0 end), 0) as bigint),
                cast(coalesce(sum(case when s.state = 'active' and s.bundle = '' then t.on_hand - t.reserved else 0 end), 0) as bigint)
           from products p
           join skus s on s.product_id = p.id and s.shop_id = p.shop_id
           join stock t on t.id = s.id and t.shop_id = s.shop_id
          where p.shop_id = $1
            and p.id < $2
            and ($3 = '' or p.state = $3)
            and (lower(p.title_en) like lower($4) or p.title_zh like $4 or lower(p.handle) like lower($4))
          group by p.id, p.handle, p.category, p.title_en, p.title_zh, p.picture, p.price_from_minor, p.state, p.sold_count, p.version
          order by p.id desc
          limit $5",
        p![shop, wanted.before, &wanted.state, like, wanted.limit],
    )
    .await
}

/// How many products of a shop are in a state, up to 1,000.
pub async fn count_products(tx: &mut Tx, shop: ShopId, state: &str) -> Result<i64, DbError> {
    tx.one(
        "select count(*) from (select id from products where shop_id = $1 and state = $2 limit 1000) as some_products",
        p![shop, state],
    )
    .await
}

/// A SKU as the warehouse counts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockRow {
    pub sku: SkuId,
    pub product: ProductId,
    pub title_en: String,
    pub title_zh: String,
    pub code: String,
    /// JSON, as on order lines.
    pub options: String,
    pub picture: String,
    pub on_hand: i64,
    pub reserved: i64,
}

impl FromRow for StockRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            sku: row.get(0)?,
            product: row.get(1)?,
            title_en: row.get(2)?,
            title_zh: row.get(3)?,
            code: row.get(4)?,
            options: row.get(5)?,
            picture: row.get(6)?,
            on_hand: row.get(7)?,
            reserved: row.get(8)?,
        })
    }
}

/// SKUs with stock of their own, the newest first. `below` keeps those of which fewer are left to sell.
pub async fn stock_rows(
    tx: &mut Tx,
    shop: ShopId,
    text: &str,
    below: i64,
    before: i64,
    limit: i64,
) -> Result<Vec<StockRow>, DbError> {
    let like = format!("%{text}%");
    tx.many(
        "select s.id, p.id, p.title_en, p.title_zh, s.code, s.options, p.picture, t.on_hand, t.reserved
           from products p
           join skus s on s.product_id = p.id and s.shop_id = p.shop_id
           join stock t on t.id = s.id and t.shop_id = s.shop_id
          where p.shop_id = $1
            and s.state = 'active'
            and s.bundle = ''
            and s.id < $2
            and t.on_hand - t.reserved < $3
            and (lower(s.code) like lower($4) or lower(p.title_en) like lower($4) or p.title_zh like $4)
          order by s.id desc
          limit $5",
        p![shop, before, below, like, limit],
    )
    .await
}

/// One of them; nothing when it is not this shop's.
pub async fn stock_row(tx: &mut Tx, shop: ShopId, sku: SkuId) -> Result<Option<StockRow>, DbError> {
    tx.maybe(
        "select s.id, p.id, p.title_en, p.title_zh, s.code, s.options, p.picture, t.on_hand, t.reserved
           from skus s
           join products p on p.id = s.product_id and p.shop_id = s.shop_id
           join stock t on t.id = s.id and t.shop_id = s.shop_id
          where s.shop_id = $1
            and s.id = $2",
        p![shop, sku],
    )
    .await
}
