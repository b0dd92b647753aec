//! What a request says besides its body: ids in the path, the query, and the headers of the contract of writes.

use actions::Failure;
use actions::requests::{Answered, RequestKey};
use axum::Json;
use axum::extract::{FromRequestParts, OriginalUri, Path, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rules::ids::PersonId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use super::problem::{Problem, bad_request};

/// The ids of a path. A text which is no id names nothing: not found.
pub struct At<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(ids)) => Ok(Self(ids)),
            Err(_) => Err(Failure::NotFound.into()),
        }
    }
}

/// The query, without a name the route does not know: a mistyped filter must not answer everything.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        match Query::<T>::try_from_uri(&parts.uri) {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(rejection) => Err(bad_request("invalid_query", rejection.body_text())),
        }
    }
}

/// Where a list goes on.
#[derive(Clone, Debug, Default, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// `next` of the part before; left out at the beginning.
    pub cursor: Option<String>,
    /// How many items, 1 to 100; 50 when left out.
    #[param(minimum = 1, maximum = 100, default = 50)]
    pub limit: Option<i64>,
}

/// Items of a list when nothing is said.
const USUAL_LIMIT: i64 = 50;
const MOST_LIMIT: i64 = 100;

/// One name of the query and what is wrong with it.
pub fn invalid_query(name: &str, says: &str) -> Problem {
    bad_request("invalid_query", format!("{name}: {says}"))
}

/// The id below which a list by id goes on, and how many items are wanted.
pub fn paging(cursor: Option<&str>, limit: Option<i64>) -> Result<(i64, i64), Problem> {
    let before = match cursor {
        None => i64::MAX,
        Some(text) => text
            .parse::<rules::ids::Id<()>>()
            .map_err(|_| invalid_query("cursor", "take `next` of the part before as it is"))?
            .number(),
    };
    let limit = limit.unwrap_or(USUAL_LIMIT);
    if !(1..=MOST_LIMIT).contains(&limit) {
        return Err(invalid_query("limit", "1 to 100"));
    }
    Ok((before, limit))
}

impl Paging {
    pub fn read(&self) -> Result<(i64, i64), Problem> {
        paging(self.cursor.as_deref(), self.limit)
    }
}

/// The header `Idempotency-Key`, which every write of money, stock or a case must have.
pub struct IdempotencyKey {
    key: HeaderValue,
    method: Method,
    uri: OriginalUri,
}

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Characters of a key at most.
const LONGEST_KEY: usize = 200;

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Some(key) = parts.headers.get(KEY) else {
            let says = "send a header Idempotency-Key of 1 to 200 characters, a new one for each new request";
            return Err(bad_request("idempotency_key_required", says));
        };
        let visible = key.as_bytes().iter().all(u8::is_ascii_graphic);
        if !visible || key.is_empty() || key.len() > LONGEST_KEY {
            let says = "an Idempotency-Key has 1 to 200 visible ASCII characters";
            return Err(bad_request("idempotency_key_invalid", says));
        }
        let key = key.clone();
        let Ok(uri) = OriginalUri::from_request_parts(parts, state).await;
        Ok(Self { key, method: parts.method.clone(), uri })
    }
}

impl IdempotencyKey {
    /// The key of one person for this method, path and body.
    pub fn of(&self, person: PersonId, body: &[u8]) -> Option<RequestKey> {
        // Visible ASCII was checked, so the text is never lost.
        let key = self.key.to_str().unwrap_or_default();
        let what = format!("{} {}", self.method, self.uri.path());
        Some(RequestKey::new(person, key, &what, body))
    }
}

/// The version which the caller saw, from `If-Match: "7"`; nothing when the header is left out.
pub struct IfMatch(pub Option<i64>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(None)) };
        let version = value
            .to_str()
            .ok()
            .and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"'))
            .and_then(|text| text.parse::<i64>().ok());
        match version {
            Some(version) => Ok(Self(Some(version))),
            None => Err(bad_request(
                "if_match_invalid",
                "send the ETag of what you read as it is, such as If-Match: \"3\"",
            )),
        }
    }
}

impl IfMatch {
    /// For edits which would silently undo somebody else's without it.
    pub fn required(self) -> Result<i64, Problem> {
        let says = "read it first, and send its ETag as If-Match";
        let missing = || Problem::new(StatusCode::PRECONDITION_REQUIRED, "if_match_required", says);
        self.0.ok_or_else(missing)
    }
}

/// `ETag` of a version.
pub fn etag(version: i64) -> [(HeaderName, HeaderValue); 1] {
    let text = format!("\"{version}\"");
    // Digits and quotes are always a header's text.
    [(header::ETAG, HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("\"0\"")))]
}

/// What an act answered, marked when it is the stored answer of an earlier request.
pub fn answered<T, J: Serialize>(
    status: StatusCode,
    answered: Answered<T>,
    json: impl FnOnce(T) -> J,
) -> Response {
    let mut headers = HeaderMap::new();
    if answered.replayed {
        headers.insert("idempotency-replayed", HeaderValue::from_static("true"));
    }
    (status, headers, Json(json(answered.answer))).into_response()
}
