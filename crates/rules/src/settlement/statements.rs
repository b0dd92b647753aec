//! Statements: what a day did to a shop's money, line by line. A view of the day's transfers; nothing is decided here.
//!
//! The lines of a statement sum, account by account, to what the accounts changed by. That holds by construction: each
//! transfer is in exactly one line with exactly what it did.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ledger::{Account, TransferCode};

/// The accounts which hold the shop's own money. What is below zero here the shop owes.
pub const SHOP_ACCOUNTS: [Account; 7] = [
    Account::Escrow,
    Account::Reserve,
    Account::Available,
    Account::Held,
    Account::Deposit,
    Account::PayoutTransit,
    Account::Debt,
];

/// What stands on the shop's accounts, by account, minor units. Accounts with nothing on them may be left out.
pub type Standings = BTreeMap<Account, i64>;

/// One line of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementLine {
    /// Goods, after the shop's own discounts.
    Sales,
    Shipping,
    /// What the house adds to its own promotions.
    HouseDiscounts,
    Refunds,
    Taxes,
    Fees,
    /// Moved from escrow to what is available.
    Settled,
    Reserve,
    Payouts,
    /// What was owed to the house, paid out of what became available.
    Debt,
    Adjustments,
}

impl StatementLine {
    /// In the order in which a statement lists them.
    pub const ALL: [StatementLine; 11] = [
        StatementLine::Sales,
        StatementLine::Shipping,
        StatementLine::HouseDiscounts,
        StatementLine::Refunds,
        StatementLine::Taxes,
        StatementLine::Fees,
        StatementLine::Settled,
        StatementLine::Reserve,
        StatementLine::Payouts,
        StatementLine::Debt,
        StatementLine::Adjustments,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            StatementLine::Sales => "sales",
            StatementLine::Shipping => "shipping",
            StatementLine::HouseDiscounts => "house_discounts",
            StatementLine::Refunds => "refunds",
            StatementLine::Taxes => "taxes",
            StatementLine::Fees => "fees",
            StatementLine::Settled => "settled",
            StatementLine::Reserve => "reserve",
            StatementLine::Payouts => "payouts",
            StatementLine::Debt => "debt",
            StatementLine::Adjustments => "adjustments",
        }
    }

    pub fn parse(code: &str) -> Option<StatementLine> {
        StatementLine::ALL.into_iter().find(|line| line.code() == code)
    }

    /// In which line a transfer of this code stands. Shipping is the part of a captured payment which the order says.
    pub const fn of(code: TransferCode) -> StatementLine {
        match code {
            TransferCode::PaymentCaptured => StatementLine::Sales,
            TransferCode::HouseDiscount | TransferCode::HouseDiscountReturned => {
                StatementLine::HouseDiscounts
            }
            TransferCode::Refund
            | TransferCode::RefundCovered
            | TransferCode::LatePaymentReturned
            | TransferCode::RefundConfirmed => StatementLine::Refunds,
            TransferCode::TaxCollected
            | TransferCode::TaxRefunded
            | TransferCode::DutyCollected
            | TransferCode::DutyRefunded => StatementLine::Taxes,
            TransferCode::Commission
            | TransferCode::RefundFee
            | TransferCode::CommissionReturned => StatementLine::Fees,
            TransferCode::DebtRecovered => StatementLine::Debt,
            TransferCode::SaleProceeds => StatementLine::Settled,
            TransferCode::ReserveKept | TransferCode::ReserveReleased => StatementLine::Reserve,
            TransferCode::PayoutSent
            | TransferCode::PayoutConfirmed
            | TransferCode::PayoutFailed => StatementLine::Payouts,
            TransferCode::ReconciliationAdjustment | TransferCode::ShopMadeWhole => {
                StatementLine::Adjustments
            }
        }
    }

    /// The codes whose transfers are in this line. Shipping is told from sales by the order alone.
    pub fn codes(self) -> Vec<TransferCode> {
        let line = if self == StatementLine::Shipping { StatementLine::Sales } else { self };
        TransferCode::ALL.into_iter().filter(|code| StatementLine::of(*code) == line).collect()
    }
}

/// What a transfer did to the shop's accounts: out of the debited one, into the credited one, where they are the shop's.
pub fn effects(debit: Account, credit: Account, amount_minor: i64) -> Vec<(Account, i64)> {
    [(debit, -amount_minor), (credit, amount_minor)]
        .into_iter()
        .filter(|(account, _)| SHOP_ACCOUNTS.contains(account))
        .collect()
}

/// The day's transfers of one code between the same two accounts, summed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    pub debit: Account,
    pub credit: Account,
    pub code: TransferCode,
    pub amount_minor: i64,
    pub count: i64,
}

/// One line with what it did to each account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineSum {
    pub line: StatementLine,
    pub by_account: Standings,
    /// How many transfers are behind it.
    pub count: i64,
}

impl LineSum {
    /// What the line did to the shop's money as a whole.
    pub fn total_minor(&self) -> i64 {
        self.by_account.values().sum()
    }
}

/// The lines of a day. `shipping_minor` is what the captured orders had for shipping.
pub fn lines(moved: &[Moved], shipping_minor: i64) -> Vec<LineSum> {
    let mut sums: BTreeMap<StatementLine, (Standings, i64)> = BTreeMap::new();
    for part in moved {
        let effects = effects(part.debit, part.credit, part.amount_minor);
        if effects.is_empty() {
            continue;
        }
        let sum = sums.entry(StatementLine::of(part.code)).or_default();
        sum.1 += part.count;
        for (account, minor) in effects {
            *sum.0.entry(account).or_default() += minor;
        }
    }
    split_shipping(&mut sums, shipping_minor);
    let known = |line: StatementLine| {
        let (by_account, count) = sums.get(&line)?;
        Some(LineSum { line, by_account: by_account.clone(), count: *count })
    };
    StatementLine::ALL.into_iter().filter_map(known).collect()
}

/// Takes the shipping out of the sales, as far as they go.
fn split_shipping(sums: &mut BTreeMap<StatementLine, (Standings, i64)>, shipping_minor: i64) {
    let Some((sales, count)) = sums.get_mut(&StatementLine::Sales) else { return };
    let Some(escrow) = sales.get_mut(&Account::Escrow) else { return };
    let shipping = shipping_minor.clamp(0, (*escrow).max(0));
    if shipping == 0 {
        return;
    }
    *escrow -= shipping;
    let count = *count;
    let line = Standings::from([(Account::Escrow, shipping)]);
    sums.insert(StatementLine::Shipping, (line, count));
}

/// What the day changed, account by account: the sum of all lines.
pub fn change(lines: &[LineSum]) -> Standings {
    let mut sum = Standings::new();
    for (account, minor) in lines.iter().flat_map(|line| &line.by_account) {
        *sum.entry(*account).or_default() += minor;
    }
    sum
}

/// Standings plus (or, with -1, minus) a change. Accounts at zero are left out, so that equal standings are equal.
pub fn moved_by(standings: &Standings, change: &Standings, sign: i64) -> Standings {
    let mut after = standings.clone();
    for (account, minor) in change {
        *after.entry(*account).or_default() += sign * minor;
    }
    after.retain(|_, minor| *minor != 0);
    after
}

#[cfg(test)]
mod tests {
    use super::*;
    use Account::{
        Available, Commission, Escrow, PayoutTransit, ProviderClearing, RefundTransit, Reserve,
        TaxPayable,
    };

    fn moved(code: TransferCode, debit: Account, credit: Account, amount_minor: i64) -> Moved {
        Moved { debit, credit, code, amount_minor, count: 1 }
    }

    fn day() -> Vec<Moved> {
        vec![
            moved(TransferCode::PaymentCaptured, ProviderClearing, Escrow, 10_000),
            moved(TransferCode::TaxCollected, ProviderClearing, TaxPayable, 800),
            moved(TransferCode::Commission, Escrow, Commission, 500),
            moved(TransferCode::ReserveKept, Escrow, Reserve, 400),
            moved(TransferCode::SaleProceeds, Escrow, Available, 7_600),
            moved(TransferCode::Refund, Escrow, RefundTransit, 1_000),
            moved(TransferCode::RefundConfirmed, RefundTransit, ProviderClearing, 1_000),
            moved(TransferCode::PayoutSent, Available, PayoutTransit, 7_600),
            moved(TransferCode::PayoutConfirmed, PayoutTransit, ProviderClearing, 7_600),
        ]
    }

    #[test]
    fn the_lines_sum_to_the_change_of_the_accounts() {
        let moved = day();
        let lines = lines(&moved, 600);
        let mut accounts = Standings::new();
        for part in &moved {
            for (account, minor) in effects(part.debit, part.credit, part.amount_minor) {
                *accounts.entry(account).or_default() += minor;
            }
        }
        assert_eq!(change(&lines), accounts);
        let total: i64 = lines.iter().map(LineSum::total_minor).sum();
        assert_eq!(total, 10_000 - 500 - 1_000 - 7_600, "what stayed with the shop");
        let of = |line| lines.iter().find(|one| one.line == line).map(LineSum::total_minor);
        assert_eq!(of(StatementLine::Sales), Some(9_400));
        assert_eq!(of(StatementLine::Shipping), Some(600));
        assert_eq!(of(StatementLine::Fees), Some(-500));
        assert_eq!(of(StatementLine::Reserve), Some(0), "it only changed its place");
        assert_eq!(of(StatementLine::Taxes), None, "it was never the shop's");
        assert_eq!(of(StatementLine::Payouts), Some(-7_600));
    }

    #[test]
    fn every_code_has_a_line_and_every_line_a_code() {
        for code in TransferCode::ALL {
            assert!(StatementLine::of(code).codes().contains(&code));
        }
        for line in StatementLine::ALL {
            assert!(!line.codes().is_empty(), "{line:?}");
            assert_eq!(StatementLine::parse(line.code()), Some(line));
        }
    }

    #[test]
    fn opening_and_change_make_closing() {
        let opening = Standings::from([(Escrow, 50), (Reserve, 10)]);
        let change = Standings::from([(Escrow, -50), (Available, 45)]);
        let closing = moved_by(&opening, &change, 1);
        assert_eq!(closing, Standings::from([(Reserve, 10), (Available, 45)]));
        assert_eq!(moved_by(&closing, &change, -1), opening);
    }
}
