//! `policies/markets.toml`: the markets with their currency, languages, time zone, tax and addresses.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::mask::Mask;
use super::section::Section;
use crate::checkout::tax::TaxKind;
use crate::money::Currency;

/// A market: the two capital letters of its country (ISO 3166-1). Whether the house has it, the policy knows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MarketCode([u8; 2]);

/// Why a text is not a market's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a market is written as the two capital letters of its country, such as GB")]
pub struct NotAMarketCode;

impl MarketCode {
    pub fn parse(text: &str) -> Result<Self, NotAMarketCode> {
        match text.as_bytes() {
            [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Ok(Self([*a, *b])),
            _ => Err(NotAMarketCode),
        }
    }

    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).expect("two ASCII letters are UTF-8")
    }
}

impl fmt::Display for MarketCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl fmt::Debug for MarketCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl FromStr for MarketCode {
    type Err = NotAMarketCode;
    fn from_str(text: &str) -> Result<Self, NotAMarketCode> {
        Self::parse(text)
    }
}
impl Serialize for MarketCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
impl<'de> Deserialize<'de> for MarketCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// A part of an address which a market may require.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressPart {
    Phone,
    Line2,
    City,
    Region,
    Postcode,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketPolicy {
    pub code: MarketCode,
    pub name_en: String,
    pub name_zh: String,
    /// Buyers live here. Otherwise goods are only sent from here.
    pub open_for_buyers: bool,
    pub currency: Currency,
    /// ISO 639-1, the market's first language first.
    pub languages: Vec<String>,
    /// A name of the IANA time zone database: the shop's day begins at its midnight.
    pub time_zone: String,
    pub tax_kind: TaxKind,
    /// Basis points of the price: 2000 is 20 %.
    pub tax_bp: i64,
    /// Rates of regions which differ from `tax_bp`, by the region's code. When not empty, a region must be one of them.
    pub region_tax_bp: BTreeMap<String, i64>,
    pub tax_on_shipping: bool,
    /// A postcode has one of these shapes. Empty: any text.
    pub postcode_masks: Vec<Mask>,
    /// Required beside name, first line and country, which every address has.
    pub required_parts: Vec<AddressPart>,
}

impl MarketPolicy {
    pub(super) fn read(code: MarketCode, section: &Section<'_>) -> MarketPolicy {
        let policy = MarketPolicy {
            code,
            name_en: section.text("name_en", NAME, String::new(), name),
            name_zh: section.text("name_zh", NAME, String::new(), name),
            open_for_buyers: section.flag("open_for_buyers"),
            currency: section.currency("currency"),
            languages: section.texts(
                "languages",
                "a language of two small letters such as \"de\"",
                1,
                language,
            ),
            time_zone: section.text("time_zone", ZONE, String::new(), zone),
            tax_kind: section.choice("tax_kind", &TAX_KINDS),
            tax_bp: section.whole("tax_bp", 0..=5_000),
            region_tax_bp: section.whole_by_key("region_tax_bp", REGION, is_region, 0..=5_000),
            tax_on_shipping: section.flag("tax_on_shipping"),
            postcode_masks: section.texts("postcode_masks", MASK, 0, Mask::parse),
            required_parts: section.texts("required_parts", PARTS, 0, part),
        };
        if policy.tax_kind == TaxKind::None
            && (policy.tax_bp != 0 || !policy.region_tax_bp.is_empty())
        {
            section.disagrees(
                "tax_bp",
                "tax_kind is \"none\"; the rate must then be 0 and no region may have one",
            );
        }
        policy
    }
}

const NAME: &str = "a name of 1 to 60 characters";
const ZONE: &str = "a name of the time zone database such as \"Europe/London\"";
const REGION: &str = "a region's code of 2 or 3 capital letters";
pub(super) const MASK: &str =
    "a mask: # a digit, @ a letter, * either, capital letters, digits, space and - themselves";
const PARTS: &str = "one of phone, line2, city, region, postcode";
const TAX_KINDS: [(&str, TaxKind); 3] =
    [("exclusive", TaxKind::Exclusive), ("inclusive", TaxKind::Inclusive), ("none", TaxKind::None)];

pub(super) fn name(text: &str) -> Option<String> {
    let length = text.chars().count();
    (text.trim() == text && (1..=60).contains(&length)).then(|| text.to_owned())
}

fn language(text: &str) -> Option<String> {
    (text.len() == 2 && text.bytes().all(|b| b.is_ascii_lowercase())).then(|| text.to_owned())
}

fn zone(text: &str) -> Option<String> {
    jiff::tz::TimeZone::get(text).ok().map(|_| text.to_owned())
}

fn is_region(text: &str) -> bool {
    (2..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase())
}

fn part(text: &str) -> Option<AddressPart> {
    match text {
        "phone" => Some(AddressPart::Phone),
        "line2" => Some(AddressPart::Line2),
        "city" => Some(AddressPart::City),
        "region" => Some(AddressPart::Region),
        "postcode" => Some(AddressPart::Postcode),
        _ => None,
    }
}
