//! Full-text search: what `rules` calls a match is a match on both engines.

use rules::catalog::search_tokens::{query_tokens, tokens_of_text};
use rules::ids::{ProductId, ShopId};
use rules::time::Timestamp;
use store::db::{MigrationFile, shipped_migrations};
use store::testing::on_both_databases_with;
use store::{DbError, Store, StoreOptions, Tx, p};

const SHOP: ShopId = ShopId::new(7);

/// The shipped index beside a table of products which is no more than a search needs.
fn on_both<F: AsyncFn(Store)>(test: F) {
    let products = MigrationFile {
        file: "0003_products.sql".to_owned(),
        text: "create table products (id bigint not null, shop_id bigint not null, market text not null, primary key (id, shop_id))"
            .to_owned(),
    };
    let search =
        shipped_migrations().into_iter().filter(|file| file.file.starts_with("0004_search"));
    let files: Vec<MigrationFile> = std::iter::once(products).chain(search).collect();
    on_both_databases_with(&StoreOptions::default(), &files, test);
}

async fn add(store: &Store, id: i64, title: &'static str) {
    let added: Result<(), DbError> = store
        .write(async move |tx: &mut Tx| {
            tx.put(
                "insert into products (id, shop_id, market) values ($1, $2, $3)",
                p![id, SHOP, "US"],
            )
            .await?;
            index(tx, id, title).await
        })
        .await;
    added.unwrap();
}

async fn index(tx: &mut Tx, id: i64, title: &str) -> Result<(), DbError> {
    tx.put_search_entry(
        (ProductId::new(id), SHOP),
        "US",
        &tokens_of_text(title),
        Timestamp::from_ms(1),
    )
    .await
}

async fn find(store: &Store, query: &str) -> Vec<i64> {
    let tokens = query_tokens(query);
    let found: Result<Vec<i64>, DbError> = store
        .read(async |tx: &mut Tx| {
            let condition = tx.search_condition("$2");
            let question = tx.search_question(&tokens);
            let sql = format!(
                "select p.id from products p where p.market = $1 and {condition} order by p.id"
            );
            tx.many(&sql, p!["US", question]).await
        })
        .await;
    found.unwrap()
}

#[test]
fn what_the_rules_call_a_match_is_found() {
    on_both(async |store: Store| {
        let titles = [
            "Bluetooth headphones 蓝牙降噪耳机（黑色）",
            "Wired headphones, men's 有线耳机",
            "Größe M T恤 5.0",
        ];
        for (id, title) in (1..).zip(titles) {
            add(&store, id, title).await;
        }
        for query in [
            "headphone",
            "蓝牙",
            "耳机",
            "机",
            "黑色 耳机",
            "men’s",
            "grosse",
            "t恤",
            "5.0",
            "5",
            "红",
            "phone",
            "'",
            "恤",
            "AND",
            "or",
        ] {
            let wanted = query_tokens(query);
            if wanted.is_empty() {
                continue;
            }
            let expected: Vec<i64> = (1..)
                .zip(titles)
                .filter(|(_, title)| {
                    let tokens = tokens_of_text(title);
                    wanted.iter().all(|q| tokens.iter().any(|token| q.matches(token)))
                })
                .map(|(id, _)| id)
                .collect();
            assert_eq!(find(&store, query).await, expected, "{query}");
        }
        assert_eq!(find(&store, "headphones").await, [1, 2]);
    });
}

#[test]
fn an_entry_is_replaced_and_removed() {
    on_both(async |store: Store| {
        add(&store, 1, "Teapot").await;
        let renamed: Result<(), DbError> =
            store.write(async |tx: &mut Tx| index(tx, 1, "Kettle").await).await;
        renamed.unwrap();
        assert_eq!((find(&store, "teapot").await, find(&store, "kettle").await), (vec![], vec![1]));
        let removed: Result<(), DbError> = store
            .write(async |tx: &mut Tx| tx.remove_search_entry(ProductId::new(1), SHOP).await)
            .await;
        removed.unwrap();
        assert_eq!(find(&store, "kettle").await, Vec::<i64>::new());
    });
}

#[test]
fn a_word_of_any_length_and_none_at_all_are_kept() {
    on_both(async |store: Store| {
        let long: &'static str = Box::leak("x".repeat(5_000).into_boxed_str());
        add(&store, 1, long).await;
        add(&store, 2, "").await;
        assert_eq!(find(&store, long).await, [1]);
    });
}
