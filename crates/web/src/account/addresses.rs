//! The address book.

use actions::people::{self, BuyerAddress};
use actions::{Failure, FieldFault};
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::Response;
use maud::{Markup, html};
use rules::checkout::address::Address;
use rules::ids::AddressId;
use rules::policy::MarketPolicy;
use serde::Deserialize;

use crate::storefront::checkout_page::{address_lines, fields_of_address, name_of_market};
use crate::storefront::shopper::{Page, Shopper, go};
use crate::storefront::typed::{Typed, field};
use crate::ui::badges::{Tone, badge};
use crate::ui::buying;
use crate::ui::detail::section;
use crate::ui::forms::{Field, Input, Look, act, csrf_field, form_errors, link_button, submit};
use crate::ui::icons::Icon;
use crate::ui::list::page_title;
use crate::ui::nav::Place;
use crate::visit::inside;
use crate::words::Msg;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    /// Where to go on once there is an address: back to checkout.
    next: String,
    /// The country of the new address.
    country: String,
}

pub(super) async fn show(shopper: Shopper, Query(wanted): Query<Wanted>) -> Page {
    let mut typed = Typed::default();
    typed.set("next", &wanted.next);
    typed.set("country", &wanted.country);
    typed.set("name", shopper.visit.caller.as_ref().map_or("", |caller| &caller.name));
    draw(&shopper, &typed, &[], None).await
}

async fn draw(
    shopper: &Shopper,
    typed: &Typed,
    faults: &[FieldFault],
    said: Option<String>,
) -> Page {
    let buyer = shopper.buyer()?;
    let book = people::list_addresses(&shopper.market, buyer).await;
    let book = book.map_err(|failure| shopper.problem(failure))?;
    let r = &shopper.reader;
    let title = shopper.t(Msg::AddressesTitle);
    let body = html! {
        (page_title(&title, "", &[link_button(Look::Quiet, "/account", &r.t(Msg::NavAccount))]))
        @if !book.is_empty() { ul.address-cards { @for one in &book { li.panel { (card(shopper, one)) } } } }
        (section(&r.t(Msg::AddressesNew), form(shopper, "/account/addresses", typed, faults)))
    };
    Ok(answer(shopper, &title, faults, said, body))
}

fn answer(
    shopper: &Shopper,
    title: &str,
    faults: &[FieldFault],
    said: Option<String>,
    body: Markup,
) -> Response {
    if said.is_none() && faults.is_empty() {
        return shopper.page(title, Place::StoreAccount, body);
    }
    shopper.page_again(title, Place::StoreAccount, said, body)
}

fn card(shopper: &Shopper, one: &BuyerAddress) -> Markup {
    let r = &shopper.reader;
    let path = format!("/account/addresses/{}", one.id);
    let mut lines = vec![one.address.name.clone()];
    lines.extend(address_lines(r.words, &one.address));
    html! {
        (buying::address(&lines))
        div.acts {
            @if one.is_default { (badge(Tone::Good, Icon::Check, &r.t(Msg::AddressDefault))) }
            @else { (act(Look::Quiet, &format!("{path}/default"), &shopper.visit.csrf, &[], &r.t(Msg::AddressMakeDefault))) }
            (link_button(Look::Quiet, &path, &r.t(Msg::AddressEdit)))
            (act(Look::Quiet, &format!("{path}/remove"), &shopper.visit.csrf, &[], &r.t(Msg::BasketRemove)))
        }
    }
}

/// The market which the form is for: what was chosen, or where the shopper looks.
fn market_of(shopper: &Shopper, typed: &Typed) -> MarketPolicy {
    let chosen = typed.get("country").parse().ok().and_then(|code| shopper.policies.market(code));
    chosen.filter(|market| market.open_for_buyers).unwrap_or(&shopper.place).clone()
}

fn form(shopper: &Shopper, action: &str, typed: &Typed, faults: &[FieldFault]) -> Markup {
    let r = &shopper.reader;
    let market = market_of(shopper, typed);
    let fields =
        fields_of_address(shopper, &market, "", |name, label| field(r, name, label, typed, faults));
    let language = r.words.language();
    let markets: Vec<(String, String)> = shopper
        .policies
        .markets()
        .filter(|market| market.open_for_buyers)
        .map(|market| (market.code.to_string(), name_of_market(language, market)))
        .collect();
    let country = Field::new("country", r.t(Msg::AddressCountry)).takes(Input::Choice(markets));
    html! {
        (form_errors(r.words, &fields))
        form.form method="get" action=(action) {
            input type="hidden" name="next" value=(typed.get("next"));
            (country.with_value(market.code.to_string()).draw(r.words))
            (submit(Look::Quiet, &r.t(Msg::AddressChangeCountry)))
        }
        form.form method="post" action=(action) {
            (csrf_field(&shopper.visit.csrf))
            input type="hidden" name="next" value=(typed.get("next"));
            input type="hidden" name="country" value=(market.code);
            @for field in &fields { (field.draw(r.words)) }
            (submit(Look::Primary, &r.t(Msg::AddressSave)))
        }
    }
}

fn address_of(shopper: &Shopper, typed: &Typed) -> Address {
    let part = |name: &str| typed.get(name).to_owned();
    Address {
        name: part("name"),
        phone: part("phone"),
        line1: part("line1"),
        line2: part("line2"),
        city: part("city"),
        region: part("region"),
        postcode: part("postcode"),
        country: market_of(shopper, typed).code,
    }
}

fn next_of(typed: &Typed) -> &str {
    match typed.get("next") {
        "" => "/account/addresses",
        next => inside(next),
    }
}

pub(super) async fn add(shopper: Shopper, Form(typed): Form<Vec<(String, String)>>) -> Page {
    let typed = Typed(typed);
    let buyer = shopper.buyer()?;
    // Somebody who comes from checkout wants to send there.
    let from_checkout = !typed.get("next").is_empty();
    let address = address_of(&shopper, &typed);
    match people::add_address(&shopper.market, buyer, &address, from_checkout).await {
        Ok(_) => Ok(go(next_of(&typed))),
        Err(Failure::Invalid(faults)) => draw(&shopper, &typed, &faults, None).await,
        Err(Failure::Refused(refusal)) => {
            draw(&shopper, &typed, &[], Some(shopper.refusal(&refusal))).await
        }
        Err(failure) => Err(shopper.problem(failure)),
    }
}

pub(super) async fn show_one(
    shopper: Shopper,
    Path(id): Path<AddressId>,
    Query(wanted): Query<Wanted>,
) -> Page {
    let one = find(&shopper, id).await?;
    let mut typed = Typed::default();
    let parts = [
        ("name", &one.address.name),
        ("phone", &one.address.phone),
        ("line1", &one.address.line1),
        ("line2", &one.address.line2),
        ("city", &one.address.city),
        ("region", &one.address.region),
        ("postcode", &one.address.postcode),
    ];
    for (name, value) in parts {
        typed.set(name, value);
    }
    let country =
        if wanted.country.is_empty() { one.address.country.to_string() } else { wanted.country };
    typed.set("country", country);
    Ok(draw_one(&shopper, id, &typed, &[]))
}

async fn find(shopper: &Shopper, id: AddressId) -> Result<BuyerAddress, Response> {
    let buyer = shopper.buyer()?;
    let book = people::list_addresses(&shopper.market, buyer).await;
    let book = book.map_err(|failure| shopper.problem(failure))?;
    let found = book.into_iter().find(|one| one.id == id);
    found.ok_or_else(|| shopper.problem(Failure::NotFound))
}

fn draw_one(shopper: &Shopper, id: AddressId, typed: &Typed, faults: &[FieldFault]) -> Response {
    let title = shopper.t(Msg::AddressEdit);
    let path = format!("/account/addresses/{id}");
    let body = html! {
        (page_title(&title, "", &[link_button(Look::Quiet, "/account/addresses", &shopper.t(Msg::AddressesTitle))]))
        (form(shopper, &path, typed, faults))
    };
    answer(shopper, &title, faults, None, body)
}

pub(super) async fn edit(
    shopper: Shopper,
    Path(id): Path<AddressId>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typed(typed);
    let buyer = shopper.buyer()?;
    let address = address_of(&shopper, &typed);
    match people::edit_address(&shopper.market, buyer, id, &address).await {
        Ok(()) => Ok(go("/account/addresses")),
        Err(Failure::Invalid(faults)) => Ok(draw_one(&shopper, id, &typed, &faults)),
        Err(failure) => Err(shopper.problem(failure)),
    }
}

pub(super) async fn choose_default(shopper: Shopper, Path(id): Path<AddressId>) -> Page {
    let buyer = shopper.buyer()?;
    let done = people::choose_default_address(&shopper.market, buyer, id).await;
    done.map(|()| go("/account/addresses")).map_err(|failure| shopper.problem(failure))
}

pub(super) async fn remove(shopper: Shopper, Path(id): Path<AddressId>) -> Page {
    let buyer = shopper.buyer()?;
    let done = people::remove_address(&shopper.market, buyer, id).await;
    done.map(|()| go("/account/addresses")).map_err(|failure| shopper.problem(failure))
}
