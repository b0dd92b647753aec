//! Looking at the ledger: the check of its invariants, the trial balance, accounts, one order's money.

use std::collections::BTreeMap;

use rules::ledger::check::{Fault, check as check_all};
use rules::ledger::{Account, Balance, TransferRow};
use rules::money::Currency;
use store::Tx;
use store::ledger::{self, BalanceRow, ReservePart};

use crate::failure::Failure;
use crate::market::Market;

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
    let books = market
        .store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(ledger::books(tx).await?))
        .await?;
    Ok(CheckReport {
        faults: check_all(&books.sums, &books.kept, &books.orders),
        transfers: books.transfers,
        balances: books.kept.len() as u64,
        orders: books.orders.len() as u64,
    })
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
