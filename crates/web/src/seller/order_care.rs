//! What does not go straight through with an order: flags to resolve, a request to cancel, missing pieces, questions.

use actions::shop_desk::OrderFile;
use actions::shortages::read_substitute;
use maud::{Markup, html};
use rules::orders::OrderState;
use rules::orders::flags::Flag;
use rules::orders::shortages::{ShortageCause, ShortageState};
use rules::people::Permission;
use store::cancellations::CancelRequest;
use store::checks::FlagRow;
use store::orders::LineRow;
use store::shortages::Shortage;

use super::desk::Desk;
use super::order_acts::flag_in_words;
use super::{notes, things};
use crate::flag_words;
use crate::ui::countdown::{ago, deadline};
use crate::ui::detail::section;
use crate::ui::forms::{Field, Input, Look, submit};
use crate::ui::icons::{Icon, icon};
use crate::words::Msg;

/// Above everything else: what the shop must answer, with the moment at which silence answers.
pub(super) fn waiting(desk: &Desk, file: &OrderFile) -> Markup {
    html! {
        @if let Some(request) = file.care.asked() { (asked(desk, file, request)) }
        @for shortage in file.care.shortages.iter().filter(|shortage| shortage.state.is_open()) {
            (open_shortage(desk, file, shortage))
        }
    }
}

/// Below the goods: reporting missing pieces, and what was written.
pub(super) fn panel(desk: &Desk, file: &OrderFile) -> Markup {
    let r = &desk.reader;
    html! {
        @if may_be_short(file) && desk.may(Permission::PackOrders) {
            (section(&r.t(Msg::CareMissingTitle), missing(desk, file)))
        }
        (section(&r.t(Msg::CareMessages), messages(desk, file)))
    }
}

fn may_be_short(file: &OrderFile) -> bool {
    let packable = file.lines.iter().any(|line| line.to_pack_count() > 0);
    let here = matches!(
        file.order.state,
        OrderState::OnHold { .. }
            | OrderState::AwaitingConfirmation { .. }
            | OrderState::AwaitingShipment { .. }
    );
    here && packable
}

/// What became of pieces of a line, under its words.
pub(super) fn of_line(desk: &Desk, line: &LineRow) -> Vec<String> {
    let r = &desk.reader;
    let mut said = Vec::new();
    let mut count = |msg: Msg, count: i64| {
        if count > 0 {
            said.push(r.with(msg, &[("count", count.into())]));
        }
    };
    count(Msg::CareLineBack, line.back_count);
    count(Msg::CareLineShort, line.short_count);
    if line.instead_of.is_some() {
        let code = line.instead_of_code.as_str();
        said.push(r.with(Msg::CareLineInstead, &[("code", code.into())]));
    }
    said
}

/// A form of this order: where it goes, what stands in it, what its button says.
fn form(desk: &Desk, file: &OrderFile, path: &str, fields: Markup, look: Look, msg: Msg) -> Markup {
    let action = desk.href(&format!("/orders/{}/{path}", file.order.id));
    html! {
        form.form method="post" action=(action) {
            (desk.hidden())
            (fields)
            div.acts { (submit(look, &desk.reader.t(msg))) }
        }
    }
}

/// Each flag with what was found, what to do, and how it was resolved.
pub(super) fn flags(desk: &Desk, file: &OrderFile) -> Markup {
    html! { ul.flags { @for row in &file.care.flags { li { (icon(Icon::Flag)) div { (flag(desk, file, row)) } } } } }
}

fn flag(desk: &Desk, file: &OrderFile, row: &FlagRow) -> Markup {
    let r = &desk.reader;
    let Ok(flag) = serde_json::from_str::<Flag>(&row.facts) else {
        return html! { (row.kind) };
    };
    let fallen = matches!(
        flag,
        Flag::PriceChanged { ordered_minor, now_minor, .. } if now_minor < ordered_minor
    );
    let path = format!("flags/{}", row.id);
    let why = Field::new("why", r.t(Msg::CareWhy)).within(row.id.to_string()).required();
    html! {
        p { (flag_in_words(desk, file, &flag)) }
        @if row.open {
            p.muted { (flag_words::advice(r, &flag)) }
            @if desk.may(Permission::ConfirmOrders) {
                @if fallen { (form(desk, file, "price", html! {}, Look::Plain, Msg::CareHonour)) }
                @if flag.is_of_address() { (propose(desk, file, &row.id.to_string())) }
                (form(desk, file, &path, why.draw(r.words), Look::Plain, Msg::CareResolve))
            }
        } @else {
            p.muted { (notes::by_code(r, "care-resolved", &row.resolution)) " " (row.why)
                @if let Some(at) = row.resolved_at { " · " (ago(r, at)) } }
        }
    }
}

/// A corrected address, to be accepted by the buyer.
fn propose(desk: &Desk, file: &OrderFile, scope: &str) -> Markup {
    let r = &desk.reader;
    let kept: serde_json::Value = serde_json::from_str(&file.order.address).unwrap_or_default();
    let part = |name: &'static str, msg: Msg| {
        let value = kept.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
        Field::new(name, r.t(msg)).within(scope).with_value(value).draw(r.words)
    };
    let fields = html! {
        (part("line1", Msg::CarePartLine1)) (part("line2", Msg::CarePartLine2))
        (part("city", Msg::CarePartCity)) (part("region", Msg::CarePartRegion))
        (part("postcode", Msg::CarePartPostcode))
        (Field::new("note", r.t(Msg::CareNote)).within(scope).draw(r.words))
    };
    html! {
        details { summary { (r.t(Msg::CareProposeAddress)) }
            (form(desk, file, "address", fields, Look::Plain, Msg::CareSendProposal)) }
    }
}

fn asked(desk: &Desk, file: &OrderFile, request: &CancelRequest) -> Markup {
    let r = &desk.reader;
    let path = format!("request/{}", request.id);
    let hidden = |answer: &str| html! { input type="hidden" name="answer" value=(answer); };
    let refusal = html! {
        (hidden("refuse"))
        (Field::new("why", r.t(Msg::CareWhyNot)).within("asked").required().draw(r.words))
    };
    let body = html! {
        p { (notes::reason(r, request.reason)) }
        @if !request.note.is_empty() { blockquote { (request.note) } }
        @if let Some(due) = request.state.due_at() { (deadline(r, due, &r.t(Msg::CareThenApproved))) }
        @if desk.may(Permission::CancelOrders) {
            (form(desk, file, &path, hidden("approve"), Look::Primary, Msg::CareApprove))
            (form(desk, file, &path, refusal, Look::Plain, Msg::CareRefuse))
        }
    };
    html! { div.next-act { (section(&r.t(Msg::CareAsked), body)) } }
}

fn open_shortage(desk: &Desk, file: &OrderFile, shortage: &Shortage) -> Markup {
    let r = &desk.reader;
    let line = file.lines.iter().find(|line| line.id == shortage.line);
    let goods = line.map_or("", |line| things::title(r, &line.title_en, &line.title_zh));
    let facts = [("count", shortage.missing_count.into()), ("goods", goods.into())];
    let then = match shortage.state {
        ShortageState::Found { .. } => Msg::CareThenRefundUnoffered,
        _ => Msg::CareThenRefundUnanswered,
    };
    let path = format!("shortages/{}", shortage.id);
    let step = |step: &str| html! { input type="hidden" name="step" value=(step); };
    let body = html! {
        p { (r.with(Msg::CareMissingPieces, &facts)) " " (notes::by_code(r, "care-cause", shortage.cause.code())) }
        @if let Some(due) = shortage.state.due_at() { (deadline(r, due, &r.t(then))) }
        @if !shortage.substitute.is_empty() { p { (offered(desk, file, shortage)) } }
        @if desk.may(Permission::ConfirmOrders) {
            @if matches!(shortage.state, ShortageState::Found { .. }) {
                (form(desk, file, &path, html! { (step("offer")) (offer_fields(desk, &shortage.id.to_string())) }, Look::Primary, Msg::CareOffer))
            }
            @if !matches!(shortage.state, ShortageState::AwaitingPayment { .. }) {
                (form(desk, file, &path, step("give_up"), Look::Plain, Msg::CareGiveUp))
                (form(desk, file, &path, step("withdraw"), Look::Quiet, Msg::CareFoundAgain))
            }
        }
    };
    html! { div.next-act { (section(&r.t(Msg::CareShortage), body)) } }
}

fn offer_fields(desk: &Desk, scope: &str) -> Markup {
    let r = &desk.reader;
    let code = Field::new("code", r.t(Msg::CareSubstituteCode))
        .within(scope)
        .with_hint(r.t(Msg::CareSubstituteHint))
        .required();
    let waived = Field::new("waived", r.t(Msg::CareWaive)).within(scope).takes(Input::Tick);
    html! { (code.draw(r.words)) (waived.draw(r.words)) }
}

/// "Blue earbuds instead, 1.08 more, which your shop bears".
fn offered(desk: &Desk, file: &OrderFile, shortage: &Shortage) -> String {
    let r = &desk.reader;
    let Ok(substitute) = read_substitute(&shortage.substitute) else { return String::new() };
    let name = things::title(r, &substitute.title_en, &substitute.title_zh);
    let difference = desk.money_in(shortage.difference_minor.abs(), file.order.currency);
    let msg = match shortage.difference_minor {
        0 => Msg::CareOfferedSame,
        ..0 => Msg::CareOfferedCheaper,
        _ if shortage.waived => Msg::CareOfferedWaived,
        _ => Msg::CareOfferedDearer,
    };
    r.with(msg, &[("goods", name.into()), ("difference", r.money(difference).into())])
}

/// Which line, how many, why; and, where the market allows it, taking them off at once.
fn missing(desk: &Desk, file: &OrderFile) -> Markup {
    let r = &desk.reader;
    let causes: Vec<(String, String)> = ShortageCause::ALL
        .into_iter()
        .map(|cause| (cause.code().to_owned(), notes::by_code(r, "care-cause", cause.code())))
        .collect();
    html! {
        p.muted { (r.t(Msg::CareMissingText)) }
        @for line in file.lines.iter().filter(|line| line.to_pack_count() > 0) {
            @let most = line.to_pack_count();
            @let scope = line.id.to_string();
            @let number = Field::new("missing_count", r.t(Msg::CareHowMany)).within(&scope).takes(Input::Number { min: Some(1), max: Some(most) }).with_value("1").required();
            details {
                summary { (things::title(r, &line.title_en, &line.title_zh)) " " code { (line.sku_code) } }
                (form(desk, file, "shortages", html! {
                    input type="hidden" name="line" value=(line.id);
                    (number.draw(r.words))
                    (Field::new("cause", r.t(Msg::CareCause)).within(&scope).takes(Input::Choice(causes.clone())).draw(r.words))
                }, Look::Plain, Msg::CareReport))
                @if file.cancel_by_line && desk.may(Permission::CancelOrders) && file.parcels.is_empty() {
                    (form(desk, file, &format!("lines/{}", line.id), number.clone().within(format!("{scope}-off")).draw(r.words), Look::Quiet, Msg::CareTakeOff))
                }
            }
        }
    }
}

fn messages(desk: &Desk, file: &OrderFile) -> Markup {
    let r = &desk.reader;
    let text =
        Field::new("message", r.t(Msg::CareToBuyer)).takes(Input::Long { rows: 3 }).required();
    html! {
        @if file.care.messages.is_empty() { p.muted { (r.t(Msg::CareNoMessages)) } }
        ul.messages {
            @for message in &file.care.messages {
                li {
                    p.muted { (notes::by_code(r, "care-author", &message.author)) " · " (ago(r, message.created_at)) }
                    @if message.kind == "address" {
                        p { (r.t(Msg::CareAddressProposed)) " " (notes::by_code(r, "care-answer", if message.answer.is_empty() { "waiting" } else { &message.answer })) }
                    }
                    p { (message.body) }
                }
            }
        }
        @if desk.may(Permission::ConfirmOrders) || desk.may(Permission::CancelOrders) {
            (form(desk, file, "messages", text.draw(r.words), Look::Plain, Msg::CareSend))
        }
    }
}
