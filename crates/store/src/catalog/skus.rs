//! SKUs: what exactly is sold.

use rules::catalog::bundles::BundlePart;
use rules::catalog::options::ChosenOption;
use rules::ids::{ProductId, ShopId, SkuId};
use rules::time::Timestamp;

use super::{ACTIVE, read_json, write_json};
use crate::db::{DbError, FromRow, P, Row, Tx};
use crate::id_lists::IdList;
use crate::p;

/// A SKU as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sku {
    pub id: SkuId,
    pub product: ProductId,
    pub code: String,
    pub options: Vec<ChosenOption>,
    pub price_minor: i64,
    pub compare_at_minor: Option<i64>,
    pub weight_grams: i64,
    pub barcode: String,
    pub picture: String,
    /// Empty when the SKU has stock of its own.
    pub parts: Vec<BundlePart>,
    pub position: i64,
    pub state: String,
    pub version: i64,
}

const SKU: &str = "id, product_id, code, options, price_minor, compare_at_minor, weight_grams, barcode, picture, bundle,
    position, state, version";

impl FromRow for Sku {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(0)?,
            product: row.get(1)?,
            code: row.get(2)?,
            options: read_json(&row.get::<String>(3)?)?,
            price_minor: row.get(4)?,
            compare_at_minor: row.get(5)?,
            weight_grams: row.get(6)?,
            barcode: row.get(7)?,
            picture: row.get(8)?,
            parts: read_parts(&row.get::<String>(9)?)?,
            position: row.get(10)?,
            state: row.get(11)?,
            version: row.get(12)?,
        })
    }
}

/// The SKUs of a product in the order of its page, the retired ones last.
pub async fn load_skus(tx: &mut Tx, shop: ShopId, product: ProductId) -> Result<Vec<Sku>, DbError> {
    let sql = format!(
        "select {SKU} from skus where shop_id = $1 and product_id = $2 order by state, position, id"
    );
    tx.many(&sql, p![shop, product]).await
}

/// What active SKUs of these products cost and cost before: (product, price, compare-at price) in minor units, only of
/// those which have a compare-at price above their price.
pub async fn load_compare_at(
    tx: &mut Tx,
    shops: impl IntoIterator<Item = ShopId>,
    products: impl IntoIterator<Item = ProductId>,
) -> Result<Vec<(ProductId, i64, i64)>, DbError> {
    let (shops, products) = (IdList::of(shops), IdList::of(products));
    if shops.is_empty() || products.is_empty() {
        return Ok(Vec::new());
    }
    let shop_ids = shops.alone();
    let sql = format!(
        "select product_id, price_minor, compare_at_minor from skus
          where shop_id in ({}) and product_id in ({}) and state = '{ACTIVE}' and compare_at_minor > price_minor",
        shops.places(1),
        products.places(1 + shop_ids.len())
    );
    let params: Vec<P<'_>> = shop_ids.into_iter().chain(products.alone()).collect();
    tx.many(&sql, &params).await
}

/// One SKU of the shop by its own code.
pub async fn load_sku_by_code(
    tx: &mut Tx,
    shop: ShopId,
    code: &str,
) -> Result<Option<Sku>, DbError> {
    let sql = format!("select {SKU} from skus where shop_id = $1 and code = $2");
    tx.maybe(&sql, p![shop, code]).await
}

pub async fn load_sku(tx: &mut Tx, shop: ShopId, sku: SkuId) -> Result<Option<Sku>, DbError> {
    let sql = format!("select {SKU} from skus where shop_id = $1 and id = $2");
    tx.maybe(&sql, p![shop, sku]).await
}

/// SKUs of the shop by id, in no order.
pub async fn load_skus_by_id(
    tx: &mut Tx,
    shop: ShopId,
    skus: impl IntoIterator<Item = SkuId>,
) -> Result<Vec<Sku>, DbError> {
    let ids = IdList::of(skus);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("select {SKU} from skus where shop_id = $1 and id in ({})", ids.places(2));
    tx.many(&sql, &ids.after(shop)).await
}

/// All bundles of the shop, the retired ones too.
pub async fn load_bundles(tx: &mut Tx, shop: ShopId) -> Result<Vec<Sku>, DbError> {
    let sql = format!("select {SKU} from skus where shop_id = $1 and bundle <> '' order by id");
    tx.many(&sql, p![shop]).await
}

/// Length, width and height of one piece in millimetres, 0 where nobody measured; nothing for an unknown SKU.
pub async fn load_sides(
    tx: &mut Tx,
    shop: ShopId,
    sku: SkuId,
) -> Result<Option<[i64; 3]>, DbError> {
    let row: Option<SidesRow> = tx
        .maybe(
            "select length_mm, width_mm, height_mm from skus where shop_id = $1 and id = $2",
            p![shop, sku],
        )
        .await?;
    Ok(row.map(|row| row.0))
}

struct SidesRow([i64; 3]);

impl FromRow for SidesRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self([row.get(0)?, row.get(1)?, row.get(2)?]))
    }
}

/// False where the shop has no such SKU.
pub async fn record_sides(
    tx: &mut Tx,
    shop: ShopId,
    sku: SkuId,
    sides_mm: [i64; 3],
) -> Result<bool, DbError> {
    let [length, width, height] = sides_mm;
    let changed = tx
        .run(
            "update skus set length_mm = $1, width_mm = $2, height_mm = $3 where shop_id = $4 and id = $5",
            p![length, width, height, shop, sku],
        )
        .await?;
    Ok(changed == 1)
}

/// Takes the code off a SKU, so that another one may have it in the same act.
pub async fn park_sku_code(tx: &mut Tx, shop: ShopId, sku: SkuId) -> Result<(), DbError> {
    let parked = format!("~{sku}");
    tx.put("update skus set code = $1 where shop_id = $2 and id = $3", p![parked, shop, sku]).await
}

pub async fn insert_sku(
    tx: &mut Tx,
    shop: ShopId,
    sku: &Sku,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = format!(
        "insert into skus ({SKU}, shop_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
    );
    tx.put(
        &sql,
        p![
            sku.id,
            sku.product,
            &sku.code,
            write_json(&sku.options)?,
            sku.price_minor,
            sku.compare_at_minor,
            sku.weight_grams,
            &sku.barcode,
            &sku.picture,
            write_parts(&sku.parts)?,
            sku.position,
            &sku.state,
            sku.version,
            shop,
            now
        ],
    )
    .await
}

/// Writes a SKU whose `version` is one above the row's; false when the row is not at that version any more.
pub async fn update_sku(tx: &mut Tx, shop: ShopId, sku: &Sku) -> Result<bool, DbError> {
    let changed = tx
        .run(
            "update skus
                set code = $1,
                    options = $2,
                    price_minor = $3,
                    compare_at_minor = $4,
                    weight_grams = $5,
                    barcode = $6,
                    picture = $7,
                    bundle = $8,
                    position = $9,
                    state = $10,
                    version = $11
              where shop_id = $12
                and id = $13
                and version = $14",
            p![
                &sku.code,
                write_json(&sku.options)?,
                sku.price_minor,
                sku.compare_at_minor,
                sku.weight_grams,
                &sku.barcode,
                &sku.picture,
                write_parts(&sku.parts)?,
                sku.position,
                &sku.state,
                sku.version,
                shop,
                sku.id,
                sku.version - 1
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// Most SKUs are no bundles; their column is empty and costs nothing to read.
pub(super) fn read_parts(text: &str) -> Result<Vec<BundlePart>, DbError> {
    if text.is_empty() { Ok(Vec::new()) } else { read_json(text) }
}

fn write_parts(parts: &[BundlePart]) -> Result<String, DbError> {
    if parts.is_empty() { Ok(String::new()) } else { write_json(&parts) }
}
