//! The lines of an order: what was bought, what of it went back, what is missing, and what is to be packed.

use rules::checkout::pricing::LinePrice;
use rules::ids::{OrderId, OrderLineId, ProductId, ShopId, SkuId};
use rules::orders::refunds::{LineLeft, Shares};
use rules::time::Timestamp;

use super::shares_of;
use crate::db::{DbError, FromRow, Row, Tx};
use crate::p;

/// A line as the order keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRow {
    pub id: OrderLineId,
    pub product: ProductId,
    pub sku: SkuId,
    pub listing_version: i64,
    pub title_en: String,
    pub title_zh: String,
    pub options: String,
    pub sku_code: String,
    pub picture: String,
    pub category: String,
    pub nature: String,
    /// JSON array of `{sku, quantity}`: what is still to be taken from stock for this line.
    pub parts: String,
    pub batches: String,
    /// The tariff number it was declared under, or empty.
    pub hs_code: String,
    pub price: LinePrice,
    /// Pieces which were given back.
    pub back_count: i64,
    /// Pieces which are missing, and not yet answered for.
    pub short_count: i64,
    pub back: Shares,
    /// The SKU first ordered and its code, where something else was taken instead.
    pub instead_of: Option<SkuId>,
    pub instead_of_code: String,
}

impl LineRow {
    /// Pieces which are to be packed: ordered, not given back, not missing.
    pub const fn to_pack_count(&self) -> i64 {
        self.price.quantity - self.back_count - self.short_count
    }

    /// What is left of the line's pieces and money. `tax_included` is the order's.
    pub const fn left(&self, tax_included: bool) -> LineLeft {
        LineLeft {
            units: self.price.quantity - self.back_count,
            shares: Shares::of_line(&self.price, tax_included).less(self.back),
        }
    }
}

impl FromRow for LineRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(0)?,
            product: row.get(1)?,
            sku: row.get(2)?,
            listing_version: row.get(3)?,
            title_en: row.get(4)?,
            title_zh: row.get(5)?,
            options: row.get(6)?,
            sku_code: row.get(7)?,
            picture: row.get(8)?,
            category: row.get(9)?,
            nature: row.get(10)?,
            parts: row.get(11)?,
            batches: row.get(12)?,
            hs_code: row.get(31)?,
            price: LinePrice {
                quantity: row.get(13)?,
                unit_minor: row.get(14)?,
                goods_minor: row.get(15)?,
                shop_discount_minor: row.get(16)?,
                house_discount_minor: row.get(17)?,
                shipping_minor: row.get(18)?,
                tax_minor: row.get(19)?,
                commission_minor: row.get(20)?,
                duty_minor: row.get(32)?,
            },
            back_count: row.get(21)?,
            short_count: row.get(22)?,
            back: shares_of(row, 23)?,
            instead_of: row.get(29)?,
            instead_of_code: row.get(30)?,
        })
    }
}

pub async fn lines(tx: &mut Tx, shop: ShopId, order: OrderId) -> Result<Vec<LineRow>, DbError> {
    tx.many(
        "select id, product_id, sku_id, listing_version, title_en, title_zh, options, sku_code, picture, category, nature, parts, batches,
                quantity, unit_minor, goods_minor, shop_discount_minor, house_discount_minor, shipping_minor, tax_minor, commission_minor,
                back_count, short_count, back_minor, back_tax_minor, back_house_discount_minor, back_shipping_minor, back_commission_minor, back_duty_minor,
                instead_of_id, instead_of_code, hs_code, duty_minor
           from order_lines
          where shop_id = $1
            and order_id = $2
          order by id",
        p![shop, order],
    )
    .await
}

/// Which batches of stock a line was filled from, as JSON; written when the goods leave.
pub async fn keep_batches(
    tx: &mut Tx,
    shop: ShopId,
    line: OrderLineId,
    batches: &str,
) -> Result<(), DbError> {
    tx.put(
        "update order_lines set batches = $1 where shop_id = $2 and id = $3",
        p![batches, shop, line],
    )
    .await
}

/// Writes what of a line has gone back, what is missing and what is left to pack. The order's row guards it: whoever
/// calls has recorded the order by its version, or holds a row of its own which does.
pub async fn give_line_back(tx: &mut Tx, shop: ShopId, line: &LineRow) -> Result<(), DbError> {
    let back = line.back;
    tx.put(
        "update order_lines
            set parts = $1, back_count = $2, short_count = $3, back_minor = $4, back_tax_minor = $5, back_house_discount_minor = $6,
                back_shipping_minor = $7, back_commission_minor = $8, back_duty_minor = $9
          where shop_id = $10 and id = $11",
        p![
            &line.parts,
            line.back_count,
            line.short_count,
            back.paid_minor,
            back.tax_minor,
            back.house_discount_minor,
            back.shipping_minor,
            back.commission_minor,
            back.duty_minor,
            shop,
            line.id
        ],
    )
    .await
}

/// The whole order goes back: every line with all its pieces and all its money.
pub async fn give_all_back(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
    tax_included: bool,
) -> Result<(), DbError> {
    let added_tax = i64::from(!tax_included);
    tx.put(
        "update order_lines
            set back_count = quantity, short_count = 0,
                back_minor = goods_minor - shop_discount_minor - house_discount_minor + shipping_minor + duty_minor + $1 * tax_minor,
                back_tax_minor = tax_minor, back_house_discount_minor = house_discount_minor,
                back_shipping_minor = shipping_minor, back_commission_minor = commission_minor, back_duty_minor = duty_minor
          where shop_id = $2 and order_id = $3",
        p![added_tax, shop, order],
    )
    .await
}

/// Writes the goods and the frozen price of a line anew: something else was taken instead, or the line was divided.
pub async fn change_line(tx: &mut Tx, shop: ShopId, line: &LineRow) -> Result<(), DbError> {
    let price = &line.price;
    tx.put(
        "update order_lines
            set product_id = $1, sku_id = $2, listing_version = $3, title_en = $4, title_zh = $5, options = $6, sku_code = $7, picture = $8,
                category = $9, nature = $10, quantity = $11, unit_minor = $12, goods_minor = $13, shop_discount_minor = $14,
                house_discount_minor = $15, shipping_minor = $16, tax_minor = $17, commission_minor = $18, instead_of_id = $19, instead_of_code = $20, hs_code = $21, duty_minor = $22
          where shop_id = $23 and id = $24",
        p![
            line.product,
            line.sku,
            line.listing_version,
            &line.title_en,
            &line.title_zh,
            &line.options,
            &line.sku_code,
            &line.picture,
            &line.category,
            &line.nature,
            price.quantity,
            price.unit_minor,
            price.goods_minor,
            price.shop_discount_minor,
            price.house_discount_minor,
            price.shipping_minor,
            price.tax_minor,
            price.commission_minor,
            line.instead_of,
            &line.instead_of_code,
            &line.hs_code,
            price.duty_minor,
            shop,
            line.id
        ],
    )
    .await?;
    give_line_back(tx, shop, line).await
}

/// A line which was divided off another one.
pub async fn insert_line(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
    line: &LineRow,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.put(
        "insert into order_lines (id, shop_id, order_id, product_id, sku_id, listing_version, title_en, title_zh, options, sku_code, picture, category, nature, quantity, unit_minor, goods_minor, shop_discount_minor, house_discount_minor, shipping_minor, tax_minor, commission_minor, parts, batches, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0, 0, 0, 0, 0, 0, $16, $17, $18)",
        p![
            line.id,
            shop,
            order,
            line.product,
            line.sku,
            line.listing_version,
            &line.title_en,
            &line.title_zh,
            &line.options,
            &line.sku_code,
            &line.picture,
            &line.category,
            &line.nature,
            line.price.quantity,
            line.price.unit_minor,
            &line.parts,
            &line.batches,
            now
        ],
    )
    .await?;
    change_line(tx, shop, line).await
}

/// Lines of orders which wait to be shipped and take pieces of a SKU: order, line; the newest first.
pub async fn short_of(
    tx: &mut Tx,
    shop: ShopId,
    sku: SkuId,
) -> Result<Vec<(OrderId, OrderLineId)>, DbError> {
    let part = format!("%\"sku\":\"{sku}\"%");
    tx.many(
        "select l.order_id, l.id
           from orders o
           join order_lines l on l.order_id = o.id and l.shop_id = o.shop_id
          where o.shop_id = $1
            and o.state in ('on_hold', 'awaiting_confirmation', 'awaiting_shipment')
            and l.shop_id = $1
            and l.parts like $2
          order by l.order_id desc, l.id desc",
        p![shop, part],
    )
    .await
}
