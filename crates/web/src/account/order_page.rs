//! How an order looks to its buyer: what is waited for, what was bought, what happened, what it cost.

use maud::{Markup, html};
use rules::checkout::address::Address;
use rules::money::Money;
use rules::orders::OrderState;
use rules::policy::MarketCode;
use store::orders::{LineRow, OrderRow};
use store::parcels::Parcel;

use crate::account::order::Shown;
use crate::account::timeline::entries;
use crate::account::{order_address, order_care};
use crate::goods_words;
use crate::storefront::shopper::Shopper;
use crate::storefront::{cards, checkout_page, payment, pictures, product_page};
use crate::ui::badges::{Tone, badge, order_badge, parcel_badge};
use crate::ui::border;
use crate::ui::buying;
use crate::ui::copy::copyable;
use crate::ui::countdown::{deadline, moment};
use crate::ui::detail::{DetailHead, detail_page, facts, section};
use crate::ui::forms::{Look, link_button};
use crate::ui::icons::Icon;
use crate::ui::money_table::{MoneyLine, money_table};
use crate::ui::shop_window::{BoughtLine, bought_lines, shop_line};
use crate::ui::timeline::timeline;
use crate::words::{Language, Msg, Words};

/// Unpaid, or in the hour in which the buyer need not ask anybody.
pub(super) const fn may_cancel(order: &OrderRow) -> bool {
    matches!(order.state, OrderState::Unpaid { .. } | OrderState::OnHold { .. })
}

/// The parcel has been brought, or is on its way and the buyer already has it.
pub(super) const fn may_confirm(order: &OrderRow) -> bool {
    matches!(order.state, OrderState::InTransit { .. } | OrderState::Delivered { .. })
}

/// Something has left the warehouse: whatever is wrong is said in a case. Why not, where it is too late, the page says.
pub(super) const fn may_ask_for_help(order: &OrderRow) -> bool {
    matches!(
        order.state,
        OrderState::AwaitingCollection { .. }
            | OrderState::InTransit { .. }
            | OrderState::Delivered { .. }
            | OrderState::Completed { .. }
            | OrderState::Settled
    )
}

/// The state in a buyer's words: a shop reads "to ship" where a buyer reads "being prepared".
pub(super) fn state_badge(shopper: &Shopper, order: &OrderRow) -> Markup {
    let code = order.state.name().code();
    let (tone, picture, msg) = match order.state {
        OrderState::OnHold { .. } => (Tone::Good, Icon::Wallet, Msg::OrderForBuyerOnHold),
        OrderState::AwaitingConfirmation { .. } => {
            (Tone::Soon, Icon::Flag, Msg::OrderForBuyerAwaitingConfirmation)
        }
        OrderState::AwaitingShipment { .. } => {
            (Tone::Info, Icon::Box, Msg::OrderForBuyerAwaitingShipment)
        }
        OrderState::PartiallyShipped { .. } => {
            (Tone::Info, Icon::Package, Msg::OrderForBuyerPartiallyShipped)
        }
        OrderState::AwaitingCollection { .. } => {
            (Tone::Info, Icon::Package, Msg::OrderForBuyerAwaitingCollection)
        }
        OrderState::Unpaid { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => return order_badge(shopper.reader.words, code),
    };
    badge(tone, picture, &shopper.t(msg))
}

/// Who must act, and what happens by itself when nobody does.
pub(super) fn consequence(shopper: &Shopper, order: &OrderRow) -> String {
    let said = match order.state {
        OrderState::Unpaid { .. } => Msg::OrderNextUnpaid,
        OrderState::OnHold { .. } => Msg::OrderNextOnHold,
        OrderState::AwaitingConfirmation { .. } => Msg::OrderNextConfirmation,
        OrderState::AwaitingShipment { late: false, .. } => Msg::OrderNextShipment,
        OrderState::AwaitingShipment { late: true, .. } => Msg::OrderNextLateShipment,
        OrderState::PartiallyShipped { .. } => Msg::OrderNextRest,
        OrderState::AwaitingCollection { .. } => Msg::OrderNextCollection,
        OrderState::InTransit { overdue: false, .. } => Msg::OrderNextTransit,
        OrderState::InTransit { overdue: true, .. } => Msg::OrderNextOverdue,
        OrderState::Delivered { .. } => Msg::OrderNextDelivered,
        OrderState::Completed { .. } => Msg::OrderNextCompleted,
        OrderState::Settled => Msg::OrderNextSettled,
        OrderState::Cancelled { .. } => Msg::OrderNextCancelled,
    };
    shopper.t(said)
}

pub(super) fn draw(shopper: &Shopper, shown: &Shown) -> Markup {
    let (r, order) = (&shopper.reader, &shown.order);
    let path = format!("/orders/{}", order.id);
    let mut acts = Vec::new();
    if matches!(order.state, OrderState::Unpaid { .. }) {
        acts.push(link_button(Look::Primary, &payment::path(order.payment), &r.t(Msg::OrderPay)));
    }
    if may_confirm(order) {
        acts.push(link_button(Look::Primary, &format!("{path}/receipt"), &r.t(Msg::OrderReceived)));
    }
    if may_cancel(order) {
        acts.push(link_button(Look::Plain, &format!("{path}/cancel"), &r.t(Msg::OrderCancel)));
    }
    if may_ask_for_help(order) {
        let href = format!("{path}/help");
        acts.push(link_button(Look::Plain, &href, &r.t(Msg::CaseHelpTitle)));
    }
    if order_care::may_ask(shown) {
        let href = format!("{path}/cancel-request");
        acts.push(link_button(Look::Quiet, &href, &r.t(Msg::CareAskCancel)));
    }
    let head = DetailHead {
        back: Some(("/orders".to_owned(), shopper.t(Msg::NavMyOrders))),
        title: r.with(Msg::OrderFrom, &[("shop", shown.shop.name.as_str().into())]),
        badges: vec![state_badge(shopper, order)],
        under: vec![copyable(r.words, &order.id.to_string()), moment(r, order.created_at)],
        deadline: order.state.due_at().map(|due| deadline(r, due, &consequence(shopper, order))),
        acts,
    };
    let main = html! {
        @if order.state.due_at().is_none() { p.lead { (consequence(shopper, order)) } }
        (order_care::waiting(shopper, shown))
        (section(&r.t(Msg::OrderThings), bought_lines(r, &lines(shopper, shown))))
        @for (parcel, _) in &shown.parcels { (section(&r.t(Msg::OrderParcel), parcel_facts(shopper, shown, parcel))) }
        @if order.paid_at.is_some() { (section(&r.t(Msg::CareMessages), order_care::messages(shopper, shown))) }
        (section(&r.t(Msg::OrderTimeline), timeline(r, &entries(shopper, shown))))
    };
    detail_page(&head, main, side(shopper, shown))
}

fn lines(shopper: &Shopper, shown: &Shown) -> Vec<BoughtLine> {
    let (r, order) = (&shopper.reader, &shown.order);
    let line = |line: &LineRow| {
        let frozen =
            format!("/listings/{}/{}?order={}", line.product, line.listing_version, order.id);
        let unit = r.money(Money::new(line.price.unit_minor, order.currency));
        BoughtLine {
            picture: pictures::address(order.shop, line.product, &line.picture),
            title: cards::title(r, &line.title_en, &line.title_zh).to_owned(),
            href: frozen.clone(),
            options: goods_words::chosen_values(r.words, &line.options),
            quantity: line.price.quantity,
            sum: Money::new(line.price.goods_minor, order.currency),
            note: Some(html! {
                p.muted { (r.with(Msg::OrderUnit, &[("price", unit.into())])) " · " a href=(frozen) { (r.with(Msg::OrderAsOffered, &[("number", line.listing_version.into())])) } }
                (order_care::of_line(shopper, line))
            }),
            acts: None,
        }
    };
    shown.lines.iter().map(line).collect()
}

fn parcel_facts(shopper: &Shopper, shown: &Shown, parcel: &Parcel) -> Markup {
    let r = &shopper.reader;
    let service = if parcel.service.is_empty() { &shown.order.service } else { &parcel.service };
    let mut rows = vec![
        (shopper.t(Msg::ParcelFactState), parcel_badge(r.words, parcel.state.code())),
        (
            shopper.t(Msg::ParcelFactService),
            html! {
                (carrier_name(shopper, &shown.order)) " · " (product_page::service_name(shopper, &shown.order.market, service))
            },
        ),
    ];
    if !parcel.tracking_number.is_empty() {
        rows.push((shopper.t(Msg::ParcelFactTracking), copyable(r.words, &parcel.tracking_number)));
    }
    let rows: Vec<(&str, Markup)> =
        rows.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    facts(&rows)
}

/// The carrier's name in the reader's language.
pub(super) fn carrier_name(shopper: &Shopper, order: &OrderRow) -> String {
    let code = MarketCode::parse(&order.market).ok();
    let found = code.and_then(|code| shopper.policies.shipping(code).carrier(&order.carrier));
    found.map_or_else(
        || order.carrier.clone(),
        |carrier| match shopper.reader.words.language() {
            Language::En => carrier.name_en.clone(),
            Language::Zh => carrier.name_zh.clone(),
        },
    )
}

fn side(shopper: &Shopper, shown: &Shown) -> Markup {
    let (r, order) = (&shopper.reader, &shown.order);
    let address = serde_json::from_str::<Address>(&order.address).ok();
    html! {
        (section(&r.t(Msg::OrderMoney), money(shopper, shown)))
        (section(&r.t(Msg::OrderPromise), html! {
            p { (product_page::days(r, order.promise_from, order.promise_by)) }
            p.muted { (carrier_name(shopper, order)) " · " (product_page::service_name(shopper, &order.market, &order.service)) }
        }))
        @if let Some(address) = address {
            (section(&r.t(Msg::OrderAddress), html! {
                (buying::address(&with_name(r.words, &address)))
                @if order_address::may_correct(order.state) {
                    (link_button(Look::Quiet, &format!("/orders/{}/address", order.id), &r.t(Msg::CareCorrectAddress)))
                }
            }))
        }
        (section(&r.t(Msg::OrderShop), shop_line(&format!("/shops/{}", shown.shop.id), &pictures::logo(&shown.shop), &shown.shop.name, "")))
    }
}

fn with_name(words: Words, address: &Address) -> Vec<String> {
    let mut lines = vec![address.name.clone()];
    lines.extend(checkout_page::address_lines(words, address));
    lines
}

fn money(shopper: &Shopper, shown: &Shown) -> Markup {
    let (r, order) = (&shopper.reader, &shown.order);
    let amount = |minor: i64| Money::new(minor, order.currency);
    let mut lines = vec![MoneyLine::part(r.t(Msg::SumGoods), amount(order.goods_minor))];
    for (label, minor) in [
        (Msg::SumShopDiscount, -order.shop_discount_minor),
        (Msg::SumHouseDiscount, -order.house_discount_minor),
    ] {
        if minor != 0 {
            lines.push(MoneyLine::part(r.t(label), amount(minor)));
        }
    }
    lines.push(MoneyLine::part(r.t(Msg::SumShipping), amount(order.shipping_minor)));
    lines.extend(border::duty_lines(r, &shown.charges, order.currency));
    if !order.tax_included && order.tax_minor > 0 {
        let name = border::tax_name(r, &shopper.policies, &order.tax_collection);
        lines.push(MoneyLine::part(name, amount(order.tax_minor)));
    }
    let total = MoneyLine::total(r.t(Msg::SumTotal), amount(order.total_minor));
    lines.push(if order.tax_included && order.tax_minor > 0 {
        total.with_note(checkout_page::tax_inside(
            shopper,
            &order.tax_collection,
            amount(order.tax_minor),
        ))
    } else {
        total
    });
    let back = order.given.shares.paid_minor;
    if back > 0 {
        lines.push(MoneyLine::part(r.t(Msg::CareSumBack), amount(-back)));
    }
    html! {
        (money_table(r, "", &lines))
        (border::at_border_note(r, &order.tax_collection))
        @if order.duty_minor > 0 { p.muted { (r.t(Msg::DutyWhenBack)) } }
        p.muted { a href=(payment::path(order.payment)) { (r.t(Msg::OrderPayment)) } }
    }
}
