//! The versions of a product's page: what buyers saw who ordered then.

use actions::Market;
use actions::catalog::{list_versions, listing_version};
use actions::shop_desk::names;
use axum::extract::{Path, State};
use maud::{Markup, html};
use rules::catalog::listing::{ListedSku, Listing};
use rules::ids::ProductId;
use rules::people::Permission;
use store::catalog::ListingVersion;

use super::desk::{Desk, Page};
use super::products::category_name;
use super::{notes, things};
use crate::format::count;
use crate::goods_words;
use crate::storefront::pictures;
use crate::ui::countdown::moment;
use crate::ui::detail::{DetailHead, detail_page, facts, section};
use crate::ui::icons::{Icon, icon};
use crate::ui::list::{Column, Row, page_title, table};
use crate::ui::money_table::amount;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

pub(super) async fn list(
    State(market): State<Market>,
    Path((shop, product)): Path<(String, String)>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let read = async {
        let id: ProductId = product.parse().map_err(|_| actions::Failure::NotFound)?;
        let versions = list_versions(&market, desk.shop.id, id).await?;
        let people = versions.iter().map(|(version, _)| version.created_by).collect();
        Ok((versions, names(&market, people).await?))
    };
    let (versions, names) = read.await.map_err(|failure| desk.refused(failure))?;
    let r = &desk.reader;
    let title = r.t(Msg::SellerVersions).into_owned();
    let columns = [
        Column::new(r.t(Msg::SellerColumnVersion)).leading(),
        Column::new(r.t(Msg::SellerColumnTitle)),
        Column::new(r.t(Msg::SellerColumnWhen)),
        Column::new(r.t(Msg::SellerColumnWho)),
    ];
    let rows: Vec<Row> = versions
        .iter()
        .map(|(version, listing)| {
            let href = desk.href(&format!("/products/{product}/versions/{}", version.number));
            let who = names.get(&version.created_by);
            Row {
                cells: vec![
                    html! { a.num href=(href) { (version.number) } },
                    html! { (listing.title.shown(r.words.language().code())) },
                    moment(r, version.created_at),
                    html! { @match who { Some(name) => (name), None => (r.t(Msg::SellerActorHouse)) } },
                ],
                ..Row::default()
            }
        })
        .collect();
    let body = html! {
        a.back href=(desk.href(&format!("/products/{product}"))) { (icon(Icon::Arrow)) (r.t(Msg::SellerBackToProduct)) }
        (page_title(&title, &r.t(Msg::SellerVersionsHelp), &[]))
        (table(r.words, &columns, &rows, false))
    };
    Ok(desk.page(title, Place::SellerProducts, body))
}

pub(super) async fn page(
    State(market): State<Market>,
    Path((shop, product, number)): Path<(String, String, i64)>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let read = async {
        let id: ProductId = product.parse().map_err(|_| actions::Failure::NotFound)?;
        let (version, listing) = listing_version(&market, desk.shop.id, id, number).await?;
        Ok((id, version, listing))
    };
    let (id, version, listing) = read.await.map_err(|failure| desk.refused(failure))?;
    let r = &desk.reader;
    let title = listing.title.shown(r.words.language().code()).to_owned();
    let head = DetailHead {
        back: Some((
            desk.href(&format!("/products/{product}/versions")),
            r.t(Msg::SellerVersions).into_owned(),
        )),
        title: title.clone(),
        under: vec![
            html! { (r.with(Msg::SellerListingVersion, &[("number", version.number.into())])) },
            moment(r, version.created_at),
        ],
        ..DetailHead::default()
    };
    let body = detail_page(&head, main(&desk, id, &listing), side(&desk, &version, &listing));
    Ok(desk.page(title, Place::SellerProducts, body))
}

fn main(desk: &Desk, product: ProductId, listing: &Listing) -> Markup {
    let r = &desk.reader;
    let language = r.words.language().code();
    let columns = [
        Column::new(r.t(Msg::SellerSkuCode)).leading(),
        Column::new(r.t(Msg::SellerColumnOptions)),
        Column::new(r.t(Msg::SellerColumnPrice)).numeric(),
        Column::new(r.t(Msg::SellerSkuWeight)).numeric(),
    ];
    let rows: Vec<Row> = listing.skus.iter().map(|sku| sku_row(desk, listing, sku)).collect();
    html! {
        ul.picture-list {
            @for listed in &listing.pictures {
                li { img src=(pictures::address(desk.shop.id, product, &listed.picture.to_string())) alt=(listed.alt.shown(language)) width="120" height="120"; }
            }
        }
        (section(&r.t(Msg::SellerDescription), html! {
            @for paragraph in listing.description.shown(language).split("\n\n").filter(|text| !text.is_empty()) { p { (paragraph) } }
        }))
        (section(&r.t(Msg::SellerSkusSection), table(r.words, &columns, &rows, false)))
    }
}

fn sku_row(desk: &Desk, listing: &Listing, sku: &ListedSku) -> Row {
    let r = &desk.reader;
    let money = |minor| desk.money_in(minor, listing.currency);
    Row {
        cells: vec![
            html! { code { (sku.code) } },
            html! { (goods_words::values(r.words, sku.values.iter().map(String::as_str))) },
            html! {
                (amount(r, money(sku.price_minor)))
                @if let Some(before) = sku.compare_at_minor { " " del.muted { (amount(r, money(before))) } }
            },
            html! { (count(sku.weight_grams)) },
        ],
        ..Row::default()
    }
}

fn side(desk: &Desk, version: &ListingVersion, listing: &Listing) -> Markup {
    let r = &desk.reader;
    let cares: Vec<String> = listing
        .nature
        .cares()
        .into_iter()
        .map(|care| notes::by_code(r, "seller-care", care.code()))
        .collect();
    let dash = |text: &str| if text.is_empty() { "—".to_owned() } else { text.to_owned() };
    let titles = things::title(r, &listing.title.en, &listing.title.zh).to_owned();
    section(
        &r.t(Msg::SellerFacts),
        facts(&[
            (&r.t(Msg::SellerColumnTitle), html! { (titles) }),
            (&r.t(Msg::SellerColumnCategory), html! { (category_name(desk, &listing.category)) }),
            (&r.t(Msg::SellerNatureSection), html! { (dash(&cares.join(", "))) }),
            (&r.t(Msg::SellerHsCode), html! { (dash(&listing.hs_code)) }),
            (&r.t(Msg::SellerOrigin), html! { (dash(&listing.origin)) }),
            (&r.t(Msg::SellerColumnVersion), html! { span.num { (version.number) } }),
        ]),
    )
}
