//! What a shop owes is paid out of the first money which becomes available, in the act which makes it so.

use rules::ledger::{Account, Transfer};
use rules::settlement::debts::{may_recover, recovery};
use store::ledger::{self, BalanceRow, Occasion};
use store::{Tx, ledger::balances_of};

use crate::failure::Failure;
use crate::id_maker::IdRun;

/// Posts transfers, and what the shop pays of its debt by them. Takes one id more than there are transfers.
pub(crate) async fn post(
    tx: &mut Tx,
    ids: &mut IdRun,
    occasion: &Occasion,
    mut transfers: Vec<Transfer>,
) -> Result<(), Failure> {
    if may_recover(&transfers) {
        let rows = balances_of(tx, occasion.home_id).await?;
        let has = |account| spendable(&rows, occasion, account);
        transfers.extend(recovery(has(Account::Available), has(Account::Debt), &transfers));
    }
    let transfer_ids = ids.many(transfers.len());
    Ok(ledger::post(tx, occasion, &transfers, &transfer_ids).await?)
}

/// What may be spent of an account of the occasion's home; of a debt, what is owed.
pub(crate) fn spendable(rows: &[BalanceRow], occasion: &Occasion, account: Account) -> i64 {
    rows.iter()
        .find(|row| row.account == account && row.currency == occasion.currency)
        .map_or(0, |row| row.balance.spendable(account))
}
