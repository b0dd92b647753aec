//! A product's page: its pictures, the SKU which the address chooses, what it costs here and when it comes.

use actions::catalog::{self as shelf, ProductPage, SkuView};
use actions::checkout::{LineWanted, ShopQuote};
use actions::{Refusal, estimates};
use axum::extract::{Path, Query};
use rules::catalog::listing::{Listing, PictureRef};
use rules::ids::{ProductId, ShopId, SkuId};
use serde::Deserialize;

use crate::goods_words::{option_name, option_value};
use crate::illustrations::{Colour, Shot};
use crate::storefront::shopper::{Page, Shopper};
use crate::storefront::{cards, pictures, product_page};
use crate::ui::nav::Place;
use crate::ui::shop_window::OptionValue;
use crate::words::Words;

/// What the address chooses.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Choice {
    sku: String,
    /// Which picture is large, from 0.
    shot: usize,
}

/// A product's page with one SKU chosen.
pub(super) struct Chosen<'a> {
    pub page: &'a ProductPage,
    pub view: &'a SkuView,
    /// One piece of it: price with discounts, shipping, promise; or why it cannot be sent.
    pub quote: Result<ShopQuote, Refusal>,
}

pub(super) async fn show(
    shopper: Shopper,
    Path((shop, product)): Path<(ShopId, ProductId)>,
    Query(choice): Query<Choice>,
) -> Page {
    let fail = |failure| shopper.problem(failure);
    let page = shelf::product_page(&shopper.market, shop, product).await.map_err(fail)?;
    let view = chosen_sku(&page, choice.sku.parse().ok());
    let view = view.ok_or_else(|| shopper.problem(actions::Failure::NotFound))?;
    let one = LineWanted { shop, sku: view.sku.sku, quantity: 1 };
    let quotes = estimates::estimate(&shopper.market, shopper.place.code, vec![vec![one]])
        .await
        .map_err(fail)?;
    let nothing = || Err(Refusal::new("not_for_sale", "this is not for sale any more"));
    let quote = quotes.into_iter().next().unwrap_or_else(nothing);
    let chosen = Chosen { page: &page, view, quote };
    let body = product_page::draw(&shopper, &chosen, choice.shot);
    let title = page.listing.title.shown(shopper.reader.words.language().code());
    Ok(shopper.page(title, Place::StoreHome, body))
}

/// The SKU which the address names; without one, the first which can be bought.
fn chosen_sku(page: &ProductPage, wanted: Option<SkuId>) -> Option<&SkuView> {
    let named = wanted.and_then(|wanted| page.skus.iter().find(|view| view.sku.sku == wanted));
    named.or_else(|| page.skus.iter().find(|view| view.available > 0)).or_else(|| page.skus.first())
}

/// Each option with its values; a value leads to the SKU which differs from the chosen one in that value alone, or,
/// where there is none, to the first which has the value.
pub(super) fn option_rows(words: Words, chosen: &Chosen<'_>) -> Vec<(String, Vec<OptionValue>)> {
    let page = chosen.page;
    let path = cards::product_path(page.shop.id, page.product.id);
    let row = |(place, option): (usize, &rules::catalog::options::ProductOption)| {
        let colours: Option<Vec<Colour>> =
            option.values.iter().map(|value| Colour::parse(value)).collect();
        let values = option.values.iter().enumerate().filter_map(|(at, value)| {
            let target = target(page, &chosen.view.sku.values, place, value)?;
            Some(OptionValue {
                label: option_value(words, value).to_owned(),
                href: format!("{path}?sku={}", target.sku.sku),
                chosen: chosen.view.sku.values.get(place) == Some(value),
                sold_out: target.available <= 0,
                colour: colours.as_ref().map(|colours| colours[at]),
            })
        });
        (option_name(words, &option.name).to_owned(), values.collect())
    };
    page.listing.options.iter().enumerate().map(row).collect()
}

fn target<'a>(
    page: &'a ProductPage,
    values: &[String],
    place: usize,
    value: &str,
) -> Option<&'a SkuView> {
    let mut wanted = values.to_vec();
    *wanted.get_mut(place)? = value.to_owned();
    let has = |view: &&SkuView| view.sku.values.get(place).is_some_and(|own| own == value);
    let exact = page.skus.iter().find(|view| view.sku.values == wanted);
    exact.or_else(|| page.skus.iter().find(has))
}

/// The pictures to look through, the chosen SKU's first: (address, what it shows).
///
/// Where a seller gave none, our drawing is shown from all its sides.
pub(super) fn gallery(
    listing: &Listing,
    shop: ShopId,
    product: ProductId,
    first: &PictureRef,
    language: &str,
) -> Vec<(String, String)> {
    let title = listing.title.shown(language);
    let alt_of = |picture: &PictureRef| {
        let listed = listing.pictures.iter().find(|listed| listed.picture == *picture);
        let alt = listed.map_or("", |listed| listed.alt.shown(language));
        if alt.is_empty() { title.to_owned() } else { alt.to_owned() }
    };
    let mut shown: Vec<PictureRef> = vec![first.clone()];
    for listed in &listing.pictures {
        if !shown.contains(&listed.picture) {
            shown.push(listed.picture.clone());
        }
    }
    // Where all is drawn, the chosen colour is drawn from every side.
    if let (PictureRef::Drawn { kind, colour, .. }, true) =
        (first, shown.iter().all(PictureRef::is_drawn))
    {
        shown = Shot::ALL
            .into_iter()
            .map(|shot| PictureRef::Drawn {
                kind: kind.clone(),
                colour: colour.clone(),
                shot: shot.code().to_owned(),
            })
            .collect();
    }
    shown.iter().map(|one| (pictures::address_of(shop, product, one), alt_of(one))).collect()
}
