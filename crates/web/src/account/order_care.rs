//! What a buyer can still say about an order: ask to cancel, choose for missing goods, answer about the address, write.

use actions::cancellations::{AskToCancel, ask_to_cancel, withdraw};
use actions::checks;
use actions::shortages::{accept_substitute, read_substitute, refuse_substitute};
use actions::{Failure, Refusal};
use axum::Form;
use axum::extract::Path;
use maud::{Markup, html};
use rules::checkout::address::Address;
use rules::ids::{OrderId, OrderMessageId, ShortageId};
use rules::money::Money;
use rules::orders::shortages::ShortageState;
use rules::orders::{CancelReason, OrderState};
use store::shortages::Shortage;

use crate::account::order::{Shown, load, refused};
use crate::storefront::shopper::{Page, Shopper, go};
use crate::storefront::typed::Typed;
use crate::storefront::{cards, checkout_page, payment};
use crate::ui::buying;
use crate::ui::countdown::{ago, deadline};
use crate::ui::detail::section;
use crate::ui::flash::{Confirm, Flash, confirm, flash};
use crate::ui::forms::{
    CardChoice, Field, Input, Look, act, card_choices, csrf_field, link_button, submit,
};
use crate::ui::nav::Place;
use crate::words::Msg;

/// Whether the shop may be asked: the free hour is over, and nothing has left.
pub(super) fn may_ask(shown: &Shown) -> bool {
    let here = matches!(
        shown.order.state,
        OrderState::AwaitingConfirmation { .. } | OrderState::AwaitingShipment { .. }
    );
    here && shown.care.asked().is_none()
}

/// What waits for the buyer, above everything else.
pub(super) fn waiting(shopper: &Shopper, shown: &Shown) -> Markup {
    let r = &shopper.reader;
    let path = format!("/orders/{}", shown.order.id);
    html! {
        @if let Some(request) = shown.care.asked() {
            @let again = act(Look::Quiet, &format!("{path}/cancel-request/withdraw"), &shopper.visit.csrf, &[("key", &shopper.new_key())], &r.t(Msg::CareWithdraw));
            (section(&r.t(Msg::CareYouAsked), html! {
                @if let Some(due) = request.state.due_at() { (deadline(r, due, &r.t(Msg::CareThenCancelled))) }
                (again)
            }))
        }
        @for request in shown.care.requests.iter().filter(|request| !request.answer.is_empty()) {
            (section(&r.t(Msg::CareShopRefused), html! { blockquote { (request.answer) } }))
        }
        @for shortage in shown.care.shortages.iter().filter(|shortage| shortage.state.is_open()) {
            (section(&r.t(Msg::CareSomethingMissing), one_shortage(shopper, shown, shortage)))
        }
        @for message in shown.care.messages.iter().filter(|m| m.kind == "address" && m.answer.is_empty()) {
            @let proposed = serde_json::from_str::<Address>(&message.proposal).ok();
            (section(&r.t(Msg::CareIsThisYourAddress), html! {
                @if let Some(address) = proposed { (buying::address(&checkout_page::address_lines(r.words, &address))) }
                @if !message.body.is_empty() { blockquote { (message.body) } }
                div.acts {
                    (act(Look::Primary, &format!("{path}/address/{}", message.id), &shopper.visit.csrf, &[("key", &shopper.new_key()), ("choice", "accept")], &r.t(Msg::CareAddressYes)))
                    (act(Look::Plain, &format!("{path}/address/{}", message.id), &shopper.visit.csrf, &[("key", &shopper.new_key()), ("choice", "refuse")], &r.t(Msg::CareAddressNo)))
                    (link_button(Look::Quiet, &format!("{path}/address"), &r.t(Msg::CareCorrectAddress)))
                }
            }))
        }
    }
}

fn one_shortage(shopper: &Shopper, shown: &Shown, shortage: &Shortage) -> Markup {
    let r = &shopper.reader;
    let line = shown.lines.iter().find(|line| line.id == shortage.line);
    let goods = line.map_or("", |line| cards::title(r, &line.title_en, &line.title_zh));
    let missing = r.with(
        Msg::CareMissingPieces,
        &[("count", shortage.missing_count.into()), ("goods", goods.into())],
    );
    let then = match shortage.state {
        ShortageState::Found { .. } => Msg::CareBuyerThenUnoffered,
        _ => Msg::CareBuyerThenRefund,
    };
    let path = format!("/orders/{}/shortages/{}", shown.order.id, shortage.id);
    let choose = |look, choice: &str, msg| {
        let hidden = [("key", shopper.new_key()), ("choice", choice.to_owned())];
        let hidden: Vec<(&str, &str)> = hidden.iter().map(|(n, v)| (*n, v.as_str())).collect();
        act(look, &path, &shopper.visit.csrf, &hidden, &r.t(msg))
    };
    html! {
        p { (missing) }
        @if let Some(text) = offer(shopper, shown, shortage) { p { strong { (text) } } }
        @if let Some(due) = shortage.state.due_at() { (deadline(r, due, &r.t(then))) }
        div.acts {
            @match shortage.state {
                ShortageState::Offered { .. } => {
                    (choose(Look::Primary, "accept", Msg::CareTakeIt))
                    (choose(Look::Plain, "refuse", Msg::CareMoneyBack))
                }
                ShortageState::AwaitingPayment { .. } => {
                    @if let Some(id) = shortage.payment { (link_button(Look::Primary, &payment::path(id), &r.t(Msg::CarePayDifference))) }
                    (choose(Look::Plain, "refuse", Msg::CareMoneyBack))
                }
                ShortageState::Found { .. } | ShortageState::Accepted | ShortageState::Refunded | ShortageState::Withdrawn | ShortageState::Moot => {}
            }
        }
    }
}

/// What is offered instead, and what it means for the price.
fn offer(shopper: &Shopper, shown: &Shown, shortage: &Shortage) -> Option<String> {
    let r = &shopper.reader;
    let substitute = read_substitute(&shortage.substitute).ok()?;
    let name = cards::title(r, &substitute.title_en, &substitute.title_zh);
    let difference = Money::new(shortage.difference_minor.abs(), shown.order.currency);
    let msg = match shortage.difference_minor {
        0 => Msg::CareBuyerSame,
        ..0 => Msg::CareBuyerCheaper,
        _ if shortage.waived => Msg::CareBuyerWaived,
        _ => Msg::CareBuyerDearer,
    };
    Some(r.with(msg, &[("goods", name.into()), ("difference", r.money(difference).into())]))
}

/// What was written, and a place to write.
pub(super) fn messages(shopper: &Shopper, shown: &Shown) -> Markup {
    let r = &shopper.reader;
    let text =
        Field::new("message", r.t(Msg::CareToShop)).takes(Input::Long { rows: 3 }).required();
    let who = |author: &str| match author {
        "buyer" => shopper.t(Msg::WhoYou),
        "house" => shopper.t(Msg::HouseName),
        _ => shown.shop.name.clone(),
    };
    html! {
        ul.messages {
            @for message in shown.care.messages.iter().filter(|message| message.kind == "words") {
                li { p.muted { (who(&message.author)) " · " (ago(r, message.created_at)) } p { (message.body) } }
            }
        }
        form.form method="post" action={ "/orders/" (shown.order.id) "/messages" } {
            (csrf_field(&shopper.visit.csrf))
            input type="hidden" name="key" value=(shopper.new_key());
            (text.draw(r.words))
            div.acts { (submit(Look::Plain, &r.t(Msg::CareSend))) }
        }
    }
}

/// What became of pieces of a line, in a few words.
pub(super) fn of_line(shopper: &Shopper, line: &store::orders::LineRow) -> Markup {
    let r = &shopper.reader;
    let count = |msg: Msg, count: i64| r.with(msg, &[("count", count.into())]);
    html! {
        @if line.instead_of.is_some() { p.muted { (r.with(Msg::CareLineInstead, &[("code", line.instead_of_code.as_str().into())])) } }
        @if line.back_count > 0 { p.muted { (count(Msg::CareLineBack, line.back_count)) } }
        @if line.short_count > 0 { p.muted { (count(Msg::CareLineShort, line.short_count)) } }
    }
}

pub(super) async fn ask_page(shopper: Shopper, Path(order): Path<OrderId>) -> Page {
    let shown = load(&shopper, order).await?;
    if !may_ask(&shown) {
        return Ok(go(&format!("/orders/{order}")));
    }
    Ok(shopper.page(
        &shopper.t(Msg::CareAskTitle),
        Place::StoreOrders,
        ask_form(&shopper, order, &Typed::default(), None),
    ))
}

fn ask_form(shopper: &Shopper, order: OrderId, typed: &Typed, wrong: Option<String>) -> Markup {
    let r = &shopper.reader;
    let reasons: Vec<CardChoice> = CancelReason::OF_BUYER
        .into_iter()
        .map(|reason| {
            let id = format!("care-buyer-{}", reason.code().replace('_', "-"));
            let title = Msg::named(&id).map_or_else(|| reason.code().to_owned(), |m| shopper.t(m));
            CardChoice { value: reason.code().to_owned(), title, ..CardChoice::default() }
        })
        .collect();
    let note = Field::new("note", r.t(Msg::CareNote))
        .takes(Input::Long { rows: 3 })
        .with_value(typed.get("note"));
    let chosen = if typed.get("reason").is_empty() { "changed_mind" } else { typed.get("reason") };
    let ask = Confirm {
        title: shopper.t(Msg::CareAskTitle),
        text: shopper.t(Msg::CareAskText),
        money: Vec::new(),
        action: format!("/orders/{order}/cancel-request"),
        csrf: shopper.visit.csrf.clone(),
        hidden: vec![("key".to_owned(), shopper.new_key())],
        fields: Some(html! {
            @if let Some(wrong) = wrong { (flash(&Flash::bad(wrong))) }
            (card_choices(&r.t(Msg::CareReason), "reason", chosen, &reasons))
            (note.draw(r.words))
        }),
        yes: shopper.t(Msg::CareAskYes),
        no: format!("/orders/{order}"),
        danger: false,
    };
    confirm(r, &ask)
}

pub(super) async fn ask(
    shopper: Shopper,
    Path(order): Path<OrderId>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typed(typed);
    let buyer = shopper.buyer()?;
    let Some(reason) = CancelReason::parse(typed.get("reason")) else {
        let wrong = Some(shopper.t(Msg::CareChooseReason));
        let body = ask_form(&shopper, order, &typed, wrong.clone());
        return Ok(shopper.page_again(
            &shopper.t(Msg::CareAskTitle),
            Place::StoreOrders,
            None,
            body,
        ));
    };
    let request = shopper.request(buyer, &format!("ask_cancel {order}"), &typed);
    let ask = AskToCancel { buyer, order, reason, note: typed.get("note").to_owned(), request };
    let done = ask_to_cancel(&shopper.market, ask).await.map(drop);
    done_or_said(&shopper, order, done, "care-asked").await
}

pub(super) async fn take_back(
    shopper: Shopper,
    Path(order): Path<OrderId>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typed(typed);
    let buyer = shopper.buyer()?;
    let request = shopper.request(buyer, &format!("withdraw {order}"), &typed);
    let done = withdraw(&shopper.market, buyer, order, request).await.map(drop);
    done_or_said(&shopper, order, done, "care-withdrawn").await
}

pub(super) async fn choose(
    shopper: Shopper,
    Path((order, shortage)): Path<(OrderId, ShortageId)>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typed(typed);
    let buyer = shopper.buyer()?;
    let accepts = typed.get("choice") == "accept";
    let request = shopper.request(buyer, &format!("shortage {shortage}"), &typed);
    let market = &shopper.market;
    let done = if accepts {
        accept_substitute(market, buyer, order, shortage, request).await
    } else {
        refuse_substitute(market, buyer, order, shortage, request).await
    };
    match done {
        Ok(answered) if answered.answer.state == "awaiting_payment" => {
            let id = answered.answer.payment;
            Ok(go(&id.map_or_else(|| format!("/orders/{order}"), payment::path)))
        }
        other => {
            let said = if accepts { "care-taken" } else { "care-money-back" };
            done_or_said(&shopper, order, other.map(drop), said).await
        }
    }
}

pub(super) async fn write(
    shopper: Shopper,
    Path(order): Path<OrderId>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typed(typed);
    let buyer = shopper.buyer()?;
    let request = shopper.request(buyer, &format!("message {order}"), &typed);
    let text = typed.get("message");
    let done = checks::write_as_buyer(&shopper.market, buyer, order, text, request).await;
    done_or_said(&shopper, order, done.map(drop), "care-sent").await
}

pub(super) async fn answer_address(
    shopper: Shopper,
    Path((order, message)): Path<(OrderId, OrderMessageId)>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typed(typed);
    let buyer = shopper.buyer()?;
    let accepted = typed.get("choice") == "accept";
    let request = shopper.request(buyer, &format!("address {message}"), &typed);
    let answer = (message, accepted);
    let done = checks::answer_address(&shopper.market, buyer, order, answer, request).await;
    let said = if accepted { "care-address-taken" } else { "care-address-kept" };
    done_or_said(&shopper, order, done.map(drop), said).await
}

/// Back to the order's page: with what was done, or with why it was not.
async fn done_or_said(
    shopper: &Shopper,
    order: OrderId,
    done: Result<(), Failure>,
    said: &str,
) -> Page {
    match done {
        Ok(()) => Ok(go(&format!("/orders/{order}?said={said}"))),
        Err(Failure::Refused(refusal)) => refused(shopper, order, &refusal).await,
        Err(Failure::Invalid(faults)) => {
            let says = faults.first().map_or(String::new(), |fault| fault.sentence.clone());
            refused(shopper, order, &Refusal::new("invalid_fields", says)).await
        }
        Err(failure) => Err(shopper.problem(failure)),
    }
}
