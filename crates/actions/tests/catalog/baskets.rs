//! A basket tells what has changed since, and never holds what cannot be.

use crate::stage::{ACTOR, Stage, gbp, mug};
use actions::baskets::{
    LineChange, add_to_basket, merge_basket, read_basket, set_quantity, show_lines,
};
use actions::catalog::{EditProduct, edit_product, set_listed};
use actions::checkout::LineWanted;
use actions::{Failure, Refusal};
use rules::ids::{PersonId, SkuId};
use store::testing::on_both_databases;

const BUYER: PersonId = PersonId::new(70);

async fn stage_with_mugs(store: store::Store) -> (Stage, store::catalog::Product, Vec<SkuId>) {
    let stage = Stage::on(store).await;
    let product = stage.sells(mug(&[("MUG-R", "Red", 1_200), ("MUG-N", "Navy", 1_250)])).await;
    let skus: Vec<SkuId> = stage.skus(&product).await.iter().map(|sku| sku.id).collect();
    stage.has(skus[0], 10).await;
    stage.has(skus[1], 3).await;
    (stage, product, skus)
}

fn code<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> &'static str {
    match outcome {
        Err(Failure::Refused(Refusal { code, .. })) => code,
        Err(Failure::Invalid(faults)) => faults[0].code,
        Err(Failure::NotFound) => "not_found",
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_basket_shows_what_has_changed_since() {
    on_both_databases(async |store| {
        let (stage, product, skus) = stage_with_mugs(store).await;
        let line = |sku, quantity| LineWanted { shop: stage.shop, sku, quantity };
        let market = &stage.market;
        assert_eq!(add_to_basket(market, BUYER, line(skus[0], 2)).await, Ok(2));
        assert_eq!(add_to_basket(market, BUYER, line(skus[0], 1)).await, Ok(3));
        add_to_basket(market, BUYER, line(skus[1], 3)).await.unwrap();
        let basket = read_basket(market, BUYER).await.unwrap();
        assert_eq!((basket.pieces, basket.shops[0].goods_minor), (6, 3 * 1_200 + 3 * 1_250));
        assert!(basket.shops[0].items.iter().all(|item| item.changes.is_empty()));

        let mut dearer = mug(&[("MUG-R", "Red", 1_300), ("MUG-N", "Navy", 1_250)]);
        dearer.skus[0].price = gbp(1_300);
        let ask = EditProduct { product: product.id, expected: None, listing: dearer };
        edit_product(market, ACTOR, stage.shop, ask).await.unwrap();
        stage.has(skus[1], 1).await;
        let basket = read_basket(market, BUYER).await.unwrap();
        let changes: Vec<_> = basket.shops[0].items.iter().map(|i| i.changes.clone()).collect();
        let price = LineChange::Price { was_minor: 1_200, now_minor: 1_300 };
        assert_eq!(changes, [vec![price], vec![LineChange::Short { left: 1 }]]);

        set_listed(market, ACTOR, stage.shop, product.id, None, false).await.unwrap();
        let basket = read_basket(market, BUYER).await.unwrap();
        assert_eq!((basket.shops.len(), basket.gone.len(), basket.pieces), (0, 2, 0));
        assert_eq!(set_quantity(market, BUYER, line(skus[0], 0)).await, Ok(0));
        assert_eq!(read_basket(market, BUYER).await.unwrap().gone.len(), 1);
    });
}

#[test]
fn strange_quantities_are_refused() {
    on_both_databases(async |store| {
        let (stage, _, skus) = stage_with_mugs(store).await;
        let line = |sku, quantity| LineWanted { shop: stage.shop, sku, quantity };
        let market = &stage.market;
        assert_eq!(code(add_to_basket(market, BUYER, line(skus[0], 0)).await), "no_quantity");
        assert_eq!(code(add_to_basket(market, BUYER, line(skus[0], -4)).await), "no_quantity");
        assert_eq!(code(set_quantity(market, BUYER, line(skus[0], -4)).await), "no_quantity");
        assert_eq!(
            code(add_to_basket(market, BUYER, line(skus[0], i64::MAX)).await),
            "too_many_pieces"
        );
        assert_eq!(code(add_to_basket(market, BUYER, line(skus[1], 4)).await), "sold_out");
        assert_eq!(code(add_to_basket(market, BUYER, line(SkuId::new(5), 1)).await), "not_found");
        add_to_basket(market, BUYER, line(skus[0], 1)).await.unwrap();
        let more = add_to_basket(market, BUYER, line(skus[0], i64::MAX)).await;
        assert_eq!(code(more), "too_many_pieces");
    });
}

#[test]
fn a_visitors_basket_joins_the_buyers_at_sign_in() {
    on_both_databases(async |store| {
        let (stage, _, skus) = stage_with_mugs(store).await;
        let line = |sku, quantity| LineWanted { shop: stage.shop, sku, quantity };
        let market = &stage.market;
        add_to_basket(market, BUYER, line(skus[0], 2)).await.unwrap();
        let visitor = vec![
            line(skus[0], 5),
            line(skus[1], 1),
            line(SkuId::new(5), 1),
            line(skus[1], -7),
            line(skus[1], i64::MAX),
        ];
        let shown = show_lines(market, &visitor).await.unwrap();
        assert_eq!((shown.pieces, shown.gone.len()), (6, 1));
        for _ in 0..2 {
            merge_basket(market, BUYER, visitor.clone()).await.unwrap();
        }
        let basket = read_basket(market, BUYER).await.unwrap();
        let mut held: Vec<(SkuId, i64)> =
            basket.shops[0].items.iter().map(|item| (item.sku.sku, item.quantity)).collect();
        held.sort_unstable();
        assert_eq!(held, [(skus[0], 5), (skus[1], 1)]);
        merge_basket(market, BUYER, vec![line(skus[0], 1)]).await.unwrap();
        assert_eq!(
            read_basket(market, BUYER).await.unwrap().pieces,
            6,
            "the larger quantity stays"
        );
    });
}
