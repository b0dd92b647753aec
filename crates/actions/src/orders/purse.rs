//! What a refund after settlement is paid from.

use rules::ledger::{Account, Transfer, TransferCode, TransferKind, TransferRow};
use rules::orders::liability::Purse;
use rules::orders::{Order, OrderState};
use rules::settlement::reserves::taken;
use store::{Tx, ledger};

use crate::failure::Failure;

/// Parts of the reserve which are read at once.
const PARTS: i64 = 200;

/// What lies in the shop's accounts for a refund of this order; empty before settlement, when its escrow pays.
pub(super) async fn purse_of(tx: &mut Tx, order: &Order) -> Result<Purse, Failure> {
    if order.state != OrderState::Settled {
        return Ok(Purse::EMPTY);
    }
    let rows = ledger::balances_of(tx, order.shop.number()).await?;
    let of_order = ledger::of_subject(tx, order.shop.number(), order.id.number()).await?;
    let has = |account: Account| {
        let row = rows
            .iter()
            .find(|row| row.account == account && row.currency == order.amounts.currency);
        row.map_or(0, |row| row.balance.spendable(account)).max(0)
    };
    // Of these accounts only what is this order's own.
    let own = |account: Account| stands(&of_order, account).clamp(0, has(account));
    Ok(Purse {
        escrow_minor: own(Account::Escrow),
        available_minor: has(Account::Available),
        reserve_minor: has(Account::Reserve),
        held_minor: own(Account::Held),
        deposit_minor: has(Account::Deposit),
    })
}

fn stands(rows: &[TransferRow], account: Account) -> i64 {
    let of = |row: &TransferRow| {
        let minor = match row.kind {
            TransferKind::Posted | TransferKind::Post { .. } | TransferKind::Reversal { .. } => {
                row.amount_minor
            }
            TransferKind::Pending | TransferKind::Void { .. } => 0,
        };
        minor * (i64::from(row.credit == account) - i64::from(row.debit == account))
    };
    rows.iter().map(of).sum()
}

/// What the transfers take of the reserve is taken of its parts, the soonest release first.
pub(super) async fn use_reserve(
    tx: &mut Tx,
    order: &Order,
    transfers: &[Transfer],
) -> Result<(), Failure> {
    let covered = |moved: &&Transfer| {
        moved.code == TransferCode::RefundCovered && moved.debit == Account::Reserve
    };
    let mut missing: i64 = transfers.iter().filter(covered).map(|moved| moved.amount_minor).sum();
    let (home, currency) = (order.shop.number(), order.amounts.currency);
    while missing > 0 {
        let parts = ledger::reserve_parts_in(tx, home, currency, PARTS).await?;
        let left: Vec<i64> = parts.iter().map(ledger::ReservePart::left_minor).collect();
        let out = taken(&left, missing);
        let sum: i64 = out.iter().sum();
        if sum == 0 {
            let says = format!("{missing} of home {home} stands in reserve and in no part of it");
            return Err(Failure::Broken(says));
        }
        for (part, some) in parts.iter().zip(out).filter(|(_, some)| *some > 0) {
            ledger::take_of_reserve_part(tx, part, some).await?;
        }
        missing -= sum;
    }
    Ok(())
}
