//! Journey 10, "To Rotterdam", and shared promotions, on both databases: from the basket to the ledger.

use std::collections::BTreeMap;

use actions::catalog::{
    CreateProduct, ListingAsk, NewPromotion, NewShop, NewWarehouse, ProposePromotion, SkuAsk,
    add_warehouse, answer_promotion, create_product, create_shop, product_for_edit,
    propose_promotion, set_deliveries, set_stock,
};
use actions::checkout::{Checkout, LineWanted, PlaceOrders, Placed, place_orders, quote};
use actions::orders::cancel_by_buyer;
use actions::sandbox_provider::Instrument;
use actions::standing::{ChangeTier, change_tier};
use actions::testing::Stage;
use actions::{Actor, Failure, estimates, overview};
use rules::catalog::listing::Wording;
use rules::catalog::nature::Nature;
use rules::checkout::address::Address;
use rules::checkout::border::TaxCollection;
use rules::ids::{OrderId, PersonId, ProductId, ShopId, SkuId};
use rules::ledger::Account;
use rules::money::{Currency, Money};
use rules::orders::OrderStateName;
use rules::policy::{MarketCode, Tier};
use rules::time::{Span, Timestamp};
use store::Store;
use store::testing::on_both_databases;

const HOUSE: Actor = Actor::House(PersonId::new(5));

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::parse("EUR").unwrap())
}

fn code(text: &str) -> MarketCode {
    MarketCode::parse(text).unwrap()
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// A shop of the German market which sends from Shenzhen, with three shirts and a pair of shoes.
struct Shenzhen {
    stage: Stage,
    shop: ShopId,
    shirts: [SkuId; 3],
    shoes: SkuId,
}

impl Shenzhen {
    async fn on(store: Store, from: &str) -> Shenzhen {
        let stage = Stage::on(store).await.unwrap();
        let ask = NewShop {
            name: "Pearl River Outfitters".to_owned(),
            market: code("DE"),
            category: "clothing".to_owned(),
            about: Wording::new("", ""),
            logo: None,
            tier: Tier::Standard,
            owner: Some(PersonId::new(5)),
        };
        let shop = create_shop(&stage.market, HOUSE, ask).await.unwrap().id;
        let address = Address {
            name: "Warehouse".to_owned(),
            phone: "+86 755 8888 0000".to_owned(),
            line1: "1 Road".to_owned(),
            line2: String::new(),
            city: "Shenzhen".to_owned(),
            region: "Guangdong".to_owned(),
            postcode: if from == "CN" { "518000" } else { "10115" }.to_owned(),
            country: code(from),
        };
        let warehouse = NewWarehouse { name: "First".to_owned(), address };
        add_warehouse(&stage.market, HOUSE, shop, warehouse).await.unwrap();
        let mut shirts = Vec::new();
        for (handle, number) in [("red", "610910"), ("green", "6109100010"), ("blue", "61091000")] {
            shirts.push(sells(&stage, shop, handle, number, 1_210).await);
        }
        let shoes = sells(&stage, shop, "shoes", "640399", 3_630).await;
        let shirts = [shirts[0], shirts[1], shirts[2]];
        Shenzhen { stage, shop, shirts, shoes }
    }

    fn lines(&self) -> Vec<LineWanted> {
        let line = |sku| LineWanted { shop: self.shop, sku, quantity: 1 };
        self.shirts.iter().copied().chain([self.shoes]).map(line).collect()
    }

    fn checkout(&self, country: &str) -> Checkout {
        let address = Address {
            name: "Joost".to_owned(),
            phone: String::new(),
            line1: "Coolsingel 40".to_owned(),
            line2: String::new(),
            city: "Rotterdam".to_owned(),
            region: String::new(),
            postcode: if country == "NL" { "3011 AD" } else { "10115" }.to_owned(),
            country: code(country),
        };
        Checkout { lines: self.lines(), address, services: BTreeMap::new() }
    }

    async fn places(&self, country: &str) -> Result<Placed, Failure> {
        let ask = PlaceOrders {
            buyer: self.stage.buyer,
            buyer_name: "Joost".to_owned(),
            checkout: self.checkout(country),
            expected_total: None,
            from_basket: false,
            request: None,
        };
        place_orders(&self.stage.market, ask).await.map(|answered| answered.answer)
    }

    async fn buys(&self, country: &str) -> OrderId {
        let placed = self.places(country).await.unwrap();
        self.stage.pays(&placed, Instrument::CardOk).await.unwrap();
        placed.orders[0].id
    }

    async fn until(&self, moment: &str) {
        let now = self.stage.market.now();
        self.stage.market.clock.move_forward(at(moment).since(now));
        self.stage.sweeps().await.unwrap();
    }

    async fn holds(&self, account: Account) -> i64 {
        self.stage.holds(self.shop, account).await.unwrap()
    }
}

async fn sells(stage: &Stage, shop: ShopId, handle: &str, hs_code: &str, minor: i64) -> SkuId {
    let sku = SkuAsk {
        sku: None,
        code: handle.to_uppercase(),
        values: Vec::new(),
        price: eur(minor),
        compare_at: None,
        weight_grams: 200,
        barcode: String::new(),
        picture: None,
        parts: Vec::new(),
    };
    let listing = ListingAsk {
        title: Wording::new(handle, ""),
        description: Wording::new("", ""),
        category: "clothing".to_owned(),
        options: Vec::new(),
        nature: Nature::default(),
        hs_code: hs_code.to_owned(),
        origin: "CN".to_owned(),
        pictures: Vec::new(),
        skus: vec![sku],
    };
    let handle = Some(handle.to_owned());
    let ask = CreateProduct { handle, listing, warehouse: None, listed: true };
    let product = create_product(&stage.market, HOUSE, shop, ask).await.unwrap();
    let sku = only_sku(stage, shop, product.id).await;
    set_stock(&stage.market, HOUSE, shop, sku, 50).await.unwrap();
    sku
}

async fn only_sku(stage: &Stage, shop: ShopId, product: ProductId) -> SkuId {
    product_for_edit(&stage.market, shop, product).await.unwrap().skus[0].id
}

fn refused_with(failure: &Failure, code: &str) -> bool {
    matches!(failure, Failure::Refused(refusal) if refusal.code == code)
}

#[test]
fn to_rotterdam_two_tariff_lines_in_the_quote_on_the_order_and_in_the_ledger() {
    on_both_databases(async |store: Store| {
        let story = Shenzhen::on(store, "CN").await;
        story.until("2026-08-03T12:00:00Z").await;
        let failure = story.places("NL").await.unwrap_err();
        assert!(refused_with(&failure, "other_market"), "{failure:?}");
        let to = vec!["NL".to_owned(), "FR".to_owned()];
        set_deliveries(&story.stage.market, HOUSE, story.shop, to).await.unwrap();

        let market = &story.stage.market;
        let basket = estimates::estimate(market, code("NL"), vec![story.lines()]).await.unwrap();
        let basket = basket[0].as_ref().unwrap();
        let quoted = quote(market, story.checkout("NL")).await.unwrap();
        assert_eq!(basket.price.duty, quoted.shops[0].price.duty);
        let charged: Vec<(&str, i64, i64)> = basket
            .price
            .duty
            .iter()
            .map(|line| (line.code.as_str(), line.count, line.amount_minor))
            .collect();
        assert_eq!(charged, [("eu_low_value_duty", 2, 600), ("nl_line_fee", 4, 800)]);

        let order = story.buys("NL").await;
        let row = story.stage.order(story.shop, order).await.unwrap();
        assert_eq!(row.duty_minor, 1_400);
        assert_eq!(row.tax_collection, TaxCollection::Import("eu_ioss".to_owned()));
        // 72.60 with 21 % inside, and the Dutch rate on the shipping too.
        assert_eq!(row.total_minor, 7_260 + row.shipping_minor + 1_400);
        let seen = overview::order(market, order).await.unwrap();
        assert_eq!(seen.charges, basket.price.duty);
        let shares: i64 = seen.lines.iter().map(|line| line.price.duty_minor).sum();
        assert_eq!(shares, 1_400);
        assert!(seen.lines.iter().any(|line| line.hs_code == "6109100010"));
        assert_eq!(story.holds(Account::DutyPayable).await, 1_400);
        assert_eq!(story.holds(Account::TaxPayable).await, row.tax_minor);

        story.stage.hours_pass(2).await.unwrap();
        story.stage.ships(story.shop, order).await.unwrap();
        story.stage.days_pass(60).await.unwrap();
        let row = story.stage.order(story.shop, order).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::Settled);
        assert_eq!(story.holds(Account::DutyPayable).await, 1_400);
        assert_eq!(story.stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn goods_which_never_left_give_the_duty_back() {
    on_both_databases(async |store: Store| {
        let story = Shenzhen::on(store, "CN").await;
        story.until("2026-08-03T12:00:00Z").await;
        let to = vec!["NL".to_owned()];
        set_deliveries(&story.stage.market, HOUSE, story.shop, to).await.unwrap();
        let order = story.buys("NL").await;
        assert_eq!(story.holds(Account::DutyPayable).await, 1_400);
        cancel_by_buyer(&story.stage.market, story.stage.buyer, order, None).await.unwrap();
        assert_eq!(story.holds(Account::DutyPayable).await, 0);
        story.stage.hours_pass(2).await.unwrap();
        assert_eq!(story.holds(Account::ProviderClearing).await, 0);
        assert_eq!(story.stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn within_the_union_and_above_the_limit_the_house_collects_no_duty() {
    on_both_databases(async |store: Store| {
        let story = Shenzhen::on(store, "DE").await;
        story.until("2026-08-03T12:00:00Z").await;
        let to = vec!["NL".to_owned()];
        set_deliveries(&story.stage.market, HOUSE, story.shop, to).await.unwrap();
        let quoted = quote(&story.stage.market, story.checkout("NL")).await.unwrap();
        let price = &quoted.shops[0].price;
        assert_eq!((price.duty_minor, &price.tax_collection), (0, &TaxCollection::Domestic));

        let far = ["JP".to_owned()];
        let wrong = set_deliveries(&story.stage.market, HOUSE, story.shop, far.to_vec()).await;
        assert!(matches!(wrong, Err(Failure::Invalid(_))), "yen are not euro: {wrong:?}");
        let closed = ["RO".to_owned()];
        let wrong = set_deliveries(&story.stage.market, HOUSE, story.shop, closed.to_vec()).await;
        assert!(matches!(wrong, Err(Failure::Invalid(_))), "nobody buys there: {wrong:?}");
    });
}

#[test]
fn a_dear_parcel_is_taxed_at_the_border() {
    on_both_databases(async |store: Store| {
        let story = Shenzhen::on(store, "CN").await;
        story.until("2026-08-03T12:00:00Z").await;
        let mut checkout = story.checkout("DE");
        checkout.lines[3].quantity = 5;
        let quoted = quote(&story.stage.market, checkout).await.unwrap();
        let price = &quoted.shops[0].price;
        assert_eq!(price.tax_collection, TaxCollection::AtBorder);
        assert_eq!((price.duty_minor, price.tax_minor, price.tax_included), (0, 0, false));
        assert_eq!(price.total_minor, price.goods_minor + price.shipping_minor);
    });
}

fn shared(stage: &Stage, percent_bp: i64) -> NewPromotion {
    let now = stage.market.now();
    NewPromotion {
        market: None,
        title: Wording::new("Autumn together", "秋季同惠"),
        percent_bp,
        minimum: eur(0),
        maximum: None,
        starts_at: now + Span::from_days(2),
        ends_at: now + Span::from_days(30),
    }
}

#[test]
fn a_shared_promotion_runs_where_it_was_accepted_and_each_pays_its_part() {
    on_both_databases(async |store: Store| {
        let story = Shenzhen::on(store, "DE").await;
        let market = &story.stage.market;
        let promotion = shared(&story.stage, 1_000);
        let propose = |house_bp| ProposePromotion {
            by: PersonId::new(5),
            shops: vec![story.shop],
            promotion: promotion.clone(),
            house_bp,
            request: None,
        };
        let all = propose_promotion(market, propose(10_000)).await;
        assert!(matches!(all, Err(Failure::Invalid(_))));
        let lapses = propose_promotion(market, propose(5_000)).await.unwrap().answer.promotions[0];
        let declined =
            propose_promotion(market, propose(9_000)).await.unwrap().answer.promotions[0];
        let accepted =
            propose_promotion(market, propose(3_333)).await.unwrap().answer.promotions[0];
        answer_promotion(market, HOUSE, story.shop, declined, false).await.unwrap();
        answer_promotion(market, HOUSE, story.shop, accepted, true).await.unwrap();
        let again = answer_promotion(market, HOUSE, story.shop, accepted, false).await;
        assert!(refused_with(&again.unwrap_err(), "already_answered"));
        story.stage.days_pass(3).await.unwrap();
        let late = answer_promotion(market, HOUSE, story.shop, lapses, true).await;
        assert!(refused_with(&late.unwrap_err(), "promotion_begun"));

        let order = story.buys("DE").await;
        let row = story.stage.order(story.shop, order).await.unwrap();
        assert_eq!(row.goods_minor, 7_260);
        assert_eq!((row.shop_discount_minor, row.house_discount_minor), (726 - 242, 242));
        let seen = overview::order(market, order).await.unwrap();
        let kept = &seen.promotions[0];
        assert_eq!(
            (kept.promotion, kept.shop_part_minor, kept.house_part_minor),
            (accepted, 484, 242)
        );
        let of_lines: i64 = seen.lines.iter().map(|line| line.price.house_discount_minor).sum();
        assert_eq!(of_lines, 242);
        assert_eq!(story.holds(Account::Promotion).await, 242);
        story.stage.hours_pass(2).await.unwrap();
        story.stage.ships(story.shop, order).await.unwrap();
        story.stage.days_pass(60).await.unwrap();
        assert_eq!(story.holds(Account::Promotion).await, 242);
        assert_eq!(story.stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn a_tier_which_begins_later_governs_what_settles_after_it() {
    on_both_databases(async |store: Store| {
        let stage = Stage::on(store).await.unwrap();
        let from = stage.market.now() + Span::from_days(10);
        let ask = |from| ChangeTier {
            by: PersonId::new(5),
            shop: stage.first,
            tier: Tier::Accelerated,
            from,
            reason: "a score of 4.7 for a quarter".to_owned(),
            expected: None,
            request: None,
        };
        let done = change_tier(&stage.market, ask(Some(from))).await.unwrap();
        assert_eq!(done.answer.from, from);
        let before = overview::shop(&stage.market, stage.first).await.unwrap().shop;
        assert_eq!(before.tier_at(stage.market.now()), "standard");
        assert_eq!(before.coming_tier(stage.market.now()), Some(("accelerated", from)));
        let order = stage.buys(stage.earbuds_black, 1).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        stage.ships(stage.first, order).await.unwrap();
        stage.days_pass(40).await.unwrap();
        // Completed after the tenth day: nothing is kept back any more.
        assert_eq!(stage.holds(stage.first, Account::Reserve).await.unwrap(), 0);
        assert!(stage.holds(stage.first, Account::Available).await.unwrap() > 0);
        assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
    });
}
