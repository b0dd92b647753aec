//! `policies/charges.toml`: what authorities take at the border, and who collects the tax of an import.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::markets::{MarketCode, MarketPolicy, name};
use super::section::Section;
use super::settlement::{WORD, is_word};
use crate::money::Currency;

/// What a charge is counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChargeBasis {
    /// For each tariff heading of six digits; goods without one count by product.
    PerHsLine,
    /// For each product, whatever its options.
    PerItemLine,
    /// Once.
    PerParcel,
}

impl ChargeBasis {
    pub const ALL: [ChargeBasis; 3] =
        [ChargeBasis::PerHsLine, ChargeBasis::PerItemLine, ChargeBasis::PerParcel];

    /// As in the policy file, the database and the API.
    pub const fn code(self) -> &'static str {
        match self {
            ChargeBasis::PerHsLine => "per_hs_line",
            ChargeBasis::PerItemLine => "per_item_line",
            ChargeBasis::PerParcel => "per_parcel",
        }
    }

    pub fn parse(code: &str) -> Option<ChargeBasis> {
        ChargeBasis::ALL.into_iter().find(|basis| basis.code() == code)
    }
}

/// On which ways and days something is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crossing {
    /// Destinations, which need not be markets of the house.
    pub to: Vec<MarketCode>,
    /// A parcel sent from one of these countries crosses no border.
    pub inside: Vec<MarketCode>,
    pub first_day: Date,
    /// The last day on which it is due; nothing: no end is known.
    pub last_day: Option<Date>,
    /// Of the goods after discounts, without tax and shipping. Nothing: whatever they are worth.
    pub value_limit_minor: Option<i64>,
    pub currency: Currency,
    /// Where the rule can be read.
    pub source: String,
}

impl Crossing {
    /// Whether a parcel which is ordered on that day meets it.
    pub fn meets(&self, from: MarketCode, to: MarketCode, day: Date) -> bool {
        self.to.contains(&to)
            && !self.inside.contains(&from)
            && self.first_day <= day
            && self.last_day.is_none_or(|last| day <= last)
    }

    /// Whether goods of this worth (minor units) are within the limit.
    pub fn covers(&self, worth_minor: i64) -> bool {
        self.value_limit_minor.is_none_or(|limit| worth_minor <= limit)
    }
}

/// A duty or a fee for parcels which come from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    pub code: String,
    pub name_en: String,
    pub name_zh: String,
    pub crossing: Crossing,
    pub basis: ChargeBasis,
    /// For one line, or for the parcel.
    pub amount_minor: i64,
}

/// Who collects the tax of an import: the house up to the limit, the border above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportTax {
    pub code: String,
    pub name_en: String,
    pub name_zh: String,
    pub crossing: Crossing,
    /// Basis points, added to the price. Nothing: the market's own tax.
    pub rate_bp: Option<i64>,
}

/// All of it, by code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargesPolicy {
    pub charges: BTreeMap<String, Charge>,
    pub import_taxes: BTreeMap<String, ImportTax>,
}

impl ChargesPolicy {
    pub(super) fn read(
        section: &Section<'_>,
        markets: &BTreeMap<MarketCode, MarketPolicy>,
    ) -> ChargesPolicy {
        let territories = section.each("territory", WORD, is_word, |_, territory| {
            territory.texts("countries", COUNTRY, 1, country)
        });
        let ways = Ways { territories: &territories, markets };
        let charges = section.each("charge", WORD, is_word, |code, charge| Charge {
            code: code.to_owned(),
            name_en: charge.text("name_en", NAME, String::new(), name),
            name_zh: charge.text("name_zh", NAME, String::new(), name),
            crossing: {
                let crossing = ways.read(charge);
                let last_day = charge.text_or_none("last_day", DAY, day);
                if last_day.is_some_and(|last| last < crossing.first_day) {
                    charge.disagrees("last_day", "it must not be before first_day");
                }
                Crossing { last_day, ..crossing }
            },
            basis: charge.choice("basis", &BASES),
            amount_minor: charge.whole("amount_minor", MONEY),
        });
        let import_taxes = section.each("import_tax", WORD, is_word, |code, tax| ImportTax {
            code: code.to_owned(),
            name_en: tax.text("name_en", NAME, String::new(), name),
            name_zh: tax.text("name_zh", NAME, String::new(), name),
            crossing: ways.read(tax),
            rate_bp: tax.whole_or_none("rate_bp", 0..=5_000),
        });
        ChargesPolicy { charges, import_taxes }
    }

    /// The charges which a parcel meets on a day, by code.
    pub fn met(
        &self,
        from: MarketCode,
        to: MarketCode,
        day: Date,
    ) -> impl Iterator<Item = &Charge> {
        self.charges.values().filter(move |charge| charge.crossing.meets(from, to, day))
    }

    /// The scheme which an import meets; nothing at home and where the market's own tax is collected on imports too.
    pub fn import_tax(&self, from: MarketCode, to: MarketCode, day: Date) -> Option<&ImportTax> {
        self.import_taxes.values().find(|tax| tax.crossing.meets(from, to, day))
    }
}

struct Ways<'a> {
    territories: &'a BTreeMap<String, Vec<MarketCode>>,
    markets: &'a BTreeMap<MarketCode, MarketPolicy>,
}

impl Ways<'_> {
    fn read(&self, section: &Section<'_>) -> Crossing {
        let known = self.territories.keys().cloned().collect::<Vec<_>>().join(", ");
        let allowed = format!("one of the territories {known}");
        let crossing = Crossing {
            to: section.texts("to", COUNTRY, 1, country),
            inside: section
                .text("outside", &allowed, Vec::new(), |text| self.territories.get(text).cloned()),
            first_day: section.text("first_day", DAY, Date::ZERO, day),
            last_day: None,
            value_limit_minor: section.whole_or_none("value_limit_minor", MONEY),
            currency: section.currency("currency"),
            source: section.text("source", SOURCE, String::new(), source),
        };
        let other = crossing.to.iter().find(|to| {
            self.markets.get(to).is_some_and(|market| market.currency != crossing.currency)
        });
        if let Some(market) = other {
            let says = format!("the market {market} does not trade in {}", crossing.currency);
            section.disagrees("currency", says);
        }
        crossing
    }
}

const MONEY: std::ops::RangeInclusive<i64> = 0..=1_000_000_000_000;
const NAME: &str = "a name of 1 to 60 characters";
const COUNTRY: &str = "a country's code such as \"NL\"";
const DAY: &str = "a day such as \"2026-07-01\"";
const SOURCE: &str = "a text of 1 to 300 characters";
const BASES: [(&str, ChargeBasis); 3] = [
    ("per_hs_line", ChargeBasis::PerHsLine),
    ("per_item_line", ChargeBasis::PerItemLine),
    ("per_parcel", ChargeBasis::PerParcel),
];

fn country(text: &str) -> Option<MarketCode> {
    MarketCode::parse(text).ok()
}

fn day(text: &str) -> Option<Date> {
    text.parse().ok()
}

fn source(text: &str) -> Option<String> {
    (1..=300).contains(&text.chars().count()).then(|| text.to_owned())
}
