//! Looking at the ledger: the check of its invariants, the trial balance, accounts, one order's money.

use std::collections::BTreeMap;

use rules::ids::PersonId;
use rules::ledger::check::{Fault, check as check_all};
use rules::ledger::{Account, Balance, TransferRow};
use rules::money::Currency;
use rules::time::{Span, Timestamp};
use store::Tx;
use store::ledger::{self, BalanceRow, ReservePart};

use serde::{Deserialize, Serialize};
use store::house;

use crate::failure::Failure;
use crate::market::Market;

/// `house_settings`: the last kept check, as JSON of [`KeptCheck`].
const LAST_CHECK: &str = "last_ledger_check";
/// How many faults are kept in words; a broken ledger has few causes and many faults.
const MOST_KEPT: usize = 200;

/// What `guildhall ledger check` found.
#[derive(Clone, Debug)]
pub struct CheckReport {
    pub faults: Vec<Fault>,
    pub transfers: u64,
    pub balances: u64,
    pub orders: u64,
}

/// Compares every balance with its transfers and every order with its money, in one snapshot.
pub async fn check(market: &Market) -> Result<CheckReport, Failure> {
    let (_, policies) = market.policies();
    let expected = policies.house_settlement().reconciliation.clone();
    let (books, wrong) = market
        .store
        .read(async move |tx: &mut Tx| {
            let delay = Span::from_hours(expected.delay_hours);
            let books = ledger::books(tx, &expected.providers, delay).await?;
            Ok::<_, Failure>((books, wrong_statements(tx).await?))
        })
        .await?;
    let mut faults = check_all(&books.sums, &books.kept, &books.orders, &books.reserve_parts);
    faults.extend(books.clearing.disagreements().into_iter().map(Fault::ReportDiffers));
    faults.extend(wrong);
    Ok(CheckReport {
        faults,
        transfers: books.transfers,
        balances: books.kept.len() as u64,
        orders: books.orders.len() as u64,
    })
}

/// Statements whose frozen balances are not what their transfers did.
async fn wrong_statements(tx: &mut Tx) -> Result<Vec<Fault>, Failure> {
    let mut wrong = Vec::new();
    let mut after = 0;
    loop {
        let page = store::statements::all(tx, after, 500).await?;
        let Some(last) = page.last() else { return Ok(wrong) };
        after = last.id.number();
        for statement in &page {
            if !crate::statements::holds(tx, statement).await? {
                let (home_id, statement) = (statement.shop.number(), statement.id);
                wrong.push(Fault::StatementDiffers { home_id, statement });
            }
        }
    }
}

/// A check which was run from the house's page, and what it found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptCheck {
    pub at: Timestamp,
    pub by: PersonId,
    /// How many faults there were; `sentences` has at most the first 200.
    pub faults: usize,
    pub sentences: Vec<String>,
    pub transfers: u64,
    pub balances: u64,
    pub orders: u64,
}

/// Runs the [`check`] and keeps what it found for the house's pages.
pub async fn check_and_keep(market: &Market, by: PersonId) -> Result<KeptCheck, Failure> {
    let report = check(market).await?;
    let now = market.now();
    let kept = KeptCheck {
        at: now,
        by,
        faults: report.faults.len(),
        sentences: report.faults.iter().take(MOST_KEPT).map(ToString::to_string).collect(),
        transfers: report.transfers,
        balances: report.balances,
        orders: report.orders,
    };
    let text = serde_json::to_string(&kept).map_err(|error| Failure::Broken(error.to_string()))?;
    market
        .store
        .write(async move |tx: &mut Tx| {
            Ok::<_, Failure>(house::record_setting(tx, LAST_CHECK, &text, now).await?)
        })
        .await?;
    Ok(kept)
}

/// The last kept check; `None` before the first.
pub async fn last_check(market: &Market) -> Result<Option<KeptCheck>, Failure> {
    let kept = market
        .store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(house::load_setting(tx, LAST_CHECK).await?))
        .await?;
    kept.map(|text| serde_json::from_str(&text).map_err(|error| Failure::Broken(error.to_string())))
        .transpose()
}

/// One line of the trial balance: an account family in one currency, summed over all homes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialLine {
    pub account: Account,
    pub currency: Currency,
    pub balance: Balance,
    pub homes: u64,
}

/// The trial balance of the whole house, by currency and account.
pub async fn trial_balance(market: &Market) -> Result<Vec<TrialLine>, Failure> {
    let rows = market
        .store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(ledger::all_balances(tx).await?))
        .await?;
    let mut lines: BTreeMap<(&'static str, Account), TrialLine> = BTreeMap::new();
    for row in rows {
        let (account, currency) = (row.account, row.currency);
        let fresh = TrialLine { account, currency, balance: Balance::default(), homes: 0 };
        let line = lines.entry((currency.code(), account)).or_insert(fresh);
        line.balance.add(row.balance);
        line.homes += 1;
    }
    Ok(lines.into_values().collect())
}

/// The two sides of a trial balance in one currency, which are equal when the ledger is in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrialSum {
    pub currency: Currency,
    pub debits: i64,
    pub credits: i64,
}

impl TrialLine {
    /// What stands in the debit and in the credit column: the net of the account, on the side where it is.
    pub fn columns(&self) -> (i64, i64) {
        let net = self.balance.debits_posted - self.balance.credits_posted;
        (net.max(0), (-net).max(0))
    }
}

/// Sums both columns by currency, in the order of the lines.
pub fn trial_sums(lines: &[TrialLine]) -> Vec<TrialSum> {
    let mut sums: Vec<TrialSum> = Vec::new();
    for line in lines {
        let (debit, credit) = line.columns();
        match sums.last_mut().filter(|sum| sum.currency == line.currency) {
            Some(sum) => {
                sum.debits += debit;
                sum.credits += credit;
            }
            None => {
                sums.push(TrialSum { currency: line.currency, debits: debit, credits: credit });
            }
        }
    }
    sums
}

/// The balances of one home.
pub async fn balances(market: &Market, home_id: i64) -> Result<Vec<BalanceRow>, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(ledger::balances_of(tx, home_id).await?))
        .await
}

/// The newest transfers of an account (or of all) of a home, and where the next page begins.
pub async fn account(
    market: &Market,
    home_id: i64,
    account: Option<Account>,
    before: i64,
    limit: i64,
) -> Result<Vec<TransferRow>, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            Ok::<_, Failure>(ledger::of_account(tx, home_id, account, before, limit).await?)
        })
        .await
}

/// Everything one order moved, oldest first.
pub async fn of_order(
    market: &Market,
    home_id: i64,
    order: i64,
) -> Result<Vec<TransferRow>, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            Ok::<_, Failure>(ledger::of_subject(tx, home_id, order).await?)
        })
        .await
}

/// The parts of the rolling reserve which are still kept, the soonest release first.
pub async fn reserve_parts(market: &Market, home_id: i64) -> Result<Vec<ReservePart>, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            Ok::<_, Failure>(ledger::reserve_parts_of(tx, home_id, 100).await?)
        })
        .await
}
