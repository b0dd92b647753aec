//! One-time links: the demo's way in, and the first set-up of a house.

use actions::sign_in_links::{SetUp, check_set_up_link, complete_set_up, use_link as use_up};
use actions::{Failure, FieldFault};
use axum::Form;
use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, REFERRER_POLICY};
use axum::response::Response;
use maud::html;

use crate::account::entry::{bare, begin, person_fields};
use crate::storefront::shopper::{Page, Shopper};
use crate::storefront::typed::{Typed, field};
use crate::ui::forms::{Look, csrf_field, form_errors, link_button, submit};
use crate::words::Msg;

/// Neither kept nor told on: the address is a secret.
fn secret(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

pub(super) async fn use_link(shopper: Shopper, Path(token): Path<String>) -> Page {
    match use_up(&shopper.market, &token, &shopper.visit.agent).await {
        Ok((session, destination)) => Ok(secret(begin(&shopper, session, &destination).await)),
        Err(Failure::NotFound | Failure::Refused(_)) => Ok(secret(used(&shopper))),
        Err(failure) => Err(shopper.problem(failure)),
    }
}

/// Used, expired or never made: from outside all are the same.
fn used(shopper: &Shopper) -> Response {
    let r = &shopper.reader;
    let body = html! {
        h1 { (r.t(Msg::LinkUsed)) }
        p { (r.t(Msg::LinkUsedText)) }
        (link_button(Look::Primary, "/sign-in", &r.t(Msg::SignIn)))
    };
    let mut response = bare(shopper, Msg::LinkUsed, true, None, body);
    *response.status_mut() = axum::http::StatusCode::GONE;
    response
}

pub(super) async fn show_set_up(shopper: Shopper, Path(token): Path<String>) -> Page {
    match check_set_up_link(&shopper.market, &token).await {
        Ok(()) => Ok(secret(draw(&shopper, &token, &Typed::default(), &[], false))),
        Err(Failure::NotFound | Failure::Refused(_)) => Ok(secret(used(&shopper))),
        Err(failure) => Err(shopper.problem(failure)),
    }
}

fn draw(
    shopper: &Shopper,
    token: &str,
    typed: &Typed,
    faults: &[FieldFault],
    again: bool,
) -> Response {
    let r = &shopper.reader;
    let mut fields = vec![
        field(r, "house_name", Msg::SetUpHouseName, typed, faults)
            .with_hint(r.t(Msg::SetUpHouseNameHint))
            .required(),
    ];
    fields.extend(person_fields(shopper, typed, faults));
    let body = html! {
        h1 { (r.t(Msg::SetUpTitle)) }
        p { (r.t(Msg::SetUpText)) }
        (form_errors(r.words, &fields))
        form.form method="post" action={ "/set-up/" (token) } {
            (csrf_field(&shopper.visit.csrf))
            @for field in &fields { (field.draw(r.words)) }
            (submit(Look::Primary, &r.t(Msg::SetUpGo)))
        }
    };
    bare(shopper, Msg::SetUpTitle, again, None, body)
}

pub(super) async fn set_up(
    shopper: Shopper,
    Path(token): Path<String>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typed(typed);
    let ask = SetUp {
        token: token.clone(),
        name: typed.get("name").to_owned(),
        email: typed.get("email").to_owned(),
        password: typed.get("password").to_owned(),
        language: shopper.reader.words.language().code().to_owned(),
        house_name: typed.get("house_name").to_owned(),
        agent: shopper.visit.agent.clone(),
    };
    match complete_set_up(&shopper.market, ask).await {
        Ok(session) => Ok(secret(begin(&shopper, session, "/operator").await)),
        Err(Failure::Invalid(faults)) => Ok(secret(draw(&shopper, &token, &typed, &faults, true))),
        Err(Failure::NotFound | Failure::Refused(_)) => Ok(secret(used(&shopper))),
        Err(failure) => Err(shopper.problem(failure)),
    }
}
