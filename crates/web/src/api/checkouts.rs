//! `/quotes` and `/checkouts`: what a basket over several shops costs, and placing it.

use std::collections::BTreeMap;

use actions::Market;
use actions::checkout::{
    Checkout, LineWanted, PlaceOrders, Placed, Quote, ShopQuote, place_orders, quote,
};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use rules::checkout::address::Address;
use rules::ids::{OrderId, PaymentId, ShopId, SkuId};
use rules::money::Money;
use rules::shipping::rates::Offer;
use rules::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::addresses::AddressJson;
use super::asking::{IdempotencyKey, answered};
use super::bodies::Body;
use super::charges::DutyLineJson;
use super::problem::{Answer, ProblemJson};
use super::shapes::{IdText, MoneyJson, TimeText, money};
use super::who::Buyer;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new().routes(routes!(create_quote)).routes(routes!(create_checkout))
}

/// One piece of what is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineBody {
    #[schema(value_type = IdText)]
    shop: ShopId,
    #[schema(value_type = IdText)]
    sku: SkuId,
    #[schema(minimum = 1)]
    quantity: i64,
}

/// What is to be priced.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteBody {
    lines: Vec<LineBody>,
    #[schema(value_type = AddressJson)]
    address: AddressJson,
    /// The code of the service chosen for a shop's parcel, by the shop's id; without one the best takes it.
    #[serde(default)]
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    services: BTreeMap<ShopId, String>,
}

/// What is to be placed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckoutBody {
    lines: Vec<LineBody>,
    #[schema(value_type = AddressJson)]
    address: AddressJson,
    /// As in a quote.
    #[serde(default)]
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    services: BTreeMap<ShopId, String>,
    /// What the buyer saw as the total. When it would be another one, nothing is placed.
    #[serde(default)]
    #[schema(value_type = Option<MoneyJson>)]
    expected_total: Option<Money>,
    /// Whether the ordered lines leave the buyer's basket.
    #[serde(default)]
    from_basket: bool,
}

fn checkout(
    lines: &[LineBody],
    address: AddressJson,
    services: BTreeMap<ShopId, String>,
) -> Checkout {
    let wanted =
        |line: &LineBody| LineWanted { shop: line.shop, sku: line.sku, quantity: line.quantity };
    Checkout {
        lines: lines.iter().map(wanted).collect(),
        address: Address::from(address),
        services,
    }
}

/// A checkout with its prices.
#[derive(Serialize, ToSchema)]
pub struct QuoteJson {
    /// The market which the address is in.
    market: String,
    #[schema(value_type = MoneyJson)]
    total: Money,
    shops: Vec<ShopQuoteJson>,
}

/// One shop's part of it; each becomes an order of its own.
#[derive(Serialize, ToSchema)]
pub struct ShopQuoteJson {
    #[schema(value_type = IdText)]
    shop: ShopId,
    lines: Vec<LineQuoteJson>,
    #[schema(value_type = MoneyJson)]
    goods: Money,
    #[schema(value_type = MoneyJson)]
    shop_discount: Money,
    #[schema(value_type = MoneyJson)]
    house_discount: Money,
    #[schema(value_type = MoneyJson)]
    shipping: Money,
    #[schema(value_type = MoneyJson)]
    tax: Money,
    /// Whether the tax is inside the prices already.
    tax_included: bool,
    /// Under what the tax is collected: empty as at home, the code of an import scheme, or `at_border`.
    tax_collection: String,
    /// Charges at the border, collected for authorities.
    duty: Vec<DutyLineJson>,
    #[schema(value_type = MoneyJson)]
    duty_total: Money,
    #[schema(value_type = MoneyJson)]
    total: Money,
    /// The code of the service which takes the parcel.
    service: String,
    #[schema(value_type = TimeText)]
    promise_from: Timestamp,
    #[schema(value_type = TimeText)]
    promise_by: Timestamp,
    /// Every service which takes this parcel, the best first.
    offers: Vec<OfferJson>,
}

#[derive(Serialize, ToSchema)]
pub struct LineQuoteJson {
    #[schema(value_type = IdText)]
    sku: SkuId,
    quantity: i64,
    #[schema(value_type = MoneyJson)]
    unit_price: Money,
    #[schema(value_type = MoneyJson)]
    goods: Money,
}

#[derive(Serialize, ToSchema)]
pub struct OfferJson {
    service: String,
    carrier: String,
    #[schema(value_type = MoneyJson)]
    price: Money,
    /// Calendar days from the hand-over.
    promise_min_days: i64,
    promise_max_days: i64,
}

impl From<Quote> for QuoteJson {
    fn from(quote: Quote) -> Self {
        Self {
            market: quote.market.to_string(),
            total: quote.total,
            shops: quote.shops.into_iter().map(ShopQuoteJson::from).collect(),
        }
    }
}

impl From<ShopQuote> for ShopQuoteJson {
    fn from(part: ShopQuote) -> Self {
        let price = part.price;
        let in_currency = |minor: i64| money(minor, price.currency);
        let offer = |offer: Offer| OfferJson {
            service: offer.service,
            carrier: offer.carrier,
            price: in_currency(offer.price_minor),
            promise_min_days: offer.promise_min_days,
            promise_max_days: offer.promise_max_days,
        };
        let lines = part.lines.iter().zip(&price.lines).map(|(line, price)| LineQuoteJson {
            sku: line.sku.sku,
            quantity: line.quantity,
            unit_price: in_currency(price.unit_minor),
            goods: in_currency(price.goods_minor),
        });
        Self {
            shop: part.shop.id,
            lines: lines.collect(),
            goods: in_currency(price.goods_minor),
            shop_discount: in_currency(price.shop_discount_minor),
            house_discount: in_currency(price.house_discount_minor),
            shipping: in_currency(price.shipping_minor),
            tax: in_currency(price.tax_minor),
            tax_included: price.tax_included,
            tax_collection: price.tax_collection.code().to_owned(),
            duty: price.duty.iter().map(|line| DutyLineJson::of(line, price.currency)).collect(),
            duty_total: in_currency(price.duty_minor),
            total: in_currency(price.total_minor),
            service: part.offer.service,
            promise_from: part.promise_from,
            promise_by: part.promise_by,
            offers: part.ranking.offers.into_iter().map(offer).collect(),
        }
    }
}

/// What was placed: one payment, and one order a shop. Stock is reserved until `pay_by`.
#[derive(Serialize, ToSchema)]
pub struct PlacedJson {
    #[schema(value_type = IdText)]
    payment: PaymentId,
    #[schema(value_type = MoneyJson)]
    total: Money,
    #[schema(value_type = TimeText)]
    pay_by: Timestamp,
    orders: Vec<PlacedOrderJson>,
}

#[derive(Serialize, ToSchema)]
pub struct PlacedOrderJson {
    #[schema(value_type = IdText)]
    id: OrderId,
    #[schema(value_type = IdText)]
    shop: ShopId,
    #[schema(value_type = MoneyJson)]
    total: Money,
}

impl From<Placed> for PlacedJson {
    fn from(placed: Placed) -> Self {
        let order = |order: actions::checkout::PlacedOrder| PlacedOrderJson {
            id: order.id,
            shop: order.shop,
            total: order.total,
        };
        Self {
            payment: placed.payment,
            total: placed.total,
            pay_by: placed.pay_by,
            orders: placed.orders.into_iter().map(order).collect(),
        }
    }
}

/// Price a checkout
///
/// Nothing is reserved, so no Idempotency-Key is needed.
#[utoipa::path(
    post, operation_id = "quote", path = "/quotes", tag = "buying", security(("key" = ["buyer"])),
    request_body = QuoteBody,
    responses((status = 200, body = QuoteJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_quote(
    State(market): State<Market>,
    _buyer: Buyer,
    body: Body<QuoteBody>,
) -> Answer<Json<QuoteJson>> {
    let ask = body.value;
    let quote = quote(&market, checkout(&ask.lines, ask.address, ask.services)).await?;
    Ok(Json(quote.into()))
}

/// Place a checkout
///
/// Either every shop's part is reserved and ordered, or nothing is.
#[utoipa::path(
    post, operation_id = "place_orders", path = "/checkouts", tag = "buying", security(("key" = ["buyer"])),
    params(("Idempotency-Key" = String, Header, description = "A new one for each new request.")),
    request_body = CheckoutBody,
    responses((status = 201, body = PlacedJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_checkout(
    State(market): State<Market>,
    Buyer(caller): Buyer,
    key: IdempotencyKey,
    body: Body<CheckoutBody>,
) -> Answer<Response> {
    let Body { value: ask, bytes } = body;
    let placing = PlaceOrders {
        buyer: caller.person,
        buyer_name: caller.name,
        checkout: checkout(&ask.lines, ask.address, ask.services),
        expected_total: ask.expected_total,
        from_basket: ask.from_basket,
        request: key.of(caller.person, &bytes),
    };
    let placed = place_orders(&market, placing).await?;
    Ok(answered(StatusCode::CREATED, placed, PlacedJson::from))
}
