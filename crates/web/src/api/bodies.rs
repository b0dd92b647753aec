//! Reading bodies: JSON only, of a bounded size, with no field the route does not know and no NUL in any text.

use actions::{Failure, FieldFault};
use axum::body::{Bytes, HttpBody};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::problem::{Problem, bad_request};

/// The largest body of the API's JSON routes, in bytes.
pub const MOST_BYTES: usize = 1024 * 1024;

/// A body as it came and as it was understood. The bytes are what an idempotency key stands for.
pub struct Body<T> {
    pub value: T,
    pub bytes: Bytes,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        if media_type(request.headers()) != Some("application/json") {
            return Err(unsupported("application/json"));
        }
        let bytes = read(request, MOST_BYTES).await?;
        Ok(Self { value: understand(&bytes)?, bytes })
    }
}

/// A body of an act which takes none: empty, or an empty JSON object.
pub struct NoBody;

impl<S: Send + Sync> FromRequest<S> for NoBody {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        if request.body().size_hint().exact() == Some(0) {
            return Ok(NoBody);
        }
        let is_json = media_type(request.headers()) == Some("application/json");
        let bytes = read(request, MOST_BYTES).await?;
        if bytes.is_empty() {
            return Ok(NoBody);
        }
        if !is_json {
            return Err(unsupported("application/json"));
        }
        understand::<Nothing>(&bytes).map(|_| NoBody)
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// A product file as sellers have it.
pub struct CsvBody(pub Bytes);

/// The largest product file, in bytes: tens of thousands of rows.
const MOST_CSV_BYTES: usize = 16 * 1024 * 1024;

impl<S: Send + Sync> FromRequest<S> for CsvBody {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        if media_type(request.headers()) != Some("text/csv") {
            return Err(unsupported("text/csv"));
        }
        Ok(Self(read(request, MOST_CSV_BYTES).await?))
    }
}

fn media_type(headers: &HeaderMap) -> Option<&str> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let kind = kind.split(';').next().unwrap_or_default().trim();
    ["application/json", "text/csv"].into_iter().find(|known| kind.eq_ignore_ascii_case(known))
}

fn unsupported(wanted: &'static str) -> Problem {
    let says = format!("send the body as {wanted} and say so in Content-Type");
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", says)
}

async fn read(request: Request, most: usize) -> Result<Bytes, Problem> {
    let too_large = || {
        let says = format!("a body here has at most {most} bytes");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", says)
    };
    // Most bodies say their length: the large ones are refused before a byte of them is read.
    if request.body().size_hint().lower() > most as u64 {
        return Err(too_large());
    }
    axum::body::to_bytes(request.into_body(), most).await.map_err(|error| {
        let source = std::error::Error::source(&error);
        if source.is_some_and(|source| source.is::<http_body_util::LengthLimitError>()) {
            return too_large();
        }
        bad_request("body_broken_off", "the connection ended in the middle of the body")
    })
}

fn understand<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // serde would read a list as the fields in their order, which no document speaks of.
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return Err(invalid(vec![FieldFault::new(
            "",
            "not_an_object",
            "a body here is a JSON object",
        )]));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| misread(&error))?;
    reader.end().map_err(|error| malformed(&error))?;
    no_nul(bytes)?;
    Ok(value)
}

fn misread(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    match error.inner().classify() {
        Category::Data => invalid(vec![field_fault(error)]),
        Category::Syntax | Category::Eof | Category::Io => malformed(error.inner()),
    }
}

fn malformed(error: &serde_json::Error) -> Problem {
    let facts = vec![("line", error.line().to_string()), ("column", error.column().to_string())];
    Problem { facts, ..bad_request("malformed_json", format!("the body is not JSON: {error}")) }
}

fn invalid(faults: Vec<FieldFault>) -> Problem {
    Failure::Invalid(faults).into()
}

/// Which field it is, and what is wrong with it. serde tells an unknown and a missing field by its sentence alone.
fn field_fault(error: &serde_path_to_error::Error<serde_json::Error>) -> FieldFault {
    let path = error.path().to_string();
    let text = error.inner().to_string();
    let sentence = text.split(" at line ").next().unwrap_or(&text).to_owned();
    let named = || sentence.split('`').nth(1).unwrap_or_default().to_owned();
    let beside = |name: String| match path.as_str() {
        "." | "?" => name,
        path if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        path => format!("{path}.{name}"),
    };
    if sentence.starts_with("unknown field") {
        FieldFault::new(beside(named()), "unknown_field", sentence)
    } else if sentence.starts_with("missing field") {
        FieldFault::new(beside(named()), "missing", "this field is needed")
    } else {
        FieldFault::new(path, "not_readable", sentence)
    }
}

/// PostgreSQL keeps no NUL in a text, so no text with one is taken, whatever the engine.
fn no_nul(bytes: &[u8]) -> Result<(), Problem> {
    // In JSON a NUL can only be written as an escape; a raw one is no JSON.
    if !bytes.windows(6).any(|part| part == br"\u0000") {
        return Ok(());
    }
    let value: serde_json::Value =
        serde_json::from_slice(bytes).map_err(|error| malformed(&error))?;
    match nul_in(&value, String::new()) {
        Some(field) => {
            let says = "a text cannot hold the character NUL";
            Err(invalid(vec![FieldFault::new(field, "nul_character", says)]))
        }
        None => Ok(()),
    }
}

fn nul_in(value: &serde_json::Value, at: String) -> Option<String> {
    use serde_json::Value;
    match value {
        Value::String(text) => text.contains('\0').then_some(at),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(place, item)| nul_in(item, format!("{at}[{place}]"))),
        Value::Object(fields) => fields.iter().find_map(|(name, item)| {
            let inside = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
            if name.contains('\0') { Some(at.clone()) } else { nul_in(item, inside) }
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}
