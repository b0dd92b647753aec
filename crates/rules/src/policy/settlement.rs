//! `policies/settlement.toml`: when a shop's money is its own, what is kept back and what the house takes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::section::Section;
use crate::catalog::categories::Categories;
use crate::money::Currency;
use crate::settlement::bank_accounts::{AccountNumber, AccountScheme};

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
    /// Payouts are planned each so many days: 1 is every day, 7 every Monday.
    pub payout_every_days: i64,
}

/// How payouts go, and how long each part of their way may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutPolicy {
    /// From planning to sending: time for the shop to see it and for the house to stop it.
    pub send_after_hours: i64,
    /// Until the bank has to have answered.
    pub answer_hours: i64,
    /// A stopped payout is looked at again after so long.
    pub look_again_hours: i64,
    /// From a failure which may pass to the next try.
    pub retry_hours: i64,
    /// Tries of one sum, the first included.
    pub attempts_count: i64,
    /// A changed bank account is used after so long; the old one until then.
    pub account_wait_hours: i64,
    /// From midnight UTC to the closing of the day's statements.
    pub statement_after_minutes: i64,
}

/// What is compared with which reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReconciliationPolicy {
    /// The payment providers whose reports are expected. What one of them has not reported yet cannot be missing.
    pub providers: Vec<String>,
    /// A movement of ours this young may be missing in a report which has ended.
    pub delay_hours: i64,
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
    pub payout: PayoutPolicy,
    pub reconciliation: ReconciliationPolicy,
    /// The house's own accounts, by currency code: who pays in a bank file.
    pub house_account: BTreeMap<String, HouseAccount>,
}

/// The account of the house from which payouts of one currency are paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseAccount {
    pub holder: String,
    pub account: AccountNumber,
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
            payout: section.table("payout", PayoutPolicy::read),
            reconciliation: section.table("reconciliation", ReconciliationPolicy::read),
            house_account: section.each("house_account", CURRENCY, is_currency, |code, section| {
                HouseAccount::read(code, section)
            }),
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
            payout_every_days: section.whole("payout_every_days", 1..=28),
        }
    }
}

impl PayoutPolicy {
    fn read(section: &Section<'_>) -> PayoutPolicy {
        PayoutPolicy {
            send_after_hours: section.whole("send_after_hours", 0..=72),
            answer_hours: section.whole("answer_hours", 1..=240),
            look_again_hours: section.whole("look_again_hours", 1..=168),
            retry_hours: section.whole("retry_hours", 1..=168),
            attempts_count: section.whole("attempts_count", 1..=10),
            account_wait_hours: section.whole("account_wait_hours", 0..=720),
            statement_after_minutes: section.whole("statement_after_minutes", 1..=360),
        }
    }
}

impl ReconciliationPolicy {
    fn read(section: &Section<'_>) -> ReconciliationPolicy {
        ReconciliationPolicy {
            providers: section
                .texts("providers", WORD, 1, |text| is_word(text).then(|| text.to_owned())),
            delay_hours: section.whole("delay_hours", 0..=72),
        }
    }
}

impl HouseAccount {
    fn read(currency: &str, section: &Section<'_>) -> HouseAccount {
        let words = AccountScheme::ALL.map(|scheme| (scheme.code(), scheme));
        let scheme = section.choice("scheme", &words);
        let any = |text: &str| (text.len() <= 140).then(|| text.to_owned());
        let bank = match scheme.has_bank_code() {
            true => section.text("bank", "the bank's code in its country", String::new(), any),
            false => String::new(),
        };
        let holder = section.text("holder", "a name", String::new(), any);
        let typed = section.text("number", "an account number", String::new(), any);
        let account = AccountNumber::parse(scheme, &bank, &typed).unwrap_or_else(|fault| {
            section.disagrees("number", format!("the account for {currency}: {fault}"));
            AccountNumber { scheme, bank, number: typed }
        });
        HouseAccount { holder, account }
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
