//! What is answered when something was not done, as the document says it. `crate::problem` makes the answers.

use axum::http::StatusCode;
use utoipa::ToSchema;

pub use crate::problem::Problem;

/// An answer of one of the API's routes.
pub type Answer<T> = Result<T, Problem>;

/// A request which was not carried out, and why (RFC 9457). Nothing was changed.
#[derive(ToSchema)]
#[schema(as = Problem)]
#[expect(dead_code, reason = "this type is only a name in the document")]
pub struct ProblemJson {
    /// A name for this kind of problem: `urn:guildhall:problem:` and the code.
    r#type: String,
    /// What it is, in English words.
    title: String,
    status: u16,
    /// Stable: programs rely on it. `docs/api/codes.md` lists them all.
    code: String,
    /// What the words speak of, by name.
    facts: Option<std::collections::BTreeMap<String, String>>,
    /// The fields which cannot be taken as they are.
    fields: Option<Vec<FieldProblem>>,
}

/// One field which cannot be taken as it is.
#[derive(ToSchema)]
#[expect(dead_code, reason = "this type is only a name in the document")]
pub struct FieldProblem {
    /// As in the body: `address.postcode`, `lines[0].quantity`.
    field: String,
    code: String,
    detail: String,
}

/// A body, a header or a query which cannot be taken.
pub fn bad_request(code: &'static str, says: impl Into<String>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, code, says)
}
