//! Stock: what lies in the warehouse, what is promised to orders, what can still be sold.

use actions::Market;
use actions::shop_desk::{self, LOW_STOCK};
use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use rules::people::Permission;
use serde::Deserialize;
use store::lists::shelf::StockRow;

use super::desk::{Desk, Page, escaped};
use super::products::product_tabs;
use super::things;
use crate::format::count;
use crate::goods_words;
use crate::ui::badges::{Tone, badge};
use crate::ui::forms::{Field, Input};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, Filter, ListPage, Row, Tab, list_page, tabs};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

const PAGE: i64 = 100;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub view: String,
    pub q: String,
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
        csv: Some(address(now).replacen("/stock?", "/stock.csv?", 1)),
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
    let values = goods_words::chosen_values(r.words, &row.options);
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
