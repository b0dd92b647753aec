//! `/shops/{shop}/products`: a shop's own catalogue.

use actions::catalog::{
    CreateProduct, EditProduct, ProductForEdit, create_product_once, edit_product, list_products,
    product_for_edit, set_listed,
};
use actions::{Failure, Market};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rules::ids::{ProductId, ShopId, WarehouseId};
use rules::people::Permission;
use serde::{Deserialize, Serialize};
use store::catalog::Product;
use store::stock::Stock;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::{Asked, At, IdempotencyKey, IfMatch, answered, etag};
use super::bodies::Body;
use super::listing_shapes::{ListingJson, ProductCardJson};
use super::problem::{Answer, ProblemJson};
use super::shapes::{IdText, Page};
use super::stock::StockJson;
use super::who::Who;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, replace))
        .routes(routes!(replace_listed))
}

/// Which products of a shop. Pages hold 24.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ShopProductsQuery {
    /// `listed` or `unlisted`; both when left out.
    state: Option<String>,
    /// `next` of the part before.
    cursor: Option<String>,
}

/// List a shop's products
///
/// Also those which are not on sale, newest first.
#[utoipa::path(
    get, operation_id = "list_shop_products", path = "/shops/{shop}/products", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ShopProductsQuery),
    responses((status = 200, body = Page<ProductCardJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list(
    State(market): State<Market>,
    who: Who,
    At(shop): At<ShopId>,
    Asked(query): Asked<ShopProductsQuery>,
) -> Answer<Json<Page<ProductCardJson>>> {
    who.in_shop(shop, Permission::EditProducts)?;
    let (cards, next) =
        list_products(&market, shop, query.state.as_deref(), query.cursor.as_deref()).await?;
    let items = cards.into_iter().map(ProductCardJson::of_shop).collect::<Result<_, Failure>>()?;
    Ok(Json(Page { items, next }))
}

/// A product as its shop sees it.
#[derive(Serialize, ToSchema)]
pub struct ShopProductJson {
    #[schema(value_type = IdText)]
    id: ProductId,
    #[schema(value_type = IdText)]
    shop: ShopId,
    handle: String,
    /// `listed` or `unlisted`.
    state: String,
    /// Which version of the page this is; orders keep theirs.
    listing_version: i64,
    /// For If-Match.
    version: i64,
    listing: ListingJson,
    stock: Vec<StockJson>,
}

impl From<ProductForEdit> for ShopProductJson {
    fn from(product: ProductForEdit) -> Self {
        let ProductForEdit { product, listing, stock, .. } = product;
        Self {
            id: product.id,
            shop: product.shop,
            handle: product.handle,
            state: product.state,
            listing_version: product.listing_version,
            version: product.version,
            listing: listing.into(),
            stock: stock.into_iter().map(|stock: Stock| stock.into()).collect(),
        }
    }
}

/// Read a product of a shop
#[utoipa::path(
    get, operation_id = "show_shop_product", path = "/shops/{shop}/products/{product}", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("product" = IdText, Path)),
    responses((status = 200, body = ShopProductJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn show(
    State(market): State<Market>,
    who: Who,
    At((shop, product)): At<(ShopId, ProductId)>,
) -> Answer<Response> {
    who.in_shop(shop, Permission::EditProducts)?;
    let found = product_for_edit(&market, shop, product).await?;
    Ok((etag(found.product.version), Json(ShopProductJson::from(found))).into_response())
}

/// A new product.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProductBody {
    /// Names the product in its shop; made from the title when it is left out.
    #[serde(default)]
    handle: Option<String>,
    listing: ListingJson,
    /// The shop's first one when it is left out.
    #[serde(default)]
    #[schema(value_type = Option<IdText>)]
    warehouse: Option<WarehouseId>,
    /// Whether buyers see it at once.
    #[serde(default)]
    listed: bool,
}

/// What an act answers about a product.
#[derive(Serialize, ToSchema)]
pub struct ProductStateJson {
    #[schema(value_type = IdText)]
    id: ProductId,
    handle: String,
    state: String,
    listing_version: i64,
    /// For If-Match.
    version: i64,
}

impl From<Product> for ProductStateJson {
    fn from(product: Product) -> Self {
        Self {
            id: product.id,
            handle: product.handle,
            state: product.state,
            listing_version: product.listing_version,
            version: product.version,
        }
    }
}

/// Make a product
#[utoipa::path(
    post, operation_id = "create_product", path = "/shops/{shop}/products", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("Idempotency-Key" = String, Header)),
    request_body = NewProductBody,
    responses((status = 201, body = ProductStateJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create(
    State(market): State<Market>,
    who: Who,
    At(shop): At<ShopId>,
    key: IdempotencyKey,
    body: Body<NewProductBody>,
) -> Answer<Response> {
    let actor = who.in_shop(shop, Permission::EditProducts)?;
    let NewProductBody { handle, listing, warehouse, listed } = body.value;
    let ask = CreateProduct { handle, listing: listing.into(), warehouse, listed };
    let request = key.of(who.person(), &body.bytes);
    let made = create_product_once(&market, actor, shop, ask, request).await?;
    Ok(answered(StatusCode::CREATED, made, ProductStateJson::from))
}

/// Replace a product's page
///
/// Each change makes a new version of the page; orders keep theirs. Needs If-Match.
#[utoipa::path(
    put, operation_id = "replace_product", path = "/shops/{shop}/products/{product}", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("product" = IdText, Path), ("If-Match" = String, Header)),
    request_body = ListingJson,
    responses((status = 200, body = ProductStateJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn replace(
    State(market): State<Market>,
    who: Who,
    At((shop, product)): At<(ShopId, ProductId)>,
    seen: IfMatch,
    body: Body<ListingJson>,
) -> Answer<Response> {
    let actor = who.in_shop(shop, Permission::EditProducts)?;
    let expected = Some(seen.required()?);
    let ask = EditProduct { product, expected, listing: body.value.into() };
    let changed = edit_product(&market, actor, shop, ask).await?;
    Ok((etag(changed.version), Json(ProductStateJson::from(changed))).into_response())
}

/// Whether a product is on sale.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListedBody {
    listed: bool,
}

/// Put a product on sale, or take it off
///
/// Orders which were placed go on. Needs If-Match.
#[utoipa::path(
    put, operation_id = "set_listed", path = "/shops/{shop}/products/{product}/listed", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("product" = IdText, Path), ("If-Match" = String, Header)),
    request_body = ListedBody,
    responses((status = 200, body = ProductStateJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn replace_listed(
    State(market): State<Market>,
    who: Who,
    At((shop, product)): At<(ShopId, ProductId)>,
    seen: IfMatch,
    body: Body<ListedBody>,
) -> Answer<Response> {
    let actor = who.in_shop(shop, Permission::EditProducts)?;
    let expected = Some(seen.required()?);
    let changed = set_listed(&market, actor, shop, product, expected, body.value.listed).await?;
    Ok((etag(changed.version), Json(ProductStateJson::from(changed))).into_response())
}
