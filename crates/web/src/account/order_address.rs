//! The buyer corrects where an order goes, as long as nothing of it has left. Nobody else has to agree.

use actions::checks::correct_address;
use actions::{Failure, FieldFault};
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use maud::html;
use rules::checkout::address::Address;
use rules::ids::OrderId;
use rules::orders::OrderState;
use rules::policy::MarketPolicy;

use crate::account::order::{Shown, load, refused};
use crate::storefront::checkout_page::fields_of_address;
use crate::storefront::shopper::{Page, Shopper, go};
use crate::storefront::typed::{Typed, field};
use crate::ui::detail::section;
use crate::ui::forms::{Look, csrf_field, form_errors, link_button, submit};
use crate::ui::list::page_title;
use crate::ui::nav::Place;
use crate::words::Msg;

/// Paid, and nothing has left.
pub(super) const fn may_correct(state: OrderState) -> bool {
    matches!(
        state,
        OrderState::OnHold { .. }
            | OrderState::AwaitingConfirmation { .. }
            | OrderState::AwaitingShipment { .. }
    )
}

pub(super) async fn show(shopper: Shopper, Path(order): Path<OrderId>) -> Page {
    let shown = load(&shopper, order).await?;
    let Some(kept) = kept(&shown) else { return Ok(go(&format!("/orders/{order}"))) };
    let mut typed = Typed::default();
    for (name, value) in parts(&kept) {
        typed.set(name, value);
    }
    Ok(draw(&shopper, &shown, &kept, &typed, &[]))
}

/// The order's address, if it may still be corrected.
fn kept(shown: &Shown) -> Option<Address> {
    let address = serde_json::from_str(&shown.order.address).ok();
    address.filter(|_| may_correct(shown.order.state))
}

fn parts(address: &Address) -> [(&'static str, &str); 7] {
    [
        ("name", &address.name),
        ("phone", &address.phone),
        ("line1", &address.line1),
        ("line2", &address.line2),
        ("city", &address.city),
        ("region", &address.region),
        ("postcode", &address.postcode),
    ]
}

fn draw(
    shopper: &Shopper,
    shown: &Shown,
    kept: &Address,
    typed: &Typed,
    faults: &[FieldFault],
) -> Response {
    let r = &shopper.reader;
    let market: &MarketPolicy = shopper.policies.market(kept.country).unwrap_or(&shopper.place);
    let fields =
        fields_of_address(shopper, market, "", |name, label| field(r, name, label, typed, faults));
    let path = format!("/orders/{}", shown.order.id);
    let title = shopper.t(Msg::CareCorrectTitle);
    let form = html! {
        (form_errors(r.words, &fields))
        form.form method="post" action={ (path) "/address" } {
            (csrf_field(&shopper.visit.csrf))
            input type="hidden" name="key" value=(shopper.new_key());
            @for field in &fields { (field.draw(r.words)) }
            div.acts {
                (submit(Look::Primary, &r.t(Msg::CareCorrectYes)))
                (link_button(Look::Quiet, &path, &r.t(Msg::ConfirmNo)))
            }
        }
    };
    let body = html! {
        (page_title(&title, &r.t(Msg::CareCorrectText), &[]))
        (section(&shown.shop.name, form))
    };
    if faults.is_empty() {
        return shopper.page(&title, Place::StoreOrders, body);
    }
    shopper.page_again(&title, Place::StoreOrders, None, body)
}

pub(super) async fn correct(
    shopper: Shopper,
    Path(order): Path<OrderId>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typed(typed);
    let buyer = shopper.buyer()?;
    let shown = load(&shopper, order).await?;
    let Some(kept) = kept(&shown) else { return Ok(go(&format!("/orders/{order}"))) };
    let part = |name: &str| typed.get(name).to_owned();
    let corrected = Address {
        name: part("name"),
        phone: part("phone"),
        line1: part("line1"),
        line2: part("line2"),
        city: part("city"),
        region: part("region"),
        postcode: part("postcode"),
        country: kept.country,
    };
    let request = shopper.request(buyer, &format!("correct address {order}"), &typed);
    match correct_address(&shopper.market, buyer, order, corrected, request).await {
        Ok(_) => Ok(go(&format!("/orders/{order}?said=care-address-taken"))),
        Err(Failure::Invalid(faults)) => Ok(draw(&shopper, &shown, &kept, &typed, &faults)),
        Err(Failure::Refused(refusal)) => refused(&shopper, order, &refusal).await,
        Err(failure) => Err(shopper.problem(failure)),
    }
}
