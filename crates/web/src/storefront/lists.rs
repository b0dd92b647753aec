//! Lists of products: everything new, a category, what a search found, a shop. Paged by key, filtered by address.

use actions::Failure;
use actions::catalog::{self as shelf, CardPage};
use axum::extract::{Path, Query};
use axum::response::Response;
use futures_util::FutureExt as _;
use maud::{Markup, html};
use rules::catalog::categories::{Categories, Category};
use rules::ids::ShopId;
use rules::money::Money;
use serde::Deserialize;

use crate::illustrations;
use crate::storefront::shopper::{Page, Shopper};
use crate::storefront::{cards, pictures};
use crate::ui::forms::{Field, Input};
use crate::ui::icons::Icon;
use crate::ui::list::{Empty, Filter, empty_state, filter_form, page_title};
use crate::ui::nav::Place;
use crate::words::Msg;

/// What stands in a list's address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    q: String,
    category: String,
    /// As typed: "12.50".
    least: String,
    most: String,
    /// The cursor of the page before.
    after: String,
}

/// A page is filled from at most so many pages of the list, so that a narrow price filter cannot read it to its end.
const MOST_READS: usize = 8;
const ENOUGH: usize = 24;

/// Prices in minor units of the market's currency.
#[derive(Clone, Copy)]
struct PriceRange {
    least: i64,
    most: i64,
}

impl Wanted {
    fn cursor(&self) -> Option<String> {
        (!self.after.is_empty()).then(|| self.after.clone())
    }

    /// What cannot be read as a price does not filter; the field still shows it.
    fn prices(&self, shopper: &Shopper) -> PriceRange {
        let minor = |text: &str, otherwise: i64| {
            let typed = Money::parse(text.trim(), shopper.place.currency);
            typed.map_or(otherwise, |money| money.minor)
        };
        PriceRange { least: minor(&self.least, 0), most: minor(&self.most, i64::MAX) }
    }

    fn keep(&self) -> [(&str, &str); 4] {
        [("q", &self.q), ("category", &self.category), ("least", &self.least), ("most", &self.most)]
    }

    fn filtered(&self) -> bool {
        !(self.category.is_empty() && self.least.is_empty() && self.most.is_empty())
    }
}

/// Which list.
enum List {
    Newest,
    Category(String),
    Search { query: String, category: Option<String> },
}

impl List {
    async fn page(&self, shopper: &Shopper, cursor: Option<String>) -> Result<CardPage, Failure> {
        let (market, place, cursor) = (&shopper.market, shopper.place.code, cursor.as_deref());
        // Boxed: of the three together the compiler cannot tell that they may move between threads.
        let page = match self {
            List::Newest => shelf::newest_page(market, place, cursor).boxed(),
            List::Category(code) => shelf::category_page(market, place, code, cursor).boxed(),
            List::Search { query, category } => {
                shelf::search_page(market, place, query, category.as_deref(), cursor).boxed()
            }
        };
        page.await
    }
}

/// Reads pages until one of ours is full of products within the prices.
async fn filled(shopper: &Shopper, list: &List, wanted: &Wanted) -> Page<CardPage> {
    let prices = wanted.prices(shopper);
    let inside = |minor: i64| (prices.least..=prices.most).contains(&minor);
    let mut filled = CardPage { cards: Vec::new(), next: wanted.cursor() };
    for _ in 0..MOST_READS {
        let page = list.page(shopper, filled.next.take()).await;
        let page = page.map_err(|failure| shopper.problem(failure))?;
        let cards = page.cards.into_iter();
        filled.cards.extend(cards.filter(|listed| inside(listed.card.price_from_minor)));
        filled.next = page.next;
        if filled.next.is_none() || filled.cards.len() >= ENOUGH {
            break;
        }
    }
    Ok(filled)
}

pub(super) async fn newest(shopper: Shopper, Query(wanted): Query<Wanted>) -> Page {
    let page = filled(&shopper, &List::Newest, &wanted).await?;
    let title = shopper.t(Msg::HomeNewest);
    let body = html! { (page_title(&title, "", &[])) (filter(&shopper, "/new", &wanted, false)) (found(&shopper, &page, "/new", &wanted)) };
    Ok(shopper.page(&title, Place::StoreHome, body))
}

pub(super) async fn category(
    shopper: Shopper,
    Path(code): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Page {
    let not_found = || shopper.problem(Failure::NotFound);
    let category = Categories::shipped().get(&code).ok_or_else(not_found)?;
    let page = filled(&shopper, &List::Category(code.clone()), &wanted).await?;
    let path = format!("/categories/{code}");
    let title = category.name(shopper.reader.words.language().code());
    let body = html! {
        (page_title(title, "", &[]))
        (within(&shopper, category))
        (filter(&shopper, &path, &wanted, false))
        (found(&shopper, &page, &path, &wanted))
    };
    Ok(shopper.page(title, Place::StoreHome, body))
}

/// The categories inside this one and the one above it, as a row of links.
fn within(shopper: &Shopper, category: &Category) -> Markup {
    let language = shopper.reader.words.language().code();
    let categories = Categories::shipped();
    let above = category.parent.as_deref().and_then(|parent| categories.get(parent));
    let inner: Vec<&Category> = categories.within(&category.code).collect();
    html! {
        @if above.is_some() || !inner.is_empty() {
            nav.category-row aria-label=(shopper.reader.t(Msg::HomeCategories)) {
                @if let Some(above) = above { a href={ "/categories/" (above.code) } { "‹ " (above.name(language)) } }
                @for one in inner {
                    a href={ "/categories/" (one.code) } {
                        img src=(illustrations::category_address(&one.code)) alt="" width="32" height="32";
                        (one.name(language))
                    }
                }
            }
        }
    }
}

pub(super) async fn search(shopper: Shopper, Query(wanted): Query<Wanted>) -> Page {
    let query = wanted.q.trim();
    let category = (!wanted.category.is_empty()).then(|| wanted.category.clone());
    let list = List::Search { query: query.to_owned(), category };
    let page = filled(&shopper, &list, &wanted).await?;
    let r = &shopper.reader;
    let title = if query.is_empty() {
        shopper.t(Msg::SearchTitle)
    } else {
        r.with(Msg::SearchTitleFor, &[("query", query.into())])
    };
    let body = html! {
        (page_title(&title, "", &[]))
        (filter(&shopper, "/search", &wanted, true))
        (found(&shopper, &page, "/search", &wanted))
    };
    Ok(search_answer(&shopper, &title, query, body))
}

fn search_answer(shopper: &Shopper, title: &str, query: &str, body: Markup) -> Response {
    use axum::response::IntoResponse;
    let mut head = shopper.head(title, Place::StoreHome);
    query.clone_into(&mut head.search);
    crate::ui::layout::storefront_page(&head, body).into_response()
}

fn filter(shopper: &Shopper, path: &str, wanted: &Wanted, by_category: bool) -> Markup {
    let r = &shopper.reader;
    let currency = shopper.place.currency.code().to_owned();
    let mut fields = Vec::new();
    if by_category {
        let language = r.words.language().code();
        let mut choices = vec![(String::new(), shopper.t(Msg::SearchAllCategories))];
        choices.extend(Categories::shipped().iter().map(|category| {
            let indent = if category.parent.is_some() { "– " } else { "" };
            (category.code.clone(), format!("{indent}{}", category.name(language)))
        }));
        let field = Field::new("category", r.t(Msg::SearchCategory)).takes(Input::Choice(choices));
        fields.push(field.with_value(&wanted.category));
    }
    for (name, label, value) in
        [("least", Msg::SearchLeast, &wanted.least), ("most", Msg::SearchMost, &wanted.most)]
    {
        let input = Input::Money { currency: currency.clone() };
        fields.push(
            Field::new(name, r.t(label)).takes(input).with_value(value).placeholder(r.t(label)),
        );
    }
    let keep = if wanted.q.is_empty() { vec![] } else { vec![("q".to_owned(), wanted.q.clone())] };
    let clear = wanted.filtered().then(|| match wanted.q.as_str() {
        "" => path.to_owned(),
        q => format!(
            "{path}?q={}",
            form_urlencoded::byte_serialize(q.as_bytes()).collect::<String>()
        ),
    });
    filter_form(r.words, &Filter { action: path.to_owned(), keep, fields, clear })
}

fn found(shopper: &Shopper, page: &CardPage, path: &str, wanted: &Wanted) -> Markup {
    let r = &shopper.reader;
    html! {
        @if page.cards.is_empty() {
            (empty_state(&nothing(shopper, wanted)))
        } @else {
            (cards::grid(r, &page.cards))
        }
        (cards::more(r, page, path, &wanted.keep()))
    }
}

fn nothing(shopper: &Shopper, wanted: &Wanted) -> Empty {
    let text = if wanted.q.is_empty() { Msg::ListNothingText } else { Msg::SearchNothingText };
    Empty {
        icon: Some(Icon::Search),
        title: shopper.t(Msg::SearchNothing),
        text: shopper.t(text),
        next: Some(("/new".to_owned(), shopper.t(Msg::HomeLookAround))),
    }
}

pub(super) async fn shop(
    shopper: Shopper,
    Path(shop): Path<ShopId>,
    Query(wanted): Query<Wanted>,
) -> Page {
    let cursor = wanted.cursor();
    let found = shelf::shop_page(&shopper.market, shop, cursor.as_deref()).await;
    let found = found.map_err(|failure| shopper.problem(failure))?;
    let r = &shopper.reader;
    let path = format!("/shops/{shop}");
    let about = cards::title(r, &found.shop.about_en, &found.shop.about_zh);
    let since = r.with(Msg::ShopSince, &[("day", r.day(found.shop.created_at).into())]);
    let body = html! {
        header.shop-head {
            img src=(pictures::logo(&found.shop)) alt="" width="96" height="96";
            div { h1 { (found.shop.name) } @if !about.is_empty() { p.lead { (about) } } p.muted { (since) } }
        }
        (crate::storefront::product_page::running(&shopper, &found.promotions))
        @if found.page.cards.is_empty() {
            (empty_state(&nothing(&shopper, &wanted)))
        } @else { (cards::grid(r, &found.page.cards)) }
        (cards::more(r, &found.page, &path, &[]))
    };
    Ok(shopper.page(&found.shop.name, Place::StoreHome, body))
}
