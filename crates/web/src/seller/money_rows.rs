//! Money as the shop sees it: the flow from escrow to available, and why a transfer moved.

use maud::{Markup, html};
use rules::ledger::{Account, TransferRow};
use rules::money::{Currency, Money};
use store::ledger::BalanceRow;

use super::desk::Desk;
use super::notes::by_code;
use crate::ui::badges::{Tone, badge};
use crate::ui::flow::{FlowStep, money_flow};
use crate::ui::icons::Icon;
use crate::words::Msg;

/// The accounts of the flow, in the order in which money passes them.
const FLOW: [(Account, Msg, Msg); 3] = [
    (Account::Escrow, Msg::SellerMoneyEscrow, Msg::SellerMoneyEscrowMeans),
    (Account::Reserve, Msg::SellerMoneyReserve, Msg::SellerMoneyReserveMeans),
    (Account::Available, Msg::SellerMoneyAvailable, Msg::SellerMoneyAvailableMeans),
];

/// The currencies in which anything stands or stood; the shop's own first.
fn currencies(desk: &Desk, balances: &[BalanceRow]) -> Vec<Currency> {
    let mut all = vec![desk.currency()];
    for row in balances {
        if !all.contains(&row.currency) {
            all.push(row.currency);
        }
    }
    all
}

fn standing(balances: &[BalanceRow], account: Account, currency: Currency) -> Money {
    let row = balances.iter().find(|row| row.account == account && row.currency == currency);
    Money::new(row.map_or(0, |row| row.balance.posted(account)), currency)
}

/// In escrow → in reserve → available, one flow a currency.
pub(super) fn balance_flow(desk: &Desk, balances: &[BalanceRow]) -> Markup {
    let r = &desk.reader;
    let step = |(account, name, meaning): (Account, Msg, Msg), currency| FlowStep {
        label: r.t(name).into_owned(),
        amount: standing(balances, account, currency),
        note: r.t(meaning).into_owned(),
        href: Some(desk.href(&format!("/money?account={}", account.code()))),
        tone: if account == Account::Available { Tone::Good } else { Tone::Quiet },
    };
    html! {
        @for currency in currencies(desk, balances) {
            (money_flow(r, &FLOW.map(|place| step(place, currency))))
            (owed(desk, standing(balances, Account::Debt, currency)))
        }
    }
}

/// What the shop owes the house, and what becomes of it; nothing where it owes nothing.
fn owed(desk: &Desk, debt: Money) -> Markup {
    let r = &desk.reader;
    html! {
        @if debt.minor > 0 {
            p.owed role="status" {
                (badge(Tone::Bad, Icon::Warning, &r.t(Msg::SellerMoneyDebt))) " "
                (r.with(Msg::SellerMoneyDebtMeans, &[("amount", r.money(debt).into())])) " "
                a href=(desk.href(&format!("/money?account={}", Account::Debt.code()))) { (r.t(Msg::SellerMoneyDebtSee)) }
            }
        }
    }
}

/// Why the money moved, in words.
pub(super) fn purpose(desk: &Desk, transfer: &TransferRow) -> String {
    by_code(&desk.reader, "seller-transfer", transfer.code.code())
}

/// An account's name, in words.
pub(super) fn account_name(desk: &Desk, account: Account) -> String {
    by_code(&desk.reader, "seller-account", account.code())
}

/// What the transfer did to one account, from the shop's side: more when it was credited, less when it was debited. So a
/// debt grows downwards.
pub(super) fn change_of(transfer: &TransferRow, account: Account) -> Money {
    let sign = if transfer.credit == account { 1 } else { -1 };
    Money::new(sign * transfer.amount_minor, transfer.currency)
}
