//! Making and changing products. Each change of what the page says is a new listing version; the old one stays as it was.

mod skus;
mod write;

use rules::catalog::bundles::BundlePart;
use rules::catalog::listing::{ListedPicture, ListedSku, Listing, PictureRef, Wording};
use rules::catalog::nature::Nature;
use rules::catalog::options::ProductOption;
use rules::ids::{ProductId, ShopId, SkuId, WarehouseId};
use rules::money::Money;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::catalog::{self as rows, LISTED, Product, UNLISTED};
use store::{Tx, search};

use super::{Happened, note, read_listing};
use crate::failure::Failure;
use crate::market::{Actor, Market};
use crate::requests::{self, Answered, RequestKey};

pub(crate) use write::{Besides, Writing, current_listing, edit_in, insert_in};

/// A SKU as the shop wants it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkuAsk {
    /// The SKU which is meant. Without it, one of the product with the same code is, or else a new one is made.
    #[serde(default)]
    pub sku: Option<SkuId>,
    pub code: String,
    #[serde(default)]
    pub values: Vec<String>,
    pub price: Money,
    #[serde(default)]
    pub compare_at: Option<Money>,
    #[serde(default)]
    pub weight_grams: i64,
    #[serde(default)]
    pub barcode: String,
    #[serde(default)]
    pub picture: Option<PictureRef>,
    #[serde(default)]
    pub parts: Vec<BundlePart>,
}

/// The whole page as it is to be; what is left out is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListingAsk {
    pub title: Wording,
    #[serde(default)]
    pub description: Wording,
    pub category: String,
    #[serde(default)]
    pub options: Vec<ProductOption>,
    #[serde(default)]
    pub nature: Nature,
    #[serde(default)]
    pub hs_code: String,
    #[serde(default)]
    pub origin: String,
    #[serde(default)]
    pub pictures: Vec<ListedPicture>,
    pub skus: Vec<SkuAsk>,
}

/// The page as it is: where an edit of a part begins.
impl From<&Listing> for ListingAsk {
    fn from(listing: &Listing) -> Self {
        let money = |minor| Money::new(minor, listing.currency);
        let ask = |sku: &ListedSku| SkuAsk {
            sku: Some(sku.sku),
            code: sku.code.clone(),
            values: sku.values.clone(),
            price: money(sku.price_minor),
            compare_at: sku.compare_at_minor.map(money),
            weight_grams: sku.weight_grams,
            barcode: sku.barcode.clone(),
            picture: sku.picture.clone(),
            parts: sku.parts.clone(),
        };
        Self {
            title: listing.title.clone(),
            description: listing.description.clone(),
            category: listing.category.clone(),
            options: listing.options.clone(),
            nature: listing.nature,
            hs_code: listing.hs_code.clone(),
            origin: listing.origin.clone(),
            pictures: listing.pictures.clone(),
            skus: listing.skus.iter().map(ask).collect(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateProduct {
    /// Names the product in its shop; made from the title when it is left out.
    #[serde(default)]
    pub handle: Option<String>,
    pub listing: ListingAsk,
    /// The shop's first one when it is left out.
    #[serde(default)]
    pub warehouse: Option<WarehouseId>,
    /// Whether buyers see it at once.
    #[serde(default)]
    pub listed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditProduct {
    pub product: ProductId,
    /// The product's version which the editor saw; another one is [`Failure::Stale`].
    pub expected: Option<i64>,
    pub listing: ListingAsk,
}

pub async fn create_product(
    market: &Market,
    actor: Actor,
    shop: ShopId,
    ask: CreateProduct,
) -> Result<Product, Failure> {
    Ok(create_product_once(market, actor, shop, ask, None).await?.answer)
}

/// As [`create_product`], for a request which may come again: it is the same product then.
pub async fn create_product_once(
    market: &Market,
    actor: Actor,
    shop: ShopId,
    ask: CreateProduct,
    request: Option<RequestKey>,
) -> Result<Answered<Product>, Failure> {
    let writing = Writing::new(market, actor, shop, ask.listing.skus.len());
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<Answered<Product>, Failure> {
            if let Some(kept) = requests::kept::<ProductId>(tx, request.as_ref()).await? {
                let answer = expected_product(tx, shop, kept.answer, None).await?;
                return Ok(Answered { answer, replayed: true });
            }
            let product = insert_in(tx, &writing, &ask, "").await?;
            requests::keep(tx, request.as_ref(), &product.id, writing.now).await?;
            Ok(Answered::new(product))
        })
        .await
}

/// Answers the product as it is then. A change of nothing makes no version.
pub async fn edit_product(
    market: &Market,
    actor: Actor,
    shop: ShopId,
    ask: EditProduct,
) -> Result<Product, Failure> {
    let writing = Writing::new(market, actor, shop, ask.listing.skus.len());
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<Product, Failure> {
            let product = expected_product(tx, shop, ask.product, ask.expected).await?;
            edit_in(tx, &writing, product, &ask.listing, None).await
        })
        .await
}

/// Puts a product on sale, or takes it off. Orders which were placed go on.
pub async fn set_listed(
    market: &Market,
    actor: Actor,
    shop: ShopId,
    product: ProductId,
    expected: Option<i64>,
    listed: bool,
) -> Result<Product, Failure> {
    let (now, event) = (market.now(), market.id());
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<Product, Failure> {
            let found = expected_product(tx, shop, product, expected).await?;
            let state = if listed { LISTED } else { UNLISTED };
            if found.state == state {
                return Ok(found);
            }
            let version = found.version + 1;
            let changed = Product { state: state.to_owned(), version, ..found };
            let listing = current_listing(tx, &changed).await?;
            if !rows::update_product(tx, &changed).await? {
                return Err(Failure::Again);
            }
            if listed {
                let text = listing.searched_text();
                search::put(tx, &changed.market, shop, product, &text, now).await?;
            } else {
                search::remove(tx, shop, product).await?;
            }
            let kind = if listed { "product_listed" } else { "product_unlisted" };
            let (subject, subject_id) = ("product", product.number());
            let body = json!({});
            note(tx, Happened { id: event, shop, subject, subject_id, kind, actor, body, now })
                .await?;
            Ok(changed)
        })
        .await
}

async fn expected_product(
    tx: &mut Tx,
    shop: ShopId,
    product: ProductId,
    expected: Option<i64>,
) -> Result<Product, Failure> {
    let found = rows::load_product(tx, shop, product).await?.ok_or(Failure::NotFound)?;
    match expected {
        Some(expected) if expected != found.version => Err(Failure::Stale),
        Some(_) | None => Ok(found),
    }
}
