//! Rates: what a service costs and promises for a parcel, and which one is best.
//!
//! What cannot take the parcel is answered too, with the reason, so that a shop sees why a service is not offered.

use crate::catalog::nature::{Care, Nature};
use crate::policy::{MarketCode, Service, ShippingPolicy};
use crate::time::{Span, Timestamp};

/// What matters of a parcel before it is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParcelFacts {
    pub from: MarketCode,
    pub to: MarketCode,
    /// Of all goods together.
    pub weight_grams: i64,
    /// What the goods cost after the shop's discounts, in the market's currency.
    pub goods_minor: i64,
    pub nature: Nature,
    /// From warehouse to address; nothing where nobody knows.
    pub distance_km: Option<i64>,
}

/// A service which takes the parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The service's code.
    pub service: String,
    /// The carrier's code.
    pub carrier: String,
    pub price_minor: i64,
    /// Calendar days from the hand-over.
    pub promise_min_days: i64,
    /// Calendar days from the hand-over.
    pub promise_max_days: i64,
}

impl Offer {
    /// The first and the last promised moment for a parcel handed over at that time.
    pub fn promise(&self, handed_over_at: Timestamp) -> (Timestamp, Timestamp) {
        let after = |days| handed_over_at + Span::from_days(days);
        (after(self.promise_min_days), after(self.promise_max_days))
    }
}

/// Why a service does not take a parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Exclusion {
    #[error("it takes no parcels from {from}")]
    NotFrom { from: MarketCode },
    #[error("it brings no parcels to {to}")]
    NotTo { to: MarketCode },
    #[error("it takes at most {most} g")]
    TooHeavy { most: i64 },
    #[error("it goes at most {most} km")]
    TooFar { most: i64 },
    #[error("it goes at most {most} km, and the distance is not known")]
    DistanceUnknown { most: i64 },
    #[error("it takes no goods which are {}", care.code())]
    Refuses { care: Care },
}

impl Exclusion {
    pub const fn code(self) -> &'static str {
        match self {
            Exclusion::NotFrom { .. } => "not_from",
            Exclusion::NotTo { .. } => "not_to",
            Exclusion::TooHeavy { .. } => "too_heavy",
            Exclusion::TooFar { .. } => "too_far",
            Exclusion::DistanceUnknown { .. } => "distance_unknown",
            Exclusion::Refuses { care: Care::Fragile } => "no_fragile",
            Exclusion::Refuses { care: Care::Liquid } => "no_liquid",
            Exclusion::Refuses { care: Care::Battery } => "no_battery",
            Exclusion::Refuses { care: Care::Oversize } => "no_oversize",
        }
    }
}

/// All services of a market for one parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranking {
    /// The best first: cheapest, among equals the one which promises sooner, then by code.
    pub offers: Vec<Offer>,
    /// Service code and reason, by code.
    pub excluded: Vec<(String, Exclusion)>,
}

pub fn rank(policy: &ShippingPolicy, parcel: &ParcelFacts) -> Ranking {
    let mut ranking = Ranking { offers: Vec::new(), excluded: Vec::new() };
    for service in policy.services.values() {
        match offer(service, parcel) {
            Ok(offer) => ranking.offers.push(offer),
            Err(reason) => ranking.excluded.push((service.code.clone(), reason)),
        }
    }
    let merit = |o: &Offer| (o.price_minor, o.promise_max_days, o.promise_min_days);
    // The services come by code, and the sort keeps that order among equals.
    ranking.offers.sort_by_key(merit);
    ranking
}

/// What a service asks and promises for the parcel, or the first reason why it does not take it.
pub fn offer(service: &Service, parcel: &ParcelFacts) -> Result<Offer, Exclusion> {
    if !service.from.contains(&parcel.from) {
        return Err(Exclusion::NotFrom { from: parcel.from });
    }
    if !service.to.contains(&parcel.to) {
        return Err(Exclusion::NotTo { to: parcel.to });
    }
    if parcel.weight_grams > service.max_weight_grams {
        return Err(Exclusion::TooHeavy { most: service.max_weight_grams });
    }
    match (service.max_distance_km, parcel.distance_km) {
        (Some(most), None) => return Err(Exclusion::DistanceUnknown { most }),
        (Some(most), Some(distance)) if distance > most => return Err(Exclusion::TooFar { most }),
        (Some(_), Some(_)) | (None, _) => {}
    }
    if let Some(care) = parcel.nature.refused_for(&service.refuses) {
        return Err(Exclusion::Refuses { care });
    }
    Ok(Offer {
        service: service.code.clone(),
        carrier: service.carrier.clone(),
        price_minor: price_minor(service, parcel.weight_grams, parcel.goods_minor),
        promise_min_days: service.promise_min_days,
        promise_max_days: service.promise_max_days,
    })
}

/// The first kilogram is in the base price, each further one begun costs `per_kg_minor`; goods of enough value go free.
fn price_minor(service: &Service, weight_grams: i64, goods_minor: i64) -> i64 {
    if service.free_over_minor.is_some_and(|least| goods_minor >= least) {
        return 0;
    }
    let further_kg = (weight_grams - 1).max(0) / 1_000;
    service.base_minor + further_kg * service.per_kg_minor
}
