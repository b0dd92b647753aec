//! Signing up, in and out. A visitor's basket comes along.

use actions::people::{self, NewSession, SignIn, SignUp};
use actions::{Failure, FieldFault, baskets};
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use rules::ids::HOUSE;
use serde::Deserialize;

use crate::storefront::shopper::{Page, Shopper, go};
use crate::storefront::typed::{Typed, field};
use crate::ui::flash::Flash;
use crate::ui::forms::{Field, Input, Look, csrf_field, form_errors, submit};
use crate::ui::layout::bare_page;
use crate::ui::nav::Place;
use crate::visit::{self, inside};
use crate::words::Msg;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    /// Where the visitor wanted to go.
    next: String,
}

fn typed_from(wanted: &Wanted) -> Typed {
    let mut typed = Typed::default();
    typed.set("next", &wanted.next);
    typed
}

/// One of the bare pages: nothing around the form but the house's name.
pub(super) fn bare(
    shopper: &Shopper,
    title: Msg,
    again: bool,
    said: Option<String>,
    body: Markup,
) -> Response {
    let mut head = shopper.visit.head(shopper.t(title), Place::Nowhere);
    head.flash = said.map(Flash::bad).or(head.flash);
    let status = if again { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    (status, bare_page(&head, body)).into_response()
}

pub(super) async fn show_sign_in(shopper: Shopper, Query(wanted): Query<Wanted>) -> Page {
    Ok(draw_sign_in(&shopper, &typed_from(&wanted), &[], false, None))
}

fn draw_sign_in(
    shopper: &Shopper,
    typed: &Typed,
    faults: &[FieldFault],
    again: bool,
    said: Option<String>,
) -> Response {
    let r = &shopper.reader;
    let next = typed.get("next");
    let fields = [
        email(shopper, typed, faults),
        field(r, "password", Msg::FieldPassword, typed, faults)
            .takes(Input::Password { new: false })
            .required(),
    ];
    let body = html! {
        h1 { (r.t(Msg::SignIn)) }
        (form_errors(r.words, &fields))
        (form_of(shopper, "/sign-in", next, &fields, Msg::SignIn))
        p { (r.t(Msg::SignInNew)) " " a href={ "/sign-up" (with_next(next)) } { (r.t(Msg::SignUp)) } }
    };
    bare(shopper, Msg::SignIn, again, said, body)
}

fn email(shopper: &Shopper, typed: &Typed, faults: &[FieldFault]) -> Field {
    let field = field(&shopper.reader, "email", Msg::FieldEmail, typed, faults);
    field.takes(Input::Email).required().autocomplete("username")
}

fn form_of(shopper: &Shopper, action: &str, next: &str, fields: &[Field], button: Msg) -> Markup {
    html! {
        form.form method="post" action=(action) {
            (csrf_field(&shopper.visit.csrf))
            input type="hidden" name="next" value=(next);
            @for field in fields { (field.draw(shopper.reader.words)) }
            (submit(Look::Primary, &shopper.reader.t(button)))
        }
    }
}

fn with_next(next: &str) -> String {
    if next.is_empty() {
        return String::new();
    }
    format!("?next={}", form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>())
}

pub(super) async fn sign_in(shopper: Shopper, Form(typed): Form<Vec<(String, String)>>) -> Page {
    let typed = Typed(typed);
    let ask = SignIn {
        email: typed.get("email").to_owned(),
        password: typed.get("password").to_owned(),
        agent: shopper.visit.agent.clone(),
    };
    match people::sign_in(&shopper.market, ask).await {
        Ok(session) => Ok(begin(&shopper, session, typed.get("next")).await),
        Err(Failure::Invalid(faults)) => Ok(draw_sign_in(&shopper, &typed, &faults, true, None)),
        Err(Failure::Refused(refusal)) => {
            Ok(draw_sign_in(&shopper, &typed, &[], true, Some(shopper.refusal(&refusal))))
        }
        Err(failure) => Err(shopper.problem(failure)),
    }
}

/// Gives the browser its session, takes its basket over, and goes on: where they wanted to, or where they work.
pub(super) async fn begin(shopper: &Shopper, session: NewSession, next: &str) -> Response {
    let lines = shopper.cookie_lines.clone();
    let merged = baskets::merge_basket(&shopper.market, session.person, lines).await;
    let next =
        if next.is_empty() { home_of(shopper, &session).await } else { inside(next).to_owned() };
    let mut response = go(&next);
    match merged {
        Ok(()) if !shopper.cookie_lines.is_empty() => shopper.keep_basket(&mut response, &[]),
        Ok(()) => {}
        // The cookie stays, and the next sign-in tries again.
        Err(failure) => tracing::warn!(%failure, "a visitor's basket could not be taken over"),
    }
    let seconds = session.expires_at.since(shopper.reader.now).ms() / 1_000;
    visit::set_cookie(
        &mut response,
        &shopper.settings,
        visit::SESSION,
        session.token.reveal(),
        seconds,
    );
    response
}

async fn home_of(shopper: &Shopper, session: &NewSession) -> String {
    match people::caller_of_session(&shopper.market, session.token.reveal()).await {
        Ok(Some(caller)) if caller.is_staff_of(HOUSE) => "/operator".to_owned(),
        Ok(Some(caller)) if !caller.shops().is_empty() => "/seller".to_owned(),
        Ok(_) | Err(_) => "/".to_owned(),
    }
}

pub(super) async fn show_sign_up(shopper: Shopper, Query(wanted): Query<Wanted>) -> Page {
    Ok(draw_sign_up(&shopper, &typed_from(&wanted), &[], false, None))
}

fn draw_sign_up(
    shopper: &Shopper,
    typed: &Typed,
    faults: &[FieldFault],
    again: bool,
    said: Option<String>,
) -> Response {
    let r = &shopper.reader;
    let next = typed.get("next");
    let fields = person_fields(shopper, typed, faults);
    let body = html! {
        h1 { (r.t(Msg::SignUp)) }
        p.muted { (r.t(Msg::SignUpText)) }
        (form_errors(r.words, &fields))
        (form_of(shopper, "/sign-up", next, &fields, Msg::SignUp))
        p { (r.t(Msg::SignUpKnown)) " " a href={ "/sign-in" (with_next(next)) } { (r.t(Msg::SignIn)) } }
    };
    bare(shopper, Msg::SignUp, again, said, body)
}

/// Name, e-mail address and a new password.
pub(super) fn person_fields(shopper: &Shopper, typed: &Typed, faults: &[FieldFault]) -> Vec<Field> {
    let r = &shopper.reader;
    let least = shopper.policies.access().password_min_length_count;
    vec![
        field(r, "name", Msg::FieldName, typed, faults).required().autocomplete("name"),
        email(shopper, typed, faults),
        field(r, "password", Msg::FieldPassword, typed, faults)
            .takes(Input::Password { new: true })
            .with_hint(r.with(Msg::FieldPasswordHint, &[("least", least.into())]))
            .required(),
    ]
}

pub(super) async fn sign_up(shopper: Shopper, Form(typed): Form<Vec<(String, String)>>) -> Page {
    let typed = Typed(typed);
    let ask = SignUp {
        name: typed.get("name").to_owned(),
        email: typed.get("email").to_owned(),
        password: typed.get("password").to_owned(),
        language: shopper.reader.words.language().code().to_owned(),
        agent: shopper.visit.agent.clone(),
    };
    match people::sign_up(&shopper.market, ask).await {
        Ok(session) => Ok(begin(&shopper, session, typed.get("next")).await),
        Err(Failure::Invalid(faults)) => Ok(draw_sign_up(&shopper, &typed, &faults, true, None)),
        Err(Failure::Refused(refusal)) => {
            Ok(draw_sign_up(&shopper, &typed, &[], true, Some(shopper.refusal(&refusal))))
        }
        Err(failure) => Err(shopper.problem(failure)),
    }
}

pub(super) async fn sign_out(shopper: Shopper) -> Page {
    if let Some(caller) = &shopper.visit.caller {
        let done = people::sign_out(&shopper.market, caller).await;
        done.map_err(|failure| shopper.problem(failure))?;
    }
    let mut response = go("/");
    visit::set_cookie(&mut response, &shopper.settings, visit::SESSION, "", 0);
    Ok(response)
}
