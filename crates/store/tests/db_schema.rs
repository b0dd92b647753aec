//! `crates/store/schema` shows the tables as they are. `./check fresh` writes the files anew.

use std::path::Path;

use store::Store;
use store::testing::on_both_databases;

#[expect(clippy::disallowed_methods, reason = "the flag of this test alone")]
fn is_update() -> bool {
    std::env::var("UPDATE_FRESH").is_ok_and(|flag| flag == "1")
}

#[test]
fn the_dumps_are_fresh() {
    on_both_databases(async |store: Store| {
        let file = format!("{}.sql", store.engine_name());
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema").join(&file);
        let dump = store.dump_schema().await.unwrap();
        assert!(dump.contains("create table orders"), "{dump}");
        if is_update() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &dump).unwrap();
            return;
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        let first = kept.lines().zip(dump.lines()).find(|(kept, now)| kept != now);
        assert!(
            kept == dump,
            "crates/store/schema/{file} is not what the migrations make (first difference: {first:?}); \
             write it anew with ./check fresh"
        );
    });
}

#[test]
fn the_key_of_an_order_is_its_row() {
    on_both_databases(async |store: Store| {
        let dump = store.dump_schema().await.unwrap();
        let orders =
            dump.split("\n\n").find(|table| table.starts_with("create table orders ")).unwrap();
        if store.engine_name() == "sqlite" {
            assert!(orders.contains("id integer primary key"), "{orders}");
            assert!(
                dump.contains("primary key (home_id, account, currency)\n) strict, without rowid"),
                "{dump}"
            );
        } else {
            assert!(orders.contains("PRIMARY KEY (id, shop_id)"), "{orders}");
        }
        assert!(!dump.contains("schema_migrations"));
    });
}
