//! `/hooks/payments/…`: where payment providers send their notices. Read byte by byte as they came, for their signatures.
//!
//! Each provider expects its own words; whatever else it hears makes it send the notice again later.

use actions::payments::notices::{NoticeFault, take_provider_notice};
use actions::{Failure, Market, ProviderName};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;

/// Bytes of a notice which are read. [X] The largest real ones have about 10 KB.
const LARGEST: usize = 256 * 1024;

pub fn routes() -> Router<Market> {
    Router::new()
        .route("/hooks/payments/{provider}", post(take).layer(DefaultBodyLimit::max(LARGEST)))
}

async fn take(
    State(market): State<Market>,
    Path(provider): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(name) = ProviderName::parse(&provider) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match take_provider_notice(&market, name, &headers, &body).await {
        Ok(()) => thanked(name),
        Err(fault) => {
            tracing::warn!(provider, %fault, "a notice of a payment provider was not taken");
            declined(name, status_of(&fault))
        }
    }
}

/// The words by which a provider knows that it need not tell it again.
fn thanked(name: ProviderName) -> Response {
    match name {
        ProviderName::Stripe => json(StatusCode::OK, r#"{"received":true}"#),
        ProviderName::Alipay => (StatusCode::OK, "success").into_response(),
        ProviderName::WechatPay => StatusCode::NO_CONTENT.into_response(),
    }
}

fn declined(name: ProviderName, status: StatusCode) -> Response {
    match name {
        ProviderName::Stripe => json(status, r#"{"received":false}"#),
        ProviderName::Alipay => (status, "failure").into_response(),
        ProviderName::WechatPay => json(status, r#"{"code":"FAIL","message":"not taken"}"#),
    }
}

fn json(status: StatusCode, body: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// What is wrong with the notice is the sender's fault; what failed here is worth another try.
fn status_of(fault: &NoticeFault) -> StatusCode {
    match fault {
        NoticeFault::NotSetUp | NoticeFault::Failed(Failure::NotFound) => StatusCode::NOT_FOUND,
        NoticeFault::NotTaken(_) => StatusCode::BAD_REQUEST,
        NoticeFault::Failed(Failure::Busy | Failure::Full | Failure::Again) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        NoticeFault::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
