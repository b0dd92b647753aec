//! How large a SKU is: what carriers ask for beside its weight.

use rules::ids::{EventId, ShopId, SkuId};
use rules::time::Timestamp;
use serde_json::json;
use store::{Tx, catalog};

use super::{Happened, note};
use crate::failure::{Failure, FieldFault};
use crate::market::{Actor, Market};

pub use rules::catalog::shopify_csv::LONGEST_SIDE_MM;

/// Length, width and height of one piece as it is packed for sale, in millimetres. All three, or 0 for all: not measured.
pub async fn set_sides(
    market: &Market,
    actor: Actor,
    shop: ShopId,
    sku: SkuId,
    sides_mm: [i64; 3],
) -> Result<(), Failure> {
    let fields = ["length_mm", "width_mm", "height_mm"];
    let unknown = sides_mm == [0; 3];
    let least = if unknown { 0 } else { 1 };
    let wrong = |(field, side): (&str, i64)| {
        let says = format!("1 to {LONGEST_SIDE_MM} mm on all three sides, or nothing at all");
        (!(least..=LONGEST_SIDE_MM).contains(&side))
            .then(|| FieldFault::new(field, "out_of_range", says))
    };
    let faults: Vec<FieldFault> = fields.into_iter().zip(sides_mm).filter_map(wrong).collect();
    if !faults.is_empty() {
        return Err(Failure::Invalid(faults));
    }
    let measured = Measured { event: market.id(), actor, shop, sku, sides_mm, now: market.now() };
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            record_measured(tx, measured).await.map(drop)
        })
        .await
}

/// A SKU was measured, or a file says so.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    /// The event's.
    pub event: EventId,
    pub actor: Actor,
    pub shop: ShopId,
    pub sku: SkuId,
    /// Checked: all three above zero, or all 0.
    pub sides_mm: [i64; 3],
    pub now: Timestamp,
}

/// Answers whether the sides are others than before.
pub(crate) async fn record_measured(tx: &mut Tx, measured: Measured) -> Result<bool, Failure> {
    let Measured { event, actor, shop, sku, sides_mm, now } = measured;
    let found = catalog::load_sku(tx, shop, sku).await?.ok_or(Failure::NotFound)?;
    let before = catalog::load_sides(tx, shop, sku).await?.ok_or(Failure::NotFound)?;
    if before == sides_mm {
        return Ok(false);
    }
    catalog::record_sides(tx, shop, sku, sides_mm).await?;
    let body = json!({ "sku": sku, "before": before, "sides_mm": sides_mm });
    let subject_id = found.product.number();
    let (subject, kind) = ("product", "sku_measured");
    note(tx, Happened { id: event, shop, subject, subject_id, kind, actor, body, now }).await?;
    Ok(true)
}

/// As they were last measured; not found where the shop has no such SKU.
pub async fn sides_of(market: &Market, shop: ShopId, sku: SkuId) -> Result<[i64; 3], Failure> {
    let found = market
        .store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(catalog::load_sides(tx, shop, sku).await?))
        .await?;
    found.ok_or(Failure::NotFound)
}
