//! The money of one order followed from payment to where it is now. A view of its transfers; nothing is decided here.

use std::collections::BTreeMap;

use super::{Account, AccountKind, TransferKind, TransferRow};

/// One transfer of the order, and what stood in the order's escrow after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub transfer: TransferRow,
    pub escrow_minor: i64,
}

/// Where a part of the money came from, or where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Still on this account (or, for what came in, from this account).
    Account(Account),
    /// Back with the buyer: the provider has sent it.
    PaidBack,
}

/// The order's money, in the order's currency. Both columns sum to `total_minor`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trail {
    pub steps: Vec<Step>,
    /// What the buyer paid, and what the house or a carrier added.
    pub came_in: Vec<(Place, i64)>,
    /// Where it is now, to the minor unit.
    pub is_now: Vec<(Place, i64)>,
    pub total_minor: i64,
}

/// Follows posted transfers of one order, oldest first. Pending ones have not moved anything yet and are left out of the
/// columns.
pub fn follow(transfers: Vec<TransferRow>) -> Trail {
    let mut debits: BTreeMap<Account, i64> = BTreeMap::new();
    let mut credits: BTreeMap<Account, i64> = BTreeMap::new();
    let mut steps = Vec::with_capacity(transfers.len());
    for transfer in transfers {
        let moves = match transfer.kind {
            TransferKind::Posted | TransferKind::Post { .. } | TransferKind::Reversal { .. } => {
                transfer.amount_minor
            }
            TransferKind::Pending | TransferKind::Void { .. } => 0,
        };
        *debits.entry(transfer.debit).or_default() += moves;
        *credits.entry(transfer.credit).or_default() += moves;
        let escrow_minor = credits.get(&Account::Escrow).copied().unwrap_or(0)
            - debits.get(&Account::Escrow).copied().unwrap_or(0);
        steps.push(Step { transfer, escrow_minor });
    }
    let mut trail = Trail { steps, ..Trail::default() };
    for account in Account::ALL {
        let debit = debits.get(&account).copied().unwrap_or(0);
        let credit = credits.get(&account).copied().unwrap_or(0);
        match account.kind() {
            // The provider's side is told apart by direction: paid in, and paid back.
            AccountKind::Debit(_) if account == Account::ProviderClearing => {
                put(&mut trail.came_in, Place::Account(account), debit);
                put(&mut trail.is_now, Place::PaidBack, credit);
            }
            // Below zero stands in the other column: a refund was covered by the shop's other money, or a debt paid.
            AccountKind::Debit(_) => {
                put(&mut trail.came_in, Place::Account(account), (debit - credit).max(0));
                put(&mut trail.is_now, Place::Account(account), (credit - debit).max(0));
            }
            AccountKind::Credit(_) => {
                put(&mut trail.is_now, Place::Account(account), (credit - debit).max(0));
                put(&mut trail.came_in, Place::Account(account), (debit - credit).max(0));
            }
        }
    }
    trail.total_minor = trail.came_in.iter().map(|(_, minor)| minor).sum();
    trail
}

fn put(column: &mut Vec<(Place, i64)>, place: Place, minor: i64) {
    if minor != 0 {
        column.push((place, minor));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TransferId;
    use crate::ledger::TransferCode;
    use crate::money::Currency;
    use crate::time::Timestamp;

    fn row(code: TransferCode, debit: Account, credit: Account, amount_minor: i64) -> TransferRow {
        TransferRow {
            id: TransferId::new(1),
            home_id: 7,
            debit,
            credit,
            currency: Currency::parse("EUR").unwrap(),
            amount_minor,
            code,
            kind: TransferKind::Posted,
            subject: "order".to_owned(),
            subject_id: 5,
            step: 1,
            created_at: Timestamp::from_ms(0),
        }
    }

    #[test]
    fn what_came_in_is_somewhere_to_the_cent() {
        use Account::{
            Available, Commission, Escrow, Promotion, ProviderClearing, RefundTransit, Reserve,
        };
        let trail = follow(vec![
            row(TransferCode::PaymentCaptured, ProviderClearing, Escrow, 900),
            row(TransferCode::HouseDiscount, Promotion, Escrow, 100),
            row(TransferCode::Commission, Escrow, Commission, 50),
            row(TransferCode::ReserveKept, Escrow, Reserve, 95),
            row(TransferCode::SaleProceeds, Escrow, Available, 755),
            row(TransferCode::Refund, Escrow, RefundTransit, 100),
            row(TransferCode::RefundConfirmed, RefundTransit, ProviderClearing, 60),
        ]);
        let escrow: Vec<i64> = trail.steps.iter().map(|step| step.escrow_minor).collect();
        assert_eq!(escrow, [900, 1_000, 950, 855, 100, 0, 0]);
        let now: i64 = trail.is_now.iter().map(|(_, minor)| minor).sum();
        assert_eq!((trail.total_minor, now), (1_000, 1_000));
        assert!(trail.is_now.contains(&(Place::PaidBack, 60)));
        assert!(trail.is_now.contains(&(Place::Account(RefundTransit), 40)));
    }
}
