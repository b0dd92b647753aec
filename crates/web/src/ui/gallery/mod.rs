//! Every component with sample data, in both languages: what a test renders and what people look at.
//!
//! `cargo run -p web --example gallery` writes these pages to disk. No route serves them.

mod operator;
mod parts;
mod seller;
mod store;

use std::collections::BTreeMap;

use maud::{Markup, html};
use rules::money::{Currency, Money};
use rules::time::{Span, Timestamp};

use crate::assets;
use crate::format::Reader;
use crate::illustrations::{self, Colour, Kind, Shot};
use crate::ui::layout::{PageHead, Theme};
use crate::ui::nav::Place;
use crate::words::{Language, Msg};

/// Draws one sample page for a reader.
type Draw = fn(&Reader) -> Markup;

/// Every page by its file name.
const PAGES: [(&str, Draw); 20] = [
    ("store-home", store::home),
    ("store-product", store::product),
    ("store-basket", store::basket),
    ("store-checkout", store::checkout),
    ("store-order", store::order),
    ("store-search", store::search),
    ("store-orders", store::orders),
    ("store-reviews", store::review_page),
    ("seller-home", seller::home),
    ("seller-orders", seller::orders),
    ("seller-order", seller::order),
    ("seller-empty", seller::empty),
    ("seller-confirm", seller::confirm_page),
    ("seller-money", seller::money),
    ("operator-home", operator::home),
    ("operator-ledger", operator::ledger),
    ("operator-problem", operator::problem),
    ("sign-in", parts::sign_in),
    ("parts", parts::parts),
    ("pictures", parts::pictures),
];

/// The sample pages: (file name without ending, HTML).
pub fn gallery(language: Language) -> Vec<(&'static str, String)> {
    let reader = reader(language);
    PAGES.iter().map(|(name, draw)| (*name, draw(&reader).into_string())).collect()
}

/// All that is needed to look at the gallery from a folder: (address, text).
pub fn files() -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut links = Vec::new();
    for language in Language::ALL {
        for (name, page) in gallery(language) {
            for picture in page.split("/pictures/drawn/").skip(1) {
                let file = picture.split('"').next().unwrap_or_default();
                if let Some(drawn) = illustrations::by_name(file) {
                    files.insert(format!("/pictures/drawn/{file}"), drawn);
                }
            }
            links.push(format!("/{}/{name}.html", language.code()));
            files.insert(format!("/{}/{name}.html", language.code()), page);
        }
    }
    for (address, text) in assets::all() {
        files.insert(address, text.to_owned());
    }
    let index = html! { ul { @for link in links { li { a href=(link) { (link) } } } } };
    files.insert("/index.html".to_owned(), index.into_string());
    files
}

fn reader(language: Language) -> Reader {
    Reader::new(language, "Europe/London", Timestamp::from_ms(1_795_336_200_000))
}

fn head(r: &Reader, title: Msg, place: Place) -> PageHead {
    let seller = matches!(place, Place::SellerHome | Place::SellerOrders);
    PageHead {
        person: Some(r.t(Msg::SampleClerk).into_owned()),
        acting_for: if seller { r.t(Msg::SampleShop).into_owned() } else { String::new() },
        counts: vec![
            (Place::SellerOrders, 18),
            (Place::SellerHome, 3),
            (Place::StoreBasket, 3),
            (Place::OperatorSystem, 2),
        ],
        csrf: "sample".to_owned(),
        theme: Theme::System,
        sandbox: true,
        ..PageHead::new(r.clone(), r.t(title), place)
    }
}

/// British pounds in pence.
fn pounds(minor: i64) -> Money {
    Money::new(minor, Currency::parse("GBP").expect("ISO 4217 knows the pound"))
}

fn after(r: &Reader, hours: i64) -> Timestamp {
    r.now + Span::from_hours(hours)
}

fn drawn(kind: Kind, colour: Colour) -> String {
    illustrations::address(kind, colour, Shot::Front, 7)
}

fn said(r: &Reader, msg: Msg) -> String {
    r.t(msg).into_owned()
}

#[cfg(test)]
#[path = "../gallery_tests.rs"]
mod tests;
