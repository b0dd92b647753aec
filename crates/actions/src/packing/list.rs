//! Packing by list: the whole rest of an order in one parcel, confirmed by a person or found right by a program.

use rules::ids::ParcelId;
use rules::shipping::packing::PackingMode;
use rules::shipping::parcels::ParcelState;
use rules::time::Timestamp;
use serde_json::json;
use store::orders::OrderForDecision;
use store::packing::{PackedItem, Packing};
use store::{Tx, events, packing, parcels};

use super::table::{Table, may_be_packed, new_parcel};
use crate::failure::{Failure, Refusal};
use crate::id_maker::IdRun;
use crate::market::Actor;
use crate::orders::happened;
use crate::shortages;

/// Who packed what, when.
#[derive(Clone, Copy)]
pub(crate) struct Together {
    pub weight_grams: i64,
    pub actor: Actor,
    pub now: Timestamp,
}

/// Everything of the order which is in no parcel goes into one.
///
/// # Errors
/// Refuses in a shop which scans, and an order of which nothing is left to pack.
pub(crate) async fn pack_whole(
    tx: &mut Tx,
    ids: &mut IdRun,
    loaded: &OrderForDecision,
    together: Together,
) -> Result<ParcelId, Failure> {
    let Together { weight_grams, actor, now } = together;
    let order = &loaded.order;
    may_be_packed(order, "pack")?;
    let table = Table::of(tx, order.shop, order.id).await?;
    let wanted = table.wanted(None)?;
    if table.open().is_none() && wanted.iter().all(|w| w.missing() == 0) {
        // Nothing to pack and no parcel: all of it is missing. An empty parcel would be one which never leaves.
        shortages::nothing_short(tx, order.shop, order.id).await?;
        let refusal = Refusal::new("already_packed", "this order has its parcel already");
        return Err(refusal.fact("order", order.id).into());
    }
    if packing::mode(tx, order.shop).await? == PackingMode::Scan {
        let says = "this shop scans each piece: pack the order at the packing table";
        return Err(Refusal::new("scan_needed", says).fact("order", order.id).into());
    }
    if table.open().is_some() {
        let says = "a parcel of this order is open at the packing table";
        return Err(Failure::refused("other_parcel_open", says));
    }
    if let Some(line) = wanted.iter().find(|line| line.serials && line.missing() > 0) {
        let says = "its serial numbers are written down: scan them at the packing table";
        return Err(Refusal::new("serials_needed", says).fact("code", &line.code).into());
    }
    let parcel = new_parcel(ids.take(), order, ParcelState::Packed, weight_grams, now);
    parcels::insert(tx, &parcel).await?;
    let row = Packing {
        id: parcel.id,
        shop: order.shop,
        order: order.id,
        box_id: parcel.id,
        checked: Some(PackingMode::List),
        packed_by: actor.code(),
        photo: None,
        packed_at: Some(now),
        left_at: None,
        created_at: now,
    };
    packing::insert(tx, &row).await?;
    let mut contents = Vec::new();
    for piece in wanted.iter().filter(|piece| piece.missing() > 0) {
        let count = piece.missing();
        let item = PackedItem {
            parcel: parcel.id,
            order: order.id,
            line: piece.line,
            sku: piece.sku,
            count,
        };
        packing::put_in(tx, order.shop, ids.take(), &item, now).await?;
        contents.push(json!({ "sku": piece.code, "count": count }));
    }
    let body = json!({
        "parcel": parcel.id, "weight_grams": weight_grams, "checked": PackingMode::List.code(),
        "contents": contents,
    });
    let event = happened(ids, order, "packed", actor, body, now);
    events::insert(tx, &[event]).await?;
    Ok(parcel.id)
}
