//! Carrier and tracking number of a parcel: named when it is shipped, corrected once and soon after.

use rules::ids::ParcelId;
use rules::policy::{MarketCode, Policies};
use rules::shipping::parcels::{ParcelState, may_change};
use rules::shipping::tracking_numbers;
use serde_json::json;
use store::events::EventRow;
use store::parcels::Parcel;
use store::{Tx, events, parcels};

use crate::failure::{Failure, Refusal};
use crate::market::{Market, Mode};
use crate::orders::{IDS_A_COMMAND, OrderAsk, Setting, happened, load};
use crate::requests::{self, Answered};
use crate::sandbox_carrier;

/// What a shop has named.
pub(crate) struct Chosen<'a> {
    pub service: &'a str,
    pub number: &'a str,
}

/// The same, checked.
pub(crate) struct Named {
    pub carrier: String,
    pub service: String,
    pub number: String,
}

/// The service's carrier and the number as it prints it, or what is wrong with them.
pub(crate) fn named(
    market: &Market,
    policies: &Policies,
    of: &str,
    chosen: &Chosen<'_>,
    parcel: ParcelId,
) -> Result<Named, Failure> {
    let code = market_of(of)?;
    let policy = policies.shipping(code);
    let Some(service) = policy.service(chosen.service) else {
        return Err(Failure::invalid(
            "service",
            "unknown_service",
            "the market has no such service",
        ));
    };
    let carrier = policy
        .carrier(&service.carrier)
        .ok_or_else(|| Failure::Broken(format!("service {} names no carrier", service.code)))?;
    let typed = chosen.number.trim();
    let number = if typed.is_empty() && market.mode == Mode::Sandbox {
        sandbox_carrier::made_up_number(carrier, parcel)
    } else {
        let wrong = || {
            let says = format!("this is not a tracking number of {}", carrier.name_en);
            Failure::invalid("tracking_number", "not_a_tracking_number", says)
        };
        tracking_numbers::accept(carrier, typed).ok_or_else(wrong)?
    };
    Ok(Named { carrier: carrier.code.clone(), service: service.code.clone(), number })
}

fn market_of(text: &str) -> Result<MarketCode, Failure> {
    MarketCode::parse(text).map_err(|error| Failure::Broken(error.to_string()))
}

/// A correction of what was named at shipping.
#[derive(Clone, Debug)]
pub struct ChangeTracking {
    pub ask: OrderAsk,
    pub parcel: ParcelId,
    /// The service's code; empty keeps the parcel's.
    pub service: String,
    pub tracking_number: String,
}

/// Corrects carrier or number of a shipped parcel: once, and within some days of the hand-over (policy). What the
/// carrier knew of the old number is forgotten, the timeline keeps the old number.
pub async fn change_tracking(
    market: &Market,
    ask: ChangeTracking,
) -> Result<Answered<ParcelId>, Failure> {
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            let request = ask.ask.request.as_ref();
            if let Some(answered) = requests::kept(tx, request).await? {
                return Ok(answered);
            }
            let mut ids = block.start();
            let loaded = load(tx, &ask.ask).await?;
            let setting = Setting::of(&here, &loaded, ask.ask.actor, now);
            let parcel = parcels::load(tx, ask.ask.shop, ask.parcel)
                .await?
                .filter(|parcel| parcel.order == ask.ask.order)
                .ok_or(Failure::NotFound)?;
            let after = changed(&here, &setting, &loaded.market, &ask, &parcel)?;
            parcels::record(tx, &parcel, &after).await?;
            crate::figures::parcel_moved(tx, &parcel, &after, now).await?;
            let body = json!({
                "parcel": parcel.id, "from": parcel.tracking_number, "to": after.tracking_number,
                "carrier": after.carrier, "service": after.service,
            });
            let order = &loaded.order;
            let event = happened(&mut ids, order, "tracking_changed", ask.ask.actor, body, now);
            events::insert(tx, &[EventRow { relay: true, ..event }]).await?;
            // The sandbox's carrier goes on under the new number where it brought the parcel under the old one.
            let ours = sandbox_carrier::is_ours(&setting.policies, &loaded.market, &parcel)?;
            if here.mode == Mode::Sandbox && ours {
                sandbox_carrier::take_over(tx, &mut ids, &setting.policies, &loaded, &after, now)
                    .await?;
            }
            requests::keep(tx, request, &parcel.id, now).await?;
            Ok(Answered::new(parcel.id))
        })
        .await
}

fn changed(
    market: &Market,
    setting: &Setting,
    of: &str,
    ask: &ChangeTracking,
    parcel: &Parcel,
) -> Result<Parcel, Failure> {
    let code = market_of(of)?;
    let allowed = setting.policies.orders(code).tracking_change();
    let (handed_over, changes) = (parcel.handed_over_at, parcel.tracking_changes);
    may_change(parcel.state, handed_over, changes, allowed, setting.now)?;
    let typed = ask.tracking_number.trim();
    if typed.is_empty() {
        let says = "type the number which is on the parcel";
        return Err(Failure::invalid("tracking_number", "missing", says));
    }
    let service = if ask.service.is_empty() { &parcel.service } else { &ask.service };
    let chosen = Chosen { service, number: typed };
    let named = named(market, &setting.policies, of, &chosen, parcel.id)?;
    if named.number == parcel.tracking_number && named.carrier == parcel.carrier {
        return Err(Refusal::new("same_number", "this is the parcel's number already").into());
    }
    Ok(Parcel {
        // Under the new number nobody has seen it yet; an order which is on its way stays so.
        state: ParcelState::HandedOver,
        carrier: named.carrier,
        service: named.service,
        tracking_number: named.number,
        recognised_at: None,
        news_at: setting.now,
        tracking_changes: parcel.tracking_changes + 1,
        ..parcel.clone()
    })
}
