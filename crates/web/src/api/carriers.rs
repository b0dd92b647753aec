//! `/operator/carriers`, `/shops/{shop}/orders/{order}/services`, `/shops/{shop}/skus/{sku}/sides`: who carries what.

use actions::Market;
use actions::carrier_keys;
use actions::catalog::{set_sides, sides_of};
use actions::shop_desk::order_file;
use axum::Json;
use axum::extract::State;
use rules::ids::{OrderId, ShopId, SkuId};
use rules::money::Money;
use rules::people::Permission;
use rules::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::At;
use super::bodies::Body;
use super::problem::{Answer, ProblemJson};
use super::shapes::{IdText, MoneyJson, TimeText};
use super::who::Who;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(list_services))
        .routes(routes!(show_sides, replace_sides))
}

/// A carrier, and whether it can report.
#[derive(Serialize, ToSchema)]
pub struct CarrierJson {
    code: String,
    name_en: String,
    name_zh: String,
    /// Keys which open something now: none, one, or two while one is being replaced.
    live_keys: usize,
    /// When a report signed with one of its keys last came.
    #[schema(value_type = Option<TimeText>)]
    heard_at: Option<Timestamp>,
}

#[derive(Serialize, ToSchema)]
pub struct CarriersJson {
    items: Vec<CarrierJson>,
}

/// List the carriers
///
/// Keys are made by people: on the operator's page, or with `guildhall keys create --scope carrier`.
#[utoipa::path(
    get, operation_id = "list_carriers", path = "/operator/carriers", tag = "carriers", security(("key" = ["operator"])),
    responses((status = 200, body = CarriersJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list(State(market): State<Market>, who: Who) -> Answer<Json<CarriersJson>> {
    who.in_house(Permission::ViewHouse)?;
    let now = market.now();
    let desks = carrier_keys::all(&market).await?;
    let item = |desk: carrier_keys::CarrierDesk| CarrierJson {
        live_keys: desk.keys.iter().filter(|key| key.ends_at.is_none_or(|at| at > now)).count(),
        heard_at: desk.keys.iter().filter_map(|key| key.used_at).max(),
        code: desk.code,
        name_en: desk.name_en,
        name_zh: desk.name_zh,
    };
    Ok(Json(CarriersJson { items: desks.into_iter().map(item).collect() }))
}

/// A service which takes the parcel.
#[derive(Serialize, ToSchema)]
pub struct ServiceOfferJson {
    service: String,
    carrier: String,
    #[schema(value_type = MoneyJson)]
    price: Money,
    /// What is paid for: by the scales, or by the space it takes.
    charged_grams: i64,
    #[schema(value_type = TimeText)]
    promise_from: Timestamp,
    #[schema(value_type = TimeText)]
    promise_by: Timestamp,
    /// Whether the buyer was promised this one.
    promised: bool,
}

/// A service which does not take it, and why.
#[derive(Serialize, ToSchema)]
pub struct ServiceExcludedJson {
    service: String,
    /// Stable: `not_from`, `not_to`, `too_heavy`, `too_long`, `too_bulky`, `too_far`, `distance_unknown`,
    /// `no_fragile`, `no_liquid`, `no_battery`, `no_oversize`, `no_battery_by_air`.
    code: &'static str,
    says: String,
}

#[derive(Serialize, ToSchema)]
pub struct ServicesJson {
    /// The best first.
    offers: Vec<ServiceOfferJson>,
    excluded: Vec<ServiceExcludedJson>,
}

/// List the services for an order
///
/// By cost and then by promise, if the parcel were handed over now.
#[utoipa::path(
    get, operation_id = "list_order_services", path = "/shops/{shop}/orders/{order}/services", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path)),
    responses((status = 200, body = ServicesJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list_services(
    State(market): State<Market>,
    who: Who,
    At((shop, order)): At<(ShopId, OrderId)>,
) -> Answer<Json<ServicesJson>> {
    who.in_shop(shop, Permission::ViewOrders)?;
    let file = order_file(&market, shop, order).await?;
    let offers = file.ranking.offers.into_iter().map(|offer| ServiceOfferJson {
        promised: offer.service == file.order.service,
        price: Money::new(offer.price_minor, file.order.currency),
        charged_grams: offer.charged_grams,
        promise_from: offer.promise_from,
        promise_by: offer.promise_by,
        service: offer.service,
        carrier: offer.carrier,
    });
    let excluded = file.ranking.excluded.into_iter().map(|(service, why)| ServiceExcludedJson {
        service,
        code: why.code(),
        says: why.to_string(),
    });
    Ok(Json(ServicesJson { offers: offers.collect(), excluded: excluded.collect() }))
}

/// How large one piece is as it is packed for sale, in millimetres. All 0: nobody has measured it.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SidesJson {
    #[schema(minimum = 0, maximum = 20_000)]
    length_mm: i64,
    #[schema(minimum = 0, maximum = 20_000)]
    width_mm: i64,
    #[schema(minimum = 0, maximum = 20_000)]
    height_mm: i64,
}

/// Read how large a SKU is
#[utoipa::path(
    get, operation_id = "show_sku_sides", path = "/shops/{shop}/skus/{sku}/sides", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("sku" = IdText, Path)),
    responses((status = 200, body = SidesJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn show_sides(
    State(market): State<Market>,
    who: Who,
    At((shop, sku)): At<(ShopId, SkuId)>,
) -> Answer<Json<SidesJson>> {
    who.in_shop(shop, Permission::ViewOrders)?;
    let [length_mm, width_mm, height_mm] = sides_of(&market, shop, sku).await?;
    Ok(Json(SidesJson { length_mm, width_mm, height_mm }))
}

/// Say how large a SKU is
///
/// Services which count space, length or girth are priced and excluded by it.
#[utoipa::path(
    put, operation_id = "set_sku_sides", path = "/shops/{shop}/skus/{sku}/sides", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("sku" = IdText, Path)),
    request_body = SidesJson,
    responses((status = 200, body = SidesJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn replace_sides(
    State(market): State<Market>,
    who: Who,
    At((shop, sku)): At<(ShopId, SkuId)>,
    body: Body<SidesJson>,
) -> Answer<Json<SidesJson>> {
    let actor = who.in_shop(shop, Permission::EditStock)?;
    let SidesJson { length_mm, width_mm, height_mm } = body.value;
    let sides = [length_mm, width_mm, height_mm];
    set_sides(&market, actor, shop, sku, sides).await?;
    Ok(Json(SidesJson { length_mm, width_mm, height_mm }))
}
