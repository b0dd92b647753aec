//! A buyer's own pages: search with filters, my orders as cards, quantities, addresses, reviews.

use maud::{Markup, html};
use rules::money::Money;

use crate::format::{self, Reader};
use crate::ui::forms::{Look, csrf_field};
use crate::ui::icons::{Icon, icon};
use crate::ui::shop_window::stars;
use crate::words::Msg;

/// One value by which results can be narrowed, as a link: works without scripts and can be shared.
#[derive(Clone, Debug)]
pub struct Facet {
    pub label: String,
    pub href: String,
    pub count: Option<i64>,
    pub chosen: bool,
}

/// Results with the ways to narrow them at the side; on a phone those are
/// folded, as they are in a browser too old to be told to show them.
pub fn search_page(reader: &Reader, facets: &[(String, Vec<Facet>)], results: Markup) -> Markup {
    html! {
        div.search {
            details.facets {
                summary { (icon(Icon::Filter)) (reader.t(Msg::ListFilter)) }
                @for (name, values) in facets {
                    div.facet-group {
                        h3 { (name) }
                        ul {
                            @for value in values {
                                li { a href=(value.href) aria-current=[value.chosen.then_some("true")] {
                                    span.facet-tick { @if value.chosen { (icon(Icon::Check)) } }
                                    span { (value.label) }
                                    @if let Some(count) = value.count { span.muted.num { (format::count(count)) } }
                                } }
                            }
                        }
                    }
                }
            }
            div.results { (results) }
        }
    }
}

/// One of a buyer's orders.
#[derive(Clone, Debug)]
pub struct OrderCard {
    pub href: String,
    /// "Your order from Hearth & Loom".
    pub title: String,
    /// State badge, countdown.
    pub state: Vec<Markup>,
    /// "Placed 20 Nov 2026 · 3 things".
    pub about: String,
    /// Addresses of pictures; at most four are shown.
    pub pictures: Vec<String>,
    pub total: Money,
    /// The next thing to do, if there is one.
    pub act: Option<Markup>,
}

/// A buyer's orders, newest first.
pub fn order_cards(reader: &Reader, cards: &[OrderCard]) -> Markup {
    html! {
        ul.order-cards {
            @for card in cards {
                li.panel {
                    div.order-card-head {
                        div { h2 { a href=(card.href) { (card.title) } } p.muted { (card.about) } }
                        p.acts { @for state in &card.state { (state) } }
                    }
                    div.order-card-body {
                        p.acts { @for picture in card.pictures.iter().take(4) { img src=(picture) alt="" width="64" height="64" loading="lazy"; } }
                        strong.num { (reader.money(card.total)) }
                        @if let Some(act) = &card.act { (act) }
                    }
                }
            }
        }
    }
}

/// A form that changes a quantity: it sends itself when changed, and has a button where there are no scripts.
pub fn quantity(reader: &Reader, action: &str, csrf: &str, now: i64, most: i64) -> Markup {
    html! {
        form.quantity method="post" action=(action) {
            (csrf_field(csrf))
            label {
                span.unseen { (reader.t(Msg::StoreQuantity)) }
                select name="quantity" data-sends {
                    @for number in 1..=most.max(now).clamp(1, 99) { option value=(number) selected[number == now] { (number) } }
                }
            }
            noscript { button class=(Look::Quiet.class()) type="submit" { (reader.t(Msg::StoreUpdate)) } }
        }
    }
}

/// An address as lines.
pub fn address(lines: &[String]) -> Markup {
    html! { address { @for line in lines { @if !line.is_empty() { (line) br; } } } }
}

/// A review: stars for the whole (hundredths), marks by name (1 to 5), words, pictures, the shop's reply.
#[derive(Clone, Debug)]
pub struct ReviewCard {
    /// "Ada O." or the anonymous form.
    pub who: String,
    pub hundredths: i64,
    /// ("Quality", 5), ("Looks", 3), ("Use", 4).
    pub marks: Vec<(String, i64)>,
    /// "3 weeks ago · Sage, M".
    pub about: String,
    pub text: String,
    pub pictures: Vec<String>,
    /// The shop's public reply; may be empty.
    pub reply: String,
}

/// Reviews one under the other.
pub fn reviews(reader: &Reader, reviews: &[ReviewCard]) -> Markup {
    html! {
        ul.reviews {
            @for review in reviews {
                li {
                    p { strong { (review.who) } " " (stars(reader, review.hundredths, 0)) }
                    p.muted { (review.about) }
                    @if !review.marks.is_empty() {
                        p.marks.muted { @for (name, mark) in &review.marks { span { (name) " " span.num { (mark) "/5" } } } }
                    }
                    @if !review.text.is_empty() { p { (review.text) } }
                    @if !review.pictures.is_empty() {
                        p.acts { @for picture in &review.pictures { img src=(picture) alt="" width="88" height="88" loading="lazy"; } }
                    }
                    @if !review.reply.is_empty() { blockquote { strong { (reader.t(Msg::StoreReply)) } p { (review.reply) } } }
                }
            }
        }
    }
}
