//! What buyers see: lists, searches, product pages, shops. Read in one moment each, page by page by key.

use std::collections::BTreeMap;

use rules::catalog::bundles::available;
use rules::catalog::categories::Categories;
use rules::catalog::listing::{ListedSku, Listing};
use rules::catalog::search_tokens::query_tokens;
use rules::ids::{HOUSE, ProductId, ShopId, SkuId};
use rules::policy::MarketCode;
use store::catalog::{self as rows, LISTED, Product, ProductCard, Reach};
use store::promotions::PromotionRow;
use store::search::{self, After, Hit};
use store::shops::{OPEN, Shop};
use store::stock::Stock;
use store::{Tx, promotions, shops, stock};

use super::products::current_listing;
use crate::failure::Failure;
use crate::market::Market;

/// Shops abroad whose goods a market's lists show.
const MOST_ABROAD: i64 = 200;
/// Products on one page of a list.
pub(super) const MOST_ON_A_PAGE: i64 = 24;

/// A product in a list, with its shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedCard {
    pub card: ProductCard,
    pub shop_name: String,
    /// Struck through beside the price: what the SKU of that price cost before.
    pub was_minor: Option<i64>,
}

/// One page of a list. `next` is the cursor of the page after it, if there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CardPage {
    pub cards: Vec<ListedCard>,
    pub next: Option<String>,
}

/// A SKU with how many pieces can be bought now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkuView {
    pub sku: ListedSku,
    pub available: i64,
}

#[derive(Clone, Debug)]
pub struct ProductPage {
    pub shop: Shop,
    pub product: Product,
    pub listing: Listing,
    pub skus: Vec<SkuView>,
    /// Of the shop, then of the house.
    pub promotions: Vec<PromotionRow>,
}

#[derive(Clone, Debug)]
pub struct ShopPage {
    pub shop: Shop,
    pub page: CardPage,
    pub promotions: Vec<PromotionRow>,
}

/// The newest products of a market: what the home page shows.
pub async fn newest_page(
    market: &Market,
    place: MarketCode,
    cursor: Option<&str>,
) -> Result<CardPage, Failure> {
    let before = before_of(cursor)?;
    let read = async move |tx: &mut Tx| -> Result<CardPage, Failure> {
        let reach = reach_of(tx, place).await?;
        let cards = rows::list_newest(tx, &reach, before, MOST_ON_A_PAGE + 1).await?;
        page_of(tx, cards).await
    };
    market.store.read(read).await
}

/// The newest products of a category and of those within it.
pub async fn category_page(
    market: &Market,
    place: MarketCode,
    category: &str,
    cursor: Option<&str>,
) -> Result<CardPage, Failure> {
    let before = before_of(cursor)?;
    let codes = with_those_within(category)?;
    let read = async move |tx: &mut Tx| -> Result<CardPage, Failure> {
        let mut cards = Vec::new();
        let reach = reach_of(tx, place).await?;
        // One index range each, merged here: the engine would sort all products of the categories.
        for code in &codes {
            let some = rows::list_by_category(tx, &reach, code, before, MOST_ON_A_PAGE + 1);
            cards.extend(some.await?);
        }
        cards.sort_by_key(|card| std::cmp::Reverse(card.id));
        page_of(tx, cards).await
    };
    market.store.read(read).await
}

/// Products which have all words of the query, the best first. A query of nothing finds nothing.
pub async fn search_page(
    market: &Market,
    place: MarketCode,
    query: &str,
    category: Option<&str>,
    cursor: Option<&str>,
) -> Result<CardPage, Failure> {
    let tokens = query_tokens(query);
    let after = cursor.map(read_after).transpose()?;
    let codes = category.map(with_those_within).transpose()?.unwrap_or_default();
    let read = async move |tx: &mut Tx| -> Result<CardPage, Failure> {
        let limit = MOST_ON_A_PAGE + 1;
        let reach = reach_of(tx, place).await?;
        let hits = search::find(tx, &reach, &tokens, &codes, after, limit).await?;
        let (hits, next) = cut(hits, |hit| format!("{}.{}", hit.rank, hit.product));
        let cards = cards_of(tx, &hits).await?;
        Ok(CardPage { cards: with_shops(tx, cards).await?, next })
    };
    market.store.read(read).await
}

/// A product which is on sale. One which is not is not there.
pub async fn product_page(
    market: &Market,
    shop: ShopId,
    product: ProductId,
) -> Result<ProductPage, Failure> {
    let now = market.now();
    let read = async move |tx: &mut Tx| -> Result<ProductPage, Failure> {
        let shop = open_shop(tx, shop).await?;
        let product = rows::load_product(tx, shop.id, product).await?;
        let product = product.filter(|p| p.state == LISTED).ok_or(Failure::NotFound)?;
        let listing = current_listing(tx, &product).await?;
        let skus = with_stock(tx, shop.id, &listing).await?;
        let promotions = running(tx, &shop, now).await?;
        Ok(ProductPage { shop, product, listing, skus, promotions })
    };
    market.store.read(read).await
}

pub async fn shop_page(
    market: &Market,
    shop: ShopId,
    cursor: Option<&str>,
) -> Result<ShopPage, Failure> {
    let (before, now) = (before_of(cursor)?, market.now());
    let read = async move |tx: &mut Tx| -> Result<ShopPage, Failure> {
        let shop = open_shop(tx, shop).await?;
        let cards =
            rows::list_of_shop(tx, shop.id, Some(LISTED), before, MOST_ON_A_PAGE + 1).await?;
        let page = page_of(tx, cards).await?;
        let promotions = running(tx, &shop, now).await?;
        Ok(ShopPage { shop, page, promotions })
    };
    market.store.read(read).await
}

/// Whose goods a market's buyers see.
async fn reach_of(tx: &mut Tx, place: MarketCode) -> Result<Reach, Failure> {
    let abroad = shops::delivering_to(tx, place.as_str(), MOST_ABROAD).await?;
    Ok(Reach { market: place.to_string(), abroad })
}

async fn open_shop(tx: &mut Tx, shop: ShopId) -> Result<Shop, Failure> {
    let found = shops::load(tx, shop).await?;
    found.filter(|shop| shop.state == OPEN).ok_or(Failure::NotFound)
}

async fn running(
    tx: &mut Tx,
    shop: &Shop,
    now: rules::time::Timestamp,
) -> Result<Vec<PromotionRow>, Failure> {
    let mut running = promotions::running(tx, shop.id, now).await?;
    let of_house = promotions::running(tx, HOUSE, now).await?;
    running.extend(of_house.into_iter().filter(|promotion| promotion.market == shop.market));
    Ok(running)
}

async fn with_stock(tx: &mut Tx, shop: ShopId, listing: &Listing) -> Result<Vec<SkuView>, Failure> {
    let parts = listing.skus.iter().flat_map(|sku| sku.parts.iter().map(|part| part.sku));
    let ids: Vec<SkuId> = listing.skus.iter().map(|sku| sku.sku).chain(parts).collect();
    let stock = stock::load(tx, shop, ids).await?;
    let left = |sku: SkuId| stock.get(&sku).map_or(0, Stock::left);
    let view = |sku: &ListedSku| SkuView {
        available: available(sku.sku, &sku.parts, left),
        sku: sku.clone(),
    };
    Ok(listing.skus.iter().map(view).collect())
}

/// The cards of hits, shop by shop, back in the order of the hits.
async fn cards_of(tx: &mut Tx, hits: &[Hit]) -> Result<Vec<ProductCard>, Failure> {
    let mut by_shop: BTreeMap<ShopId, Vec<ProductId>> = BTreeMap::new();
    for hit in hits {
        by_shop.entry(hit.shop).or_default().push(hit.product);
    }
    let mut cards = BTreeMap::new();
    for (shop, products) in by_shop {
        for card in rows::load_cards(tx, shop, products).await? {
            cards.insert(card.id, card);
        }
    }
    Ok(hits.iter().filter_map(|hit| cards.remove(&hit.product)).collect())
}

/// Cards from a query which asked for one more than a page holds.
async fn page_of(tx: &mut Tx, cards: Vec<ProductCard>) -> Result<CardPage, Failure> {
    let (cards, next) = cut(cards, |card| card.id.to_string());
    Ok(CardPage { cards: with_shops(tx, cards).await?, next })
}

async fn with_shops(tx: &mut Tx, cards: Vec<ProductCard>) -> Result<Vec<ListedCard>, Failure> {
    let mut ids: Vec<ShopId> = cards.iter().map(|card| card.shop).collect();
    ids.sort_unstable();
    ids.dedup();
    let names: BTreeMap<ShopId, String> = shops::load_many(tx, ids.clone())
        .await?
        .into_iter()
        .map(|shop| (shop.id, shop.name))
        .collect();
    let products: Vec<ProductId> = cards.iter().map(|card| card.id).collect();
    let before = rows::load_compare_at(tx, ids, products).await?;
    let was = |card: &ProductCard| {
        let of_card = before
            .iter()
            .filter(|(product, price, _)| *product == card.id && *price == card.price_from_minor);
        of_card.map(|(_, _, was)| *was).min()
    };
    let named = |card: ProductCard| ListedCard {
        was_minor: was(&card),
        shop_name: names.get(&card.shop).cloned().unwrap_or_default(),
        card,
    };
    Ok(cards.into_iter().map(named).collect())
}

/// Cuts a list to one page and answers the cursor of the next, when there is more.
pub(super) fn cut<T>(mut all: Vec<T>, cursor: impl Fn(&T) -> String) -> (Vec<T>, Option<String>) {
    let most = MOST_ON_A_PAGE as usize;
    let more = all.len() > most;
    all.truncate(most);
    let next = if more { all.last().map(cursor) } else { None };
    (all, next)
}

/// The category and those within it.
///
/// Owned texts: a read which borrows them could not move between threads.
fn with_those_within(category: &str) -> Result<Vec<String>, Failure> {
    let categories = Categories::shipped();
    let own = categories.get(category).ok_or(Failure::NotFound)?;
    let within = categories.within(&own.code).map(|inner| inner.code.clone());
    Ok(std::iter::once(own.code.clone()).chain(within).collect())
}

/// The id before which a page begins.
pub(super) fn before_of(cursor: Option<&str>) -> Result<i64, Failure> {
    let Some(cursor) = cursor else { return Ok(i64::MAX) };
    cursor.parse::<ProductId>().map(|id| id.number()).map_err(|_| bad_cursor())
}

fn read_after(cursor: &str) -> Result<After, Failure> {
    let (rank, product) = cursor.split_once('.').ok_or_else(bad_cursor)?;
    let rank = rank.parse().map_err(|_| bad_cursor())?;
    Ok(After { rank, product: product.parse().map_err(|_| bad_cursor())? })
}

fn bad_cursor() -> Failure {
    Failure::invalid("cursor", "bad_cursor", "use the cursor of the page before as it was")
}
