//! The border: what a parcel from outside is charged, and who collects its tax.
//!
//! Counted once, at placement, from the goods as they are then; an order keeps its charges for ever.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::tax::{Tax, TaxKind};
use crate::ids::ProductId;
use crate::money::{MoneyError, shares};
use crate::policy::{Charge, ChargeBasis, ChargesPolicy, ImportTax, MarketCode, MarketPolicy};
use crate::time::Timestamp;

/// Digits of a tariff heading by which declarations are counted.
const HEADING_DIGITS: usize = 6;

/// What a border sees of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declared<'a> {
    pub product: ProductId,
    /// The tariff number, or empty where nobody has written it.
    pub hs_code: &'a str,
}

/// The border between a warehouse and an address on one day.
#[derive(Clone, Debug)]
pub struct Border<'a> {
    pub charges: Vec<&'a Charge>,
    pub import_tax: Option<&'a ImportTax>,
}

/// One charge of an order, frozen at placement. Amounts in minor units of the order's currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyLine {
    /// The charge's code in `policies/charges.toml`.
    pub code: String,
    pub name_en: String,
    pub name_zh: String,
    pub basis: ChargeBasis,
    /// How many headings, products or parcels it was counted by.
    pub count: i64,
    pub unit_minor: i64,
    pub amount_minor: i64,
}

/// Who collects the tax of a sale.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxCollection {
    /// The house, as for any sale of the market.
    #[default]
    Domestic,
    /// The house, under an import scheme (its code in `policies/charges.toml`).
    Import(String),
    /// Nobody at checkout: the buyer pays import tax and duty when the parcel arrives.
    AtBorder,
}

impl TaxCollection {
    const AT_BORDER: &'static str = "at_border";

    /// As in the database and the API: empty, `at_border`, or the scheme's code.
    pub fn code(&self) -> &str {
        match self {
            TaxCollection::Domestic => "",
            TaxCollection::Import(scheme) => scheme,
            TaxCollection::AtBorder => TaxCollection::AT_BORDER,
        }
    }

    pub fn parse(code: &str) -> TaxCollection {
        match code {
            "" => TaxCollection::Domestic,
            TaxCollection::AT_BORDER => TaxCollection::AtBorder,
            scheme => TaxCollection::Import(scheme.to_owned()),
        }
    }
}

/// The border which a parcel crosses that is ordered now; at home there is none to see.
pub fn border<'a>(
    policy: &'a ChargesPolicy,
    from: MarketCode,
    to: &MarketPolicy,
    now: Timestamp,
) -> Border<'a> {
    let day = day_of(now, &to.time_zone);
    Border {
        charges: policy.met(from, to.code, day).collect(),
        import_tax: policy.import_tax(from, to.code, day),
    }
}

/// The calendar day of a moment in a zone; a zone nobody knows counts as UTC.
fn day_of(now: Timestamp, zone: &str) -> Date {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    now.civil().to_zoned(zone).date()
}

impl Border<'_> {
    /// The tax which the house collects on goods of this worth, and under which name.
    pub fn tax(&self, own: Tax, worth_minor: i64) -> (Tax, TaxCollection) {
        let Some(scheme) = self.import_tax else { return (own, TaxCollection::Domestic) };
        if !scheme.crossing.covers(worth_minor) {
            return (Tax { kind: TaxKind::None, rate_bp: 0, ..own }, TaxCollection::AtBorder);
        }
        let tax = match scheme.rate_bp {
            Some(rate_bp) => Tax { kind: TaxKind::Exclusive, rate_bp, on_shipping: false },
            None => own,
        };
        (tax, TaxCollection::Import(scheme.code.clone()))
    }

    /// The charges on goods of this worth, and each line's share of their sum.
    ///
    /// A heading's charge is shared by the lines under it, a parcel's by all, in proportion to `weights` (the lines'
    /// worth, never negative).
    ///
    /// # Errors
    /// When the sum is beyond 64 bits.
    pub fn duty(
        &self,
        lines: &[Declared<'_>],
        weights: &[i64],
        worth_minor: i64,
    ) -> Result<(Vec<DutyLine>, Vec<i64>), MoneyError> {
        let mut of_lines = vec![0_i64; lines.len()];
        let mut charged = Vec::new();
        for charge in self.charges.iter().filter(|charge| charge.crossing.covers(worth_minor)) {
            let groups = groups(lines, charge.basis);
            let count = groups.len() as i64;
            let amount_minor =
                charge.amount_minor.checked_mul(count).ok_or(MoneyError::TooLarge)?;
            if amount_minor == 0 {
                continue;
            }
            for group in groups {
                let weights: Vec<i64> = group.iter().map(|place| weights[*place]).collect();
                for (place, share) in group.iter().zip(shares(charge.amount_minor, &weights)) {
                    of_lines[*place] =
                        of_lines[*place].checked_add(share).ok_or(MoneyError::TooLarge)?;
                }
            }
            charged.push(DutyLine {
                code: charge.code.clone(),
                name_en: charge.name_en.clone(),
                name_zh: charge.name_zh.clone(),
                basis: charge.basis,
                count,
                unit_minor: charge.amount_minor,
                amount_minor,
            });
        }
        Ok((charged, of_lines))
    }
}

/// The places of lines which count as one.
fn groups(lines: &[Declared<'_>], basis: ChargeBasis) -> Vec<Vec<usize>> {
    let keys: Vec<String> = lines.iter().map(|line| key(line, basis)).collect();
    let distinct: BTreeSet<&String> = keys.iter().collect();
    distinct
        .into_iter()
        .map(|key| (0..lines.len()).filter(|place| keys[*place] == *key).collect())
        .collect()
}

fn key(line: &Declared<'_>, basis: ChargeBasis) -> String {
    let by_product = || format!("product {}", line.product);
    match basis {
        ChargeBasis::PerParcel => String::new(),
        ChargeBasis::PerItemLine => by_product(),
        ChargeBasis::PerHsLine => heading(line.hs_code).unwrap_or_else(by_product),
    }
}

/// The six digits by which declarations are counted; nothing when the number has fewer.
pub fn heading(hs_code: &str) -> Option<String> {
    let digits: String =
        hs_code.chars().filter(char::is_ascii_digit).take(HEADING_DIGITS).collect();
    (digits.len() == HEADING_DIGITS).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policies;
    use proptest::prelude::*;

    fn code(text: &str) -> MarketCode {
        MarketCode::parse(text).unwrap()
    }

    fn goods(product: i64, hs_code: &str) -> Declared<'_> {
        Declared { product: ProductId::new(product), hs_code }
    }

    /// Codes of the charges with their counts and amounts.
    fn charged(
        to: &str,
        at: &str,
        lines: &[Declared<'_>],
        worth_minor: i64,
    ) -> Vec<(String, i64, i64)> {
        let policies = Policies::shipped();
        let market = policies.market(code(to)).unwrap();
        let at = Timestamp::parse(at).unwrap();
        let border = border(policies.charges(), code("CN"), market, at);
        let weights = vec![1; lines.len()];
        let (charges, shares) = border.duty(lines, &weights, worth_minor).unwrap();
        let sum: i64 = charges.iter().map(|line| line.amount_minor).sum();
        assert_eq!(shares.iter().sum::<i64>(), sum);
        charges.into_iter().map(|line| (line.code, line.count, line.amount_minor)).collect()
    }

    #[test]
    fn three_shirts_and_a_pair_of_shoes_are_two_tariff_lines() {
        let lines = [
            goods(1, "6109100010"),
            goods(2, "610910"),
            goods(3, "6109.10.90"),
            goods(4, "640399"),
        ];
        let summer = charged("NL", "2026-08-01T12:00:00Z", &lines, 9_000);
        let expected = [("eu_low_value_duty", 2, 600), ("nl_line_fee", 4, 800)];
        assert_eq!(summer, expected.map(|(code, n, sum)| (code.to_owned(), n, sum)));
        let autumn = charged("NL", "2026-11-22T12:00:00Z", &lines, 9_000);
        assert_eq!(autumn[0], ("eu_handling_fee".to_owned(), 2, 400));
        assert_eq!(charged("NL", "2026-08-01T12:00:00Z", &lines, 15_001), []);
    }

    #[test]
    fn a_day_begins_at_the_destinations_midnight() {
        let lines = [goods(1, "640399")];
        assert_eq!(charged("DE", "2026-06-30T21:59:59Z", &lines, 100), []);
        assert_eq!(charged("DE", "2026-06-30T22:00:00Z", &lines, 100).len(), 1);
        assert_eq!(charged("DE", "2028-06-30T21:59:59Z", &lines, 100).len(), 2);
        assert_eq!(charged("DE", "2028-06-30T22:00:00Z", &lines, 100).len(), 1);
    }

    #[test]
    fn within_the_union_nothing_is_due() {
        let policies = Policies::shipped();
        let market = policies.market(code("NL")).unwrap();
        let at = Timestamp::parse("2026-08-01T12:00:00Z").unwrap();
        let inner = border(policies.charges(), code("DE"), market, at);
        assert!(inner.charges.is_empty() && inner.import_tax.is_none());
    }

    #[test]
    fn goods_without_a_tariff_number_count_by_product() {
        let lines = [goods(1, ""), goods(1, ""), goods(2, "12"), goods(3, "640399")];
        let charges = charged("DE", "2026-08-01T12:00:00Z", &lines, 100);
        assert_eq!(charges, [("eu_low_value_duty".to_owned(), 3, 900)]);
    }

    proptest! {
        /// However the lines are mixed, the shares sum to the charges and none is negative.
        #[test]
        fn shares_sum_to_the_charges(lines in prop::collection::vec((0i64..4, 0usize..4, 0i64..9_999), 1..12)) {
            let numbers = ["", "610910", "640399", "85"];
            let declared: Vec<Declared> =
                lines.iter().map(|(product, number, _)| goods(*product, numbers[*number])).collect();
            let weights: Vec<i64> = lines.iter().map(|(_, _, weight)| *weight).collect();
            let policies = Policies::shipped();
            for to in ["NL", "FR", "IT", "DE", "RO"] {
                let market = policies.market(code(to)).unwrap();
                let at = Timestamp::parse("2027-01-01T12:00:00Z").unwrap();
                let border = border(policies.charges(), code("CN"), market, at);
                let (charges, shares) = border.duty(&declared, &weights, 100).unwrap();
                prop_assert!(shares.iter().all(|share| *share >= 0));
                let sum: i64 = charges.iter().map(|line| line.amount_minor).sum();
                prop_assert_eq!(shares.iter().sum::<i64>(), sum);
            }
        }
    }
}
