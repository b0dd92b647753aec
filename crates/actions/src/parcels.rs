//! What carriers report. The same contract serves the sandbox carrier, the API and, later, signed webhooks.

use rules::ids::{ParcelId, ShopId};
use rules::orders::OrderCommand;
use rules::shipping::parcels::{CarrierNews, ParcelState};
use rules::time::Timestamp;
use store::parcels::{Parcel, ParcelEvent};
use store::{Tx, orders, parcels};

use crate::failure::Failure;
use crate::market::{Actor, Market};
use crate::orders::{IDS_A_COMMAND, Setting, carry_out};

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
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            let mut ids = block.start();
            let parcel = parcels::load(tx, ask.shop, ask.parcel).await?.ok_or(Failure::NotFound)?;
            if parcels::seen(tx, ask.shop, ask.parcel, &ask.carrier_ref).await? {
                return Ok(false);
            }
            let loaded =
                orders::load(tx, ask.shop, parcel.order).await?.ok_or(Failure::NotFound)?;
            let state = parcel.state.after(ask.news);
            let progress_at = if ask.happened_at > parcel.progress_at {
                ask.happened_at
            } else {
                parcel.progress_at
            };
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
            if let Some(command) = command_of(state, &loaded.order) {
                let setting = Setting::of(&here, &loaded, Actor::Carrier, now);
                carry_out(tx, &setting, &mut ids, &loaded, command).await?;
            }
            Ok(true)
        })
        .await
}

/// What the parcel's new place means for its order. An order which has ended or gone further hears nothing.
fn command_of(state: ParcelState, order: &rules::orders::Order) -> Option<OrderCommand> {
    use rules::orders::OrderStateName as Name;
    match (state, order.state.name()) {
        (ParcelState::InTransit, Name::AwaitingCollection) => Some(OrderCommand::Collect),
        (ParcelState::Delivered, Name::AwaitingCollection | Name::InTransit) => {
            Some(OrderCommand::Deliver)
        }
        (
            ParcelState::Packed
            | ParcelState::HandedOver
            | ParcelState::InTransit
            | ParcelState::Delivered
            | ParcelState::Lost,
            _,
        ) => None,
    }
}
