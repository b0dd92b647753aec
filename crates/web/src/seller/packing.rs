//! The packing table's door: scan an order; and the shop's settings of packing.

use actions::packing::{
    PlaceOfSku, packing_mode, pick_list, receive_serials, set_packing_mode, set_place,
};
use actions::{Failure, Market};
use axum::extract::{Form, Path, State};
use maud::{Markup, html};
use rules::ids::{OrderId, SkuId};
use rules::people::Permission;
use rules::shipping::packing::PackingMode;

use super::desk::{Desk, Page, Typed};
use super::stock_sku;
use crate::ui::detail::section;
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{CardChoice, Field, Input, Look, card_choices, link_button, submit};
use crate::ui::list::page_title;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

/// Orders named on the door. The list of orders shows them all.
const NEXT: i64 = 20;

pub(super) async fn page(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::PackOrders).await?;
    shown(&market, desk, None).await
}

async fn shown(market: &Market, desk: Desk, failure: Option<Failure>) -> Page {
    let read = async {
        let mode = packing_mode(market, desk.shop.id).await?;
        let (orders, _) = pick_list(market, desk.shop.id, Vec::new(), NEXT).await?;
        Ok((mode, orders))
    };
    let (mode, orders) = read.await.map_err(|failure| desk.refused(failure))?;
    let r = &desk.reader;
    let title = r.t(Msg::PackingTitle).into_owned();
    let paper = |path: &str, msg| link_button(Look::Plain, &desk.href(path), &r.t(msg));
    let acts = [
        paper("/packing/pick", Msg::PackingPickList),
        paper("/packing/slips.pdf", Msg::PackingAllSlips),
    ];
    let body = html! {
        (page_title(&title, &super::packing_words::how(r, mode), &acts))
        @if let Some(failure) = &failure { (flash(&Flash::bad(desk.in_words(failure)))) }
        (section(&r.t(Msg::PackingScanOrder), scan_form(&desk, &desk.href("/packing"), &r.t(Msg::PackingScanOrderHint))))
        (section(&r.t(Msg::PackingNext), next(&desk, &orders)))
    };
    Ok(desk.page(title, Place::SellerOrders, body))
}

/// One field which has the focus, so that a scanner can type into it at once; it sends itself with Enter.
pub(super) fn scan_form(desk: &Desk, action: &str, hint: &str) -> Markup {
    let r = &desk.reader;
    html! {
        form.form.scan-form method="post" action=(action) {
            (desk.hidden())
            label for="scan" { (r.t(Msg::PackingScan)) }
            p.hint #scan-hint { (hint) }
            input #scan type="text" name="scan" autofocus required autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="90" aria-describedby="scan-hint";
            div.acts { (submit(Look::Primary, &r.t(Msg::PackingScanDo))) }
        }
    }
}

fn next(desk: &Desk, orders: &[OrderId]) -> Markup {
    let r = &desk.reader;
    if orders.is_empty() {
        return html! { p.muted { (r.t(Msg::PackingNothing)) } };
    }
    html! {
        ul.pick-list { @for order in orders {
            li { a.num href=(desk.href(&format!("/packing/{order}"))) { (order) } }
        } }
    }
}

/// A slip's number leads to its order.
pub(super) async fn find(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::PackOrders).await?;
    let text = typed.get("scan").trim().to_owned();
    let found = async {
        let order: OrderId = text.parse().map_err(|_| Failure::NotFound)?;
        actions::packing::to_the_table(&market, desk.shop.id, order).await.map(|_| order)
    };
    match found.await {
        Ok(order) => Ok(desk.see(&format!("/packing/{order}"), Msg::SaidPackingOrder)),
        Err(failure) => shown(&market, desk, Some(failure)).await,
    }
}

pub(super) fn mode_form(desk: &Desk, mode: PackingMode) -> Markup {
    let r = &desk.reader;
    if !desk.may(Permission::EditShop) {
        return html! { p { (super::packing_words::how(r, mode)) } };
    }
    let choice = |mode: PackingMode, title, note| CardChoice {
        value: mode.code().to_owned(),
        title: r.t(title).into_owned(),
        note: r.t(note).into_owned(),
        ..CardChoice::default()
    };
    let choices = [
        choice(PackingMode::Scan, Msg::PackingModeScan, Msg::PackingModeScanNote),
        choice(PackingMode::List, Msg::PackingModeList, Msg::PackingModeListNote),
    ];
    html! {
        form.form method="post" action=(desk.href("/settings/packing")) {
            (desk.hidden())
            (card_choices(&r.t(Msg::PackingSetting), "mode", mode.code(), &choices))
            div.acts { (submit(Look::Plain, &r.t(Msg::SellerSave))) }
        }
    }
}

pub(super) async fn set_mode(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::EditShop).await?;
    let mode = PackingMode::parse(typed.get("mode"));
    let done = async {
        let says = "scan or list";
        let mode = mode.ok_or_else(|| Failure::invalid("mode", "unknown_mode", says))?;
        set_packing_mode(&market, desk.shop.id, mode).await
    };
    match done.await {
        Ok(()) => Ok(desk.see("/settings", Msg::SaidPackingSaved)),
        Err(failure) => Err(desk.refused(failure)),
    }
}

/// Where a SKU lies, and its serial numbers.
pub(super) fn place_forms(desk: &Desk, place: &PlaceOfSku, failure: Option<&Failure>) -> Markup {
    let (r, good) = (&desk.reader, &place.good);
    if !desk.may(Permission::EditStock) {
        return html! { p { (good.shelf) } };
    }
    let ticked = if good.serials { "on" } else { "" };
    html! {
        form.form method="post" action=(desk.href(&format!("/stock/{}/place", good.sku))) {
            (desk.hidden())
            (Field::new("shelf", r.t(Msg::PackingShelf)).with_value(good.shelf.as_str())
                .with_hint(r.t(Msg::PackingShelfHint)).with_error(desk.field_error(failure, "shelf")).draw(r.words))
            (Field::new("serials", r.t(Msg::PackingSerialsWanted)).takes(Input::Tick).with_value(ticked)
                .with_hint(r.t(Msg::PackingSerialsWantedHint)).draw(r.words))
            div.acts { (submit(Look::Plain, &r.t(Msg::SellerSave))) }
        }
        details {
            summary { (r.t(Msg::PackingSerialsIn)) }
            form.form method="post" action=(desk.href(&format!("/stock/{}/serials", good.sku))) {
                (desk.hidden())
                (Field::new("serial_numbers", r.t(Msg::PackingSerials)).takes(Input::Long { rows: 4 })
                    .with_hint(r.t(Msg::PackingSerialsHint)).with_error(desk.field_error(failure, "serial_numbers")).draw(r.words))
                div.acts { (submit(Look::Plain, &r.t(Msg::PackingSerialsIn))) }
            }
        }
        @if !place.serials.is_empty() {
            ul.pick-list { @for serial in &place.serials {
                li { code { (serial.serial) } " "
                    @match serial.order {
                        Some(order) => { a.num href=(desk.href(&format!("/orders/{order}"))) { (order) } }
                        None => { span.muted { (r.t(Msg::PackingSerialHere)) } }
                    } }
            } }
        }
    }
}

pub(super) async fn set_place_of(
    State(market): State<Market>,
    Path((shop, sku)): Path<(String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::EditStock).await?;
    let done = async {
        let id: SkuId = sku.parse().map_err(|_| Failure::NotFound)?;
        let (shelf, serials) = (typed.get("shelf").to_owned(), typed.get("serials") == "on");
        set_place(&market, desk.shop.id, id, shelf, serials).await
    };
    match done.await {
        Ok(()) => Ok(desk.see(&format!("/stock/{sku}"), Msg::SaidPackingSaved)),
        Err(failure) => stock_sku::shown(&market, &desk, &sku, &typed, Some(&failure)).await,
    }
}

pub(super) async fn take_serials(
    State(market): State<Market>,
    Path((shop, sku)): Path<(String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::EditStock).await?;
    let done = async {
        let id: SkuId = sku.parse().map_err(|_| Failure::NotFound)?;
        receive_serials(&market, desk.shop.id, id, typed.get("serial_numbers")).await
    };
    match done.await {
        Ok(_) => Ok(desk.see(&format!("/stock/{sku}"), Msg::SaidPackingSerials)),
        Err(failure) => stock_sku::shown(&market, &desk, &sku, &typed, Some(&failure)).await,
    }
}
