//! One order: what to do now, what is in it, what happened; beside it the facts.

use actions::shop_desk::{self, OrderFile};
use actions::{Failure, Market};
use axum::extract::{Path, State};
use maud::{Markup, html};
use rules::catalog::nature::Nature;
use rules::ids::OrderId;
use rules::orders::OrderState;
use rules::people::Permission;
use serde_json::Value;
use store::orders::LineRow;

use super::desk::{Desk, Page, Typed};
use super::order_acts::what_to_do;
use super::order_money::money;
use super::order_side::side;
use super::{notes, order_back, order_care, order_notes, order_tracking, things};
use crate::goods_words;
use crate::storefront::pictures;
use crate::ui::badges::{Tone, badge, order_badge, parcel_badge};
use crate::ui::copy::copyable;
use crate::ui::countdown::{ago, deadline, moment};
use crate::ui::detail::{DetailHead, detail_page, section};
use crate::ui::forms::{Look, link_button};
use crate::ui::icons::{Icon, icon};
use crate::ui::money_table::amount;
use crate::ui::nav::Place;
use crate::ui::timeline::timeline;
use crate::visit::Visit;
use crate::words::Msg;

/// What was refused, and what had been typed, when the page comes back after an act.
#[derive(Debug, Default)]
pub(super) struct Tried {
    pub typed: Typed,
    pub failure: Option<Failure>,
}

pub(super) async fn page(
    State(market): State<Market>,
    Path((shop, order)): Path<(String, String)>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let file = open(&market, &desk, &order).await.map_err(|failure| desk.refused(failure))?;
    Ok(shown(desk, &file, &Tried::default()))
}

/// The file of an order of this shop; a number which is none names no order.
pub(super) async fn open(market: &Market, desk: &Desk, order: &str) -> Result<OrderFile, Failure> {
    let order: OrderId = order.parse().map_err(|_| Failure::NotFound)?;
    shop_desk::order_file(market, desk.shop.id, order).await
}

pub(super) fn shown(desk: Desk, file: &OrderFile, tried: &Tried) -> axum::response::Response {
    let r = &desk.reader;
    let title = r.with(Msg::SellerOrderTitle, &[("order", file.order.id.to_string().into())]);
    let head = head(&desk, file, title.clone());
    let body = detail_page(&head, main(&desk, file, tried), side(&desk, file, tried));
    desk.page(title, Place::SellerOrders, body)
}

fn head(desk: &Desk, file: &OrderFile, title: String) -> DetailHead {
    let (r, order) = (&desk.reader, &file.order);
    let mut badges = vec![order_badge(r.words, order.state.name().code())];
    if matches!(
        order.state,
        OrderState::AwaitingShipment { late: true, .. }
            | OrderState::PartiallyShipped { late: true, .. }
    ) {
        badges.push(badge(Tone::Bad, Icon::Warning, &r.t(Msg::SellerLate)));
    }
    badges.extend(order_notes::mark(r, &order.mark, &order.mark_word));
    let cancellable = matches!(
        order.state,
        OrderState::OnHold { .. }
            | OrderState::AwaitingConfirmation { .. }
            | OrderState::AwaitingShipment { .. }
    );
    let mut acts = Vec::new();
    let choices = [
        (cancellable, "cancel", Msg::SellerCancelOrder),
        (order_back::may_drop_rest(order.state), "rest", Msg::CareRestOpen),
        (order_back::may_give_back(order), "refund", Msg::CareBackOpen),
    ];
    for (offered, path, msg) in choices {
        if offered && desk.may(Permission::CancelOrders) {
            let href = desk.href(&format!("/orders/{}/{path}", order.id));
            acts.push(link_button(Look::Quiet, &href, &r.t(msg)));
        }
    }
    let due = order.state.due_at().zip(notes::consequence(r, order.state));
    DetailHead {
        back: Some((desk.href("/orders"), r.t(Msg::NavOrders).into_owned())),
        title,
        badges,
        under: vec![
            copyable(r.words, &order.id.to_string()),
            html! { (r.t(Msg::SellerPlaced)) " " (ago(r, order.created_at)) },
            html! { (order.buyer_name) },
        ],
        deadline: due.map(|(due, then)| deadline(r, due, &then)),
        acts,
    }
}

fn main(desk: &Desk, file: &OrderFile, tried: &Tried) -> Markup {
    let r = &desk.reader;
    let events = notes::timeline(r, &file.events, &file.names, file.order.state);
    html! {
        (order_care::waiting(desk, file))
        (what_to_do(desk, file, tried))
        (section(&r.t(Msg::SellerOrderGoods), lines(desk, file)))
        @if !file.parcels.is_empty() { (section(&r.t(Msg::SellerOrderParcel), parcels(desk, file, tried))) }
        (order_care::panel(desk, file))
        (section(&r.t(Msg::SellerOrderMoney), money(desk, file)))
        (section(&r.t(Msg::SellerOrderHistory), timeline(r, &events)))
    }
}

fn lines(desk: &Desk, file: &OrderFile) -> Markup {
    html! {
        ul.order-lines {
            @for line in &file.lines { li { (one_line(desk, file, line)) } }
        }
    }
}

fn one_line(desk: &Desk, file: &OrderFile, line: &LineRow) -> Markup {
    let r = &desk.reader;
    let version =
        desk.href(&format!("/products/{}/versions/{}", line.product, line.listing_version));
    let options = goods_words::chosen_options(r.words, &line.options);
    html! {
        img src=(pictures::address(desk.shop.id, line.product, &line.picture)) alt="" width="72" height="72" loading="lazy";
        div.order-line-text {
            strong { (things::title(r, &line.title_en, &line.title_zh)) }
            @if !options.is_empty() { p { (options) } }
            p.muted { code { (line.sku_code) } " · "
                a href=(version) { (r.with(Msg::SellerListingVersion, &[("number", line.listing_version.into())])) } }
            @for said in order_care::of_line(desk, line) { p.muted { (said) } }
            @for advice in advice(desk, &line.nature) { p.advice { (icon(Icon::Info)) (advice) } }
            @for batch in batches(desk, &line.batches) { p.muted { (batch) } }
            @for serial in file.packed.serials.iter().filter(|serial| serial.line == Some(line.id)) {
                p.muted { (r.t(Msg::PackingSerial)) " " code { (serial.serial) } }
            }
        }
        div.order-line-sum {
            span.num { (line.price.quantity) " × " (amount(r, desk.money_in(line.price.unit_minor, file.order.currency))) }
            strong { (amount(r, desk.money_in(line.price.goods_minor, file.order.currency))) }
        }
    }
}

/// How to pack goods of this nature.
pub(super) fn advice(desk: &Desk, nature: &str) -> Vec<String> {
    let nature: Nature = serde_json::from_str(nature).unwrap_or_default();
    let cares = nature.cares().into_iter();
    cares.map(|care| notes::by_code(&desk.reader, "seller-pack", care.code())).collect()
}

/// From which batches the line was filled, once the goods have left.
fn batches(desk: &Desk, json: &str) -> Vec<String> {
    let r = &desk.reader;
    let taken: Vec<Value> = serde_json::from_str(json).unwrap_or_default();
    let text = |row: &Value, name: &str| {
        row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let said = |row: &Value| {
        let count = row.get("count").and_then(Value::as_i64).unwrap_or(0);
        let (code, supplier) = (text(row, "batch_code"), text(row, "supplier"));
        if code.is_empty() {
            return r.with(Msg::SellerNoBatch, &[("count", count.into())]);
        }
        r.with(
            Msg::SellerFromBatch,
            &[("count", count.into()), ("batch", code.into()), ("supplier", supplier.into())],
        )
    };
    taken.iter().map(said).collect()
}

fn parcels(desk: &Desk, file: &OrderFile, tried: &Tried) -> Markup {
    let r = &desk.reader;
    html! {
        @for (parcel, scans) in &file.parcels {
            div.parcel {
                p {
                    (parcel_badge(r.words, parcel.state.code())) " "
                    @if !parcel.carrier.is_empty() { (carrier_name(desk, file, &parcel.carrier)) " · " (service_name(desk, file, &parcel.service)) " · " }
                    span.num { (r.with(Msg::SellerWhyPacked, &[("grams", parcel.weight_grams.into())])) }
                }
                (super::packing_words::contents(desk, file, parcel))
                @if !parcel.tracking_number.is_empty() { p { (copyable(r.words, &parcel.tracking_number)) } }
                (order_tracking::panel(desk, file, parcel, tried))
                @if !scans.is_empty() {
                    ol.scans {
                        @for scan in scans {
                            li { (moment(r, scan.happened_at)) " " span { (notes::by_code(r, "seller-scan", &scan.kind)) }
                                @if !scan.place.is_empty() { span.muted { (notes::by_code(r, "seller-place", &scan.place)) } } }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn service_name(desk: &Desk, file: &OrderFile, code: &str) -> String {
    let names = file.shipping.service(code).map(|s| (s.name_en.as_str(), s.name_zh.as_str()));
    let (en, zh) = names.unwrap_or((code, code));
    things::title(&desk.reader, en, zh).to_owned()
}

pub(super) fn carrier_name(desk: &Desk, file: &OrderFile, code: &str) -> String {
    let names = file.shipping.carrier(code).map(|c| (c.name_en.as_str(), c.name_zh.as_str()));
    let (en, zh) = names.unwrap_or((code, code));
    things::title(&desk.reader, en, zh).to_owned()
}
