//! The built-in carrier of a sandbox: it moves parcels along on the clock, and does what carriers do: it repeats itself,
//! tells things late and out of order, falls silent, breaks and loses parcels, and brings some back.
//!
//! It plays an outside party: its reports are jobs which sign a body and come in by the door of every carrier
//! ([`crate::carrier_reports`]). It knows a parcel by its number only; a number which was changed is unknown to it.

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

use crate::carrier_keys;
use crate::carrier_reports::{self, ReportedNews, take_report};
use crate::failure::Failure;
use crate::id_maker::IdRun;
use crate::market::Market;
use crate::secrets;

/// The way of one parcel, as a job's body: what is told now, and what follows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Round {
    pub carrier: String,
    pub number: String,
    pub now: Vec<Told>,
    /// What follows, in order, with the milliseconds from the telling before to this one.
    pub then: Vec<(Vec<Told>, i64)>,
    /// How many tellings came before: part of each reference.
    pub turn: u32,
}

/// One piece of news in a telling.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Told {
    pub news: CarrierNews,
    /// Milliseconds between the happening and the telling.
    #[serde(default)]
    pub late: i64,
    /// Says the same reference as the telling before: the carrier repeats itself.
    #[serde(default)]
    pub again: bool,
}

impl Told {
    const fn new(news: CarrierNews) -> Told {
        Told { news, late: 0, again: false }
    }
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

/// Whether the parcel goes under the number which the sandbox made up for it.
pub(crate) fn is_ours(policies: &Policies, of: &str, parcel: &Parcel) -> Result<bool, Failure> {
    let code = MarketCode::parse(of).map_err(|error| Failure::Broken(error.to_string()))?;
    let carrier = policies.shipping(code).carrier(&parcel.carrier);
    Ok(carrier.is_some_and(|known| made_up_number(known, parcel.id) == parcel.tracking_number))
}

/// The carrier takes the parcel over: it knows the number at once, and its first scan comes some hours later.
pub(crate) async fn take_over(
    tx: &mut Tx,
    ids: &mut IdRun,
    policies: &Policies,
    loaded: &OrderForDecision,
    parcel: &Parcel,
    now: Timestamp,
) -> Result<(), Failure> {
    let round = first_round(policies, &loaded.market, parcel)?;
    let body = serde_json::to_string(&round).map_err(|error| Failure::Broken(error.to_string()))?;
    let job = NewJob {
        id: ids.take(),
        home_id: parcel.shop.number(),
        kind: "carrier_report",
        subject_id: parcel.id.number(),
        body,
        due_at: now + FIRST_WORD,
    };
    Ok(jobs::insert(tx, &job, now).await?)
}

/// How long after the hand-over the carrier shows that it knows the number.
pub(crate) const FIRST_WORD: Span = Span::from_minutes(10);

/// What becomes of a parcel which is handed over, from the first word on.
pub(crate) fn first_round(
    policies: &Policies,
    of: &str,
    parcel: &Parcel,
) -> Result<Round, Failure> {
    let code = MarketCode::parse(of).map_err(|error| Failure::Broken(error.to_string()))?;
    let days = policies
        .shipping(code)
        .service(&parcel.service)
        .map_or(3, |service| service.promise_max_days);
    Ok(Round {
        carrier: parcel.carrier.clone(),
        number: parcel.tracking_number.clone(),
        now: vec![Told::new(CarrierNews::Recognised)],
        then: way(fate_of(parcel), days),
        turn: 0,
    })
}

/// The parcel's own id decides its fate, so that a second run of the act decides the same.
fn fate_of(parcel: &Parcel) -> u64 {
    let seed = (parcel.id.number() >> 3) + parcel.tracking_changes;
    seed.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32
}

/// What becomes of a parcel with this fate, in a service which promises so many days.
fn way(fate: u64, days: i64) -> Vec<(Vec<Told>, i64)> {
    use CarrierNews as N;
    let hour = Span::from_hours(1).ms();
    let travel = (days.max(1) * 24 * hour) - (fate % 20) as i64 * hour / 2;
    let first = (2 + (fate % 5) as i64) * hour;
    let one = |news| vec![Told::new(news)];
    let mut then = vec![(one(N::Collected), first), (one(N::Moved), travel / 2)];
    match fate % 100 {
        // Silent after its second scan, for good.
        0 | 50 => {}
        17 => then.push((one(N::Lost), travel)),
        34 => then.push((one(N::Damaged), travel / 4)),
        51 | 84 => {
            then.push((one(N::Attempted), travel / 3));
            then.push((one(N::Returning), 30 * hour));
            then.push((one(N::Returned), travel / 2));
        }
        // What happened first is told last.
        5..=9 => {
            then.push((one(N::Delivered), travel / 2));
            let late = |news, late| Told { late, ..Told::new(news) };
            let (out, moved) = (late(N::OutForDelivery, 6 * hour), late(N::Moved, 9 * hour));
            then.push((vec![out, moved], hour));
        }
        // Tells everything twice.
        10..=14 => {
            let twice = |news| vec![Told::new(news), Told { again: true, ..Told::new(news) }];
            then.push((twice(N::OutForDelivery), travel / 3));
            then.push((twice(N::Delivered), travel / 6));
        }
        15 | 16 => {
            then.push((one(N::Held), travel / 4));
            then.push((one(N::OutForDelivery), travel / 8));
            then.push((one(N::Delivered), travel / 8));
        }
        _ => {
            then.push((one(N::OutForDelivery), travel / 3));
            then.push((one(N::Delivered), travel / 6));
        }
    }
    then
}

/// Tells what is due, signed as a carrier signs it, and answers what follows and after how long.
pub(crate) async fn tell(
    market: &Market,
    job: i64,
    round: &Round,
    due_at: Timestamp,
) -> Result<Option<(Round, Span)>, Failure> {
    for news in pieces(job, round, due_at) {
        send(market, round.carrier.clone(), news).await?;
    }
    Ok(after(round))
}

/// The round after this one, and how much later it is told.
pub(crate) fn after(round: &Round) -> Option<(Round, Span)> {
    let (told, rest) = round.then.split_first()?;
    let (now, after_ms) = told.clone();
    let next = Round { now, then: rest.to_vec(), turn: round.turn + 1, ..round.clone() };
    Some((next, Span::from_ms(after_ms)))
}

/// What a round tells, piece by piece.
pub(crate) fn pieces(job: i64, round: &Round, due_at: Timestamp) -> Vec<ReportedNews> {
    let mut before = String::new();
    let mut pieces = Vec::with_capacity(round.now.len());
    for (place, told) in round.now.iter().enumerate() {
        let carrier_ref = match told.again {
            true => before.clone(),
            false => format!("sb-{job}-{}-{place}", round.turn),
        };
        before.clone_from(&carrier_ref);
        pieces.push(ReportedNews {
            tracking_number: round.number.clone(),
            carrier_ref,
            news: told.news,
            place: place_of(told.news).to_owned(),
            happened_at: due_at - Span::from_ms(told.late),
        });
    }
    pieces
}

async fn send(market: &Market, carrier: String, news: ReportedNews) -> Result<(), Failure> {
    let key = carrier_keys::sandbox_key(market, &carrier).await?;
    let body = serde_json::to_vec(&carrier_reports::Report { news: vec![news] })
        .map_err(|error| Failure::Broken(error.to_string()))?;
    let seconds = market.now().ms() / 1_000;
    let signature = secrets::report_signature(key.reveal(), seconds, &body);
    let header = format!("t={seconds},v1={signature}");
    match take_report(market, &carrier, &header, &body).await? {
        Some(_) => Ok(()),
        None => Err(Failure::Broken("the sandbox carrier's own signature was refused".to_owned())),
    }
}

const fn place_of(news: CarrierNews) -> &'static str {
    match news {
        CarrierNews::Recognised | CarrierNews::Collected => "depot",
        CarrierNews::Moved | CarrierNews::Held | CarrierNews::Returning => "hub",
        CarrierNews::OutForDelivery => "round",
        CarrierNews::Attempted | CarrierNews::Delivered => "door",
        CarrierNews::Damaged => "hub",
        CarrierNews::Returned => "sender",
        CarrierNews::Lost => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fate_begins_with_a_scan_and_a_hundred_have_everything_in_them() {
        let mut seen = std::collections::BTreeSet::new();
        for fate in 0..100 {
            let way = way(fate, 5);
            assert_eq!(way[0].0[0].news, CarrierNews::Collected);
            assert!(way.iter().all(|(_, after)| *after > 0), "{fate}");
            seen.extend(way.into_iter().flat_map(|(told, _)| told).map(|told| told.news));
        }
        seen.insert(CarrierNews::Recognised);
        assert_eq!(seen.len(), CarrierNews::ALL.len());
    }
}
