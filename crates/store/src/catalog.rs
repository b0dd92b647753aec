//! Products, their listing versions and SKUs, and what an order needs to know of them.

mod lists;
mod sale;
mod skus;

use rules::catalog::nature::Nature;
use rules::ids::{PersonId, ProductId, ShopId};
use rules::time::Timestamp;

use crate::db::{DbError, FromRow, Row, Tx};
use crate::p;

pub use lists::{ProductCard, Reach, list_by_category, list_newest, list_of_shop, load_cards};
pub use sale::{SkuForSale, load_for_sale};
pub use skus::{
    Sku, insert_sku, load_bundles, load_compare_at, load_sides, load_sku, load_sku_by_code,
    load_skus, load_skus_by_id, park_sku_code, record_sides, update_sku,
};

/// `products.state` of a product which can be bought.
pub const LISTED: &str = "listed";
/// `products.state` of a product which its shop has taken off, or not yet put on.
pub const UNLISTED: &str = "unlisted";
/// `skus.state` of a SKU which can be bought.
pub const ACTIVE: &str = "active";
/// `skus.state` of a SKU which an edit removed. Its row stays, because orders and listing versions name it.
pub const RETIRED: &str = "retired";

/// A product as it is now. What its page said at a moment is its listing version of then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    pub id: ProductId,
    pub shop: ShopId,
    pub market: String,
    pub handle: String,
    pub category: String,
    pub nature: Nature,
    pub title_en: String,
    pub title_zh: String,
    pub picture: String,
    /// The lowest price of its active SKUs.
    pub price_from_minor: i64,
    pub currency: String,
    pub state: String,
    /// The number of its newest listing version, 1 for the first.
    pub listing_version: i64,
    pub sold_count: i64,
    /// Hash of the row of a product file it was made from; empty when it was made by hand.
    pub source_hash: String,
    /// The tariff number, or empty.
    pub hs_code: String,
    pub version: i64,
    pub created_at: Timestamp,
}

const PRODUCT: &str =
    "id, market, handle, category, nature, title_en, title_zh, picture, price_from_minor,
    currency, state, listing_version, sold_count, source_hash, version, created_at, hs_code";

impl FromRow for Product {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(0)?,
            shop: row.get(17)?,
            market: row.get(1)?,
            handle: row.get(2)?,
            category: row.get(3)?,
            nature: read_json(&row.get::<String>(4)?)?,
            title_en: row.get(5)?,
            title_zh: row.get(6)?,
            picture: row.get(7)?,
            price_from_minor: row.get(8)?,
            currency: row.get(9)?,
            state: row.get(10)?,
            listing_version: row.get(11)?,
            sold_count: row.get(12)?,
            source_hash: row.get(13)?,
            version: row.get(14)?,
            created_at: row.get(15)?,
            hs_code: row.get(16)?,
        })
    }
}

/// The page of a product as it was from one edit to the next; never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingVersion {
    pub number: i64,
    /// `rules::catalog::listing::Listing` as JSON.
    pub body: String,
    pub created_by: PersonId,
    pub created_at: Timestamp,
}

impl FromRow for ListingVersion {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            number: row.get(0)?,
            body: row.get(1)?,
            created_by: row.get(2)?,
            created_at: row.get(3)?,
        })
    }
}

pub async fn load_product(
    tx: &mut Tx,
    shop: ShopId,
    product: ProductId,
) -> Result<Option<Product>, DbError> {
    let sql = format!("select {PRODUCT}, shop_id from products where shop_id = $1 and id = $2");
    tx.maybe(&sql, p![shop, product]).await
}

pub async fn load_product_by_handle(
    tx: &mut Tx,
    shop: ShopId,
    handle: &str,
) -> Result<Option<Product>, DbError> {
    let sql = format!("select {PRODUCT}, shop_id from products where shop_id = $1 and handle = $2");
    tx.maybe(&sql, p![shop, handle]).await
}

/// Inserts a product. A handle which the shop uses already is [`DbError::Conflict`].
pub async fn insert_product(tx: &mut Tx, product: &Product) -> Result<(), DbError> {
    let sql = format!(
        "insert into products ({PRODUCT}, shop_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
    );
    let nature = write_json(&product.nature)?;
    tx.put(
        &sql,
        p![
            product.id,
            &product.market,
            &product.handle,
            &product.category,
            nature,
            &product.title_en,
            &product.title_zh,
            &product.picture,
            product.price_from_minor,
            &product.currency,
            &product.state,
            product.listing_version,
            product.sold_count,
            &product.source_hash,
            product.version,
            product.created_at,
            &product.hs_code,
            product.shop
        ],
    )
    .await
}

/// Writes a product whose `version` is one above the row's; false when the row is not at that version any more.
///
/// Shop, market, handle and currency stay. `sold_count` has its own way: see [`add_sold`].
pub async fn update_product(tx: &mut Tx, product: &Product) -> Result<bool, DbError> {
    let nature = write_json(&product.nature)?;
    let changed = tx
        .run(
            "update products
                set category = $1,
                    nature = $2,
                    title_en = $3,
                    title_zh = $4,
                    picture = $5,
                    price_from_minor = $6,
                    state = $7,
                    listing_version = $8,
                    source_hash = $9,
                    version = $10,
                    hs_code = $11
              where shop_id = $12
                and id = $13
                and version = $14",
            p![
                &product.category,
                nature,
                &product.title_en,
                &product.title_zh,
                &product.picture,
                product.price_from_minor,
                &product.state,
                product.listing_version,
                &product.source_hash,
                product.version,
                &product.hs_code,
                product.shop,
                product.id,
                product.version - 1
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// Counts sold pieces, for the order of lists. Does not change the product's version.
pub async fn add_sold(
    tx: &mut Tx,
    shop: ShopId,
    product: ProductId,
    pieces: i64,
) -> Result<(), DbError> {
    tx.put(
        "update products set sold_count = sold_count + $1 where shop_id = $2 and id = $3",
        p![pieces, shop, product],
    )
    .await
}

/// Keeps the page of a product as it is from now on. `id` is a new id of its own.
pub async fn insert_listing_version(
    tx: &mut Tx,
    id: i64,
    shop: ShopId,
    product: ProductId,
    version: &ListingVersion,
) -> Result<(), DbError> {
    tx.put(
        "insert into listing_versions (id, shop_id, product_id, number, body, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        p![id, shop, product, version.number, &version.body, version.created_by, version.created_at],
    )
    .await
}

pub async fn load_listing_version(
    tx: &mut Tx,
    shop: ShopId,
    product: ProductId,
    number: i64,
) -> Result<Option<ListingVersion>, DbError> {
    tx.maybe(
        "select number, body, created_by, created_at
           from listing_versions
          where shop_id = $1
            and product_id = $2
            and number = $3",
        p![shop, product, number],
    )
    .await
}

/// The newest versions of a product's page first.
pub async fn list_listing_versions(
    tx: &mut Tx,
    shop: ShopId,
    product: ProductId,
    limit: i64,
) -> Result<Vec<ListingVersion>, DbError> {
    tx.many(
        "select number, body, created_by, created_at
           from listing_versions
          where shop_id = $1
            and product_id = $2
          order by number desc
          limit $3",
        p![shop, product, limit],
    )
    .await
}

pub(crate) fn read_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, DbError> {
    serde_json::from_str(text).map_err(|error| DbError::Broken(format!("{text:.80}: {error}")))
}

fn write_json<T: serde::Serialize>(value: &T) -> Result<String, DbError> {
    serde_json::to_string(value).map_err(|error| DbError::Broken(error.to_string()))
}
