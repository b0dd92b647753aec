//! Payouts over all shops: what stands still and why, the files for the bank, and the list.

use actions::payouts::{self, HousePayouts};
use actions::{Failure, Market};
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use rules::ids::BankFileId;
use rules::money::Currency;
use rules::people::Permission;
use rules::settlement::payouts::PayoutState;
use serde::Deserialize;
use store::payouts::PayoutRow;

use super::{PAGE, admit, answer, form_key, go, may, name_of, page, request};
use crate::format::{Reader, count};
use crate::ui::badges::payout_badge;
use crate::ui::countdown::{ago, countdown};
use crate::ui::detail::section;
use crate::ui::forms::{Look, act, link_button_with};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, Row, Tab, csv_link, empty_state, page_title, table, tabs};
use crate::ui::money_table::amount;
use crate::ui::nav::Place;
use crate::ui::payout_steps::named;
use crate::visit::Visit;
use crate::words::Msg;

const PATH: &str = "/operator/payouts";
const STATES: [(&str, Msg); 5] = [
    ("", Msg::MoneyStateAll),
    ("scheduled", Msg::MoneyStateScheduled),
    ("sent", Msg::MoneyStateSent),
    ("paid", Msg::MoneyStatePaid),
    ("failed", Msg::MoneyStateFailed),
];

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    state: String,
    from: Option<i64>,
}

impl Asked {
    /// A state's code, or empty for all.
    pub(super) fn state(&self) -> &'static str {
        let known = STATES.iter().find(|(state, _)| *state == self.state);
        known.map_or("", |(state, _)| *state)
    }
}

/// The two pages about money which leaves the house.
pub(super) fn out_tabs(r: &Reader, current: &str) -> Markup {
    let all = [(PATH, Msg::MoneyPayouts), ("/operator/reconciliation", Msg::MoneyReconciliation)];
    let tab = |(path, label): (&str, Msg)| Tab {
        label: r.t(label).into_owned(),
        href: path.to_owned(),
        count: None,
        current: path == current,
    };
    tabs(r.words, &all.map(tab))
}

pub(super) async fn show(
    visit: Visit,
    State(market): State<Market>,
    Query(asked): Query<Asked>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewLedger)?;
        let state = asked.state();
        let before = asked.from.unwrap_or(i64::MAX);
        let seen = payouts::house_payouts(&market, state.to_owned(), before, PAGE).await?;
        let r = &visit.reader;
        let body = html! {
            (page_title(&r.t(Msg::NavPayouts), &r.t(Msg::MoneyHouseLead), &[]))
            (out_tabs(r, PATH))
            div.stack {
                @if !seen.stopped.is_empty() { (section(&r.t(Msg::MoneyStopped), stopped(r, &seen))) }
                @if may(&visit, Permission::HandlePayouts) { (section(&r.t(Msg::MoneyFiles), files(&visit, &market, &seen))) }
                (section(&r.t(Msg::MoneyPayouts), list(r, &asked, state, &seen)))
            }
        };
        page(&visit, &r.t(Msg::NavPayouts), Place::OperatorPayouts, body)
    })
    .await
}

fn link(payout: &PayoutRow) -> Markup {
    let href = format!("{PATH}/{}/{}", payout.shop, payout.id);
    html! { a.num href=(href) { (payout.id) } }
}

fn stopped(r: &Reader, seen: &HousePayouts) -> Markup {
    let columns = [
        Column::new(r.t(Msg::OpShop)).leading(),
        Column::new(r.t(Msg::MoneyPayout)),
        Column::new(r.t(Msg::OpReason)),
        Column::new(r.t(Msg::OpAmount)).numeric(),
    ];
    let rows: Vec<Row> = seen
        .stopped
        .iter()
        .map(|payout| Row {
            cells: vec![
                html! { (name_of(&seen.names, payout.shop.number())) },
                link(payout),
                html! {
                    @for obstacle in &payout.obstacles { div { (named(r, "money-house-obstacle", obstacle.code())) } }
                },
                amount(r, payout.amount),
            ],
            ..Row::default()
        })
        .collect();
    table(r.words, &columns, &rows, false)
}

fn files(visit: &Visit, market: &Market, seen: &HousePayouts) -> Markup {
    let r = &visit.reader;
    let columns = [
        Column::new(r.t(Msg::MoneyFile)).leading(),
        Column::new(r.t(Msg::OpWhen)),
        Column::new(r.t(Msg::MoneyPayouts)).numeric(),
        Column::new(r.t(Msg::OpAmount)).numeric(),
        Column::new(""),
    ];
    let rows: Vec<Row> = seen
        .files
        .iter()
        .map(|file| {
            let href = format!("{PATH}/files/{}/pain.001.xml", file.id);
            Row {
                cells: vec![
                    html! { span.num { (file.id) } },
                    ago(r, file.created_at),
                    html! { (count(file.payouts_count)) },
                    amount(r, file.total),
                    link_button_with(Look::Quiet, &href, Icon::Download, &r.t(Msg::MoneyFileGet)),
                ],
                ..Row::default()
            }
        })
        .collect();
    html! {
        p { (r.t(Msg::MoneyFilesText)) }
        @for (currency, number, sum) in &seen.without_file {
            @let key = form_key(market);
            @let text = r.with(Msg::MoneyFileMake, &[("count", (*number).into()), ("amount", r.money(*sum).into())]);
            (act(Look::Plain, "/operator/payouts/files", &visit.csrf, &[("key", &key), ("currency", currency.code())], &text))
        }
        @if seen.without_file.is_empty() { p.muted { (r.t(Msg::MoneyFileNothing)) } }
        @if !rows.is_empty() { (table(r.words, &columns, &rows, false)) }
    }
}

fn list(r: &Reader, asked: &Asked, state: &str, seen: &HousePayouts) -> Markup {
    let tab = |(code, label): (&str, Msg)| Tab {
        label: r.t(label).into_owned(),
        href: format!("{PATH}?state={code}"),
        count: None,
        current: code == state,
    };
    let columns = [
        Column::new(r.t(Msg::OpShop)).leading(),
        Column::new(r.t(Msg::MoneyPayout)),
        Column::new(r.t(Msg::MoneyState)),
        Column::new(r.t(Msg::OpWhen)),
        Column::new(r.t(Msg::OpAmount)).numeric(),
    ];
    let rows: Vec<Row> = seen
        .payouts
        .iter()
        .map(|payout| Row {
            cells: vec![
                html! { (name_of(&seen.names, payout.shop.number())) },
                link(payout),
                payout_badge(r, payout),
                html! {
                    @match payout.state.due_at() {
                        Some(due) => { (countdown(r, due, &named(r, "money-then", payout.state.code()))) }
                        None => { (ago(r, payout.ended_at.unwrap_or(payout.created_at))) }
                    }
                },
                amount(r, payout.amount),
            ],
            overdue: matches!(payout.state, PayoutState::Sent { answer_by } if answer_by < r.now),
            ..Row::default()
        })
        .collect();
    let full = i64::try_from(seen.payouts.len()).unwrap_or(i64::MAX) >= PAGE;
    html! {
        (tabs(r.words, &STATES.map(tab)))
        @if rows.is_empty() {
            (empty_state(&Empty {
                icon: Some(Icon::Wallet),
                title: r.t(Msg::MoneyPayoutsNone).into_owned(),
                text: r.t(Msg::MoneyHouseNoneText).into_owned(),
                next: None,
            }))
        } @else {
            (table(r.words, &columns, &rows, false))
            nav.below {
                @if asked.from.is_some() { a.button.quiet href={ (PATH) "?state=" (state) } { (r.t(Msg::ListFirst)) } }
                @if let Some(last) = seen.payouts.last().filter(|_| full) {
                    a.button href={ (PATH) "?state=" (state) "&from=" (last.id) } rel="next" { (r.t(Msg::ListNext)) }
                }
                (csv_link(r.words, &format!("{PATH}.csv?state={state}")))
            }
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MakeFile {
    key: String,
    currency: String,
}

pub(super) async fn make_file(
    visit: Visit,
    State(market): State<Market>,
    Form(form): Form<MakeFile>,
) -> Response {
    answer(&visit, async {
        let currency = Currency::parse(&form.currency).map_err(|_| Failure::NotFound)?;
        let key = request(&visit, &form.key, "make_bank_file", &form.currency)?;
        payouts::make_bank_file(&market, visit.caller()?, currency, key).await?;
        Ok(go(PATH, "money-file-made"))
    })
    .await
}

pub(super) async fn file(
    visit: Visit,
    State(market): State<Market>,
    Path(id): Path<i64>,
) -> Response {
    answer(&visit, async {
        let id = BankFileId::new(id);
        let (row, text) = payouts::bank_file(&market, visit.caller()?, id).await?;
        let name =
            format!("attachment; filename=\"pain.001-{}-{}.xml\"", row.total.currency, row.id);
        let head = [
            (header::CONTENT_TYPE, "application/xml; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, name),
        ];
        Ok((head, text).into_response())
    })
    .await
}
