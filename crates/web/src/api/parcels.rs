//! `/shops/{shop}/parcels/{parcel}/events`: what a carrier reports.

use actions::parcels::{TakeNews, take_news};
use actions::{Failure, Market};
use axum::Json;
use axum::extract::State;
use rules::ids::{ParcelId, ShopId};
use rules::people::Permission;
use rules::shipping::parcels::CarrierNews;
use rules::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::At;
use super::bodies::Body;
use super::problem::{Answer, ProblemJson};
use super::shapes::{IdText, TimeText};
use super::who::Who;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new().routes(routes!(create_event))
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
    /// First scan: the carrier has the parcel.
    Collected,
    /// Any later scan on the way.
    Moved,
    OutForDelivery,
    Delivered,
    Lost,
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
    // Carriers have no keys of their own yet: the shop passes their news on, or the house does.
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
