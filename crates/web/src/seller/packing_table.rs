//! The packing table of one order: what it needs, what is in the parcel, and one field for the scanner.

use actions::packing::{PackedParcel, PackingDesk, WantedGood, packing_desk};
use actions::{Failure, Market};
use axum::extract::{Path, State};
use maud::{Markup, html};
use rules::ids::OrderId;
use rules::people::Permission;
use rules::shipping::parcels::ParcelState;

use super::desk::{Desk, Page, Typed};
use super::packing::scan_form;
use super::{notes, things};
use crate::goods_words;
use crate::storefront::pictures;
use crate::ui::badges::{Tone, badge, order_badge, parcel_badge};
use crate::ui::copy::copyable;
use crate::ui::countdown::deadline;
use crate::ui::detail::{DetailHead, detail_page, section};
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{Field, Input, Look, act, link_button, submit};
use crate::ui::icons::{Icon, icon};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::{Msg, Words};

pub(super) async fn page(
    State(market): State<Market>,
    Path((shop, order)): Path<(String, String)>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::PackOrders).await?;
    shown(&market, desk, &order, None).await
}

/// The table, with what was refused in words above it.
pub(super) async fn shown(
    market: &Market,
    desk: Desk,
    order: &str,
    failure: Option<Failure>,
) -> Page {
    let read = async {
        let order: OrderId = order.parse().map_err(|_| Failure::NotFound)?;
        packing_desk(market, desk.shop.id, order).await
    };
    let table = read.await.map_err(|failure| desk.refused(failure))?;
    let r = &desk.reader;
    let title = r.with(Msg::PackingOrderTitle, &[("order", table.order.id.to_string().into())]);
    let head = DetailHead {
        back: Some((desk.href("/packing"), r.t(Msg::PackingTitle).into_owned())),
        title: title.clone(),
        badges: vec![order_badge(r.words, table.order.state.name().code())],
        under: vec![
            copyable(r.words, &table.order.id.to_string()),
            html! { (table.order.buyer_name) },
            html! { a href=(desk.href(&format!("/orders/{}", table.order.id))) { (r.t(Msg::PackingToOrder)) } },
        ],
        deadline: (table.order.state.due_at())
            .zip(notes::consequence(r, table.order.state))
            .map(|(due, then)| deadline(r, due, &then)),
        ..DetailHead::default()
    };
    let body = detail_page(&head, main(&desk, &table, failure.as_ref()), side(&desk, &table));
    Ok(desk.page(title, Place::SellerOrders, body))
}

fn main(desk: &Desk, table: &PackingDesk, failure: Option<&Failure>) -> Markup {
    let r = &desk.reader;
    let packs = table.missing() > 0 || table.open().is_some();
    html! {
        @if let Some(failure) = failure {
            div role="alert" { (flash(&Flash::bad(desk.in_words(&spoken(r.words, failure))))) }
        }
        @if packs {
            div.next-act { (section(&r.t(Msg::PackingScanItem), scan_form(desk, &href(desk, table, "scan"), &hint(desk, table)))) }
        } @else {
            p { (icon(Icon::CheckCircle)) (r.t(Msg::PackingAllIn)) }
            (section(&r.t(Msg::PackingScanOrder), scan_form(desk, &desk.href("/packing"), &r.t(Msg::PackingScanOrderHint))))
        }
        (section(&r.t(Msg::PackingNeeds), needs(desk, table)))
        @if let Some(open) = table.open() { (section(&r.t(Msg::PackingClose), closing(desk, table, open))) }
    }
}

/// The refusal with the goods' options in the reader's language.
fn spoken(words: Words, failure: &Failure) -> Failure {
    let Failure::Refused(refusal) = failure else { return failure.clone() };
    let mut said = refusal.clone();
    for (name, value) in &mut said.facts {
        if ["code", "expected"].contains(name) {
            *value = goods_words::in_brackets(words, value);
        }
    }
    Failure::Refused(said)
}

fn href(desk: &Desk, table: &PackingDesk, what: &str) -> String {
    desk.href(&format!("/packing/{}/{what}", table.order.id))
}

/// What the next scan should be.
fn hint(desk: &Desk, table: &PackingDesk) -> String {
    let r = &desk.reader;
    let waits = table
        .wanted
        .iter()
        .find(|good| good.wanted.serials && good.wanted.serials_here < good.wanted.here);
    if let Some(good) = waits {
        return r.with(Msg::PackingSerialNow, &[("code", good.wanted.code.as_str().into())]);
    }
    if table.missing() == 0 {
        return r.t(Msg::PackingScanSlip).into_owned();
    }
    r.with(Msg::PackingMissing, &[("count", table.missing().into())])
}

fn needs(desk: &Desk, table: &PackingDesk) -> Markup {
    html! {
        ul.order-lines { @for good in &table.wanted { li { (one_need(desk, table, good)) } } }
        @for care in &table.cares {
            p.advice { (icon(Icon::Info)) (notes::by_code(&desk.reader, "seller-pack", care.code())) }
        }
    }
}

fn one_need(desk: &Desk, table: &PackingDesk, good: &WantedGood) -> Markup {
    let (r, wanted) = (&desk.reader, &good.wanted);
    let packed = wanted.here + wanted.elsewhere;
    let mark = if wanted.missing() == 0 {
        badge(Tone::Good, Icon::Check, &r.t(Msg::PackingComplete))
    } else {
        badge(
            Tone::Soon,
            Icon::Box,
            &r.with(Msg::PackingLeft, &[("count", wanted.missing().into())]),
        )
    };
    let serials = table.open().map(|open| open.serials.as_slice()).unwrap_or_default();
    let shelf = good.good.as_ref().map_or("", |good| good.shelf.as_str());
    html! {
        img src=(pictures::address(desk.shop.id, wanted.product, &good.picture)) alt="" width="72" height="72" loading="lazy";
        div.order-line-text {
            strong { (things::title(r, &good.title_en, &good.title_zh)) }
            @if !wanted.options.is_empty() { p { strong { (goods_words::in_a_row(r.words, &wanted.options)) } } }
            p.muted { code { (wanted.code) } @if !shelf.is_empty() { " · " (shelf) } }
            @for serial in serials.iter().filter(|serial| serial.line == Some(wanted.line) && serial.sku == wanted.sku) {
                p.muted { (r.t(Msg::PackingSerial)) " " code { (serial.serial) } }
            }
        }
        div.order-line-sum { strong.num { (packed) " / " (wanted.count) } (mark) }
    }
}

fn closing(desk: &Desk, table: &PackingDesk, open: &PackedParcel) -> Markup {
    let r = &desk.reader;
    let missing = table.missing();
    html! {
        (photo(desk, table, open))
        form.form method="post" action=(href(desk, table, "close")) {
            (desk.hidden())
            (Field::new("weight_grams", r.t(Msg::SellerWeight)).takes(Input::Number { min: Some(1), max: Some(1_000_000) })
                .with_value(open.goods_grams.to_string()).with_hint(r.t(Msg::SellerWeightHint)).required().draw(r.words))
            @if missing > 0 {
                (Field::new("split", r.with(Msg::PackingSplit, &[("count", missing.into())])).takes(Input::Tick)
                    .with_hint(r.t(Msg::PackingSplitHint)).draw(r.words))
            }
            div.acts { (submit(Look::Primary, &r.t(Msg::PackingCloseDo))) }
        }
        (emptying(desk, table, open))
    }
}

fn emptying(desk: &Desk, table: &PackingDesk, packed: &PackedParcel) -> Markup {
    let id = packed.parcel.id.to_string();
    act(
        Look::Quiet,
        &href(desk, table, "empty"),
        &desk.csrf,
        &[("parcel", &id)],
        &desk.reader.t(Msg::PackingEmpty),
    )
}

fn photo(desk: &Desk, table: &PackingDesk, packed: &PackedParcel) -> Markup {
    let r = &desk.reader;
    let kept = packed.packing.as_ref().and_then(|row| row.photo);
    html! {
        @if let Some(photo) = kept {
            img src=(format!("/pictures/{}/{photo}", desk.shop.id)) alt=(r.t(Msg::PackingPhoto)) width="240" height="180";
        }
        form.form method="post" action=(href(desk, table, "photo")) enctype="multipart/form-data" {
            (desk.hidden())
            input type="hidden" name="parcel" value=(packed.parcel.id);
            (Field::new("photo", r.t(Msg::PackingPhoto)).takes(Input::File { accept: "image/jpeg,image/png,image/webp".to_owned() })
                .with_hint(r.t(Msg::PackingPhotoHint)).required().draw(r.words))
            div.acts { (submit(Look::Plain, &r.t(Msg::PackingPhotoKeep))) }
        }
    }
}

fn side(desk: &Desk, table: &PackingDesk) -> Markup {
    let r = &desk.reader;
    let closed: Vec<&PackedParcel> =
        table.parcels.iter().filter(|packed| packed.parcel.state != ParcelState::Open).collect();
    let papers = format!("orders={}", table.order.id);
    html! {
        (section(&r.t(Msg::PackingPapers), html! {
            p { a href=(desk.href(&format!("/packing/slips.pdf?{papers}&language=en"))) { (r.t(Msg::PackingSlip)) " · " (r.t(Msg::LanguageEn)) } }
            p { a href=(desk.href(&format!("/packing/slips.pdf?{papers}&language=zh"))) { (r.t(Msg::PackingSlip)) " · " (r.t(Msg::LanguageZh)) } }
        }))
        @if !closed.is_empty() {
            (section(&r.t(Msg::PackingParcels), html! { @for packed in closed { (one_parcel(desk, table, packed)) } }))
        }
        @if !table.neighbours.is_empty() { (section(&r.t(Msg::PackingCombine), combining(desk, table))) }
    }
}

fn one_parcel(desk: &Desk, table: &PackingDesk, packed: &PackedParcel) -> Markup {
    let (r, parcel) = (&desk.reader, &packed.parcel);
    let pieces: i64 = packed.items.iter().map(|item| item.count).sum();
    let id = parcel.id.to_string();
    html! {
        div.parcel {
            p { (parcel_badge(r.words, parcel.state.code())) " " span.num { (r.with(Msg::SellerWhyPacked, &[("grams", parcel.weight_grams.into())])) } }
            p.muted { (r.with(Msg::PackingPieces, &[("count", pieces.into())])) }
            @if !parcel.tracking_number.is_empty() {
                p { (copyable(r.words, &parcel.tracking_number)) }
                p { a href=(desk.href(&format!("/packing/labels.pdf?orders={}", table.order.id))) { (r.t(Msg::PackingLabel)) } }
            }
            @if !packed.with.is_empty() {
                p { (r.t(Msg::PackingTogether)) }
                ul.pick-list { @for order in &packed.with { li { a.num href=(desk.href(&format!("/packing/{order}"))) { (order) } } } }
                @if parcel.state == ParcelState::Packed {
                    (act(Look::Quiet, &href(desk, table, "part"), &desk.csrf, &[], &r.t(Msg::PackingPart)))
                }
            }
            @if parcel.state == ParcelState::Packed && desk.may(Permission::ShipOrders) {
                (act(Look::Plain, &href(desk, table, "label"), &desk.csrf, &[("parcel", &id)], &r.t(Msg::PackingBuyLabel)))
                (emptying(desk, table, packed))
            }
            @if parcel.state.ready() {
                (link_button(Look::Primary, &desk.href(&format!("/orders/{}", table.order.id)), &r.t(Msg::SellerActShip)))
            }
        }
    }
}

/// Other orders to the same door: chosen and packed, they travel together.
fn combining(desk: &Desk, table: &PackingDesk) -> Markup {
    let r = &desk.reader;
    html! {
        form.form method="post" action=(href(desk, table, "combine")) {
            (desk.hidden())
            p.muted { (r.t(Msg::PackingCombineHint)) }
            ul.pick-list { @for order in &table.neighbours {
                li { label { input type="checkbox" name="chosen" value=(order); " " span.num { (order) } } }
            } }
            div.acts { (submit(Look::Plain, &r.t(Msg::PackingCombineDo))) }
        }
    }
}

/// What the act is told of the form.
pub(super) fn parcel_of(typed: &Typed) -> Result<rules::ids::ParcelId, Failure> {
    typed.get("parcel").parse().map_err(|_| Failure::NotFound)
}
