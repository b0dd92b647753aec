//! Shops, deliveries and promotions.

use actions::baskets::{add_to_basket_once, read_basket};
use actions::catalog::{
    CreateProduct, EditShop, NewPromotion, NewShop, ReceiveBatch, create_product,
    create_product_once, create_promotion, create_promotion_once, create_shop, edit_shop,
    end_promotion, list_batches, list_products, list_promotions, product_page, receive_batch_once,
    set_stock, shop_page,
};
use actions::checkout::LineWanted;
use actions::requests::RequestKey;
use actions::{Failure, Refusal};
use rules::catalog::listing::Wording;
use rules::ids::{HOUSE, PersonId, SkuId};
use rules::money::Money;
use rules::policy::{MarketCode, Tier};
use rules::time::Span;
use store::testing::on_both_databases;

use crate::stage::{ACTOR, BEGIN, Stage, gbp, mug, place};

const BUYER: PersonId = PersonId::new(70);

fn key(name: &str, body: &str) -> Option<RequestKey> {
    Some(RequestKey::new(BUYER, name, "test", body.as_bytes()))
}

fn code<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> String {
    match outcome {
        Err(Failure::Refused(Refusal { code, .. })) => code.to_owned(),
        Err(Failure::Invalid(faults)) => {
            let all: Vec<String> =
                faults.iter().map(|fault| format!("{} {}", fault.field, fault.code)).collect();
            all.join(", ")
        }
        other => format!("{other:?}"),
    }
}

fn sale() -> NewPromotion {
    NewPromotion {
        market: None,
        title: Wording::new("Spring sale", "春季促销"),
        percent_bp: 1_000,
        minimum: gbp(0),
        maximum: None,
        starts_at: BEGIN,
        ends_at: BEGIN + Span::from_days(3),
    }
}

#[test]
fn a_shop_is_opened_in_a_market_and_changed_by_those_who_have_seen_it() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await;
        let shop = shop_page(&stage.market, stage.shop, None).await.unwrap().shop;
        assert_eq!((shop.currency.as_str(), shop.zone.as_str()), ("GBP", "Europe/London"));
        let edit = |name: &str| EditShop {
            name: name.to_owned(),
            category: "tea".to_owned(),
            about: Wording::default(),
            logo: None,
        };
        let version = Some(shop.version);
        let changed =
            edit_shop(&stage.market, ACTOR, shop.id, version, edit("Teas")).await.unwrap();
        assert_eq!((changed.name.as_str(), changed.version), ("Teas", shop.version + 1));
        let late = edit_shop(&stage.market, ACTOR, shop.id, version, edit("Coffees")).await;
        assert_eq!(late, Err(Failure::Stale));
        let wrong = edit_shop(&stage.market, ACTOR, shop.id, None, edit(" \n")).await;
        assert_eq!(code(wrong), "name bad_name");
        let nowhere = NewShop {
            name: "X".to_owned(),
            market: MarketCode::parse("ZZ").unwrap(),
            category: "weapons".to_owned(),
            about: Wording::default(),
            logo: None,
            tier: Tier::New,
            owner: None,
        };
        let refused = create_shop(&stage.market, ACTOR, nowhere.clone()).await;
        assert_eq!(code(refused), "category unknown_category, market unknown_market");
        let bare = NewShop { market: place(), category: "tea".to_owned(), ..nowhere };
        let bare = create_shop(&stage.market, ACTOR, bare).await.unwrap();
        let listing = mug(&[("A", "Red", 100)]);
        let ask = CreateProduct { handle: None, listing, warehouse: None, listed: true };
        let outcome = create_product(&stage.market, ACTOR, bare.id, ask).await;
        assert_eq!(code(outcome), "no_warehouse");
    });
}

#[test]
fn a_request_which_comes_again_does_nothing_again() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await;
        let (market, shop) = (&stage.market, stage.shop);
        let listing = mug(&[("A", "Red", 100)]);
        let ask = CreateProduct { handle: None, listing, warehouse: None, listed: true };
        let create =
            async || create_product_once(market, ACTOR, shop, ask.clone(), key("1", "a")).await;
        let (first, again) = (create().await.unwrap(), create().await.unwrap());
        assert_eq!((first.answer.id, again.replayed), (again.answer.id, true));
        assert_eq!(list_products(market, shop, None, None).await.unwrap().0.len(), 1);
        let other = create_product_once(market, ACTOR, shop, ask.clone(), key("1", "b")).await;
        assert_eq!(other.map(|_| ()), Err(Failure::KeyReused));

        let sku = stage.skus(&first.answer).await[0].id;
        let batch = |count| ReceiveBatch {
            sku,
            code: "L-7".to_owned(),
            supplier: "Jade".to_owned(),
            count,
        };
        for _ in 0..2 {
            let received =
                receive_batch_once(market, ACTOR, shop, batch(5), key("2", "")).await.unwrap();
            assert_eq!(received.answer.on_hand, 5);
        }
        assert_eq!(list_batches(market, shop, sku).await.unwrap().len(), 1);
        let line = LineWanted { shop, sku, quantity: 2 };
        for _ in 0..2 {
            let added = add_to_basket_once(market, BUYER, line, key("3", "")).await.unwrap();
            assert_eq!(added.answer, 2);
        }
        assert_eq!(read_basket(market, BUYER).await.unwrap().pieces, 2);
        for _ in 0..2 {
            create_promotion_once(market, ACTOR, shop, sale(), key("4", "")).await.unwrap();
        }
        assert_eq!(list_promotions(market, shop).await.unwrap().len(), 1);
    });
}

#[test]
fn strange_counts_and_deliveries_are_refused() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await;
        let (market, shop) = (&stage.market, stage.shop);
        let product = stage.sells(mug(&[("A", "Red", 100)])).await;
        let sku = stage.skus(&product).await[0].id;
        for count in [-1, i64::MIN, i64::MAX] {
            let set = set_stock(market, ACTOR, shop, sku, count).await;
            assert_eq!(code(set), "count out_of_range");
        }
        let unknown = set_stock(market, ACTOR, shop, SkuId::new(3), 5).await;
        assert_eq!(unknown, Err(Failure::NotFound));
        let batch = |code: &str, count| ReceiveBatch {
            sku,
            code: code.to_owned(),
            supplier: "Jade".to_owned(),
            count,
        };
        let none = receive_batch_once(market, ACTOR, shop, batch("B", 0), None).await;
        assert_eq!(code(none), "count out_of_range");
        let unnamed = receive_batch_once(market, ACTOR, shop, batch(" ", 1), None).await;
        assert_eq!(code(unnamed), "code bad_name");
    });
}

#[test]
fn promotions_run_for_their_time_in_their_market() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await;
        let (market, shop) = (&stage.market, stage.shop);
        let product = stage.sells(mug(&[("A", "Red", 100)])).await;
        let own = create_promotion(market, ACTOR, shop, sale()).await.unwrap();
        let of_house = NewPromotion { market: Some(place()), ..sale() };
        create_promotion(market, ACTOR, HOUSE, of_house.clone()).await.unwrap();
        let dollars = Money::new(0, "USD".parse().unwrap());
        let elsewhere = NewPromotion {
            market: MarketCode::parse("US").ok(),
            minimum: dollars,
            ..of_house.clone()
        };
        create_promotion(market, ACTOR, HOUSE, elsewhere).await.unwrap();
        let shown = product_page(market, shop, product.id).await.unwrap().promotions;
        let funders: Vec<&str> = shown.iter().map(|row| row.funded_by.as_str()).collect();
        assert_eq!(funders, ["shop", "house"], "the American one is not shown in Britain");
        end_promotion(market, ACTOR, shop, own.id).await.unwrap();
        let again = end_promotion(market, ACTOR, shop, own.id).await;
        assert_eq!(again, Err(Failure::NotFound));
        let shown = product_page(market, shop, product.id).await.unwrap().promotions;
        assert_eq!(shown.len(), 1);

        let wrong = [
            (NewPromotion { percent_bp: 0, ..sale() }, "percent_bp out_of_range"),
            (NewPromotion { minimum: dollars, ..sale() }, "minimum other_currency"),
            (NewPromotion { maximum: Some(gbp(0)), ..sale() }, "maximum not_above_zero"),
            (NewPromotion { ends_at: BEGIN, ..sale() }, "ends_at already_over"),
            (NewPromotion { title: Wording::default(), ..sale() }, "title missing"),
        ];
        for (ask, expected) in wrong {
            assert_eq!(code(create_promotion(market, ACTOR, shop, ask).await), expected);
        }
        let nowhere = create_promotion(market, ACTOR, HOUSE, sale()).await;
        assert_eq!(code(nowhere), "market unknown_market");
    });
}
