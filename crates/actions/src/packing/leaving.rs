//! What leaves the warehouse with a parcel, and what that makes of its order.

use std::collections::{BTreeMap, BTreeSet};

use rules::ids::{OrderId, OrderLineId, ParcelId, ShopId, SkuId};
use rules::orders::{Order, OrderCommand};
use rules::shipping::parcels::ParcelState;
use rules::time::Timestamp;
use store::orders::{LineRow, OrderForDecision};
use store::packing::Packing;
use store::parcels::Parcel;
use store::{Tx, orders, packing, parcels};

use super::table::{Table, may_be_packed, parts_of};
use crate::failure::{Failure, Refusal};
use crate::id_maker::IdRun;
use crate::market::{Market, Mode};
use crate::orders::{Setting, carry_out};
use crate::sandbox_carrier;

/// The parcels of an order which are closed and still here, the oldest first.
pub(crate) async fn ready_parcels(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
) -> Result<Vec<Parcel>, Failure> {
    let all = parcels::of_order(tx, shop, order).await?;
    Ok(all.into_iter().filter(|parcel| parcel.state.ready()).collect())
}

/// The parcel which is to leave: the wanted one, or the order's oldest which is ready.
///
/// # Errors
/// Refuses an order of which nothing is packed, or which waits for nothing to leave.
pub(crate) async fn to_leave(
    tx: &mut Tx,
    order: &Order,
    wanted: Option<ParcelId>,
) -> Result<Parcel, Failure> {
    may_be_packed(order, "ship")?;
    let ready = ready_parcels(tx, order.shop, order.id).await?;
    let mut found = ready.into_iter().filter(|parcel| wanted.is_none_or(|id| id == parcel.id));
    match found.next() {
        Some(parcel) => Ok(parcel),
        None => Err(Failure::refused("not_packed", "pack the order before you ship it")),
    }
}

/// A parcel is handed over, with all which share its box: each order moves, and one number serves them all.
/// `(order, before, after)` is the parcel which was asked for; answers its order as it is then.
pub(crate) async fn send_off(
    tx: &mut Tx,
    market: &Market,
    setting: &Setting,
    ids: &mut IdRun,
    (loaded, before, after): (&OrderForDecision, &Parcel, &Parcel),
) -> Result<Order, Failure> {
    let row = packing::load(tx, before.shop, before.id).await?.ok_or(Failure::NotFound)?;
    let order = one_leaves(tx, setting, ids, (loaded, before, after)).await?;
    // A box has the number which was made up for one of its parcels.
    let mut ours = sandbox_carrier::is_ours(&setting.policies, &loaded.market, after)?;
    for other in packing::of_box(tx, before.shop, row.box_id).await? {
        if other.id == before.id || other.left_at.is_some() {
            continue;
        }
        let parcel = parcels::load(tx, other.shop, other.id).await?.ok_or(Failure::NotFound)?;
        if !parcel.state.ready() {
            let says = "a parcel of another order in this box is open";
            return Err(Refusal::new("box_not_ready", says).fact("order", parcel.order).into());
        }
        let with = orders::load(tx, other.shop, other.order).await?.ok_or(Failure::NotFound)?;
        let theirs = Setting::of(market, &with, setting.actor, setting.now);
        let shipped = Parcel {
            id: parcel.id,
            order: parcel.order,
            weight_grams: parcel.weight_grams,
            version: parcel.version,
            created_at: parcel.created_at,
            ..after.clone()
        };
        ours |= sandbox_carrier::is_ours(&theirs.policies, &with.market, &shipped)?;
        one_leaves(tx, &theirs, ids, (&with, &parcel, &shipped)).await?;
    }
    // A number which was typed is reported on by whoever plays its carrier; one made up here, by the sandbox.
    if market.mode == Mode::Sandbox && ours {
        let now = setting.now;
        sandbox_carrier::take_over(tx, ids, &setting.policies, loaded, after, now).await?;
    }
    Ok(order)
}

async fn one_leaves(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    (loaded, before, after): (&OrderForDecision, &Parcel, &Parcel),
) -> Result<Order, Failure> {
    may_be_packed(&loaded.order, "ship")?;
    let command = command_for(tx, &loaded.order, before.id).await?;
    parcels::record(tx, before, after).await?;
    crate::figures::parcel_moved(tx, before, after, setting.now).await?;
    let order = carry_out(tx, setting, ids, loaded, command).await?;
    if command == OrderCommand::Ship {
        let loaded = orders::load(tx, order.shop, order.id).await?.ok_or(Failure::NotFound)?;
        return crate::parcels::catch_up(tx, setting, ids, &loaded, None).await;
    }
    Ok(order)
}

/// Whether with this parcel the last piece of the order leaves.
async fn command_for(
    tx: &mut Tx,
    order: &Order,
    parcel: ParcelId,
) -> Result<OrderCommand, Failure> {
    let table = Table::of(tx, order.shop, order.id).await?;
    let rest = table.wanted(None)?.iter().any(|wanted| wanted.missing() > 0);
    let others = table.packings.iter().any(|other| other.id != parcel && other.left_at.is_none());
    Ok(if rest || others { OrderCommand::ShipPart } else { OrderCommand::Ship })
}

/// Goods of one line: how many pieces of each SKU leave now, and how many of the line's pieces left before.
#[derive(Clone, Debug, Default)]
pub(crate) struct LeavingLine {
    pub now: BTreeMap<SkuId, i64>,
    pub before: i64,
}

/// Takes the goods of the order's parcels which were handed over, and have not left stock yet, as leaving; by line.
pub(crate) async fn goods_leave(
    tx: &mut Tx,
    order: &Order,
    now: Timestamp,
) -> Result<BTreeMap<OrderLineId, LeavingLine>, Failure> {
    let handed: BTreeSet<ParcelId> = parcels::of_order(tx, order.shop, order.id)
        .await?
        .into_iter()
        .filter(|parcel| parcel.state == ParcelState::HandedOver)
        .map(|parcel| parcel.id)
        .collect();
    let (mut leaving, mut gone) = (BTreeSet::new(), BTreeSet::new());
    for row in packing::of_orders(tx, order.shop, [order.id]).await? {
        if row.left_at.is_some() {
            gone.insert(row.id);
        } else if handed.contains(&row.id) {
            leaving.insert(row.id);
            packing::record(tx, &Packing { left_at: Some(now), ..row }).await?;
        }
    }
    let mut lines: BTreeMap<OrderLineId, LeavingLine> = BTreeMap::new();
    for item in packing::items_of(tx, order.shop, [order.id]).await? {
        let line = lines.entry(item.line).or_default();
        if leaving.contains(&item.parcel) {
            *line.now.entry(item.sku).or_insert(0) += item.count;
        } else if gone.contains(&item.parcel) {
            line.before += item.count;
        }
    }
    Ok(lines)
}

/// Pieces which have left with the order's parcels, by SKU.
pub(crate) async fn left_with_parcels(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
) -> Result<BTreeMap<SkuId, i64>, Failure> {
    let rows = packing::of_orders(tx, shop, [order]).await?;
    let gone: BTreeSet<ParcelId> =
        rows.into_iter().filter(|row| row.left_at.is_some()).map(|row| row.id).collect();
    let mut left = BTreeMap::new();
    for item in packing::items_of(tx, shop, [order]).await? {
        if gone.contains(&item.parcel) {
            *left.entry(item.sku).or_insert(0) += item.count;
        }
    }
    Ok(left)
}

/// Pieces which a line takes from stock, all SKUs together.
pub(crate) fn pieces_of(line: &LineRow) -> Result<i64, Failure> {
    Ok(parts_of(line)?.iter().map(|part| part.quantity).sum())
}
