//! What stands against orders going straight through: buyers who ask to cancel, and goods which are missing.

use actions::Market;
use actions::shop_desk::{requests_page, shortages_page};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use rules::people::Permission;
use serde::Deserialize;
use store::cancellations::CancelRequest;
use store::shortages::Shortage;

use super::desk::{Desk, Page, Refused};
use super::notes::{by_code, reason};
use crate::csv::{self, Line, PART, Part, amount, time};
use crate::ui::countdown::{ago, countdown};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, ListPage, Row, Tab, list_page};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

const PAGE: i64 = 50;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    before: Option<i64>,
}

/// Both lists; `current` is the path of the one which is shown.
fn kinds(desk: &Desk, current: &str) -> Vec<Tab> {
    let all = [("/requests", Msg::CasesRequests), ("/shortages", Msg::CasesShortages)];
    let tab = |(path, name): (&str, Msg)| Tab {
        label: desk.reader.t(name).into_owned(),
        href: desk.href(path),
        count: None,
        current: path == current,
    };
    all.map(tab).into()
}

struct Shown<'a> {
    path: &'a str,
    columns: Vec<Column>,
    rows: Vec<Row>,
    /// The last row's id, where there are more.
    last: Option<i64>,
}

fn drawn(desk: &Desk, asked: &Asked, shown: Shown<'_>) -> Markup {
    let r = &desk.reader;
    let here = desk.href(shown.path);
    let list = ListPage {
        title: r.t(Msg::CasesTitle).into_owned(),
        lead: r.t(Msg::CasesLead).into_owned(),
        acts: vec![html! { a.button.quiet href=(desk.href("/orders")) { (r.t(Msg::NavOrders)) } }],
        tabs: kinds(desk, shown.path),
        columns: shown.columns,
        rows: shown.rows,
        first: asked.before.map(|_| here.clone()),
        next: shown.last.map(|last| format!("{here}?before={last}")),
        csv: Some(format!("{here}.csv")),
        empty: Empty {
            icon: Some(Icon::CheckCircle),
            title: r.t(Msg::CasesNone).into_owned(),
            text: String::new(),
            next: Some((desk.href("/orders"), r.t(Msg::NavOrders).into_owned())),
        },
        ..ListPage::default()
    };
    list_page(r.words, &list)
}

pub(super) async fn requests(
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<Asked>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let before = asked.before.unwrap_or(i64::MAX);
    let read = requests_page(&market, desk.shop.id, before, PAGE).await;
    let rows = read.map_err(|failure| desk.refused(failure))?;
    let r = &desk.reader;
    let shown = Shown {
        path: "/requests",
        columns: vec![
            Column::new(r.t(Msg::SellerColumnOrder)).leading(),
            Column::new(r.t(Msg::SellerColumnWhen)),
            Column::new(r.t(Msg::SellerColumnWhy)),
            Column::new(r.t(Msg::SellerColumnState)),
            Column::new(r.t(Msg::CasesAnswer)),
        ],
        last: rows.last().filter(|_| rows.len() as i64 >= PAGE).map(|row| row.id.number()),
        rows: rows.iter().map(|row| request_row(&desk, row)).collect(),
    };
    let body = drawn(&desk, &asked, shown);
    Ok(desk.page(r.t(Msg::CasesTitle), Place::SellerOrders, body))
}

fn request_row(desk: &Desk, row: &CancelRequest) -> Row {
    let r = &desk.reader;
    Row {
        cells: vec![
            html! { a.num href=(desk.href(&format!("/orders/{}", row.order))) { (row.order) } },
            ago(r, row.created_at),
            html! { (reason(r, row.reason)) @if !row.note.is_empty() { div.muted { (row.note) } } },
            html! {
                (by_code(r, "cases-request", row.state.code()))
                @if let Some(due) = row.state.due_at() { " " (countdown(r, due, &r.t(Msg::CasesRequestThen))) }
            },
            html! { (row.answer) },
        ],
        ..Row::default()
    }
}

pub(super) async fn shortages(
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<Asked>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let before = asked.before.unwrap_or(i64::MAX);
    let read = shortages_page(&market, desk.shop.id, before, PAGE).await;
    let rows = read.map_err(|failure| desk.refused(failure))?;
    let r = &desk.reader;
    let shown = Shown {
        path: "/shortages",
        columns: vec![
            Column::new(r.t(Msg::SellerColumnOrder)).leading(),
            Column::new(r.t(Msg::SellerColumnWhen)),
            Column::new(r.t(Msg::CasesMissing)).numeric(),
            Column::new(r.t(Msg::SellerColumnState)),
        ],
        last: rows.last().filter(|_| rows.len() as i64 >= PAGE).map(|row| row.id.number()),
        rows: rows.iter().map(|row| shortage_row(&desk, row)).collect(),
    };
    let body = drawn(&desk, &asked, shown);
    Ok(desk.page(r.t(Msg::CasesTitle), Place::SellerOrders, body))
}

fn shortage_row(desk: &Desk, row: &Shortage) -> Row {
    let r = &desk.reader;
    Row {
        cells: vec![
            html! { a.num href=(desk.href(&format!("/orders/{}", row.order))) { (row.order) } },
            ago(r, row.created_at),
            html! { (row.missing_count) },
            html! {
                (by_code(r, "cases-shortage", row.state.code()))
                @if let Some(due) = row.state.due_at() { " " (countdown(r, due, &r.t(Msg::CasesShortageThen))) }
            },
        ],
        ..Row::default()
    }
}

const REQUESTS: &[&str] = &[
    "request",
    "order",
    "state",
    "reason",
    "note",
    "asked_at",
    "answer_by",
    "answer",
    "answered_by",
    "answered_at",
];

pub(super) async fn requests_file(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
) -> Result<Response, Refused> {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let shop = desk.shop.id;
    let written = csv::file("requests", REQUESTS, i64::MAX, move |before| {
        let market = market.clone();
        async move {
            let rows = requests_page(&market, shop, before, PART).await?;
            Ok(Part::of(&rows, PART, |row| row.id.number(), request_line))
        }
    });
    written.await.map_err(|failure| desk.refused(failure))
}

fn request_line(row: &CancelRequest) -> Line {
    vec![
        row.id.to_string(),
        row.order.to_string(),
        row.state.code().to_owned(),
        row.reason.code().to_owned(),
        row.note.clone(),
        time(Some(row.created_at)),
        time(row.state.due_at()),
        row.answer.clone(),
        row.answered_by.clone(),
        time(row.answered_at),
    ]
}

const SHORTAGES: &[&str] = &[
    "shortage",
    "order",
    "sku",
    "missing",
    "cause",
    "state",
    "found_at",
    "due_at",
    "currency",
    "difference",
    "waived",
    "answered_by",
    "answered_at",
];

pub(super) async fn shortages_file(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
) -> Result<Response, Refused> {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let (shop, currency) = (desk.shop.id, desk.currency());
    let line = move |row: &Shortage| -> Line {
        vec![
            row.id.to_string(),
            row.order.to_string(),
            row.sku.to_string(),
            row.missing_count.to_string(),
            row.cause.code().to_owned(),
            row.state.code().to_owned(),
            time(Some(row.created_at)),
            time(row.state.due_at()),
            currency.code().to_owned(),
            amount(rules::money::Money::new(row.difference_minor, currency)),
            if row.waived { "yes" } else { "no" }.to_owned(),
            row.answered_by.clone(),
            time(row.answered_at),
        ]
    };
    let written = csv::file("shortages", SHORTAGES, i64::MAX, move |before| {
        let market = market.clone();
        async move {
            let rows = shortages_page(&market, shop, before, PART).await?;
            Ok(Part::of(&rows, PART, |row| row.id.number(), line))
        }
    });
    written.await.map_err(|failure| desk.refused(failure))
}
