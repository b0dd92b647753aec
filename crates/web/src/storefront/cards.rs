//! Products as cards, for every list of the storefront.

use actions::catalog::{CardPage, ListedCard};
use maud::{Markup, html};
use rules::money::{Currency, Money};

use crate::format::Reader;
use crate::storefront::pictures;
use crate::ui::forms::{Look, link_button};
use crate::ui::shop_window::{ProductCard, product_grid};
use crate::words::{Language, Msg};

/// A title in the reader's language, or in the other one.
pub fn title<'a>(reader: &Reader, en: &'a str, zh: &'a str) -> &'a str {
    let chinese = reader.words.language() == Language::Zh;
    match (chinese, en.is_empty(), zh.is_empty()) {
        (true, _, false) | (false, true, _) => zh,
        (true, _, true) | (false, false, _) => en,
    }
}

pub fn product_path(shop: rules::ids::ShopId, product: rules::ids::ProductId) -> String {
    format!("/shops/{shop}/products/{product}")
}

/// A price as its row has it; a currency which is none shows as it is written, never as another amount.
pub fn price(minor: i64, currency: &str) -> Option<Money> {
    Currency::parse(currency).ok().map(|currency| Money::new(minor, currency))
}

/// The grid. A product whose currency cannot be read is left out: a wrong price is worse than none.
pub fn grid(reader: &Reader, cards: &[ListedCard]) -> Markup {
    let shown: Vec<ProductCard> = cards.iter().filter_map(|card| one(reader, card)).collect();
    product_grid(reader, &shown)
}

fn one(reader: &Reader, listed: &ListedCard) -> Option<ProductCard> {
    let card = &listed.card;
    Some(ProductCard {
        href: product_path(card.shop, card.id),
        picture: pictures::address(card.shop, card.id, &card.picture),
        title: title(reader, &card.title_en, &card.title_zh).to_owned(),
        shop: listed.shop_name.clone(),
        price: price(card.price_from_minor, &card.currency)?,
        was: listed.was_minor.and_then(|minor| price(minor, &card.currency)),
        stars: None,
        promise: String::new(),
        sold_out: false,
        colours: Vec::new(),
    })
}

/// "More", when the list goes on.
pub fn more(reader: &Reader, page: &CardPage, path: &str, keep: &[(&str, &str)]) -> Markup {
    html! {
        @if let Some(next) = &page.next {
            nav.below aria-label=(reader.t(Msg::ListPages)) {
                (link_button(Look::Plain, &with_query(path, keep, next), &reader.t(Msg::StoreMore)))
            }
        }
    }
}

fn with_query(path: &str, keep: &[(&str, &str)], next: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in keep.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    query.append_pair("after", next);
    format!("{path}?{}", query.finish())
}
