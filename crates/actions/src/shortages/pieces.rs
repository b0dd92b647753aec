//! The pieces of a shortage: what leaves a line, what is reserved instead, what comes back to it.

use std::collections::BTreeMap;

use rules::ids::{OrderId, OrderLineId, ShopId, SkuId};
use rules::orders::shortages::pieces_of;
use serde::Serialize;
use store::catalog::SkuForSale;
use store::orders::{LineRow, OrderForDecision};
use store::shortages::Shortage;
use store::{Tx, catalog, orders, packing, stock};

use super::Substitute;
use crate::failure::{Failure, Refusal};
use crate::goods::Part;

/// What lies in a parcel is not missing: it is taken out of the parcel first.
pub(super) async fn not_packed(
    tx: &mut Tx,
    line: &LineRow,
    shop: ShopId,
    order: OrderId,
    left: &[Part],
) -> Result<(), Failure> {
    let mut packed = BTreeMap::new();
    for item in packing::items_of(tx, shop, [order]).await? {
        if item.line == line.id {
            *packed.entry(item.sku).or_insert(0) += item.count;
        }
    }
    let fits = |(sku, count): (&SkuId, &i64)| {
        let rest = left.iter().find(|part| part.sku == *sku).map_or(0, |part| part.quantity);
        *count <= rest
    };
    if packed.iter().all(fits) {
        return Ok(());
    }
    let says = "these pieces are in a parcel: take them out first";
    Err(Refusal::new("pieces_are_packed", says).fact("order", order).into())
}

/// Missing pieces are not in the warehouse either. A bundle has no stock of its own: its parts are counted by hand.
pub(super) async fn take_off_stock(
    tx: &mut Tx,
    shop: ShopId,
    shortage: &Shortage,
) -> Result<(), Failure> {
    let found = stock::load(tx, shop, [shortage.sku]).await?.remove(&shortage.sku);
    let bundle = catalog::load_sku(tx, shop, shortage.sku).await?;
    let Some(found) = found.filter(|_| bundle.is_none_or(|sku| sku.parts.is_empty())) else {
        return Ok(());
    };
    let count = (found.on_hand - shortage.missing_count).max(found.reserved);
    match stock::set_count(tx, shop, shortage.sku, count).await? {
        Ok(_) => Ok(()),
        Err(refused) => Err(crate::catalog::stock::count_refused(refused, count)),
    }
}

/// The SKU as it is sold now, with its pieces reserved.
pub(super) async fn for_sale(
    tx: &mut Tx,
    shop: ShopId,
    sku: SkuId,
    count: i64,
) -> Result<Substitute, Failure> {
    let found: Option<SkuForSale> = catalog::load_for_sale(tx, shop, &[sku]).await?.pop();
    let Some(sku) = found.filter(|sku| sku.for_sale) else {
        let refusal = Refusal::new("not_for_sale", "this is not for sale any more");
        return Err(refusal.fact("sku", sku).into());
    };
    let parts: Vec<Part> = if sku.parts.is_empty() {
        vec![Part { sku: sku.sku, quantity: count }]
    } else {
        let of = |part: &rules::catalog::bundles::BundlePart| Part {
            sku: part.sku,
            quantity: part.count * count,
        };
        sku.parts.iter().map(of).collect()
    };
    if let Err(short) = stock::reserve(tx, shop, &sum(&parts)).await? {
        let refusal = Refusal::new("sold_out", "not enough of this is left to offer it");
        return Err(refusal.fact("sku", short.sku).fact("left", short.left.max(0)).into());
    }
    Ok(Substitute {
        sku: sku.sku,
        product: sku.product,
        listing_version: sku.listing_version,
        options: text(&sku.options)?,
        nature: text(&sku.nature)?,
        title_en: sku.title_en,
        title_zh: sku.title_zh,
        sku_code: sku.code,
        picture: sku.picture,
        category: sku.category,
        unit_minor: sku.price_minor,
        parts,
    })
}

/// The pieces are there after all: promised to the line again.
pub(super) async fn found_again(
    tx: &mut Tx,
    loaded: &OrderForDecision,
    shortage: &Shortage,
) -> Result<(), Failure> {
    let order = &loaded.order;
    orders::hold(tx, order).await?;
    let mut line = line_of(tx, order.shop, order.id, shortage.line).await?;
    let sku = catalog::load_sku(tx, order.shop, line.sku).await?.ok_or(Failure::NotFound)?;
    let count = shortage.missing_count;
    let again: Vec<Part> = if sku.parts.is_empty() {
        vec![Part { sku: line.sku, quantity: count }]
    } else {
        let parts = sku.parts.iter();
        parts.map(|part| Part { sku: part.sku, quantity: part.count * count }).collect()
    };
    if let Err(short) = stock::reserve(tx, order.shop, &sum(&again)).await? {
        let says = "count the stock first: not that many are there";
        let refusal = Refusal::new("sold_out", says);
        return Err(refusal.fact("sku", short.sku).fact("left", short.left.max(0)).into());
    }
    let mut parts = read_parts(&line.parts)?;
    for part in again {
        match parts.iter_mut().find(|known| known.sku == part.sku) {
            Some(known) => known.quantity += part.quantity,
            None => parts.push(part),
        }
    }
    line.parts = text(&parts)?;
    line.short_count -= count;
    Ok(orders::give_line_back(tx, order.shop, &line).await?)
}

pub(super) async fn release_substitute(tx: &mut Tx, shortage: &Shortage) -> Result<(), Failure> {
    if shortage.substitute.is_empty() {
        return Ok(());
    }
    let substitute = read_substitute(&shortage.substitute)?;
    Ok(stock::release(tx, shortage.shop, &sum(&substitute.parts)).await?)
}

pub(super) async fn line_of(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
    line: OrderLineId,
) -> Result<LineRow, Failure> {
    let lines = orders::lines(tx, shop, order).await?;
    lines.into_iter().find(|known| known.id == line).ok_or(Failure::NotFound)
}

/// What `count` units of a line take from stock, and what the others do.
pub(crate) fn divide_parts(line: &LineRow, count: i64) -> Result<(Vec<Part>, Vec<Part>), Failure> {
    let units = line.to_pack_count();
    let (mut taken, mut left) = (Vec::new(), Vec::new());
    for part in read_parts(&line.parts)? {
        let (some, rest) = pieces_of(part.quantity, units, count);
        taken.push(Part { quantity: some, ..part });
        if rest > 0 {
            left.push(Part { quantity: rest, ..part });
        }
    }
    taken.retain(|part| part.quantity > 0);
    Ok((taken, left))
}

pub(crate) fn read_parts(json: &str) -> Result<Vec<Part>, Failure> {
    serde_json::from_str(json).map_err(|error| Failure::Broken(error.to_string()))
}

/// What is offered, as [`offer_substitute`] kept it.
pub fn read_substitute(json: &str) -> Result<Substitute, Failure> {
    serde_json::from_str(json).map_err(|error| Failure::Broken(error.to_string()))
}

pub(crate) fn sum(parts: &[Part]) -> BTreeMap<SkuId, i64> {
    let mut need = BTreeMap::new();
    for part in parts {
        *need.entry(part.sku).or_insert(0) += part.quantity;
    }
    need
}

pub(crate) fn text(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::Broken(error.to_string()))
}
