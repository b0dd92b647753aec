//! Check flags (核对标记): what the shop should look at before it ships.
//!
//! The order is compared with the goods as they are offered now, with its address and with how it was paid. An order on
//! which nothing is found needs nobody's time.

use serde::{Deserialize, Serialize};

use crate::ids::SkuId;
use crate::time::{Span, Timestamp};

/// One difference, with the facts a person needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "flag", rename_all = "snake_case")]
pub enum Flag {
    /// More pieces of one SKU than a household usually orders.
    UnusualQuantity { sku: SkuId, quantity: i64, usual: i64 },
    /// The product's page says something else than when it was ordered.
    ListingChanged { sku: SkuId, ordered_version: i64, version: i64 },
    /// The SKU is not offered any more.
    NotForSale { sku: SkuId },
    /// The price of one piece has moved by more than a sale explains; minor units of the order's currency.
    PriceChanged { sku: SkuId, ordered_minor: i64, now_minor: i64 },
    /// Pieces are missing.
    StockShort { sku: SkuId, missing: i64 },
    /// A part of the address is missing or cannot be true.
    AddressPart { part: String, problem: String },
    /// No parcel of ours goes to this postcode.
    Undeliverable { postcode: String },
    /// The provider declined several tries before it took one.
    DeclinedTries { count: i64 },
    /// Somebody who came a few days ago orders for much money.
    NewBuyerHighValue { days: i64, total_minor: i64 },
    /// The parcel goes to another country than where the buyer has things sent otherwise.
    OtherCountry { usual: String, country: String },
}

impl Flag {
    pub const fn code(&self) -> &'static str {
        match self {
            Flag::UnusualQuantity { .. } => "unusual_quantity",
            Flag::ListingChanged { .. } => "listing_changed",
            Flag::NotForSale { .. } => "not_for_sale",
            Flag::PriceChanged { .. } => "price_changed",
            Flag::StockShort { .. } => "stock_short",
            Flag::AddressPart { .. } => "address_part",
            Flag::Undeliverable { .. } => "undeliverable",
            Flag::DeclinedTries { .. } => "declined_tries",
            Flag::NewBuyerHighValue { .. } => "new_buyer_high_value",
            Flag::OtherCountry { .. } => "other_country",
        }
    }

    /// The goods it is about, if it is about goods.
    pub const fn sku(&self) -> Option<SkuId> {
        match self {
            Flag::UnusualQuantity { sku, .. }
            | Flag::ListingChanged { sku, .. }
            | Flag::NotForSale { sku }
            | Flag::PriceChanged { sku, .. }
            | Flag::StockShort { sku, .. } => Some(*sku),
            Flag::AddressPart { .. }
            | Flag::Undeliverable { .. }
            | Flag::DeclinedTries { .. }
            | Flag::NewBuyerHighValue { .. }
            | Flag::OtherCountry { .. } => None,
        }
    }

    /// Whether another address would settle it.
    pub const fn is_of_address(&self) -> bool {
        match self {
            Flag::AddressPart { .. } | Flag::Undeliverable { .. } => true,
            Flag::UnusualQuantity { .. }
            | Flag::ListingChanged { .. }
            | Flag::NotForSale { .. }
            | Flag::PriceChanged { .. }
            | Flag::StockShort { .. }
            | Flag::DeclinedTries { .. }
            | Flag::NewBuyerHighValue { .. }
            | Flag::OtherCountry { .. } => false,
        }
    }
}

/// From when on something is out of the ordinary; read from the market's policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckTerms {
    /// From this many pieces of one SKU on.
    pub unusual_quantity: i64,
    /// A price which has moved by at least this part of the ordered one.
    pub price_change_bp: i64,
    /// From this many declined tries on.
    pub declined_tries: i64,
    /// A buyer who signed up less than this ago is new.
    pub new_buyer: Span,
    /// From this total on an order of a new buyer is looked at; minor units of the market's currency.
    pub high_value_minor: i64,
    /// Beginnings of postcodes to which no parcel goes.
    pub undeliverable_postcodes: Vec<String>,
}

/// A line beside what is offered now.
#[derive(Clone, Debug)]
pub struct LineFacts {
    pub sku: SkuId,
    pub quantity: i64,
    pub missing: i64,
    pub unit_minor: i64,
    pub listing_version: i64,
    /// The words of the page and the options, as ordered.
    pub ordered: String,
    /// What is offered now; nothing when the SKU is not for sale.
    pub offered: Option<OfferedFacts>,
}

#[derive(Clone, Debug)]
pub struct OfferedFacts {
    pub unit_minor: i64,
    pub listing_version: i64,
    pub says: String,
}

/// What the check looks at.
#[derive(Clone, Debug)]
pub struct CheckFacts {
    pub lines: Vec<LineFacts>,
    pub total_minor: i64,
    /// Part and problem, from the check of addresses.
    pub address_faults: Vec<(String, String)>,
    pub country: String,
    pub postcode: String,
    /// Where the buyer has things sent otherwise, if that is known.
    pub usual_country: Option<String>,
    pub declined_tries: i64,
    pub buyer_since: Timestamp,
    pub now: Timestamp,
}

/// Everything which stands against shipping without a look.
pub fn check(facts: &CheckFacts, terms: &CheckTerms) -> Vec<Flag> {
    let mut flags = Vec::new();
    for line in &facts.lines {
        of_line(line, terms, &mut flags);
    }
    of_address(facts, terms, &mut flags);
    of_payment(facts, terms, &mut flags);
    flags
}

fn of_line(line: &LineFacts, terms: &CheckTerms, flags: &mut Vec<Flag>) {
    let sku = line.sku;
    if terms.unusual_quantity > 0 && line.quantity >= terms.unusual_quantity {
        let (quantity, usual) = (line.quantity, terms.unusual_quantity - 1);
        flags.push(Flag::UnusualQuantity { sku, quantity, usual });
    }
    if line.missing > 0 {
        flags.push(Flag::StockShort { sku, missing: line.missing });
    }
    let Some(offered) = &line.offered else {
        flags.push(Flag::NotForSale { sku });
        return;
    };
    if offered.listing_version != line.listing_version && offered.says != line.ordered {
        let (ordered_version, version) = (line.listing_version, offered.listing_version);
        flags.push(Flag::ListingChanged { sku, ordered_version, version });
    }
    let moved = i128::from(offered.unit_minor - line.unit_minor).abs() * 10_000;
    let limit = i128::from(line.unit_minor) * i128::from(terms.price_change_bp);
    if offered.unit_minor != line.unit_minor && moved >= limit {
        let (ordered_minor, now_minor) = (line.unit_minor, offered.unit_minor);
        flags.push(Flag::PriceChanged { sku, ordered_minor, now_minor });
    }
}

fn of_address(facts: &CheckFacts, terms: &CheckTerms, flags: &mut Vec<Flag>) {
    for (part, problem) in &facts.address_faults {
        flags.push(Flag::AddressPart { part: part.clone(), problem: problem.clone() });
    }
    let begins = |start: &String| facts.postcode.starts_with(start.as_str());
    if terms.undeliverable_postcodes.iter().any(begins) {
        flags.push(Flag::Undeliverable { postcode: facts.postcode.clone() });
    }
}

fn of_payment(facts: &CheckFacts, terms: &CheckTerms, flags: &mut Vec<Flag>) {
    if facts.declined_tries >= terms.declined_tries {
        flags.push(Flag::DeclinedTries { count: facts.declined_tries });
    }
    let known = facts.now.since(facts.buyer_since);
    if known < terms.new_buyer && facts.total_minor >= terms.high_value_minor {
        let days = known.ms() / Span::from_days(1).ms();
        flags.push(Flag::NewBuyerHighValue { days, total_minor: facts.total_minor });
    }
    if let Some(usual) = facts.usual_country.as_ref().filter(|usual| **usual != facts.country) {
        let (usual, country) = (usual.clone(), facts.country.clone());
        flags.push(Flag::OtherCountry { usual, country });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> CheckTerms {
        CheckTerms {
            unusual_quantity: 10,
            price_change_bp: 2_000,
            declined_tries: 3,
            new_buyer: Span::from_days(7),
            high_value_minor: 50_000,
            undeliverable_postcodes: vec!["JE".to_owned()],
        }
    }

    fn line() -> LineFacts {
        LineFacts {
            sku: SkuId::new(1),
            quantity: 1,
            missing: 0,
            unit_minor: 1_000,
            listing_version: 1,
            ordered: "Scarf".to_owned(),
            offered: Some(OfferedFacts {
                unit_minor: 1_000,
                listing_version: 1,
                says: "Scarf".to_owned(),
            }),
        }
    }

    fn facts() -> CheckFacts {
        CheckFacts {
            lines: vec![line()],
            total_minor: 1_200,
            address_faults: Vec::new(),
            country: "GB".to_owned(),
            postcode: "SW1Y 4LE".to_owned(),
            usual_country: Some("GB".to_owned()),
            declined_tries: 0,
            buyer_since: Timestamp::from_ms(0),
            now: Timestamp::from_ms(0) + Span::from_days(400),
        }
    }

    fn codes(facts: &CheckFacts) -> Vec<&'static str> {
        check(facts, &terms()).iter().map(Flag::code).collect()
    }

    fn with_line(change: impl FnOnce(&mut LineFacts)) -> Vec<&'static str> {
        let mut line = line();
        change(&mut line);
        codes(&CheckFacts { lines: vec![line], ..facts() })
    }

    #[test]
    fn an_ordinary_order_has_no_flag() {
        assert!(codes(&facts()).is_empty());
    }

    #[test]
    fn each_difference_of_a_line_has_its_flag() {
        assert_eq!(with_line(|line| line.quantity = 10), ["unusual_quantity"]);
        assert_eq!(with_line(|line| line.missing = 1), ["stock_short"]);
        assert_eq!(with_line(|line| line.offered = None), ["not_for_sale"]);
        assert_eq!(with_line(|line| line.unit_minor = 1_250), ["price_changed"]);
        assert!(with_line(|line| line.unit_minor = 1_249).is_empty(), "a sale is no mistake");
        let renamed = with_line(|line| {
            line.listing_version = 0;
            line.ordered = "Shawl".to_owned();
        });
        assert_eq!(renamed, ["listing_changed"]);
        assert!(with_line(|line| line.listing_version = 0).is_empty(), "the words are the same");
    }

    #[test]
    fn address_and_payment_have_theirs() {
        let fault = ("postcode".to_owned(), "wrong_postcode".to_owned());
        assert_eq!(codes(&CheckFacts { address_faults: vec![fault], ..facts() }), ["address_part"]);
        let jersey = CheckFacts { postcode: "JE2 3XP".to_owned(), ..facts() };
        assert_eq!(codes(&jersey), ["undeliverable"]);
        assert_eq!(codes(&CheckFacts { declined_tries: 3, ..facts() }), ["declined_tries"]);
        let away = CheckFacts { usual_country: Some("US".to_owned()), ..facts() };
        assert_eq!(codes(&away), ["other_country"]);
        let now = Timestamp::from_ms(0) + Span::from_days(6);
        let rich = CheckFacts { now, total_minor: 50_000, ..facts() };
        assert_eq!(codes(&rich), ["new_buyer_high_value"]);
        assert!(codes(&CheckFacts { now, total_minor: 49_999, ..facts() }).is_empty());
    }
}
