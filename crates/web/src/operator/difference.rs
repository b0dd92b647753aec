//! One difference: both sides line by line, and the two people who settle it.

use actions::reconciliation::{self, DifferencePage, Proposal};
use actions::{Failure, Market};
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use rules::ids::DifferenceId;
use rules::ledger::clearing::{Bearer, DifferenceKind, MovementKind};
use rules::people::Permission;
use serde::Deserialize;

use super::accounts::{transfer_columns, transfer_row};
use super::reconciliation::{state_badge, sums};
use super::{answer, go, may, page, page_again, say};
use crate::ui::copy::copyable;
use crate::ui::countdown::moment;
use crate::ui::detail::{DetailHead, detail_page, facts, section};
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{CardChoice, Field, Input, Look, act, card_choices, csrf_field, submit};
use crate::ui::list::{Column, Row, table};
use crate::ui::money_table::amount;
use crate::ui::nav::Place;
use crate::ui::payout_steps::named;
use crate::ui::timeline::{TimelineEntry, timeline};
use crate::visit::Visit;
use crate::words::Msg;

/// What people type here.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    bearer: String,
    reason: String,
}

pub(super) async fn show(
    visit: Visit,
    State(market): State<Market>,
    Path((home, id)): Path<(i64, i64)>,
) -> Response {
    answer(&visit, async {
        let seen = read(&visit, &market, home, id).await?;
        let body = body(&visit, &seen, &Said::default(), None);
        page(&visit, &title(&visit, &seen), Place::OperatorPayouts, body)
    })
    .await
}

async fn read(
    visit: &Visit,
    market: &Market,
    home: i64,
    id: i64,
) -> Result<DifferencePage, Failure> {
    reconciliation::difference_page(market, visit.caller()?, home, DifferenceId::new(id)).await
}

fn title(visit: &Visit, seen: &DifferencePage) -> String {
    let key = &seen.difference.key;
    format!("{} {}", named(&visit.reader, "money-movement", key.kind.code()), key.reference)
}

fn path(seen: &DifferencePage) -> String {
    format!("/operator/reconciliation/{}/{}", seen.difference.key.home_id, seen.difference.id)
}

fn body(visit: &Visit, seen: &DifferencePage, typed: &Said, failure: Option<&Failure>) -> Markup {
    let r = &visit.reader;
    let one = &seen.difference;
    let head = DetailHead {
        back: Some((
            "/operator/reconciliation".to_owned(),
            r.t(Msg::MoneyReconciliation).into_owned(),
        )),
        title: title(visit, seen),
        badges: vec![state_badge(r, one)],
        under: vec![copyable(r.words, &one.id.to_string()), moment(r, one.created_at)],
        ..DetailHead::default()
    };
    let main = html! {
        @if let Some(failure) = failure { (flash(&Flash::bad(refusal(visit, failure)))) }
        (section(&r.t(Msg::MoneyOurs), ours(visit, seen)))
        (section(&r.t(Msg::MoneyTheirs), theirs(visit, seen)))
        @if one.ended_at.is_none() && may(visit, Permission::ReconcileBooks) {
            (section(&r.t(Msg::MoneySettle), settle(visit, seen, typed, failure)))
        }
        @if !seen.events.is_empty() { (section(&r.t(Msg::MoneyHappened), happened(visit, seen))) }
    };
    detail_page(&head, main, side(visit, seen))
}

fn refusal(visit: &Visit, failure: &Failure) -> String {
    crate::problem::Problem::from(failure.clone()).words(visit.reader.words)
}

fn side(visit: &Visit, seen: &DifferencePage) -> Markup {
    let r = &visit.reader;
    let one = &seen.difference;
    let Some((ours, theirs)) = sums(one) else { return html! {} };
    let money = |minor| amount(r, rules::money::Money::new(minor, ours.currency));
    let kind = DifferenceKind::of(one.ours_minor, one.theirs_minor);
    let name = |id: i64| seen.names.get(&id).cloned().unwrap_or_default();
    let shop = one.key.home_id;
    let belongs = match one.key.kind {
        MovementKind::Capture | MovementKind::Refund => html! {
            @if let Some(order) = seen.order {
                a href={ "/operator/orders/" (order) } { (r.t(Msg::OpSubjectOrder)) " " span.num { (order) } }
            } @else { span.num { (one.key.reference) } }
        },
        MovementKind::Payout => {
            html! { a href={ "/operator/payouts/" (shop) "/" (one.key.reference) } { (r.t(Msg::MoneyPayout)) " " span.num { (one.key.reference) } } }
        }
    };
    let mut told = vec![
        (r.t(Msg::OpShop), html! { a href={ "/operator/shops/" (shop) } { (name(shop)) } }),
        (r.t(Msg::OpBelongsTo), belongs),
        (r.t(Msg::MoneyWhatDiffers), html! { (named(r, "money-differs", kind.code())) }),
        (r.t(Msg::MoneyOurs), amount(r, ours)),
        (r.t(Msg::MoneyTheirs), amount(r, theirs)),
        (r.t(Msg::MoneyAdjusted), money(one.adjusted_minor)),
    ];
    if one.proposed_by.number() != 0 {
        told.push((r.t(Msg::MoneyProposedBy), html! { (name(one.proposed_by.number())) }));
    }
    if one.decided_by.number() != 0 {
        told.push((r.t(Msg::MoneyAgreedBy), html! { (name(one.decided_by.number())) }));
    }
    let told: Vec<(&str, Markup)> =
        told.iter().map(|(label, value)| (label.as_ref(), value.clone())).collect();
    section(&r.t(Msg::MoneyDifference), facts(&told))
}

fn ours(visit: &Visit, seen: &DifferencePage) -> Markup {
    let r = &visit.reader;
    let all = seen.ours.iter().chain(&seen.adjustments);
    let rows: Vec<Row> = all.map(|row| transfer_row(r, row, None)).collect();
    if rows.is_empty() {
        return html! { p.muted { (r.t(Msg::MoneyNothingHere)) } };
    }
    table(r.words, &transfer_columns(r), &rows, false)
}

fn theirs(visit: &Visit, seen: &DifferencePage) -> Markup {
    let r = &visit.reader;
    if seen.theirs.is_empty() {
        return html! { p.muted { (r.t(Msg::MoneyNothingThere)) } };
    }
    let columns = [
        Column::new(r.t(Msg::MoneyReportLine)).leading(),
        Column::new(r.t(Msg::MoneySource)),
        Column::new(r.t(Msg::OpWhen)),
        Column::new(r.t(Msg::OpAmount)).numeric(),
    ];
    let rows: Vec<Row> = seen
        .theirs
        .iter()
        .map(|line| Row {
            cells: vec![
                html! { a href={ "/operator/reconciliation/reports/" (line.report) } { code { (line.line) } } },
                html! { (named(r, "money-source", &line.source)) },
                moment(r, line.happened_at),
                amount(r, line.amount),
            ],
            ..Row::default()
        })
        .collect();
    table(r.words, &columns, &rows, false)
}

fn settle(visit: &Visit, seen: &DifferencePage, typed: &Said, failure: Option<&Failure>) -> Markup {
    let r = &visit.reader;
    let one = &seen.difference;
    let here = path(seen);
    if one.state == "proposed" {
        let mine = visit.caller().is_ok_and(|caller| caller.person == one.proposed_by);
        let by = seen.names.get(&one.proposed_by.number()).cloned().unwrap_or_default();
        return html! {
            p { (r.with(Msg::MoneyProposal, &[("name", by.into()), ("bearer", named(r, "money-bearer", &one.bearer).into())])) }
            blockquote { (one.reason) }
            @if mine { p.muted { (r.t(Msg::MoneyFourEyes)) } }
            @else {
                div.acts {
                    (act(Look::Primary, &format!("{here}/agree"), &visit.csrf, &[], &r.t(Msg::MoneyAgree)))
                }
                form.form method="post" action={ (here) "/send-back" } {
                    (csrf_field(&visit.csrf))
                    (Field::new("reason", r.t(Msg::MoneyWhyNot)).draw(r.words))
                    div.acts { (submit(Look::Plain, &r.t(Msg::MoneySendBack))) }
                }
            }
        };
    }
    let choices: Vec<CardChoice> = Bearer::ALL
        .into_iter()
        .map(|bearer| CardChoice {
            value: bearer.code().to_owned(),
            title: named(r, "money-bearer", bearer.code()),
            note: named(r, "money-bearer-means", bearer.code()),
            ..CardChoice::default()
        })
        .collect();
    let chosen = if typed.bearer.is_empty() { Bearer::House.code() } else { &typed.bearer };
    let wrong = matches!(failure, Some(Failure::Invalid(_)));
    html! {
        form.form method="post" action={ (here) "/propose" } {
            (csrf_field(&visit.csrf))
            (card_choices(&r.t(Msg::MoneyWhoBears), "bearer", chosen, &choices))
            (Field::new("reason", r.t(Msg::MoneyWhy)).takes(Input::Long { rows: 3 }).required()
                .with_value(&typed.reason).with_hint(r.t(Msg::MoneyWhyHint))
                .with_error(wrong.then(|| r.t(Msg::MoneyWhyHint).into_owned())).draw(r.words))
            div.acts { (submit(Look::Primary, &r.t(Msg::MoneyPropose))) }
        }
    }
}

fn happened(visit: &Visit, seen: &DifferencePage) -> Markup {
    let r = &visit.reader;
    let names: Vec<(i64, String)> =
        seen.names.iter().map(|(id, name)| (*id, name.clone())).collect();
    let entries: Vec<TimelineEntry> = seen
        .events
        .iter()
        .map(|event| {
            let (icon, tone) = say::event_look(&event.kind);
            let body: serde_json::Value = serde_json::from_str(&event.body).unwrap_or_default();
            let text = |name: &str| {
                body.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
            };
            TimelineEntry {
                at: event.created_at,
                icon,
                tone,
                what: say::event(r, &event.kind),
                who: say::actor(r, &event.actor, &names),
                why: text("reason"),
            }
        })
        .collect();
    timeline(r, &entries)
}

pub(super) async fn propose(
    visit: Visit,
    State(market): State<Market>,
    Path((home, id)): Path<(i64, i64)>,
    Form(form): Form<Said>,
) -> Response {
    answer(&visit, async {
        let ask = Proposal {
            home_id: home,
            difference: DifferenceId::new(id),
            bearer: Bearer::parse(&form.bearer).unwrap_or(Bearer::House),
            reason: form.reason.clone(),
        };
        let done = reconciliation::propose(&market, visit.caller()?, ask).await;
        told(&visit, &market, (home, id), form, done, "money-proposed").await
    })
    .await
}

pub(super) async fn agree(
    visit: Visit,
    State(market): State<Market>,
    Path((home, id)): Path<(i64, i64)>,
) -> Response {
    answer(&visit, async {
        let done =
            reconciliation::agree(&market, visit.caller()?, home, DifferenceId::new(id)).await;
        told(&visit, &market, (home, id), Said::default(), done, "money-agreed").await
    })
    .await
}

pub(super) async fn send_back(
    visit: Visit,
    State(market): State<Market>,
    Path((home, id)): Path<(i64, i64)>,
    Form(form): Form<Said>,
) -> Response {
    answer(&visit, async {
        let (caller, reason) = (visit.caller()?, form.reason.clone());
        let done =
            reconciliation::send_back(&market, caller, home, DifferenceId::new(id), reason).await;
        told(&visit, &market, (home, id), form, done, "money-sent-back").await
    })
    .await
}

/// Done: the page anew. Refused: the same page with the reason and what was typed.
async fn told(
    visit: &Visit,
    market: &Market,
    (home, id): (i64, i64),
    typed: Said,
    done: Result<(), Failure>,
    word: &str,
) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(go(&format!("/operator/reconciliation/{home}/{id}"), word)),
        Err(failure @ (Failure::Invalid(_) | Failure::Refused(_))) => {
            let seen = read(visit, market, home, id).await?;
            let body = body(visit, &seen, &typed, Some(&failure));
            page_again(visit, &title(visit, &seen), Place::OperatorPayouts, body)
        }
        Err(failure) => Err(failure),
    }
}
