//! One order as the house sees it: what happened, the parcel's way, the flags, and where its money is.

use actions::Market;
use actions::overview::{self, OrderSeen};
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use rules::checkout::address::Address;
use rules::ids::OrderId;
use rules::money::Money;
use rules::orders::flags::Flag;
use rules::orders::{OrderState, OrderStateName};
use rules::people::Permission;
use rules::policy::MarketCode;
use store::events::EventSeen;
use store::orders::LineRow;
use store::parcels::{Parcel, ParcelEvent};

use super::{admit, answer, may, order_care, order_money, page, say};
use crate::flag_words;
use crate::format::Reader;
use crate::goods_words;
use crate::ui::badges::{Tone, badge, order_badge, parcel_badge};
use crate::ui::border;
use crate::ui::copy::copyable;
use crate::ui::countdown::{ago, deadline, moment};
use crate::ui::detail::{DetailHead, detail_page, facts, section, section_with};
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{Look, link_button, link_button_with};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Row, table};
use crate::ui::money_table::{MoneyLine, amount, money_table};
use crate::ui::nav::Place;
use crate::ui::timeline::{TimelineEntry, timeline};
use crate::visit::Visit;
use crate::words::{Language, Msg};

pub(super) async fn show(
    visit: Visit,
    State(market): State<Market>,
    Path(order): Path<i64>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewShops)?;
        let seen = overview::order(&market, OrderId::new(order)).await?;
        let r = &visit.reader;
        let title = r.with(Msg::OpOrderTitle, &[("order", order.to_string().into())]);
        let money = may(&visit, Permission::ViewLedger);
        let main = html! {
            (flags(r, &seen))
            (section(&r.t(Msg::OpTimeline), timeline(r, &entries(r, &seen))))
            @for (parcel, news) in &seen.parcels { (parcel_panel(r, &market, &seen, parcel, news)) }
            (section(&r.t(Msg::OpLines), lines(r, &seen)))
            (order_care::panels(r, &seen))
        };
        let side = html! {
            (section(&r.t(Msg::OpPrice), money_table(r, "", &price(r, &seen))))
            @if money { (order_money::summary(r, &seen)?) }
            (section(&r.t(Msg::OpFacts), facts_of(r, &seen)))
        };
        let body = detail_page(&head(&visit, &seen, &title), main, side);
        page(&visit, &title, Place::OperatorOrders, body)
    })
    .await
}

fn head(visit: &Visit, seen: &OrderSeen, title: &str) -> DetailHead {
    let r = &visit.reader;
    let order = &seen.order;
    let state = order.state.name();
    let path = format!("/operator/orders/{}", order.id);
    let mut acts = Vec::new();
    if may(visit, Permission::ViewLedger) {
        let href = format!("{path}/money");
        acts.push(link_button_with(Look::Plain, &href, Icon::Ledger, &r.t(Msg::OpOrderMoney)));
    }
    if may(visit, Permission::CancelAnyOrder) && can_be_cancelled(state) {
        let href = format!("{path}/cancel");
        acts.push(link_button(Look::Danger, &href, &r.t(Msg::OpCancelOpen)));
    }
    DetailHead {
        back: Some(("/operator/orders".to_owned(), r.t(Msg::NavOrders).into_owned())),
        title: title.to_owned(),
        badges: vec![order_badge(r.words, state.code())],
        under: vec![
            html! { a href={ "/operator/shops/" (order.shop) } { (seen.shop.name) } },
            html! { (order.buyer_name) },
            html! { (r.t(Msg::OpPlaced)) " " (ago(r, order.created_at)) },
        ],
        deadline: order
            .state
            .due_at()
            .map(|due| deadline(r, due, &say::code(r, "then", state.code()))),
        acts,
    }
}

/// As long as nothing has been shipped; the act itself decides.
pub(super) fn can_be_cancelled(state: OrderStateName) -> bool {
    match state {
        OrderStateName::Unpaid
        | OrderStateName::OnHold
        | OrderStateName::AwaitingConfirmation
        | OrderStateName::AwaitingShipment => true,
        OrderStateName::PartiallyShipped
        | OrderStateName::AwaitingCollection
        | OrderStateName::InTransit
        | OrderStateName::Delivered
        | OrderStateName::Completed
        | OrderStateName::Settled
        | OrderStateName::Cancelled => false,
    }
}

/// Flags which nobody has resolved yet.
fn flags(r: &Reader, seen: &OrderSeen) -> Markup {
    let open = seen.care.flags.iter().filter(|row| row.open);
    let flags: Vec<Flag> = open.filter_map(|row| serde_json::from_str(&row.facts).ok()).collect();
    let goods = |flag: &Flag| {
        let line = seen.lines.iter().find(|line| Some(line.sku) == flag.sku());
        line.map_or_else(String::new, |line| title(r, line))
    };
    html! {
        @for flag in &flags {
            (flash(&Flash { tone: Tone::Soon, text: flag_words::said(r, &goods(flag), flag), next: None }))
        }
    }
}

fn entries(r: &Reader, seen: &OrderSeen) -> Vec<TimelineEntry> {
    seen.events
        .iter()
        .map(|event| {
            let (icon, tone) = say::event_look(&event.kind);
            TimelineEntry {
                at: event.created_at,
                icon,
                tone,
                what: say::event(r, &event.kind),
                who: say::actor(r, &event.actor, &seen.names),
                why: why(r, event),
            }
        })
        .collect()
}

/// The facts of an event which a person wants to read beside it.
fn why(r: &Reader, event: &EventSeen) -> String {
    let body: serde_json::Value = serde_json::from_str(&event.body).unwrap_or_default();
    let word = |name: &str| body.get(name).and_then(serde_json::Value::as_str);
    match event.kind.as_str() {
        "cancelled" => {
            let part = |kind, name| word(name).map(|code| say::code(r, kind, code));
            let parts = [
                part("reason", "reason"),
                part("fault", "fault").map(|who| r.with(Msg::OpFaultOf, &[("who", who.into())])),
            ];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
        }
        "tier_changed" => word("reason").unwrap_or_default().to_owned(),
        "packed" => body
            .get("weight_grams")
            .and_then(serde_json::Value::as_i64)
            .map(|grams| r.with(Msg::OpGrams, &[("grams", grams.into())]))
            .unwrap_or_default(),
        _ => String::new(),
    }
}

fn parcel_panel(
    r: &Reader,
    market: &Market,
    seen: &OrderSeen,
    parcel: &Parcel,
    news: &[ParcelEvent],
) -> Markup {
    let (carrier, service) = carrier_names(r, market, seen, parcel);
    let entries: Vec<TimelineEntry> = news
        .iter()
        .map(|event| TimelineEntry {
            at: event.happened_at,
            icon: if event.kind == "delivered" { Icon::Home } else { Icon::Truck },
            tone: if event.kind == "lost" { Tone::Bad } else { Tone::Info },
            what: say::code(r, "news", &event.kind),
            who: carrier.clone(),
            why: say::code(r, "place", &event.place),
        })
        .collect();
    section_with(
        &r.t(Msg::OpParcel),
        parcel_badge(r.words, parcel.state.code()),
        html! {
            div.stack {
                @if !parcel.tracking_number.is_empty() {
                    p { (carrier) " · " (service) " · " (copyable(r.words, &parcel.tracking_number)) }
                }
                @if entries.is_empty() { p.muted { (r.t(Msg::OpNoNews)) } } @else { (timeline(r, &entries)) }
            }
        },
    )
}

/// Carrier and service by the names which the order's own policy version gives them; their codes where it has none.
fn carrier_names(
    r: &Reader,
    market: &Market,
    seen: &OrderSeen,
    parcel: &Parcel,
) -> (String, String) {
    let english = r.words.language() == Language::En;
    let book = market.policy_book();
    let policies = book.version(seen.order.policy_version);
    let code = MarketCode::parse(&seen.order.market).ok();
    let shipping = policies.zip(code).map(|(policies, code)| policies.shipping(code));
    let carrier = shipping.and_then(|shipping| shipping.carrier(&parcel.carrier));
    let service = shipping.and_then(|shipping| shipping.service(&parcel.service));
    (
        carrier.map_or_else(
            || parcel.carrier.clone(),
            |one| if english { one.name_en.clone() } else { one.name_zh.clone() },
        ),
        service.map_or_else(
            || parcel.service.clone(),
            |one| if english { one.name_en.clone() } else { one.name_zh.clone() },
        ),
    )
}

fn lines(r: &Reader, seen: &OrderSeen) -> Markup {
    let currency = seen.order.currency;
    let rows: Vec<Row> = seen
        .lines
        .iter()
        .map(|line| Row {
            cells: vec![
                html! { div { (title(r, line)) } small.muted { (line.sku_code) } },
                html! { span.num { (line.price.quantity) } },
                amount(r, Money::new(line.price.unit_minor, currency)),
                amount(r, Money::new(line.price.goods_minor, currency)),
            ],
            ..Row::default()
        })
        .collect();
    let columns = [
        Column::new(r.t(Msg::OpGoods)).leading(),
        Column::new(r.t(Msg::OpQuantity)).numeric(),
        Column::new(r.t(Msg::OpUnitPrice)).numeric(),
        Column::new(r.t(Msg::OpAmount)).numeric(),
    ];
    table(r.words, &columns, &rows, false)
}

pub(super) fn title(r: &Reader, line: &LineRow) -> String {
    let title = match r.words.language() {
        Language::En => &line.title_en,
        Language::Zh => &line.title_zh,
    };
    match goods_words::chosen_values(r.words, &line.options) {
        none if none.is_empty() => title.clone(),
        chosen => format!("{title} · {chosen}"),
    }
}

/// What the buyer was asked for, itemised; parts which are nothing are left out.
pub(super) fn price(r: &Reader, seen: &OrderSeen) -> Vec<MoneyLine> {
    let order = &seen.order;
    let money = |minor: i64| Money::new(minor, order.currency);
    let tax = if order.tax_included { Msg::OpTaxIncluded } else { Msg::OpTax };
    let parts = [
        (Msg::OpGoods, order.goods_minor),
        (Msg::OpShopDiscount, -order.shop_discount_minor),
        (Msg::OpHouseDiscount, -order.house_discount_minor),
        (Msg::OpShipping, order.shipping_minor),
        (tax, order.tax_minor),
    ];
    let mut lines: Vec<MoneyLine> = parts
        .into_iter()
        .filter(|(_, minor)| *minor != 0)
        .map(|(msg, minor)| MoneyLine::part(r.t(msg), money(minor)))
        .collect();
    lines.extend(border::duty_lines(r, &seen.charges, order.currency));
    lines.push(MoneyLine::total(r.t(Msg::OpTotal), money(order.total_minor)));
    lines.push(
        MoneyLine::part(r.t(Msg::OpCommissionFrozen), money(order.commission_minor))
            .with_note(r.t(Msg::OpCommissionFrozenNote)),
    );
    for row in &seen.promotions {
        let title = match r.words.language() {
            Language::En => &row.title_en,
            Language::Zh => &row.title_zh,
        };
        let shop = r.money(money(row.shop_part_minor));
        let shares = [("title", title.as_str().into()), ("shop", shop.into())];
        lines.push(
            MoneyLine::part(r.with(Msg::OpPromotionShares, &shares), money(row.house_part_minor))
                .with_note(r.t(Msg::OpPromotionSharesNote)),
        );
    }
    lines
}

fn facts_of(r: &Reader, seen: &OrderSeen) -> Markup {
    let order = &seen.order;
    let address: Option<Address> = serde_json::from_str(&order.address).ok();
    let paid = html! { @if let Some(at) = order.paid_at { (moment(r, at)) } @else { "–" } };
    let method = seen.payment.as_ref().map_or("", |payment| payment.method.as_str());
    let state = match order.state {
        OrderState::Cancelled { by, .. } => Some(say::code(r, "side", by.code())),
        _ => None,
    };
    html! {
        (facts(&[
            (&r.t(Msg::OpOrderNumber), copyable(r.words, &order.id.to_string())),
            (&r.t(Msg::OpPaidAt), paid),
            (&r.t(Msg::OpMethod), html! { @if method.is_empty() { "–" } @else { (say::code(r, "method", method)) } }),
            (&r.t(Msg::OpMarket), html! { (order.market) }),
            (&r.t(Msg::OpPolicyVersion), html! { a href={ "/operator/policy/versions/" (order.policy_version) } { (order.policy_version) } }),
            (&r.t(Msg::OpAddress), html! { @if let Some(address) = &address { (short(address)) } }),
        ]))
        @if let Some(by) = state { p { (badge(Tone::Bad, Icon::Ban, &r.with(Msg::OpCancelledBy, &[("who", by.into())]))) } }
    }
}

/// Enough to judge by; the street is the shop's and the carrier's business.
fn short(address: &Address) -> String {
    let parts =
        [&address.city, &address.region, &address.postcode].map(|part| part.trim().to_owned());
    let mut parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.push(address.country.to_string());
    parts.join(", ")
}
