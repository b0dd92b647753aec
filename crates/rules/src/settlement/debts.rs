//! What a shop owes the house when all its accounts were not enough: it is paid before anything else, out of the first
//! money which becomes available.

use crate::ledger::{Account, Transfer, TransferCode, transfer};

/// What the shop pays of its debt after `transfers`, where it has both: a debt, and something available.
///
/// `available_minor` is what may be spent and `debt_minor` what is owed before the transfers.
pub fn recovery(available_minor: i64, debt_minor: i64, transfers: &[Transfer]) -> Option<Transfer> {
    let (mut available, mut debt) = (available_minor, debt_minor);
    for moved in transfers {
        let amount = moved.amount_minor;
        available += on(moved.credit, Account::Available, amount);
        available -= on(moved.debit, Account::Available, amount);
        debt += on(moved.debit, Account::Debt, amount);
        debt -= on(moved.credit, Account::Debt, amount);
    }
    let some = available.min(debt);
    let paid = transfer(TransferCode::DebtRecovered, Account::Available, Account::Debt, some);
    (some > 0).then_some(paid)
}

fn on(account: Account, wanted: Account, amount: i64) -> i64 {
    if account == wanted { amount } else { 0 }
}

/// Whether these transfers can leave a shop with a debt and with money beside it.
pub fn may_recover(transfers: &[Transfer]) -> bool {
    transfers.iter().any(|moved| moved.credit == Account::Available || moved.debit == Account::Debt)
}

/// What of the available money a payout may take: what is owed comes first.
pub fn payable_minor(available_minor: i64, debt_minor: i64) -> i64 {
    (available_minor - debt_minor.max(0)).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn proceeds(minor: i64) -> Transfer {
        transfer(TransferCode::SaleProceeds, Account::Escrow, Account::Available, minor)
    }

    #[test]
    fn the_first_money_pays_the_debt() {
        let paid = recovery(0, 700, &[proceeds(500)]).unwrap();
        assert_eq!((paid.debit, paid.credit), (Account::Available, Account::Debt));
        assert_eq!(paid.amount_minor, 500);
        assert_eq!(recovery(0, 700, &[proceeds(900)]).unwrap().amount_minor, 700);
        assert_eq!(recovery(0, 0, &[proceeds(900)]), None, "nothing is owed");
        assert_eq!(recovery(0, 700, &[]), None, "nothing is there");
    }

    #[test]
    fn a_new_debt_meets_what_was_there_already() {
        let fee = transfer(TransferCode::RefundFee, Account::Debt, Account::Fees, 40);
        assert!(may_recover(&[fee]) && may_recover(&[proceeds(1)]));
        assert_eq!(recovery(1_000, 0, &[fee]).unwrap().amount_minor, 40);
        let sent =
            transfer(TransferCode::PayoutSent, Account::Available, Account::PayoutTransit, 1);
        assert!(!may_recover(&[sent]));
    }

    proptest! {
        #[test]
        fn afterwards_a_shop_has_a_debt_or_money_and_never_both(
            available in 0..9_000_i64, debt in 0..9_000_i64, more in 1..9_000_i64
        ) {
            let paid = recovery(available, debt, &[proceeds(more)]).map_or(0, |t| t.amount_minor);
            let (left, owed) = (available + more - paid, debt - paid);
            prop_assert!(left >= 0 && owed >= 0);
            prop_assert!(left == 0 || owed == 0);
            prop_assert_eq!(payable_minor(left, owed), left);
        }
    }
}
