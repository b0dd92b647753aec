//! What a shop's staff read of their own catalogue.

use rules::catalog::listing::Listing;
use rules::ids::{ProductId, ShopId, SkuId};
use store::catalog::{self as rows, ListingVersion, Product, ProductCard, Sku};
use store::stock::{self, Batch, Stock};
use store::{Tx, shops};

use super::pages::{MOST_ON_A_PAGE, before_of};
use super::products::current_listing;
use super::read_listing;
use crate::failure::Failure;
use crate::market::Market;

/// Versions which a page shows at once.
const MOST_VERSIONS: i64 = 200;

/// A product with all that its editor needs.
#[derive(Clone, Debug)]
pub struct ProductForEdit {
    pub product: Product,
    pub listing: Listing,
    /// The retired ones too, last.
    pub skus: Vec<Sku>,
    /// One a SKU, in the order of ids.
    pub stock: Vec<Stock>,
}

pub async fn product_for_edit(
    market: &Market,
    shop: ShopId,
    product: ProductId,
) -> Result<ProductForEdit, Failure> {
    let read = async move |tx: &mut Tx| -> Result<ProductForEdit, Failure> {
        let product = rows::load_product(tx, shop, product).await?.ok_or(Failure::NotFound)?;
        let listing = current_listing(tx, &product).await?;
        let skus = rows::load_skus(tx, shop, product.id).await?;
        let ids: Vec<SkuId> = skus.iter().map(|sku| sku.id).collect();
        let stock = stock::load(tx, shop, ids).await?;
        Ok(ProductForEdit { product, listing, skus, stock: stock.into_values().collect() })
    };
    market.store.read(read).await
}

/// The products of a shop, newest first; `state` narrows them. Answers the cursor of the next page, too.
pub async fn list_products(
    market: &Market,
    shop: ShopId,
    state: Option<&str>,
    cursor: Option<&str>,
) -> Result<(Vec<ProductCard>, Option<String>), Failure> {
    let before = before_of(cursor)?;
    let state = state.map(str::to_owned);
    let read = async move |tx: &mut Tx| -> Result<_, Failure> {
        if shops::load(tx, shop).await?.is_none() {
            return Err(Failure::NotFound);
        }
        let cards =
            rows::list_of_shop(tx, shop, state.as_deref(), before, MOST_ON_A_PAGE + 1).await?;
        Ok(super::pages::cut(cards, |card| card.id.to_string()))
    };
    market.store.read(read).await
}

/// The versions of a product's page, the newest first.
pub async fn list_versions(
    market: &Market,
    shop: ShopId,
    product: ProductId,
) -> Result<Vec<(ListingVersion, Listing)>, Failure> {
    let read = async move |tx: &mut Tx| -> Result<Vec<ListingVersion>, Failure> {
        Ok(rows::list_listing_versions(tx, shop, product, MOST_VERSIONS).await?)
    };
    let versions = market.store.read(read).await?;
    if versions.is_empty() {
        return Err(Failure::NotFound);
    }
    let with_listing =
        |version: ListingVersion| Ok((version.clone(), read_listing(&version.body)?));
    versions.into_iter().map(with_listing).collect()
}

/// The page as it was in one version: what a buyer saw who ordered then.
pub async fn listing_version(
    market: &Market,
    shop: ShopId,
    product: ProductId,
    number: i64,
) -> Result<(ListingVersion, Listing), Failure> {
    let read = async move |tx: &mut Tx| -> Result<ListingVersion, Failure> {
        let version = rows::load_listing_version(tx, shop, product, number).await?;
        version.ok_or(Failure::NotFound)
    };
    let version = market.store.read(read).await?;
    let listing = read_listing(&version.body)?;
    Ok((version, listing))
}

/// The deliveries of one SKU, the newest first.
pub async fn list_batches(
    market: &Market,
    shop: ShopId,
    sku: SkuId,
) -> Result<Vec<Batch>, Failure> {
    let read = async move |tx: &mut Tx| -> Result<Vec<Batch>, Failure> {
        Ok(stock::list_batches(tx, shop, sku, 200).await?)
    };
    market.store.read(read).await
}
