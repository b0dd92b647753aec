//! How large a SKU is: what carriers ask for beside its weight.

use rules::ids::{ShopId, SkuId};
use serde_json::json;
use store::{Tx, catalog};

use super::{Happened, note};
use crate::failure::{Failure, FieldFault};
use crate::market::{Actor, Market};

/// Millimetres: the longest side of anything a parcel service has ever heard of.
pub const LONGEST_SIDE_MM: i64 = 20_000;

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
    let (now, event) = (market.now(), market.id());
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            let found = catalog::load_sku(tx, shop, sku).await?.ok_or(Failure::NotFound)?;
            let before = catalog::load_sides(tx, shop, sku).await?.ok_or(Failure::NotFound)?;
            if before == sides_mm {
                return Ok(());
            }
            catalog::record_sides(tx, shop, sku, sides_mm).await?;
            let body = json!({ "sku": sku, "before": before, "sides_mm": sides_mm });
            let subject_id = found.product.number();
            let (subject, kind) = ("product", "sku_measured");
            note(tx, Happened { id: event, shop, subject, subject_id, kind, actor, body, now })
                .await
        })
        .await
}

/// As they were last measured; not found where the shop has no such SKU.
pub async fn sides_of(market: &Market, shop: ShopId, sku: SkuId) -> Result<[i64; 3], Failure> {
    let found = market
        .store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(catalog::load_sides(tx, shop, sku).await?))
        .await?;
    found.ok_or(Failure::NotFound)
}
