//! `/basket`: what a buyer has put aside. Nothing is reserved by it, so no Idempotency-Key is needed.

use actions::baskets::{
    Basket, BasketItem, BasketShop, LineChange, read_basket, remove_from_basket, set_quantity,
};
use actions::checkout::LineWanted;
use actions::{Failure, Market};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rules::ids::{ShopId, SkuId};
use rules::money::Money;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::At;
use super::bodies::Body;
use super::problem::{Answer, ProblemJson};
use super::shapes::{IdText, MoneyJson, Wording, money_of};
use super::who::Buyer;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new().routes(routes!(show)).routes(routes!(put_line, delete_line))
}

/// A basket with today's prices and stock.
#[derive(Serialize, ToSchema)]
#[schema(as = Basket)]
pub struct BasketJson {
    shops: Vec<BasketShopJson>,
    /// SKUs which are no longer sold; they cannot be ordered.
    #[schema(value_type = Vec<IdText>)]
    gone: Vec<SkuId>,
}

#[derive(Serialize, ToSchema)]
pub struct BasketShopJson {
    #[schema(value_type = IdText)]
    shop: ShopId,
    shop_name: String,
    /// Before discounts, shipping and tax.
    #[schema(value_type = MoneyJson)]
    goods: Money,
    lines: Vec<BasketLineJson>,
}

#[derive(Serialize, ToSchema)]
pub struct BasketLineJson {
    #[schema(value_type = IdText)]
    sku: SkuId,
    title: Wording,
    quantity: i64,
    #[schema(value_type = MoneyJson)]
    unit_price: Money,
    /// Pieces which could be bought now.
    available: i64,
    /// The price when it was put in, where it has changed since.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<MoneyJson>)]
    was: Option<Money>,
}

impl BasketJson {
    fn of(basket: Basket) -> Result<Self, Failure> {
        let shops = basket.shops.into_iter().map(shop_json).collect::<Result<_, _>>()?;
        Ok(Self { shops, gone: basket.gone.iter().map(|line| line.sku).collect() })
    }
}

fn shop_json(part: BasketShop) -> Result<BasketShopJson, Failure> {
    let currency = part.shop.currency;
    let lines = part.items.into_iter().map(|item| line_json(item, &currency));
    Ok(BasketShopJson {
        shop: part.shop.id,
        shop_name: part.shop.name,
        goods: money_of(part.goods_minor, &currency)?,
        lines: lines.collect::<Result<_, _>>()?,
    })
}

fn line_json(item: BasketItem, currency: &str) -> Result<BasketLineJson, Failure> {
    let was = item.changes.iter().find_map(|change| match change {
        LineChange::Price { was_minor, .. } => Some(*was_minor),
        LineChange::Short { .. } => None,
    });
    Ok(BasketLineJson {
        sku: item.sku.sku,
        title: Wording { en: item.sku.title_en, zh: item.sku.title_zh },
        quantity: item.quantity,
        unit_price: money_of(item.sku.price_minor, currency)?,
        available: item.available,
        was: was.map(|minor| money_of(minor, currency)).transpose()?,
    })
}

/// Read my basket
#[utoipa::path(
    get, operation_id = "show_basket", path = "/basket", tag = "buying", security(("key" = ["buyer"])),
    responses((status = 200, body = BasketJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn show(State(market): State<Market>, buyer: Buyer) -> Answer<Json<BasketJson>> {
    Ok(Json(BasketJson::of(read_basket(&market, buyer.person()).await?)?))
}

/// How many pieces.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BasketLineBody {
    #[schema(value_type = IdText)]
    shop: ShopId,
    /// 0 takes the line out.
    #[schema(minimum = 0)]
    quantity: i64,
}

/// Set a line of my basket
#[utoipa::path(
    put, operation_id = "set_basket_line", path = "/basket/lines/{sku}", tag = "buying", security(("key" = ["buyer"])),
    params(("sku" = IdText, Path)),
    request_body = BasketLineBody,
    responses((status = 200, body = BasketJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn put_line(
    State(market): State<Market>,
    buyer: Buyer,
    At(sku): At<SkuId>,
    body: Body<BasketLineBody>,
) -> Answer<Json<BasketJson>> {
    let BasketLineBody { shop, quantity } = body.value;
    set_quantity(&market, buyer.person(), LineWanted { shop, sku, quantity }).await?;
    Ok(Json(BasketJson::of(read_basket(&market, buyer.person()).await?)?))
}

/// Take a line out of my basket
#[utoipa::path(
    delete, operation_id = "remove_basket_line", path = "/basket/lines/{sku}", tag = "buying", security(("key" = ["buyer"])),
    params(("sku" = IdText, Path)),
    responses((status = 204), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn delete_line(
    State(market): State<Market>,
    buyer: Buyer,
    At(sku): At<SkuId>,
) -> Answer<StatusCode> {
    remove_from_basket(&market, buyer.person(), sku).await?;
    Ok(StatusCode::NO_CONTENT)
}
