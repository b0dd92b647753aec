//! The basket over several shops: rows for somebody who is signed in, a cookie for a visitor.

use actions::baskets::{self, Basket, BasketItem, BasketShop, LineChange};
use actions::checkout::{LineWanted, ShopQuote};
use actions::{Failure, Refusal, estimates};
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use rules::ids::{ProductId, ShopId, SkuId};

use crate::storefront::shopper::{Page, Shopper, go};
use crate::storefront::typed::Typed;
use crate::storefront::{basket_page, cards, visitor_basket};
use crate::ui::nav::Place;
use crate::words::Msg;

/// One shop's part with what it would cost, if anything of it can be ordered.
pub(super) struct Part {
    pub shop: BasketShop,
    pub quote: Option<Result<ShopQuote, Refusal>>,
}

/// Whether a line can be ordered as it is.
pub(super) fn is_good(item: &BasketItem) -> bool {
    !item.changes.iter().any(|change| matches!(change, LineChange::Short { .. }))
}

pub(super) fn wanted(shop: ShopId, item: &BasketItem) -> LineWanted {
    LineWanted { shop, sku: item.sku.sku, quantity: item.quantity }
}

/// What is in the shopper's basket.
pub(super) async fn of(shopper: &Shopper) -> Result<Basket, Failure> {
    match shopper.signed_in() {
        Some(buyer) => baskets::read_basket(&shopper.market, buyer).await,
        None => baskets::show_lines(&shopper.market, &shopper.cookie_lines).await,
    }
}

/// Prices every shop's good lines in one reading.
pub(super) async fn parts_of(shopper: &Shopper, basket: Basket) -> Result<Vec<Part>, Failure> {
    let good = |part: &BasketShop| -> Vec<LineWanted> {
        let items = part.items.iter().filter(|item| is_good(item));
        items.map(|item| wanted(part.shop.id, item)).collect()
    };
    let groups: Vec<Vec<LineWanted>> =
        basket.shops.iter().map(good).filter(|lines| !lines.is_empty()).collect();
    let mut quotes =
        estimates::estimate(&shopper.market, shopper.place.code, groups).await?.into_iter();
    let part = |shop: BasketShop| {
        let quote = if good(&shop).is_empty() { None } else { quotes.next() };
        Part { shop, quote }
    };
    Ok(basket.shops.into_iter().map(part).collect())
}

pub(super) async fn show(shopper: Shopper) -> Page {
    draw(&shopper, None).await
}

/// The basket's page; with something to say it is the answer to a form which was refused.
async fn draw(shopper: &Shopper, said: Option<String>) -> Page {
    let fail = |failure| shopper.problem(failure);
    let basket = of(shopper).await.map_err(fail)?;
    let gone = basket.gone.clone();
    let parts = parts_of(shopper, basket).await.map_err(fail)?;
    let body = basket_page::draw(shopper, &parts, &gone);
    let title = shopper.t(Msg::NavBasket);
    Ok(match said {
        Some(said) => shopper.page_again(&title, Place::StoreBasket, Some(said), body),
        None => shopper.page(&title, Place::StoreBasket, body),
    })
}

fn line_of(typed: &Typed) -> Option<LineWanted> {
    let shop = typed.get("shop").parse().ok()?;
    let sku: SkuId = typed.get("sku").parse().ok()?;
    let quantity = typed.get("quantity").trim().parse().ok()?;
    Some(LineWanted { shop, sku, quantity })
}

/// What to say about a failed change; what is no answer to the form is a page of its own.
fn said_of(shopper: &Shopper, failure: Failure) -> Result<String, Response> {
    match failure {
        Failure::Refused(refusal) => Ok(shopper.refusal(&refusal)),
        Failure::Invalid(faults) => Ok(faults
            .iter()
            .filter_map(|fault| {
                crate::storefront::typed::fault_of(&shopper.reader, &faults, &fault.field)
            })
            .collect::<Vec<_>>()
            .join(" ")),
        failure => Err(shopper.problem(failure)),
    }
}

/// From a product's page: more of a SKU.
pub(super) async fn add(shopper: Shopper, Form(typed): Form<Vec<(String, String)>>) -> Page {
    let typed = Typed(typed);
    let Some(line) = line_of(&typed) else {
        return draw(&shopper, Some(shopper.t(Msg::FaultNotANumber))).await;
    };
    let mut response = go(&back_of(&typed, line));
    let done = match shopper.signed_in() {
        Some(buyer) => baskets::add_to_basket(&shopper.market, buyer, line).await.map(|_| ()),
        None => add_as_visitor(&shopper, line, &mut response).await,
    };
    match done {
        Ok(()) => Ok(response),
        Err(failure) => draw(&shopper, Some(said_of(&shopper, failure)?)).await,
    }
}

fn back_of(typed: &Typed, line: LineWanted) -> String {
    match typed.get("product").parse::<ProductId>() {
        Ok(product) => {
            format!("{}?sku={}&said=added", cards::product_path(line.shop, product), line.sku)
        }
        Err(_) => "/basket".to_owned(),
    }
}

/// A visitor's line is looked at like a buyer's, and kept by their browser.
async fn add_as_visitor(
    shopper: &Shopper,
    more: LineWanted,
    response: &mut Response,
) -> Result<(), Failure> {
    let full = || Failure::refused("too_many_basket_lines", "a visitor's basket has no more room");
    let lines = visitor_basket::add(&shopper.cookie_lines, more).ok_or_else(full)?;
    let line = lines.iter().find(|line| line.sku == more.sku).copied().unwrap_or(more);
    check_visitors_line(shopper, line).await?;
    shopper.keep_basket(response, &lines);
    Ok(())
}

async fn check_visitors_line(shopper: &Shopper, line: LineWanted) -> Result<(), Failure> {
    let shown = baskets::show_lines(&shopper.market, &[line]).await?;
    let item = shown.shops.first().and_then(|part| part.items.first());
    let Some(item) = item else {
        // Too many pieces are left out like goods which are gone; the limit says which it was.
        rules::checkout::limits::quantity(
            line.quantity,
            shopper.policies.orders(shopper.place.code),
        )
        .map_err(|limit| Failure::invalid("quantity", limit.code(), limit.to_string()))?;
        return Err(Failure::refused("not_for_sale", "this is not for sale any more"));
    };
    if item.available < line.quantity {
        let title = cards::title(&shopper.reader, &item.sku.title_en, &item.sku.title_zh);
        let refusal = Refusal::new("sold_out", "not enough of this is left").fact("title", title);
        return Err(refusal.fact("asked", line.quantity).fact("left", item.available).into());
    }
    Ok(())
}

/// From the basket's page: another quantity; 0 takes the line out.
pub(super) async fn set(
    shopper: Shopper,
    Path((shop, sku)): Path<(ShopId, SkuId)>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typed(typed);
    let quantity =
        typed.get("quantity").trim().parse().ok().filter(|quantity: &i64| *quantity >= 0);
    let Some(quantity) = quantity else {
        return draw(&shopper, Some(shopper.t(Msg::FaultNotANumber))).await;
    };
    let line = LineWanted { shop, sku, quantity };
    let mut response = go("/basket");
    let done = match shopper.signed_in() {
        Some(buyer) if line.quantity == 0 => {
            baskets::remove_from_basket(&shopper.market, buyer, line.sku).await
        }
        Some(buyer) => baskets::set_quantity(&shopper.market, buyer, line).await.map(|_| ()),
        None => set_as_visitor(&shopper, line, &mut response).await,
    };
    match done {
        Ok(()) => Ok(response),
        Err(failure) => draw(&shopper, Some(said_of(&shopper, failure)?)).await,
    }
}

async fn set_as_visitor(
    shopper: &Shopper,
    line: LineWanted,
    response: &mut Response,
) -> Result<(), Failure> {
    if line.quantity > 0 {
        check_visitors_line(shopper, line).await?;
    }
    shopper.keep_basket(response, &visitor_basket::set(&shopper.cookie_lines, line));
    Ok(())
}
