//! One mapping from failures to answers: status, stable code, sentence. The API and the pages share it.

use actions::{Failure, FieldFault};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use fluent_bundle::FluentValue;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::ui::flash::{ProblemPage, problem_page};
use crate::ui::layout::bare_page;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::{Msg, Words};

/// An answer which says what, why, and what would be allowed (RFC 9457).
#[derive(Clone, Debug)]
pub struct Problem {
    pub status: StatusCode,
    /// Stable: programs rely on it. All of them are in `docs/api/codes.md`.
    pub code: &'static str,
    /// English; pages say it in the reader's language.
    pub title: String,
    pub facts: Vec<(&'static str, String)>,
    pub fields: Vec<FieldFault>,
    /// Seconds after which the same request may well succeed.
    pub retry_after: Option<u32>,
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    code: &'a str,
    #[serde(skip_serializing_if = "Map::is_empty")]
    facts: Map<String, Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<FieldBody<'a>>,
}

#[derive(Serialize)]
struct FieldBody<'a> {
    field: &'a str,
    code: &'a str,
    detail: &'a str,
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, title: impl Into<String>) -> Self {
        let title = title.into();
        Self { status, code, title, facts: Vec::new(), fields: Vec::new(), retry_after: None }
    }

    /// The reason in the reader's language; a code without a text of its own falls back to the English sentence.
    pub fn words(&self, words: Words) -> String {
        let id = format!("refusal-{}", self.code.replace('_', "-"));
        let Some(msg) = Msg::named(&id) else { return self.title.clone() };
        let facts: Vec<(&'static str, FluentValue<'_>)> = self
            .facts
            .iter()
            .map(|(name, value)| (*name, FluentValue::from(value.as_str())))
            .collect();
        words.with(msg, &facts)
    }

    /// The page which explains it.
    pub fn page(&self, visit: &Visit) -> Response {
        let words = visit.reader.words;
        let head = visit.head(self.words(words), Place::Nowhere);
        let next = if self.status == StatusCode::UNAUTHORIZED {
            let back: String = visit.address.bytes().map(escaped).collect();
            (format!("/sign-in?next={back}"), words.t(Msg::ProblemToSignIn).into_owned())
        } else {
            ("/".to_owned(), words.t(Msg::ProblemToHome).into_owned())
        };
        let shown = ProblemPage {
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            title: self.words(words),
            why: self
                .fields
                .iter()
                .map(|fault| fault.sentence.as_str())
                .collect::<Vec<_>>()
                .join(" "),
            next: Some(next),
            ..ProblemPage::default()
        };
        let mut response =
            (self.status, bare_page(&head, problem_page(words, &shown))).into_response();
        self.add_headers(&mut response);
        response
    }

    fn add_headers(&self, response: &mut Response) {
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = self.retry_after
            && let Ok(value) = HeaderValue::from_str(&seconds.to_string())
        {
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
    }
}

/// One byte of an address inside an address.
fn escaped(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let title = failure.to_string();
        match failure {
            Failure::Refused(refusal) => Self {
                facts: refusal.facts,
                ..Problem::new(StatusCode::CONFLICT, refusal.code, refusal.sentence)
            },
            Failure::Invalid(fields) => Self {
                fields,
                ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields", title)
            },
            Failure::NotFound => Problem::new(StatusCode::NOT_FOUND, "not_found", title),
            Failure::NotSignedIn => Problem::new(StatusCode::UNAUTHORIZED, "not_signed_in", title),
            Failure::NotAllowed => Problem::new(StatusCode::FORBIDDEN, "not_allowed", title),
            Failure::KeyReused => {
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "key_reused", title)
            }
            Failure::Stale => Problem::new(StatusCode::PRECONDITION_FAILED, "stale", title),
            Failure::Busy => Self {
                retry_after: Some(1),
                ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", title)
            },
            Failure::Full => Problem::new(StatusCode::INSUFFICIENT_STORAGE, "disk_full", title),
            Failure::Again => Self {
                retry_after: Some(1),
                ..Problem::new(StatusCode::CONFLICT, "lost_race", title)
            },
            Failure::Broken(cause) => {
                tracing::error!(cause, "a request broke");
                Problem::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "broken",
                    "something broke on our side",
                )
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let facts = self
            .facts
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())));
        let fields = self.fields.iter().map(|fault| FieldBody {
            field: &fault.field,
            code: fault.code,
            detail: &fault.sentence,
        });
        let body = Body {
            r#type: format!("urn:guildhall:problem:{}", self.code),
            title: &self.title,
            status: self.status.as_u16(),
            code: self.code,
            facts: facts.collect(),
            fields: fields.collect(),
        };
        let text = serde_json::to_string(&body).unwrap_or_else(|_| "{}".to_owned());
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut response = (self.status, kind, text).into_response();
        self.add_headers(&mut response);
        response
    }
}
