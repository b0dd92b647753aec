//! How a product's page looks: pictures at the left, the choice, the price and the promise at the right.

use actions::checkout::ShopQuote;
use maud::{Markup, html};
use rules::catalog::categories::Categories;
use rules::catalog::listing::Listing;
use rules::catalog::nature::Care;
use rules::checkout::tax::TaxKind;
use rules::money::Money;
use rules::policy::MarketCode;
use rules::time::Timestamp;
use store::promotions::PromotionRow;

use crate::format::Reader;
use crate::storefront::product::{Chosen, gallery, option_rows};
use crate::storefront::product_about::about;
use crate::storefront::shopper::Shopper;
use crate::storefront::{cards, home, pictures};
use crate::ui::badges::{Tone, badge};
use crate::ui::forms::{Field, Input, Look, csrf_field, submit_with};
use crate::ui::icons::{Icon, icon};
use crate::ui::shop_window::{option_row, picture_strip, promises, shop_line};
use crate::words::{Language, Msg};

/// From here down the page says how many are left.
const FEW: i64 = 5;
/// The quantities offered at once; the basket takes more.
const MOST_AT_ONCE: i64 = 10;

pub(super) fn draw(shopper: &Shopper, chosen: &Chosen<'_>, shot: usize) -> Markup {
    let (page, r) = (chosen.page, &shopper.reader);
    let language = r.words.language().code();
    let path = cards::product_path(page.shop.id, page.product.id);
    let first = page.listing.picture_of(&chosen.view.sku);
    let shown = gallery(&page.listing, page.shop.id, page.product.id, &first, language);
    let strip: Vec<(String, String, String)> = shown
        .into_iter()
        .enumerate()
        .map(|(at, (address, alt))| {
            (address, alt, format!("{path}?sku={}&shot={at}", chosen.view.sku.sku))
        })
        .collect();
    let shot = shot.min(strip.len().saturating_sub(1));
    html! {
        (crumbs(shopper, &page.listing))
        div.product {
            (picture_strip(&strip, shot))
            div.product-side {
                div {
                    h1 { (page.listing.title.shown(language)) }
                    (shop_line(&format!("/shops/{}", page.shop.id), &pictures::logo(&page.shop), &page.shop.name, &market_of(shopper, &page.shop.market)))
                }
                (price(shopper, chosen))
                @for (name, values) in option_rows(r.words, chosen) { (option_row(r, &name, &values)) }
                (stock_line(shopper, chosen.view.available))
                (buy(shopper, chosen))
                (delivery(shopper, chosen))
                (running(shopper, &page.promotions))
            }
        }
        (about(shopper, &page.listing, chosen.view.sku.weight_grams))
        p.version-note.muted {
            (r.with(Msg::ProductVersion, &[("number", page.product.listing_version.into())])) " "
            a href={ "/listings/" (page.product.id) "/" (page.product.listing_version) "?shop=" (page.shop.id) } { (r.t(Msg::ProductVersionLink)) }
        }
    }
}

fn market_of(shopper: &Shopper, code: &str) -> String {
    let found = MarketCode::parse(code).ok().and_then(|code| shopper.policies.market(code));
    found.map_or_else(
        || code.to_owned(),
        |market| home::market_name(shopper.reader.words.language(), market).to_owned(),
    )
}

fn crumbs(shopper: &Shopper, listing: &Listing) -> Markup {
    let language = shopper.reader.words.language().code();
    let categories = Categories::shipped();
    let path: Vec<_> = categories.with_parent(&listing.category).into_iter().rev().collect();
    html! {
        nav.crumbs aria-label=(shopper.reader.t(Msg::ProductCrumbs)) {
            a href="/" { (shopper.reader.t(Msg::NavHome)) }
            @for code in path {
                @if let Some(category) = categories.get(code) { " › " a href={ "/categories/" (code) } { (category.name(language)) } }
            }
        }
    }
}

fn price(shopper: &Shopper, chosen: &Chosen<'_>) -> Markup {
    let (r, sku) = (&shopper.reader, &chosen.view.sku);
    let currency = chosen.page.listing.currency;
    let now = Money::new(sku.price_minor, currency);
    let was = sku.compare_at_minor.filter(|was| *was > sku.price_minor);
    let kind = tax_kind(shopper, &chosen.page.shop.market);
    let discount = chosen
        .quote
        .as_ref()
        .map_or(0, |quote| quote.price.shop_discount_minor + quote.price.house_discount_minor);
    html! {
        div.price-block {
            p.price { span.num { (r.money(now)) }
                @if let Some(was) = was {
                    " " s.num { (r.money(Money::new(was, currency))) } " "
                    span.off { "−" (r.share((was - sku.price_minor) * 10_000 / was / 100 * 100)) }
                }
            }
            @if discount > 0 {
                p.offer-line { (icon(Icon::Tag)) (r.with(Msg::ProductWithOffers, &[("price", r.money(Money::new(sku.price_minor - discount, currency)).into())])) }
            }
            p.muted { (r.t(match kind { TaxKind::Inclusive => Msg::ProductTaxIncluded, TaxKind::Exclusive => Msg::ProductTaxAdded, TaxKind::None => Msg::ProductTaxNone })) }
        }
    }
}

pub(super) fn tax_kind(shopper: &Shopper, market: &str) -> TaxKind {
    let code = MarketCode::parse(market).ok();
    code.and_then(|code| shopper.policies.market(code))
        .map_or(TaxKind::None, |market| market.tax_kind)
}

fn stock_line(shopper: &Shopper, available: i64) -> Markup {
    let r = &shopper.reader;
    html! {
        p.stock-line {
            @if available <= 0 { (badge(Tone::Bad, Icon::Ban, &r.t(Msg::StoreSoldOut))) }
            @else if available <= FEW { (badge(Tone::Soon, Icon::Warning, &r.with(Msg::ProductFewLeft, &[("count", available.into())]))) }
            @else { (badge(Tone::Good, Icon::Check, &r.t(Msg::ProductInStock))) }
        }
    }
}

fn buy(shopper: &Shopper, chosen: &Chosen<'_>) -> Markup {
    let (r, view) = (&shopper.reader, chosen.view);
    let other_market = chosen.page.shop.market != shopper.place.code.as_str();
    let choices =
        (1..=view.available.clamp(1, MOST_AT_ONCE)).map(|n| (n.to_string(), n.to_string()));
    let quantity =
        Field::new("quantity", r.t(Msg::ProductQuantity)).takes(Input::Choice(choices.collect()));
    html! {
        @if other_market {
            form.flash.info method="post" action="/preferences" {
                (icon(Icon::Info))
                input type="hidden" name="back" value=(shopper.visit.address);
                p { (r.with(Msg::ProductOtherMarket, &[("market", market_of(shopper, &chosen.page.shop.market).into())])) " "
                    button.link type="submit" name="market" value=(chosen.page.shop.market) { (r.t(Msg::ProductSwitchMarket)) } }
            }
        }
        @if view.available > 0 {
            form.buy method="post" action="/basket/lines" {
                (csrf_field(&shopper.visit.csrf))
                input type="hidden" name="shop" value=(chosen.page.shop.id);
                input type="hidden" name="sku" value=(view.sku.sku);
                input type="hidden" name="product" value=(chosen.page.product.id);
                (quantity.draw(r.words))
                (submit_with(Look::Primary, Icon::Basket, &r.t(Msg::ProductAdd)))
            }
        } @else {
            p.muted { (r.t(Msg::ProductSoldOutText)) }
        }
    }
}

fn delivery(shopper: &Shopper, chosen: &Chosen<'_>) -> Markup {
    let r = &shopper.reader;
    let mut lines = Vec::new();
    match &chosen.quote {
        Ok(quote) => lines.push((Icon::Truck, promise(shopper, quote), shipping(shopper, quote))),
        Err(refusal) => {
            lines.push((Icon::Ban, r.t(Msg::ProductNotSent).into_owned(), shopper.refusal(refusal)))
        }
    }
    let code = MarketCode::parse(&chosen.page.shop.market).unwrap_or(shopper.place.code);
    let free = shopper.policies.orders(code).cancel_free_within();
    lines.push((
        Icon::Shield,
        shopper.t(Msg::ProductHeld),
        r.with(Msg::ProductHeldText, &[("length", r.length(free).into())]),
    ));
    let nature = chosen.page.listing.nature;
    if nature.durable {
        lines.push((
            Icon::Leaf,
            shopper.t(Msg::ProductDurable),
            shopper.t(Msg::ProductDurableText),
        ));
    }
    let cares = nature.cares();
    if !cares.is_empty() {
        let named: Vec<String> = cares.into_iter().map(|care| shopper.t(care_name(care))).collect();
        lines.push((Icon::Package, named.join(" · "), shopper.t(Msg::ProductCareText)));
    }
    promises(&lines)
}

/// "Arrives 25 Nov – 28 Nov 2026".
pub(super) fn promise(shopper: &Shopper, quote: &ShopQuote) -> String {
    days(&shopper.reader, quote.promise_from, quote.promise_by)
}

/// As [`promise`], of any two moments.
pub(crate) fn days(r: &Reader, from: Timestamp, by: Timestamp) -> String {
    let (from, by) = (r.day(from), r.day(by));
    if from == by {
        return r.with(Msg::PromiseDay, &[("day", by.into())]);
    }
    r.with(Msg::PromiseDays, &[("from", from.into()), ("by", by.into())])
}

/// "£3.50 with Royal Mail Tracked 48 · free from £40.00".
fn shipping(shopper: &Shopper, quote: &ShopQuote) -> String {
    let r = &shopper.reader;
    let name = service_name(shopper, &quote.shop.market, &quote.offer.service);
    let currency = quote.price.currency;
    if quote.offer.price_minor == 0 {
        return r.with(Msg::ShippingFree, &[("service", name.into())]);
    }
    let price = r.money(Money::new(quote.offer.price_minor, currency));
    let text = r.with(Msg::ShippingPrice, &[("price", price.into()), ("service", name.into())]);
    let code = MarketCode::parse(&quote.shop.market).ok();
    let service =
        code.and_then(|code| shopper.policies.shipping(code).service(&quote.offer.service));
    match service.and_then(|service| service.free_over_minor) {
        Some(least) => {
            let least = r.money(Money::new(least, currency));
            format!("{text} · {}", r.with(Msg::ShippingFreeFrom, &[("least", least.into())]))
        }
        None => text,
    }
}

/// A service's name in the reader's language; one which the policy no longer has shows its code.
pub(crate) fn service_name(shopper: &Shopper, market: &str, service: &str) -> String {
    let code = MarketCode::parse(market).ok();
    let found = code.and_then(|code| shopper.policies.shipping(code).service(service));
    found.map_or_else(
        || service.to_owned(),
        |service| match shopper.reader.words.language() {
            Language::En => service.name_en.clone(),
            Language::Zh => service.name_zh.clone(),
        },
    )
}

const fn care_name(care: Care) -> Msg {
    match care {
        Care::Fragile => Msg::CareFragile,
        Care::Liquid => Msg::CareLiquid,
        Care::Battery => Msg::CareBattery,
        Care::Oversize => Msg::CareOversize,
    }
}

/// "10% off from US$60.00 on, until 1 Mar 2027."
fn offer(r: &Reader, row: &PromotionRow) -> String {
    let percent = r.share(row.percent_bp);
    let day = r.day(row.ends_at);
    let least = cards::price(row.minimum_minor, &row.currency).filter(|least| least.minor > 0);
    match least {
        Some(least) => r.with(
            Msg::OfferFrom,
            &[("percent", percent.into()), ("least", r.money(least).into()), ("day", day.into())],
        ),
        None => r.with(Msg::OfferText, &[("percent", percent.into()), ("day", day.into())]),
    }
}

/// Offers which run, of the shop and of the house.
pub(super) fn running(shopper: &Shopper, promotions: &[PromotionRow]) -> Markup {
    let r = &shopper.reader;
    html! {
        @if !promotions.is_empty() {
            ul.offers {
                @for row in promotions {
                    li {
                        (icon(Icon::Tag))
                        span {
                            strong { (cards::title(r, &row.title_en, &row.title_zh)) } " "
                            (offer(r, row))
                        }
                    }
                }
            }
        }
    }
}
