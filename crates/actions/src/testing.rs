//! A small market for tests: two shops, four SKUs, a buyer, and a clock which stands still until it is moved.
//!
//! Other crates' tests use it too. It speaks the trade: `stage.buys(…)`, `stage.ships(…)`, `stage.days_pass(3)`.

use std::collections::BTreeMap;

use rules::catalog::nature::Nature;
use rules::checkout::address::Address;
use rules::ids::{HOUSE, Id, OrderId, PersonId, ProductId, ShopId, SkuId, WarehouseId};
use rules::policy::{MarketCode, Policies, PolicyBook, PolicyVersion, SHIPPED};
use rules::shipping::parcels::CarrierNews;
use rules::time::{Span, Timestamp};
use store::catalog::{ACTIVE, LISTED, ListingVersion, Product, Sku};
use store::orders::OrderRow;
use store::shops::{OPEN, Shop, Warehouse};
use store::{Store, Tx, catalog, orders, parcels, shops, stock};

use crate::chance::Chance;
use crate::checkout::{Checkout, LineWanted, PlaceOrders, Placed, place_orders};
use crate::clock::Clock;
use crate::deadlines::{SweepSettings, sweep};
use crate::failure::Failure;
use crate::house::{Opening, open_store};
use crate::market::{Actor, Market, Mode};
use crate::orders::{OrderAsk, PackOrder, ShipOrder, pack_order, ship_order};
use crate::parcels::{TakeNews, take_news};
use crate::payments::{Pay, PaymentAnswer, pay};
use crate::sandbox_provider::Instrument;

/// When the story begins: a Monday morning, 2026-06-01T08:00:00Z.
pub const BEGIN: Timestamp = Timestamp::from_ms(1_780_300_800_000);

/// A market with something to sell.
pub struct Stage {
    pub market: Market,
    pub buyer: PersonId,
    /// Sells earbuds (SKUs 0 and 1: black and blue) and a set of both.
    pub first: ShopId,
    /// Sells scarves (SKU 2).
    pub second: ShopId,
    pub earbuds_black: SkuId,
    pub earbuds_blue: SkuId,
    pub earbuds_set: SkuId,
    pub scarf: SkuId,
}

impl Stage {
    /// Builds the market on an open, migrated store; 100 pieces of everything.
    pub async fn on(store: Store) -> Result<Stage, Failure> {
        Self::priced_in(store, "USD").await
    }

    /// As [`Stage::on`], in a market whose money is another currency with two minor digits.
    pub async fn priced_in(store: Store, currency: &'static str) -> Result<Stage, Failure> {
        let opening = Opening {
            database: String::new(),
            mode: Mode::Sandbox,
            clock: Some(Clock::manual(BEGIN)),
            chance: Chance::seeded(7),
        };
        let market = open_store(store, opening).await?;
        market.take_policy_book(book_in(currency)?);
        let first = shop(&market, "Sound & Co.", "electronics", currency).await?;
        let second = shop(&market, "Warm Wool", "clothing", currency).await?;
        let black = listed(
            &market,
            first,
            &Goods::new("earbuds-black", "Black earbuds", "黑色蓝牙耳机", 2_999)
                .in_currency(currency),
        )
        .await?;
        let blue = listed(
            &market,
            first,
            &Goods::new("earbuds-blue", "Blue earbuds", "蓝色蓝牙耳机", 3_099)
                .in_currency(currency),
        )
        .await?;
        let parts = vec![
            rules::catalog::bundles::BundlePart { sku: black, count: 1 },
            rules::catalog::bundles::BundlePart { sku: blue, count: 1 },
        ];
        let goods =
            Goods { parts, ..Goods::new("earbuds-set", "Both earbuds", "耳机套装", 4_999) };
        let set = listed(&market, first, &goods.in_currency(currency)).await?;
        let scarf = listed(
            &market,
            second,
            &Goods::new("scarf", "Wool scarf", "羊毛围巾", 1_950).in_currency(currency),
        )
        .await?;
        let buyer = market.id();
        Ok(Stage {
            market,
            buyer,
            first,
            second,
            earbuds_black: black,
            earbuds_blue: blue,
            earbuds_set: set,
            scarf,
        })
    }

    pub fn line(&self, sku: SkuId, quantity: i64) -> LineWanted {
        let shop = if sku == self.scarf { self.second } else { self.first };
        LineWanted { shop, sku, quantity }
    }

    /// The buyer places a checkout.
    pub async fn places(&self, lines: &[LineWanted]) -> Result<Placed, Failure> {
        self.places_as(self.buyer, lines).await
    }

    /// Somebody else places a checkout.
    pub async fn places_as(
        &self,
        buyer: PersonId,
        lines: &[LineWanted],
    ) -> Result<Placed, Failure> {
        let ask = PlaceOrders {
            buyer,
            buyer_name: "Robin Reader".to_owned(),
            checkout: Checkout {
                lines: lines.to_vec(),
                address: address(),
                services: BTreeMap::new(),
            },
            expected_total: None,
            from_basket: false,
            request: None,
        };
        place_orders(&self.market, ask).await.map(|answered| answered.answer)
    }

    pub async fn pays(
        &self,
        placed: &Placed,
        instrument: Instrument,
    ) -> Result<PaymentAnswer, Failure> {
        self.pays_as(self.buyer, placed, instrument).await
    }

    pub async fn pays_as(
        &self,
        buyer: PersonId,
        placed: &Placed,
        instrument: Instrument,
    ) -> Result<PaymentAnswer, Failure> {
        let ask = Pay { buyer, payment: placed.payment, instrument, request: None };
        pay(&self.market, ask).await.map(|answered| answered.answer)
    }

    /// Places and pays one line; answers its order.
    pub async fn buys(&self, sku: SkuId, quantity: i64) -> Result<OrderId, Failure> {
        let placed = self.places(&[self.line(sku, quantity)]).await?;
        self.pays(&placed, Instrument::CardOk).await?;
        placed.orders.first().map(|order| order.id).ok_or(Failure::NotFound)
    }

    /// The shop packs and ships an order which is ready for it.
    pub async fn ships(&self, shop: ShopId, order: OrderId) -> Result<(), Failure> {
        let ask = self.as_shop(shop, order);
        pack_order(&self.market, PackOrder { ask: ask.clone(), weight_grams: 300 }).await?;
        let ask = ShipOrder {
            ask,
            service: String::new(),
            tracking_number: String::new(),
            instead: None,
        };
        ship_order(&self.market, ask).await?;
        Ok(())
    }

    /// As [`Stage::ships`], and the carrier brings the parcel at once: the sandbox's own carrier loses some.
    pub async fn ships_and_arrives(&self, shop: ShopId, order: OrderId) -> Result<(), Failure> {
        self.ships(shop, order).await?;
        let read =
            async move |tx: &mut Tx| Ok::<_, Failure>(parcels::of_order(tx, shop, order).await?);
        for parcel in self.market.store.read(read).await? {
            let ask = TakeNews {
                shop,
                parcel: parcel.id,
                carrier_ref: format!("stage-{}", parcel.id),
                news: CarrierNews::Delivered,
                place: String::new(),
                happened_at: self.market.now(),
            };
            take_news(&self.market, ask).await?;
        }
        Ok(())
    }

    pub fn as_shop(&self, shop: ShopId, order: OrderId) -> OrderAsk {
        let actor = Actor::Staff { person: PersonId::new(77), shop };
        OrderAsk { shop, order, actor, expected: None, request: None }
    }

    /// Moves the clock hour by hour, passing what is due on the way, as a running server would.
    pub async fn hours_pass(&self, hours: i64) -> Result<(), Failure> {
        for _ in 0..hours {
            self.market.clock.move_forward(Span::from_hours(1));
            self.sweeps().await?;
        }
        Ok(())
    }

    pub async fn days_pass(&self, days: i64) -> Result<(), Failure> {
        self.hours_pass(days * 24).await
    }

    /// Passes what is due, one after the other.
    pub async fn sweeps(&self) -> Result<u64, Failure> {
        let settings = SweepSettings { at_once: 1, ..SweepSettings::default() };
        sweep(&self.market, settings).await.map(|report| report.total())
    }

    pub async fn order(&self, shop: ShopId, order: OrderId) -> Result<OrderRow, Failure> {
        let found = self
            .market
            .store
            .read(async move |tx: &mut Tx| Ok::<_, Failure>(orders::show(tx, shop, order).await?))
            .await?;
        found.ok_or(Failure::NotFound)
    }

    /// What can still be sold of a SKU with stock of its own.
    pub async fn left(&self, shop: ShopId, sku: SkuId) -> Result<i64, Failure> {
        let stock = self
            .market
            .store
            .read(async move |tx: &mut Tx| Ok::<_, Failure>(stock::load(tx, shop, [sku]).await?))
            .await?;
        Ok(stock.get(&sku).map_or(0, stock::Stock::left))
    }

    /// What stands on an account of a shop.
    pub async fn holds(
        &self,
        shop: ShopId,
        account: rules::ledger::Account,
    ) -> Result<i64, Failure> {
        let rows = crate::books::balances(&self.market, shop.number()).await?;
        Ok(rows
            .iter()
            .filter(|row| row.account == account)
            .map(|row| row.balance.posted(account))
            .sum())
    }

    /// Everything the ledger check finds wrong, in words.
    pub async fn faults(&self) -> Result<Vec<String>, Failure> {
        Ok(crate::books::check(&self.market)
            .await?
            .faults
            .iter()
            .map(ToString::to_string)
            .collect())
    }
}

/// An address in the United States, where both shops are.
pub fn address() -> Address {
    Address {
        name: "Robin Reader".to_owned(),
        phone: "+1 415 555 0100".to_owned(),
        line1: "1 Market Street".to_owned(),
        line2: String::new(),
        city: "San Francisco".to_owned(),
        region: "CA".to_owned(),
        postcode: "94105".to_owned(),
        country: MarketCode::parse("US").expect("two capital letters"),
    }
}

struct Goods {
    handle: &'static str,
    title_en: &'static str,
    title_zh: &'static str,
    price_minor: i64,
    currency: &'static str,
    parts: Vec<rules::catalog::bundles::BundlePart>,
}

impl Goods {
    fn new(
        handle: &'static str,
        title_en: &'static str,
        title_zh: &'static str,
        price_minor: i64,
    ) -> Self {
        Self { handle, title_en, title_zh, price_minor, currency: "USD", parts: Vec::new() }
    }

    fn in_currency(self, currency: &'static str) -> Self {
        Self { currency, ..self }
    }
}

/// The shipped policy with another currency in the market of the United States.
pub fn book_in(currency: &str) -> Result<PolicyBook, Failure> {
    let files: Vec<(&str, String)> = SHIPPED
        .iter()
        .map(|(name, text)| {
            (*name, text.replacen("currency = \"USD\"", &format!("currency = \"{currency}\""), 1))
        })
        .collect();
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let broken = |why: String| Failure::Broken(why);
    let policies = Policies::load(&files).map_err(|errors| broken(format!("{errors:?}")))?;
    let version = PolicyVersion { number: 1, effective_from: BEGIN, policies };
    PolicyBook::new(vec![version]).map_err(|error| broken(error.to_string()))
}

async fn shop(
    market: &Market,
    name: &str,
    category: &str,
    currency: &str,
) -> Result<ShopId, Failure> {
    let now = market.now();
    let id: ShopId = market.id();
    assert!(id != HOUSE, "ids begin far above the house's");
    let row = Shop {
        id,
        name: name.to_owned(),
        market: "US".to_owned(),
        currency: currency.to_owned(),
        category: category.to_owned(),
        zone: "America/Los_Angeles".to_owned(),
        about_en: String::new(),
        about_zh: String::new(),
        logo: String::new(),
        tier: "standard".to_owned(),
        next_tier: String::new(),
        next_tier_at: None,
        state: OPEN.to_owned(),
        version: 1,
        created_at: now,
    };
    let warehouse = Warehouse {
        id: market.id::<rules::ids::kind::Warehouse>(),
        shop: id,
        name: "Oakland".to_owned(),
        address: serde_json::to_string(&address())
            .map_err(|error| Failure::Broken(error.to_string()))?,
        country: "US".to_owned(),
        postcode: "94601".to_owned(),
        created_at: now,
    };
    market
        .store
        .write(async move |tx: &mut Tx| {
            shops::insert(tx, &row).await?;
            shops::insert_warehouse(tx, &warehouse).await?;
            Ok::<_, Failure>(id)
        })
        .await
}

async fn listed(market: &Market, shop: ShopId, goods: &Goods) -> Result<SkuId, Failure> {
    let now = market.now();
    let (product_id, sku_id, version_id): (ProductId, SkuId, Id<()>) =
        (market.id(), market.id(), market.id());
    let product = Product {
        id: product_id,
        shop,
        market: "US".to_owned(),
        handle: goods.handle.to_owned(),
        category: "electronics".to_owned(),
        nature: Nature::default(),
        title_en: goods.title_en.to_owned(),
        title_zh: goods.title_zh.to_owned(),
        picture: "drawn:earbuds/black/1".to_owned(),
        price_from_minor: goods.price_minor,
        currency: goods.currency.to_owned(),
        state: LISTED.to_owned(),
        listing_version: 1,
        sold_count: 0,
        source_hash: String::new(),
        hs_code: String::new(),
        version: 1,
        created_at: now,
    };
    let sku = Sku {
        id: sku_id,
        product: product_id,
        code: goods.handle.to_uppercase(),
        options: Vec::new(),
        price_minor: goods.price_minor,
        compare_at_minor: None,
        weight_grams: 200,
        barcode: String::new(),
        picture: String::new(),
        parts: goods.parts.clone(),
        position: 1,
        state: ACTIVE.to_owned(),
        version: 1,
    };
    let listing = ListingVersion {
        number: 1,
        body: "{}".to_owned(),
        created_by: PersonId::new(77),
        created_at: now,
    };
    market
        .store
        .write(async move |tx: &mut Tx| {
            let warehouse: WarehouseId = shops::list_warehouses(tx, shop)
                .await?
                .first()
                .map(|row| row.id)
                .ok_or(Failure::NotFound)?;
            catalog::insert_product(tx, &product).await?;
            catalog::insert_listing_version(tx, version_id.number(), shop, product_id, &listing)
                .await?;
            catalog::insert_sku(tx, shop, &sku, now).await?;
            stock::insert(tx, shop, sku_id, warehouse, now).await?;
            let counted = stock::set_count(tx, shop, sku_id, 100).await?;
            counted.map_err(|refused| Failure::Broken(format!("{refused:?}")))?;
            Ok::<_, Failure>(sku_id)
        })
        .await
}
