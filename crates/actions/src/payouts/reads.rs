//! What the pages about payouts show, each in one snapshot.

use rules::ids::{PayoutId, ShopId};
use rules::ledger::TransferRow;
use rules::money::{Currency, Money};
use rules::settlement::payouts::{day_of, next_payout_day};
use rules::time::{Span, Timestamp};
use store::bank_accounts::{self, BankAccount};
use store::events::EventSeen;
use store::payouts::{BankFileRow, PayoutRow};
use store::reconciliation::{self, Difference};
use store::{Tx, events, ledger, lists, payouts};

use super::{available, terms};
use crate::bank_accounts::ShopAccounts;
use crate::failure::Failure;
use crate::market::Market;

/// A shop's payouts, and what its next one depends on.
#[derive(Clone, Debug)]
pub struct ShopPayouts {
    pub accounts: ShopAccounts,
    pub available: Money,
    /// What is too little to be paid out is less than this.
    pub least: Money,
    /// When the next payout is planned.
    pub next_day: Timestamp,
    /// The newest first.
    pub payouts: Vec<PayoutRow>,
    /// Whether there are more after the last one.
    pub more: bool,
    /// Reports which differ from the shop's books: while there are any, nothing is paid out.
    pub differences: Vec<Difference>,
}

/// The payouts of a shop below the id `before`.
pub async fn of_shop(
    market: &Market,
    shop: ShopId,
    before: i64,
    limit: i64,
) -> Result<ShopPayouts, Failure> {
    let now = market.now();
    let (_, policies) = market.policies();
    market
        .store
        .read(async move |tx: &mut Tx| {
            let terms = terms(tx, &policies, shop).await?;
            let currency = Currency::parse(&terms.shop.currency)
                .map_err(|error| Failure::Broken(error.to_string()))?;
            let least = terms.policy.payout_minimum_minor.get(currency.code()).copied();
            let mut rows = payouts::of_shop(tx, shop, before, limit + 1).await?;
            let more = rows.len() as i64 > limit;
            rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            let tomorrow = day_of(now) + Span::from_days(1);
            let all = bank_accounts::of_shop(tx, shop).await?;
            Ok(ShopPayouts {
                accounts: ShopAccounts::of(&all, now),
                available: Money::new(available(tx, shop, currency).await?, currency),
                least: Money::new(least.unwrap_or(1), currency),
                next_day: next_payout_day(tomorrow, terms.every_days),
                payouts: rows,
                more,
                differences: reconciliation::open_of_shop(tx, shop).await?,
            })
        })
        .await
}

/// One payout with everything about it.
#[derive(Clone, Debug)]
pub struct PayoutFile {
    pub payout: PayoutRow,
    pub shop_name: String,
    pub account: Option<BankAccount>,
    /// Oldest first.
    pub events: Vec<EventSeen>,
    pub transfers: Vec<TransferRow>,
    pub differences: Vec<Difference>,
}

pub async fn payout_file(
    market: &Market,
    shop: ShopId,
    id: PayoutId,
) -> Result<PayoutFile, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let payout = payouts::load(tx, shop, id).await?.ok_or(Failure::NotFound)?;
            let row = store::shops::load(tx, shop).await?;
            Ok(PayoutFile {
                shop_name: row.map(|row| row.name).unwrap_or_default(),
                account: bank_accounts::load(tx, shop, payout.bank_account).await?,
                events: events::of_subject(tx, shop.number(), id.number()).await?,
                transfers: ledger::of_subject(tx, shop.number(), id.number()).await?,
                differences: reconciliation::open_of_shop(tx, shop).await?,
                payout,
            })
        })
        .await
}

/// The house's list of payouts.
#[derive(Clone, Debug)]
pub struct HousePayouts {
    /// The newest first.
    pub payouts: Vec<PayoutRow>,
    /// Names of their shops.
    pub names: Vec<(i64, String)>,
    /// Those which wait and say why, the oldest first.
    pub stopped: Vec<PayoutRow>,
    /// Sent and in no file: currency, how many, how much.
    pub without_file: Vec<(Currency, i64, Money)>,
    pub files: Vec<BankFileRow>,
}

/// Payouts of all shops in one state, or in all with an empty text.
pub async fn house_payouts(
    market: &Market,
    state: String,
    before: i64,
    limit: i64,
) -> Result<HousePayouts, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let rows = lists::payouts::newest(tx, &state, before, limit).await?;
            let stopped = lists::payouts::stopped(tx, 20).await?;
            let homes: Vec<i64> =
                rows.iter().chain(&stopped).map(|row| row.shop.number()).collect();
            let mut without_file = Vec::new();
            for (code, count, minor) in lists::payouts::waiting_for_file(tx).await? {
                let currency =
                    Currency::parse(&code).map_err(|error| Failure::Broken(error.to_string()))?;
                without_file.push((currency, count, Money::new(minor, currency)));
            }
            Ok(HousePayouts {
                names: lists::books::names_of_homes(tx, &homes).await?,
                payouts: rows,
                stopped,
                without_file,
                files: payouts::files(tx, 10).await?,
            })
        })
        .await
}

/// The shop of a payout which was given by its number alone.
pub async fn shop_of(market: &Market, id: PayoutId) -> Result<ShopId, Failure> {
    let found = market
        .store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(lists::payouts::shop_of(tx, id).await?))
        .await?;
    found.ok_or(Failure::NotFound)
}
