//! Who is asking, by session cookie or by key. What they may do is decided by the acts.

use actions::api_keys::caller_of_key;
use actions::caller::Caller;
use actions::people::caller_of_session;
use actions::{Failure, Market};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};

use crate::form_guard::Checked;
use crate::problem::Problem;
use crate::visit::{Cookies, SESSION};

/// Somebody who is signed in. `SignedIn` for what needs one, `Option<SignedIn>` or [`MaybeSignedIn`] where anybody may look.
#[derive(Clone, Debug)]
pub struct SignedIn(pub Caller);

/// The caller, if there is one. A wrong key is refused all the same: its owner should learn of it.
#[derive(Clone, Debug)]
pub struct MaybeSignedIn(pub Option<Caller>);

impl FromRequestParts<Market> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, market: &Market) -> Result<Self, Problem> {
        let caller = caller_of(parts, market).await?;
        caller.map(SignedIn).ok_or_else(|| Failure::NotSignedIn.into())
    }
}

impl OptionalFromRequestParts<Market> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        market: &Market,
    ) -> Result<Option<Self>, Problem> {
        Ok(caller_of(parts, market).await?.map(SignedIn))
    }
}

impl FromRequestParts<Market> for MaybeSignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, market: &Market) -> Result<Self, Problem> {
        Ok(MaybeSignedIn(caller_of(parts, market).await?))
    }
}

async fn caller_of(parts: &Parts, market: &Market) -> Result<Option<Caller>, Problem> {
    if let Some(key) = key_of(&parts.headers)? {
        let caller = caller_of_key(market, key).await?;
        return caller.map(Some).ok_or_else(wrong_key);
    }
    let Some(token) = Cookies::of(&parts.headers).get(SESSION) else { return Ok(None) };
    let Some(caller) = caller_of_session(market, token).await? else { return Ok(None) };
    // Closed by default: a route which the guard does not stand before cannot be posted to with a cookie.
    if changes_something(&parts.method) && parts.extensions.get::<Checked>().is_none() {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "form_token_missing",
            "this request carries no form token",
        ));
    }
    Ok(Some(caller))
}

fn wrong_key() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "wrong_key", "this key is unknown or revoked")
}

/// The key in `Authorization: Bearer gh_…`; nothing without that header.
pub fn key_of(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get(AUTHORIZATION) else { return Ok(None) };
    let (scheme, key) =
        value.to_str().ok().and_then(|text| text.split_once(' ')).unwrap_or_default();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Ok(Some(key.trim()));
    }
    Err(Problem::new(
        StatusCode::UNAUTHORIZED,
        "wrong_key",
        "a key is sent as Authorization: Bearer gh_…",
    ))
}

/// Whether a request by this method may change something (RFC 9110, section 9.2.1).
pub fn changes_something(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE)
}
