//! Promotions, shared ones included, and where a shop delivers.

use actions::catalog::{
    self, NewPromotion, ProposePromotion, Proposed, answer_promotion, list_promotions,
    propose_promotion,
};
use actions::{Failure, Market};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use rules::catalog::listing::Wording as Title;
use rules::ids::{PromotionId, ShopId};
use rules::money::{Currency, Money};
use rules::people::Permission;
use rules::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::promotions::PromotionRow;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::{At, IdempotencyKey, answered};
use super::bodies::Body;
use super::problem::{Answer, ProblemJson};
use super::shapes::{IdText, MoneyJson, Page, TimeText, Wording, money};
use super::who::Who;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(answer))
        .routes(routes!(list_proposals, propose))
        .routes(routes!(show_deliveries, replace_deliveries))
}

/// A discount which runs for a time.
#[derive(Serialize, ToSchema)]
#[schema(as = Promotion)]
pub struct PromotionJson {
    #[schema(value_type = IdText)]
    id: PromotionId,
    #[schema(value_type = IdText)]
    shop: ShopId,
    market: String,
    /// Who pays: `shop`, `house` or `shared`.
    funded_by: String,
    /// The house's part of a shared discount, basis points.
    house_bp: i64,
    title: Wording,
    percent_bp: i64,
    #[schema(value_type = MoneyJson)]
    minimum: Money,
    #[schema(value_type = Option<MoneyJson>)]
    maximum: Option<Money>,
    #[schema(value_type = TimeText)]
    starts_at: Timestamp,
    #[schema(value_type = TimeText)]
    ends_at: Timestamp,
    /// The shop's answer to a shared one: `accepted` or `declined`; empty while it has not answered.
    answer: String,
}

fn shown(row: PromotionRow) -> Result<PromotionJson, Failure> {
    let currency =
        Currency::parse(&row.currency).map_err(|error| Failure::Broken(error.to_string()))?;
    Ok(PromotionJson {
        id: row.id,
        shop: row.shop,
        market: row.market,
        funded_by: row.funded_by,
        house_bp: row.house_bp,
        title: Wording { en: row.title_en, zh: row.title_zh },
        percent_bp: row.percent_bp,
        minimum: money(row.minimum_minor, currency),
        maximum: (row.maximum_minor > 0).then(|| money(row.maximum_minor, currency)),
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        answer: row.answer,
    })
}

fn page(rows: Vec<PromotionRow>) -> Result<Json<Page<PromotionJson>>, Failure> {
    let items = rows.into_iter().map(shown).collect::<Result<_, _>>()?;
    Ok(Json(Page { items, next: None }))
}

/// List a shop's promotions
///
/// Its own and those which the house proposed to share; the newest 200, all at once: `next` is always null.
#[utoipa::path(
    get, operation_id = "list_promotions", path = "/shops/{shop}/promotions", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path)),
    responses((status = 200, body = Page<PromotionJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list(
    State(market): State<Market>,
    who: Who,
    At(shop): At<ShopId>,
) -> Answer<Json<Page<PromotionJson>>> {
    who.in_shop(shop, Permission::EditProducts)?;
    Ok(page(list_promotions(&market, shop).await?)?)
}

/// A shop's answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    accept: bool,
}

/// Answer a shared promotion
///
/// Once, and before it begins; a proposal which is not answered by then lapses.
#[utoipa::path(
    post, operation_id = "answer_promotion", path = "/shops/{shop}/promotions/{promotion}/answer", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("promotion" = IdText, Path)),
    request_body = AnswerBody,
    responses((status = 204), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn answer(
    State(market): State<Market>,
    who: Who,
    At((shop, promotion)): At<(ShopId, PromotionId)>,
    body: Body<AnswerBody>,
) -> Answer<StatusCode> {
    let actor = who.in_shop(shop, Permission::EditProducts)?;
    answer_promotion(&market, actor, shop, promotion, body.value.accept).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List what the house proposed to share
///
/// Over all shops; the newest 200, all at once: `next` is always null.
#[utoipa::path(
    get, operation_id = "list_proposed_promotions", path = "/operator/promotions", tag = "operating", security(("key" = ["operator"])),
    responses((status = 200, body = Page<PromotionJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list_proposals(
    State(market): State<Market>,
    who: Who,
) -> Answer<Json<Page<PromotionJson>>> {
    who.in_house(Permission::EditShops)?;
    let rows = catalog::list_shared(&market, i64::MAX, 200).await?;
    Ok(page(rows.into_iter().map(|(row, _)| row).collect())?)
}

/// A discount which the house and a shop would pay together.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposalBody {
    /// Shops of one currency; each answers for itself.
    #[schema(value_type = Vec<IdText>)]
    shops: Vec<ShopId>,
    title: Wording,
    /// 1000 is 10 %.
    percent_bp: i64,
    /// The house's part of the discount, 1 to 9999 basis points.
    house_bp: i64,
    #[schema(value_type = MoneyJson)]
    minimum: Money,
    #[serde(default)]
    #[schema(value_type = Option<MoneyJson>)]
    maximum: Option<Money>,
    #[schema(value_type = TimeText)]
    starts_at: Timestamp,
    #[schema(value_type = TimeText)]
    ends_at: Timestamp,
}

/// What was proposed.
#[derive(Serialize, ToSchema)]
pub struct ProposedJson {
    /// One a shop, in the order of the request.
    #[schema(value_type = Vec<IdText>)]
    promotions: Vec<PromotionId>,
}

/// Propose a shared promotion
#[utoipa::path(
    post, operation_id = "propose_promotion", path = "/operator/promotions", tag = "operating", security(("key" = ["operator"])),
    params(("Idempotency-Key" = String, Header, description = "A new one for each new request.")),
    request_body = ProposalBody,
    responses((status = 201, body = ProposedJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn propose(
    State(market): State<Market>,
    who: Who,
    key: IdempotencyKey,
    body: Body<ProposalBody>,
) -> Answer<Response> {
    who.in_house(Permission::EditShops)?;
    let request = key.of(who.person(), &body.bytes);
    let ask = body.value;
    let promotion = NewPromotion {
        market: None,
        title: Title::new(ask.title.en, ask.title.zh),
        percent_bp: ask.percent_bp,
        minimum: ask.minimum,
        maximum: ask.maximum,
        starts_at: ask.starts_at,
        ends_at: ask.ends_at,
    };
    let (by, shops, house_bp) = (who.person(), ask.shops, ask.house_bp);
    let ask = ProposePromotion { by, shops, promotion, house_bp, request };
    let proposed = propose_promotion(&market, ask).await?;
    let shape = |proposed: Proposed| ProposedJson { promotions: proposed.promotions };
    Ok(answered(StatusCode::CREATED, proposed, shape))
}

/// Where a shop delivers.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliveriesJson {
    /// Codes of markets beside its own; they are open for buyers and pay in the shop's currency.
    markets: Vec<String>,
}

/// Read where a shop delivers
#[utoipa::path(
    get, operation_id = "show_deliveries", path = "/shops/{shop}/deliveries", tag = "selling", security(("key" = ["shop", "operator"])),
    params(("shop" = IdText, Path)),
    responses((status = 200, body = DeliveriesJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn show_deliveries(
    State(market): State<Market>,
    who: Who,
    At(shop): At<ShopId>,
) -> Answer<Json<DeliveriesJson>> {
    who.in_shop(shop, Permission::ViewOrders)?;
    Ok(Json(DeliveriesJson { markets: catalog::read_deliveries(&market, shop).await? }))
}

/// Set where a shop delivers
///
/// Orders which were placed are not touched.
#[utoipa::path(
    put, operation_id = "set_deliveries", path = "/shops/{shop}/deliveries", tag = "selling", security(("key" = ["shop", "operator"])),
    params(("shop" = IdText, Path)),
    request_body = DeliveriesJson,
    responses((status = 200, body = DeliveriesJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn replace_deliveries(
    State(market): State<Market>,
    who: Who,
    At(shop): At<ShopId>,
    body: Body<DeliveriesJson>,
) -> Answer<Json<DeliveriesJson>> {
    let actor = who.in_shop(shop, Permission::EditShop)?;
    catalog::set_deliveries(&market, actor, shop, body.value.markets).await?;
    Ok(Json(DeliveriesJson { markets: catalog::read_deliveries(&market, shop).await? }))
}
