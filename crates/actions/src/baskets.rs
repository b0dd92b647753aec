//! Baskets: what a buyer has put aside, over any number of shops, with what has changed since.
//!
//! Nothing is reserved by a basket. A visitor's basket is kept by their browser and read by [`show_lines`].

use std::collections::BTreeMap;

use rules::catalog::bundles::available;
use rules::checkout::limits::{self, OverLimit};
use rules::ids::{PersonId, ShopId, SkuId};
use rules::policy::{MarketCode, OrderPolicy, Policies};
use store::baskets::{self, BasketLine};
use store::catalog::{self, SkuForSale};
use store::shops::{OPEN, Shop};
use store::stock::Stock;
use store::{Tx, shops, stock};

use crate::checkout::LineWanted;
use crate::failure::{Failure, FieldFault, Refusal};
use crate::market::Market;
use crate::requests::{self, Answered, RequestKey};

/// What is different from when the buyer last saw a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineChange {
    /// In minor units of the shop's currency.
    Price { was_minor: i64, now_minor: i64 },
    /// Fewer are left than the basket holds.
    Short { left: i64 },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasketItem {
    pub sku: SkuForSale,
    pub quantity: i64,
    /// Pieces which could be bought now.
    pub available: i64,
    pub changes: Vec<LineChange>,
}

/// One shop's part of a basket.
#[derive(Clone, Debug)]
pub struct BasketShop {
    pub shop: Shop,
    pub items: Vec<BasketItem>,
    /// Of these items, minor units of the shop's currency; before discounts, shipping and tax.
    pub goods_minor: i64,
}

#[derive(Clone, Debug, Default)]
pub struct Basket {
    pub shops: Vec<BasketShop>,
    /// Lines whose product is no longer sold. They are shown, and cannot be ordered.
    pub gone: Vec<LineWanted>,
    /// Pieces of all lines which can be ordered.
    pub pieces: i64,
}

/// Puts more of a SKU into the basket; answers how many pieces of it are in it now.
pub async fn add_to_basket(
    market: &Market,
    buyer: PersonId,
    line: LineWanted,
) -> Result<i64, Failure> {
    Ok(add_to_basket_once(market, buyer, line, None).await?.answer)
}

/// As [`add_to_basket`], for a request which may come again: the pieces are added once.
pub async fn add_to_basket_once(
    market: &Market,
    buyer: PersonId,
    line: LineWanted,
    request: Option<RequestKey>,
) -> Result<Answered<i64>, Failure> {
    change(market, buyer, line, request, move |before| before.checked_add(line.quantity)).await
}

/// Sets how many pieces of a SKU are in the basket; 0 takes it out.
pub async fn set_quantity(
    market: &Market,
    buyer: PersonId,
    line: LineWanted,
) -> Result<i64, Failure> {
    if line.quantity == 0 {
        remove_from_basket(market, buyer, line.sku).await?;
        return Ok(0);
    }
    Ok(change(market, buyer, line, None, move |_| Some(line.quantity)).await?.answer)
}

pub async fn remove_from_basket(
    market: &Market,
    buyer: PersonId,
    sku: SkuId,
) -> Result<(), Failure> {
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            Ok(baskets::remove(tx, buyer, sku).await?)
        })
        .await
}

/// The basket with today's prices and stock.
pub async fn read_basket(market: &Market, buyer: PersonId) -> Result<Basket, Failure> {
    let read = async move |tx: &mut Tx| -> Result<Basket, Failure> {
        let lines = baskets::load(tx, buyer).await?;
        let seen = lines.iter().map(|line| (line.sku, line.seen_minor)).collect();
        show(tx, &lines.iter().map(wanted).collect::<Vec<_>>(), &seen).await
    };
    market.store.read(read).await
}

/// A visitor's lines, shown as a basket.
pub async fn show_lines(market: &Market, lines: &[LineWanted]) -> Result<Basket, Failure> {
    let (_, policies) = market.policies();
    let lines = sound(lines, widest(&policies));
    let read = async move |tx: &mut Tx| -> Result<Basket, Failure> {
        show(tx, &lines, &BTreeMap::new()).await
    };
    market.store.read(read).await
}

/// At sign-in: a visitor's lines join the buyer's own. Of a SKU which is in both the larger quantity stays.
///
/// What cannot be taken over (gone, too many) is left out without a word: signing in must not fail for it.
pub async fn merge_basket(
    market: &Market,
    buyer: PersonId,
    visitor: Vec<LineWanted>,
) -> Result<(), Failure> {
    if visitor.is_empty() {
        return Ok(());
    }
    let now = market.now();
    let (_, policies) = market.policies();
    let visitor = sound(&visitor, widest(&policies));
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            let own = baskets::load(tx, buyer).await?;
            let mut held: BTreeMap<SkuId, i64> =
                own.iter().map(|line| (line.sku, line.quantity)).collect();
            let shown = show(tx, &visitor, &BTreeMap::new()).await?;
            for part in &shown.shops {
                let policy = policy_of(&policies, &part.shop)?;
                for item in &part.items {
                    let before = held.get(&item.sku.sku).copied().unwrap_or(0);
                    let quantity = item.quantity.clamp(1, policy.max_quantity_count);
                    let lines = held.len() as i64 + i64::from(before == 0);
                    if quantity <= before || limits::basket_lines(lines, policy).is_err() {
                        continue;
                    }
                    held.insert(item.sku.sku, quantity);
                    let line = kept(part.shop.id, item, quantity);
                    baskets::put(tx, buyer, &line, now).await?;
                }
            }
            Ok(())
        })
        .await
}

async fn change(
    market: &Market,
    buyer: PersonId,
    line: LineWanted,
    request: Option<RequestKey>,
    quantity: impl Fn(i64) -> Option<i64> + Send + Sync + 'static,
) -> Result<Answered<i64>, Failure> {
    if line.quantity < 1 {
        return Err(over("quantity", OverLimit::NoQuantity));
    }
    let now = market.now();
    let (_, policies) = market.policies();
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<Answered<i64>, Failure> {
            if let Some(kept) = requests::kept(tx, request.as_ref()).await? {
                return Ok(kept);
            }
            let own = baskets::load(tx, buyer).await?;
            let before = own.iter().find(|own| own.sku == line.sku).map_or(0, |own| own.quantity);
            let basket = show(tx, &[line], &BTreeMap::new()).await?;
            let part = basket.shops.first().ok_or(Failure::NotFound)?;
            let item = part.items.first().ok_or(Failure::NotFound)?;
            let policy = policy_of(&policies, &part.shop)?;
            let most = policy.max_quantity_count;
            let quantity = quantity(before)
                .ok_or_else(|| over("quantity", OverLimit::TooManyPieces { most }))?;
            limits::quantity(quantity, policy).map_err(|limit| over("quantity", limit))?;
            if before == 0 {
                limits::basket_lines(own.len() as i64 + 1, policy)
                    .map_err(|limit| over("lines", limit))?;
            }
            if quantity > item.available {
                return Err(sold_out(item, quantity));
            }
            baskets::put(tx, buyer, &kept(part.shop.id, item, quantity), now).await?;
            requests::keep(tx, request.as_ref(), &quantity, now).await?;
            Ok(Answered::new(quantity))
        })
        .await
}

/// Groups lines by shop in the order in which the shops first appear, with what can be had of each.
async fn show(
    tx: &mut Tx,
    lines: &[LineWanted],
    seen: &BTreeMap<SkuId, i64>,
) -> Result<Basket, Failure> {
    let mut basket = Basket::default();
    let mut order: Vec<ShopId> = Vec::new();
    for line in lines {
        if !order.contains(&line.shop) {
            order.push(line.shop);
        }
    }
    for id in order {
        let of_shop: Vec<LineWanted> =
            lines.iter().filter(|line| line.shop == id).copied().collect();
        let shop = shops::load(tx, id).await?.filter(|shop| shop.state == OPEN);
        let Some(shop) = shop else {
            basket.gone.extend(of_shop);
            continue;
        };
        let items = items_of(tx, id, &of_shop, seen, &mut basket.gone).await?;
        if items.is_empty() {
            continue;
        }
        let worth = |item: &BasketItem| item.sku.price_minor.saturating_mul(item.quantity);
        let goods_minor = items.iter().map(worth).fold(0, i64::saturating_add);
        basket.pieces += items.iter().map(|item| item.quantity).sum::<i64>();
        basket.shops.push(BasketShop { shop, items, goods_minor });
    }
    Ok(basket)
}

async fn items_of(
    tx: &mut Tx,
    shop: ShopId,
    lines: &[LineWanted],
    seen: &BTreeMap<SkuId, i64>,
    gone: &mut Vec<LineWanted>,
) -> Result<Vec<BasketItem>, Failure> {
    let ids: Vec<SkuId> = lines.iter().map(|line| line.sku).collect();
    let found = catalog::load_for_sale(tx, shop, &ids).await?;
    let for_sale: BTreeMap<SkuId, SkuForSale> =
        found.into_iter().filter(|sku| sku.for_sale).map(|sku| (sku.sku, sku)).collect();
    let parts = for_sale.values().flat_map(|sku| sku.parts.iter().map(|part| part.sku));
    let ids: Vec<SkuId> = for_sale.keys().copied().chain(parts).collect();
    let stock = stock::load(tx, shop, ids).await?;
    let left = |sku: SkuId| stock.get(&sku).map_or(0, Stock::left);
    let mut items = Vec::with_capacity(lines.len());
    for line in lines {
        let Some(sku) = for_sale.get(&line.sku) else {
            gone.push(*line);
            continue;
        };
        let available = available(sku.sku, &sku.parts, left);
        let mut changes = Vec::new();
        match seen.get(&sku.sku) {
            Some(was) if *was != sku.price_minor => {
                changes.push(LineChange::Price { was_minor: *was, now_minor: sku.price_minor });
            }
            Some(_) | None => {}
        }
        if available < line.quantity {
            changes.push(LineChange::Short { left: available });
        }
        items.push(BasketItem { sku: sku.clone(), quantity: line.quantity, available, changes });
    }
    Ok(items)
}

fn wanted(line: &BasketLine) -> LineWanted {
    LineWanted { shop: line.shop, sku: line.sku, quantity: line.quantity }
}

fn kept(shop: ShopId, item: &BasketItem, quantity: i64) -> BasketLine {
    BasketLine { sku: item.sku.sku, shop, quantity, seen_minor: item.sku.price_minor }
}

fn policy_of<'a>(policies: &'a Policies, shop: &Shop) -> Result<&'a OrderPolicy, Failure> {
    let place =
        MarketCode::parse(&shop.market).map_err(|error| Failure::Broken(error.to_string()))?;
    Ok(policies.orders(place))
}

/// The policy which lets a basket be largest: a visitor's market is not known yet.
fn widest(policies: &Policies) -> &OrderPolicy {
    let all = policies.markets().map(|place| policies.orders(place.code));
    all.max_by_key(|policy| policy.basket_max_lines_count).expect("the house has a market")
}

/// What a browser sends is not trusted: each SKU once, no strange quantities, no endless list.
fn sound(lines: &[LineWanted], policy: &OrderPolicy) -> Vec<LineWanted> {
    let mut kept: BTreeMap<SkuId, LineWanted> = BTreeMap::new();
    for line in lines.iter().filter(|line| limits::quantity(line.quantity, policy).is_ok()) {
        if limits::basket_lines(kept.len() as i64 + 1, policy).is_ok() {
            kept.entry(line.sku).or_insert(*line);
        }
    }
    kept.into_values().collect()
}

fn over(field: &str, limit: OverLimit) -> Failure {
    Failure::Invalid(vec![FieldFault::new(field, limit.code(), limit.to_string())])
}

fn sold_out(item: &BasketItem, asked: i64) -> Failure {
    let title = if item.sku.title_en.is_empty() { &item.sku.title_zh } else { &item.sku.title_en };
    let refusal = Refusal::new("sold_out", "not enough of this is left");
    let refusal = refusal.fact("sku", item.sku.sku).fact("title", title);
    refusal.fact("asked", asked).fact("left", item.available).into()
}
