//! A part has left, and the rest never does: its money alone goes back, and the order goes on with what has left.

use std::collections::BTreeMap;

use rules::ids::{OrderLineId, SkuId};
use rules::orders::refunds::{Shares, of_units};
use rules::orders::{CancelledBy, Order, OrderCommand, OrderState, units_left_whole};
use rules::shipping::parcels::ParcelState;
use rules::time::Timestamp;
use store::orders::{LineRow, OrderForDecision};
use store::packing::Packing;
use store::parcels::Parcel;
use store::{Tx, orders, packing, parcels};

use super::{IDS_A_COMMAND, OrderAnswer, OrderAsk, Setting, carry_out, load};
use crate::failure::{Failure, Refusal};
use crate::goods::Part;
use crate::id_maker::IdRun;
use crate::market::{Actor, Market};
use crate::parcels::catch_up;
use crate::requests::{self, Answered};
use crate::shortages::{read_parts, text};

/// What has not left: the lines as they are without it, and its frozen shares.
pub(super) struct Rest {
    lines: Vec<LineRow>,
    part: Shares,
}

/// The shop cannot send the rest of an order of which a part has left. Its money goes back at once.
pub async fn drop_rest(market: &Market, ask: OrderAsk) -> Result<Answered<OrderAnswer>, Failure> {
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            if let Some(answered) = requests::kept(tx, ask.request.as_ref()).await? {
                return Ok(answered);
            }
            let loaded = load(tx, &ask).await?;
            let setting = Setting::of(&here, &loaded, ask.actor, now);
            let Some(rest) = rest_of(tx, &loaded).await? else {
                let says = "nothing of this order has left whole: cancel it instead";
                return Err(Refusal::new("nothing_has_left", says).into());
            };
            let what = (rest, CancelledBy::Shop);
            let order = give_up(tx, &setting, &mut block.start(), &loaded, what).await?;
            let answer = OrderAnswer::of(&order);
            requests::keep(tx, ask.request.as_ref(), &answer, now).await?;
            Ok(Answered::new(answer))
        })
        .await
}

/// The rest of an order whose grace is over. Nothing where nothing whole has left: then all of it is cancelled.
pub(super) async fn over(
    tx: &mut Tx,
    loaded: &OrderForDecision,
    command: OrderCommand,
    now: Timestamp,
) -> Result<Option<Rest>, Failure> {
    match loaded.order.state {
        OrderState::PartiallyShipped { cancel_at, .. }
            if command == OrderCommand::PassDeadline && cancel_at <= now =>
        {
            rest_of(tx, loaded).await
        }
        _ => Ok(None),
    }
}

async fn rest_of(tx: &mut Tx, loaded: &OrderForDecision) -> Result<Option<Rest>, Failure> {
    let order = &loaded.order;
    let gone = gone_by_line(tx, order).await?;
    let nothing = BTreeMap::new();
    let mut rest = Rest { lines: Vec::new(), part: Shares::NOTHING };
    let mut whole = 0;
    for mut line in orders::lines(tx, order.shop, order.id).await? {
        let of_line = gone.get(&line.id).unwrap_or(&nothing);
        let left_of = |sku: SkuId| of_line.get(&sku).copied().unwrap_or(0);
        let parts = read_parts(&line.parts)?;
        let pieces: Vec<(i64, i64)> =
            parts.iter().map(|part| (part.quantity, left_of(part.sku))).collect();
        let units = line.to_pack_count();
        let sent = units_left_whole(units, &pieces);
        whole += sent;
        if sent == units {
            continue;
        }
        let part = of_units(&line.left(loaded.tax_included), units - sent);
        line.back_count += units - sent;
        line.back = line.back.plus(part);
        let left = |part: Part| Part { quantity: left_of(part.sku), ..part };
        let left: Vec<Part> =
            parts.into_iter().map(left).filter(|part| part.quantity > 0).collect();
        line.parts = text(&left)?;
        rest.part = rest.part.plus(part);
        rest.lines.push(line);
    }
    Ok((whole > 0).then_some(rest))
}

/// Pieces which have left, by line and SKU.
async fn gone_by_line(
    tx: &mut Tx,
    order: &Order,
) -> Result<BTreeMap<OrderLineId, BTreeMap<SkuId, i64>>, Failure> {
    let rows = packing::of_orders(tx, order.shop, [order.id]).await?;
    let mut gone: BTreeMap<OrderLineId, BTreeMap<SkuId, i64>> = BTreeMap::new();
    for item in packing::items_of(tx, order.shop, [order.id]).await? {
        let left = rows.iter().any(|row| row.id == item.parcel && row.left_at.is_some());
        if left {
            *gone.entry(item.line).or_default().entry(item.sku).or_default() += item.count;
        }
    }
    Ok(gone)
}

/// Gives the rest up; the order then hears at once what its parcels have done meanwhile.
pub(super) async fn give_up(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    loaded: &OrderForDecision,
    (rest, by): (Rest, CancelledBy),
) -> Result<Order, Failure> {
    let (shop, id) = (loaded.order.shop, loaded.order.id);
    let command = OrderCommand::DropRest { part: rest.part, by };
    // First the order: its goods are free again by what its lines still say.
    carry_out(tx, setting, ids, loaded, command).await?;
    for line in &rest.lines {
        orders::give_line_back(tx, shop, line).await?;
    }
    take_out_of_boxes(tx, &loaded.order).await?;
    let loaded = orders::load(tx, shop, id).await?.ok_or(Failure::NotFound)?;
    // Whoever gave the rest up: that the parcels are on their way is the carrier's word.
    let told = Setting { actor: Actor::Carrier, policies: setting.policies.clone(), ..*setting };
    catch_up(tx, &told, ids, &loaded, None).await
}

/// What was packed of the rest lies on the table again, in no box with another order.
async fn take_out_of_boxes(tx: &mut Tx, order: &Order) -> Result<(), Failure> {
    for row in packing::of_orders(tx, order.shop, [order.id]).await? {
        if row.left_at.is_some() {
            continue;
        }
        packing::empty(tx, order.shop, row.id).await?;
        let parcel = parcels::load(tx, order.shop, row.id).await?.ok_or(Failure::NotFound)?;
        let opened = Parcel { state: ParcelState::Open, ..parcel.clone() };
        parcels::record(tx, &parcel, &opened).await?;
        let emptied = Packing { checked: None, packed_at: None, box_id: row.id, ..row };
        packing::record(tx, &emptied).await?;
    }
    Ok(())
}
