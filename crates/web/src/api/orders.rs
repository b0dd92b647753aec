//! `/orders`: what a buyer sees of their orders and does with them.

use actions::Market;
use actions::orders::{cancel_by_buyer, confirm_receipt};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rules::ids::OrderId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::{Asked, At, IdempotencyKey, Paging, answered, etag};
use super::bodies::NoBody;
use super::order_reads;
use super::order_shapes::{Eyes, OrderDetailJson, OrderJson, OrderStateJson};
use super::problem::{Answer, ProblemJson};
use super::shapes::{IdText, Page};
use super::who::Buyer;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(create_receipt))
        .routes(routes!(create_cancellation))
}

/// List my orders
///
/// Over all shops, newest first.
#[utoipa::path(
    get, operation_id = "list_my_orders", path = "/orders", tag = "buying", security(("key" = ["buyer"])),
    params(Paging),
    responses((status = 200, body = Page<OrderJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list(
    State(market): State<Market>,
    buyer: Buyer,
    Asked(paging): Asked<Paging>,
) -> Answer<Json<Page<OrderJson>>> {
    let (before, limit) = paging.read()?;
    let rows = order_reads::of_buyer(&market, buyer.person(), before, limit + 1).await?;
    Ok(Json(Page::cut(rows, limit, |row| row.id.number(), |row| OrderJson::of(&row))?))
}

/// Read one of my orders
#[utoipa::path(
    get, operation_id = "show_my_order", path = "/orders/{order}", tag = "buying", security(("key" = ["buyer"])),
    params(("order" = IdText, Path)),
    responses((status = 200, body = OrderDetailJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn show(
    State(market): State<Market>,
    buyer: Buyer,
    At(order): At<OrderId>,
) -> Answer<Response> {
    let rows = order_reads::one_of_buyer(&market, buyer.person(), order).await?;
    let version = rows.order.version;
    Ok((etag(version), Json(rows.shown(Eyes::Buyer)?)).into_response())
}

/// Confirm receipt
///
/// The buyer has the parcel: the order is completed.
#[utoipa::path(
    post, operation_id = "confirm_receipt", path = "/orders/{order}/receipt", tag = "buying", security(("key" = ["buyer"])),
    params(("order" = IdText, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = OrderStateJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_receipt(
    State(market): State<Market>,
    buyer: Buyer,
    At(order): At<OrderId>,
    key: IdempotencyKey,
    _body: NoBody,
) -> Answer<Response> {
    let buyer = buyer.person();
    let received = confirm_receipt(&market, buyer, order, key.of(buyer, b"")).await?;
    Ok(answered(StatusCode::OK, received, OrderStateJson::from))
}

/// Cancel one of my orders
///
/// While it is unpaid, or in the free time after paying. What was paid goes back whole.
#[utoipa::path(
    post, operation_id = "cancel_my_order", path = "/orders/{order}/cancellation", tag = "buying", security(("key" = ["buyer"])),
    params(("order" = IdText, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = OrderStateJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_cancellation(
    State(market): State<Market>,
    buyer: Buyer,
    At(order): At<OrderId>,
    key: IdempotencyKey,
    _body: NoBody,
) -> Answer<Response> {
    let buyer = buyer.person();
    let cancelled = cancel_by_buyer(&market, buyer, order, key.of(buyer, b"")).await?;
    Ok(answered(StatusCode::OK, cancelled, OrderStateJson::from))
}
