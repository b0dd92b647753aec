//! Every route, in reading order, and what is around all of them.

use std::time::Duration;

use actions::Market;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Extension, Json, Router};
use serde_json::json;
use store::SchemaState;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use crate::form_guard;
use crate::rate_limit::{self, RateLimit};

/// What a deployment decides about the web layer. It never changes what the market decides.
#[derive(Clone, Debug)]
pub struct WebSettings {
    /// The address people use, as `https://market.example`; makes cookies secure.
    pub public_address: Option<String>,
    /// Requests a minute from one address, or with one key; 0 switches the limit off.
    pub requests_a_minute: u32,
    /// The largest body taken, in bytes; uploads have their own.
    pub body_bytes: usize,
}

impl Default for WebSettings {
    fn default() -> Self {
        Self { public_address: None, requests_a_minute: 1_200, body_bytes: 1024 * 1024 }
    }
}

impl WebSettings {
    /// Whether people reach the house by https: cookies are then never sent without it.
    pub fn is_secure(&self) -> bool {
        self.public_address.as_deref().is_some_and(|address| address.starts_with("https://"))
    }
}

/// No script and no style but our own files, no frames, no plugins.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The whole market as one service.
pub fn router(market: Market, settings: WebSettings) -> Router {
    let body_bytes = settings.body_bytes;
    let limit = RateLimit::new(settings.requests_a_minute);
    let header = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    Router::new()
        .route("/health", get(health))
        .route("/ready", get(ready))
        .merge(crate::api::routes())
        .merge(crate::payment_hooks::routes())
        .merge(crate::operator::routes())
        .merge(crate::carrier_hooks::routes())
        .merge(crate::assets::routes())
        .merge(crate::visit::routes())
        .merge(crate::storefront::routes())
        .merge(crate::account::routes())
        .merge(crate::seller::routes())
        .fallback(crate::visit::not_found)
        .layer(
            ServiceBuilder::new()
                .layer(CatchPanicLayer::custom(panicked))
                .layer(header(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY))
                .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
                .layer(header(header::REFERRER_POLICY, "same-origin"))
                .layer(header(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
                .layer(CompressionLayer::new())
                .layer(TimeoutLayer::with_status_code(
                    StatusCode::SERVICE_UNAVAILABLE,
                    Duration::from_secs(30),
                ))
                .layer(DefaultBodyLimit::max(body_bytes))
                .layer(Extension(settings))
                .layer(from_fn_with_state((limit, market.clone()), rate_limit::limit))
                .layer(from_fn_with_state(market.clone(), form_guard::guard)),
        )
        .with_state(market)
}

/// The process is alive.
async fn health() -> Json<serde_json::Value> {
    Json(json!({ "status": "alive" }))
}

/// The database answers and has this program's schema.
async fn ready(State(market): State<Market>) -> impl IntoResponse {
    match market.store.schema_state().await {
        Ok(SchemaState::Current) => (StatusCode::OK, Json(json!({ "status": "ready" }))),
        Ok(state) => not_ready(&format!("the schema is not current: {state:?}")),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            not_ready("the database cannot be reached")
        }
    }
}

fn not_ready(says: &str) -> (StatusCode, Json<serde_json::Value>) {
    (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "not ready", "detail": says })))
}

/// A violated assertion stops the request, not the server.
fn panicked(cause: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    let said = cause.downcast_ref::<String>().map(String::as_str);
    let said = said.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("without a text");
    tracing::error!(panic = said, "a request broke an assertion");
    let body = json!({ "type": "urn:guildhall:problem:broken", "title": "Something broke on our side",
        "status": 500, "code": "broken" });
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (StatusCode::INTERNAL_SERVER_ERROR, kind, body.to_string()).into_response()
}

/// Serves until `stop` ends, then lets the requests which have begun finish.
///
/// # Errors
/// When the listener breaks.
pub async fn serve(
    listener: tokio::net::TcpListener,
    market: Market,
    settings: WebSettings,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service =
        router(market, settings).into_make_service_with_connect_info::<std::net::SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}
