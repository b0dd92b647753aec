//! What carriers report. One contract serves the sandbox carrier, the API and signed webhooks.

use rules::ids::{ParcelId, ShopId};
use rules::orders::{CancelReason, Order, OrderCommand};
use rules::shipping::parcels::{CarrierNews, ParcelState};
use rules::time::Timestamp;
use serde_json::json;
use store::events::EventRow;
use store::orders::OrderForDecision;
use store::parcels::{Parcel, ParcelEvent};
use store::{Tx, events, orders, packing, parcels};

use crate::failure::Failure;
use crate::id_maker::IdRun;
use crate::market::{Actor, Market};
use crate::orders::{IDS_A_BOX, Setting, carry_out};

/// One piece of news. `carrier_ref` is the carrier's own name for it: the same one again changes nothing.
#[derive(Clone, Debug)]
pub struct TakeNews {
    pub shop: ShopId,
    pub parcel: ParcelId,
    pub carrier_ref: String,
    pub news: CarrierNews,
    pub place: String,
    pub happened_at: Timestamp,
}

/// Takes news of a parcel in and tells its order. Answers false for news which was known.
pub async fn take_news(market: &Market, ask: TakeNews) -> Result<bool, Failure> {
    // Each order of a box moves with it.
    let (now, block) = (market.now(), market.ids.block(IDS_A_BOX));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            let mut ids = block.start();
            let parcel = parcels::load(tx, ask.shop, ask.parcel).await?.ok_or(Failure::NotFound)?;
            if parcels::seen(tx, ask.shop, ask.parcel, &ask.carrier_ref).await? {
                return Ok(false);
            }
            for parcel in with_its_box(tx, parcel).await? {
                one_moves(tx, &here, &mut ids, &ask, (parcel, now)).await?;
            }
            Ok(true)
        })
        .await
}

/// The parcel, and those which travel under the same number.
async fn with_its_box(tx: &mut Tx, parcel: Parcel) -> Result<Vec<Parcel>, Failure> {
    let Some(row) = packing::load(tx, parcel.shop, parcel.id).await? else {
        return Ok(vec![parcel]);
    };
    let mut all = Vec::new();
    for other in packing::of_box(tx, parcel.shop, row.box_id).await? {
        if other.id != parcel.id
            && let Some(other) = parcels::load(tx, parcel.shop, other.id).await?
        {
            all.push(other);
        }
    }
    all.insert(0, parcel);
    Ok(all)
}

async fn one_moves(
    tx: &mut Tx,
    market: &Market,
    ids: &mut IdRun,
    ask: &TakeNews,
    (parcel, now): (Parcel, Timestamp),
) -> Result<(), Failure> {
    let loaded = orders::load(tx, ask.shop, parcel.order).await?.ok_or(Failure::NotFound)?;
    let after = moved(&parcel, ask.news, ask.happened_at, now);
    parcels::record(tx, &parcel, &after).await?;
    crate::figures::parcel_moved(tx, &parcel, &after, now).await?;
    let event = ParcelEvent {
        id: ids.take(),
        parcel: parcel.id,
        carrier_ref: ask.carrier_ref.clone(),
        kind: ask.news.code().to_owned(),
        place: ask.place.clone(),
        happened_at: ask.happened_at,
    };
    parcels::insert_event(tx, ask.shop, &event, now).await?;
    let setting = Setting::of(market, &loaded, Actor::Carrier, now);
    tell(tx, ids, &setting, ask, &loaded.order).await?;
    let progress = (after.progress_at > parcel.progress_at).then_some(after.progress_at);
    catch_up(tx, &setting, ids, &loaded, progress).await.map(drop)
}

/// Where a parcel is after a piece of news which is taken in now.
pub(crate) fn moved(
    parcel: &Parcel,
    news: CarrierNews,
    happened_at: Timestamp,
    now: Timestamp,
) -> Parcel {
    // A carrier's clock may run ahead of ours: nothing is known before it has happened.
    let at = happened_at.min(now);
    let way = parcel.way().after(news, at);
    let progress_at = match news {
        CarrierNews::Recognised => parcel.progress_at,
        _ => parcel.progress_at.max(at),
    };
    Parcel {
        state: way.state,
        news_at: way.news_at,
        recognised_at: way.recognised_at,
        progress_at,
        ..parcel.clone()
    }
}

/// The order follows its parcels: it is delivered with the last of them. `moved` is when the newest scan happened, where
/// there is a new one.
pub(crate) async fn catch_up(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    loaded: &OrderForDecision,
    moved: Option<Timestamp>,
) -> Result<Order, Failure> {
    let order = &loaded.order;
    let all = parcels::of_order(tx, order.shop, order.id).await?;
    // One which was packed with a rest that never left is no part of the way.
    let gone = all.into_iter().map(|parcel| parcel.state).filter(|state| state.has_left());
    let states: Vec<ParcelState> = gone.collect();
    match command_of(&states, moved, order) {
        Some(command) => carry_out(tx, setting, ids, loaded, command).await,
        None => Ok(order.clone()),
    }
}

/// What the buyer is told of at once although the order stays where it is.
async fn tell(
    tx: &mut Tx,
    ids: &mut IdRun,
    setting: &Setting,
    ask: &TakeNews,
    order: &Order,
) -> Result<(), Failure> {
    let Some(kind) = told_at_once(ask.news) else { return Ok(()) };
    if !on_its_way(order) {
        return Ok(());
    }
    let event = EventRow {
        id: ids.take(),
        home_id: ask.shop.number(),
        subject: "order",
        subject_id: order.id.number(),
        kind,
        actor: setting.actor.code(),
        body: json!({ "parcel": ask.parcel, "place": ask.place, "at": ask.happened_at })
            .to_string(),
        relay: true,
        created_at: setting.now,
    };
    Ok(events::insert(tx, &[event]).await?)
}

/// The kind of the event by which a buyer hears of news at once.
pub(crate) const fn told_at_once(news: CarrierNews) -> Option<&'static str> {
    match news {
        CarrierNews::Held => Some("parcel_held"),
        CarrierNews::Attempted => Some("parcel_attempted"),
        CarrierNews::Returning => Some("parcel_returning"),
        CarrierNews::Recognised
        | CarrierNews::Collected
        | CarrierNews::Moved
        | CarrierNews::OutForDelivery
        | CarrierNews::Delivered
        | CarrierNews::Lost
        | CarrierNews::Damaged
        | CarrierNews::Returned => None,
    }
}

pub(crate) fn on_its_way(order: &Order) -> bool {
    use rules::orders::OrderStateName as Name;
    matches!(order.state.name(), Name::AwaitingCollection | Name::InTransit)
}

/// What the parcels' places mean for their order. An order which has ended, or of which a part has not
/// left, hears nothing. `moved` is when the newest scan happened, where this news was one.
pub(crate) fn command_of(
    states: &[ParcelState],
    moved: Option<Timestamp>,
    order: &Order,
) -> Option<OrderCommand> {
    use rules::orders::OrderStateName as Name;
    if !on_its_way(order) || states.is_empty() {
        return None;
    }
    let all = |wanted: ParcelState| states.iter().all(|state| *state == wanted);
    if all(ParcelState::Delivered) {
        return Some(OrderCommand::Deliver);
    }
    // As long as one of several parcels may arrive, the order waits for it.
    if states.iter().all(|state| state.ended() && *state != ParcelState::Delivered) {
        let reason = if all(ParcelState::Returned) {
            CancelReason::ReturnedToSender
        } else if all(ParcelState::Damaged) {
            CancelReason::DamagedInTransit
        } else {
            CancelReason::LostInTransit
        };
        return Some(OrderCommand::CancelByCarrier { reason });
    }
    // A scan of one of them shows that the shop has handed over what it said; one which was brought before the last one
    // left shows nothing of that one.
    let scanned = states.contains(&ParcelState::InTransit)
        || (moved.is_some() && states.contains(&ParcelState::Delivered));
    match (order.state.name(), moved) {
        (Name::AwaitingCollection, _) if scanned => Some(OrderCommand::Collect),
        (Name::InTransit, Some(at)) => Some(OrderCommand::Progress { at }),
        (_, _) => None,
    }
}
