//! Orders of one recipient which travel in one parcel under one number, and parting them again.

use rules::checkout::address::Address;
use rules::ids::{OrderId, ParcelId, ShopId};
use rules::policy::{MarketCode, PackingPolicy};
use rules::shipping::packing::{CombineRefusal, Traveller, combine};
use serde_json::json;
use store::orders::OrderForDecision;
use store::packing::Packing;
use store::{Tx, events, orders, packing};

use super::leaving::ready_parcels;
use super::table::may_be_packed;
use crate::failure::{Failure, Refusal};
use crate::market::{Actor, Market};
use crate::orders::{Setting, happened};

/// More ids than combining takes: one event an order, and no policy lets more than a hundred travel together.
const IDS: i64 = 128;

/// Packed orders which are to travel together.
#[derive(Clone, Debug)]
pub struct Combine {
    pub shop: ShopId,
    pub orders: Vec<OrderId>,
    pub actor: Actor,
}

/// Puts the packed parcels of these orders into one box; answers the box's first parcel.
///
/// # Errors
/// Refuses other addresses, too many orders, and orders of which nothing is packed or something is still missing.
pub async fn combine_orders(market: &Market, ask: Combine) -> Result<ParcelId, Failure> {
    let mut wanted = ask.orders.clone();
    wanted.sort_unstable();
    wanted.dedup();
    let (now, block) = (market.now(), market.ids.block(IDS));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            let mut travellers = Vec::new();
            let mut loaded = Vec::new();
            for order in &wanted {
                let found = orders::load(tx, ask.shop, *order).await?.ok_or(Failure::NotFound)?;
                travellers.push(traveller(tx, &found).await?);
                loaded.push(found);
            }
            let Some(first) = loaded.first() else { return Err(CombineRefusal::Alone.into()) };
            let policies = Setting::of(&here, first, ask.actor, now).policies;
            combine(&travellers, policy_of(&policies, first)?)?;
            let mut rows = Vec::new();
            for found in &loaded {
                may_be_packed(&found.order, "combine")?;
                rows.push(only_parcel(tx, found).await?);
            }
            let box_id = rows.first().map(|row: &Packing| row.id).ok_or(Failure::NotFound)?;
            let mut ids = block.start();
            let names: Vec<String> = wanted.iter().map(ToString::to_string).collect();
            for (row, found) in rows.into_iter().zip(&loaded) {
                packing::record(tx, &Packing { box_id, ..row }).await?;
                let body = json!({ "box": box_id, "orders": names });
                let event = happened(&mut ids, &found.order, "combined", ask.actor, body, now);
                events::insert(tx, &[event]).await?;
            }
            Ok(box_id)
        })
        .await
}

fn policy_of<'p>(
    policies: &'p rules::policy::Policies,
    loaded: &OrderForDecision,
) -> Result<&'p PackingPolicy, Failure> {
    let code =
        MarketCode::parse(&loaded.market).map_err(|error| Failure::Broken(error.to_string()))?;
    Ok(policies.packing(code))
}

async fn traveller(tx: &mut Tx, loaded: &OrderForDecision) -> Result<Traveller, Failure> {
    let order = &loaded.order;
    let row = orders::show(tx, order.shop, order.id).await?.ok_or(Failure::NotFound)?;
    let address: Address =
        serde_json::from_str(&row.address).map_err(|error| Failure::Broken(error.to_string()))?;
    Ok(Traveller { order: order.id, shop: order.shop, address, service: row.service })
}

/// The packing of an order which lies in one closed parcel without a label.
async fn only_parcel(tx: &mut Tx, loaded: &OrderForDecision) -> Result<Packing, Failure> {
    let order = &loaded.order;
    let ready = ready_parcels(tx, order.shop, order.id).await?;
    let not_packed = || {
        let says = "pack each order whole, in one parcel, before you combine them";
        Failure::from(Refusal::new("combine_not_packed", says).fact("order", order.id))
    };
    let [parcel] = ready.as_slice() else { return Err(not_packed()) };
    if parcel.state != rules::shipping::parcels::ParcelState::Packed {
        let says = "the parcel has its label already";
        return Err(Failure::refused("parcel_has_label", says));
    }
    packing::load(tx, order.shop, parcel.id).await?.ok_or_else(not_packed)
}

/// Each order of the box travels alone again.
pub async fn part_orders(
    market: &Market,
    shop: ShopId,
    order: OrderId,
    actor: Actor,
) -> Result<(), Failure> {
    let (now, block) = (market.now(), market.ids.block(IDS));
    market
        .store
        .write(async move |tx: &mut Tx| {
            let mine = packing::of_orders(tx, shop, [order]).await?;
            let together = mine.into_iter().rfind(|row| row.left_at.is_none());
            let box_id = together.ok_or(Failure::NotFound)?.box_id;
            let mut ids = block.start();
            for row in packing::of_box(tx, shop, box_id).await? {
                if row.left_at.is_some() {
                    let says = "the box has left";
                    return Err(Failure::refused("parcel_has_left", says));
                }
                let found = orders::load(tx, shop, row.order).await?.ok_or(Failure::NotFound)?;
                let alone = row.id;
                packing::record(tx, &Packing { box_id: alone, ..row }).await?;
                let body = json!({ "parcel": alone });
                let event = happened(&mut ids, &found.order, "parted", actor, body, now);
                events::insert(tx, &[event]).await?;
            }
            Ok(())
        })
        .await
}

impl From<CombineRefusal> for Failure {
    fn from(refusal: CombineRefusal) -> Self {
        let said = Refusal::new(refusal.code(), refusal.to_string());
        Failure::Refused(match refusal {
            CombineRefusal::Alone => said,
            CombineRefusal::TooMany { most } => said.fact("most", most),
            CombineRefusal::OtherAddress { order } | CombineRefusal::OtherShop { order } => {
                said.fact("order", order)
            }
        })
    }
}
