//! Stock: what lies in the warehouse, what is promised to orders, what can still be sold; counts and deliveries.

use actions::Failure;
use actions::Market;
use actions::catalog::{ReceiveBatch, receive_batch_once, set_stock};
use actions::shop_desk::{self, LOW_STOCK};
use axum::extract::{Form, Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use rules::ids::SkuId;
use rules::people::Permission;
use serde::Deserialize;
use store::lists::shelf::StockRow;
use store::stock::Batch;

use super::desk::{Desk, Page, Typed, escaped};
use super::products::product_tabs;
use super::things;
use crate::format::count;
use crate::ui::badges::{Tone, badge};
use crate::ui::countdown::moment;
use crate::ui::detail::{DetailHead, detail_page, facts, section};
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{Field, Input, Look, submit};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, Filter, ListPage, Row, Tab, list_page, table, tabs};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

const PAGE: i64 = 100;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    view: String,
    q: String,
    before: Option<i64>,
}

pub(super) async fn list(
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<Asked>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let below = (asked.view == "low").then_some(LOW_STOCK);
    let text = asked.q.trim().to_owned();
    let before = asked.before.unwrap_or(i64::MAX);
    let read = shop_desk::stock_page(&market, desk.shop.id, text, below, before, PAGE).await;
    let (rows, more) = read.map_err(|failure| desk.refused(failure))?;
    let title = desk.reader.t(Msg::SellerStock).into_owned();
    Ok(desk.page(title, Place::SellerProducts, view(&desk, &asked, &rows, more)))
}

fn view(desk: &Desk, asked: &Asked, rows: &[StockRow], more: bool) -> Markup {
    let r = &desk.reader;
    let low = asked.view == "low";
    let address =
        |view: &str| desk.href(&format!("/stock?view={view}&q={}", escaped(asked.q.trim())));
    let tab = |view: &str, name: Msg, current: bool| Tab {
        label: r.t(name).into_owned(),
        href: address(view),
        count: None,
        current,
    };
    let now = if low { "low" } else { "all" };
    let last = rows.last().filter(|_| more);
    let list = ListPage {
        title: r.t(Msg::SellerStock).into_owned(),
        lead: r.t(Msg::SellerStockLead).into_owned(),
        tabs: vec![
            tab("all", Msg::SellerViewAll, !low),
            tab("low", Msg::SellerTileRunningOut, low),
        ],
        filter: Some(Filter {
            action: desk.href("/stock"),
            keep: vec![("view".to_owned(), now.to_owned())],
            fields: vec![
                Field::new("q", r.t(Msg::SellerStockSearch))
                    .takes(Input::Search)
                    .with_value(asked.q.as_str())
                    .placeholder(r.t(Msg::SellerStockSearch)),
            ],
            clear: (!asked.q.is_empty()).then(|| desk.href(&format!("/stock?view={now}"))),
        }),
        columns: vec![
            Column::new(r.t(Msg::SellerColumnProduct)).leading(),
            Column::new(r.t(Msg::SellerSkuCode)),
            Column::new(r.t(Msg::SellerStockOnHand)).numeric(),
            Column::new(r.t(Msg::SellerStockReserved)).numeric(),
            Column::new(r.t(Msg::SellerColumnLeft)).numeric(),
        ],
        rows: rows.iter().map(|row| stock_row(desk, row)).collect(),
        first: asked.before.map(|_| address(now)),
        next: last.map(|last| format!("{}&before={}", address(now), last.sku)),
        empty: Empty {
            icon: Some(Icon::Layers),
            title: r.t(Msg::SellerStockNone).into_owned(),
            text: r.t(Msg::SellerStockNoneText).into_owned(),
            next: Some((desk.href("/products"), r.t(Msg::NavProducts).into_owned())),
        },
        ..ListPage::default()
    };
    html! { (tabs(r.words, &product_tabs(desk, "/stock"))) (list_page(r.words, &list)) }
}

fn stock_row(desk: &Desk, row: &StockRow) -> Row {
    let r = &desk.reader;
    let left = row.on_hand - row.reserved;
    let values = things::values(&row.options);
    Row {
        cells: vec![
            html! {
                div.with-picture {
                    (things::thumb(desk.shop.id, row.product, &row.picture))
                    span {
                        a href=(desk.href(&format!("/stock/{}", row.sku))) { (things::title(r, &row.title_en, &row.title_zh)) }
                        @if !values.is_empty() { div.muted { (values) } }
                    }
                }
            },
            html! { code { (row.code) } },
            html! { (count(row.on_hand)) },
            html! { (count(row.reserved)) },
            html! { @if left < LOW_STOCK { (badge(Tone::Soon, Icon::Warning, &count(left))) } @else { (count(left)) } },
        ],
        ..Row::default()
    }
}

pub(super) async fn page(
    State(market): State<Market>,
    Path((shop, sku)): Path<(String, String)>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    shown(&market, &desk, &sku, &Typed::default(), None).await
}

async fn shown(
    market: &Market,
    desk: &Desk,
    sku: &str,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Page {
    let read = async {
        let id: SkuId = sku.parse().map_err(|_| Failure::NotFound)?;
        shop_desk::sku_stock(market, desk.shop.id, id).await
    };
    let (row, batches) = read.await.map_err(|failure| desk.refused(failure))?;
    Ok(drawn(desk, &row, &batches, typed, failure))
}

fn drawn(
    desk: &Desk,
    row: &StockRow,
    batches: &[Batch],
    typed: &Typed,
    failure: Option<&Failure>,
) -> Response {
    let r = &desk.reader;
    let title = things::title(r, &row.title_en, &row.title_zh).to_owned();
    let head = DetailHead {
        back: Some((desk.href("/stock"), r.t(Msg::SellerStock).into_owned())),
        title: title.clone(),
        under: vec![html! { code { (row.code) } }, html! { (things::values(&row.options)) }],
        ..DetailHead::default()
    };
    let main = html! {
        @if let Some(failure) = failure { (flash(&Flash::bad(desk.in_words(failure)))) }
        @if desk.may(Permission::EditStock) {
            (section(&r.t(Msg::SellerStockReceive), receive_form(desk, row, typed, failure)))
            (section(&r.t(Msg::SellerStockCount), count_form(desk, row, typed, failure)))
        }
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
