//! A shop's goods as its staff look through them.

use rules::ids::{ShopId, SkuId};
use store::Tx;
use store::catalog::{LISTED, UNLISTED};
use store::lists::shelf::{self, ShelfProduct, ShelfSearch, StockRow};
use store::stock::{self, Batch};

use crate::failure::Failure;
use crate::market::Market;

/// The most deliveries of one SKU which are shown.
const BATCHES: i64 = 50;

#[derive(Clone, Debug)]
pub struct ShelfPage {
    pub products: Vec<ShelfProduct>,
    pub more: bool,
    pub listed: i64,
    pub unlisted: i64,
}

/// One page of a shop's products, with how many there are in each state.
pub async fn shelf_page(
    market: &Market,
    shop: ShopId,
    wanted: ShelfSearch,
) -> Result<ShelfPage, Failure> {
    let limit = wanted.limit;
    let one_more = ShelfSearch { limit: limit + 1, ..wanted };
    market
        .store
        .read(async move |tx: &mut Tx| {
            let mut products = shelf::products(tx, shop, &one_more).await?;
            let more = products.len() as i64 > limit;
            products.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            Ok(ShelfPage {
                products,
                more,
                listed: shelf::count_products(tx, shop, LISTED).await?,
                unlisted: shelf::count_products(tx, shop, UNLISTED).await?,
            })
        })
        .await
}

/// SKUs of a shop with their stock, and whether there are more.
pub async fn stock_page(
    market: &Market,
    shop: ShopId,
    text: String,
    below: Option<i64>,
    before: i64,
    limit: i64,
) -> Result<(Vec<StockRow>, bool), Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let below = below.unwrap_or(i64::MAX);
            let mut rows = shelf::stock_rows(tx, shop, &text, below, before, limit + 1).await?;
            let more = rows.len() as i64 > limit;
            rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            Ok((rows, more))
        })
        .await
}

/// One SKU with its stock and its deliveries, the newest first.
pub async fn sku_stock(
    market: &Market,
    shop: ShopId,
    sku: SkuId,
) -> Result<(StockRow, Vec<Batch>), Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let row = shelf::stock_row(tx, shop, sku).await?.ok_or(Failure::NotFound)?;
            Ok((row, stock::list_batches(tx, shop, sku, BATCHES).await?))
        })
        .await
}
