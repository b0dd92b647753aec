//! Buying a label: the parcel gets its carrier, service and number before it is handed over.

use rules::ids::{OrderId, ParcelId};
use rules::shipping::overrides::ServiceOverride;
use rules::shipping::parcels::ParcelState;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::parcels::Parcel;
use store::{Tx, events, packing, parcels};

use super::leaving::to_leave;
use crate::failure::Failure;
use crate::market::Market;
use crate::orders::{IDS_A_COMMAND, OrderAsk, Setting, ShipOrder, happened, load, shipped_parcel};
use crate::requests::{self, Answered};

#[derive(Clone, Debug)]
pub struct BuyLabel {
    pub ask: OrderAsk,
    /// Nothing: the order's oldest parcel which is packed.
    pub parcel: Option<ParcelId>,
    /// The service's code; empty takes the one which the buyer was promised.
    pub service: String,
    /// Empty lets the sandbox carrier make one; a live market refuses that.
    pub tracking_number: String,
    /// Why it goes by another service than the promised one; needed then, and kept.
    pub instead: Option<ServiceOverride>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelAnswer {
    pub order: OrderId,
    pub parcel: ParcelId,
    pub carrier: String,
    pub service: String,
    pub tracking_number: String,
}

/// Gives a packed parcel, and all which share its box, a number of the carrier.
pub async fn buy_label(market: &Market, ask: BuyLabel) -> Result<Answered<LabelAnswer>, Failure> {
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            let request = ask.ask.request.as_ref();
            if let Some(answered) = requests::kept(tx, request).await? {
                return Ok(answered);
            }
            let loaded = load(tx, &ask.ask).await?;
            let setting = Setting::of(&here, &loaded, ask.ask.actor, now);
            let parcel = to_leave(tx, &loaded.order, ask.parcel).await?;
            if parcel.state == ParcelState::LabelBought {
                let says = "the parcel has its label already";
                return Err(Failure::refused("parcel_has_label", says));
            }
            let ship = ShipOrder {
                ask: ask.ask.clone(),
                service: ask.service.clone(),
                tracking_number: ask.tracking_number.clone(),
                instead: ask.instead.clone(),
            };
            let named = shipped_parcel(tx, &here, &setting, &loaded, &ship, &parcel).await?;
            let row = packing::load(tx, parcel.shop, parcel.id).await?.ok_or(Failure::NotFound)?;
            for other in packing::of_box(tx, parcel.shop, row.box_id).await? {
                let before =
                    parcels::load(tx, other.shop, other.id).await?.ok_or(Failure::NotFound)?;
                if before.state != ParcelState::Packed {
                    continue;
                }
                let labelled = Parcel {
                    state: ParcelState::LabelBought,
                    carrier: named.carrier.clone(),
                    service: named.service.clone(),
                    tracking_number: named.tracking_number.clone(),
                    override_reason: named.override_reason.clone(),
                    ..before.clone()
                };
                parcels::record(tx, &before, &labelled).await?;
            }
            let body = json!({ "parcel": parcel.id, "service": named.service, "number": named.tracking_number });
            let mut ids = block.start();
            let event =
                happened(&mut ids, &loaded.order, "label_bought", ask.ask.actor, body, now);
            events::insert(tx, &[event]).await?;
            let answer = LabelAnswer {
                order: loaded.order.id,
                parcel: parcel.id,
                carrier: named.carrier,
                service: named.service,
                tracking_number: named.tracking_number,
            };
            requests::keep(tx, request, &answer, now).await?;
            Ok(Answered::new(answer))
        })
        .await
}
