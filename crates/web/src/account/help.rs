//! Get help: what is wrong and with what, what can be asked for and until when, and what happens next.

use actions::Failure;
use actions::after_sales::{AskForHelp, Help, HelpItem, HelpLine, ask_for_help, help};
use axum::Form;
use axum::extract::{Path, Query};
use maud::{Markup, html};
use rules::after_sales::{CaseReason, Remedy};
use rules::ids::OrderId;
use rules::time::Timestamp;

use crate::account::cases;
use crate::case_words;
use crate::storefront::cards;
use crate::storefront::shopper::{Page, Shopper, go, refusal_text};
use crate::storefront::typed::Typed;
use crate::ui::detail::section;
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{
    CardChoice, Field, Input, Look, card_choices, csrf_field, link_button, submit,
};
use crate::ui::list::page_title;
use crate::ui::nav::Place;
use crate::ui::payout_steps::named;
use crate::words::Msg;

/// The first question, or with a reason the second.
pub(super) async fn show(
    shopper: Shopper,
    Path(order): Path<OrderId>,
    Query(typed): Query<Vec<(String, String)>>,
) -> Page {
    let typed = Typed(typed);
    let seen = read(&shopper, order).await?;
    let body = match CaseReason::parse(typed.get("reason")) {
        Some(reason) => second(&shopper, &seen, reason, &typed, None),
        None => first(&shopper, &seen, &typed, None),
    };
    Ok(shopper.page(&shopper.t(Msg::CaseHelpTitle), Place::StoreOrders, body))
}

async fn read(shopper: &Shopper, order: OrderId) -> Result<Help, axum::response::Response> {
    let buyer = shopper.buyer()?;
    help(&shopper.market, buyer, order).await.map_err(|failure| shopper.problem(failure))
}

/// What is wrong? A reason which cannot be given now says why, and what else there is.
fn first(shopper: &Shopper, seen: &Help, typed: &Typed, wrong: Option<String>) -> Markup {
    let r = &shopper.reader;
    let path = format!("/orders/{}", seen.order.id);
    let choices: Vec<CardChoice> =
        CaseReason::ALL.into_iter().map(|reason| choice(shopper, seen, reason)).collect();
    let none = seen.items.iter().all(|item| item.busy.is_some() || item.units_count == 0);
    html! {
        (page_title(&r.t(Msg::CaseHelpTitle), &r.with(Msg::CaseHelpLead, &[("shop", seen.shop.name.as_str().into())]), &[link_button(Look::Quiet, &path, &r.t(Msg::CaseBackToOrder))]))
        @if let Some(wrong) = wrong { (flash(&Flash::bad(wrong))) }
        @if !seen.cases.is_empty() { (section(&r.t(Msg::CaseBefore), cases::short(shopper, &seen.cases))) }
        form.form method="get" action={ (path) "/help" } {
            (section(&r.t(Msg::CaseWhichThings), html! {
                @for item in &seen.items { (units(shopper, item, typed)) }
            }))
            // With nothing left to ask about, a list of reasons would only say no twelve times.
            @if !none {
                (card_choices(&r.t(Msg::CaseWhatIsWrong), "reason", typed.get("reason"), &choices))
                div.acts { (submit(Look::Primary, &r.t(Msg::CaseNext))) }
            }
        }
    }
}

fn units(shopper: &Shopper, item: &HelpItem, typed: &Typed) -> Markup {
    let r = &shopper.reader;
    let name = format!("count_{}", item.line.id);
    let title = cards::title(r, &item.line.title_en, &item.line.title_zh);
    if let Some(Failure::Refused(refusal)) = &item.busy {
        return html! { p { (title) } p.muted { (refusal_text(r, refusal)) } };
    }
    if item.units_count == 0 {
        return html! { p { (title) } p.muted { (r.t(Msg::CaseAllRefunded)) } };
    }
    let whole = item.units_count.to_string();
    let value = if typed.get(&name).is_empty() { &whole } else { typed.get(&name) };
    let hint = r.with(Msg::CaseUnitsHint, &[("count", item.units_count.into())]);
    let input = Input::Number { min: Some(0), max: Some(item.units_count) };
    Field::new(&name, title).takes(input).with_value(value).with_hint(hint).draw(r.words)
}

fn choice(shopper: &Shopper, seen: &Help, reason: CaseReason) -> CardChoice {
    let r = &shopper.reader;
    let of = |item: &HelpItem| {
        item.choices.iter().find(|choice| choice.reason == reason).map(|choice| choice.open.clone())
    };
    let all: Vec<_> = seen.items.iter().filter(|item| item.busy.is_none()).filter_map(of).collect();
    let until: Option<Timestamp> =
        all.iter().flatten().filter(|(_, may)| !may.is_empty()).map(|(until, _)| *until).max();
    let barred = match (until, all.iter().find_map(|one| one.as_ref().err())) {
        (Some(_), _) => String::new(),
        (None, Some(not)) => {
            let day = match not {
                rules::after_sales::NotOpen::NotLate(at)
                | rules::after_sales::NotOpen::TooLate(at) => r.moment(*at),
                rules::after_sales::NotOpen::NotShipped
                | rules::after_sales::NotOpen::NotDelivered
                | rules::after_sales::NotOpen::NotHere => String::new(),
            };
            let msg = Msg::named(&format!("case-not-{}", not.code().replace('_', "-")));
            msg.map_or_else(|| not.to_string(), |msg| r.with(msg, &[("until", day.into())]))
        }
        (None, None) => r.t(Msg::CaseNotPossible).into_owned(),
    };
    CardChoice {
        value: reason.code().to_owned(),
        title: case_words::reason(r, reason),
        note: named(r, "case-means", reason.code()),
        aside: until
            .map(|until| r.with(Msg::CaseUntil, &[("until", r.moment(until).into())]))
            .unwrap_or_default(),
        barred,
    }
}

/// What do you want? With what happens next, and how long each step may take.
fn second(
    shopper: &Shopper,
    seen: &Help,
    reason: CaseReason,
    typed: &Typed,
    wrong: Option<String>,
) -> Markup {
    let r = &shopper.reader;
    let chosen = chosen(seen, typed);
    if chosen.is_empty() {
        return first(shopper, seen, typed, Some(shopper.t(Msg::CaseChooseThings)));
    }
    let mut may: Option<Vec<Remedy>> = None;
    for line in &chosen {
        let item = seen.items.iter().find(|item| item.line.id == line.line);
        let choice = item.and_then(|item| item.choices.iter().find(|one| one.reason == reason));
        match choice.map(|choice| &choice.open) {
            Some(Ok((_, offered))) => {
                let both = |one: &Remedy| may.as_ref().is_none_or(|may| may.contains(one));
                may = Some(offered.iter().copied().filter(both).collect());
            }
            Some(Err(_)) | None => {
                return first(shopper, seen, typed, Some(choice_barred(shopper, seen, reason)));
            }
        }
    }
    let may = may.unwrap_or_default();
    let Some(usual) = may.first() else {
        return first(shopper, seen, typed, Some(shopper.t(Msg::CaseNotPossible)));
    };
    let remedies: Vec<CardChoice> = may
        .iter()
        .map(|remedy| CardChoice {
            value: remedy.code().to_owned(),
            title: case_words::remedy(r, *remedy),
            note: named(r, "case-remedy-means", remedy.code()),
            ..CardChoice::default()
        })
        .collect();
    let picked = if typed.get("remedy").is_empty() { usual.code() } else { typed.get("remedy") };
    let words = Field::new("words", r.t(Msg::CaseTell))
        .takes(Input::Long { rows: 4 })
        .required()
        .with_value(typed.get("words"))
        .with_hint(r.t(Msg::CaseTellHint));
    let hours = seen.policy.answer_hours;
    let path = format!("/orders/{}/help", seen.order.id);
    html! {
        (page_title(&case_words::reason(r, reason), &r.t(Msg::CaseWantLead), &[link_button(Look::Quiet, &path, &r.t(Msg::CaseStartAgain))]))
        @if let Some(wrong) = wrong { (flash(&Flash::bad(wrong))) }
        form.form method="post" action=(path) {
            (csrf_field(&shopper.visit.csrf))
            input type="hidden" name="key" value=(shopper.new_key());
            input type="hidden" name="reason" value=(reason.code());
            @for line in &chosen { input type="hidden" name={ "count_" (line.line) } value=(line.units_count); }
            (card_choices(&r.t(Msg::CaseWhatYouWant), "remedy", picked, &remedies))
            (words.draw(r.words))
            (section(&r.t(Msg::CaseWhatNext), html! {
                ol.steps {
                    li { (r.with(Msg::CaseNextShop, &[("hours", hours.into())])) }
                    li { (r.t(Msg::CaseNextAgree)) }
                    li { (r.with(Msg::CaseNextHouse, &[("hours", seen.policy.escalate_hours.into())])) }
                }
            }))
            div.acts { (submit(Look::Primary, &r.t(Msg::CaseSend))) }
        }
    }
}

fn choice_barred(shopper: &Shopper, seen: &Help, reason: CaseReason) -> String {
    let barred = choice(shopper, seen, reason).barred;
    if barred.is_empty() { shopper.t(Msg::CaseNotPossible) } else { barred }
}

/// What was named, line by line.
fn chosen(seen: &Help, typed: &Typed) -> Vec<HelpLine> {
    let of = |item: &HelpItem| {
        let count = typed.get(&format!("count_{}", item.line.id));
        let units_count = count.trim().parse::<i64>().unwrap_or(0);
        HelpLine { line: item.line.id, units_count }
    };
    seen.items.iter().map(of).filter(|line| line.units_count != 0).collect()
}

pub(super) async fn ask(
    shopper: Shopper,
    Path(order): Path<OrderId>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typed(typed);
    let buyer = shopper.buyer()?;
    let seen = read(&shopper, order).await?;
    let reason = CaseReason::parse(typed.get("reason"));
    let remedy = Remedy::parse(typed.get("remedy"));
    let (Some(reason), Some(remedy)) = (reason, remedy) else {
        let wrong = Some(shopper.t(Msg::CaseChooseReason));
        let body = first(&shopper, &seen, &typed, wrong.clone());
        let title = shopper.t(Msg::CaseHelpTitle);
        return Ok(shopper.page_again(&title, Place::StoreOrders, None, body));
    };
    let request = shopper.request(buyer, &format!("help {order}"), &typed);
    let words = typed.get("words").to_owned();
    let lines = chosen(&seen, &typed);
    let asked = AskForHelp { buyer, order, reason, remedy, lines, words, request };
    let wrong = match ask_for_help(&shopper.market, asked).await {
        Ok(done) => return Ok(go(&format!("/cases/{}?said=case-asked", done.answer.id))),
        Err(Failure::Refused(refusal)) => shopper.refusal(&refusal),
        Err(Failure::Invalid(faults)) if faults.iter().any(|fault| fault.field == "words") => {
            shopper.t(Msg::CaseTellHint)
        }
        Err(Failure::Invalid(_)) => shopper.t(Msg::CaseChooseThings),
        Err(failure) => return Err(shopper.problem(failure)),
    };
    let body = second(&shopper, &seen, reason, &typed, Some(wrong));
    let title = shopper.t(Msg::CaseHelpTitle);
    Ok(shopper.page_again(&title, Place::StoreOrders, None, body))
}
