//! The trial balance: every account family over all homes, in two columns which sum to the same.

use actions::books::{self, KeptCheck, TrialLine, TrialSum};
use actions::{Failure, Market};
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use rules::money::{Currency, Money};
use rules::people::Permission;

use super::{admit, answer, page, say};
use crate::format::{Reader, count};
use crate::ui::badges::{Tone, badge};
use crate::ui::copy::definition;
use crate::ui::countdown::ago;
use crate::ui::detail::section_with;
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{Look, link_button, link_button_with};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, Row, empty_state, page_title, table};
use crate::ui::money_table::amount;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

pub(super) async fn show(visit: Visit, State(market): State<Market>) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewLedger)?;
        let lines = books::trial_balance(&market).await?;
        let last = books::last_check(&market).await?;
        draw(&visit, &lines, last.as_ref())
    })
    .await
}

fn draw(visit: &Visit, lines: &[TrialLine], last: Option<&KeptCheck>) -> Result<Response, Failure> {
    let r = &visit.reader;
    let check = link_button_with(
        Look::Primary,
        "/operator/ledger/check",
        Icon::Scale,
        &r.t(Msg::OpCheckOpen),
    );
    let transfers =
        link_button(Look::Plain, "/operator/ledger/transfers", &r.t(Msg::OpTransfersAll));
    let sums = books::trial_sums(lines);
    let body = html! {
        (page_title(&r.t(Msg::NavLedger), &r.t(Msg::OpLedgerLead), &[transfers, check]))
        (standing(r, last))
        @if lines.is_empty() {
            (empty_state(&Empty {
                icon: Some(Icon::Ledger),
                title: r.t(Msg::OpLedgerEmpty).into_owned(),
                text: r.t(Msg::OpLedgerEmptyText).into_owned(),
                next: None,
            }))
        }
        div.stack { @for sum in &sums { (currency(r, lines, sum)) } }
    };
    page(visit, &r.t(Msg::NavLedger), Place::OperatorLedger, body)
}

/// What the last check found, and when that was.
pub(super) fn standing(r: &Reader, last: Option<&KeptCheck>) -> Markup {
    let next = Some(("/operator/ledger/check".to_owned(), r.t(Msg::OpCheckOpen).into_owned()));
    match last {
        None => flash(&Flash { tone: Tone::Info, text: r.t(Msg::OpCheckNever).into_owned(), next }),
        Some(kept) => {
            let facts = [
                ("count", kept.faults.into()),
                ("when", r.relative(kept.at).into()),
                ("transfers", kept.transfers.into()),
            ];
            let (tone, msg) = if kept.faults == 0 {
                (Tone::Good, Msg::OpCheckGood)
            } else {
                (Tone::Bad, Msg::OpCheckBad)
            };
            flash(&Flash { tone, text: r.with(msg, &facts), next })
        }
    }
}

/// One currency's table. The last row is the sum, and the badge compares its two figures.
fn currency(r: &Reader, lines: &[TrialLine], sum: &TrialSum) -> Markup {
    let mine = lines.iter().filter(|line| line.currency == sum.currency);
    let mut rows: Vec<Row> = mine.map(|line| row(r, line)).collect();
    let strong = |minor: i64| html! { strong { (figure(r, minor, sum.currency)) } };
    rows.push(Row {
        cells: vec![
            html! { strong { (r.t(Msg::OpSum)) } },
            html! {},
            strong(sum.debits),
            strong(sum.credits),
            html! {},
        ],
        ..Row::default()
    });
    let columns = [
        Column::new(r.t(Msg::OpAccount)).leading(),
        Column::new(r.t(Msg::OpKind)),
        Column::new(r.t(Msg::OpDebit)).numeric(),
        Column::new(r.t(Msg::OpCredit)).numeric(),
        Column::new(r.t(Msg::OpHomes)).numeric(),
    ];
    let equal = if sum.debits == sum.credits {
        badge(Tone::Good, Icon::CheckCircle, &r.t(Msg::OpSidesEqual))
    } else {
        badge(Tone::Bad, Icon::Warning, &r.t(Msg::OpSidesDiffer))
    };
    section_with(sum.currency.code(), equal, table(r.words, &columns, &rows, false))
}

fn row(r: &Reader, line: &TrialLine) -> Row {
    let (debit, credit) = line.columns();
    let href = format!("/operator/ledger/accounts/{}", line.account.code());
    let shown = |minor: i64| html! { @if minor != 0 { (figure(r, minor, line.currency)) } };
    Row {
        cells: vec![
            html! { a href=(href) { (say::account(r, line.account)) } },
            html! { span.muted { (say::account_kind(r, line.account)) } },
            shown(debit),
            shown(credit),
            html! { (count(i64::try_from(line.homes).unwrap_or(i64::MAX))) },
        ],
        ..Row::default()
    }
}

fn figure(r: &Reader, minor: i64, currency: Currency) -> Markup {
    amount(r, Money::new(minor, currency))
}

/// An account's name with its meaning one click away, as the title of its pages.
pub(super) fn account_title(r: &Reader, account: rules::ledger::Account) -> Markup {
    html! { div { (definition(&say::account_kind(r, account), &say::account_meaning(r, account))) } }
}

/// "3 hours ago".
pub(super) fn when(r: &Reader, at: rules::time::Timestamp) -> Markup {
    ago(r, at)
}
