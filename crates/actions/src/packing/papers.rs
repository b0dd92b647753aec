//! What slips, labels and pick lists say, read for many orders in one snapshot.

use std::collections::BTreeMap;

use rules::ids::{OrderId, ShopId, SkuId, WarehouseId};
use rules::orders::OrderStateName;
use store::lists::orders::{ShopOrders, of_shop};
use store::orders::{LineRow, OrderRow, lines, show};
use store::packing::{Good, PackedItem, Packing, Serial};
use store::parcels::{self, Parcel};
use store::shops::{self, Shop, Warehouse};
use store::{Tx, packing};

use super::table::parts_of;
use crate::failure::Failure;
use crate::market::Market;

/// One parcel of an order, or the order itself while nothing of it is packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperParcel {
    pub order: OrderRow,
    pub lines: Vec<LineRow>,
    pub parcel: Option<Parcel>,
    pub packing: Option<Packing>,
    /// Of this parcel only.
    pub items: Vec<PackedItem>,
    pub serials: Vec<Serial>,
    /// The parcel's place among the order's, from 1, and how many there are.
    pub place: (usize, usize),
    /// Orders which share its box, its own among them.
    pub boxed: Vec<OrderId>,
}

/// The shop, its warehouses, and the parcels of these orders in the order asked; unknown orders are left out.
pub async fn papers(
    market: &Market,
    shop: ShopId,
    wanted: Vec<OrderId>,
) -> Result<(Shop, Vec<Warehouse>, Vec<PaperParcel>), Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let mut found = Vec::new();
            for order in &wanted {
                if let Some(row) = show(tx, shop, *order).await? {
                    of_order(tx, row, &mut found).await?;
                }
            }
            let home = shops::load(tx, shop).await?.ok_or(Failure::NotFound)?;
            Ok((home, shops::list_warehouses(tx, shop).await?, found))
        })
        .await
}

async fn of_order(
    tx: &mut Tx,
    order: OrderRow,
    found: &mut Vec<PaperParcel>,
) -> Result<(), Failure> {
    let rows = lines(tx, order.shop, order.id).await?;
    let parcels = parcels::of_order(tx, order.shop, order.id).await?;
    let base = PaperParcel {
        lines: rows,
        parcel: None,
        packing: None,
        items: Vec::new(),
        serials: Vec::new(),
        place: (1, 1),
        boxed: vec![order.id],
        order,
    };
    if parcels.is_empty() {
        found.push(base);
        return Ok(());
    }
    let (shop, id) = (base.order.shop, base.order.id);
    let packings = packing::of_orders(tx, shop, [id]).await?;
    let items = packing::items_of(tx, shop, [id]).await?;
    let serials = packing::serials_of(tx, shop, [id]).await?;
    let count = parcels.len();
    for (place, parcel) in parcels.into_iter().enumerate() {
        let row = packings.iter().find(|row| row.id == parcel.id).cloned();
        let boxed = match &row {
            Some(row) => {
                let all = packing::of_box(tx, shop, row.box_id).await?;
                all.iter().map(|row| row.order).collect()
            }
            None => vec![id],
        };
        let mine = |serial: &&Serial| serial.parcel == Some(parcel.id);
        found.push(PaperParcel {
            packing: row,
            items: items.iter().filter(|item| item.parcel == parcel.id).copied().collect(),
            serials: serials.iter().filter(mine).cloned().collect(),
            place: (place + 1, count),
            boxed,
            parcel: Some(parcel),
            ..base.clone()
        });
    }
    Ok(())
}

/// One SKU to be fetched, and for which orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickRow {
    pub good: Good,
    pub count: i64,
    /// With how many pieces each needs.
    pub orders: Vec<(OrderId, i64)>,
}

/// The pick list of one warehouse, in the order in which one walks: by shelf, then SKU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    pub warehouse: Option<Warehouse>,
    pub rows: Vec<PickRow>,
}

/// What these orders still need, warehouse by warehouse; without any, the oldest `most` orders which wait to be shipped.
/// Also answers the orders themselves. What is in a parcel is not fetched again.
pub async fn pick_list(
    market: &Market,
    shop: ShopId,
    wanted: Vec<OrderId>,
    most: i64,
) -> Result<(Vec<OrderId>, Vec<Picked>), Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let orders =
                if wanted.is_empty() { waiting(tx, shop, most).await? } else { wanted.clone() };
            let mut needs: BTreeMap<SkuId, Vec<(OrderId, i64)>> = BTreeMap::new();
            for order in &orders {
                for (sku, count) in still_needed(tx, shop, *order).await? {
                    needs.entry(sku).or_default().push((*order, count));
                }
            }
            let goods = packing::goods(tx, shop, needs.keys().copied()).await?;
            let houses = shops::list_warehouses(tx, shop).await?;
            Ok((orders, by_warehouse(goods, &mut needs, &houses)))
        })
        .await
}

/// The oldest orders first: they are due first.
async fn waiting(tx: &mut Tx, shop: ShopId, most: i64) -> Result<Vec<OrderId>, Failure> {
    let all = ShopOrders {
        states: vec![OrderStateName::AwaitingShipment, OrderStateName::PartiallyShipped],
        limit: most,
        ..ShopOrders::all()
    };
    let mut ids: Vec<OrderId> = of_shop(tx, shop, &all).await?.iter().map(|row| row.id).collect();
    ids.sort_unstable();
    Ok(ids)
}

async fn still_needed(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
) -> Result<BTreeMap<SkuId, i64>, Failure> {
    let mut need: BTreeMap<SkuId, i64> = BTreeMap::new();
    for line in lines(tx, shop, order).await? {
        for part in parts_of(&line)? {
            *need.entry(part.sku).or_insert(0) += part.quantity;
        }
    }
    for item in packing::items_of(tx, shop, [order]).await? {
        if let Some(count) = need.get_mut(&item.sku) {
            *count -= item.count;
        }
    }
    need.retain(|_, count| *count > 0);
    Ok(need)
}

fn by_warehouse(
    goods: Vec<Good>,
    needs: &mut BTreeMap<SkuId, Vec<(OrderId, i64)>>,
    houses: &[Warehouse],
) -> Vec<Picked> {
    let mut lists: BTreeMap<Option<WarehouseId>, Vec<PickRow>> = BTreeMap::new();
    for good in goods {
        // The same id may have been read twice: ids are asked for in powers of two.
        let Some(orders) = needs.remove(&good.sku) else { continue };
        let count = orders.iter().map(|(_, count)| count).sum();
        lists.entry(good.warehouse).or_default().push(PickRow { good, count, orders });
    }
    let house = |id: Option<WarehouseId>| houses.iter().find(|house| Some(house.id) == id).cloned();
    let mut picked = Vec::new();
    for (id, mut rows) in lists {
        rows.sort_by(|a, b| (&a.good.shelf, &a.good.code).cmp(&(&b.good.shelf, &b.good.code)));
        picked.push(Picked { warehouse: house(id), rows });
    }
    picked
}
