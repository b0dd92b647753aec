//! The first page: which market, what there is, who sells.

use actions::catalog::{self as shelf, ListedCard};
use axum::response::Response;
use maud::{Markup, html};
use rules::catalog::categories::Categories;
use rules::policy::MarketPolicy;
use store::shops::{OPEN, Shop};
use store::{Tx, shops};

use crate::illustrations::{self, Colour, Kind};
use crate::storefront::shopper::{Page, Shopper};
use crate::storefront::{cards, pictures};
use crate::ui::icons::{Icon, icon};
use crate::ui::nav::Place;
use crate::ui::shop_window::{banner, category_tiles, shop_line};
use crate::words::{Language, Msg};

/// Cards in each section of the home page: two whole rows on a wide screen, five on a phone.
const IN_A_SECTION: usize = 10;

pub(super) async fn show(shopper: Shopper) -> Page {
    let fail = |failure| shopper.problem(failure);
    let newest =
        shelf::newest_page(&shopper.market, shopper.place.code, None).await.map_err(fail)?;
    let shops = shops_of(&shopper).await?;
    // Of the newest products, those which sell: a whole market is never sorted for a page.
    let mut popular: Vec<ListedCard> =
        newest.cards.iter().filter(|listed| listed.card.sold_count > 0).cloned().collect();
    popular.sort_by_key(|listed| std::cmp::Reverse(listed.card.sold_count));
    popular.truncate(IN_A_SECTION);
    let fresh = &newest.cards[..newest.cards.len().min(IN_A_SECTION * 2)];
    let r = &shopper.reader;
    let body = html! {
        (market_picker(&shopper))
        (welcome(&shopper))
        section.store-section { div.section-head { h2 { (r.t(Msg::HomeCategories)) } } (categories(&shopper)) }
        @if newest.cards.is_empty() { p.lead { (r.t(Msg::HomeNothingYet)) } }
        @if popular.len() >= 4 {
            section.store-section { div.section-head { h2 { (r.t(Msg::HomePopular)) } } (cards::grid(r, &popular)) }
        }
        @if !fresh.is_empty() {
            section.store-section {
                div.section-head { h2 { (r.t(Msg::HomeNewest)) } a href="/new" { (r.t(Msg::HomeSeeAll)) } }
                (cards::grid(r, fresh))
            }
        }
        @if !shops.is_empty() {
            section.store-section { div.section-head { h2 { (r.t(Msg::HomeShops)) } } (shop_list(&shopper, &shops)) }
        }
    };
    Ok(shopper.page(&shopper.t(Msg::HomeTitle), Place::StoreHome, body))
}

async fn shops_of(shopper: &Shopper) -> Result<Vec<Shop>, Response> {
    let code = shopper.place.code;
    let read = async move |tx: &mut Tx| {
        Ok::<_, actions::Failure>(shops::list(tx, Some(code.as_str()), i64::MAX, 24).await?)
    };
    let found =
        shopper.market.store.read(read).await.map_err(|failure| shopper.problem(failure))?;
    Ok(found.into_iter().filter(|shop| shop.state == OPEN).collect())
}

fn shop_list(shopper: &Shopper, shops: &[Shop]) -> Markup {
    html! {
        ul.shop-tiles {
            @for shop in shops {
                @let about = cards::title(&shopper.reader, &shop.about_en, &shop.about_zh);
                li { (shop_line(&format!("/shops/{}", shop.id), &pictures::logo(shop), &shop.name, about)) }
            }
        }
    }
}

/// The market's name in the reader's language.
pub(super) fn market_name(language: Language, market: &MarketPolicy) -> &str {
    match language {
        Language::En => &market.name_en,
        Language::Zh => &market.name_zh,
    }
}

/// The markets which deliver to people, as buttons of one plain form.
fn market_picker(shopper: &Shopper) -> Markup {
    let r = &shopper.reader;
    html! {
        form.market-picker method="post" action="/preferences" aria-label=(r.t(Msg::HomeMarkets)) {
            input type="hidden" name="back" value=(shopper.visit.address);
            span.muted { (icon(Icon::Pin)) (r.t(Msg::HomeDeliverTo)) }
            @for market in shopper.policies.markets().filter(|market| market.open_for_buyers) {
                button type="submit" name="market" value=(market.code) aria-pressed=[(market.code == shopper.place.code).then_some("true")] {
                    (market_name(r.words.language(), market)) " " span.muted { (market.currency.code()) }
                }
            }
        }
    }
}

fn welcome(shopper: &Shopper) -> Markup {
    let title = shopper.t(Msg::HomeWelcome);
    let picture =
        illustrations::banner_address([Kind::Teapot, Kind::Headphones, Kind::Scarf], Colour::Sage);
    let (text, next) = (shopper.t(Msg::HomeWelcomeText), shopper.t(Msg::HomeLookAround));
    banner(&title, &text, ("/new", &next), &picture)
}

fn categories(shopper: &Shopper) -> Markup {
    let language = shopper.reader.words.language().code();
    let tiles: Vec<(String, String, String)> = Categories::shipped()
        .top()
        .map(|category| {
            let picture = illustrations::category_address(&category.code);
            (format!("/categories/{}", category.code), picture, category.name(language).to_owned())
        })
        .collect();
    category_tiles(&tiles)
}
