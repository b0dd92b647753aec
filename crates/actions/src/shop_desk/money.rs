//! A shop's money, read in one snapshot.

use rules::ids::ShopId;
use rules::ledger::{Account, TransferRow};
use store::Tx;
use store::ledger::{self, BalanceRow, ReservePart};

use crate::failure::Failure;
use crate::market::Market;

/// The parts of the reserve which are shown, the soonest release first.
const RELEASES: i64 = 20;

#[derive(Clone, Debug)]
pub struct MoneyPage {
    pub balances: Vec<BalanceRow>,
    pub reserve_parts: Vec<ReservePart>,
    /// The newest first.
    pub transfers: Vec<TransferRow>,
    /// Whether there are more after the last one.
    pub more: bool,
}

/// The balances of a shop, and the transfers of one of its accounts below the id `before`.
pub async fn money_page(
    market: &Market,
    shop: ShopId,
    account: Account,
    before: i64,
    limit: i64,
) -> Result<MoneyPage, Failure> {
    let home = shop.number();
    market
        .store
        .read(async move |tx: &mut Tx| {
            let account = Some(account);
            let mut transfers = ledger::of_account(tx, home, account, before, limit + 1).await?;
            let more = transfers.len() as i64 > limit;
            transfers.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            Ok(MoneyPage {
                balances: ledger::balances_of(tx, home).await?,
                reserve_parts: ledger::reserve_parts_of(tx, home, RELEASES).await?,
                transfers,
                more,
            })
        })
        .await
}
