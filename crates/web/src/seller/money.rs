//! The shop's money: where it is, what is kept back until when, and each transfer of what is free.

use actions::Market;
use actions::shop_desk::{self, MoneyPage};
use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use rules::ledger::{Account, TransferRow};
use rules::people::Permission;
use serde::Deserialize;

use super::desk::{Desk, Page};
use super::money_rows::{balance_flow, change_of, purpose};
use crate::ui::countdown::{countdown, moment};
use crate::ui::detail::section;
use crate::ui::forms::{Look, link_button};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, Row, Tab, csv_link, empty_state, page_title, table, tabs};
use crate::ui::money_table::amount;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

/// Transfers on one page.
const PAGE: i64 = 50;

/// The accounts whose transfers can be looked through.
const SHOWN: [(Account, Msg); 4] = [
    (Account::Available, Msg::SellerMoneyAvailable),
    (Account::Reserve, Msg::SellerMoneyReserve),
    (Account::Escrow, Msg::SellerMoneyEscrow),
    (Account::Debt, Msg::SellerMoneyDebt),
];

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    account: String,
    before: Option<i64>,
}

impl Asked {
    pub(super) fn account(&self) -> Account {
        let known = SHOWN.into_iter().find(|(account, _)| account.code() == self.account);
        known.map_or(Account::Available, |(account, _)| account)
    }
}

pub(super) async fn page(
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<Asked>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewMoney).await?;
    let before = asked.before.unwrap_or(i64::MAX);
    let read = shop_desk::money_page(&market, desk.shop.id, asked.account(), before, PAGE).await;
    let money = read.map_err(|failure| desk.refused(failure))?;
    let title = desk.reader.t(Msg::NavMoney).into_owned();
    Ok(desk.page(title, Place::SellerMoney, view(&desk, &asked, &money)))
}

fn view(desk: &Desk, asked: &Asked, money: &MoneyPage) -> Markup {
    let r = &desk.reader;
    html! {
        (page_title(&r.t(Msg::NavMoney), &r.t(Msg::SellerMoneyLead), &[link_button(Look::Plain, &desk.href("/money/fees"), &r.t(Msg::SellerFees))]))
        (tabs(r.words, &money_tabs(desk, "/money")))
        div.panels {
        (section(&r.t(Msg::SellerMoneyWhere), balance_flow(desk, &money.balances)))
        @if !money.reserve_parts.is_empty() {
            (section(&r.t(Msg::SellerMoneyReleases), releases(desk, money)))
        }
        (section(&r.t(Msg::SellerMoneyMoves), moves(desk, asked, money)))
        }
    }
}

/// The pages about money; `current` is the path of the one which is shown.
pub(super) fn money_tabs(desk: &Desk, current: &str) -> Vec<Tab> {
    let all = [
        ("/money", Msg::MoneyOverview),
        ("/payouts", Msg::MoneyPayouts),
        ("/statements", Msg::MoneyStatements),
    ];
    all.into_iter()
        .map(|(path, label)| Tab {
            label: desk.reader.t(label).into_owned(),
            href: desk.href(path),
            count: None,
            current: path == current,
        })
        .collect()
}

fn releases(desk: &Desk, money: &MoneyPage) -> Markup {
    let r = &desk.reader;
    let then = r.t(Msg::SellerMoneyReleaseThen);
    let columns = [
        Column::new(r.t(Msg::SellerColumnOrder)).leading(),
        Column::new(r.t(Msg::SellerMoneyReleaseAt)),
        Column::new(r.t(Msg::SellerColumnAmount)).numeric(),
    ];
    let rows: Vec<Row> = money
        .reserve_parts
        .iter()
        .map(|part| Row {
            cells: vec![
                html! { a.num href=(desk.href(&format!("/orders/{}", part.order))) { (part.order) } },
                html! { @if let Some(at) = part.release_at { div { (countdown(r, at, &then)) " " span.muted { (moment(r, at)) } } } },
                amount(r, desk.money_in(part.left_minor(), part.currency)),
            ],
            ..Row::default()
        })
        .collect();
    table(r.words, &columns, &rows, false)
}

fn moves(desk: &Desk, asked: &Asked, money: &MoneyPage) -> Markup {
    let r = &desk.reader;
    let current = asked.account();
    let address = |account: Account| desk.href(&format!("/money?account={}", account.code()));
    // Most shops never owe anything.
    let ever_owed = money.balances.iter().any(|row| row.account == Account::Debt);
    let all: Vec<Tab> = SHOWN
        .into_iter()
        .filter(|(account, _)| *account != Account::Debt || ever_owed || current == *account)
        .map(|(account, msg)| Tab {
            label: r.t(msg).into_owned(),
            href: address(account),
            count: None,
            current: account == current,
        })
        .collect();
    let columns = [
        Column::new(r.t(Msg::SellerColumnWhen)),
        Column::new(r.t(Msg::SellerColumnWhy)).leading(),
        Column::new(r.t(Msg::SellerColumnOrder)),
        Column::new(r.t(Msg::SellerColumnAmount)).numeric(),
    ];
    let rows: Vec<Row> = money.transfers.iter().map(|t| row(desk, t, current)).collect();
    let last = money.transfers.last().filter(|_| money.more);
    html! {
        (tabs(r.words, &all))
        @if rows.is_empty() {
            (empty_state(&Empty {
                icon: Some(Icon::Wallet),
                title: r.t(Msg::SellerMoneyNone).into_owned(),
                text: r.t(Msg::SellerMoneyNoneText).into_owned(),
                next: None,
            }))
        } @else {
            (table(r.words, &columns, &rows, false))
            nav.below {
                @if asked.before.is_some() { a.button.quiet href=(address(current)) { (r.t(Msg::ListFirst)) } }
                @if let Some(last) = last {
                    a.button href={ (address(current)) "&before=" (last.id) } rel="next" { (r.t(Msg::ListNext)) }
                }
                (csv_link(r.words, &desk.href(&format!("/money.csv?account={}", current.code()))))
            }
        }
    }
}

fn row(desk: &Desk, transfer: &TransferRow, account: Account) -> Row {
    let r = &desk.reader;
    Row {
        cells: vec![
            moment(r, transfer.created_at),
            html! { (purpose(desk, transfer)) },
            html! {
                @match transfer.subject.as_str() {
                    "order" => { a.num href=(desk.href(&format!("/orders/{}", transfer.subject_id))) { (transfer.subject_id) } }
                    "payout" => { a.num href=(desk.href(&format!("/payouts/{}", transfer.subject_id))) { (transfer.subject_id) } }
                    _ => { span.muted { "—" } }
                }
            },
            amount(r, change_of(transfer, account)),
        ],
        ..Row::default()
    }
}
