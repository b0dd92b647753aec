//! What the shop does with an order now: confirm, pack, ship. Each is a plain form; a refusal comes back on the page.

use actions::orders::{OrderAsk, PackOrder, ShipOrder, confirm_order, pack_order, ship_order};
use actions::shop_desk::OrderFile;
use actions::{Failure, Market};
use axum::extract::{Form, Path, State};
use maud::{Markup, html};
use rules::orders::OrderState;
use rules::orders::flags::Flag;
use rules::people::Permission;
use rules::shipping::packing::PackingMode;
use rules::shipping::rates::{Exclusion, Offer};

use super::desk::{Desk, Page, Typed};
use super::order::{self, Tried, advice, carrier_name, service_name};
use super::{order_care, order_tracking, things};
use crate::ui::detail::section;
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{CardChoice, Field, Input, Look, card_choices, submit};
use crate::ui::icons::{Icon, icon};
use crate::visit::Visit;
use crate::words::Msg;
use crate::{flag_words, goods_words};

/// The panel at the top of the page: the next act, or nothing when the shop has nothing to do.
pub(super) fn what_to_do(desk: &Desk, file: &OrderFile, tried: &Tried) -> Markup {
    let r = &desk.reader;
    let refused = tried.failure.as_ref().map(|failure| desk.in_words(failure));
    let ready = file.parcels.iter().any(|(parcel, _)| parcel.state.ready());
    let (title, body) = match file.order.state {
        OrderState::AwaitingConfirmation { .. } => (Msg::SellerActConfirm, confirming(desk, file)),
        OrderState::AwaitingShipment { .. } | OrderState::PartiallyShipped { .. } if !ready => {
            (Msg::SellerActPack, packing(desk, file, tried))
        }
        OrderState::AwaitingShipment { .. } | OrderState::PartiallyShipped { .. } => {
            (Msg::SellerActShip, shipping(desk, file, tried))
        }
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => {
            return html! { @if let Some(text) = refused { (flash(&Flash::bad(text))) } };
        }
    };
    html! {
        @if let Some(text) = refused { (flash(&Flash::bad(text))) }
        div.next-act { (section(&r.t(title), body)) }
    }
}

fn form(desk: &Desk, file: &OrderFile, act: &str, fields: Markup, button: Msg) -> Markup {
    let action = desk.href(&format!("/orders/{}/{act}", file.order.id));
    html! {
        form.form method="post" action=(action) {
            (desk.hidden())
            input type="hidden" name="version" value=(file.order.version);
            (fields)
            div.acts { (submit(Look::Primary, &desk.reader.t(button))) }
        }
    }
}

fn confirming(desk: &Desk, file: &OrderFile) -> Markup {
    let r = &desk.reader;
    html! {
        @if file.care.flags.is_empty() {
            p { (r.t(Msg::SellerConfirmAll)) }
        } @else {
            p { (r.t(Msg::SellerConfirmFlags)) }
            (order_care::flags(desk, file))
        }
        @if desk.may(Permission::ConfirmOrders) {
            (form(desk, file, "confirm", html! {}, Msg::SellerDoConfirmButton))
        } @else { (not_your_task(desk)) }
    }
}

pub(super) fn flag_in_words(desk: &Desk, file: &OrderFile, flag: &Flag) -> String {
    let r = &desk.reader;
    let line = file.lines.iter().find(|line| flag.sku() == Some(line.sku));
    let name = line.map_or("", |line| things::title(r, &line.title_en, &line.title_zh));
    flag_words::said(r, name, flag)
}

fn packing(desk: &Desk, file: &OrderFile, tried: &Tried) -> Markup {
    let r = &desk.reader;
    if !desk.may(Permission::PackOrders) {
        return not_your_task(desk);
    }
    let nature = serde_json::to_string(&file.nature).unwrap_or_default();
    let typed = tried.typed.get("weight_grams");
    let weight = if typed.is_empty() { file.weight_grams.to_string() } else { typed.to_owned() };
    let field = Field::new("weight_grams", r.t(Msg::SellerWeight))
        .takes(Input::Number { min: Some(1), max: Some(1_000_000) })
        .with_value(weight)
        .with_hint(r.t(Msg::SellerWeightHint))
        .with_error(desk.field_error(tried.failure.as_ref(), "weight_grams"))
        .required();
    if file.packing == PackingMode::Scan {
        return super::packing_words::to_the_table(desk, file.order.id);
    }
    let fields = html! {
        p.muted { (r.t(Msg::PackingByList)) " "
            a href=(desk.href(&format!("/packing/{}", file.order.id))) { (r.t(Msg::PackingScanInstead)) } }
        ul.pick-list {
            @for line in &file.lines {
                li { strong.num { (line.to_pack_count()) " ×" } " " (things::title(r, &line.title_en, &line.title_zh))
                    @let chosen = goods_words::chosen_values(r.words, &line.options);
                    @if !chosen.is_empty() { " · " (chosen) }
                    " " code.muted { (line.sku_code) } }
            }
        }
        @for advice in advice(desk, &nature) { p.advice { (icon(Icon::Info)) (advice) } }
        (Field::new("confirmed", r.t(Msg::PackingConfirmList)).takes(Input::Tick).required().draw(r.words))
        (field.draw(r.words))
    };
    form(desk, file, "pack", fields, Msg::SellerDoPack)
}

fn shipping(desk: &Desk, file: &OrderFile, tried: &Tried) -> Markup {
    let r = &desk.reader;
    if !desk.may(Permission::ShipOrders) {
        return not_your_task(desk);
    }
    let typed = tried.typed.get("service");
    let chosen = if typed.is_empty() { file.order.service.as_str() } else { typed };
    let hint = if desk.sandbox { Msg::SellerTrackingSandbox } else { Msg::SellerTrackingHint };
    let number = Field::new("tracking_number", r.t(Msg::SellerTracking))
        .with_value(tried.typed.get("tracking_number"))
        .with_hint(r.t(hint))
        .with_error(desk.field_error(tried.failure.as_ref(), "tracking_number"));
    let number = if desk.sandbox { number } else { number.required() };
    let fields = html! {
        (card_choices(&r.t(Msg::SellerService), "service", chosen, &services(desk, file)))
        @if let Some(error) = desk.field_error(tried.failure.as_ref(), "service") { p.error { (error) } }
        (order_tracking::override_fields(desk, tried))
        (number.draw(r.words))
    };
    form(desk, file, "ship", fields, Msg::SellerDoShipButton)
}

/// The services which take the parcel, the promised one first, then those which do not, with the reason.
fn services(desk: &Desk, file: &OrderFile) -> Vec<CardChoice> {
    let mut offers: Vec<&Offer> = file.ranking.offers.iter().collect();
    offers.sort_by_key(|offer| offer.service != file.order.service);
    let good = offers.into_iter().map(|offer| open_service(desk, file, offer));
    let barred = file.ranking.excluded.iter().map(|(code, why)| CardChoice {
        value: code.clone(),
        title: service_in_full(desk, file, code),
        barred: why_not(desk, *why),
        ..CardChoice::default()
    });
    good.chain(barred).collect()
}

fn open_service(desk: &Desk, file: &OrderFile, offer: &Offer) -> CardChoice {
    let r = &desk.reader;
    let days = r.with(
        Msg::SellerServiceDays,
        &[("from", offer.promise_min_days.into()), ("to", offer.promise_max_days.into())],
    );
    let promised = offer.service == file.order.service;
    let note = if promised {
        format!("{days} · {}", r.t(Msg::SellerServicePromised))
    } else {
        let late = offer.promise_by > file.order.promise_by;
        if late { format!("{days} · {}", r.t(Msg::SellerServiceTooSlow)) } else { days }
    };
    CardChoice {
        value: offer.service.clone(),
        title: service_in_full(desk, file, &offer.service),
        note,
        aside: r.money(desk.money_in(offer.price_minor, file.order.currency)),
        barred: String::new(),
    }
}

fn service_in_full(desk: &Desk, file: &OrderFile, code: &str) -> String {
    let carrier = file.shipping.service(code).map_or("", |service| service.carrier.as_str());
    format!("{} · {}", carrier_name(desk, file, carrier), service_name(desk, file, code))
}

fn why_not(desk: &Desk, why: Exclusion) -> String {
    let r = &desk.reader;
    let most = |msg, most: i64| r.with(msg, &[("most", most.into())]);
    match why {
        Exclusion::NotFrom { from } => {
            r.with(Msg::SellerNotFrom, &[("market", from.to_string().into())])
        }
        Exclusion::NotTo { to } => r.with(Msg::SellerNotTo, &[("market", to.to_string().into())]),
        Exclusion::TooHeavy { most: grams } => most(Msg::SellerTooHeavy, grams),
        Exclusion::TooLong { most: mm } => most(Msg::SellerTooLong, mm / 10),
        Exclusion::TooBulky { most: mm } => most(Msg::SellerTooBulky, mm / 10),
        Exclusion::BatteryByAir => r.t(Msg::SellerBatteryByAir).into_owned(),
        Exclusion::TooFar { most: km } => most(Msg::SellerTooFar, km),
        Exclusion::DistanceUnknown { most: km } => most(Msg::SellerDistanceUnknown, km),
        Exclusion::Refuses { care } => {
            let what = super::notes::by_code(r, "seller-care", care.code());
            r.with(Msg::SellerRefusesCare, &[("care", what.into())])
        }
    }
}

fn not_your_task(desk: &Desk) -> Markup {
    html! { p.muted { (desk.reader.t(Msg::SellerNotYourTask)) } }
}

pub(super) async fn confirm(
    State(market): State<Market>,
    Path((shop, order)): Path<(String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ConfirmOrders).await?;
    let done = async {
        let ask = ask(&desk, &order, &typed, "confirm")?;
        confirm_order(&market, ask).await.map(drop)
    };
    let done = done.await;
    after(&market, desk, &order, typed, done, Msg::SaidSellerDidConfirm).await
}

pub(super) async fn pack(
    State(market): State<Market>,
    Path((shop, order)): Path<(String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::PackOrders).await?;
    let done = async {
        // Without the list confirmed a wrong piece would go out unseen.
        if typed.get("confirmed") != "on" {
            return Err(Failure::refused("list_not_confirmed", "confirm the list of SKUs"));
        }
        let weight_grams = typed.get("weight_grams").trim().parse().unwrap_or(0);
        let ask = ask(&desk, &order, &typed, "pack")?;
        pack_order(&market, PackOrder { ask, weight_grams }).await.map(drop)
    };
    let done = done.await;
    after(&market, desk, &order, typed, done, Msg::SaidSellerDidPack).await
}

pub(super) async fn ship(
    State(market): State<Market>,
    Path((shop, order)): Path<(String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ShipOrders).await?;
    let done = async {
        let service = typed.get("service").to_owned();
        let tracking_number = typed.get("tracking_number").to_owned();
        let ask = ask(&desk, &order, &typed, "ship")?;
        let instead = order_tracking::instead(&typed);
        ship_order(&market, ShipOrder { ask, service, tracking_number, instead }).await.map(drop)
    };
    let done = done.await;
    after(&market, desk, &order, typed, done, Msg::SaidSellerDidShip).await
}

/// The act's order, the version which the person saw, and the key against doing it twice.
pub(super) fn ask(desk: &Desk, order: &str, typed: &Typed, act: &str) -> Result<OrderAsk, Failure> {
    Ok(OrderAsk {
        shop: desk.shop.id,
        order: order.parse().map_err(|_| Failure::NotFound)?,
        actor: desk.actor(),
        expected: typed.get("version").parse().ok(),
        request: desk.request_key(typed, &format!("{act} {order}")),
    })
}

/// Done: the order's page anew. Refused: the same page with the reason and what was typed.
pub(super) async fn after(
    market: &Market,
    desk: Desk,
    order: &str,
    typed: Typed,
    done: Result<(), Failure>,
    said: Msg,
) -> Page {
    match done {
        Ok(()) => Ok(desk.see(&format!("/orders/{order}"), said)),
        Err(failure) => {
            let file = order::open(market, &desk, order).await.map_err(|f| desk.refused(f))?;
            let tried = Tried { typed, failure: Some(failure) };
            Ok(order::shown(desk, &file, &tried))
        }
    }
}
