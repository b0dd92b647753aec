//! From an account family to its homes, from a home to its transfers, to one transfer.

use actions::{Failure, Market, overview};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use rules::ids::TransferId;
use rules::ledger::{Account, TransferRow};
use rules::money::Money;
use rules::people::Permission;
use serde::Deserialize;

use super::{PAGE, admit, answer, ledger, name_of, page, say};
use crate::format::Reader;
use crate::ui::copy::copyable;
use crate::ui::countdown::{ago, moment};
use crate::ui::detail::{DetailHead, detail_page, facts, figure, figures, section};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, ListPage, Row, list_page};
use crate::ui::money_table::amount;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

/// Where a page of a list begins: after (or before) this number.
#[derive(Debug, Default, Deserialize)]
pub(super) struct From {
    #[serde(default)]
    pub from: Option<i64>,
}

fn account_of(code: &str) -> Result<Account, Failure> {
    Account::parse(code).ok_or(Failure::NotFound)
}

/// An account family, home by home.
pub(super) async fn homes(
    visit: Visit,
    State(market): State<Market>,
    Path(code): Path<String>,
    Query(from): Query<From>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewLedger)?;
        let account = account_of(&code)?;
        let after = from.from.unwrap_or(0);
        let (rows, names) = overview::homes_of_account(&market, account, after, PAGE).await?;
        let r = &visit.reader;
        let path = format!("/operator/ledger/accounts/{code}");
        let full = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= PAGE;
        let list = ListPage {
            title: say::account(r, account),
            lead: say::account_meaning(r, account),
            columns: vec![
                Column::new(r.t(Msg::OpHome)).leading(),
                Column::new(r.t(Msg::OpDebited)).numeric(),
                Column::new(r.t(Msg::OpCredited)).numeric(),
                Column::new(r.t(Msg::OpStands)).numeric(),
            ],
            next: rows.last().filter(|_| full).map(|row| format!("{path}?from={}", row.home_id)),
            first: from.from.map(|_| path.clone()),
            csv: Some(format!("/operator/ledger/homes/{code}")),
            rows: rows
                .iter()
                .map(|row| {
                    let of = |minor: i64| amount(r, Money::new(minor, row.currency));
                    let href = format!("{path}/{}", row.home_id);
                    Row {
                        cells: vec![
                            html! { a href=(href) { (name_of(&names, row.home_id)) } },
                            of(row.balance.debits_posted),
                            of(row.balance.credits_posted),
                            html! { strong { (of(row.balance.posted(account))) } },
                        ],
                        ..Row::default()
                    }
                })
                .collect(),
            empty: nothing(r),
            ..ListPage::default()
        };
        let body = html! { (back(r)) (list_page(r.words, &list)) };
        page(&visit, &say::account(r, account), Place::OperatorLedger, body)
    })
    .await
}

fn back(r: &Reader) -> Markup {
    html! { a.back href="/operator/ledger" { (crate::ui::icons::icon(Icon::Arrow)) (r.t(Msg::OpTrialBalance)) } }
}

fn nothing(r: &Reader) -> Empty {
    Empty {
        icon: Some(Icon::Ledger),
        title: r.t(Msg::OpAccountEmpty).into_owned(),
        text: r.t(Msg::OpAccountEmptyText).into_owned(),
        next: Some(("/operator/ledger".to_owned(), r.t(Msg::OpTrialBalance).into_owned())),
    }
}

/// One home's account: what stands on it and its transfers, newest first.
pub(super) async fn transfers(
    visit: Visit,
    State(market): State<Market>,
    Path((code, home)): Path<(String, i64)>,
    Query(from): Query<From>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewLedger)?;
        let account = account_of(&code)?;
        let before = from.from.unwrap_or(i64::MAX);
        let seen = overview::account_of_home(&market, home, account, before, PAGE).await?;
        let r = &visit.reader;
        let path = format!("/operator/ledger/accounts/{code}/{home}");
        let full = i64::try_from(seen.transfers.len()).unwrap_or(i64::MAX) >= PAGE;
        let list = ListPage {
            title: format!("{} · {}", say::account(r, account), seen.name),
            lead: say::account_meaning(r, account),
            columns: transfer_columns(r),
            next: seen
                .transfers
                .last()
                .filter(|_| full)
                .map(|row| format!("{path}?from={}", row.id)),
            first: from.from.map(|_| path.clone()),
            csv: Some(format!("/operator/ledger/homes/{code}/{home}")),
            rows: seen.transfers.iter().map(|row| transfer_row(r, row, Some(account))).collect(),
            empty: nothing(r),
            ..ListPage::default()
        };
        let cards: Vec<Markup> = seen
            .balances
            .iter()
            .map(|row| {
                let money = |minor| r.money(Money::new(minor, row.currency));
                let beside = html! {
                    (r.t(Msg::OpDebited)) " " (money(row.balance.debits_posted)) " · "
                    (r.t(Msg::OpCredited)) " " (money(row.balance.credits_posted))
                };
                figure(html! { (r.t(Msg::OpStands)) }, &money(row.balance.posted(account)), beside)
            })
            .collect();
        let list = ListPage { above: (!cards.is_empty()).then(|| figures(&cards)), ..list };
        let body = html! { (back(r)) (list_page(r.words, &list)) };
        page(&visit, &say::account(r, account), Place::OperatorLedger, body)
    })
    .await
}

pub(super) fn transfer_columns(r: &Reader) -> Vec<Column> {
    vec![
        Column::new(r.t(Msg::OpWhat)).leading(),
        Column::new(r.t(Msg::OpFromTo)),
        Column::new(r.t(Msg::OpBelongsTo)),
        Column::new(r.t(Msg::OpWhen)),
        Column::new(r.t(Msg::OpAmount)).numeric(),
    ]
}

/// On an account's own page the amount has its sign: what makes the account's balance smaller is negative.
pub(super) fn transfer_row(r: &Reader, row: &TransferRow, on: Option<Account>) -> Row {
    use rules::ledger::AccountKind;
    let grows = on.is_none_or(|account| match account.kind() {
        AccountKind::Debit(_) => row.debit == account,
        AccountKind::Credit(_) => row.credit == account,
    });
    let minor = if grows { row.amount_minor } else { -row.amount_minor };
    let href = format!("/operator/ledger/transfers/{}/{}", row.home_id, row.id);
    Row {
        cells: vec![
            html! { a href=(href) { (say::transfer_code(r, row.code)) } },
            say::sides(r, row),
            say::belongs_to(r, row),
            ago(r, row.created_at),
            amount(r, Money::new(minor, row.currency)),
        ],
        ..Row::default()
    }
}

/// One transfer, whole.
pub(super) async fn transfer(
    visit: Visit,
    State(market): State<Market>,
    Path((home, id)): Path<(i64, i64)>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewLedger)?;
        let (row, name) = overview::transfer(&market, home, TransferId::new(id)).await?;
        let r = &visit.reader;
        let title = say::transfer_code(r, row.code);
        let head = DetailHead {
            back: Some(("/operator/ledger".to_owned(), r.t(Msg::OpTrialBalance).into_owned())),
            title: title.clone(),
            under: vec![copyable(r.words, &row.id.to_string()), moment(r, row.created_at)],
            ..DetailHead::default()
        };
        let side = |account: Account| {
            let href = format!("/operator/ledger/accounts/{}/{home}", account.code());
            html! {
                a href=(href) { (say::account(r, account)) }
                (ledger::account_title(r, account))
            }
        };
        let main = section(
            &r.t(Msg::OpTransfer),
            facts(&[
                (
                    &r.t(Msg::OpAmount),
                    html! { strong { (amount(r, Money::new(row.amount_minor, row.currency))) } },
                ),
                (&r.t(Msg::OpDebit), side(row.debit)),
                (&r.t(Msg::OpCredit), side(row.credit)),
            ]),
        );
        let aside = section(
            &r.t(Msg::OpBelongsTo),
            facts(&[
                (&r.t(Msg::OpHome), html! { (name) }),
                (&r.t(Msg::OpReason), say::belongs_to(r, &row)),
                (&r.t(Msg::OpKind), html! { (say::code(r, "posting", row.kind.code())) }),
                (&r.t(Msg::OpWhen), ledger::when(r, row.created_at)),
            ]),
        );
        page(&visit, &title, Place::OperatorLedger, detail_page(&head, main, aside))
    })
    .await
}
