//! What only the storefront has: product cards, pictures, option choosers, stars, promises, sums.

use maud::{Markup, html};
use rules::money::Money;

use crate::format::{self, Reader};
use crate::illustrations::Colour;
use crate::ui::icons::{Icon, icon};
use crate::ui::money_table::{MoneyLine, money_table};
use crate::words::Msg;

/// A product as a card in a grid.
#[derive(Clone, Debug)]
pub struct ProductCard {
    pub href: String,
    pub picture: String,
    pub title: String,
    pub shop: String,
    pub price: Money,
    /// The price before a discount, struck through.
    pub was: Option<Money>,
    /// Mean stars in hundredths (463 is 4.63) and how many reviews; none yet is `None`.
    pub stars: Option<(i64, i64)>,
    /// "Arrives 25–27 Nov"; may be empty.
    pub promise: String,
    pub sold_out: bool,
    /// The colours it comes in, as dots.
    pub colours: Vec<Colour>,
}

/// Cards in a grid, two a row on a phone.
pub fn product_grid(reader: &Reader, cards: &[ProductCard]) -> Markup {
    html! { ul.product-grid { @for card in cards { li { (product_card(reader, card)) } } } }
}

fn product_card(reader: &Reader, card: &ProductCard) -> Markup {
    html! {
        a class={ "product-card" @if card.sold_out { " sold-out" } } href=(card.href) {
            span.product-picture {
                img src=(card.picture) alt="" width="400" height="400" loading="lazy";
                @if card.sold_out { span.sold-out-mark { (reader.t(Msg::StoreSoldOut)) } }
            }
            span.product-title { (card.title) }
            span.product-price {
                strong.num { (reader.money(card.price)) }
                @if let Some(was) = card.was { s.num { (reader.money(was)) } }
                @if !card.colours.is_empty() { (dots(&card.colours)) }
            }
            @if let Some((hundredths, count)) = card.stars { (stars(reader, hundredths, count)) }
            span.product-shop { (card.shop) @if !card.promise.is_empty() { " · " (card.promise) } }
        }
    }
}

/// A star, the mean (hundredths: 463 is 4.6) and, unless 0, the number of reviews.
pub fn stars(reader: &Reader, hundredths: i64, count: i64) -> Markup {
    let mean = format!("{}.{}", hundredths / 100, hundredths % 100 / 10);
    html! {
        span.stars {
            svg.star viewBox="0 0 20 20" width="16" height="16" aria-hidden="true" focusable="false" {
                path fill="currentColor" d="M10 2.2l2.4 5 5.5.7-4 3.8 1 5.5-4.9-2.7-4.9 2.7 1-5.5-4-3.8 5.5-.7z" {}
            }
            span.num { (mean) }
            @if count > 0 { span.muted.num { (reader.with(Msg::StoreReviewCount, &[("count", count.into())])) } }
        }
    }
}

/// The pictures of a product: the chosen one large, the others as links below (`?shot=2` keeps it without scripts).
/// `pictures` are (address, what it shows, where a click leads).
pub fn picture_strip(pictures: &[(String, String, String)], chosen: usize) -> Markup {
    html! {
        div.pictures {
            @if let Some((address, said, _)) = pictures.get(chosen) {
                img.picture-large src=(address) alt=(said) width="800" height="800" data-picture-large;
            }
            ul {
                @for (place, (address, said, href)) in pictures.iter().enumerate() {
                    li { a href=(href) aria-current=[(place == chosen).then_some("true")] data-picture=(address) {
                        img src=(address) alt=(said) width="96" height="96";
                    } }
                }
            }
        }
    }
}

/// One value of an option: "Sage" of colour, "M" of size.
#[derive(Clone, Debug, Default)]
pub struct OptionValue {
    pub label: String,
    /// Where choosing it leads: the same page with that variant.
    pub href: String,
    pub chosen: bool,
    pub sold_out: bool,
    /// Drawn as a dot before the label.
    pub colour: Option<Colour>,
}

/// A row of option values as links, so that choosing works without scripts and can be shared.
pub fn option_row(reader: &Reader, name: &str, values: &[OptionValue]) -> Markup {
    let chosen = values.iter().find(|value| value.chosen);
    html! {
        div.option-row role="group" aria-label=(name) {
            p { (name) @if let Some(value) = chosen { strong { (value.label) } } }
            ul {
                @for value in values {
                    li { a class={ "option" @if value.sold_out { " sold-out" } } href=(value.href) aria-current=[value.chosen.then_some("true")] {
                        @if let Some(colour) = value.colour { (dots(&[colour])) }
                        span { (value.label) }
                        @if value.sold_out { span.unseen { (reader.t(Msg::StoreSoldOut)) } }
                    } }
                }
            }
        }
    }
}

/// Promises under the buy button: when it arrives, who pays the return, who keeps the money safe.
pub fn promises(lines: &[(Icon, String, String)]) -> Markup {
    html! {
        ul.promises { @for (picture, what, about) in lines { li { (icon(*picture)) div { strong { (what) } p { (about) } } } } }
    }
}

/// A line of the basket, an order or a packing slip: picture, title, options, quantity, sum.
#[derive(Clone, Debug)]
pub struct BoughtLine {
    pub picture: String,
    pub title: String,
    pub href: String,
    /// "Sage · M".
    pub options: String,
    pub quantity: i64,
    pub sum: Money,
    /// Under the line: promise, warning.
    pub note: Option<Markup>,
    /// Change the quantity, remove: forms at the end of the line.
    pub acts: Option<Markup>,
}

/// Lines one under the other.
pub fn bought_lines(reader: &Reader, lines: &[BoughtLine]) -> Markup {
    html! {
        ul.bought-lines {
            @for line in lines {
                li {
                    img src=(line.picture) alt="" width="72" height="72" loading="lazy";
                    div.bought-text {
                        a href=(line.href) { (line.title) }
                        @if !line.options.is_empty() { p.muted { (line.options) } }
                        @if let Some(note) = &line.note { (note) }
                        @if let Some(acts) = &line.acts { div.bought-acts { (acts) } }
                    }
                    div.bought-sum {
                        strong.num { (reader.money(line.sum)) }
                        span.muted.num { "× " (format::count(line.quantity)) }
                    }
                }
            }
        }
    }
}

/// The sum box of basket and checkout: itemised lines, total, and the button under them.
pub fn sum_box(reader: &Reader, title: &str, lines: &[MoneyLine], below: Markup) -> Markup {
    html! { aside.sum-box { h2 { (title) } (money_table(reader, "", lines)) (below) } }
}

/// Steps of a checkout or a wizard; the current one is marked.
pub fn steps(names: &[String], current: usize) -> Markup {
    html! {
        ol.steps {
            @for (place, name) in names.iter().enumerate() {
                li class={ @if place < current { "done" } @else if place == current { "now" } } aria-current=[(place == current).then_some("step")] {
                    span.step-number.num { @if place < current { (icon(Icon::Check)) } @else { (place + 1) } }
                    span { (name) }
                }
            }
        }
    }
}

/// A category as a tile: its drawn picture and its name.
pub fn category_tiles(tiles: &[(String, String, String)]) -> Markup {
    html! {
        ul.category-tiles {
            @for (href, picture, name) in tiles {
                li { a href=(href) { img src=(picture) alt="" width="120" height="120" loading="lazy"; span { (name) } } }
            }
        }
    }
}

/// A banner: a headline, a sentence, one button, and a picture at the right.
pub fn banner(title: &str, text: &str, next: (&str, &str), picture: &str) -> Markup {
    html! {
        section.banner {
            div { h1 { (title) } p { (text) } a.button.primary.large href=(next.0) { (next.1) } }
            img src=(picture) alt="" width="640" height="360";
        }
    }
}

/// A shop's name with its drawn logo and, under it, what is said of it (score, since when).
pub fn shop_line(href: &str, logo: &str, name: &str, about: &str) -> Markup {
    html! {
        a.shop-line href=(href) {
            img src=(logo) alt="" width="40" height="40";
            span { strong { (name) } @if !about.is_empty() { small { (about) } } }
        }
    }
}

fn dots(colours: &[Colour]) -> Markup {
    html! {
        span.dots aria-hidden="true" {
            @for colour in colours.iter().take(5) {
                svg viewBox="0 0 12 12" width="12" height="12" { circle cx="6" cy="6" r="5.5" fill=(colour.fill()) {} }
            }
        }
    }
}
