//! A house with one shop which has a warehouse and nothing on its shelves.

use actions::catalog::{
    CreateProduct, ListingAsk, NewShop, NewWarehouse, SkuAsk, add_warehouse, create_product,
    create_shop, set_stock,
};
use actions::chance::Chance;
use actions::clock::Clock;
use actions::house::{Opening, open_store};
use actions::{Actor, Market, Mode};
use rules::catalog::listing::Wording;
use rules::catalog::nature::Nature;
use rules::catalog::options::ProductOption;
use rules::checkout::address::Address;
use rules::ids::{PersonId, ShopId, SkuId};
use rules::money::{Currency, Money};
use rules::policy::{MarketCode, Tier};
use rules::time::Timestamp;
use store::Store;
use store::catalog::{Product, Sku};

pub const BEGIN: Timestamp = Timestamp::from_ms(1_780_300_800_000);
pub const ACTOR: Actor = Actor::House(PersonId::new(5));

pub struct Stage {
    pub market: Market,
    pub shop: ShopId,
}

pub fn gbp(minor: i64) -> Money {
    Money::new(minor, Currency::parse("GBP").unwrap())
}

pub fn place() -> MarketCode {
    MarketCode::parse("GB").unwrap()
}

/// An option with its values, and one SKU a value.
pub fn mug(codes: &[(&str, &str, i64)]) -> ListingAsk {
    let sku = |(code, colour, price): &(&str, &str, i64)| SkuAsk {
        sku: None,
        code: (*code).to_owned(),
        values: vec![(*colour).to_owned()],
        price: gbp(*price),
        compare_at: None,
        weight_grams: 300,
        barcode: String::new(),
        picture: None,
        parts: Vec::new(),
    };
    let values = codes.iter().map(|(_, colour, _)| (*colour).to_owned()).collect();
    ListingAsk {
        title: Wording::new("Enamel Mug", "搪瓷杯"),
        description: Wording::new("Holds 350 ml.", ""),
        category: "home_kitchen".to_owned(),
        options: vec![ProductOption { name: "Colour".to_owned(), values }],
        nature: Nature { fragile: true, ..Nature::default() },
        hs_code: "732394".to_owned(),
        origin: "CN".to_owned(),
        pictures: Vec::new(),
        skus: codes.iter().map(sku).collect(),
    }
}

impl Stage {
    pub async fn on(store: Store) -> Stage {
        let opening = Opening {
            database: String::new(),
            mode: Mode::Sandbox,
            clock: Some(Clock::manual(BEGIN)),
            chance: Chance::seeded(7),
        };
        let market = open_store(store, opening).await.unwrap();
        let shop = Stage::shop(&market, "Harbour Goods").await;
        Stage { market, shop }
    }

    pub async fn shop(market: &Market, name: &str) -> ShopId {
        let ask = NewShop {
            name: name.to_owned(),
            market: place(),
            category: "home_kitchen".to_owned(),
            about: Wording::new("Things from the harbour", "港口杂货"),
            logo: None,
            tier: Tier::Standard,
            owner: Some(PersonId::new(5)),
        };
        let shop = create_shop(market, ACTOR, ask).await.unwrap();
        let address = Address {
            name: name.to_owned(),
            phone: "+441632960000".to_owned(),
            line1: "1 Quay".to_owned(),
            line2: String::new(),
            city: "Whitby".to_owned(),
            region: String::new(),
            postcode: "YO21 1AA".to_owned(),
            country: place(),
        };
        let warehouse = NewWarehouse { name: "Quay".to_owned(), address };
        add_warehouse(market, ACTOR, shop.id, warehouse).await.unwrap();
        shop.id
    }

    pub async fn sells(&self, listing: ListingAsk) -> Product {
        let ask = CreateProduct { handle: None, listing, warehouse: None, listed: true };
        create_product(&self.market, ACTOR, self.shop, ask).await.unwrap()
    }

    pub async fn has(&self, sku: SkuId, count: i64) {
        set_stock(&self.market, ACTOR, self.shop, sku, count).await.unwrap();
    }

    pub async fn skus(&self, product: &Product) -> Vec<Sku> {
        let edit = actions::catalog::product_for_edit(&self.market, self.shop, product.id).await;
        edit.unwrap().skus
    }
}
