//! The shops with their goods, prices and stock, as the histories see them.

use std::collections::BTreeMap;

use rules::ids::{HOUSE, ProductId, ShopId, SkuId, StockBatchId};
use rules::orders::OrderTerms;
use rules::orders::flags::CheckTerms;
use rules::policy::{MarketCode, Policies, Tier};
use rules::time::{Span, Timestamp};
use serde_json::{Value, json};
use store::Tx;
use store::bulk::Rows;
use store::promotions::{self, PromotionRow};
use store::stock::Batch;

use super::buyers::Buyer;
use super::pool::Pool;
use super::{SeedShop, Seeding, day};
use crate::checkout::{LineWanted, PartFacts, ShopPart, part_facts};
use crate::failure::Failure;
use crate::market::{Actor, Market};

/// What the histories happen in.
pub(super) struct World {
    pub policies: Policies,
    pub policy_version: i64,
    pub until: Timestamp,
    pub shops: Vec<ShopGoods>,
    /// Promotions of the house which run on the day.
    pub house: Vec<PromotionRow>,
    pub buyers: Vec<Buyer>,
    pub stock: Stock,
}

/// One shop.
pub(super) struct ShopGoods {
    pub ask: SeedShop,
    pub staff: Actor,
    /// With a line for each SKU, of one piece.
    pub facts: PartFacts,
    pub terms: OrderTerms,
    pub check: CheckTerms,
}

impl World {
    /// Reads the shops, and has a delivery of each SKU come in each month.
    pub async fn read(market: &Market, ask: &Seeding, pool: &mut Pool) -> Result<World, Failure> {
        let (policy_version, policies) = market.policies();
        let mut shops = Vec::with_capacity(ask.shops.len());
        for shop in &ask.shops {
            shops.push(ShopGoods::read(market, &policies, shop, ask.from).await?);
        }
        let stock = Stock::of(&shops, ask, pool);
        Ok(World {
            policies,
            policy_version,
            until: ask.until,
            shops,
            house: Vec::new(),
            buyers: Vec::new(),
            stock,
        })
    }

    /// Looks at which promotions run on a day.
    pub async fn look_again(&mut self, market: &Market, at: Timestamp) -> Result<(), Failure> {
        let noon = at + Span::from_hours(12);
        self.house = running(market, HOUSE, noon).await?;
        for shop in &mut self.shops {
            shop.facts.own = running(market, shop.ask.shop, noon).await?;
        }
        Ok(())
    }

    /// What the histories did to the stock.
    pub fn stock_rows(&mut self, rows: &mut Rows) {
        std::mem::take(&mut self.stock).rows(rows);
    }
}

async fn running(
    market: &Market,
    home: ShopId,
    at: Timestamp,
) -> Result<Vec<PromotionRow>, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(promotions::running(tx, home, at).await?))
        .await
}

impl ShopGoods {
    async fn read(
        market: &Market,
        policies: &Policies,
        ask: &SeedShop,
        from: Timestamp,
    ) -> Result<ShopGoods, Failure> {
        let (id, skus, all) = (ask.shop, ask.skus.clone(), policies.clone());
        let facts = market
            .store
            .read(async move |tx: &mut Tx| {
                let shop = store::shops::load(tx, id).await?.ok_or(Failure::NotFound)?;
                let home = MarketCode::parse(&shop.market)
                    .map_err(|error| Failure::Broken(error.to_string()))?;
                let market = all.market(home).ok_or(Failure::NotFound)?;
                let lines: Vec<LineWanted> = skus
                    .iter()
                    .map(|sku| LineWanted { shop: id, sku: *sku, quantity: 1 })
                    .collect();
                let address = nowhere(home);
                let part = ShopPart {
                    shop: id,
                    lines: &lines,
                    address: &address,
                    chosen: None,
                    house: &[],
                };
                part_facts(tx, market, &part, from).await
            })
            .await?;
        let tier = Tier::parse(facts.shop.tier_at(from))
            .ok_or_else(|| Failure::Broken(format!("tier {}", facts.shop.tier)))?;
        let (home, staff) = (facts.home, Actor::Staff { person: ask.owner, shop: ask.shop });
        Ok(ShopGoods {
            ask: ask.clone(),
            staff,
            terms: OrderTerms::of(policies.orders(home), policies.settlement(home).tier(tier)),
            check: policies.orders(home).check_terms(),
            facts,
        })
    }
}

/// Only the country of it is read.
fn nowhere(country: MarketCode) -> rules::checkout::address::Address {
    rules::checkout::address::Address {
        name: String::new(),
        phone: String::new(),
        line1: String::new(),
        line2: String::new(),
        city: String::new(),
        region: String::new(),
        postcode: String::new(),
        country,
    }
}

/// What the histories take from stock and hold of it: what they need has been delivered.
#[derive(Default)]
pub(super) struct Stock {
    skus: BTreeMap<SkuId, Flow>,
    sold: BTreeMap<ProductId, (ShopId, i64)>,
}

/// One SKU's deliveries, the oldest first.
struct Flow {
    shop: ShopId,
    deliveries: Vec<Delivery>,
    held: i64,
}

struct Delivery {
    id: StockBatchId,
    at: Timestamp,
    gone: i64,
}

/// How often a delivery comes.
const A_MONTH: Span = Span::from_days(30);
/// Pieces of each SKU which are still for sale in the end.
const FOR_SALE: i64 = 200;

impl Stock {
    fn of(shops: &[ShopGoods], ask: &Seeding, pool: &mut Pool) -> Stock {
        let mut stock = Stock::default();
        let mut at = ask.from;
        while at < ask.until {
            for shop in shops {
                for line in &shop.facts.lines {
                    let delivery = Delivery { id: pool.ids(at, 1).take(), at, gone: 0 };
                    let flow = stock.skus.entry(line.sku.sku).or_insert_with(|| Flow {
                        shop: shop.ask.shop,
                        deliveries: Vec::new(),
                        held: 0,
                    });
                    flow.deliveries.push(delivery);
                }
            }
            at = day(at + A_MONTH);
        }
        stock
    }

    /// Pieces leave; answers what the line keeps of the delivery they came from.
    pub fn take_out(&mut self, sku: SkuId, product: ProductId, count: i64, at: Timestamp) -> Value {
        let Some(flow) = self.skus.get_mut(&sku) else { return Value::Null };
        self.sold.entry(product).or_insert((flow.shop, 0)).1 += count;
        let shop = flow.shop;
        let last = flow.deliveries.iter_mut().rev().find(|delivery| delivery.at <= at);
        let Some(delivery) = last else { return Value::Null };
        delivery.gone += count;
        json!({
            "sku": sku, "batch": delivery.id, "batch_code": code(delivery.at),
            "supplier": supplier(shop), "count": count,
        })
    }

    /// Pieces come back into the delivery they were taken from.
    pub fn put_back(&mut self, sku: SkuId, product: ProductId, count: i64, taken: &Value) {
        let Some(flow) = self.skus.get_mut(&sku) else { return };
        self.sold.entry(product).or_insert((flow.shop, 0)).1 -= count;
        let from: Option<StockBatchId> =
            taken.get("batch").and_then(Value::as_str).and_then(|id| id.parse().ok());
        let found = flow.deliveries.iter_mut().find(|delivery| Some(delivery.id) == from);
        if let Some(delivery) = found {
            delivery.gone -= count;
        }
    }

    /// Pieces which an open order holds.
    pub fn hold(&mut self, sku: SkuId, count: i64) {
        if let Some(flow) = self.skus.get_mut(&sku) {
            flow.held += count;
        }
    }

    fn rows(self, rows: &mut Rows) {
        for (sku, flow) in self.skus {
            let last = flow.deliveries.len().saturating_sub(1);
            for (place, delivery) in flow.deliveries.into_iter().enumerate() {
                let remaining_count = if place == last { flow.held + FOR_SALE } else { 0 };
                if delivery.gone + remaining_count == 0 {
                    continue;
                }
                let batch = Batch {
                    id: delivery.id,
                    sku,
                    code: code(delivery.at),
                    supplier: supplier(flow.shop),
                    received_count: delivery.gone + remaining_count,
                    remaining_count,
                    received_at: delivery.at,
                };
                rows.batches.push((flow.shop, batch));
            }
            if flow.held > 0 {
                rows.promised.push((flow.shop, sku, flow.held));
            }
        }
        for (product, (shop, pieces)) in self.sold {
            rows.sold.push((shop, product, pieces));
        }
    }
}

/// As shops write the day on a delivery.
fn code(at: Timestamp) -> String {
    format!("B-{}", at.ms() / Span::from_days(1).ms())
}

fn supplier(shop: ShopId) -> String {
    format!("Works {}", shop.number() % 97)
}
