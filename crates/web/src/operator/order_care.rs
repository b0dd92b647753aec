//! An order's requests to cancel and its missing goods, as the house sees them.

use actions::overview::OrderSeen;
use actions::shortages::read_substitute;
use maud::{Markup, html};
use rules::money::Money;
use rules::time::Timestamp;
use store::cancellations::CancelRequest;
use store::shortages::Shortage;

use super::order::title;
use super::say;
use crate::format::Reader;
use crate::ui::countdown::{ago, countdown};
use crate::ui::detail::section;
use crate::ui::list::{Column, Row, table};
use crate::ui::money_table::amount;
use crate::words::{Language, Msg};

/// A panel for each of the two which the order has.
pub(super) fn panels(r: &Reader, seen: &OrderSeen) -> Markup {
    html! {
        @if !seen.care.requests.is_empty() { (section(&r.t(Msg::CareOpRequests), requests(r, seen))) }
        @if !seen.care.shortages.is_empty() { (section(&r.t(Msg::CareOpShortages), shortages(r, seen))) }
    }
}

/// A text whose id ends with a code of ours; the code itself where there is none.
fn by_code(r: &Reader, family: &str, code: &str) -> String {
    let id = format!("{family}-{}", code.replace('_', "-"));
    Msg::named(&id).map_or_else(|| code.to_owned(), |msg| r.t(msg).into_owned())
}

/// Until when it waits, and what silence does then.
fn until(r: &Reader, due: Option<Timestamp>, then: Msg) -> Markup {
    html! { @if let Some(due) = due { (countdown(r, due, &r.t(then))) } @else { "–" } }
}

fn requests(r: &Reader, seen: &OrderSeen) -> Markup {
    let row = |request: &CancelRequest| Row {
        cells: vec![
            html! {
                div { (say::code(r, "reason", request.reason.code())) }
                @if !request.note.is_empty() { small.muted { (request.note) } }
            },
            ago(r, request.created_at),
            html! { (by_code(r, "care-request", request.state.code())) },
            until(r, request.state.due_at(), Msg::CareThenApproved),
            html! { (request.answer) },
        ],
        ..Row::default()
    };
    let rows: Vec<Row> = seen.care.requests.iter().map(row).collect();
    let columns = [
        Column::new(r.t(Msg::CareReason)).leading(),
        Column::new(r.t(Msg::CareOpAsked)),
        Column::new(r.t(Msg::CareOpState)),
        Column::new(r.t(Msg::CareOpUntil)),
        Column::new(r.t(Msg::CareOpAnswer)),
    ];
    table(r.words, &columns, &rows, false)
}

fn shortages(r: &Reader, seen: &OrderSeen) -> Markup {
    let row = |shortage: &Shortage| {
        let line = seen.lines.iter().find(|line| line.id == shortage.line);
        let goods = line.map_or_else(String::new, |line| title(r, line));
        let difference = Money::new(shortage.difference_minor, seen.order.currency);
        Row {
            cells: vec![
                html! {
                    div { (goods) }
                    small.muted { (by_code(r, "care-cause", shortage.cause.code())) }
                },
                html! { span.num { (shortage.missing_count) } },
                html! { (by_code(r, "care-shortage", shortage.state.code())) },
                until(r, shortage.state.due_at(), Msg::CareThenRefundUnanswered),
                html! {
                    (instead(r, shortage))
                    @if !difference.is_zero() { " " (amount(r, difference)) }
                },
            ],
            ..Row::default()
        }
    };
    let rows: Vec<Row> = seen.care.shortages.iter().map(row).collect();
    let columns = [
        Column::new(r.t(Msg::OpGoods)).leading(),
        Column::new(r.t(Msg::CareOpMissing)).numeric(),
        Column::new(r.t(Msg::CareOpState)),
        Column::new(r.t(Msg::CareOpUntil)),
        Column::new(r.t(Msg::CareOpInstead)),
    ];
    table(r.words, &columns, &rows, false)
}

/// What was offered for it, if anything was.
fn instead(r: &Reader, shortage: &Shortage) -> String {
    let Ok(substitute) = read_substitute(&shortage.substitute) else { return "–".to_owned() };
    match r.words.language() {
        Language::En => substitute.title_en,
        Language::Zh => substitute.title_zh,
    }
}
