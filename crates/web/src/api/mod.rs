//! The JSON API under `/api/v1`, with its document (OpenAPI 3.1) beside each route.
//!
//! Handlers read the request, call one act or read, and write the answer. They decide nothing.

mod addresses;
mod asking;
mod basket;
mod bodies;
mod care_shapes;
mod carriers;
mod charges;
mod checkouts;
mod figures;
mod imports;
mod listing_shapes;
mod markets;
mod money;
mod notices;
mod operator;
mod operator_works;
mod order_care;
mod order_news;
mod order_notes;
mod order_reads;
mod order_shapes;
mod orders;
mod packing;
mod parcels;
mod payments;
mod payouts;
mod problem;
mod products;
mod promotions;
mod reconciliation;
mod shapes;
mod sheets;
mod shop_order_care;
mod shop_orders;
mod shop_products;
mod stock;
mod who;

use actions::Market;
use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::response::IntoResponse;
use axum::routing::get;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;

use problem::Problem;

/// Where the API is; the document's paths begin here.
pub const ROOT: &str = "/api/v1";

/// The API's routes, the document included.
pub fn routes() -> Router<Market> {
    let (routes, document) = documented().split_for_parts();
    let text = bytes_of(&document);
    let show = move || {
        let text = text.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], text) }
    };
    let routes = routes
        .route("/openapi.json", get(show))
        .fallback(no_such_route)
        .method_not_allowed_fallback(wrong_method);
    Router::new().nest(ROOT, routes)
}

/// The document of every route.
pub fn document() -> OpenApi {
    documented().into_openapi()
}

fn bytes_of(document: &OpenApi) -> axum::body::Bytes {
    serde_json::to_vec(document).expect("the document is made of texts and maps only").into()
}

fn documented() -> OpenApiRouter<Market> {
    OpenApiRouter::with_openapi(head())
        .merge(markets::routes())
        .merge(products::routes())
        .merge(basket::routes())
        .merge(addresses::routes())
        .merge(notices::routes())
        .merge(checkouts::routes())
        .merge(payments::routes())
        .merge(orders::routes())
        .merge(order_care::routes())
        .merge(shop_orders::routes())
        .merge(order_notes::routes())
        .merge(sheets::routes())
        .merge(shop_order_care::routes())
        .merge(packing::routes())
        .merge(parcels::routes())
        .merge(carriers::routes())
        .merge(figures::routes())
        .merge(shop_products::routes())
        .merge(imports::routes())
        .merge(stock::routes())
        .merge(money::routes())
        .merge(charges::routes())
        .merge(promotions::routes())
        .merge(payouts::routes())
        .merge(reconciliation::routes())
        .merge(operator::routes())
        .merge(operator_works::routes())
}

const ABOUT: &str = "Every act of the market. Ids are texts of decimal digits, times RFC 3339 in UTC, money is \
    `{amount, currency}` with the amount as a text. Lists answer `{items, next}`: send `next` as `cursor` to go on. \
    What was not done is answered as problem+json with a stable `code`. Writes of money, stock or a case need an \
    `Idempotency-Key`: the same key with the same request answers what was answered before (with the header \
    `Idempotency-Replayed: true`), with another one it is refused. Reads of what can be edited answer an `ETag`; \
    send it back as `If-Match` so that no edit undoes another one unseen.";

fn head() -> OpenApi {
    let key = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("gh_…")
        .description(Some(
            "A key of `guildhall keys create`. Its scope is `buyer`, `shop` or `operator`.",
        ))
        .build();
    let mut components = utoipa::openapi::Components::new();
    components.add_security_scheme("key", SecurityScheme::Http(key));
    let info = utoipa::openapi::InfoBuilder::new()
        .title("Guildhall")
        .version("1")
        .description(Some(ABOUT))
        .license(Some(utoipa::openapi::License::new("Apache-2.0")))
        .build();
    utoipa::openapi::OpenApiBuilder::new()
        .info(info)
        .servers(Some([utoipa::openapi::Server::new(ROOT)]))
        .components(Some(components))
        .build()
}

async fn no_such_route(uri: Uri) -> impl IntoResponse {
    let says = format!("the API has no route {}", uri.path());
    Problem::new(StatusCode::NOT_FOUND, "no_such_route", says)
}

async fn wrong_method() -> impl IntoResponse {
    let says = "this route has no such method; the header Allow says which it has";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", says)
}
