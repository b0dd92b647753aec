//! The shop's products: listed and unlisted, with stock and price.

use actions::Market;
use actions::catalog::set_listed;
use actions::shop_desk::{self, LOW_STOCK, ShelfPage};
use axum::extract::{Form, Path, Query, State};
use maud::{Markup, html};
use rules::catalog::categories::Categories;
use rules::people::Permission;
use serde::Deserialize;
use store::catalog::{LISTED, UNLISTED};
use store::lists::shelf::{ShelfProduct, ShelfSearch};

use super::desk::{Desk, Page, Typed, escaped};
use super::things;
use crate::format::count;
use crate::ui::badges::{Tone, badge};
use crate::ui::forms::{Field, Input, Look, link_button};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, Filter, ListPage, Row, Tab, list_page};
use crate::ui::money_table::amount;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

/// Products on one page.
const PAGE: i64 = 50;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    view: String,
    pub q: String,
    before: Option<i64>,
}

impl Asked {
    pub(super) fn state(&self) -> &'static str {
        if self.view == UNLISTED { UNLISTED } else { LISTED }
    }

    fn address(&self, desk: &Desk, state: &str) -> String {
        let mut address = desk.href(&format!("/products?view={state}"));
        if !self.q.trim().is_empty() {
            address.push_str(&format!("&q={}", escaped(self.q.trim())));
        }
        address
    }
}

/// The pages which belong to the products, as links under their titles.
pub(super) fn product_tabs(desk: &Desk, current: &str) -> Vec<Tab> {
    let pages = [
        ("/products", Msg::NavProducts, Permission::ViewOrders),
        ("/stock", Msg::SellerStock, Permission::EditStock),
        ("/promotions", Msg::SellerPromotions, Permission::EditProducts),
        ("/import", Msg::SellerImport, Permission::ImportProducts),
    ];
    let open = pages.into_iter().filter(|(_, _, permission)| desk.may(*permission));
    open.map(|(path, name, _)| Tab {
        label: desk.reader.t(name).into_owned(),
        href: desk.href(path),
        count: None,
        current: path == current,
    })
    .collect()
}

pub(super) async fn page(
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<Asked>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let wanted = ShelfSearch {
        state: asked.state().to_owned(),
        text: asked.q.trim().to_owned(),
        before: asked.before.unwrap_or(i64::MAX),
        limit: PAGE,
    };
    let read = shop_desk::shelf_page(&market, desk.shop.id, wanted).await;
    let shelf = read.map_err(|failure| desk.refused(failure))?;
    let title = desk.reader.t(Msg::NavProducts).into_owned();
    Ok(desk.page(title, Place::SellerProducts, view(&desk, &asked, &shelf)))
}

fn view(desk: &Desk, asked: &Asked, shelf: &ShelfPage) -> Markup {
    let r = &desk.reader;
    let tab = |state: &str, name: Msg, count: i64| Tab {
        label: r.t(name).into_owned(),
        href: asked.address(desk, state),
        count: Some(count),
        current: asked.state() == state,
    };
    let last = shelf.products.last().filter(|_| shelf.more);
    let list = ListPage {
        title: r.t(Msg::NavProducts).into_owned(),
        acts: acts(desk),
        tabs: vec![
            tab(LISTED, Msg::SellerListed, shelf.listed),
            tab(UNLISTED, Msg::SellerUnlisted, shelf.unlisted),
        ],
        filter: Some(Filter {
            action: desk.href("/products"),
            keep: vec![("view".to_owned(), asked.state().to_owned())],
            fields: vec![
                Field::new("q", r.t(Msg::SellerProductsSearch))
                    .takes(Input::Search)
                    .with_value(asked.q.as_str())
                    .placeholder(r.t(Msg::SellerProductsSearch)),
            ],
            clear: (!asked.q.is_empty())
                .then(|| desk.href(&format!("/products?view={}", asked.state()))),
        }),
        columns: vec![
            Column::new(r.t(Msg::SellerColumnProduct)).leading(),
            Column::new(r.t(Msg::SellerColumnState)),
            Column::new(r.t(Msg::SellerColumnCategory)),
            Column::new(r.t(Msg::SellerColumnPriceFrom)).numeric(),
            Column::new(r.t(Msg::SellerColumnLeft)).numeric(),
            Column::new(r.t(Msg::SellerColumnSold)).numeric(),
        ],
        rows: shelf.products.iter().map(|product| row(desk, product)).collect(),
        first: asked.before.map(|_| asked.address(desk, asked.state())),
        next: last.map(|last| format!("{}&before={}", asked.address(desk, asked.state()), last.id)),
        csv: Some(asked.address(desk, asked.state()).replacen("/products?", "/products.csv?", 1)),
        empty: empty(desk, asked),
        ..ListPage::default()
    };
    html! { (crate::ui::list::tabs(r.words, &product_tabs(desk, "/products"))) (list_page(r.words, &list)) }
}

fn acts(desk: &Desk) -> Vec<Markup> {
    let r = &desk.reader;
    if !desk.may(Permission::EditProducts) {
        return Vec::new();
    }
    vec![link_button(Look::Primary, &desk.href("/products/new"), &r.t(Msg::SellerNewProduct))]
}

fn empty(desk: &Desk, asked: &Asked) -> Empty {
    let r = &desk.reader;
    let (title, text) = if asked.q.is_empty() {
        (Msg::SellerProductsNone, Msg::SellerProductsNoneText)
    } else {
        (Msg::SellerProductsNotFound, Msg::SellerProductsNotFoundText)
    };
    let makes = desk.may(Permission::EditProducts);
    Empty {
        icon: Some(Icon::Tag),
        title: r.t(title).into_owned(),
        text: r.t(text).into_owned(),
        next: makes.then(|| (desk.href("/products/new"), r.t(Msg::SellerNewProduct).into_owned())),
    }
}

fn row(desk: &Desk, product: &ShelfProduct) -> Row {
    let r = &desk.reader;
    let title = things::title(r, &product.title_en, &product.title_zh);
    let category = category_name(desk, &product.category);
    let few = product.left < LOW_STOCK;
    Row {
        key: String::new(),
        cells: vec![
            html! {
                div.with-picture {
                    (things::thumb(desk.shop.id, product.id, &product.picture))
                    span {
                        a href=(desk.href(&format!("/products/{}", product.id))) { (title) }
                        div.muted { (r.with(Msg::SellerSkuCount, &[("count", product.sku_count.into())])) }
                    }
                }
            },
            state_badge(desk, &product.state),
            html! { (category) },
            amount(r, desk.money(product.price_from_minor)),
            html! {
                @if few && product.state == LISTED { (badge(Tone::Soon, Icon::Warning, &count(product.left))) }
                @else { (count(product.left)) }
            },
            html! { (count(product.sold_count)) },
        ],
        overdue: false,
    }
}

pub(super) fn category_name(desk: &Desk, code: &str) -> String {
    let language = desk.reader.words.language().code();
    Categories::shipped().get(code).map_or(code, |category| category.name(language)).to_owned()
}

pub(super) fn state_badge(desk: &Desk, state: &str) -> Markup {
    let r = &desk.reader;
    if state == LISTED {
        badge(Tone::Good, Icon::Eye, &r.t(Msg::SellerListed))
    } else {
        badge(Tone::Quiet, Icon::Pause, &r.t(Msg::SellerUnlisted))
    }
}

/// Puts a product on the shop's shelf, or takes it off.
pub(super) async fn listed(
    State(market): State<Market>,
    Path((shop, product)): Path<(String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::EditProducts).await?;
    let (on, expected) = (typed.get("listed") == "on", typed.get("version").parse().ok());
    let done = async {
        let id = product.parse().map_err(|_| actions::Failure::NotFound)?;
        set_listed(&market, desk.actor(), desk.shop.id, id, expected, on).await
    };
    done.await.map_err(|failure| desk.refused(failure))?;
    let said = if on { Msg::SaidSellerListed } else { Msg::SaidSellerUnlisted };
    Ok(desk.see(&format!("/products/{product}"), said))
}
