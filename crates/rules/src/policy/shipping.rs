//! `policies/shipping.toml`: the carriers, how their tracking numbers look, and their services by market.

use std::collections::BTreeMap;

use jiff::civil::Weekday;

use super::calendars::{CLOCK, MinuteOfDay, WEEKDAY, minute_of_day, weekday};
use super::markets::{MASK, MarketCode, name};
use super::mask::Mask;
use super::section::Section;
use super::settlement::{WORD, is_word};
use crate::catalog::nature::Care;

/// A published way of checking a tracking number by its check digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrackingCheck {
    /// UPS: "1Z", 15 places, a check digit modulo 10.
    Ups,
    /// FedEx Ground: 15 digits, the last a check digit modulo 10.
    FedexGround,
    /// FedEx Ground's long form: 22 digits which begin with 96, the check digit counts the last 14 before it.
    FedexGround96,
    /// USPS confirmation numbers as printed without their beginning: 20 digits, a check digit modulo 10.
    Usps20,
    /// DPD's barcode: 27 digits and a check character modulo 37 and 36 (ISO 7064).
    Dpd28,
    /// USPS Intelligent Mail package barcode: 22 digits, the last a check digit modulo 10.
    Usps,
    /// FedEx Express and Ground: 12 digits, the last a check digit modulo 11.
    Fedex,
    /// Universal Postal Union S10: two letters, eight digits, a check digit modulo 11, the country.
    S10,
    /// DHL Express: 10 digits, the last is the rest of the others divided by 7.
    DhlExpress,
    /// Japanese carriers: 12 digits, the last is the rest of the others divided by 7.
    JapanMod7,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carrier {
    pub code: String,
    pub name_en: String,
    pub name_zh: String,
    /// A number is good when it passes one of these …
    pub tracking_checks: Vec<TrackingCheck>,
    /// … or has one of these shapes. Both empty: any number is taken.
    pub tracking_masks: Vec<Mask>,
}

/// One service of a carrier, with its price in the currency of the market it is listed under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    pub code: String,
    /// The carrier's code; it is in [`ShippingPolicy::carriers`].
    pub carrier: String,
    pub name_en: String,
    pub name_zh: String,
    pub from: Vec<MarketCode>,
    pub to: Vec<MarketCode>,
    /// Calendar days from the hand-over.
    pub promise_min_days: i64,
    /// Calendar days from the hand-over.
    pub promise_max_days: i64,
    /// Whether those days are working days of the calendar (calendars.toml).
    pub by_working_day: bool,
    /// Days of the week on which it works although the calendar rests.
    pub works_also: Vec<Weekday>,
    /// What is handed over later on a day begins to move on the next. Nothing: the day's end.
    pub cut_off: Option<MinuteOfDay>,
    /// Whether the market's zones count. Otherwise it has one price and promise for any distance.
    pub zoned: bool,
    /// The first kilogram included.
    pub base_minor: i64,
    /// For each kilogram begun after the first.
    pub per_kg_minor: i64,
    /// Goods of this value or more are sent free. Nothing: never free.
    pub free_over_minor: Option<i64>,
    pub max_weight_grams: i64,
    /// Cubic centimetres which are paid as a kilogram where they weigh less. Nothing: only the scales count.
    pub volumetric_cm3_per_kg: Option<i64>,
    /// Of the longest side, in millimetres. Nothing: any.
    pub max_length_mm: Option<i64>,
    /// Of the longest side and the girth around the other two together, in millimetres. Nothing: any.
    pub max_length_and_girth_mm: Option<i64>,
    /// It flies: batteries are refused for that reason unless its contract carries them.
    pub by_air: bool,
    /// Nothing: any distance.
    pub max_distance_km: Option<i64>,
    /// What it does not carry: what no `carries_` setting allows. Fragile goods are a matter of packing.
    pub refuses: Vec<Care>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShippingPolicy {
    /// By code.
    pub carriers: BTreeMap<String, Carrier>,
    /// By code: the services which shops of this market may use.
    pub services: BTreeMap<String, Service>,
    /// Rings around a warehouse in this market, the nearest first.
    pub zones: Vec<Zone>,
}

/// A ring around the warehouse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    pub code: String,
    /// From this distance on.
    pub from_km: i64,
    /// On top of a service's price, basis points of it.
    pub add_bp: i64,
    /// On top of both promised days.
    pub add_days: i64,
}

impl ShippingPolicy {
    /// `deliver_by_days` is the market's, from orders.toml: a parcel must not be late before its promise is.
    pub(super) fn read(
        section: &Section<'_>,
        markets: &[MarketCode],
        deliver_by_days: Option<i64>,
    ) -> ShippingPolicy {
        let carriers = section.each("carrier", WORD, is_word, Carrier::read);
        let zones = zones(section);
        let services = section.each("service", WORD, is_word, |code, service| {
            let service_read = Service::read(code, service, markets);
            if !carriers.contains_key(&service_read.carrier) {
                let known = carriers.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
                service.disagrees(
                    "carrier",
                    format!("there is no such [carrier.…]; known are {known}"),
                );
            }
            if let Some(days) =
                deliver_by_days.filter(|days| service_read.longest_days(&zones) > *days)
            {
                let says = format!(
                    "a parcel is overdue after {days} days (deliver_by_days in orders.toml)"
                );
                service.disagrees("promise_max_days", says);
            }
            service_read
        });
        ShippingPolicy { carriers, zones, services }
    }

    pub fn carrier(&self, code: &str) -> Option<&Carrier> {
        self.carriers.get(code)
    }

    pub fn service(&self, code: &str) -> Option<&Service> {
        self.services.get(code)
    }
}

impl Carrier {
    fn read(code: &str, section: &Section<'_>) -> Carrier {
        Carrier {
            code: code.to_owned(),
            name_en: section.text("name_en", "a name of 1 to 60 characters", String::new(), name),
            name_zh: section.text("name_zh", "a name of 1 to 60 characters", String::new(), name),
            tracking_checks: section.texts("tracking_checks", CHECKS, 0, check),
            tracking_masks: section.texts("tracking_masks", MASK, 0, Mask::parse),
        }
    }
}

impl Service {
    /// The longest promise in days of the calendar, in the farthest zone: each five working days bring a weekend.
    fn longest_days(&self, zones: &[Zone]) -> i64 {
        let far = zones.iter().map(|zone| zone.add_days).max().filter(|_| self.zoned);
        let most = self.promise_max_days + far.unwrap_or(0);
        if self.by_working_day { most + 2 * ((most + 4) / 5) } else { most }
    }

    fn read(code: &str, section: &Section<'_>, markets: &[MarketCode]) -> Service {
        let known = markets.iter().map(MarketCode::as_str).collect::<Vec<_>>().join(", ");
        let allowed = format!("one of the markets {known}");
        let market = |text: &str| markets.iter().copied().find(|market| market.as_str() == text);
        let money = 0..=1_000_000_000_000;
        let service = Service {
            code: code.to_owned(),
            carrier: section.text("carrier", "the code of a carrier above", String::new(), |t| {
                Some(t.to_owned())
            }),
            name_en: section.text("name_en", "a name of 1 to 60 characters", String::new(), name),
            name_zh: section.text("name_zh", "a name of 1 to 60 characters", String::new(), name),
            from: section.texts("from", &allowed, 1, market),
            to: section.texts("to", &allowed, 1, market),
            promise_min_days: section.whole("promise_min_days", 0..=90),
            promise_max_days: section.whole("promise_max_days", 0..=120),
            by_working_day: section.flag("by_working_day"),
            works_also: section.texts("works_also", WEEKDAY, 0, weekday),
            cut_off: section.text_or_none("cut_off", CLOCK, minute_of_day),
            zoned: section.flag("zoned"),
            base_minor: section.whole("base_minor", money.clone()),
            per_kg_minor: section.whole("per_kg_minor", money.clone()),
            free_over_minor: section.whole_or_none("free_over_minor", money),
            max_weight_grams: section.whole("max_weight_grams", 1..=1_000_000),
            volumetric_cm3_per_kg: section.whole_or_none("volumetric_cm3_per_kg", 1_000..=20_000),
            max_length_mm: section.whole_or_none("max_length_mm", 100..=20_000),
            max_length_and_girth_mm: section.whole_or_none("max_length_and_girth_mm", 300..=40_000),
            by_air: section.flag("by_air"),
            max_distance_km: section.whole_or_none("max_distance_km", 1..=20_000),
            refuses: refuses(section),
        };
        if service.promise_max_days < service.promise_min_days {
            section.disagrees("promise_max_days", "it must not be less than promise_min_days");
        }
        service
    }
}

fn zones(section: &Section<'_>) -> Vec<Zone> {
    let read = |code: &str, zone: &Section<'_>| Zone {
        code: code.to_owned(),
        from_km: zone.whole("from_km", 1..=20_000),
        add_bp: zone.whole("add_bp", 0..=100_000),
        add_days: zone.whole("add_days", 0..=60),
    };
    let mut zones: Vec<Zone> = section.each("zone", WORD, is_word, read).into_values().collect();
    zones.sort_by_key(|zone| zone.from_km);
    zones
}

fn refuses(section: &Section<'_>) -> Vec<Care> {
    let settings = [
        ("carries_battery", Care::Battery),
        ("carries_liquid", Care::Liquid),
        ("carries_oversize", Care::Oversize),
    ];
    let refused = settings.into_iter().filter(|(name, _)| !section.flag(name));
    refused.map(|(_, care)| care).collect()
}

const CHECKS: &str = "one of ups, usps, usps_20, fedex, fedex_ground, fedex_ground_96, dpd_28, s10, dhl_express, japan_mod7";

fn check(text: &str) -> Option<TrackingCheck> {
    match text {
        "ups" => Some(TrackingCheck::Ups),
        "usps" => Some(TrackingCheck::Usps),
        "usps_20" => Some(TrackingCheck::Usps20),
        "fedex" => Some(TrackingCheck::Fedex),
        "fedex_ground" => Some(TrackingCheck::FedexGround),
        "fedex_ground_96" => Some(TrackingCheck::FedexGround96),
        "dpd_28" => Some(TrackingCheck::Dpd28),
        "s10" => Some(TrackingCheck::S10),
        "dhl_express" => Some(TrackingCheck::DhlExpress),
        "japan_mod7" => Some(TrackingCheck::JapanMod7),
        _ => None,
    }
}
