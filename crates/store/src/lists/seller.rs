//! What the seller centre reads: work which waits, what is running out, and orders in a few words.

use rules::ids::{OrderId, PersonId, ProductId, ShopId, SkuId};
use rules::orders::OrderStateName;
use rules::time::Timestamp;

use super::orders::MOST_COUNTED;
use crate::catalog::LISTED;
use crate::db::{DbError, FromRow, Row, Tx};
use crate::id_lists::IdList;
use crate::p;
use crate::parcels::Parcel;

/// Orders which wait in one state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Up to one more than [`MOST_COUNTED`].
    pub count: i64,
    /// Of these: with a deadline before the moment asked about.
    pub soon: i64,
    /// Of these: the shop's dispatch deadline has passed.
    pub late: i64,
    /// The nearest deadline of them.
    pub soonest: Option<Timestamp>,
    /// The nearest deadline of those which are late.
    pub soonest_late: Option<Timestamp>,
}

/// Looks at the oldest thousand: deadlines run from placement on, so the nearest one is among them.
pub async fn waiting(
    tx: &mut Tx,
    shop: ShopId,
    state: OrderStateName,
    now: Timestamp,
    soon: Timestamp,
) -> Result<Waiting, DbError> {
    // The state stands in the text: only then an engine knows that the index of what is to be done holds all of them.
    let sql = format!(
        "select count(*),
                cast(coalesce(sum(case when due_at < $1 then 1 else 0 end), 0) as bigint),
                cast(coalesce(sum(case when ship_by_at <= $2 then 1 else 0 end), 0) as bigint),
                min(due_at),
                min(case when ship_by_at <= $2 then due_at end)
           from (select due_at, ship_by_at from orders where shop_id = $3 and state = '{}' order by id limit $4) as oldest",
        state.code()
    );
    let (count, soon, late, soonest, soonest_late) =
        tx.one(&sql, p![soon, now, shop, MOST_COUNTED + 1]).await?;
    Ok(Waiting { count, soon, late, soonest, soonest_late })
}

/// A listed SKU of which few are left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningOut {
    pub sku: SkuId,
    pub product: ProductId,
    pub title_en: String,
    pub title_zh: String,
    pub code: String,
    pub picture: String,
    pub left: i64,
}

impl FromRow for RunningOut {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            sku: row.get(0)?,
            product: row.get(1)?,
            title_en: row.get(2)?,
            title_zh: row.get(3)?,
            code: row.get(4)?,
            picture: row.get(5)?,
            left: row.get(6)?,
        })
    }
}

/// Listed SKUs with fewer than `below` left to sell, the emptiest first. Bundles have no stock of their own.
pub async fn running_out(
    tx: &mut Tx,
    shop: ShopId,
    below: i64,
    limit: i64,
) -> Result<Vec<RunningOut>, DbError> {
    tx.many(
        "select s.id, p.id, p.title_en, p.title_zh, s.code, p.picture, t.on_hand - t.reserved
           from products p
           join skus s on s.product_id = p.id and s.shop_id = p.shop_id
           join stock t on t.id = s.id and t.shop_id = s.shop_id
          where p.shop_id = $1
            and p.state = $2
            and s.state = 'active'
            and s.bundle = ''
            and t.on_hand - t.reserved < $3
          order by t.on_hand - t.reserved, s.id
          limit $4",
        p![shop, LISTED, below, limit],
    )
    .await
}

/// A line of an order in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderedThing {
    pub order: OrderId,
    pub title_en: String,
    pub title_zh: String,
    /// JSON, as on the line.
    pub options: String,
    pub sku_code: String,
    pub picture: String,
    pub quantity: i64,
    pub sku: SkuId,
    pub product: ProductId,
}

impl FromRow for OrderedThing {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            order: row.get(0)?,
            title_en: row.get(1)?,
            title_zh: row.get(2)?,
            options: row.get(3)?,
            sku_code: row.get(4)?,
            picture: row.get(5)?,
            quantity: row.get(6)?,
            sku: row.get(7)?,
            product: row.get(8)?,
        })
    }
}

/// What is in these orders of one shop, order by order.
pub async fn things_in(
    tx: &mut Tx,
    shop: ShopId,
    orders: impl IntoIterator<Item = OrderId>,
) -> Result<Vec<OrderedThing>, DbError> {
    let ids = IdList::of(orders);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select order_id, title_en, title_zh, options, sku_code, picture, quantity, sku_id, product_id
           from order_lines
          where shop_id = $1
            and order_id in ({})
          order by order_id, id",
        ids.places(2)
    );
    tx.many(&sql, &ids.after(shop)).await
}

/// The parcels of these orders of one shop, order by order: sorted by id alone an engine without statistics would walk all
/// parcels of the shop.
pub async fn parcels_of(
    tx: &mut Tx,
    shop: ShopId,
    orders: impl IntoIterator<Item = OrderId>,
) -> Result<Vec<Parcel>, DbError> {
    let ids = IdList::of(orders);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select {} from parcels where shop_id = $1 and order_id in ({}) order by order_id, id",
        crate::parcels::PARCEL,
        ids.places(2)
    );
    tx.many(&sql, &ids.after(shop)).await
}

/// How these people are called.
pub async fn names_of(
    tx: &mut Tx,
    people: impl IntoIterator<Item = PersonId>,
) -> Result<Vec<(PersonId, String)>, DbError> {
    let ids = IdList::of(people);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("select id, name from people where id in ({})", ids.places(1));
    tx.many(&sql, &ids.alone()).await
}
