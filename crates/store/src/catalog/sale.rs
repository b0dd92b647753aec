//! What placing an order reads of the catalogue, in one statement for all lines of a shop.

use rules::catalog::bundles::BundlePart;
use rules::catalog::nature::Nature;
use rules::catalog::options::ChosenOption;
use rules::ids::{ProductId, ShopId, SkuId, WarehouseId};

use super::skus::read_parts;
use super::{ACTIVE, LISTED, read_json};
use crate::db::{DbError, FromRow, Row, Tx};

/// One SKU with all that an order line copies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkuForSale {
    pub sku: SkuId,
    pub product: ProductId,
    pub listing_version: i64,
    pub title_en: String,
    pub title_zh: String,
    pub options: Vec<ChosenOption>,
    pub code: String,
    pub picture: String,
    pub category: String,
    pub nature: Nature,
    /// In the shop's currency.
    pub price_minor: i64,
    pub weight_grams: i64,
    /// Length, width and height of one piece as it is packed for sale, in millimetres; 0 where nobody measured.
    pub sides_mm: [i64; 3],
    /// Its product is listed and the SKU was not retired.
    pub for_sale: bool,
    /// Empty when the SKU has stock of its own.
    pub parts: Vec<BundlePart>,
    pub warehouse: WarehouseId,
    /// Pieces of its own stock which no order has been promised.
    pub left: i64,
    /// The tariff number, or empty.
    pub hs_code: String,
}

impl FromRow for SkuForSale {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            sku: row.get(0)?,
            product: row.get(1)?,
            listing_version: row.get(2)?,
            title_en: row.get(3)?,
            title_zh: row.get(4)?,
            options: read_json(&row.get::<String>(5)?)?,
            code: row.get(6)?,
            picture: row.get(7)?,
            category: row.get(8)?,
            nature: read_json(&row.get::<String>(9)?)?,
            price_minor: row.get(10)?,
            weight_grams: row.get(11)?,
            for_sale: row.get::<String>(12)? == ACTIVE && row.get::<String>(13)? == LISTED,
            parts: read_parts(&row.get::<String>(14)?)?,
            warehouse: row.get(15)?,
            hs_code: row.get(16)?,
            sides_mm: [row.get(17)?, row.get(18)?, row.get(19)?],
            left: row.get(20)?,
        })
    }
}

/// The SKUs as they can be bought now, in no order. An id which is not one of this shop is left out.
pub async fn load_for_sale(
    tx: &mut Tx,
    shop: ShopId,
    skus: &[SkuId],
) -> Result<Vec<SkuForSale>, DbError> {
    let ids: Vec<i64> = skus.iter().map(|sku| sku.number()).collect();
    tx.many_by_id(
        "select s.id, s.product_id, p.listing_version, p.title_en, p.title_zh, s.options, s.code, s.picture,
                p.category, p.nature, s.price_minor, s.weight_grams, s.state, p.state, s.bundle, t.warehouse_id, p.hs_code,
                s.length_mm, s.width_mm, s.height_mm, t.on_hand - t.reserved
           from skus s
           join products p on p.id = s.product_id and p.shop_id = s.shop_id
           join stock t on t.id = s.id and t.shop_id = s.shop_id
          where s.shop_id = $1
            and s.id = $2",
        shop.number(),
        &ids,
    )
    .await
}
