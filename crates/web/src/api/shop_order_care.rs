//! `/shops/{shop}/…`: what a shop does with orders which do not go straight through.

use actions::cancellations::{AnswerRequest, approve, refuse};
use actions::orders::{
    CancelLine, GiveBack, LineBack, OrderAsk, PartGiven, cancel_line, drop_rest, give_back,
};
use actions::shortages::{
    OfferSubstitute, ReportShortage, StepShortage, give_up_shortage, offer_substitute,
    report_shortage, withdraw_shortage,
};
use actions::{Actor, Failure, Market, checks};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use rules::checkout::address::Address;
use rules::ids::{
    CancelRequestId, OrderFlagId, OrderId, OrderLineId, RefundId, ShopId, ShortageId, SkuId,
};
use rules::money::Money;
use rules::orders::refunds::BackReason;
use rules::orders::shortages::ShortageCause;
use rules::people::Permission;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::{At, IdempotencyKey, answered};
use super::bodies::{Body, NoBody};
use super::care_shapes::{CareJson, OrderTouchedJson, ShortageStateJson, WordsBody};
use super::order_reads;
use super::order_shapes::OrderStateJson;
use super::problem::{Answer, ProblemJson};
use super::shapes::{IdText, MoneyJson};
use super::who::Who;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(create_resolution))
        .routes(routes!(create_lower_price))
        .routes(routes!(create_message))
        .routes(routes!(create_address_proposal))
        .routes(routes!(create_approval))
        .routes(routes!(create_refusal))
        .routes(routes!(create_shortage))
        .routes(routes!(create_offer))
        .routes(routes!(create_refund))
        .routes(routes!(create_withdrawal))
        .routes(routes!(create_line_cancellation))
        .routes(routes!(create_short_count))
        .routes(routes!(create_give_back))
        .routes(routes!(create_rest_cancellation))
}

fn ask(
    who: &Who,
    actor: Actor,
    (shop, order): (ShopId, OrderId),
    key: &IdempotencyKey,
    body: &[u8],
) -> OrderAsk {
    OrderAsk { shop, order, actor, expected: None, request: key.of(who.person(), body) }
}

/// Read what hangs on an order
///
/// Flags, messages, requests to cancel and shortages.
#[utoipa::path(
    get, operation_id = "show_care_of_order", path = "/shops/{shop}/orders/{order}/care", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path)),
    responses((status = 200, body = CareJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn show(
    State(market): State<Market>,
    who: Who,
    At((shop, order)): At<(ShopId, OrderId)>,
) -> Answer<Json<CareJson>> {
    who.in_shop(shop, Permission::ViewOrders)?;
    let rows = order_reads::one_of_shop(&market, shop, order).await?;
    let care = checks::of_order(&market, shop, order).await?;
    Ok(Json(CareJson::of(care, rows.order.currency)?))
}

/// Why something is as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhyBody {
    /// 1 to 1000 characters.
    why: String,
}

/// Resolve a check flag
///
/// The last one confirms the order.
#[utoipa::path(
    post, operation_id = "resolve_flag", path = "/shops/{shop}/orders/{order}/flags/{flag}/resolution", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path), ("flag" = IdText, Path), ("Idempotency-Key" = String, Header)),
    request_body = WhyBody,
    responses((status = 200, body = OrderTouchedJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_resolution(
    State(market): State<Market>,
    who: Who,
    At((shop, order, flag)): At<(ShopId, OrderId, OrderFlagId)>,
    key: IdempotencyKey,
    body: Body<WhyBody>,
) -> Answer<Response> {
    let actor = who.in_shop(shop, Permission::ConfirmOrders)?;
    let ask = ask(&who, actor, (shop, order), &key, &body.bytes);
    let done = checks::resolve_flag(&market, ask, flag, &body.value.why).await?;
    Ok(answered(StatusCode::OK, done, OrderTouchedJson::from))
}

/// Honour a price which has fallen since
///
/// The difference goes back to the buyer.
#[utoipa::path(
    post, operation_id = "honour_lower_price", path = "/shops/{shop}/orders/{order}/lower-price", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = OrderTouchedJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_lower_price(
    State(market): State<Market>,
    who: Who,
    At(at): At<(ShopId, OrderId)>,
    key: IdempotencyKey,
    _body: NoBody,
) -> Answer<Response> {
    let actor = who.in_shop(at.0, Permission::ConfirmOrders)?;
    let done = checks::honour_price(&market, ask(&who, actor, at, &key, b"")).await?;
    Ok(answered(StatusCode::OK, done, OrderTouchedJson::from))
}

/// Write to the buyer about an order
#[utoipa::path(
    post, operation_id = "write_to_buyer", path = "/shops/{shop}/orders/{order}/messages", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path), ("Idempotency-Key" = String, Header)),
    request_body = WordsBody,
    responses((status = 201, body = OrderTouchedJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_message(
    State(market): State<Market>,
    who: Who,
    At(at): At<(ShopId, OrderId)>,
    key: IdempotencyKey,
    body: Body<WordsBody>,
) -> Answer<Response> {
    let actor = who.in_shop(at.0, Permission::ConfirmOrders)?;
    let ask = ask(&who, actor, at, &key, &body.bytes);
    let done = checks::write_message(&market, ask, &body.value.text).await?;
    Ok(answered(StatusCode::CREATED, done, OrderTouchedJson::from))
}

/// An address which the buyer is asked to accept.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressProposalBody {
    #[schema(value_type = super::addresses::AddressJson)]
    address: Address,
    #[serde(default)]
    note: String,
}

/// Propose a corrected address
///
/// It counts once the buyer has accepted it.
#[utoipa::path(
    post, operation_id = "propose_address", path = "/shops/{shop}/orders/{order}/address-proposals", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path), ("Idempotency-Key" = String, Header)),
    request_body = AddressProposalBody,
    responses((status = 201, body = OrderTouchedJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_address_proposal(
    State(market): State<Market>,
    who: Who,
    At(at): At<(ShopId, OrderId)>,
    key: IdempotencyKey,
    body: Body<AddressProposalBody>,
) -> Answer<Response> {
    let actor = who.in_shop(at.0, Permission::ConfirmOrders)?;
    let ask = ask(&who, actor, at, &key, &body.bytes);
    let AddressProposalBody { address, note } = body.value;
    let done = checks::propose_address(&market, ask, address, &note).await?;
    Ok(answered(StatusCode::CREATED, done, OrderTouchedJson::from))
}

/// Agree to cancel
///
/// The order is cancelled and the buyer refunded.
#[utoipa::path(
    post, operation_id = "approve_cancel_request", path = "/shops/{shop}/cancel-requests/{request}/approval", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("request" = IdText, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = OrderTouchedJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_approval(
    State(market): State<Market>,
    who: Who,
    At((shop, id)): At<(ShopId, CancelRequestId)>,
    key: IdempotencyKey,
    _body: NoBody,
) -> Answer<Response> {
    let actor = who.of_shop(shop, Permission::CancelOrders)?;
    let request = key.of(who.person(), b"");
    let done = approve(&market, AnswerRequest { shop, id, actor, request }).await?;
    Ok(answered(StatusCode::OK, done, OrderTouchedJson::from))
}

/// Refuse to cancel
///
/// The buyer reads why.
#[utoipa::path(
    post, operation_id = "refuse_cancel_request", path = "/shops/{shop}/cancel-requests/{request}/refusal", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("request" = IdText, Path), ("Idempotency-Key" = String, Header)),
    request_body = WhyBody,
    responses((status = 200, body = OrderTouchedJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_refusal(
    State(market): State<Market>,
    who: Who,
    At((shop, id)): At<(ShopId, CancelRequestId)>,
    key: IdempotencyKey,
    body: Body<WhyBody>,
) -> Answer<Response> {
    let actor = who.of_shop(shop, Permission::CancelOrders)?;
    let request = key.of(who.person(), &body.bytes);
    let ask = AnswerRequest { shop, id, actor, request };
    let done = refuse(&market, ask, &body.value.why).await?;
    Ok(answered(StatusCode::OK, done, OrderTouchedJson::from))
}

/// Pieces which are not there.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShortageBody {
    #[schema(value_type = IdText)]
    line: OrderLineId,
    #[schema(minimum = 1)]
    missing_count: i64,
    /// `counted`, `damaged` or `reserved`.
    cause: String,
}

/// Report missing pieces
#[utoipa::path(
    post, operation_id = "report_shortage", path = "/shops/{shop}/orders/{order}/shortages", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path), ("Idempotency-Key" = String, Header)),
    request_body = ShortageBody,
    responses((status = 201, body = ShortageStateJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_shortage(
    State(market): State<Market>,
    who: Who,
    At((shop, order)): At<(ShopId, OrderId)>,
    key: IdempotencyKey,
    body: Body<ShortageBody>,
) -> Answer<Response> {
    let actor = who.in_shop(shop, Permission::PackOrders)?;
    let request = key.of(who.person(), &body.bytes);
    let ShortageBody { line, missing_count, cause } = body.value;
    let says = "counted, damaged or reserved";
    let cause = ShortageCause::parse(&cause)
        .ok_or_else(|| Failure::invalid("cause", "unknown_cause", says))?;
    let ask = ReportShortage { shop, order, line, missing_count, cause, actor, request };
    let done = report_shortage(&market, ask).await?;
    Ok(answered(StatusCode::CREATED, done, ShortageStateJson::from))
}

/// What is offered instead.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferBody {
    #[schema(value_type = IdText)]
    sku: SkuId,
    /// true: the shop does not ask for what it costs more.
    #[serde(default)]
    waived: bool,
}

/// Offer a substitute
///
/// Its pieces are reserved until the buyer has answered.
#[utoipa::path(
    post, operation_id = "offer_substitute", path = "/shops/{shop}/shortages/{shortage}/offer", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("shortage" = IdText, Path), ("Idempotency-Key" = String, Header)),
    request_body = OfferBody,
    responses((status = 200, body = ShortageStateJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_offer(
    State(market): State<Market>,
    who: Who,
    At((shop, shortage)): At<(ShopId, ShortageId)>,
    key: IdempotencyKey,
    body: Body<OfferBody>,
) -> Answer<Response> {
    let actor = who.in_shop(shop, Permission::ConfirmOrders)?;
    let request = key.of(who.person(), &body.bytes);
    let OfferBody { sku, waived } = body.value;
    let ask = OfferSubstitute { shop, shortage, sku, waived, actor, request };
    let done = offer_substitute(&market, ask).await?;
    Ok(answered(StatusCode::OK, done, ShortageStateJson::from))
}

/// Refund what is missing
#[utoipa::path(
    post, operation_id = "refund_shortage", path = "/shops/{shop}/shortages/{shortage}/refund", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("shortage" = IdText, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = ShortageStateJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_refund(
    State(market): State<Market>,
    who: Who,
    At((shop, shortage)): At<(ShopId, ShortageId)>,
    key: IdempotencyKey,
    _body: NoBody,
) -> Answer<Response> {
    let actor = who.in_shop(shop, Permission::ConfirmOrders)?;
    let request = key.of(who.person(), b"");
    let done = give_up_shortage(&market, StepShortage { shop, shortage, actor, request }).await?;
    Ok(answered(StatusCode::OK, done, ShortageStateJson::from))
}

/// The missing pieces turned up
#[utoipa::path(
    post, operation_id = "withdraw_shortage", path = "/shops/{shop}/shortages/{shortage}/withdrawal", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("shortage" = IdText, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = ShortageStateJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_withdrawal(
    State(market): State<Market>,
    who: Who,
    At((shop, shortage)): At<(ShopId, ShortageId)>,
    key: IdempotencyKey,
    _body: NoBody,
) -> Answer<Response> {
    let actor = who.in_shop(shop, Permission::ConfirmOrders)?;
    let request = key.of(who.person(), b"");
    let done = withdraw_shortage(&market, StepShortage { shop, shortage, actor, request }).await?;
    Ok(answered(StatusCode::OK, done, ShortageStateJson::from))
}

/// How many pieces.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountBody {
    #[schema(minimum = 0)]
    count: i64,
}

/// Take pieces of a line off an order
///
/// For want of stock, where the market allows it. Counts against the shop.
#[utoipa::path(
    post, operation_id = "cancel_order_line", path = "/shops/{shop}/orders/{order}/lines/{line}/cancellation", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path), ("line" = IdText, Path), ("Idempotency-Key" = String, Header)),
    request_body = CountBody,
    responses((status = 200, body = OrderStateJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_line_cancellation(
    State(market): State<Market>,
    who: Who,
    At((shop, order, line)): At<(ShopId, OrderId, OrderLineId)>,
    key: IdempotencyKey,
    body: Body<CountBody>,
) -> Answer<Response> {
    let actor = who.of_shop(shop, Permission::CancelOrders)?;
    let ask = ask(&who, actor, (shop, order), &key, &body.bytes);
    let done = cancel_line(&market, CancelLine { ask, line, count: body.value.count }).await?;
    Ok(answered(StatusCode::OK, done, OrderStateJson::from))
}

/// The shortages which a count found.
#[derive(Serialize, ToSchema)]
pub struct FoundJson {
    #[schema(value_type = Vec<IdText>)]
    shortages: Vec<ShortageId>,
}

/// Count fewer pieces than are promised
///
/// The newest orders are short; their buyers are offered something else or their money.
#[utoipa::path(
    post, operation_id = "count_short", path = "/shops/{shop}/stock/{sku}/short-counts", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("sku" = IdText, Path), ("Idempotency-Key" = String, Header)),
    request_body = CountBody,
    responses((status = 201, body = FoundJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_short_count(
    State(market): State<Market>,
    who: Who,
    At((shop, sku)): At<(ShopId, SkuId)>,
    key: IdempotencyKey,
    body: Body<CountBody>,
) -> Answer<Response> {
    let actor = who.in_shop(shop, Permission::EditStock)?;
    let request = key.of(who.person(), &body.bytes);
    let count = body.value.count;
    let done = actions::catalog::count_short(&market, actor, shop, sku, count, request).await?;
    Ok(answered(StatusCode::CREATED, done, |shortages| FoundJson { shortages }))
}

/// What goes back of one line.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineBackBody {
    #[schema(value_type = IdText)]
    line: OrderLineId,
    /// Pieces of the line, with their frozen share of its money.
    #[serde(default)]
    #[schema(minimum = 0)]
    count: i64,
    /// So much besides, in minor units of the order's currency.
    #[serde(default)]
    #[schema(minimum = 0)]
    amount_minor: i64,
}

/// A refund which the shop decides on itself.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveBackBody {
    /// `damaged`, `piece_missing`, `late`, `price_lowered` or `goodwill`.
    reason: String,
    /// A word to the buyer, at most 1000 characters.
    #[serde(default)]
    note: String,
    /// Empty: everything which can still go back.
    #[serde(default)]
    lines: Vec<LineBackBody>,
}

/// What was given back.
#[derive(Serialize, ToSchema)]
struct PartGivenJson {
    order: OrderStateJson,
    #[schema(value_type = MoneyJson)]
    amount: Money,
    /// The refunds which bring it: more than one where the buyer paid more than once.
    #[schema(value_type = Vec<IdText>)]
    refunds: Vec<RefundId>,
}

impl From<PartGiven> for PartGivenJson {
    fn from(given: PartGiven) -> Self {
        Self { order: given.order.into(), amount: given.amount, refunds: given.refunds }
    }
}

/// Give money back after shipment
///
/// Before and after settlement, as long as something of what was paid is left. Once the order has settled it is paid
/// out of what is available, then out of the reserve and the deposit; what is still missing is a debt which the next
/// money pays. Charges at the border stay with the authority.
#[utoipa::path(
    post, operation_id = "give_back", path = "/shops/{shop}/orders/{order}/refunds", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path), ("Idempotency-Key" = String, Header)),
    request_body = GiveBackBody,
    responses((status = 201, body = PartGivenJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_give_back(
    State(market): State<Market>,
    who: Who,
    At(at): At<(ShopId, OrderId)>,
    key: IdempotencyKey,
    body: Body<GiveBackBody>,
) -> Answer<Response> {
    let actor = who.of_shop(at.0, Permission::CancelOrders)?;
    let ask = ask(&who, actor, at, &key, &body.bytes);
    let GiveBackBody { reason, note, lines } = body.value;
    let says = BackReason::OF_SHOP.map(BackReason::code).join(", ");
    let reason = BackReason::parse(&reason)
        .ok_or_else(|| Failure::invalid("reason", "unknown_reason", says))?;
    let of = |back: LineBackBody| LineBack {
        line: back.line,
        count: back.count,
        amount_minor: back.amount_minor,
    };
    let lines = lines.into_iter().map(of).collect();
    let done = give_back(&market, GiveBack { ask, reason, note, lines }).await?;
    Ok(answered(StatusCode::CREATED, done, PartGivenJson::from))
}

/// Give up the rest of an order of which a part has left
///
/// What has not left is taken off the order, and exactly its share goes back.
#[utoipa::path(
    post, operation_id = "give_up_rest", path = "/shops/{shop}/orders/{order}/rest-cancellation", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = OrderStateJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_rest_cancellation(
    State(market): State<Market>,
    who: Who,
    At(at): At<(ShopId, OrderId)>,
    key: IdempotencyKey,
    _body: NoBody,
) -> Answer<Response> {
    let actor = who.of_shop(at.0, Permission::CancelOrders)?;
    let done = drop_rest(&market, ask(&who, actor, at, &key, b"")).await?;
    Ok(answered(StatusCode::OK, done, OrderStateJson::from))
}
