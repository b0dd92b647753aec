//! How the basket looks: shop by shop, each line with what changed about it, and the sum at the side.

use actions::baskets::{BasketItem, LineChange};
use actions::checkout::{LineWanted, ShopQuote};
use maud::{Markup, html};
use rules::checkout::tax::TaxKind;
use rules::ids::{ShopId, SkuId};
use rules::money::{Currency, Money};

use crate::goods_words;
use crate::storefront::basket::{Part, is_good};
use crate::storefront::shopper::Shopper;
use crate::storefront::{cards, pictures, product_page};
use crate::ui::border;
use crate::ui::buying::quantity;
use crate::ui::forms::{Look, act, csrf_field, link_button};
use crate::ui::icons::{Icon, icon};
use crate::ui::list::{Empty, empty_state, page_title};
use crate::ui::money_table::MoneyLine;
use crate::ui::shop_window::{BoughtLine, bought_lines, shop_line, sum_box};
use crate::words::Msg;

/// The select offers at most so many pieces.
const MOST_OFFERED: i64 = 20;

pub(super) fn draw(shopper: &Shopper, parts: &[Part], gone: &[LineWanted]) -> Markup {
    let r = &shopper.reader;
    if parts.is_empty() && gone.is_empty() {
        return empty_state(&Empty {
            icon: Some(Icon::Basket),
            title: shopper.t(Msg::BasketEmpty),
            text: shopper.t(Msg::BasketEmptyText),
            next: Some(("/new".to_owned(), shopper.t(Msg::HomeLookAround))),
        });
    }
    html! {
        (page_title(&r.t(Msg::NavBasket), "", &[]))
        div.basket {
            div.basket-main {
                (gone_lines(shopper, gone))
                @for part in parts { (shop_part(shopper, part)) }
            }
            @for sum in sums(shopper, parts) { (sum) }
        }
    }
}

fn gone_lines(shopper: &Shopper, gone: &[LineWanted]) -> Markup {
    let r = &shopper.reader;
    html! {
        @for line in gone {
            div.flash.bad role="status" {
                (icon(Icon::Warning))
                div { p { (r.t(Msg::BasketGone)) } (remove(shopper, line.shop, line.sku)) }
            }
        }
    }
}

fn remove(shopper: &Shopper, shop: ShopId, sku: SkuId) -> Markup {
    let address = format!("/basket/lines/{shop}/{sku}");
    act(
        Look::Quiet,
        &address,
        &shopper.visit.csrf,
        &[("quantity", "0")],
        &shopper.reader.t(Msg::BasketRemove),
    )
}

fn shop_part(shopper: &Shopper, part: &Part) -> Markup {
    let r = &shopper.reader;
    let shop = &part.shop.shop;
    let currency = Currency::parse(&shop.currency).ok();
    let lines: Vec<BoughtLine> = currency
        .map(|currency| {
            part.shop.items.iter().map(|item| line(shopper, shop.id, item, currency)).collect()
        })
        .unwrap_or_default();
    let about = match &part.quote {
        Some(Ok(quote)) => product_page::promise(shopper, quote),
        Some(Err(refusal)) => shopper.refusal(refusal),
        None => String::new(),
    };
    html! {
        section.panel {
            div.panel-head { (shop_line(&format!("/shops/{}", shop.id), &pictures::logo(shop), &shop.name, &about)) }
            (bought_lines(r, &lines))
        }
    }
}

fn line(shopper: &Shopper, shop: ShopId, item: &BasketItem, currency: Currency) -> BoughtLine {
    let r = &shopper.reader;
    let sku = &item.sku;
    let options = sku.options.iter().map(|option| option.value.as_str());
    let sum = sku.price_minor.saturating_mul(item.quantity);
    BoughtLine {
        picture: pictures::address(shop, sku.product, &sku.picture),
        title: cards::title(r, &sku.title_en, &sku.title_zh).to_owned(),
        href: format!("{}?sku={}", cards::product_path(shop, sku.product), sku.sku),
        options: goods_words::values(r.words, options),
        quantity: item.quantity,
        sum: Money::new(sum, currency),
        note: Some(notes(shopper, item, currency)),
        acts: Some(acts(shopper, shop, item)),
    }
}

/// What is different from when the line was put in, and what to do about it.
fn notes(shopper: &Shopper, item: &BasketItem, currency: Currency) -> Markup {
    let r = &shopper.reader;
    html! {
        @for change in &item.changes {
            @match change {
                LineChange::Price { was_minor, now_minor } => {
                    p.line-note.soon { (icon(Icon::Info)) (r.with(Msg::BasketPriceChanged, &[
                        ("was", r.money(Money::new(*was_minor, currency)).into()), ("now", r.money(Money::new(*now_minor, currency)).into())])) }
                }
                LineChange::Short { left: ..=0 } => { p.line-note.bad { (icon(Icon::Ban)) (r.t(Msg::BasketSoldOut)) } }
                LineChange::Short { left } => {
                    p.line-note.bad { (icon(Icon::Warning)) (r.with(Msg::BasketTooFew, &[("left", (*left).into())])) }
                }
            }
        }
    }
}

fn acts(shopper: &Shopper, shop: ShopId, item: &BasketItem) -> Markup {
    let most = item.available.clamp(1, MOST_OFFERED);
    let sku = item.sku.sku;
    let address = format!("/basket/lines/{shop}/{sku}");
    html! {
        @if item.available > 0 {
            @if item.quantity > item.available {
                form.act method="post" action=(address) {
                    (csrf_field(&shopper.visit.csrf))
                    input type="hidden" name="quantity" value=(item.available);
                    button class=(Look::Plain.class()) type="submit" { (shopper.reader.with(Msg::BasketTakeLeft, &[("left", item.available.into())])) }
                }
            } @else {
                (quantity(&shopper.reader, &address, &shopper.visit.csrf, item.quantity, most))
            }
        }
        (remove(shopper, shop, sku))
    }
}

/// One sum a destination: goods for two markets cannot be ordered together.
fn sums(shopper: &Shopper, parts: &[Part]) -> Vec<Markup> {
    let mut currencies: Vec<(String, Vec<&ShopQuote>)> = Vec::new();
    for quote in parts.iter().filter_map(|part| part.quote.as_ref()?.as_ref().ok()) {
        let destination = quote.destination.to_string();
        match currencies.iter_mut().find(|(market, _)| *market == destination) {
            Some((_, quotes)) => quotes.push(quote),
            None => currencies.push((destination, vec![quote])),
        }
    }
    if currencies.is_empty() {
        let r = &shopper.reader;
        return vec![html! { aside.sum-box { p { (r.t(Msg::BasketNothingGood)) } } }];
    }
    let several = currencies.len() > 1;
    let bad = parts.iter().any(|part| part.shop.items.iter().any(|item| !is_good(item)));
    html_sums(shopper, &currencies, several, bad)
}

fn html_sums(
    shopper: &Shopper,
    markets: &[(String, Vec<&ShopQuote>)],
    several: bool,
    bad: bool,
) -> Vec<Markup> {
    let r = &shopper.reader;
    let boxes = markets.iter().map(|(market, quotes)| {
        let below = html! {
            @for quote in quotes { (border::at_border_note(r, &quote.price.tax_collection)) }
            @if bad { p.muted { (r.t(Msg::BasketBadStay)) } }
            (link_button(Look::Primary, &format!("/checkout?market={market}"), &r.t(Msg::BasketCheckout)))
            p.muted { (icon(Icon::Shield)) " " (r.t(Msg::BasketPromise)) }
        };
        let title = if several {
            r.with(Msg::BasketSumOf, &[("market", market.as_str().into())])
        } else {
            shopper.t(Msg::BasketSum)
        };
        sum_box(r, &title, &sum_lines(shopper, quotes), below)
    });
    if several {
        let boxes: Vec<Markup> = boxes.collect();
        return vec![html! { div.sum-boxes { @for one in &boxes { (one) } } }];
    }
    boxes.collect()
}

fn sum_lines(shopper: &Shopper, quotes: &[&ShopQuote]) -> Vec<MoneyLine> {
    let r = &shopper.reader;
    let Some(currency) = quotes.first().map(|quote| quote.price.currency) else {
        return Vec::new();
    };
    let sum = |part: fn(&ShopQuote) -> i64| {
        Money::new(quotes.iter().map(|quote| part(quote)).fold(0, i64::saturating_add), currency)
    };
    let mut lines = vec![MoneyLine::part(r.t(Msg::SumGoods), sum(|quote| quote.price.goods_minor))];
    let of_shops = sum(|quote| -quote.price.shop_discount_minor);
    if of_shops.minor != 0 {
        lines.push(MoneyLine::part(r.t(Msg::SumShopDiscount), of_shops));
    }
    let of_house = sum(|quote| -quote.price.house_discount_minor);
    if of_house.minor != 0 {
        lines.push(MoneyLine::part(r.t(Msg::SumHouseDiscount), of_house));
    }
    lines.push(
        MoneyLine::part(r.t(Msg::SumShipping), sum(|quote| quote.price.shipping_minor))
            .with_note(r.t(Msg::SumShippingNote)),
    );
    let duty = border::together(quotes.iter().flat_map(|quote| &quote.price.duty));
    lines.extend(border::duty_lines(r, &duty, currency));
    let destination = quotes[0].destination.to_string();
    let added = product_page::tax_kind(shopper, &destination) == TaxKind::Exclusive;
    let tax = sum(|quote| if quote.price.tax_included { 0 } else { quote.price.tax_minor });
    let before_tax = Money::new(sum(|quote| quote.price.total_minor).minor - tax.minor, currency);
    if added {
        lines.push(
            MoneyLine::total(r.t(Msg::SumBeforeTax), before_tax).with_note(r.t(Msg::SumTaxLater)),
        );
    } else {
        let inside = quotes.iter().all(|quote| quote.price.tax_included);
        let total = MoneyLine::total(r.t(Msg::SumTotal), before_tax);
        lines.push(if inside { total.with_note(r.t(Msg::SumTaxInside)) } else { total });
    }
    lines
}
