//! One SKU's stock: count it, take in a delivery, see the deliveries.

use actions::catalog::{self, ReceiveBatch, receive_batch_once, set_stock, sides_of};
use actions::packing::PlaceOfSku;
use actions::shop_desk;
use actions::{Failure, Market};
use axum::extract::{Form, Path, State};
use axum::response::Response;
use maud::{Markup, html};
use rules::ids::SkuId;
use rules::people::Permission;
use store::lists::shelf::StockRow;
use store::stock::Batch;

use super::desk::{Desk, Page, Typed};
use super::{stock_sides, things};
use crate::format::count;
use crate::goods_words;
use crate::ui::countdown::moment;
use crate::ui::detail::{DetailHead, detail_page, facts, section};
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{Field, Input, Look, submit};
use crate::ui::list::{Column, Row, table};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

pub(super) async fn page(
    State(market): State<Market>,
    Path((shop, sku)): Path<(String, String)>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    shown(&market, &desk, &sku, &Typed::default(), None).await
}

pub(super) async fn shown(
    market: &Market,
    desk: &Desk,
    sku: &str,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Page {
    let read = async {
        let id: SkuId = sku.parse().map_err(|_| Failure::NotFound)?;
        let (row, batches) = shop_desk::sku_stock(market, desk.shop.id, id).await?;
        Ok::<_, Failure>((row, batches, sides_of(market, desk.shop.id, id).await?))
    };
    let (row, batches, sides) = read.await.map_err(|failure| desk.refused(failure))?;
    let place = actions::packing::place_of_sku(market, desk.shop.id, row.sku).await;
    let place = place.map_err(|failure| desk.refused(failure))?;
    Ok(drawn(desk, (&row, sides), &batches, &place, (typed, failure)))
}

fn drawn(
    desk: &Desk,
    (row, sides_mm): (&StockRow, [i64; 3]),
    batches: &[Batch],
    place: &PlaceOfSku,
    (typed, failure): (&Typed, Option<&Failure>),
) -> Response {
    let r = &desk.reader;
    let title = things::title(r, &row.title_en, &row.title_zh).to_owned();
    let head = DetailHead {
        back: Some((desk.href("/stock"), r.t(Msg::SellerStock).into_owned())),
        title: title.clone(),
        under: vec![
            html! { code { (row.code) } },
            html! { (goods_words::chosen_values(r.words, &row.options)) },
        ],
        ..DetailHead::default()
    };
    let main = html! {
        @if let Some(failure) = failure {
            @match too_few(failure) {
                Some((reserved, counted)) => (count_short_form(desk, row, &reserved, &counted)),
                None => (flash(&Flash::bad(desk.in_words(failure)))),
            }
        }
        @if desk.may(Permission::EditStock) {
            (section(&r.t(Msg::SellerStockReceive), receive_form(desk, row, typed, failure)))
            (section(&r.t(Msg::SellerStockCount), count_form(desk, row, typed, failure)))
            (section(&r.t(Msg::SellerSides), stock_sides::form(desk, row.sku, sides_mm, typed, failure)))
        }
        (section(&r.t(Msg::PackingPlace), super::packing::place_forms(desk, place, failure)))
        (section(&r.t(Msg::SellerStockBatches), batch_table(desk, batches)))
    };
    let side = section(
        &r.t(Msg::SellerFacts),
        facts(&[
            (&r.t(Msg::SellerStockOnHand), html! { span.num { (count(row.on_hand)) } }),
            (&r.t(Msg::SellerStockReserved), html! { span.num { (count(row.reserved)) } }),
            (
                &r.t(Msg::SellerColumnLeft),
                html! { strong.num { (count(row.on_hand - row.reserved)) } },
            ),
            (
                &r.t(Msg::SellerColumnProduct),
                html! { a href=(desk.href(&format!("/products/{}", row.product))) { (title) } },
            ),
        ]),
    );
    desk.page(title.clone(), Place::SellerProducts, detail_page(&head, main, side))
}

fn count_form(desk: &Desk, row: &StockRow, typed: &Typed, failure: Option<&Failure>) -> Markup {
    let r = &desk.reader;
    let typed = typed.get("on_hand");
    let value = if typed.is_empty() { row.on_hand.to_string() } else { typed.to_owned() };
    html! {
        form.form method="post" action=(desk.href(&format!("/stock/{}/count", row.sku))) {
            (desk.hidden())
            (Field::new("on_hand", r.t(Msg::SellerStockCounted)).takes(Input::Number { min: Some(0), max: None })
                .with_value(value).with_hint(r.t(Msg::SellerStockCountedHint))
                .with_error(desk.field_error(failure, "count").filter(|_| !typed.is_empty())).required().draw(r.words))
            div.acts { (submit(Look::Plain, &r.t(Msg::SellerStockSetCount))) }
        }
    }
}

/// How many are promised and how many were counted, when a count was refused for that.
fn too_few(failure: &Failure) -> Option<(String, String)> {
    let Failure::Refused(refusal) = failure else { return None };
    let fact = |name: &str| {
        let found = refusal.facts.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.clone())
    };
    (refusal.code == "below_reserved").then(|| fact("reserved").zip(fact("count"))).flatten()
}

/// A count below what is promised is not lost: the difference is reported, and the newest orders are short.
fn count_short_form(desk: &Desk, row: &StockRow, reserved: &str, counted: &str) -> Markup {
    let r = &desk.reader;
    let facts = [("reserved", reserved.into()), ("count", counted.into())];
    let form = html! {
        p { (r.with(Msg::CareCountShortText, &facts)) }
        form.form method="post" action=(desk.href(&format!("/stock/{}/short", row.sku))) {
            (desk.hidden())
            input type="hidden" name="on_hand" value=(counted);
            div.acts { (submit(Look::Primary, &r.t(Msg::CareCountShortYes))) }
        }
    };
    html! { div.next-act role="alert" { (section(&r.t(Msg::CareCountShortTitle), form)) } }
}

fn receive_form(desk: &Desk, row: &StockRow, typed: &Typed, failure: Option<&Failure>) -> Markup {
    let r = &desk.reader;
    let field = |name: &str, label: Msg, input: Input| {
        Field::new(name, r.t(label))
            .takes(input)
            .with_value(typed.get(name))
            .with_error(desk.field_error(failure, name).filter(|_| typed.get("on_hand").is_empty()))
            .required()
    };
    html! {
        form.form method="post" action=(desk.href(&format!("/stock/{}/receive", row.sku))) {
            (desk.hidden())
            div.form-row {
                (field("count", Msg::SellerBatchCount, Input::Number { min: Some(1), max: None }).draw(r.words))
                (field("code", Msg::SellerBatchCode, Input::Text).with_hint(r.t(Msg::SellerBatchCodeHint)).draw(r.words))
                (field("supplier", Msg::SellerBatchSupplier, Input::Text).draw(r.words))
            }
            div.acts { (submit(Look::Primary, &r.t(Msg::SellerStockReceiveDo))) }
        }
    }
}

fn batch_table(desk: &Desk, batches: &[Batch]) -> Markup {
    let r = &desk.reader;
    if batches.is_empty() {
        return html! { p.muted { (r.t(Msg::SellerNoBatches)) } };
    }
    let columns = [
        Column::new(r.t(Msg::SellerBatchCode)).leading(),
        Column::new(r.t(Msg::SellerBatchSupplier)),
        Column::new(r.t(Msg::SellerColumnWhen)),
        Column::new(r.t(Msg::SellerBatchReceived)).numeric(),
        Column::new(r.t(Msg::SellerBatchRemaining)).numeric(),
    ];
    let rows: Vec<Row> = batches
        .iter()
        .map(|batch| Row {
            cells: vec![
                html! { code { (batch.code) } },
                html! { (batch.supplier) },
                moment(r, batch.received_at),
                html! { (count(batch.received_count)) },
                html! { (count(batch.remaining_count)) },
            ],
            ..Row::default()
        })
        .collect();
    table(r.words, &columns, &rows, false)
}

pub(super) async fn set_count(
    State(market): State<Market>,
    Path((shop, sku)): Path<(String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::EditStock).await?;
    let done = async {
        let id: SkuId = sku.parse().map_err(|_| Failure::NotFound)?;
        let wrong = || Failure::invalid("count", "out_of_range", "a whole number from 0");
        let number = typed.get("on_hand").trim().parse().map_err(|_| wrong())?;
        set_stock(&market, desk.actor(), desk.shop.id, id, number).await
    };
    match done.await {
        Ok(_) => Ok(desk.see(&format!("/stock/{sku}"), Msg::SaidSellerStockCounted)),
        Err(failure) => shown(&market, &desk, &sku, &typed, Some(&failure)).await,
    }
}

pub(super) async fn count_short(
    State(market): State<Market>,
    Path((shop, sku)): Path<(String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::EditStock).await?;
    let done = async {
        let id: SkuId = sku.parse().map_err(|_| Failure::NotFound)?;
        let wrong = || Failure::invalid("count", "out_of_range", "a whole number from 0");
        let number = typed.get("on_hand").trim().parse().map_err(|_| wrong())?;
        let request = desk.request_key(&typed, &format!("short {sku}"));
        catalog::count_short(&market, desk.actor(), desk.shop.id, id, number, request).await
    };
    match done.await {
        Ok(_) => Ok(desk.see(&format!("/stock/{sku}"), Msg::SaidCareCountedShort)),
        Err(failure) => shown(&market, &desk, &sku, &typed, Some(&failure)).await,
    }
}

pub(super) async fn receive(
    State(market): State<Market>,
    Path((shop, sku)): Path<(String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::EditStock).await?;
    let done = async {
        let id: SkuId = sku.parse().map_err(|_| Failure::NotFound)?;
        let ask = ReceiveBatch {
            sku: id,
            code: typed.get("code").trim().to_owned(),
            supplier: typed.get("supplier").trim().to_owned(),
            count: typed.get("count").trim().parse().unwrap_or(0),
        };
        let request = desk.request_key(&typed, &format!("receive {sku}"));
        receive_batch_once(&market, desk.actor(), desk.shop.id, ask, request).await.map(drop)
    };
    match done.await {
        Ok(()) => Ok(desk.see(&format!("/stock/{sku}"), Msg::SaidSellerBatchReceived)),
        Err(failure) => shown(&market, &desk, &sku, &typed, Some(&failure)).await,
    }
}
