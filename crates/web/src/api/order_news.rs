//! What happened to an order, as answers say it: parcels, refunds, the timeline.

use actions::Failure;
use rules::ids::{ParcelId, RefundId};
use rules::money::Money;
use rules::time::Timestamp;
use serde::Serialize;
use store::events::EventSeen;
use store::parcels::{Parcel, ParcelEvent};
use store::payments::Refund;
use utoipa::ToSchema;

use super::shapes::{IdText, MoneyJson, TimeText, json};

#[derive(Serialize, ToSchema)]
pub struct ParcelJson {
    #[schema(value_type = IdText)]
    id: ParcelId,
    /// `packed`, `handed_over`, `in_transit`, `delivered`, `lost`, `damaged` or `returned`.
    state: &'static str,
    carrier: String,
    service: String,
    tracking_number: String,
    weight_grams: i64,
    /// When the carrier first showed that it knows the number; null while the number may be made up.
    #[schema(value_type = Option<TimeText>)]
    recognised_at: Option<Timestamp>,
    /// When the shop handed it over; null while it is only packed.
    #[schema(value_type = Option<TimeText>)]
    handed_over_at: Option<Timestamp>,
    news: Vec<ParcelNewsJson>,
}

#[derive(Serialize, ToSchema)]
pub struct ParcelNewsJson {
    kind: String,
    place: String,
    #[schema(value_type = TimeText)]
    happened_at: Timestamp,
}

#[derive(Serialize, ToSchema)]
pub struct RefundJson {
    #[schema(value_type = IdText)]
    id: RefundId,
    #[schema(value_type = MoneyJson)]
    amount: Money,
    reason: String,
    /// When the provider sent it; null while it is on its way to the provider.
    #[schema(value_type = Option<TimeText>)]
    confirmed_at: Option<Timestamp>,
    #[schema(value_type = TimeText)]
    created_at: Timestamp,
}

#[derive(Serialize, ToSchema)]
pub struct EventJson {
    kind: String,
    /// `buyer`, `staff`, `house`, `clock`, `carrier` or `provider`.
    actor: String,
    /// What there is to say of it, by name.
    #[schema(value_type = Object)]
    facts: serde_json::Value,
    #[schema(value_type = TimeText)]
    happened_at: Timestamp,
}

pub fn parcel_json((parcel, events): (Parcel, Vec<ParcelEvent>)) -> ParcelJson {
    let news = |event: ParcelEvent| ParcelNewsJson {
        kind: event.kind,
        place: event.place,
        happened_at: event.happened_at,
    };
    ParcelJson {
        id: parcel.id,
        state: parcel.state.code(),
        carrier: parcel.carrier,
        service: parcel.service,
        tracking_number: parcel.tracking_number,
        weight_grams: parcel.weight_grams,
        recognised_at: parcel.recognised_at,
        handed_over_at: parcel.handed_over_at,
        news: events.into_iter().map(news).collect(),
    }
}

pub fn refund_json(refund: Refund) -> RefundJson {
    RefundJson {
        id: refund.id,
        amount: refund.amount,
        reason: refund.reason,
        confirmed_at: refund.confirmed_at,
        created_at: refund.created_at,
    }
}

/// An event without the number of the person who did it: the other side is a party, not a name.
pub fn event_json(event: EventSeen) -> Result<EventJson, Failure> {
    let actor = event.actor.split(':').next().unwrap_or_default().to_owned();
    Ok(EventJson {
        kind: event.kind,
        actor,
        facts: json(&event.body)?,
        happened_at: event.created_at,
    })
}
