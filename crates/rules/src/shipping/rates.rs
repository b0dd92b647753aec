//! Rates: what a service costs and promises for a parcel, and which one is best.
//!
//! What cannot take the parcel is answered too, with the reason, so that a shop sees why a service is not offered.

use crate::catalog::nature::{Care, Nature};
use crate::money::part_bp;
use crate::policy::{MarketCode, Policies, Service, Zone};
use crate::shipping::promise::{Calendar, promise};
use crate::time::Timestamp;

/// The size of goods, in millimetres and cubic centimetres; all 0 where nobody has measured them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// The longest side of any piece.
    pub length_mm: i64,
    /// The longest side and the girth around the other two, of the piece where they are most together.
    pub length_and_girth_mm: i64,
    /// Of all pieces together, without the box.
    pub volume_cm3: i64,
}

impl Size {
    /// So many pieces with these three sides, in any order, in millimetres.
    pub fn of(sides_mm: [i64; 3], pieces: i64) -> Size {
        let mut sides = sides_mm.map(|side| side.max(0));
        sides.sort_unstable();
        let [height, width, length] = sides;
        // A side which is not known makes the whole unknown: half a box tells nothing.
        if height == 0 {
            return Size::default();
        }
        let volume_mm3 = length.saturating_mul(width).saturating_mul(height);
        Size {
            length_mm: length,
            length_and_girth_mm: length + 2 * (width + height),
            volume_cm3: volume_mm3.saturating_mul(pieces).saturating_add(999) / 1_000,
        }
    }

    /// Both in one parcel.
    #[must_use]
    pub fn together(self, other: Size) -> Size {
        Size {
            length_mm: self.length_mm.max(other.length_mm),
            length_and_girth_mm: self.length_and_girth_mm.max(other.length_and_girth_mm),
            volume_cm3: self.volume_cm3.saturating_add(other.volume_cm3),
        }
    }
}

/// What matters of a parcel before it is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParcelFacts {
    pub from: MarketCode,
    pub to: MarketCode,
    /// Of all goods together.
    pub weight_grams: i64,
    pub size: Size,
    /// What the goods cost after the shop's discounts, in the market's currency.
    pub goods_minor: i64,
    pub nature: Nature,
    /// From warehouse to address; nothing where nobody knows, and then the farthest zone is reckoned with.
    pub distance_km: Option<i64>,
    /// When the carrier gets it; promises count from then.
    pub handed_over_at: Timestamp,
}

/// A service which takes the parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The service's code.
    pub service: String,
    /// The carrier's code.
    pub carrier: String,
    pub price_minor: i64,
    /// What is paid for: by the scales, or by the space it takes.
    pub charged_grams: i64,
    /// The code of the zone, where distance counts.
    pub zone: Option<String>,
    /// Days from the hand-over, working days or days of the calendar as the service counts them.
    pub promise_min_days: i64,
    /// As `promise_min_days`.
    pub promise_max_days: i64,
    /// The first promised moment.
    pub promise_from: Timestamp,
    /// The last promised moment.
    pub promise_by: Timestamp,
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
    #[error("it takes at most {most} mm in length")]
    TooLong { most: i64 },
    #[error("it takes at most {most} mm of length and girth together")]
    TooBulky { most: i64 },
    #[error("it goes at most {most} km")]
    TooFar { most: i64 },
    #[error("it goes at most {most} km, and the distance is not known")]
    DistanceUnknown { most: i64 },
    #[error("it takes no goods which are {}", care.code())]
    Refuses { care: Care },
    #[error("it flies, and takes no batteries")]
    BatteryByAir,
}

impl Exclusion {
    pub const fn code(self) -> &'static str {
        match self {
            Exclusion::NotFrom { .. } => "not_from",
            Exclusion::NotTo { .. } => "not_to",
            Exclusion::TooHeavy { .. } => "too_heavy",
            Exclusion::TooLong { .. } => "too_long",
            Exclusion::TooBulky { .. } => "too_bulky",
            Exclusion::BatteryByAir => "no_battery_by_air",
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

/// The services of a market for a parcel, in the order in which they are best.
pub fn rank(policies: &Policies, market: MarketCode, parcel: &ParcelFacts) -> Ranking {
    let mut ranking = Ranking { offers: Vec::new(), excluded: Vec::new() };
    let calendars = (Calendar::of(policies, parcel.from), Calendar::of(policies, parcel.to));
    let shipping = policies.shipping(market);
    for service in shipping.services.values() {
        match offer(service, &shipping.zones, parcel, (&calendars.0, &calendars.1)) {
            Ok(offer) => ranking.offers.push(offer),
            Err(reason) => ranking.excluded.push((service.code.clone(), reason)),
        }
    }
    let merit = |o: &Offer| (o.price_minor, o.promise_by, o.promise_from);
    // The services come by code, and the sort keeps that order among equals.
    ranking.offers.sort_by_key(merit);
    ranking
}

/// What a service asks and promises for the parcel, or the first reason why it does not take it.
fn offer(
    service: &Service,
    zones: &[Zone],
    parcel: &ParcelFacts,
    calendars: (&Calendar<'_>, &Calendar<'_>),
) -> Result<Offer, Exclusion> {
    takes(service, parcel)?;
    let zone = zone_of(zones, parcel.distance_km).filter(|_| service.zoned);
    let (add_bp, add_days) = zone.map_or((0, 0), |zone| (zone.add_bp, zone.add_days));
    let charged_grams = charged_grams(service, parcel);
    let days = (service.promise_min_days + add_days, service.promise_max_days + add_days);
    let (promise_from, promise_by) = promise(calendars, service, days, parcel.handed_over_at);
    Ok(Offer {
        service: service.code.clone(),
        carrier: service.carrier.clone(),
        price_minor: price_minor(service, charged_grams, add_bp, parcel.goods_minor),
        charged_grams,
        zone: zone.map(|zone| zone.code.clone()),
        promise_min_days: days.0,
        promise_max_days: days.1,
        promise_from,
        promise_by,
    })
}

fn takes(service: &Service, parcel: &ParcelFacts) -> Result<(), Exclusion> {
    if !service.from.contains(&parcel.from) {
        return Err(Exclusion::NotFrom { from: parcel.from });
    }
    if !service.to.contains(&parcel.to) {
        return Err(Exclusion::NotTo { to: parcel.to });
    }
    if parcel.weight_grams > service.max_weight_grams {
        return Err(Exclusion::TooHeavy { most: service.max_weight_grams });
    }
    if let Some(most) = service.max_length_mm.filter(|most| parcel.size.length_mm > *most) {
        return Err(Exclusion::TooLong { most });
    }
    let girth = parcel.size.length_and_girth_mm;
    if let Some(most) = service.max_length_and_girth_mm.filter(|most| girth > *most) {
        return Err(Exclusion::TooBulky { most });
    }
    match (service.max_distance_km, parcel.distance_km) {
        (Some(most), None) => return Err(Exclusion::DistanceUnknown { most }),
        (Some(most), Some(distance)) if distance > most => return Err(Exclusion::TooFar { most }),
        (Some(_), Some(_)) | (None, _) => {}
    }
    match parcel.nature.refused_for(&service.refuses) {
        Some(Care::Battery) if service.by_air => Err(Exclusion::BatteryByAir),
        Some(care) => Err(Exclusion::Refuses { care }),
        None => Ok(()),
    }
}

/// The ring in which the address lies; the farthest where nobody knows, so that no promise is too good.
fn zone_of(zones: &[Zone], distance_km: Option<i64>) -> Option<&Zone> {
    match distance_km {
        None => zones.last(),
        Some(km) => zones.iter().rev().find(|zone| zone.from_km <= km),
    }
}

/// Light goods which take much space are paid by the space.
fn charged_grams(service: &Service, parcel: &ParcelFacts) -> i64 {
    let by_space = service.volumetric_cm3_per_kg.map_or(0, |cm3_per_kg| {
        let grams = i128::from(parcel.size.volume_cm3) * 1_000 / i128::from(cm3_per_kg.max(1));
        i64::try_from(grams).unwrap_or(i64::MAX)
    });
    parcel.weight_grams.max(by_space)
}

/// The first kilogram is in the base price, each further one begun costs `per_kg_minor`, a far zone its part on top;
/// goods of enough value go free.
fn price_minor(service: &Service, grams: i64, add_bp: i64, goods_minor: i64) -> i64 {
    if service.free_over_minor.is_some_and(|least| goods_minor >= least) {
        return 0;
    }
    let further_kg = (grams - 1).max(0) / 1_000;
    let weight_minor = further_kg.saturating_mul(service.per_kg_minor);
    let near = service.base_minor.saturating_add(weight_minor);
    near.saturating_add(part_bp(near, add_bp))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_known_by_all_three_sides() {
        let size = Size::of([300, 100, 200], 2);
        assert_eq!((size.length_mm, size.length_and_girth_mm, size.volume_cm3), (300, 900, 12_000));
        assert_eq!(Size::of([300, 0, 200], 2), Size::default());
        let both = size.together(Size::of([10, 500, 10], 1));
        assert_eq!((both.length_mm, both.length_and_girth_mm, both.volume_cm3), (500, 900, 12_050));
    }
}
