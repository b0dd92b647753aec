//! A fair with two shops of the United States, made through the acts: mugs in two colours, and a scarf.

use actions::catalog::{
    CreateProduct, ListingAsk, NewShop, NewWarehouse, SkuAsk, add_warehouse, create_product,
    create_shop, set_stock,
};
use actions::chance::Chance;
use actions::clock::Clock;
use actions::deadlines::{SweepSettings, sweep};
use actions::house::{Opening, open_store};
use actions::orders::{OrderAsk, PackOrder, ShipOrder, pack_order, ship_order};
use actions::people::{NewPerson, register};
use actions::sign_in_links::demo_link;
use actions::testing::{BEGIN, address};
use actions::{Actor, Failure, Market, Mode};
use axum::Router;
use rules::catalog::listing::Wording;
use rules::catalog::nature::Nature;
use rules::catalog::options::ProductOption;
use rules::ids::{OrderId, PersonId, ProductId, ShopId, SkuId};
use rules::money::Money;
use rules::policy::Tier;
use rules::time::Span;
use store::testing::on_both_databases;
use store::{Store, Tx, catalog, orders};

pub struct Fair {
    pub market: Market,
    pub app: Router,
    pub buyer: PersonId,
    pub other: PersonId,
    pub mug: Goods,
    pub scarf: Goods,
}

pub struct Goods {
    pub shop: ShopId,
    pub id: ProductId,
    pub skus: Vec<SkuId>,
}

impl Goods {
    pub fn path(&self) -> String {
        format!("/shops/{}/products/{}", self.shop, self.id)
    }
}

/// Runs a story on a fair of its own, on both databases.
pub fn fair(story: impl AsyncFn(Fair)) {
    on_both_databases(async |store| story(Fair::on(store).await).await);
}

impl Fair {
    async fn on(store: Store) -> Fair {
        let opening = Opening {
            database: String::new(),
            mode: Mode::Sandbox,
            clock: Some(Clock::manual(BEGIN)),
            chance: Chance::seeded(11),
        };
        let market = open_store(store, opening).await.unwrap();
        let potter = shop(&market, "Potter & Wheel", "home_kitchen").await;
        let weaver = shop(&market, "Weaver Lane", "clothing").await;
        let mug = product(
            &market,
            potter,
            "home_kitchen",
            ("Stoneware mug", "陶瓷马克杯"),
            &["Sage", "Navy"],
        )
        .await;
        let scarf = product(&market, weaver, "clothing", ("Wool scarf", "羊毛围巾"), &[]).await;
        let buyer = person(&market, "Robin Reader", "robin@example.com").await;
        let other = person(&market, "Ann Other", "ann@example.com").await;
        let app = web::router(
            market.clone(),
            web::WebSettings { requests_a_minute: 0, ..Default::default() },
        );
        Fair { market, app, buyer, other, mug, scarf }
    }

    pub async fn link(&self, person: PersonId) -> String {
        let secret = demo_link(&self.market, person, "/").await.unwrap();
        format!("/sign-in/link/{}", secret.reveal())
    }

    /// The shop ships an order and the carrier brings it.
    pub async fn brings(&self, order: OrderId) {
        self.passes(3).await;
        let buyer = self.buyer;
        let find =
            async move |tx: &mut Tx| Ok::<_, Failure>(orders::shop_of(tx, buyer, order).await?);
        let shop = self.market.store.read(find).await.unwrap().unwrap();
        let actor = Actor::Staff { person: PersonId::new(77), shop };
        let ask = OrderAsk { shop, order, actor, expected: None, request: None };
        pack_order(&self.market, PackOrder { ask: ask.clone(), weight_grams: 400 }).await.unwrap();
        let ship = ShipOrder {
            ask,
            service: String::new(),
            tracking_number: String::new(),
            instead: None,
        };
        ship_order(&self.market, ship).await.unwrap();
        for _ in 0..40 {
            self.passes(6).await;
            let read =
                async move |tx: &mut Tx| Ok::<_, Failure>(orders::show(tx, shop, order).await?);
            let row = self.market.store.read(read).await.unwrap().unwrap();
            if row.delivered_at.is_some() {
                return;
            }
        }
        panic!("the parcel never came");
    }

    async fn passes(&self, hours: i64) {
        for _ in 0..hours {
            self.market.clock.move_forward(Span::from_hours(1));
            sweep(&self.market, SweepSettings { at_once: 1, ..SweepSettings::default() })
                .await
                .unwrap();
        }
    }

    /// Another walk on the same fair begins with another buyer's empty list.
    pub async fn forget_orders(&mut self) {
        let number = self.market.id::<()>();
        self.buyer =
            person(&self.market, "Robin Again", &format!("robin{number}@example.com")).await;
    }
}

async fn person(market: &Market, name: &str, email: &str) -> PersonId {
    let ask =
        NewPerson { name: name.to_owned(), email: email.to_owned(), language: "en".to_owned() };
    register(market, ask).await.unwrap()
}

async fn shop(market: &Market, name: &str, category: &str) -> ShopId {
    let actor = Actor::House(PersonId::new(77));
    let ask = NewShop {
        name: name.to_owned(),
        market: "US".parse().unwrap(),
        category: category.to_owned(),
        about: Wording::new("Made by hand.", "手工制作。"),
        logo: None,
        tier: Tier::Standard,
        owner: None,
    };
    let shop = create_shop(market, actor, ask).await.unwrap().id;
    let warehouse = NewWarehouse { name: "Oakland".to_owned(), address: address() };
    add_warehouse(market, Actor::Staff { person: PersonId::new(77), shop }, shop, warehouse)
        .await
        .unwrap();
    shop
}

async fn product(
    market: &Market,
    shop: ShopId,
    category: &str,
    title: (&str, &str),
    colours: &[&str],
) -> Goods {
    let actor = Actor::Staff { person: PersonId::new(77), shop };
    let sku = |place: usize, values: Vec<String>| SkuAsk {
        sku: None,
        code: format!("{category}-{place}"),
        values,
        price: Money::parse("24.50", "USD".parse().unwrap()).unwrap(),
        compare_at: None,
        weight_grams: 350,
        barcode: String::new(),
        picture: None,
        parts: Vec::new(),
    };
    let colours: Vec<String> = colours.iter().map(|colour| (*colour).to_owned()).collect();
    let skus = if colours.is_empty() {
        vec![sku(0, Vec::new())]
    } else {
        colours.iter().enumerate().map(|(place, colour)| sku(place, vec![colour.clone()])).collect()
    };
    let option = ProductOption { name: "Colour".to_owned(), values: colours.clone() };
    let listing = ListingAsk {
        title: Wording::new(title.0, title.1),
        description: Wording::new("Thrown and glazed by hand.", "手工拉坯上釉。"),
        category: category.to_owned(),
        options: if colours.is_empty() { Vec::new() } else { vec![option] },
        nature: Nature { fragile: true, ..Nature::default() },
        hs_code: "691200".to_owned(),
        origin: "US".to_owned(),
        pictures: Vec::new(),
        skus,
    };
    let ask = CreateProduct { handle: None, listing, warehouse: None, listed: true };
    let made = create_product(market, actor, shop, ask).await.unwrap();
    let id = made.id;
    let read = async move |tx: &mut Tx| Ok::<_, Failure>(catalog::load_skus(tx, shop, id).await?);
    let rows = market.store.read(read).await.unwrap();
    for row in &rows {
        set_stock(market, actor, shop, row.id, 20).await.unwrap();
    }
    Goods { shop, id, skus: rows.iter().map(|row| row.id).collect() }
}
