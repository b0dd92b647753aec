//! `/shops/{shop}/parcels/{parcel}/events`: what a carrier reports.

use actions::orders::OrderAsk;
use actions::parcels::{TakeNews, take_news};
use actions::tracking::{ChangeTracking, change_tracking};
use actions::{Failure, Market};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use rules::ids::{OrderId, ParcelId, ShopId};
use rules::people::Permission;
use rules::shipping::parcels::CarrierNews;
use rules::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::{At, IdempotencyKey, IfMatch, answered};
use super::bodies::Body;
use super::problem::{Answer, ProblemJson};
use super::shapes::{IdText, TimeText};
use super::who::Who;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new().routes(routes!(create_event)).routes(routes!(replace_tracking))
}

/// One piece of news of a carrier.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewsBody {
    /// The carrier's own name for this piece of news: the same one again changes nothing, so no Idempotency-Key is needed.
    #[schema(min_length = 1, max_length = 200)]
    carrier_ref: String,
    #[schema(value_type = NewsKind)]
    news: CarrierNews,
    /// Where it happened.
    #[serde(default)]
    #[schema(max_length = 200)]
    place: String,
    #[schema(value_type = TimeText)]
    happened_at: Timestamp,
}

/// What a carrier may report.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "this type is only a name in the document")]
enum NewsKind {
    /// The carrier knows the number; nothing has moved yet.
    Recognised,
    /// First scan: the carrier has the parcel.
    Collected,
    /// Any later scan on the way.
    Moved,
    /// It lies still for a reason: customs, weather, waiting to be picked up.
    Held,
    OutForDelivery,
    /// Nobody opened.
    Attempted,
    /// On the way back to the sender.
    Returning,
    Delivered,
    Lost,
    /// Stopped: what is left of it is not worth bringing.
    Damaged,
    /// Back at the sender.
    Returned,
}

#[derive(Serialize, ToSchema)]
pub struct NewsTakenJson {
    /// Whether it was news; false when the same one had come before.
    taken: bool,
}

/// Characters of a carrier's reference and of a place.
const LONGEST: usize = 200;
/// A carrier's clock may be this far ahead of ours.
const AHEAD: Span = Span::from_hours(26);

/// Report news of a parcel
///
/// News may come twice and out of order.
#[utoipa::path(
    post, operation_id = "report_parcel_news", path = "/shops/{shop}/parcels/{parcel}/events", tag = "carriers", security(("key" = ["shop", "operator"])),
    params(("shop" = IdText, Path), ("parcel" = IdText, Path)),
    request_body = NewsBody,
    responses((status = 200, body = NewsTakenJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_event(
    State(market): State<Market>,
    who: Who,
    At((shop, parcel)): At<(ShopId, ParcelId)>,
    body: Body<NewsBody>,
) -> Answer<Json<NewsTakenJson>> {
    // A carrier's own reports come in at `/hooks/carriers/{carrier}`; here the shop passes news on, or the house does.
    if who.in_house(Permission::RunDueWork).is_err() {
        who.in_shop(shop, Permission::ShipOrders)?;
    }
    let NewsBody { carrier_ref, news, place, happened_at } = body.value;
    let plain = |text: &str| text.chars().count() <= LONGEST && !text.chars().any(char::is_control);
    if carrier_ref.is_empty() || !plain(&carrier_ref) {
        let says = "1 to 200 characters in one line";
        return Err(Failure::invalid("carrier_ref", "not_readable", says).into());
    }
    if !plain(&place) {
        return Err(
            Failure::invalid("place", "too_long", "at most 200 characters in one line").into()
        );
    }
    if happened_at > market.now() + AHEAD {
        return Err(
            Failure::invalid("happened_at", "in_the_future", "this has not happened yet").into()
        );
    }
    let taken =
        take_news(&market, TakeNews { shop, parcel, carrier_ref, news, place, happened_at })
            .await?;
    Ok(Json(NewsTakenJson { taken }))
}

/// What was named wrongly at shipping.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrackingBody {
    /// The service's code; the parcel's own when left out.
    #[serde(default)]
    service: String,
    tracking_number: String,
}

/// The parcel whose number was changed.
#[derive(Serialize, ToSchema)]
pub struct TrackingJson {
    #[schema(value_type = IdText)]
    parcel: ParcelId,
}

/// Correct a parcel's carrier or number
///
/// Once, and within the hours after the hand-over which the policy allows.
#[utoipa::path(
    put, operation_id = "change_tracking", path = "/shops/{shop}/orders/{order}/parcels/{parcel}/tracking", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path), ("parcel" = IdText, Path), ("Idempotency-Key" = String, Header), ("If-Match" = Option<String>, Header)),
    request_body = TrackingBody,
    responses((status = 200, body = TrackingJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn replace_tracking(
    State(market): State<Market>,
    who: Who,
    At((shop, order, parcel)): At<(ShopId, OrderId, ParcelId)>,
    key: IdempotencyKey,
    seen: IfMatch,
    body: Body<TrackingBody>,
) -> Answer<Response> {
    let actor = who.in_shop(shop, Permission::ShipOrders)?;
    let request = key.of(who.person(), &body.bytes);
    let ask = OrderAsk { shop, order, actor, expected: seen.0, request };
    let TrackingBody { service, tracking_number } = body.value;
    let changed =
        change_tracking(&market, ChangeTracking { ask, parcel, service, tracking_number }).await?;
    Ok(answered(StatusCode::OK, changed, |parcel| TrackingJson { parcel }))
}
