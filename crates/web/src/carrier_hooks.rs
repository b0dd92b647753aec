//! `POST /hooks/carriers/{carrier}`: the door at which carriers knock, with a signature instead of a key in a header.

use actions::Market;
use actions::carrier_reports::{NewsAnswer, take_report};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use serde::Serialize;

use crate::problem::Problem;

/// The header with the signature: `t=<unix seconds>,v1=<hexadecimal>`.
pub const SIGNATURE: &str = "guildhall-signature";

pub fn routes() -> Router<Market> {
    Router::new().route("/hooks/carriers/{carrier}", post(take))
}

#[derive(Serialize)]
struct Answer {
    news: Vec<NewsAnswer>,
}

async fn take(
    State(market): State<Market>,
    Path(carrier): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Answer>, Problem> {
    let signature = headers.get(SIGNATURE).and_then(|value| value.to_str().ok()).unwrap_or("");
    match take_report(&market, &carrier, signature, &body).await? {
        Some(news) => Ok(Json(Answer { news })),
        None => Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "signature_wrong",
            "this report is not signed by the carrier's key, or not just now",
        )),
    }
}
