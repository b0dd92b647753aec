//! A product's page as it was: what an order was made from can be read for ever.

use actions::Failure;
use actions::catalog as shelf;
use axum::extract::{Path, Query};
use maud::{Markup, html};
use rules::catalog::listing::Listing;
use rules::ids::{OrderId, ProductId, ShopId};
use rules::money::Money;
use rules::time::Timestamp;
use serde::Deserialize;
use store::catalog::LISTED;
use store::{Tx, catalog, orders};

use crate::goods_words;
use crate::storefront::cards;
use crate::storefront::product::gallery;
use crate::storefront::product_about::about;
use crate::storefront::shopper::{Page, Shopper};
use crate::ui::badges::Tone;
use crate::ui::flash::{Flash, flash};
use crate::ui::nav::Place;
use crate::ui::shop_window::picture_strip;
use crate::words::Msg;

/// Where the version was met: on an order of one's own, or in a shop.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct From {
    order: String,
    shop: String,
    shot: usize,
}

pub(super) async fn show(
    shopper: Shopper,
    Path((product, number)): Path<(ProductId, i64)>,
    Query(from): Query<From>,
) -> Page {
    let fail = |failure| shopper.problem(failure);
    let shop = whose(&shopper, product, number, &from).await.map_err(fail)?;
    let found = shelf::listing_version(&shopper.market, shop, product, number).await;
    let (version, listing) = found.map_err(fail)?;
    let address = Address { shop, product, number, from: &from };
    let body = draw(&shopper, &listing, version.created_at, &address);
    let title = listing.title.shown(shopper.reader.words.language().code());
    Ok(shopper.page(title, Place::StoreHome, body))
}

/// The shop of the product, if the reader may see this version: the buyer of an order which has it, staff of the
/// shop, and everybody while the product is listed. From outside, forbidden and missing are the same.
async fn whose(
    shopper: &Shopper,
    product: ProductId,
    number: i64,
    from: &From,
) -> Result<ShopId, Failure> {
    if let (Ok(order), Some(buyer)) = (from.order.parse::<OrderId>(), shopper.signed_in()) {
        let read = async move |tx: &mut Tx| -> Result<Option<ShopId>, Failure> {
            let Some(shop) = orders::shop_of(tx, buyer, order).await? else { return Ok(None) };
            let lines = orders::lines(tx, shop, order).await?;
            let has =
                |line: &orders::LineRow| line.product == product && line.listing_version == number;
            Ok(lines.iter().any(has).then_some(shop))
        };
        return shopper.market.store.read(read).await?.ok_or(Failure::NotFound);
    }
    let shop: ShopId = from.shop.parse().map_err(|_| Failure::NotFound)?;
    let staff =
        shopper.visit.caller.as_ref().is_some_and(|caller| {
            caller.is_staff_of(shop) || caller.is_staff_of(rules::ids::HOUSE)
        });
    let read = async move |tx: &mut Tx| -> Result<bool, Failure> {
        let row = catalog::load_product(tx, shop, product).await?.ok_or(Failure::NotFound)?;
        Ok(staff || row.state == LISTED)
    };
    if shopper.market.store.read(read).await? { Ok(shop) } else { Err(Failure::NotFound) }
}

struct Address<'a> {
    shop: ShopId,
    product: ProductId,
    number: i64,
    from: &'a From,
}

impl Address<'_> {
    fn shot(&self, at: usize) -> String {
        let met = if self.from.order.is_empty() {
            format!("shop={}", self.shop)
        } else {
            format!(
                "order={}",
                form_urlencoded::byte_serialize(self.from.order.as_bytes()).collect::<String>()
            )
        };
        format!("/listings/{}/{}?{met}&shot={at}", self.product, self.number)
    }
}

fn draw(shopper: &Shopper, listing: &Listing, since: Timestamp, address: &Address<'_>) -> Markup {
    let r = &shopper.reader;
    let language = r.words.language().code();
    let first = listing.first_picture();
    let strip: Vec<_> = gallery(listing, address.shop, address.product, &first, language)
        .into_iter()
        .enumerate()
        .map(|(at, (picture, alt))| (picture, alt, address.shot(at)))
        .collect();
    let said = r.with(
        Msg::ListingFrozen,
        &[("number", address.number.into()), ("moment", r.moment_with_zone(since).into())],
    );
    let now = (cards::product_path(address.shop, address.product), shopper.t(Msg::ListingNow));
    html! {
        (flash(&Flash { tone: Tone::Info, text: said, next: Some(now) }))
        div.product {
            (picture_strip(&strip, address.from.shot.min(strip.len().saturating_sub(1))))
            div.product-side {
                h1 { (listing.title.shown(language)) }
                table.listing-skus {
                    thead { tr { th scope="col" { (r.t(Msg::ListingChoice)) } th scope="col" { (r.t(Msg::ListingCode)) } th.num scope="col" { (r.t(Msg::ListingPrice)) } } }
                    tbody {
                        @for sku in &listing.skus {
                            tr {
                                td { @if sku.values.is_empty() { "–" } @else { (goods_words::values(r.words, sku.values.iter().map(String::as_str))) } }
                                td { code { (sku.code) } }
                                td.num { (r.money(Money::new(sku.price_minor, listing.currency))) }
                            }
                        }
                    }
                }
            }
        }
        (about(shopper, listing, listing.skus.first().map_or(0, |sku| sku.weight_grams)))
    }
}
