//! Questions about shipping prices and promises, addresses and tracking numbers.

use rules::catalog::nature::{Care, Nature};
use rules::checkout::address::{self, Address, AddressUse};
use rules::policy::{MarketCode, Policies};
use rules::shipping::distance;
use rules::shipping::rates::{Offer, ParcelFacts, Size, rank};
use rules::shipping::tracking_numbers;
use rules::time::Timestamp;
use serde::Deserialize;
use toml::{Table, Value};

use super::money::{amount, minor};
use super::{Answer, Case, said, text};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parcel {
    from: MarketCode,
    to: MarketCode,
    weight_grams: i64,
    goods: String,
    #[serde(default)]
    holds: Vec<Care>,
    distance_km: Option<i64>,
    /// Both together tell the distance.
    from_postcode: Option<String>,
    to_postcode: Option<String>,
    /// Of one piece.
    #[serde(default)]
    sides_mm: [i64; 3],
    handed_over_at: Option<Timestamp>,
    /// Asks for this service instead of the best one.
    service: Option<String>,
}

/// The best service with price and promise, and which ones are excluded for which reason.
pub fn shipping(policies: &Policies, case: &Case) -> Answer {
    let facts: Parcel = case.facts()?;
    let currency = case.market(policies)?.currency;
    let parcel = parcel(&facts, minor(&facts.goods, currency)?);
    let ranking = rank(policies, case.market, &parcel);
    let wanted = |offer: &&Offer| match &facts.service {
        Some(service) => offer.service == *service,
        None => true,
    };
    let offer = ranking.offers.iter().find(wanted);
    let promise = offer.filter(|_| facts.handed_over_at.is_some());
    let promise = promise.map(|offer| (offer.promise_from, offer.promise_by));
    let excluded = |(service, why): &(String, rules::shipping::rates::Exclusion)| {
        (service.clone(), Value::String(why.code().to_owned()))
    };
    let excluded: Table = ranking.excluded.iter().map(excluded).collect();
    let order: Vec<Value> =
        ranking.offers.iter().map(|offer| Value::String(offer.service.clone())).collect();
    Ok(said([
        ("service", offer.and_then(|offer| text(&offer.service))),
        ("zone", offer.and_then(|offer| offer.zone.as_ref()).and_then(text)),
        ("charged_grams", offer.map(|offer| Value::Integer(offer.charged_grams))),
        ("price", offer.and_then(|offer| amount(offer.price_minor, currency))),
        ("promised_from", promise.and_then(|(from, _)| text(from))),
        ("promised_by", promise.and_then(|(_, by)| text(by))),
        ("offered", Some(Value::Array(order))),
        ("excluded", Some(Value::Table(excluded))),
    ]))
}

fn parcel(facts: &Parcel, goods_minor: i64) -> ParcelFacts {
    let holds = |care| facts.holds.contains(&care);
    ParcelFacts {
        from: facts.from,
        to: facts.to,
        weight_grams: facts.weight_grams,
        goods_minor,
        nature: Nature {
            fragile: holds(Care::Fragile),
            liquid: holds(Care::Liquid),
            battery: holds(Care::Battery),
            oversize: holds(Care::Oversize),
            durable: false,
        },
        size: Size::of(facts.sides_mm, 1),
        distance_km: facts.distance_km.or_else(|| {
            let (from, to) = (facts.from_postcode.as_ref()?, facts.to_postcode.as_ref()?);
            distance::between((facts.from, from), (facts.to, to))
        }),
        handed_over_at: facts.handed_over_at.unwrap_or(Timestamp::from_ms(0)),
    }
}

/// The address as it is kept, or what is wrong with which field.
pub fn address(policies: &Policies, case: &Case) -> Answer {
    let mut facts = case.facts.clone();
    facts.insert("country".to_owned(), Value::String(case.market.to_string()));
    let typed: Address = facts.try_into().map_err(|error| format!("facts: {error}"))?;
    match address::check(&typed, policies, AddressUse::Deliver) {
        Ok(kept) => Ok(said([
            ("name", text(kept.name)),
            ("phone", text(kept.phone)),
            ("region", text(kept.region)),
            ("postcode", text(kept.postcode)),
        ])),
        Err(faults) => {
            let fault = |fault: &address::AddressFault| {
                (fault.field.to_owned(), Value::String(fault.what.code().to_owned()))
            };
            let faults: Table = faults.iter().map(fault).collect();
            Ok(said([("wrong", Some(Value::Table(faults)))]))
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    carrier: String,
    number: String,
}

/// Whether a number can be the carrier's, and how it is kept.
pub fn tracking_number(policies: &Policies, case: &Case) -> Answer {
    let facts: Typed = case.facts()?;
    let shipping = policies.shipping(case.market);
    let carrier = shipping.carrier(&facts.carrier).ok_or("there is no such carrier")?;
    let kept = tracking_numbers::accept(carrier, &facts.number);
    Ok(said([("accepted", Some(Value::Boolean(kept.is_some()))), ("kept", kept.and_then(text))]))
}
