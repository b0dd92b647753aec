//! Search in 中文 and in languages with spaces finds the same on both engines.

use rules::catalog::nature::Nature;
use rules::catalog::search_tokens::query_tokens;
use rules::ids::{ProductId, ShopId};
use rules::time::Timestamp;
use store::catalog::{self, LISTED, Product, Reach};
use store::search::{self, After, Hit};
use store::testing::on_both_databases;
use store::{DbError, Store, Tx};

const SHOP: ShopId = ShopId::new(7);
const NOW: Timestamp = Timestamp::from_ms(1_000);

fn product(id: i64, category: &str) -> Product {
    Product {
        id: ProductId::new(id),
        shop: SHOP,
        market: "GB".to_owned(),
        handle: format!("p{id}"),
        category: category.to_owned(),
        nature: Nature::default(),
        title_en: String::new(),
        title_zh: String::new(),
        picture: String::new(),
        price_from_minor: 100,
        currency: "GBP".to_owned(),
        state: LISTED.to_owned(),
        listing_version: 1,
        sold_count: 0,
        source_hash: String::new(),
        hs_code: String::new(),
        version: 1,
        created_at: NOW,
    }
}

async fn shelf(store: &Store) {
    let texts = [
        (1, "audio", "蓝牙耳机 Bluetooth Earbuds, 降噪"),
        (2, "audio", "有线耳机 wired headphones"),
        (3, "clothing", "Merino scarf 羊毛围巾"),
        (4, "phones_accessories", "蓝牙音箱 bluetooth speaker bluetooth bluetooth"),
    ];
    let act = async move |tx: &mut Tx| -> Result<(), DbError> {
        for (id, category, text) in texts {
            catalog::insert_product(tx, &product(id, category)).await?;
            search::put(tx, "GB", SHOP, ProductId::new(id), text, NOW).await?;
        }
        Ok(())
    };
    store.write(act).await.unwrap();
}

async fn hits(store: &Store, market: &str, query: &str, categories: &[&str]) -> Vec<Hit> {
    let tokens = query_tokens(query);
    let categories: Vec<String> = categories.iter().map(|code| (*code).to_owned()).collect();
    let act = async |tx: &mut Tx| -> Result<Vec<Hit>, DbError> {
        search::find(tx, &Reach::own(market), &tokens, &categories, None, 10).await
    };
    store.read(act).await.unwrap()
}

async fn found(store: &Store, query: &str) -> Vec<i64> {
    let hits = hits(store, "GB", query, &[]).await;
    let mut ids: Vec<i64> = hits.iter().map(|hit| hit.product.number()).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn buyers_find_what_they_see() {
    on_both_databases(async |store| {
        shelf(&store).await;
        let cases: [(&str, &[i64]); 13] = [
            ("蓝牙", &[1, 4]),
            ("蓝牙耳机", &[1]),
            ("耳机", &[1, 2]),
            ("earbuds", &[1]),
            ("EARBUD", &[1]),
            ("bluetooth 耳机", &[1]),
            ("围", &[3]),
            ("机", &[1, 2]),
            ("牙机", &[]),
            ("guitar", &[]),
            ("AND", &[]),
            ("or*", &[]),
            ("，。!\" ' & | * ( )", &[]),
        ];
        for (query, expected) in cases {
            assert_eq!(found(&store, query).await, expected, "{query}");
        }
    });
}

#[test]
fn a_search_stays_in_its_market_and_category() {
    on_both_databases(async |store| {
        shelf(&store).await;
        assert_eq!(hits(&store, "US", "蓝牙", &[]).await, []);
        let in_audio = hits(&store, "GB", "蓝牙", &["audio"]).await;
        assert_eq!(in_audio.iter().map(|hit| hit.product.number()).collect::<Vec<_>>(), [1]);
        let in_both = hits(&store, "GB", "蓝牙", &["audio", "phones_accessories"]).await;
        assert_eq!(in_both.len(), 2);
    });
}

#[test]
fn pages_follow_each_other_without_gap_or_repetition() {
    on_both_databases(async |store| {
        let act = async |tx: &mut Tx| -> Result<(), DbError> {
            for id in 1..=25 {
                catalog::insert_product(tx, &product(id, "books")).await?;
                // Some are alike, so that the rank alone cannot tell where a page ends.
                let text = format!("novel {}", "novel ".repeat((id % 3) as usize));
                search::put(tx, "GB", SHOP, ProductId::new(id), &text, NOW).await?;
            }
            Ok(())
        };
        store.write(act).await.unwrap();
        let tokens = query_tokens("novels");
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let act = async |tx: &mut Tx| {
                search::find(tx, &Reach::own("GB"), &tokens, &[], after, 4).await
            };
            let page: Vec<Hit> = store.read(act).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(After { rank: last.rank, product: last.product });
            seen.extend(page.iter().map(|hit| hit.product.number()));
        }
        seen.sort_unstable();
        assert_eq!(seen, (1..=25).collect::<Vec<i64>>());
    });
}

#[test]
fn a_changed_text_replaces_the_old_one() {
    on_both_databases(async |store| {
        shelf(&store).await;
        let act = async |tx: &mut Tx| -> Result<(), DbError> {
            search::put(tx, "GB", SHOP, ProductId::new(1), "teapot 茶壶", NOW).await?;
            search::remove(tx, SHOP, ProductId::new(2)).await
        };
        store.write(act).await.unwrap();
        assert_eq!(found(&store, "耳机").await, Vec::<i64>::new());
        assert_eq!(found(&store, "茶壶").await, [1]);
        let act = async |tx: &mut Tx| search::put(tx, "GB", SHOP, ProductId::new(2), "", NOW).await;
        let nothing: Result<(), DbError> = store.write(act).await;
        nothing.unwrap();
        let long = "x".repeat(5_000);
        let act = async move |tx: &mut Tx| -> Result<(), DbError> {
            search::put(tx, "GB", SHOP, ProductId::new(1), &long, NOW).await
        };
        store.write(act).await.unwrap();
        assert_eq!(found(&store, &"x".repeat(5_000)).await, [1]);
    });
}
