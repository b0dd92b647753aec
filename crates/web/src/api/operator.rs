//! `/operator/orders`, `/operator/shops`, `/operator/events`: the house looks into every shop, and opens new ones.

use actions::catalog::{NewShop, NewWarehouse, add_warehouse, create_shop};
use actions::people::person_of_email;
use actions::{Failure, Market, overview};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rules::ids::{EventId, Id, OrderId, ShopId, WarehouseId};
use rules::orders::OrderStateName;
use rules::people::Permission;
use rules::policy::{MarketCode, Tier};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::addresses::AddressJson;
use super::asking::{Asked, At, Paging, invalid_query, paging};
use super::bodies::Body;
use super::money::TransferJson;
use super::order_news::{EventJson, event_json};
use super::order_reads;
use super::order_shapes::{Eyes, OrderDetailJson, OrderJson};
use super::problem::{Answer, ProblemJson};
use super::products::ShopJson;
use super::shapes::{IdText, Page, Wording};
use super::who::Who;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new()
        .routes(routes!(list_orders))
        .routes(routes!(show_order))
        .routes(routes!(list_order_money))
        .routes(routes!(list_events))
        .routes(routes!(create))
        .routes(routes!(create_warehouse))
}

/// Which orders of the house.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct HouseOrdersQuery {
    /// One state; all when left out.
    state: Option<String>,
    /// One shop; all when left out.
    #[param(value_type = Option<IdText>)]
    shop: Option<ShopId>,
    /// `next` of the part before.
    cursor: Option<String>,
    /// How many items, 1 to 100; 50 when left out.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<i64>,
}

/// List orders of all shops
///
/// Newest first.
#[utoipa::path(
    get, operation_id = "list_house_orders", path = "/operator/orders", tag = "operating", security(("key" = ["operator"])),
    params(HouseOrdersQuery),
    responses((status = 200, body = Page<OrderJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list_orders(
    State(market): State<Market>,
    who: Who,
    Asked(query): Asked<HouseOrdersQuery>,
) -> Answer<Json<Page<OrderJson>>> {
    who.in_house(Permission::ViewShops)?;
    let (before, limit) = paging(query.cursor.as_deref(), query.limit)?;
    let unknown = |code: &str| invalid_query("state", &format!("no state is called {code}"));
    let state = query.state.as_deref();
    let state =
        state.map(|code| OrderStateName::parse(code).ok_or_else(|| unknown(code))).transpose()?;
    let (rows, _) = overview::house_orders(&market, state, query.shop, before, limit + 1).await?;
    Ok(Json(Page::cut(rows, limit, |row| row.id.number(), |row| OrderJson::of(&row))?))
}

/// Read any order
#[utoipa::path(
    get, operation_id = "show_house_order", path = "/operator/orders/{order}", tag = "operating", security(("key" = ["operator"])),
    params(("order" = IdText, Path)),
    responses((status = 200, body = OrderDetailJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn show_order(
    State(market): State<Market>,
    who: Who,
    At(order): At<OrderId>,
) -> Answer<Json<OrderDetailJson>> {
    who.in_house(Permission::ViewShops)?;
    let rows = order_reads::one_of_house(&market, order).await?;
    Ok(Json(rows.shown(Eyes::Trade)?))
}

/// List one order's money
///
/// Every transfer from payment to settlement, oldest first, all at once: `next` is always null.
#[utoipa::path(
    get, path = "/operator/orders/{order}/money", tag = "operating", security(("key" = ["operator"])),
    params(("order" = IdText, Path)),
    responses((status = 200, body = Page<TransferJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list_order_money(
    State(market): State<Market>,
    who: Who,
    At(order): At<OrderId>,
) -> Answer<Json<Page<TransferJson>>> {
    who.in_house(Permission::ViewLedger)?;
    let seen = overview::order(&market, order).await?;
    Ok(Json(Page {
        items: seen.transfers.into_iter().map(TransferJson::from).collect(),
        next: None,
    }))
}

/// Something which happened somewhere in the house.
#[derive(Serialize, ToSchema)]
pub struct HouseEventJson {
    #[schema(value_type = IdText)]
    id: EventId,
    /// The shop, or the buyer, where it happened.
    #[schema(value_type = IdText)]
    home: Id<()>,
    /// `order`, `product`, `shop` and so on.
    subject: String,
    #[schema(value_type = IdText)]
    subject_id: Id<()>,
    #[serde(flatten)]
    event: EventJson,
}

/// List what happened in the house
///
/// Newest first.
#[utoipa::path(
    get, path = "/operator/events", tag = "operating", security(("key" = ["operator"])),
    params(Paging),
    responses((status = 200, body = Page<HouseEventJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list_events(
    State(market): State<Market>,
    who: Who,
    Asked(asked): Asked<Paging>,
) -> Answer<Json<Page<HouseEventJson>>> {
    who.in_house(Permission::ViewHouse)?;
    let (before, limit) = asked.read()?;
    let (rows, _) = overview::newest_events(&market, before, limit + 1).await?;
    let shown = |row: store::events::EventSeen| {
        let (home, subject_id) = (Id::new(row.home_id), Id::new(row.subject_id));
        let (id, subject) = (row.id, row.subject.clone());
        Ok(HouseEventJson { id, home, subject, subject_id, event: event_json(row)? })
    };
    Ok(Json(Page::cut(rows, limit, |row| row.id.number(), shown)?))
}

/// A shop to be opened.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewShopBody {
    name: String,
    /// The market's code; currency and time zone are the market's.
    #[schema(value_type = String)]
    market: MarketCode,
    /// A code of `/categories`.
    category: String,
    #[serde(default)]
    about: Wording,
    /// `new`, `standard` or `accelerated`; `new` when left out.
    #[serde(default)]
    tier: Option<String>,
    /// The e-mail address of the person who becomes its owner.
    #[serde(default)]
    owner_email: Option<String>,
}

/// Open a shop
///
/// It needs a warehouse (`/shops/{shop}/warehouses`) before it can have products.
#[utoipa::path(
    post, operation_id = "open_shop", path = "/operator/shops", tag = "operating", security(("key" = ["operator"])),
    request_body = NewShopBody,
    responses((status = 201, body = ShopJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create(
    State(market): State<Market>,
    who: Who,
    body: Body<NewShopBody>,
) -> Answer<(StatusCode, Json<ShopJson>)> {
    let actor = who.in_house(Permission::CreateShop)?;
    let NewShopBody { name, market: place, category, about, tier, owner_email } = body.value;
    let tier = match tier.as_deref() {
        None => Tier::New,
        Some(code) => Tier::parse(code).ok_or_else(|| {
            Failure::invalid("tier", "unknown_tier", "one of new, standard, accelerated")
        })?,
    };
    let owner = match owner_email {
        None => None,
        Some(email) => {
            let found = person_of_email(&market, &email).await?;
            let nobody = "nobody has signed up with this address";
            Some(found.ok_or_else(|| Failure::invalid("owner_email", "nobody", nobody))?)
        }
    };
    let ask =
        NewShop { name, market: place, category, about: about.into(), logo: None, tier, owner };
    let shop = create_shop(&market, actor, ask).await?;
    Ok((StatusCode::CREATED, Json(shop.into())))
}

/// Where a shop's goods are sent from.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WarehouseBody {
    name: String,
    address: AddressJson,
}

#[derive(Serialize, ToSchema)]
pub struct NewWarehouseJson {
    #[schema(value_type = IdText)]
    id: WarehouseId,
}

/// Add a warehouse to a shop
#[utoipa::path(
    post, operation_id = "add_warehouse", path = "/shops/{shop}/warehouses", tag = "selling", security(("key" = ["shop", "operator"])),
    params(("shop" = IdText, Path)),
    request_body = WarehouseBody,
    responses((status = 201, body = NewWarehouseJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_warehouse(
    State(market): State<Market>,
    who: Who,
    At(shop): At<ShopId>,
    body: Body<WarehouseBody>,
) -> Answer<(StatusCode, Json<NewWarehouseJson>)> {
    let actor = who.in_shop(shop, Permission::EditShop)?;
    let WarehouseBody { name, address } = body.value;
    let ask = NewWarehouse { name, address: address.into() };
    let added = add_warehouse(&market, actor, shop, ask).await?;
    Ok((StatusCode::CREATED, Json(NewWarehouseJson { id: added.id })))
}
