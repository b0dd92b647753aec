//! The goods of an order: what its lines need of the stock, how they leave the warehouse and come back to it.
//!
//! Whether goods move is decided in `rules::orders`; this only carries it out.

use std::collections::BTreeMap;

use rules::ids::{OrderId, ShopId, SkuId};
use rules::orders::Order;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::stock::Taken;
use store::{Tx, catalog, orders, stock};

use crate::failure::Failure;

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

/// Part of a line, as the order keeps it: which SKU's stock, how many pieces for the whole line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    pub sku: SkuId,
    pub quantity: i64,
}

/// The goods leave: stock goes down, and each line keeps from which batches it was filled (recalls need it).
pub(crate) async fn take_out(tx: &mut Tx, order: &Order) -> Result<(), Failure> {
    let need = parts_of_order(tx, order.shop, order.id).await?;
    let mut taken = stock::take_out(tx, order.shop, &need).await?;
    for line in orders::lines(tx, order.shop, order.id).await? {
        let parts: Vec<Part> = serde_json::from_str(&line.parts)
            .map_err(|error| Failure::Broken(error.to_string()))?;
        // What left the house is what sells well: the lists of the storefront go by it.
        catalog::add_sold(tx, order.shop, line.product, line.to_pack_count()).await?;
        let mut batches = Vec::new();
        for part in parts {
            let mut missing = part.quantity;
            for from in taken.iter_mut().filter(|from| from.sku == part.sku && from.count > 0) {
                let count = from.count.min(missing);
                if count == 0 {
                    break;
                }
                from.count -= count;
                missing -= count;
                batches.push(json!({
                    "sku": part.sku, "batch": from.batch, "batch_code": from.batch_code,
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
