//! Stands before every route: a request which changes something and rides on a cookie must come from our own page.
//!
//! Two walls: the browser's word on where the request comes from, and a token which only our forms carry.
//! Programs with a key pass; a foreign page cannot send a key.

use actions::people::{caller_of_session, form_token_of};
use actions::{Market, secrets};
use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, StreamExt as _};

use crate::problem::Problem;
use crate::router::WebSettings;
use crate::signed_in::changes_something;
use crate::visit::{Cookies, SESSION, Visit};

/// The hidden field of every form.
pub const FIELD: &str = "csrf";
/// The same for scripts.
pub const HEADER: &str = "x-csrf-token";
/// Set what is no secret and moves nothing, so a stale token shall not hinder them. The first wall still stands.
const WITHOUT_TOKEN: &[&str] = &["/preferences"];
/// An upload's token is its first field: so much of it is read to find it.
const UPLOAD_HEAD: usize = 8 * 1024;

/// The guard has seen this request's token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checked;

/// The layer: `axum::middleware::from_fn_with_state(market, form_guard::guard)`.
pub async fn guard(State(market): State<Market>, request: Request, next: Next) -> Response {
    if !changes_something(request.method()) || request.headers().contains_key(AUTHORIZATION) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    match checked(&market, &mut parts, body).await {
        Ok(body) => next.run(Request::from_parts(parts, body)).await,
        Err(problem) => answer(&market, parts, problem).await,
    }
}

/// The body as it came, when the request may pass.
async fn checked(market: &Market, parts: &mut Parts, body: Body) -> Result<Body, Problem> {
    let settings = parts.extensions.get::<WebSettings>().cloned().unwrap_or_default();
    if !comes_from_us(&parts.headers, settings.public_address.as_deref()) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "cross_site",
            "this request comes from another site's page",
        ));
    }
    if WITHOUT_TOKEN.contains(&parts.uri.path()) {
        return Ok(body);
    }
    let Some(token) = Cookies::of(&parts.headers).get(SESSION) else { return Ok(body) };
    let Some(caller) = caller_of_session(market, token).await? else { return Ok(body) };
    let expected = form_token_of(market, &caller).await?.unwrap_or_default();
    let (shown, body) = shown_token(&parts.headers, body, settings.body_bytes).await?;
    match shown {
        Some(shown) if secrets::same_token(&expected, &shown) => {
            parts.extensions.insert(Checked);
            Ok(body)
        }
        Some(_) => Err(Problem::new(
            StatusCode::FORBIDDEN,
            "form_token_wrong",
            "this form belongs to another session; load the page again",
        )),
        None => Err(Problem::new(
            StatusCode::FORBIDDEN,
            "form_token_missing",
            "this request carries no form token",
        )),
    }
}

/// By the browser's own word where it gives one, else by the page it names. Who names none is no browser.
fn comes_from_us(headers: &HeaderMap, public_address: Option<&str>) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(ORIGIN.as_str()) else { return true };
    let host = origin.split_once("://").map(|(_, host)| host);
    let ours = public_address.is_some_and(|address| address.trim_end_matches('/') == origin);
    ours || (host.is_some() && host == text(HOST.as_str()))
}

/// The token in header, form or upload, and the body as if nobody had read it.
async fn shown_token(
    headers: &HeaderMap,
    body: Body,
    most: usize,
) -> Result<(Option<String>, Body), Problem> {
    if let Some(shown) = headers.get(HEADER) {
        return Ok((shown.to_str().ok().map(str::to_owned), body));
    }
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/x-www-form-urlencoded") {
        let bytes = axum::body::to_bytes(body, most).await.map_err(|_| {
            let says = format!("a form has at most {most} bytes");
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", says)
        })?;
        return Ok((in_form(&bytes), Body::from(bytes)));
    }
    if kind.starts_with("multipart/form-data") {
        return Ok(in_upload(body).await);
    }
    Ok((None, body))
}

/// The token's characters are written as they are in a form: base64url needs no escapes.
fn in_form(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.into_iter().find(|(name, _)| *name == FIELD).map(|(_, value)| value.to_owned())
}

/// Reads no more of an upload than its head, and puts it back in front.
async fn in_upload(body: Body) -> (Option<String>, Body) {
    let mut rest = body.into_data_stream();
    let mut chunks: Vec<Result<Bytes, axum::Error>> = Vec::new();
    let mut head: Vec<u8> = Vec::new();
    let mut found = None;
    while found.is_none() && head.len() < UPLOAD_HEAD {
        let Some(chunk) = rest.next().await else { break };
        let failed = chunk.is_err();
        if let Ok(bytes) = &chunk {
            head.extend_from_slice(&bytes[..bytes.len().min(UPLOAD_HEAD)]);
        }
        chunks.push(chunk);
        if failed {
            break;
        }
        found = in_head(&head);
    }
    (found, Body::from_stream(stream::iter(chunks).chain(rest)))
}

/// The value of the field, once it is there as a whole.
fn in_head(head: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(head);
    let (_, after) = text.split_once(&format!("name=\"{FIELD}\""))?;
    let (_, value) = after.split_once("\r\n\r\n")?;
    let (value, _) = value.split_once("\r\n")?;
    Some(value.to_owned())
}

/// People get a page, programs get JSON.
async fn answer(market: &Market, mut parts: Parts, problem: Problem) -> Response {
    if parts.uri.path().starts_with("/api/") {
        return problem.into_response();
    }
    match Visit::from_request_parts(&mut parts, market).await {
        Ok(visit) => problem.page(&visit),
        Err(rejection) => rejection,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn a_foreign_page_is_known_by_the_browsers_word_or_by_its_name() {
        let ours = Some("https://market.example");
        for (pairs, passes) in [
            (&[][..], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "https://market.example")], false),
            (&[("origin", "https://market.example")], true),
            (&[("origin", "http://localhost:8080"), ("host", "localhost:8080")], true),
            (&[("origin", "https://evil.example"), ("host", "localhost:8080")], false),
            (&[("origin", "https://market.example.evil.example")], false),
            (&[("origin", "null"), ("host", "localhost:8080")], false),
        ] {
            assert_eq!(comes_from_us(&headers(pairs), ours), passes, "{pairs:?}");
        }
    }

    #[test]
    fn the_token_is_found_in_a_form() {
        assert_eq!(in_form(b"csrf=abc-_1&name=x").as_deref(), Some("abc-_1"));
        assert_eq!(in_form(b"name=x&csrf=abc").as_deref(), Some("abc"));
        assert_eq!(in_form(b"name=csrf%3Dabc&notcsrf=1"), None);
        assert_eq!(in_form(b"\xff"), None);
    }

    fn upload(chunks: Vec<&'static [u8]>) -> Body {
        let chunks =
            chunks.into_iter().map(|chunk| Ok::<_, axum::Error>(Bytes::from_static(chunk)));
        Body::from_stream(stream::iter(chunks))
    }

    #[tokio::test]
    async fn an_upload_is_read_no_further_than_its_token_and_loses_nothing() {
        let chunks: Vec<&[u8]> = vec![
            b"--x\r\nContent-Disposition: form-data; name=\"cs",
            b"rf\"\r\n\r\nabc-_1\r",
            b"\n--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n\xff\xfe",
            b"\r\n--x--\r\n",
        ];
        let whole: Vec<u8> = chunks.concat();
        let (found, body) = in_upload(upload(chunks)).await;
        assert_eq!(found.as_deref(), Some("abc-_1"));
        let again = axum::body::to_bytes(body, 10_000).await.unwrap();
        assert_eq!(again.to_vec(), whole);
    }

    #[tokio::test]
    async fn an_upload_without_token_is_not_read_to_its_end() {
        static LONG: [u8; 6 * 1024] = [b'x'; 6 * 1024];
        let (found, body) = in_upload(upload(vec![&LONG, &LONG, &LONG])).await;
        assert_eq!(found, None);
        let again = axum::body::to_bytes(body, 100_000).await.unwrap();
        assert_eq!(again.len(), 3 * LONG.len());
    }
}
