//! `/orders/{order}/…`: what a buyer can say about an order which does not go straight through.

use actions::cancellations::{AskToCancel, ask_to_cancel, withdraw};
use actions::shortages::{accept_substitute, refuse_substitute};
use actions::{Failure, Market, checks};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use rules::checkout::address::Address;
use rules::ids::{CancelRequestId, OrderId, OrderMessageId, ShortageId};
use rules::orders::CancelReason;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::{At, IdempotencyKey, answered};
use super::bodies::{Body, NoBody};
use super::care_shapes::{CareJson, OrderTouchedJson, ShortageStateJson, WordsBody};
use super::order_reads;
use super::problem::{Answer, ProblemJson};
use super::shapes::IdText;
use super::who::Buyer;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(create_request))
        .routes(routes!(create_withdrawal))
        .routes(routes!(create_acceptance))
        .routes(routes!(create_refusal))
        .routes(routes!(create_message))
        .routes(routes!(replace_address))
        .routes(routes!(create_answer))
}

/// Read what hangs on one of my orders
///
/// Flags, messages, requests to cancel and shortages.
#[utoipa::path(
    get, operation_id = "show_care_of_my_order", path = "/orders/{order}/care", tag = "buying", security(("key" = ["buyer"])),
    params(("order" = IdText, Path)),
    responses((status = 200, body = CareJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn show(
    State(market): State<Market>,
    buyer: Buyer,
    At(order): At<OrderId>,
) -> Answer<Json<CareJson>> {
    let rows = order_reads::one_of_buyer(&market, buyer.person(), order).await?;
    let care = checks::of_order(&market, rows.order.shop, order).await?;
    Ok(Json(CareJson::of(care, rows.order.currency)?))
}

/// Why a buyer wants to cancel.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelRequestBody {
    /// `changed_mind`, `ordered_by_mistake` or `too_slow`.
    reason: String,
    #[serde(default)]
    note: String,
}

/// A new request.
#[derive(Serialize, ToSchema)]
pub struct NewCancelRequestJson {
    #[schema(value_type = IdText)]
    id: CancelRequestId,
}

/// Ask to cancel one of my orders
///
/// After the free time. The shop answers; its silence approves.
#[utoipa::path(
    post, operation_id = "ask_to_cancel", path = "/orders/{order}/cancel-requests", tag = "buying", security(("key" = ["buyer"])),
    params(("order" = IdText, Path), ("Idempotency-Key" = String, Header)),
    request_body = CancelRequestBody,
    responses((status = 201, body = NewCancelRequestJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_request(
    State(market): State<Market>,
    buyer: Buyer,
    At(order): At<OrderId>,
    key: IdempotencyKey,
    body: Body<CancelRequestBody>,
) -> Answer<Response> {
    let buyer = buyer.person();
    let says = "changed_mind, ordered_by_mistake or too_slow";
    let reason = CancelReason::parse(&body.value.reason)
        .ok_or_else(|| Failure::invalid("reason", "unknown_reason", says))?;
    let request = key.of(buyer, &body.bytes);
    let ask = AskToCancel { buyer, order, reason, note: body.value.note, request };
    let asked = ask_to_cancel(&market, ask).await?;
    Ok(answered(StatusCode::CREATED, asked, |id| NewCancelRequestJson { id }))
}

/// Withdraw my request to cancel
#[utoipa::path(
    post, operation_id = "withdraw_cancel_request", path = "/orders/{order}/cancel-request-withdrawal", tag = "buying", security(("key" = ["buyer"])),
    params(("order" = IdText, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = OrderTouchedJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_withdrawal(
    State(market): State<Market>,
    buyer: Buyer,
    At(order): At<OrderId>,
    key: IdempotencyKey,
    _body: NoBody,
) -> Answer<Response> {
    let buyer = buyer.person();
    let request = key.of(buyer, b"");
    let done = withdraw(&market, buyer, order, request).await?;
    Ok(answered(StatusCode::OK, done, OrderTouchedJson::from))
}

/// Take the substitute
///
/// Where it costs more and the shop asks for that, the answer names the payment.
#[utoipa::path(
    post, operation_id = "accept_substitute", path = "/orders/{order}/shortages/{shortage}/acceptance", tag = "buying", security(("key" = ["buyer"])),
    params(("order" = IdText, Path), ("shortage" = IdText, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = ShortageStateJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_acceptance(
    State(market): State<Market>,
    buyer: Buyer,
    At((order, shortage)): At<(OrderId, ShortageId)>,
    key: IdempotencyKey,
    _body: NoBody,
) -> Answer<Response> {
    let buyer = buyer.person();
    let request = key.of(buyer, b"");
    let done = accept_substitute(&market, buyer, order, shortage, request).await?;
    Ok(answered(StatusCode::OK, done, ShortageStateJson::from))
}

/// Take the money instead
#[utoipa::path(
    post, operation_id = "refuse_substitute", path = "/orders/{order}/shortages/{shortage}/refusal", tag = "buying", security(("key" = ["buyer"])),
    params(("order" = IdText, Path), ("shortage" = IdText, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = ShortageStateJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_refusal(
    State(market): State<Market>,
    buyer: Buyer,
    At((order, shortage)): At<(OrderId, ShortageId)>,
    key: IdempotencyKey,
    _body: NoBody,
) -> Answer<Response> {
    let buyer = buyer.person();
    let request = key.of(buyer, b"");
    let done = refuse_substitute(&market, buyer, order, shortage, request).await?;
    Ok(answered(StatusCode::OK, done, ShortageStateJson::from))
}

/// Write to the shop about one of my orders
#[utoipa::path(
    post, operation_id = "write_to_shop", path = "/orders/{order}/messages", tag = "buying", security(("key" = ["buyer"])),
    params(("order" = IdText, Path), ("Idempotency-Key" = String, Header)),
    request_body = WordsBody,
    responses((status = 201, body = OrderTouchedJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_message(
    State(market): State<Market>,
    buyer: Buyer,
    At(order): At<OrderId>,
    key: IdempotencyKey,
    body: Body<WordsBody>,
) -> Answer<Response> {
    let buyer = buyer.person();
    let request = key.of(buyer, &body.bytes);
    let done = checks::write_as_buyer(&market, buyer, order, &body.value.text, request).await?;
    Ok(answered(StatusCode::CREATED, done, OrderTouchedJson::from))
}

/// Where the order is to go.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectedAddressBody {
    #[schema(value_type = super::addresses::AddressJson)]
    address: Address,
}

/// Correct the address of one of my orders
///
/// Until it is shipped.
#[utoipa::path(
    post, operation_id = "correct_order_address", path = "/orders/{order}/address-corrections", tag = "buying", security(("key" = ["buyer"])),
    params(("order" = IdText, Path), ("Idempotency-Key" = String, Header)),
    request_body = CorrectedAddressBody,
    responses((status = 200, body = OrderTouchedJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn replace_address(
    State(market): State<Market>,
    buyer: Buyer,
    At(order): At<OrderId>,
    key: IdempotencyKey,
    body: Body<CorrectedAddressBody>,
) -> Answer<Response> {
    let buyer = buyer.person();
    let request = key.of(buyer, &body.bytes);
    let done = checks::correct_address(&market, buyer, order, body.value.address, request).await?;
    Ok(answered(StatusCode::OK, done, OrderTouchedJson::from))
}

/// The buyer's answer to a proposed address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressAnswerBody {
    accepted: bool,
}

/// Accept or refuse a proposed address
#[utoipa::path(
    post, operation_id = "answer_address_proposal", path = "/orders/{order}/messages/{message}/answer", tag = "buying", security(("key" = ["buyer"])),
    params(("order" = IdText, Path), ("message" = IdText, Path), ("Idempotency-Key" = String, Header)),
    request_body = AddressAnswerBody,
    responses((status = 200, body = OrderTouchedJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_answer(
    State(market): State<Market>,
    buyer: Buyer,
    At((order, message)): At<(OrderId, OrderMessageId)>,
    key: IdempotencyKey,
    body: Body<AddressAnswerBody>,
) -> Answer<Response> {
    let buyer = buyer.person();
    let request = key.of(buyer, &body.bytes);
    let answer = (message, body.value.accepted);
    let done = checks::answer_address(&market, buyer, order, answer, request).await?;
    Ok(answered(StatusCode::OK, done, OrderTouchedJson::from))
}
