//! `/shops/{shop}/skus/{sku}/stock` and `/stock-batches`: what lies in a shop's warehouses.

use actions::Market;
use actions::catalog::{ReceiveBatch, receive_batch_once, set_stock_once};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use rules::ids::{ShopId, SkuId, WarehouseId};
use rules::people::Permission;
use serde::{Deserialize, Serialize};
use store::stock::Stock;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::{At, IdempotencyKey, answered};
use super::bodies::Body;
use super::problem::{Answer, ProblemJson};
use super::shapes::IdText;
use super::who::Who;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new().routes(routes!(replace)).routes(routes!(create_batch))
}

/// What there is of a SKU.
#[derive(Serialize, ToSchema)]
#[schema(as = Stock)]
pub struct StockJson {
    #[schema(value_type = IdText)]
    sku: SkuId,
    #[schema(value_type = IdText)]
    warehouse: WarehouseId,
    /// Pieces in the warehouse.
    on_hand: i64,
    /// Of these, promised to orders.
    reserved: i64,
    /// What can be sold.
    left: i64,
}

impl From<Stock> for StockJson {
    fn from(stock: Stock) -> Self {
        Self {
            sku: stock.sku,
            warehouse: stock.warehouse,
            on_hand: stock.on_hand,
            reserved: stock.reserved,
            left: stock.left(),
        }
    }
}

/// What was counted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountBody {
    /// Pieces which lie there, those promised to orders included.
    #[schema(minimum = 0)]
    count: i64,
}

/// Count a SKU
///
/// A repeated request counts nothing again and answers the stock as it is now.
#[utoipa::path(
    put, operation_id = "count_stock", path = "/shops/{shop}/skus/{sku}/stock", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("sku" = IdText, Path), ("Idempotency-Key" = String, Header)),
    request_body = CountBody,
    responses((status = 200, body = StockJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn replace(
    State(market): State<Market>,
    who: Who,
    At((shop, sku)): At<(ShopId, SkuId)>,
    key: IdempotencyKey,
    body: Body<CountBody>,
) -> Answer<Response> {
    let actor = who.in_shop(shop, Permission::EditStock)?;
    let request = key.of(who.person(), &body.bytes);
    let counted = set_stock_once(&market, actor, shop, sku, body.value.count, request).await?;
    Ok(answered(StatusCode::OK, counted, StockJson::from))
}

/// A delivery which has arrived.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchBody {
    #[schema(value_type = IdText)]
    sku: SkuId,
    /// As printed on the goods, so that a recall can name it.
    #[schema(min_length = 1, max_length = 120)]
    code: String,
    #[schema(min_length = 1, max_length = 120)]
    supplier: String,
    #[schema(minimum = 1)]
    count: i64,
}

/// Take a delivery in
///
/// Its pieces can be sold at once. A repeated request answers the stock as it is now.
#[utoipa::path(
    post, operation_id = "receive_batch", path = "/shops/{shop}/stock-batches", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("Idempotency-Key" = String, Header)),
    request_body = BatchBody,
    responses((status = 201, body = StockJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_batch(
    State(market): State<Market>,
    who: Who,
    At(shop): At<ShopId>,
    key: IdempotencyKey,
    body: Body<BatchBody>,
) -> Answer<Response> {
    let actor = who.in_shop(shop, Permission::EditStock)?;
    let request = key.of(who.person(), &body.bytes);
    let BatchBody { sku, code, supplier, count } = body.value;
    let ask = ReceiveBatch { sku, code, supplier, count };
    let received = receive_batch_once(&market, actor, shop, ask, request).await?;
    Ok(answered(StatusCode::CREATED, received, StockJson::from))
}
