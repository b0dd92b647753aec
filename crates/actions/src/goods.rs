//! The goods of an order: what its lines need of the stock, how they leave the warehouse and come back to it.
//!
//! Whether goods move is decided in `rules::orders`; this only carries it out.

use std::collections::BTreeMap;

use rules::ids::{OrderId, ShopId, SkuId};
use rules::orders::Order;
use rules::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::stock::Taken;
use store::{Tx, catalog, orders, stock};

use crate::failure::Failure;
use crate::packing;

/// What an order's lines take from stock, by SKU: bundles are taken apart at placement.
pub(crate) async fn parts_of_order(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
) -> Result<BTreeMap<SkuId, i64>, Failure> {
    let mut need = BTreeMap::new();
    for line in orders::lines(tx, shop, order).await? {
        let parts: Vec<Part> = serde_json::from_str(&line.parts)
            .map_err(|error| Failure::Broken(error.to_string()))?;
        for part in parts {
            *need.entry(part.sku).or_insert(0) += part.quantity;
        }
    }
    Ok(need)
}

/// Of these, what has not left with a parcel.
pub(crate) async fn parts_still_here(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
) -> Result<BTreeMap<SkuId, i64>, Failure> {
    let mut need = parts_of_order(tx, shop, order).await?;
    for (sku, left) in packing::left_with_parcels(tx, shop, order).await? {
        if let Some(count) = need.get_mut(&sku) {
            *count -= left;
        }
    }
    need.retain(|_, count| *count > 0);
    Ok(need)
}

/// Part of a line, as the order keeps it: which SKU's stock, how many pieces for the whole line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    pub sku: SkuId,
    pub quantity: i64,
}

/// The goods of the parcels which leave now: stock goes down, and each line keeps from which batches it was filled
/// (recalls need it).
pub(crate) async fn take_out(tx: &mut Tx, order: &Order, now: Timestamp) -> Result<(), Failure> {
    let leaving = packing::goods_leave(tx, order, now).await?;
    let mut need: BTreeMap<SkuId, i64> = BTreeMap::new();
    for (sku, count) in leaving.values().flat_map(|line| &line.now) {
        *need.entry(*sku).or_insert(0) += count;
    }
    let mut taken = stock::take_out(tx, order.shop, &need).await?;
    for line in orders::lines(tx, order.shop, order.id).await? {
        let Some(goods) = leaving.get(&line.id).filter(|goods| !goods.now.is_empty()) else {
            continue;
        };
        // What left the house is what sells well: the lists of the storefront go by it.
        let whole = packing::pieces_of(&line)?.max(1);
        let share = |pieces: i64| line.to_pack_count() * pieces / whole;
        let sold = share(goods.before + goods.now.values().sum::<i64>()) - share(goods.before);
        catalog::add_sold(tx, order.shop, line.product, sold).await?;
        let mut batches: Vec<serde_json::Value> = serde_json::from_str(&line.batches)
            .map_err(|error| Failure::Broken(error.to_string()))?;
        for (sku, count) in &goods.now {
            let mut missing = *count;
            for from in taken.iter_mut().filter(|from| from.sku == *sku && from.count > 0) {
                let count = from.count.min(missing);
                if count == 0 {
                    break;
                }
                from.count -= count;
                missing -= count;
                batches.push(json!({
                    "sku": sku, "batch": from.batch, "batch_code": from.batch_code,
                    "supplier": from.supplier, "count": count,
                }));
            }
        }
        orders::keep_batches(tx, order.shop, line.id, &json!(batches).to_string()).await?;
    }
    Ok(())
}

/// The goods come back: each batch has what it gave, and what never reached a buyer does not count as sold.
pub(crate) async fn put_back(tx: &mut Tx, order: &Order) -> Result<(), Failure> {
    let mut back: Vec<Taken> = Vec::new();
    for line in orders::lines(tx, order.shop, order.id).await? {
        let taken: Vec<Taken> = serde_json::from_str(&line.batches)
            .map_err(|error| Failure::Broken(error.to_string()))?;
        back.extend(taken);
        catalog::add_sold(tx, order.shop, line.product, -line.to_pack_count()).await?;
        // A recall of these batches must not look for their goods at a buyer who never had them.
        orders::keep_batches(tx, order.shop, line.id, "[]").await?;
    }
    Ok(stock::put_back(tx, order.shop, &back).await?)
}
