//! `policies/settlement.toml`: when a shop's money is its own, what is kept back and what the house takes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::section::Section;
use crate::catalog::categories::Categories;
use crate::money::Currency;

/// A shop's standing with the till.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    New,
    Standard,
    Accelerated,
}

impl Tier {
    pub const ALL: [Tier; 3] = [Tier::New, Tier::Standard, Tier::Accelerated];

    /// As in the database and the API.
    pub const fn code(self) -> &'static str {
        match self {
            Tier::New => "new",
            Tier::Standard => "standard",
            Tier::Accelerated => "accelerated",
        }
    }

    pub fn parse(code: &str) -> Option<Tier> {
        Tier::ALL.into_iter().find(|tier| tier.code() == code)
    }
}

/// What a tier means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierPolicy {
    /// From delivery.
    pub settle_after_days: i64,
    /// The part of the shop's share which goes into the rolling reserve.
    pub reserve_bp: i64,
    /// From settlement; the part is then released.
    pub reserve_days: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettlementPolicy {
    pub new: TierPolicy,
    pub standard: TierPolicy,
    pub accelerated: TierPolicy,
    /// Of categories which are not named below.
    pub commission_default_bp: i64,
    /// By the category's code. A category without a rate has that of the one it is within.
    pub commission_bp: BTreeMap<String, i64>,
    /// Of the commission which is given back at a refund: what the house keeps for its work.
    pub refund_administration_bp: i64,
    /// At most this much, by currency code.
    pub refund_administration_max_minor: BTreeMap<String, i64>,
    /// Less than this is not paid out but waits, by currency code.
    pub payout_minimum_minor: BTreeMap<String, i64>,
}

impl SettlementPolicy {
    pub(super) fn read(section: &Section<'_>, currencies: &[Currency]) -> SettlementPolicy {
        let (new, standard, accelerated) = section.table("tier", |tiers| {
            let tier = |tier: Tier| tiers.table(tier.code(), TierPolicy::read);
            (tier(Tier::New), tier(Tier::Standard), tier(Tier::Accelerated))
        });
        let money = 0..=1_000_000_000_000;
        let by_currency =
            |name: &str| section.whole_by_key(name, CURRENCY, is_currency, money.clone());
        let policy = SettlementPolicy {
            new,
            standard,
            accelerated,
            commission_default_bp: section.whole("commission_default_bp", 0..=5_000),
            commission_bp: section.whole_by_key("commission_bp", CATEGORY, is_category, 0..=5_000),
            refund_administration_bp: section.whole("refund_administration_bp", 0..=10_000),
            refund_administration_max_minor: by_currency("refund_administration_max_minor"),
            payout_minimum_minor: by_currency("payout_minimum_minor"),
        };
        let tables = [
            ("refund_administration_max_minor", &policy.refund_administration_max_minor),
            ("payout_minimum_minor", &policy.payout_minimum_minor),
        ];
        for (name, table) in tables {
            for currency in
                currencies.iter().filter(|currency| !table.contains_key(currency.code()))
            {
                let says = format!("a market trades in {currency}; write [{name}] {currency} = …");
                section.disagrees(name, says);
            }
        }
        policy
    }

    pub fn tier(&self, tier: Tier) -> &TierPolicy {
        match tier {
            Tier::New => &self.new,
            Tier::Standard => &self.standard,
            Tier::Accelerated => &self.accelerated,
        }
    }
}

impl TierPolicy {
    fn read(section: &Section<'_>) -> TierPolicy {
        TierPolicy {
            settle_after_days: section.whole("settle_after_days", 0..=90),
            reserve_bp: section.whole("reserve_bp", 0..=5_000),
            reserve_days: section.whole("reserve_days", 0..=365),
        }
    }
}

const CATEGORY: &str = "a category of categories.toml";
const CURRENCY: &str = "an ISO 4217 currency code such as USD";
pub(super) const WORD: &str = "a code of small letters, digits and _";

fn is_category(text: &str) -> bool {
    Categories::shipped().get(text).is_some()
}

fn is_currency(text: &str) -> bool {
    Currency::parse(text).is_ok()
}

pub(super) fn is_word(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_lowercase());
    starts
        && text.len() <= 40
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}
