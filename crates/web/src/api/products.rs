//! `/products` and `/shops`: what is on sale. Anybody may read it.

use actions::catalog::{self, CardPage, SkuView, product_page, shop_page};
use actions::{Failure, Market};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use rules::ids::{ProductId, ShopId, SkuId};
use rules::policy::MarketCode;
use rules::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::shops::{OPEN, Shop};
use store::{Tx, shops};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::{Asked, At, etag, invalid_query, paging};
use super::listing_shapes::{ListingJson, ProductCardJson};
use super::problem::{Answer, Problem, ProblemJson};
use super::shapes::{IdText, Page, TimeText, Wording};

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new()
        .routes(routes!(list_products))
        .routes(routes!(show_product))
        .routes(routes!(list_shops))
        .routes(routes!(show_shop))
}

/// Which products. Pages hold 24.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ProductsQuery {
    /// Words in English or 中文; all of them must be in the product's page. The best come first.
    q: Option<String>,
    /// A code of `/categories`; those within it are meant, too.
    category: Option<String>,
    /// The market's code.
    #[param(value_type = String)]
    market: MarketCode,
    /// `next` of the part before.
    cursor: Option<String>,
}

/// Search products, or list the newest
#[utoipa::path(
    get, path = "/products", tag = "looking",
    params(ProductsQuery),
    responses((status = 200, body = Page<ProductCardJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list_products(
    State(market): State<Market>,
    Asked(query): Asked<ProductsQuery>,
) -> Answer<Json<Page<ProductCardJson>>> {
    let (place, cursor) = (query.market, query.cursor.as_deref());
    let words = query.q.as_deref().unwrap_or_default();
    let category = query.category.as_deref();
    if words.contains('\0') {
        return Err(invalid_query("q", "a text cannot hold the character NUL"));
    }
    let found = match (words, category) {
        ("", None) => catalog::newest_page(&market, place, cursor).await?,
        ("", Some(category)) => catalog::category_page(&market, place, category, cursor).await?,
        (words, category) => catalog::search_page(&market, place, words, category, cursor).await?,
    };
    Ok(Json(cards(found)?))
}

fn cards(page: CardPage) -> Result<Page<ProductCardJson>, Failure> {
    let items = page.cards.into_iter().map(ProductCardJson::of_market).collect::<Result<_, _>>()?;
    Ok(Page { items, next: page.next })
}

/// A product which is on sale.
#[derive(Serialize, ToSchema)]
pub struct ProductJson {
    #[schema(value_type = IdText)]
    id: ProductId,
    #[schema(value_type = IdText)]
    shop: ShopId,
    shop_name: String,
    market: String,
    handle: String,
    /// Which version of the page this is; orders keep theirs.
    listing_version: i64,
    listing: ListingJson,
    /// How many pieces of each SKU can be bought now.
    available: Vec<AvailableJson>,
}

#[derive(Serialize, ToSchema)]
pub struct AvailableJson {
    #[schema(value_type = IdText)]
    sku: SkuId,
    count: i64,
}

/// Read a product
#[utoipa::path(
    get, path = "/products/{shop}/{product}", tag = "looking",
    params(("shop" = IdText, Path), ("product" = IdText, Path)),
    responses((status = 200, body = ProductJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn show_product(
    State(market): State<Market>,
    At((shop, product)): At<(ShopId, ProductId)>,
) -> Answer<Response> {
    let page = product_page(&market, shop, product).await?;
    let available = |view: &SkuView| AvailableJson { sku: view.sku.sku, count: view.available };
    let shown = ProductJson {
        id: page.product.id,
        shop: page.shop.id,
        shop_name: page.shop.name,
        market: page.shop.market,
        handle: page.product.handle,
        listing_version: page.product.listing_version,
        available: page.skus.iter().map(available).collect(),
        listing: page.listing.into(),
    };
    Ok((etag(page.product.version), Json(shown)).into_response())
}

/// A shop.
#[derive(Serialize, ToSchema)]
#[schema(as = Shop)]
pub struct ShopJson {
    #[schema(value_type = IdText)]
    pub id: ShopId,
    name: String,
    market: String,
    currency: String,
    /// The main category of what it sells.
    category: String,
    about: Wording,
    /// Its working days are those of this zone, a name of the IANA time zone database.
    time_zone: String,
    #[schema(value_type = TimeText)]
    since: Timestamp,
}

impl From<Shop> for ShopJson {
    fn from(shop: Shop) -> Self {
        Self {
            id: shop.id,
            name: shop.name,
            market: shop.market,
            currency: shop.currency,
            category: shop.category,
            about: Wording { en: shop.about_en, zh: shop.about_zh },
            time_zone: shop.zone,
            since: shop.created_at,
        }
    }
}

/// Which shops.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ShopsQuery {
    /// The market's code; all markets when left out.
    #[param(value_type = Option<String>)]
    market: Option<MarketCode>,
    /// `next` of the part before.
    cursor: Option<String>,
    /// How many items, 1 to 100; 50 when left out.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<i64>,
}

/// List shops
///
/// Those which sell, newest first. A part may hold fewer items than asked for before the end.
#[utoipa::path(
    get, path = "/shops", tag = "looking",
    params(ShopsQuery),
    responses((status = 200, body = Page<ShopJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list_shops(
    State(market): State<Market>,
    Asked(query): Asked<ShopsQuery>,
) -> Answer<Json<Page<ShopJson>>> {
    let (before, limit) = paging(query.cursor.as_deref(), query.limit)?;
    let place = query.market;
    let read = async move |tx: &mut Tx| -> Result<Vec<Shop>, Failure> {
        let code = place.map(|code| code.to_string());
        Ok(shops::list(tx, code.as_deref(), before, limit + 1).await?)
    };
    let rows = market.store.read(read).await?;
    let mut page = Page::cut(rows, limit, |shop| shop.id.number(), Ok)?;
    page.items.retain(|shop| shop.state == OPEN);
    Ok(Json(Page { items: page.items.into_iter().map(ShopJson::from).collect(), next: page.next }))
}

/// A shop with what it sells.
#[derive(Serialize, ToSchema)]
pub struct ShopPageJson {
    #[serde(flatten)]
    shop: ShopJson,
    products: Page<ProductCardJson>,
}

/// Where the shop's products go on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ShopQuery {
    /// `products.next` of the part before.
    cursor: Option<String>,
}

/// Read a shop
///
/// With its products, newest first, 24 at a time.
#[utoipa::path(
    get, path = "/shops/{shop}", tag = "looking",
    params(("shop" = IdText, Path), ShopQuery),
    responses((status = 200, body = ShopPageJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn show_shop(
    State(market): State<Market>,
    At(shop): At<ShopId>,
    Asked(query): Asked<ShopQuery>,
) -> Result<Json<ShopPageJson>, Problem> {
    let page = shop_page(&market, shop, query.cursor.as_deref()).await?;
    Ok(Json(ShopPageJson { shop: page.shop.into(), products: cards(page.page)? }))
}
