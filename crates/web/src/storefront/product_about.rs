//! The lower half of a product's page: what its seller says of it, and plain facts.

use maud::{Markup, html};
use rules::catalog::categories::Categories;
use rules::catalog::listing::Listing;

use crate::goods_words;
use crate::storefront::shopper::Shopper;
use crate::words::Msg;

/// What the seller says of it, and plain facts.
pub(super) fn about(shopper: &Shopper, listing: &Listing, weight_grams: i64) -> Markup {
    let r = &shopper.reader;
    let language = r.words.language().code();
    let text = listing.description.shown(language);
    let category = Categories::shipped().get(&listing.category);
    html! {
        section.about {
            div.prose {
                h2 { (r.t(Msg::ProductAbout)) }
                @for part in text.split("\n\n").map(str::trim).filter(|part| !part.is_empty()) { p { (part) } }
                @if text.trim().is_empty() { p.muted { (r.t(Msg::ProductNoText)) } }
            }
            dl.facts {
                @if let Some(category) = category { div { dt { (r.t(Msg::FactCategory)) } dd { (category.name(language)) } } }
                @if !listing.origin.is_empty() { div { dt { (r.t(Msg::FactOrigin)) } dd { (goods_words::country(r.words, &listing.origin)) } } }
                @if weight_grams > 0 { div { dt { (r.t(Msg::FactWeight)) } dd.num { (weight(weight_grams)) } } }
                @if !listing.hs_code.is_empty() { div { dt { (r.t(Msg::FactHsCode)) } dd.num { (listing.hs_code) } } }
            }
        }
    }
}

fn weight(grams: i64) -> String {
    if grams < 1_000 {
        format!("{grams} g")
    } else {
        format!("{}.{} kg", grams / 1_000, grams % 1_000 / 100)
    }
}
