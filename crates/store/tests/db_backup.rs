//! A backup is one whole moment of the database, taken while others write.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use store::db::MigrationFile;
use store::testing::{TestFolder, on_postgres_with, on_sqlite_with};
use store::{DbError, Store, StoreOptions, Tx, p};

fn pairs() -> Vec<MigrationFile> {
    let text = "create table pairs (id bigint not null, shop_id bigint not null, primary key (id, shop_id))";
    vec![MigrationFile { file: "0001_pairs.sql".to_owned(), text: text.to_owned() }]
}

/// Writes pairs until told to stop; a whole moment holds an even number of rows.
async fn write_pairs(store: Store, stop: Arc<AtomicBool>) -> i64 {
    let mut pairs = 0;
    while !stop.load(Ordering::Relaxed) {
        let written: Result<u64, DbError> = store
            .write(async move |tx: &mut Tx| {
                tx.rows(
                    "insert into pairs (id, shop_id) values",
                    2,
                    "",
                    p![pairs * 2, 7, pairs * 2 + 1, 7],
                )
                .await
            })
            .await;
        assert_eq!(written, Ok(2));
        pairs += 1;
    }
    pairs
}

async fn count(path: &Path) -> i64 {
    let copy = Store::open(&path.display().to_string(), StoreOptions::default()).await.unwrap();
    let count: Result<i64, DbError> =
        copy.read(async |tx: &mut Tx| tx.one("select count(*) from pairs", p![]).await).await;
    count.unwrap()
}

#[test]
fn a_backup_under_load_is_one_moment() {
    on_sqlite_with(&StoreOptions::default(), &pairs(), async |store| {
        let folder = TestFolder::make();
        let stop = Arc::new(AtomicBool::new(false));
        let backups = async {
            let mut last = 0;
            for n in 0..5 {
                let path = folder.path().join(format!("{n}.db"));
                store.backup(&path).await.unwrap();
                let rows = count(&path).await;
                assert_eq!(rows % 2, 0);
                assert!(rows >= last);
                last = rows;
            }
            stop.store(true, Ordering::Relaxed);
            last
        };
        let (pairs, last) =
            futures_util::future::join(write_pairs(store.clone(), Arc::clone(&stop)), backups)
                .await;
        assert!(last > 0 && last <= pairs * 2, "{last} of {pairs}");
    });
}

#[test]
fn a_backup_overwrites_nothing() {
    on_sqlite_with(&StoreOptions::default(), &pairs(), async |store| {
        let folder = TestFolder::make();
        let path = folder.path().join("a.db");
        store.backup(&path).await.unwrap();
        assert!(
            matches!(store.backup(&path).await, Err(DbError::Broken(why)) if why.contains("already there"))
        );
        let nowhere = folder.path().join("none").join("b.db");
        assert!(matches!(store.backup(&nowhere).await, Err(DbError::Unreachable(_))));
        let left: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .flatten()
            .map(|entry| entry.file_name())
            .collect();
        assert_eq!(left, ["a.db"], "no unfinished copy is left");
    });
}

#[test]
fn postgres_has_its_own_tools() {
    on_postgres_with(&StoreOptions::default(), &pairs(), async |store| {
        assert!(
            matches!(store.backup(Path::new("x.db")).await, Err(DbError::Broken(why)) if why.contains("pg_dump"))
        );
    });
}
