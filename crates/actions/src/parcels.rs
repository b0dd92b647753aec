//! What carriers report. The same contract serves the sandbox carrier, the API and, later, signed webhooks.

use rules::ids::{ParcelId, ShopId};
use rules::orders::{Order, OrderCommand};
use rules::shipping::parcels::{CarrierNews, ParcelState};
use rules::time::Timestamp;
use store::orders::OrderForDecision;
use store::parcels::{Parcel, ParcelEvent};
use store::{Tx, orders, packing, parcels};

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
    let state = parcel.state.after(ask.news);
    let progress_at =
        if ask.happened_at > parcel.progress_at { ask.happened_at } else { parcel.progress_at };
    parcels::record(tx, &parcel, &Parcel { state, progress_at, ..parcel.clone() }).await?;
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
    catch_up(tx, &setting, ids, &loaded).await.map(drop)
}

/// The order follows its parcels: it is delivered with the last of them.
pub(crate) async fn catch_up(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    loaded: &OrderForDecision,
) -> Result<Order, Failure> {
    let order = &loaded.order;
    let all = parcels::of_order(tx, order.shop, order.id).await?;
    let states: Vec<ParcelState> = all.into_iter().map(|parcel| parcel.state).collect();
    match command_of(&states, order) {
        Some(command) => carry_out(tx, setting, ids, loaded, command).await,
        None => Ok(order.clone()),
    }
}

/// What the parcels' places mean for their order. An order which has ended, or of which a part has not left, hears
/// nothing.
fn command_of(states: &[ParcelState], order: &Order) -> Option<OrderCommand> {
    use rules::orders::OrderStateName as Name;
    let name = order.state.name();
    if states.is_empty() || !matches!(name, Name::AwaitingCollection | Name::InTransit) {
        return None;
    }
    if states.iter().all(|state| *state == ParcelState::Delivered) {
        return Some(OrderCommand::Deliver);
    }
    // One of them moving shows that the shop has handed over what it said.
    let moves =
        |state: &ParcelState| matches!(state, ParcelState::InTransit | ParcelState::Delivered);
    (name == Name::AwaitingCollection && states.iter().any(moves)).then_some(OrderCommand::Collect)
}
