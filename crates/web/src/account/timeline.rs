//! An order's events and its parcel's scans as one timeline in words.

use rules::money::Money;
use rules::orders::OrderState;
use rules::time::Timestamp;
use serde_json::Value;
use store::events::EventSeen;
use store::parcels::ParcelEvent;

use crate::account::order::Shown;
use crate::account::order_page::carrier_name;
use crate::storefront::shopper::Shopper;
use crate::ui::badges::Tone;
use crate::ui::icons::Icon;
use crate::ui::timeline::TimelineEntry;
use crate::words::Msg;

/// Oldest first; what is expected comes last.
pub(super) fn entries(shopper: &Shopper, shown: &Shown) -> Vec<TimelineEntry> {
    let events = shown.events.iter().filter(|event| !told_by_a_scan(&event.kind));
    let events = events.map(|event| of_event(shopper, shown, event));
    let scans = shown.parcels.iter().flat_map(|(_, news)| news);
    let scans = scans.filter_map(|scan| of_scan(shopper, shown, scan));
    let mut all: Vec<TimelineEntry> = events.chain(scans).collect();
    all.sort_by_key(|entry| entry.at);
    all.extend(expected(shopper, shown));
    all
}

/// The carrier's own line says it already.
fn told_by_a_scan(kind: &str) -> bool {
    matches!(kind, "progressed" | "parcel_held" | "parcel_attempted" | "parcel_returning")
}

fn of_event(shopper: &Shopper, shown: &Shown, event: &EventSeen) -> TimelineEntry {
    let body: Value = serde_json::from_str(&event.body).unwrap_or_default();
    let (icon, tone, what) = match event.kind.as_str() {
        "placed" => (Icon::Basket, Tone::Quiet, Msg::EventPlaced),
        "paid" => (Icon::Wallet, Tone::Good, Msg::EventPaid),
        "check_needed" => (Icon::Flag, Tone::Soon, Msg::EventCheckNeeded),
        "confirmed" => (Icon::Check, Tone::Info, Msg::EventConfirmed),
        "dispatch_late" => (Icon::Warning, Tone::Soon, Msg::EventDispatchLate),
        "packed" => (Icon::Box, Tone::Info, Msg::EventPacked),
        "part_shipped" => (Icon::Package, Tone::Info, Msg::EventPartShipped),
        "shipped" => (Icon::Package, Tone::Info, Msg::EventShipped),
        "tracking_changed" => (Icon::Edit, Tone::Info, Msg::EventTrackingChanged),
        "collected" => (Icon::Truck, Tone::Info, Msg::EventCollected),
        "delivery_overdue" => (Icon::Warning, Tone::Soon, Msg::EventDeliveryOverdue),
        "delivered" => (Icon::Home, Tone::Good, Msg::EventDelivered),
        "completed" => (Icon::CheckCircle, Tone::Good, Msg::EventCompleted),
        "settled" => (Icon::Money, Tone::Quiet, Msg::EventSettled),
        "cancelled" => (Icon::Ban, Tone::Bad, Msg::EventCancelled),
        "paid_too_late" => (Icon::Return, Tone::Soon, Msg::EventPaidTooLate),
        "cancel_asked" => (Icon::Question, Tone::Soon, Msg::CareEventCancelAsked),
        "cancel_refused" => (Icon::Ban, Tone::Soon, Msg::CareEventCancelRefused),
        "cancel_withdrawn" => (Icon::Check, Tone::Quiet, Msg::CareEventCancelWithdrawn),
        "shortage_found" => (Icon::Warning, Tone::Soon, Msg::CareEventShortageFound),
        "substitute_offered" => (Icon::Question, Tone::Soon, Msg::CareEventSubstituteOffered),
        "substitute_accepted" => (Icon::Check, Tone::Good, Msg::CareEventSubstituteAccepted),
        "shortage_refunded" => (Icon::Refund, Tone::Info, Msg::CareEventShortageRefunded),
        "shortage_withdrawn" => (Icon::Check, Tone::Good, Msg::CareEventShortageWithdrawn),
        "partly_refunded" => (Icon::Refund, Tone::Info, Msg::CareEventPartlyRefunded),
        "rest_dropped" => (Icon::Refund, Tone::Info, Msg::CareEventRestDropped),
        "case_opened" => (Icon::Hand, Tone::Soon, Msg::EventCaseOpened),
        "case_closed" => (Icon::Check, Tone::Quiet, Msg::EventCaseClosed),
        "paid_more" => (Icon::Wallet, Tone::Good, Msg::CareEventPaidMore),
        "shop_wrote" | "buyer_wrote" => (Icon::Info, Tone::Info, Msg::CareEventWrote),
        "address_proposed" => (Icon::Pin, Tone::Soon, Msg::CareEventAddressProposed),
        "address_corrected" => (Icon::Pin, Tone::Good, Msg::CareEventAddressCorrected),
        "address_refused" => (Icon::Pin, Tone::Quiet, Msg::CareEventAddressRefused),
        "flag_resolved" => (Icon::Flag, Tone::Quiet, Msg::CareEventFlagResolved),
        "refunded" => (Icon::Refund, Tone::Good, Msg::EventRefunded),
        _ => (Icon::Info, Tone::Quiet, Msg::EventOther),
    };
    TimelineEntry {
        at: event.created_at,
        icon,
        tone,
        what: shopper.t(what),
        who: who(shopper, shown, &event.actor),
        why: why(shopper, &event.kind, &body),
    }
}

/// Empty for the clock: the timeline then says that it happened by itself.
fn who(shopper: &Shopper, shown: &Shown, actor: &str) -> String {
    match actor.split(':').next().unwrap_or_default() {
        "buyer" => shopper.t(Msg::WhoYou),
        "staff" => shown.shop.name.clone(),
        "house" => shopper.t(Msg::HouseName),
        "carrier" => carrier_name(shopper, &shown.order),
        "provider" => shopper.t(Msg::WhoProvider),
        _ => String::new(),
    }
}

/// The facts of the event which a buyer wants to know: why it ended, how much came back.
fn why(shopper: &Shopper, kind: &str, body: &Value) -> String {
    let r = &shopper.reader;
    let refund = serde_json::from_value::<Money>(body["refund"].clone()).ok();
    let refund = refund.filter(|refund| refund.minor > 0);
    let refund = refund.map(|money| r.with(Msg::EventRefund, &[("amount", r.money(money).into())]));
    let reason = (kind == "cancelled").then(|| {
        let code = body["reason"].as_str().unwrap_or_default().replace('_', "-");
        Msg::named(&format!("cancel-reason-{code}")).map(|msg| shopper.t(msg))
    });
    let part = (kind == "partly_refunded").then(|| {
        let code = body["reason"].as_str().unwrap_or_default().replace('_', "-");
        Msg::named(&format!("care-back-{code}")).map(|msg| format!("{} ·", shopper.t(msg)))
    });
    let until = (kind == "paid").then(|| {
        let until = serde_json::from_value::<Timestamp>(body["until"].clone()).ok()?;
        Some(r.with(Msg::EventCancelFree, &[("moment", r.moment(until).into())]))
    });
    let number = (kind == "tracking_changed").then(|| {
        let number = body["to"].as_str().unwrap_or_default();
        r.with(Msg::EventNewNumber, &[("number", number.into())])
    });
    let parts = [reason.flatten(), part.flatten(), until.flatten(), number, refund];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// First and last scan are the order's own events already.
fn of_scan(shopper: &Shopper, shown: &Shown, scan: &ParcelEvent) -> Option<TimelineEntry> {
    let (icon, tone, what) = match scan.kind.as_str() {
        "moved" => (Icon::Pin, Tone::Quiet, Msg::ScanMoved),
        "out_for_delivery" => (Icon::Truck, Tone::Info, Msg::ScanOutForDelivery),
        "recognised" => (Icon::Scan, Tone::Quiet, Msg::ScanRecognised),
        "held" => (Icon::Pause, Tone::Soon, Msg::ScanHeld),
        "attempted" => (Icon::Hand, Tone::Soon, Msg::ScanAttempted),
        "returning" => (Icon::Return, Tone::Soon, Msg::ScanReturning),
        "returned" => (Icon::Return, Tone::Soon, Msg::ScanReturned),
        "damaged" => (Icon::Warning, Tone::Bad, Msg::ScanDamaged),
        "lost" => (Icon::Question, Tone::Bad, Msg::ScanLost),
        _ => return None,
    };
    let place = Msg::named(&format!("scan-place-{}", scan.place));
    Some(TimelineEntry {
        at: scan.happened_at,
        icon,
        tone,
        what: shopper.t(what),
        who: carrier_name(shopper, &shown.order),
        why: place.map_or_else(|| scan.place.clone(), |msg| shopper.t(msg)),
    })
}

/// While the parcel is still to come, the promise is the timeline's last line.
fn expected(shopper: &Shopper, shown: &Shown) -> Option<TimelineEntry> {
    let coming = match shown.order.state {
        OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. } => true,
        OrderState::Unpaid { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => false,
    };
    (coming && shown.order.promise_by > shopper.reader.now).then(|| TimelineEntry {
        at: shown.order.promise_by,
        icon: Icon::Home,
        tone: Tone::Quiet,
        what: shopper.t(Msg::EventExpected),
        who: carrier_name(shopper, &shown.order),
        why: String::new(),
    })
}
