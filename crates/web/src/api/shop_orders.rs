//! `/shops/{shop}/orders`: what a shop sees of its orders and does with them.

use actions::orders::{
    OrderAsk, PackOrder, ShipOrder, cancel_by_shop, confirm_order, pack_order, ship_order,
};
use actions::{Actor, Failure, Market};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rules::ids::{OrderId, ParcelId, ShopId};
use rules::orders::marks::Mark;
use rules::orders::{CancelReason, OrderStateName};
use rules::people::Permission;
use rules::shipping::overrides::{OverrideReason, ServiceOverride};
use rules::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::lists::orders::ShopOrders;
use store::{Tx, lists};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::{Asked, At, IdempotencyKey, IfMatch, answered, etag, invalid_query, paging};
use super::bodies::{Body, NoBody};
use super::order_reads;
use super::order_shapes::{Eyes, OrderDetailJson, OrderJson, OrderStateJson};
use super::problem::{Answer, Problem, ProblemJson};
use super::shapes::{IdText, Page, TimeText};
use super::who::Who;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(create_confirmation))
        .routes(routes!(create_parcel))
        .routes(routes!(create_shipment))
        .routes(routes!(create_cancellation))
}

/// Which orders of a shop.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ShopOrdersQuery {
    /// States, with commas between them; all when left out.
    state: Option<String>,
    /// Only those whose deadline comes before this moment.
    #[param(value_type = Option<TimeText>)]
    due_before: Option<Timestamp>,
    /// Only these, up to 100 ids with commas between them.
    ids: Option<String>,
    /// Part of the buyer's name.
    buyer: Option<String>,
    /// Only those which the shop has marked so: `red`, `amber`, `green`, `blue` or `violet`.
    mark: Option<String>,
    /// `next` of the part before.
    cursor: Option<String>,
    /// How many items, 1 to 100; 50 when left out.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<i64>,
}

/// Ids which one list takes.
const MOST_IDS: usize = 100;

impl ShopOrdersQuery {
    fn read(self) -> Result<ShopOrders, Problem> {
        let (before, limit) = paging(self.cursor.as_deref(), self.limit)?;
        let parts = |text: Option<String>| -> Vec<String> {
            let text = text.unwrap_or_default();
            text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        let state = |code: String| {
            OrderStateName::parse(&code)
                .ok_or_else(|| invalid_query("state", &format!("no state is called {code}")))
        };
        let states = parts(self.state).into_iter().map(state).collect::<Result<_, _>>()?;
        let ids = parts(self.ids);
        if ids.len() > MOST_IDS {
            return Err(invalid_query("ids", "at most 100"));
        }
        let id = |text: String| {
            text.parse::<OrderId>().map_err(|error| invalid_query("ids", &error.to_string()))
        };
        let ids = ids.into_iter().map(id).collect::<Result<_, _>>()?;
        let buyer = self.buyer.unwrap_or_default();
        let mark = match self.mark.as_deref() {
            None => String::new(),
            Some(code) => {
                let known = Mark::parse(code).map(|mark| mark.code().to_owned());
                known.ok_or_else(|| invalid_query("mark", &format!("no mark is called {code}")))?
            }
        };
        Ok(ShopOrders {
            mark,
            states,
            due_before: self.due_before,
            ids,
            buyer,
            before,
            limit,
            late_at: None,
        })
    }
}

/// List a shop's orders
///
/// Newest first.
#[utoipa::path(
    get, operation_id = "list_shop_orders", path = "/shops/{shop}/orders", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ShopOrdersQuery),
    responses((status = 200, body = Page<OrderJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list(
    State(market): State<Market>,
    who: Who,
    At(shop): At<ShopId>,
    Asked(query): Asked<ShopOrdersQuery>,
) -> Answer<Json<Page<OrderJson>>> {
    who.in_shop(shop, Permission::ViewOrders)?;
    let wanted = query.read()?;
    let limit = wanted.limit;
    let one_more = ShopOrders { limit: limit + 1, ..wanted };
    let read = async move |tx: &mut Tx| -> Result<_, Failure> {
        Ok(lists::orders::of_shop(tx, shop, &one_more).await?)
    };
    let rows = market.store.read(read).await?;
    Ok(Json(Page::cut(rows, limit, |row| row.id.number(), |row| OrderJson::of(&row))?))
}

/// Read an order of a shop
#[utoipa::path(
    get, operation_id = "show_shop_order", path = "/shops/{shop}/orders/{order}", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path)),
    responses((status = 200, body = OrderDetailJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn show(
    State(market): State<Market>,
    who: Who,
    At((shop, order)): At<(ShopId, OrderId)>,
) -> Answer<Response> {
    who.in_shop(shop, Permission::ViewOrders)?;
    let rows = order_reads::one_of_shop(&market, shop, order).await?;
    let version = rows.order.version;
    Ok((etag(version), Json(rows.shown(Eyes::Trade)?)).into_response())
}

/// What every act on an order is told.
fn ask(
    who: &Who,
    actor: Actor,
    at: (ShopId, OrderId),
    seen: IfMatch,
    key: &IdempotencyKey,
    body: &[u8],
) -> OrderAsk {
    let (shop, order) = at;
    OrderAsk { shop, order, actor, expected: seen.0, request: key.of(who.person(), body) }
}

/// Confirm an order
///
/// The shop has looked at the flags and stands by the order.
#[utoipa::path(
    post, operation_id = "confirm_order", path = "/shops/{shop}/orders/{order}/confirmation", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path), ("Idempotency-Key" = String, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = OrderStateJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_confirmation(
    State(market): State<Market>,
    who: Who,
    At(at): At<(ShopId, OrderId)>,
    key: IdempotencyKey,
    seen: IfMatch,
    _body: NoBody,
) -> Answer<Response> {
    let actor = who.in_shop(at.0, Permission::ConfirmOrders)?;
    let confirmed = confirm_order(&market, ask(&who, actor, at, seen, &key, b"")).await?;
    Ok(answered(StatusCode::OK, confirmed, OrderStateJson::from))
}

/// What was packed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ParcelBody {
    #[schema(minimum = 1, maximum = 1_000_000)]
    weight_grams: i64,
}

/// A new parcel.
#[derive(Serialize, ToSchema)]
pub struct NewParcelJson {
    #[schema(value_type = IdText)]
    id: ParcelId,
}

impl NewParcelJson {
    pub const fn of(id: ParcelId) -> Self {
        Self { id }
    }
}

/// Pack an order
#[utoipa::path(
    post, operation_id = "pack_order", path = "/shops/{shop}/orders/{order}/parcels", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path), ("Idempotency-Key" = String, Header), ("If-Match" = Option<String>, Header)),
    request_body = ParcelBody,
    responses((status = 201, body = NewParcelJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_parcel(
    State(market): State<Market>,
    who: Who,
    At(at): At<(ShopId, OrderId)>,
    key: IdempotencyKey,
    seen: IfMatch,
    body: Body<ParcelBody>,
) -> Answer<Response> {
    let actor = who.in_shop(at.0, Permission::PackOrders)?;
    let ask = ask(&who, actor, at, seen, &key, &body.bytes);
    let packed =
        pack_order(&market, PackOrder { ask, weight_grams: body.value.weight_grams }).await?;
    Ok(answered(StatusCode::CREATED, packed, NewParcelJson::of))
}

/// How the parcel goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShipmentBody {
    /// The service's code; the promised one when left out.
    #[serde(default)]
    service: String,
    /// The carrier's number. A sandbox makes one up when it is left out.
    #[serde(default)]
    tracking_number: String,
    /// Why it goes by another service than the promised one: `cheaper`, `faster`, `no_pick_up`, `too_large`,
    /// `buyer_asked` or `other`. Needed then, and kept.
    override_reason: Option<String>,
    /// In words; `other` needs some.
    #[serde(default)]
    #[schema(max_length = 200)]
    override_note: String,
}

/// Ship an order
#[utoipa::path(
    post, operation_id = "ship_order", path = "/shops/{shop}/orders/{order}/shipment", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path), ("Idempotency-Key" = String, Header), ("If-Match" = Option<String>, Header)),
    request_body = ShipmentBody,
    responses((status = 200, body = OrderStateJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_shipment(
    State(market): State<Market>,
    who: Who,
    At(at): At<(ShopId, OrderId)>,
    key: IdempotencyKey,
    seen: IfMatch,
    body: Body<ShipmentBody>,
) -> Answer<Response> {
    let actor = who.in_shop(at.0, Permission::ShipOrders)?;
    let ask = ask(&who, actor, at, seen, &key, &body.bytes);
    let ShipmentBody { service, tracking_number, override_reason, override_note } = body.value;
    let unknown = || {
        let says = "one of cheaper, faster, no_pick_up, too_large, buyer_asked, other";
        Failure::invalid("override_reason", "unknown_reason", says)
    };
    let reason = override_reason.map(|code| OverrideReason::parse(&code).ok_or_else(unknown));
    let instead = reason.transpose()?.map(|reason| ServiceOverride { reason, note: override_note });
    let ship = ShipOrder { ask, service, tracking_number, instead };
    let shipped = ship_order(&market, ship).await?;
    Ok(answered(StatusCode::OK, shipped, OrderStateJson::from))
}

/// Why the shop cannot deliver.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancellationBody {
    /// `out_of_stock`, `price_error` or `address_problem`.
    reason: String,
}

/// Cancel an order of a shop
///
/// Counts against the shop unless the address was at fault. What was paid goes back whole.
#[utoipa::path(
    post, operation_id = "cancel_shop_order", path = "/shops/{shop}/orders/{order}/cancellation", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path), ("Idempotency-Key" = String, Header), ("If-Match" = Option<String>, Header)),
    request_body = CancellationBody,
    responses((status = 200, body = OrderStateJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_cancellation(
    State(market): State<Market>,
    who: Who,
    At(at): At<(ShopId, OrderId)>,
    key: IdempotencyKey,
    seen: IfMatch,
    body: Body<CancellationBody>,
) -> Answer<Response> {
    let actor = who.in_shop(at.0, Permission::CancelOrders)?;
    let says = "out_of_stock, price_error or address_problem";
    let reason = CancelReason::parse(&body.value.reason)
        .ok_or_else(|| Failure::invalid("reason", "unknown_reason", says))?;
    let ask = ask(&who, actor, at, seen, &key, &body.bytes);
    let cancelled = cancel_by_shop(&market, ask, reason).await?;
    Ok(answered(StatusCode::OK, cancelled, OrderStateJson::from))
}
