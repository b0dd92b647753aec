//! The built-in carrier of a sandbox: it moves parcels along on the clock, loses one in fifty, and repeats itself.
//!
//! It plays an outside party: what it reports are jobs which come back through `parcels::take_news`.

use rules::ids::ParcelId;
use rules::policy::{Carrier, MarketCode, Policies};
use rules::shipping::parcels::CarrierNews;
use rules::shipping::tracking_numbers;
use rules::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use store::jobs::NewJob;
use store::orders::OrderForDecision;
use store::parcels::Parcel;
use store::{Tx, jobs};

use crate::failure::Failure;
use crate::id_maker::IdRun;

/// One report, as a job's body.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    pub news: CarrierNews,
    pub place: String,
    /// What follows, in order, with the time from this report to the next.
    pub then: Vec<(CarrierNews, i64)>,
}

/// A number with the carrier's own check digit or shape, made of the parcel's id.
pub(crate) fn made_up_number(carrier: &Carrier, parcel: ParcelId) -> String {
    let serial = (parcel.number() >> 2).unsigned_abs();
    if let Some(check) = carrier.tracking_checks.first() {
        return tracking_numbers::made_up(*check, serial);
    }
    match carrier.tracking_masks.first() {
        Some(mask) => mask.filled(serial),
        None => format!("SB{serial}"),
    }
}

/// The carrier takes the parcel over: its first scan comes some hours later.
pub(crate) async fn take_over(
    tx: &mut Tx,
    ids: &mut IdRun,
    policies: &Policies,
    loaded: &OrderForDecision,
    parcel: &Parcel,
    now: Timestamp,
) -> Result<(), Failure> {
    let code =
        MarketCode::parse(&loaded.market).map_err(|error| Failure::Broken(error.to_string()))?;
    let days = policies
        .shipping(code)
        .service(&parcel.service)
        .map_or(3, |service| service.promise_max_days);
    // The parcel's own id decides its fate, so that a second run of the act decides the same.
    let fate = (parcel.id.number() >> 3).unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    let hour = Span::from_hours(1).ms();
    let travel = (days.max(1) * 24 * hour) - (fate % 20) as i64 * hour / 2;
    let mut then = vec![(CarrierNews::Moved, travel / 2)];
    if !fate.is_multiple_of(50) {
        then.push((CarrierNews::OutForDelivery, travel / 3));
        then.push((CarrierNews::Delivered, travel / 6));
    }
    let report = Report { news: CarrierNews::Collected, place: "depot".to_owned(), then };
    let after = Span::from_ms((2 + (fate % 5) as i64) * hour);
    report_later(tx, ids, parcel.shop.number(), parcel.id, &report, now + after, now).await
}

pub(crate) async fn report_later(
    tx: &mut Tx,
    ids: &mut IdRun,
    home_id: i64,
    parcel: ParcelId,
    report: &Report,
    due_at: Timestamp,
    now: Timestamp,
) -> Result<(), Failure> {
    let body = serde_json::to_string(report).map_err(|error| Failure::Broken(error.to_string()))?;
    let job = NewJob {
        id: ids.take(),
        home_id,
        kind: "carrier_report",
        subject_id: parcel.number(),
        body,
        due_at,
    };
    Ok(jobs::insert(tx, &job, now).await?)
}

/// The report after this one, and how long it takes.
pub(crate) fn next_report(report: &Report) -> Option<(Report, Span)> {
    let mut then = report.then.clone();
    if then.is_empty() {
        return None;
    }
    let (news, after_ms) = then.remove(0);
    let place = match news {
        CarrierNews::Collected => "depot",
        CarrierNews::Moved => "hub",
        CarrierNews::OutForDelivery => "round",
        CarrierNews::Delivered => "door",
        CarrierNews::Lost => "unknown",
    };
    Some((Report { news, place: place.to_owned(), then }, Span::from_ms(after_ms)))
}
