//! Paying: the ways to pay, what the chosen provider wants the buyer to do, what it said, and what happens if nobody pays.

use actions::payments::attempts::{AskProvider, ask_provider, look_after_payment};
use actions::payments::{Pay, PaymentAnswer, pay, show_payment};
use actions::sandbox_provider::Instrument;
use actions::{Failure, Mode, NextStep, ProviderName};
use axum::Form;
use axum::extract::{Path, RawQuery};
use axum::http::HeaderValue;
use axum::http::header::REFRESH;
use maud::{Markup, html};
use rules::ids::{PaymentId, PersonId};
use rules::money::Money;
use store::orders::{self, OrderRow};
use store::{Tx, shops};

use crate::storefront::shopper::{Page, Shopper, go};
use crate::storefront::typed::Typed;
use crate::ui::badges::payment_badge;
use crate::ui::countdown::deadline;
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{CardChoice, Look, card_choices, csrf_field, link_button, submit_with};
use crate::ui::icons::{Icon, icon};
use crate::ui::money_table::{MoneyLine, money_table};
use crate::ui::nav::Place;
use crate::ui::qr::qr;
use crate::ui::shop_window::steps;
use crate::words::Msg;

/// How often a page which waits for the provider asks again, in seconds.
const ASK_AGAIN: &str = "4";

/// A payment's order with the name of its shop.
struct Part {
    order: OrderRow,
    shop: String,
}

/// Added to the address of a page to which a provider's page sends the buyer back.
const RETURNED: &str = "returned=1";
/// Added to the address of the page which leads on to a provider's page.
const GO: &str = "go=1";

pub(super) async fn show(
    shopper: Shopper,
    Path(id): Path<PaymentId>,
    RawQuery(query): RawQuery,
) -> Page {
    let buyer = shopper.buyer()?;
    let query = query.unwrap_or_default();
    if query.split('&').any(|part| part == RETURNED) {
        // Where the browser comes from proves nothing; the provider's own word does. Its notice may be there already.
        if let Err(failure) = look_after_payment(&shopper.market, buyer, id).await {
            tracing::info!(payment.id = %id, %failure, "nothing new after the buyer came back");
        }
        return Ok(go(&path(id)));
    }
    let mut response = draw(&shopper, buyer, id, "", None).await?;
    if query == GO {
        let payment = show_payment(&shopper.market, buyer, id).await;
        let payment = payment.map_err(|failure| shopper.problem(failure))?;
        // A form may not lead to another site (the page's own policy says so); a page which goes on by itself may.
        if let Some(NextStep::Redirect { url }) = &payment.next_step
            && let Ok(to) = HeaderValue::from_str(&format!("0; url={url}"))
        {
            response.headers_mut().insert(REFRESH, to);
        }
    }
    Ok(response)
}

async fn draw(
    shopper: &Shopper,
    buyer: PersonId,
    id: PaymentId,
    instrument: &str,
    said: Option<String>,
) -> Page {
    let fail = |failure| shopper.problem(failure);
    let payment = show_payment(&shopper.market, buyer, id).await.map_err(fail)?;
    let parts = parts_of(shopper, &payment).await.map_err(fail)?;
    let body = html! {
        (steps(&[Msg::NavBasket, Msg::CheckoutStep, Msg::CheckoutStepPay].map(|name| shopper.t(name)), if payment.state == "captured" { 3 } else { 2 }))
        div.basket {
            div.basket-main { (standing(shopper, &payment, instrument)) }
            (summary(shopper, &payment, &parts))
        }
    };
    let title = shopper.t(Msg::PaymentTitle);
    let mut response = match said {
        Some(said) => shopper.page_again(&title, Place::StoreOrders, Some(said), body),
        None => shopper.page(&title, Place::StoreOrders, body),
    };
    if payment.waiting {
        response.headers_mut().insert(REFRESH, HeaderValue::from_static(ASK_AGAIN));
    }
    Ok(response)
}

async fn parts_of(shopper: &Shopper, payment: &PaymentAnswer) -> Result<Vec<Part>, Failure> {
    let references = payment.orders.clone();
    let read = async move |tx: &mut Tx| -> Result<Vec<Part>, Failure> {
        let names = shops::load_many(tx, references.iter().map(|one| one.shop)).await?;
        let mut parts = Vec::with_capacity(references.len());
        for reference in &references {
            let order = orders::show(tx, reference.shop, reference.order).await?;
            let order = order.ok_or(Failure::NotFound)?;
            let shop = names.iter().find(|shop| shop.id == reference.shop);
            parts.push(Part {
                order,
                shop: shop.map_or_else(String::new, |shop| shop.name.clone()),
            });
        }
        Ok(parts)
    };
    shopper.market.store.read(read).await
}

/// What is to do, or what became of it.
fn standing(shopper: &Shopper, payment: &PaymentAnswer, instrument: &str) -> Markup {
    match payment.state.as_str() {
        "captured" => done(shopper, Icon::CheckCircle, Msg::PaymentDone, Msg::PaymentDoneText),
        "expired" => done(shopper, Icon::Clock, Msg::PaymentOver, Msg::PaymentOverText),
        "returned_late" => done(shopper, Icon::Return, Msg::PaymentLate, Msg::PaymentLateText),
        _ if payment.waiting => match &payment.next_step {
            Some(step) => to_do(shopper, payment, step),
            None => waiting(shopper, payment),
        },
        _ => choose(shopper, payment, instrument),
    }
}

fn done(shopper: &Shopper, picture: Icon, title: Msg, text: Msg) -> Markup {
    let r = &shopper.reader;
    html! {
        section.panel.outcome {
            (icon(picture))
            h1 { (r.t(title)) }
            p { (r.t(text)) }
            div.acts {
                (link_button(Look::Primary, "/orders", &r.t(Msg::PaymentToOrders)))
                (link_button(Look::Quiet, "/", &r.t(Msg::PaymentShopOn)))
            }
        }
    }
}

fn waiting(shopper: &Shopper, payment: &PaymentAnswer) -> Markup {
    let r = &shopper.reader;
    html! {
        section.panel.outcome role="status" {
            (icon(Icon::Clock))
            h1 { (r.t(Msg::PaymentWaiting)) }
            p { (r.t(Msg::PaymentWaitingText)) }
            @if let Some(pay_by) = payment.pay_by { (deadline(r, pay_by, &r.t(Msg::PaymentConsequence))) }
            div.acts { (link_button(Look::Plain, &format!("/payments/{}", payment.id), &r.t(Msg::PaymentLookAgain))) }
        }
        @if payment.state == "requested" {
            details.panel { summary { (r.t(Msg::PaymentOtherCard)) } (form(shopper, payment, "")) }
        }
    }
}

/// What the buyer has to do at the provider. The page looks by itself whether it is done.
fn to_do(shopper: &Shopper, payment: &PaymentAnswer, step: &NextStep) -> Markup {
    let r = &shopper.reader;
    let amount = [("amount", r.money(payment.amount).into())];
    html! {
        section.panel.outcome role="status" {
            @match step {
                NextStep::Redirect { url } => {
                    (icon(Icon::Lock))
                    h1 { (r.with(Msg::PaymentPay, &amount)) }
                    p { (r.t(Msg::PaymentRedirectText)) }
                    div.acts { (link_button(Look::Primary, url, &r.t(Msg::PaymentRedirectGo))) }
                }
                NextStep::Code { content } => {
                    h1 { (r.with(Msg::PaymentPay, &amount)) }
                    p { (r.t(scan_with(&payment.provider))) }
                    (qr(content, &r.t(Msg::PaymentCode)))
                    p.line-note { (icon(Icon::Info)) span { (r.t(Msg::PaymentCodeText)) } }
                    div.acts { (link_button(Look::Plain, &path(payment.id), &r.t(Msg::PaymentLookAgain))) }
                }
            }
            @if let Some(pay_by) = payment.pay_by { (deadline(r, pay_by, &r.t(Msg::PaymentConsequence))) }
        }
        details.panel { summary { (r.t(Msg::PaymentOtherWay)) } (form(shopper, payment, "")) }
    }
}

fn scan_with(provider: &str) -> Msg {
    if provider == ProviderName::Alipay.code() {
        Msg::PaymentScanAlipay
    } else {
        Msg::PaymentScanWechatPay
    }
}

fn choose(shopper: &Shopper, payment: &PaymentAnswer, instrument: &str) -> Markup {
    let r = &shopper.reader;
    html! {
        section.panel {
            h1 { (r.with(Msg::PaymentPay, &[("amount", r.money(payment.amount).into())])) }
            @if !payment.failure.is_empty() { (flash(&Flash::bad(declined(shopper, &payment.failure)))) }
            @if let Some(pay_by) = payment.pay_by { (deadline(r, pay_by, &r.t(Msg::PaymentConsequence))) }
            (form(shopper, payment, instrument))
        }
    }
}

/// The provider's reason in the reader's words.
fn declined(shopper: &Shopper, reason: &str) -> String {
    let id = format!("declined-{}", reason.replace('_', "-"));
    Msg::named(&id).map_or_else(|| shopper.t(Msg::DeclinedCardDeclined), |msg| shopper.t(msg))
}

fn form(shopper: &Shopper, payment: &PaymentAnswer, instrument: &str) -> Markup {
    let r = &shopper.reader;
    let sandbox = shopper.market.mode == Mode::Sandbox;
    let mut choices = if sandbox { cards(shopper) } else { Vec::new() };
    choices.extend(ways(shopper, payment));
    let legend = if sandbox { Msg::PaymentCards } else { Msg::PaymentWays };
    let first = choices.first().map_or("", |choice| choice.value.as_str());
    let chosen = if instrument.is_empty() { first } else { instrument };
    html! {
        @if !choices.is_empty() {
            @if sandbox { p.line-note { (icon(Icon::Info)) span { (r.t(Msg::PaymentSandbox)) } } }
            form.form method="post" action={ "/payments/" (payment.id) } {
                (csrf_field(&shopper.visit.csrf))
                input type="hidden" name="key" value=(shopper.new_key());
                (card_choices(&r.t(legend), "instrument", chosen, &choices))
                (submit_with(Look::Primary, Icon::Lock, &r.with(Msg::PaymentPayNow, &[("amount", r.money(payment.amount).into())])))
            }
        } @else {
            p { (r.t(Msg::RefusalNoProvider)) }
        }
    }
}

fn cards(shopper: &Shopper) -> Vec<CardChoice> {
    let card = |instrument: Instrument| {
        let (title, note) = match instrument {
            Instrument::CardOk => (Msg::CardOk, Msg::CardOkText),
            Instrument::CardDeclined => (Msg::CardDeclined, Msg::CardDeclinedText),
            Instrument::CardSlow => (Msg::CardSlow, Msg::CardSlowText),
            Instrument::CardTwice => (Msg::CardTwice, Msg::CardTwiceText),
            Instrument::CardLate => (Msg::CardLate, Msg::CardLateText),
        };
        CardChoice {
            value: instrument.code().to_owned(),
            title: shopper.t(title),
            note: shopper.t(note),
            ..CardChoice::default()
        }
    };
    Instrument::ALL.into_iter().map(card).collect()
}

/// The providers outside which take the payment's currency.
fn ways(shopper: &Shopper, payment: &PaymentAnswer) -> Vec<CardChoice> {
    let way = |provider: ProviderName| {
        let (title, note) = match provider {
            ProviderName::Stripe => (Msg::WayStripe, Msg::WayStripeText),
            ProviderName::Alipay => (Msg::WayAlipay, Msg::WayAlipayText),
            ProviderName::WechatPay => (Msg::WayWechatPay, Msg::WayWechatPayText),
        };
        CardChoice {
            value: provider.code().to_owned(),
            title: shopper.t(title),
            note: shopper.t(note),
            ..CardChoice::default()
        }
    };
    let taking = shopper.market.providers().taking(payment.amount.currency);
    taking.into_iter().map(way).collect()
}

fn summary(shopper: &Shopper, payment: &PaymentAnswer, parts: &[Part]) -> Markup {
    let r = &shopper.reader;
    let mut lines: Vec<MoneyLine> = parts
        .iter()
        .map(|part| {
            let amount = Money::new(part.order.total_minor, part.order.currency);
            let note = r.with(Msg::OrderPieces, &[("count", part.order.pieces_count.into())]);
            MoneyLine::part(&part.shop, amount)
                .with_note(note)
                .linked(format!("/orders/{}", part.order.id))
        })
        .collect();
    lines.push(MoneyLine::total(r.t(Msg::SumTotal), payment.amount));
    html! {
        aside.sum-box {
            h2 { (r.t(Msg::PaymentFor)) }
            p { (payment_badge(r.words, &payment.state)) }
            (money_table(r, "", &lines))
        }
    }
}

pub(super) async fn try_to_pay(
    shopper: Shopper,
    Path(id): Path<PaymentId>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typed(typed);
    let buyer = shopper.buyer()?;
    let (chosen, request) = (typed.get("instrument"), shopper.request(buyer, "pay", &typed));
    let tried = match (Instrument::parse(chosen), ProviderName::parse(chosen)) {
        (Some(instrument), _) => {
            pay(&shopper.market, Pay { buyer, payment: id, instrument, request }).await
        }
        (None, Some(provider)) => {
            let ask = AskProvider { buyer, payment: id, provider, request };
            ask_provider(&shopper.market, ask).await
        }
        (None, None) => {
            return draw(&shopper, buyer, id, "", Some(shopper.t(Msg::PaymentChooseCard))).await;
        }
    };
    match tried {
        Ok(answered) => match answered.answer.next_step {
            Some(NextStep::Redirect { .. }) => Ok(go(&format!("{}?{GO}", path(id)))),
            Some(NextStep::Code { .. }) | None => Ok(go(&path(id))),
        },
        // Paid or over meanwhile: the page itself says so better than a refusal.
        Err(Failure::Refused(refusal))
            if matches!(refusal.code, "already_paid" | "payment_expired") =>
        {
            Ok(go(&path(id)))
        }
        Err(Failure::Refused(refusal)) => {
            let said = shopper.refusal(&refusal);
            draw(&shopper, buyer, id, chosen, Some(said)).await
        }
        Err(failure) => Err(shopper.problem(failure)),
    }
}

/// A payment which still waits is one click away from its order.
pub(crate) fn path(payment: PaymentId) -> String {
    format!("/payments/{payment}")
}
