//! An order's states and events in words: what is waited for, what happens if nobody acts, what happened and who did it.

use std::collections::BTreeMap;

use rules::ids::PersonId;
use rules::money::Money;
use rules::orders::{CancelReason, OrderState};
use rules::time::Timestamp;
use serde_json::Value;
use store::events::EventSeen;

use crate::format::Reader;
use crate::ui::badges::Tone;
use crate::ui::icons::Icon;
use crate::ui::timeline::TimelineEntry;
use crate::words::Msg;

/// What happens by itself when the state's deadline comes; nothing where the order waits for nothing.
pub(super) fn consequence(reader: &Reader, state: OrderState) -> Option<String> {
    let msg = match state {
        OrderState::Unpaid { .. } => Msg::SellerThenUnpaid,
        OrderState::OnHold { .. } => Msg::SellerThenOnHold,
        OrderState::AwaitingConfirmation { .. } => Msg::SellerThenToConfirm,
        OrderState::AwaitingShipment { late: true, .. } => Msg::SellerThenLate,
        OrderState::AwaitingShipment { cancel_at, late: false, .. } => {
            let when = reader.moment(cancel_at);
            return Some(reader.with(Msg::SellerThenToShip, &[("cancel", when.into())]));
        }
        OrderState::PartiallyShipped { .. } => Msg::SellerThenRest,
        OrderState::AwaitingCollection { .. } => Msg::SellerThenAwaitingCollection,
        OrderState::InTransit { overdue: true, .. } => Msg::SellerThenLost,
        OrderState::InTransit { overdue: false, lost_at, .. } => {
            let when = reader.moment(lost_at);
            return Some(reader.with(Msg::SellerThenInTransit, &[("lost", when.into())]));
        }
        OrderState::Delivered { .. } => Msg::SellerThenDelivered,
        OrderState::Completed { .. } => Msg::SellerThenCompleted,
        OrderState::Settled | OrderState::Cancelled { .. } => return None,
    };
    Some(reader.t(msg).into_owned())
}

/// A shop's or the house's reason, in words.
pub(super) fn reason(reader: &Reader, reason: CancelReason) -> String {
    by_code(reader, "seller-reason", reason.code())
}

/// A text whose id ends with a code of ours; the code itself where there is none.
pub(super) fn by_code(reader: &Reader, family: &str, code: &str) -> String {
    let id = format!("{family}-{}", code.replace('_', "-"));
    Msg::named(&id).map_or_else(|| code.to_owned(), |msg| reader.t(msg).into_owned())
}

/// The order's events as its timeline, and the next deadline as what is still to come.
pub(super) fn timeline(
    reader: &Reader,
    events: &[EventSeen],
    names: &BTreeMap<PersonId, String>,
    state: OrderState,
) -> Vec<TimelineEntry> {
    // Each further scan stands under its parcel; here it would bury what people did.
    let events = events.iter().filter(|event| event.kind != "progressed");
    let mut entries: Vec<TimelineEntry> = events.map(|event| entry(reader, event, names)).collect();
    if let (Some(due), Some(why)) = (state.due_at(), consequence(reader, state)) {
        entries.push(TimelineEntry {
            at: due,
            icon: Icon::Clock,
            tone: Tone::Quiet,
            what: next(reader, state),
            who: String::new(),
            why,
        });
    }
    entries
}

/// What the order waits for, in two words.
fn next(reader: &Reader, state: OrderState) -> String {
    let msg = match state {
        OrderState::Unpaid { .. } => Msg::SellerNextUnpaid,
        OrderState::OnHold { .. } => Msg::SellerNextOnHold,
        OrderState::AwaitingConfirmation { .. } => Msg::SellerNextToConfirm,
        OrderState::AwaitingShipment { late: false, .. } => Msg::SellerNextToShip,
        OrderState::AwaitingShipment { late: true, .. } => Msg::SellerNextLate,
        OrderState::PartiallyShipped { .. } => Msg::SellerNextRest,
        OrderState::AwaitingCollection { .. } => Msg::SellerNextAwaitingCollection,
        OrderState::InTransit { overdue: false, .. } => Msg::SellerNextInTransit,
        OrderState::InTransit { overdue: true, .. } => Msg::SellerNextLost,
        OrderState::Delivered { .. } => Msg::SellerNextDelivered,
        OrderState::Completed { .. } => Msg::SellerNextCompleted,
        OrderState::Settled | OrderState::Cancelled { .. } => return String::new(),
    };
    reader.t(msg).into_owned()
}

fn entry(reader: &Reader, event: &EventSeen, names: &BTreeMap<PersonId, String>) -> TimelineEntry {
    let body: Value = serde_json::from_str(&event.body).unwrap_or(Value::Null);
    let (icon, tone) = look(&event.kind);
    TimelineEntry {
        at: event.created_at,
        icon,
        tone,
        what: happened(reader, &event.kind),
        who: who(reader, &event.actor, names),
        why: why(reader, &event.kind, &body),
    }
}

/// What happened; the events of orders which do not go straight through have words which buyers read too.
fn happened(reader: &Reader, kind: &str) -> String {
    let own = by_code(reader, "seller-event", kind);
    if own == kind { by_code(reader, "care-event", kind) } else { own }
}

fn look(kind: &str) -> (Icon, Tone) {
    match kind {
        "placed" => (Icon::Basket, Tone::Quiet),
        "paid" => (Icon::Money, Tone::Good),
        "check_needed" => (Icon::Flag, Tone::Soon),
        "confirmed" => (Icon::Check, Tone::Info),
        "dispatch_late" => (Icon::Warning, Tone::Bad),
        "packed" => (Icon::Box, Tone::Info),
        "label_bought" => (Icon::Tag, Tone::Info),
        "part_shipped" => (Icon::Package, Tone::Soon),
        "shipped" => (Icon::Package, Tone::Info),
        "collected" | "progressed" => (Icon::Truck, Tone::Info),
        "parcel_held" | "parcel_attempted" | "parcel_returning" => (Icon::Return, Tone::Soon),
        "tracking_changed" => (Icon::Edit, Tone::Info),
        "delivery_overdue" => (Icon::Warning, Tone::Soon),
        "delivered" => (Icon::Home, Tone::Good),
        "completed" => (Icon::CheckCircle, Tone::Good),
        "settled" => (Icon::Wallet, Tone::Good),
        "cancelled" => (Icon::Ban, Tone::Quiet),
        "refunded" | "partly_refunded" | "shortage_refunded" => (Icon::Refund, Tone::Quiet),
        "rest_dropped" => (Icon::Refund, Tone::Bad),
        "cancel_asked" | "substitute_offered" => (Icon::Question, Tone::Soon),
        "shortage_found" => (Icon::Warning, Tone::Soon),
        "substitute_accepted" | "shortage_withdrawn" | "paid_more" => (Icon::Check, Tone::Good),
        "flag_resolved" => (Icon::Flag, Tone::Quiet),
        "address_proposed" | "address_corrected" | "address_refused" => (Icon::Pin, Tone::Info),
        _ => (Icon::Info, Tone::Quiet),
    }
}

/// "Mei Chen, shop"; empty for what the clock did.
pub(super) fn who(reader: &Reader, actor: &str, names: &BTreeMap<PersonId, String>) -> String {
    let (side, person) = actor.split_once(':').unwrap_or((actor, ""));
    let side_words = match side {
        "clock" => return String::new(),
        "buyer" => Msg::SellerActorBuyer,
        "staff" => Msg::SellerActorStaff,
        "house" => Msg::SellerActorHouse,
        "carrier" => Msg::SellerActorCarrier,
        "provider" => Msg::SellerActorProvider,
        "bank" => Msg::SellerActorBank,
        other => return other.to_owned(),
    };
    let name = person.parse().ok().and_then(|id: PersonId| names.get(&id));
    match name {
        Some(name) => format!("{name} · {}", reader.t(side_words)),
        None => reader.t(side_words).into_owned(),
    }
}

/// The facts of an event's body as a sentence.
fn why(reader: &Reader, kind: &str, body: &Value) -> String {
    let until = body.get("until").and_then(Value::as_str).and_then(|t| Timestamp::parse(t).ok());
    let until = until.map(|at| reader.moment(at)).unwrap_or_default();
    let about_until = |msg| reader.with(msg, &[("until", until.as_str().into())]);
    match kind {
        "paid" => about_until(Msg::SellerWhyPaid),
        "check_needed" => about_until(Msg::SellerWhyCheckNeeded),
        "confirmed" => about_until(Msg::SellerWhyConfirmed),
        "dispatch_late" => about_until(Msg::SellerWhyDispatchLate),
        "packed" => super::packing_words::packed(reader, body),
        "part_shipped" => about_until(Msg::PackingWhyPartShipped),
        "completed" if body.get("by_buyer").and_then(Value::as_bool) == Some(true) => {
            about_until(Msg::SellerWhyCompletedByBuyer)
        }
        "completed" => about_until(Msg::SellerWhyCompleted),
        "settled" => settled(reader, body, &until),
        "tracking_changed" => {
            let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
            format!("{} → {}", text("from"), text("to"))
        }
        "cancelled" => cancelled(reader, body),
        "partly_refunded" | "rest_dropped" => went_back(reader, body),
        _ => String::new(),
    }
}

fn settled(reader: &Reader, body: &Value, until: &str) -> String {
    match amount(body, "reserve") {
        Some(reserve) if !reserve.is_zero() => reader.with(
            Msg::SellerWhySettled,
            &[("reserve", reader.money(reserve).into()), ("until", until.into())],
        ),
        Some(_) | None => String::new(),
    }
}

fn cancelled(reader: &Reader, body: &Value) -> String {
    let code = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut said = vec![by_code(reader, "seller-reason", code("reason"))];
    let fault = code("fault");
    if fault != "nobody" {
        said.push(by_code(reader, "seller-fault", fault));
    }
    if let Some(refund) = amount(body, "refund").filter(|refund| !refund.is_zero()) {
        said.push(reader.with(Msg::SellerWhyRefund, &[("amount", reader.money(refund).into())]));
    }
    said.join(" ")
}

/// Why a part went back, and how much.
fn went_back(reader: &Reader, body: &Value) -> String {
    let reason = body.get("reason").and_then(Value::as_str);
    let reason = reason.map(|code| by_code(reader, "care-back", code));
    let refund = amount(body, "refund").filter(|refund| !refund.is_zero());
    let refund = refund.map(|refund| {
        reader.with(Msg::SellerWhyRefund, &[("amount", reader.money(refund).into())])
    });
    reason.into_iter().chain(refund).collect::<Vec<_>>().join(" · ")
}

fn amount(body: &Value, name: &str) -> Option<Money> {
    serde_json::from_value(body.get(name)?.clone()).ok()
}
