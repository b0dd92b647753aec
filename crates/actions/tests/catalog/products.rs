//! Products change by new versions of their page, and nobody overwrites what they have not seen.

use crate::stage::{ACTOR, Stage, gbp, mug, place};
use actions::catalog::{
    CreateProduct, EditProduct, ListingAsk, category_page, create_product, edit_product,
    list_versions, listing_version, newest_page, product_page, search_page, set_listed, set_stock,
};
use actions::{Failure, Refusal};
use rules::catalog::bundles::BundlePart;
use rules::ids::{ProductId, ShopId};
use store::catalog::{Product, RETIRED};
use store::testing::on_both_databases;

const TWO: &[(&str, &str, i64)] = &[("MUG-R", "Red", 1_200), ("MUG-N", "Navy", 1_250)];

async fn edit(stage: &Stage, product: &Product, listing: ListingAsk) -> Result<Product, Failure> {
    let ask = EditProduct { product: product.id, expected: Some(product.version), listing };
    edit_product(&stage.market, ACTOR, stage.shop, ask).await
}

fn fields(outcome: Result<Product, Failure>) -> Vec<String> {
    match outcome {
        Err(Failure::Invalid(faults)) => {
            faults.into_iter().map(|fault| format!("{} {}", fault.field, fault.code)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_edit_makes_a_version_and_leaves_the_old_one_as_it_was() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await;
        let product = stage.sells(mug(TWO)).await;
        assert_eq!((product.handle.as_str(), product.price_from_minor), ("enamel-mug", 1_200));
        let before = stage.skus(&product).await;
        let mut dearer = mug(TWO);
        dearer.skus[0].price = gbp(1_500);
        dearer.title.en = "Enamel Mug, large".to_owned();
        let changed = edit(&stage, &product, dearer.clone()).await.unwrap();
        assert_eq!((changed.listing_version, changed.price_from_minor), (2, 1_250));
        let after = stage.skus(&product).await;
        assert_eq!(after[0].id, before[0].id, "the same code is the same SKU");
        assert_eq!((before[0].price_minor, after[0].price_minor), (1_200, 1_500));
        assert_eq!(after[1], before[1], "what was not changed was not written");
        let (_, old) = listing_version(&stage.market, stage.shop, product.id, 1).await.unwrap();
        assert_eq!((old.title.en.as_str(), old.skus[0].price_minor), ("Enamel Mug", 1_200));
        // The same again is no edit.
        let same = edit(&stage, &changed, dearer).await.unwrap();
        assert_eq!(same, changed);
        let versions = list_versions(&stage.market, stage.shop, product.id).await.unwrap();
        assert_eq!(versions.iter().map(|(v, _)| v.number).collect::<Vec<_>>(), [2, 1]);
    });
}

#[test]
fn a_stale_edit_is_refused() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await;
        let product = stage.sells(mug(TWO)).await;
        let mut first = mug(TWO);
        first.title.zh = "大搪瓷杯".to_owned();
        edit(&stage, &product, first).await.unwrap();
        let second = edit(&stage, &product, mug(&TWO[..1])).await;
        assert_eq!(second, Err(Failure::Stale));
        let version = Some(product.version);
        let off = set_listed(&stage.market, ACTOR, stage.shop, product.id, version, false).await;
        assert_eq!(off, Err(Failure::Stale));
        let elsewhere = Stage::shop(&stage.market, "Other").await;
        let ask = EditProduct { product: product.id, expected: None, listing: mug(TWO) };
        let foreign = edit_product(&stage.market, ACTOR, elsewhere, ask).await;
        assert_eq!(foreign, Err(Failure::NotFound), "another shop's product is not there");
    });
}

#[test]
fn two_editors_at_once_make_two_versions_or_one_hears_of_it() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await;
        let product = stage.sells(mug(TWO)).await;
        let edits = (0..8).map(|n| {
            let mut listing = mug(TWO);
            listing.title.en = format!("Mug {n}");
            edit(&stage, &product, listing)
        });
        let outcomes = futures_util::future::join_all(edits).await;
        let done = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let stale = outcomes.iter().filter(|o| matches!(o, Err(Failure::Stale))).count();
        assert_eq!((done, stale), (1, 7), "{outcomes:?}");
    });
}

#[test]
fn a_sku_taken_off_the_page_is_retired_and_comes_back_with_its_code() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await;
        let product = stage.sells(mug(TWO)).await;
        let navy = stage.skus(&product).await[1].clone();
        stage.has(navy.id, 4).await;
        let product = edit(&stage, &product, mug(&TWO[..1])).await.unwrap();
        let skus = stage.skus(&product).await;
        assert_eq!((skus[1].id, skus[1].state.as_str()), (navy.id, RETIRED));
        let page = product_page(&stage.market, stage.shop, product.id).await.unwrap();
        assert_eq!(page.skus.len(), 1);
        let product = edit(&stage, &product, mug(TWO)).await.unwrap();
        let page = product_page(&stage.market, stage.shop, product.id).await.unwrap();
        assert_eq!((page.skus[1].sku.sku, page.skus[1].available), (navy.id, 4));
        // Two SKUs may change their codes with each other.
        let skus = stage.skus(&product).await;
        let mut swapped = mug(&[("MUG-N", "Red", 1_200), ("MUG-R", "Navy", 1_250)]);
        swapped.skus[0].sku = Some(skus[0].id);
        swapped.skus[1].sku = Some(skus[1].id);
        let product = edit(&stage, &product, swapped).await.unwrap();
        let codes: Vec<String> = stage.skus(&product).await.into_iter().map(|s| s.code).collect();
        assert_eq!(codes, ["MUG-N", "MUG-R"]);
    });
}

#[test]
fn what_cannot_be_sold_is_refused_field_by_field() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await;
        stage.sells(mug(TWO)).await;
        let create = async |change: fn(&mut ListingAsk)| {
            let mut listing = mug(&[("NEW-1", "Red", 100)]);
            change(&mut listing);
            let ask = CreateProduct { handle: None, listing, warehouse: None, listed: true };
            fields(create_product(&stage.market, ACTOR, stage.shop, ask).await)
        };
        let other =
            create(|l| l.skus[0].price = rules::money::Money::new(5, "JPY".parse().unwrap()));
        assert_eq!(other.await, ["skus[0].price other_currency"]);
        let taken = create(|l| l.skus[0].code = "MUG-R".to_owned());
        assert_eq!(taken.await, ["skus[0].code code_taken"]);
        let free = create(|l| l.skus[0].price = gbp(0));
        assert_eq!(free.await, ["skus[0].price not_above_zero"]);
        let unknown = create(|l| l.skus[0].sku = Some(rules::ids::SkuId::new(9)));
        assert_eq!(unknown.await, ["skus[0].sku unknown_sku"]);
        let part = create(|l| {
            l.skus[0].parts = vec![BundlePart { sku: rules::ids::SkuId::new(9), count: 1 }];
        });
        assert_eq!(part.await, ["skus[0].parts unknown_part"]);
        let picture = create(|l| l.skus[0].picture = "file:77".parse().ok());
        assert_eq!(picture.await, ["pictures unknown_picture"]);
        let ask = CreateProduct {
            handle: Some("enamel-mug".to_owned()),
            listing: mug(&[("NEW-1", "Red", 100)]),
            warehouse: None,
            listed: true,
        };
        let refused = create_product(&stage.market, ACTOR, stage.shop, ask).await;
        assert!(matches!(refused, Err(Failure::Refused(Refusal { code: "handle_taken", .. }))));
    });
}

#[test]
fn a_bundle_shows_what_its_parts_allow_and_holds_no_bundle() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await;
        let product = stage.sells(mug(TWO)).await;
        let skus = stage.skus(&product).await;
        stage.has(skus[0].id, 7).await;
        stage.has(skus[1].id, 2).await;
        let mut set = mug(&[("SET", "Both", 2_000)]);
        set.skus[0].parts = vec![
            BundlePart { sku: skus[0].id, count: 3 },
            BundlePart { sku: skus[1].id, count: 1 },
        ];
        let set = stage.sells(set).await;
        let page = product_page(&stage.market, stage.shop, set.id).await.unwrap();
        assert_eq!(page.skus[0].available, 2);
        let bundle = page.skus[0].sku.sku;
        let counted = set_stock(&stage.market, ACTOR, stage.shop, bundle, 5).await;
        assert!(matches!(
            counted,
            Err(Failure::Refused(Refusal { code: "bundle_has_no_stock", .. }))
        ));
        let mut of_bundles = mug(&[("SETS", "Two", 3_000)]);
        of_bundles.skus[0].parts = vec![BundlePart { sku: bundle, count: 2 }];
        let ask =
            CreateProduct { handle: None, listing: of_bundles, warehouse: None, listed: true };
        let outcome = create_product(&stage.market, ACTOR, stage.shop, ask).await;
        assert_eq!(fields(outcome), ["skus[0].parts bundle_in_bundle"]);
        let mut part_as_bundle = mug(TWO);
        part_as_bundle.skus[0].parts = vec![BundlePart { sku: skus[1].id, count: 1 }];
        let outcome = edit(&stage, &product, part_as_bundle).await;
        assert_eq!(fields(outcome), ["skus[0].parts bundle_in_bundle"]);
    });
}

#[test]
fn buyers_see_what_is_listed_and_find_it_in_both_languages() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await;
        let mut ask = mug(TWO);
        let before = ask.skus[0].price.minor + 500;
        ask.skus[0].compare_at = Some(gbp(before));
        let product = stage.sells(ask).await;
        let market = &stage.market;
        let found = async |query: &str| -> Vec<ProductId> {
            let page = search_page(market, place(), query, None, None).await.unwrap();
            page.cards.iter().map(|listed| listed.card.id).collect()
        };
        for query in ["搪瓷", "mugs", "navy", "MUG-R"] {
            assert_eq!(found(query).await, [product.id], "{query}");
        }
        assert_eq!(found("teapot").await, []);
        let home = newest_page(market, place(), None).await.unwrap();
        assert_eq!((home.cards[0].shop_name.as_str(), home.next), ("Harbour Goods", None));
        assert_eq!(home.cards[0].was_minor, Some(before));
        assert_eq!(
            category_page(market, place(), "home_kitchen", None).await.unwrap().cards.len(),
            1
        );
        assert_eq!(category_page(market, place(), "tea", None).await.unwrap().cards, []);
        let unknown = category_page(market, place(), "weapons", None).await;
        assert_eq!(unknown, Err(Failure::NotFound));

        set_listed(market, ACTOR, stage.shop, product.id, None, false).await.unwrap();
        assert_eq!(found("mug").await, []);
        assert_eq!(newest_page(market, place(), None).await.unwrap().cards, []);
        let page = product_page(market, stage.shop, product.id).await;
        assert!(matches!(page, Err(Failure::NotFound)));
        let nowhere = product_page(market, ShopId::new(99), product.id).await;
        assert!(matches!(nowhere, Err(Failure::NotFound)));
    });
}

#[test]
fn lists_go_on_where_the_page_before_ended() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await;
        for n in 0..30 {
            let code = format!("MUG-{n}");
            stage.sells(mug(&[(code.as_str(), "Red", 1_000 + n)])).await;
        }
        let market = &stage.market;
        let mut seen = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let page = newest_page(market, place(), cursor.as_deref()).await.unwrap();
            seen.extend(page.cards.iter().map(|listed| listed.card.id));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert!(seen.len() == 30 && seen.is_sorted_by(|a, b| a > b), "{seen:?}");
        let first = search_page(market, place(), "mug", None, None).await.unwrap();
        let rest = search_page(market, place(), "mug", None, first.next.as_deref()).await.unwrap();
        assert_eq!((first.cards.len(), rest.cards.len(), rest.next), (24, 6, None));
        let wrong = newest_page(market, place(), Some("1 or 1=1")).await;
        assert!(matches!(wrong, Err(Failure::Invalid(_))));
    });
}
