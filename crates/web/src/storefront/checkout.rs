//! Checkout: where to, how, and what it all costs; then the orders are placed and the buyer goes on to pay.
//!
//! The page is one plain form. Whatever cannot be placed comes back with everything typed and the reason beside it.

use std::collections::BTreeMap;

use actions::checkout::{Checkout, LineWanted, PlaceOrders, Quote, ShopQuote, place_orders, quote};
use actions::people::{self, BuyerAddress};
use actions::{Failure, FieldFault};
use axum::Form;
use axum::extract::Query;
use axum::response::Response;
use rules::checkout::address::Address;
use rules::ids::{PersonId, ShopId};
use rules::money::Money;
use rules::policy::MarketPolicy;
use serde::Deserialize;

use crate::storefront::shopper::{Page, Shopper, go};
use crate::storefront::typed::Typed;
use crate::storefront::{basket, checkout_page};
use crate::ui::nav::Place;
use crate::words::Msg;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Where {
    market: String,
}

/// Everything the page shows.
pub(super) struct Asked {
    pub market: MarketPolicy,
    pub typed: Typed,
    /// The buyer's addresses in this market.
    pub addresses: Vec<BuyerAddress>,
    /// Priced for the chosen address where there is a good one, for somewhere in the market otherwise.
    pub quotes: Vec<ShopQuote>,
    /// What would be paid; known only with an address.
    pub total: Option<Money>,
    pub faults: Vec<FieldFault>,
    /// Why it cannot be placed like this.
    pub said: Option<String>,
}

/// The buyer's good lines of one market, with the addresses there.
struct Ready {
    buyer: PersonId,
    market: MarketPolicy,
    lines: Vec<LineWanted>,
    addresses: Vec<BuyerAddress>,
    estimates: Vec<ShopQuote>,
}

pub(super) async fn show(shopper: Shopper, Query(asked): Query<Where>) -> Page {
    let ready = ready(&shopper, &asked.market).await?;
    let mut typed = Typed::default();
    let default = ready.addresses.iter().find(|one| one.is_default).or(ready.addresses.first());
    if let Some(address) = default {
        typed.set("address", address.id.to_string());
    }
    typed.set("save", "on");
    typed.set("address.name", shopper.visit.caller.as_ref().map_or("", |caller| &caller.name));
    let priced = priced(&shopper, ready, typed, false).await?;
    Ok(draw(&shopper, &priced, false))
}

fn draw(shopper: &Shopper, asked: &Asked, again: bool) -> Response {
    let title = shopper.t(Msg::CheckoutTitle);
    let body = checkout_page::draw(shopper, asked);
    if again {
        return shopper.page_again(&title, Place::StoreBasket, asked.said.clone(), body);
    }
    shopper.page(&title, Place::StoreBasket, body)
}

/// Reads the basket; without goods of this market the way leads back to it.
async fn ready(shopper: &Shopper, market: &str) -> Result<Ready, Response> {
    let fail = |failure| shopper.problem(failure);
    let buyer = shopper.buyer()?;
    let found = basket::of(shopper).await.map_err(fail)?;
    let parts = basket::parts_of(shopper, found).await.map_err(fail)?;
    let good = parts.iter().find(|part| matches!(part.quote, Some(Ok(_))));
    let wanted = if market.is_empty() {
        good.and_then(|part| Some(part.quote.as_ref()?.as_ref().ok()?.destination.to_string()))
    } else {
        Some(market.to_owned())
    };
    let wanted = wanted.ok_or_else(|| go("/basket"))?;
    let code = wanted.parse().ok();
    let policy = code.and_then(|code| shopper.policies.market(code)).cloned();
    let policy = policy.ok_or_else(|| go("/basket"))?;
    let mut lines = Vec::new();
    let mut estimates = Vec::new();
    for part in parts {
        let (shop, Some(Ok(quote))) = (&part.shop, part.quote) else { continue };
        if quote.destination.as_str() == wanted {
            let items = shop.items.iter().filter(|item| basket::is_good(item));
            lines.extend(items.map(|item| basket::wanted(shop.shop.id, item)));
            estimates.push(quote);
        }
    }
    if lines.is_empty() {
        return Err(go("/basket"));
    }
    let addresses = people::list_addresses(&shopper.market, buyer).await.map_err(fail)?;
    let addresses =
        addresses.into_iter().filter(|one| one.address.country == policy.code).collect();
    Ok(Ready { buyer, market: policy, lines, addresses, estimates })
}

/// The address which is chosen, or which was typed; `None` while nothing was.
fn address_of(ready: &Ready, typed: &Typed) -> Option<Address> {
    let chosen = ready.addresses.iter().find(|one| one.id.to_string() == typed.get("address"));
    if let Some(chosen) = chosen.or(ready.addresses.first()) {
        return Some(chosen.address.clone());
    }
    let part = |name: &str| typed.get(&format!("address.{name}")).to_owned();
    Some(Address {
        name: part("name"),
        phone: part("phone"),
        line1: part("line1"),
        line2: part("line2"),
        city: part("city"),
        region: part("region"),
        postcode: part("postcode"),
        country: ready.market.code,
    })
}

fn checkout_of(ready: &Ready, typed: &Typed) -> Option<Checkout> {
    let services: BTreeMap<ShopId, String> = typed
        .below("service.")
        .filter_map(|(shop, service)| Some((shop.parse().ok()?, service.to_owned())))
        .collect();
    let address = address_of(ready, typed)?;
    Some(Checkout { lines: ready.lines.clone(), address, services })
}

/// Prices what is asked. Before anything was typed into the address, what is missing there is no fault yet.
async fn priced(
    shopper: &Shopper,
    ready: Ready,
    typed: Typed,
    typed_by_buyer: bool,
) -> Result<Asked, Response> {
    let worth_asking = typed_by_buyer || !ready.addresses.is_empty();
    let checkout = checkout_of(&ready, &typed).filter(|_| worth_asking);
    let answer = match checkout {
        Some(checkout) => quote(&shopper.market, checkout).await.map(Some),
        None => Ok(None),
    };
    let mut asked = Asked {
        market: ready.market,
        typed,
        addresses: ready.addresses,
        quotes: ready.estimates,
        total: None,
        faults: Vec::new(),
        said: None,
    };
    match answer {
        Ok(Some(Quote { shops, total, .. })) => {
            asked.quotes = shops;
            asked.total = Some(total);
        }
        Ok(None) => {}
        Err(failure) => take_failure(shopper, &mut asked, failure)?,
    }
    Ok(asked)
}

/// What the page says about a failure; one which no change of the form can mend is a page of its own.
fn take_failure(shopper: &Shopper, asked: &mut Asked, failure: Failure) -> Result<(), Response> {
    match failure {
        Failure::Invalid(faults) => {
            asked.said = Some(shopper.t(Msg::CheckoutFaults));
            asked.faults = faults;
            Ok(())
        }
        Failure::Refused(refusal) => {
            asked.said = Some(shopper.refusal(&refusal));
            Ok(())
        }
        failure => Err(shopper.problem(failure)),
    }
}

pub(super) async fn place(shopper: Shopper, Form(typed): Form<Vec<(String, String)>>) -> Page {
    let typed = Typed(typed);
    let ready = ready(&shopper, typed.get("market")).await?;
    let expected = Money::parse(typed.get("expected"), ready.market.currency).ok();
    let (Some(expected), "place") = (expected, typed.get("act")) else {
        let asked = priced(&shopper, ready, typed, true).await?;
        let again = asked.said.is_some();
        return Ok(draw(&shopper, &asked, again));
    };
    let Some(checkout) = checkout_of(&ready, &typed) else { return Ok(go("/checkout")) };
    let address = checkout.address.clone();
    let ask = PlaceOrders {
        buyer: ready.buyer,
        buyer_name: address.name.clone(),
        checkout,
        expected_total: Some(expected),
        from_basket: true,
        request: shopper.request(ready.buyer, "place_orders", &typed),
    };
    match place_orders(&shopper.market, ask).await {
        Ok(placed) => {
            if ready.addresses.is_empty() && typed.get("save") == "on" {
                keep_address(&shopper, ready.buyer, &address).await;
            }
            Ok(go(&format!("/payments/{}", placed.answer.payment)))
        }
        Err(failure) => {
            let mut asked = priced(&shopper, ready, typed, true).await?;
            // With a good quote below it, the reason of the refusal is what is left to say.
            take_failure(&shopper, &mut asked, failure)?;
            Ok(draw(&shopper, &asked, true))
        }
    }
}

/// The orders are placed: an address book which cannot take one more does not undo them.
async fn keep_address(shopper: &Shopper, buyer: PersonId, address: &Address) {
    if let Err(failure) = people::add_address(&shopper.market, buyer, address, true).await {
        tracing::info!(%failure, "the address of an order was not kept");
    }
}
