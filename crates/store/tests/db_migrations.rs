//! The migration runner: forward only, each file once, and only what belongs to the engine.

use store::db::MigrationFile;
use store::testing::{TestFolder, on_both_databases_with};
use store::{DbError, SchemaState, Store, StoreOptions, Tx, p};

fn file(name: &str, text: &str) -> MigrationFile {
    MigrationFile { file: name.to_owned(), text: text.to_owned() }
}

fn first() -> MigrationFile {
    file(
        "0001_pots.sql",
        "create table pots (id bigint not null, shop_id bigint not null, primary key (id, shop_id))",
    )
}

fn second() -> MigrationFile {
    file("0002_lids.sql", "alter table pots add column lid text not null default 'none'")
}

fn on_empty<F: AsyncFn(Store)>(test: F) {
    on_both_databases_with(&StoreOptions::default(), &[], test);
}

fn refused_with(outcome: &Result<store::db::MigrationReport, DbError>, part: &str) {
    assert!(matches!(outcome, Err(DbError::Broken(why)) if why.contains(part)), "{outcome:?}");
}

#[test]
fn files_are_applied_in_order_and_once() {
    on_empty(async |store| {
        assert_eq!(store.schema_state_for(&[first()]).await, Ok(SchemaState::Empty));
        let report = store.migrate_with(&[first()]).await.unwrap();
        assert_eq!((report.applied, report.number), (vec!["0001_pots".to_owned()], 1));
        let both = [second(), first()];
        assert_eq!(store.schema_state_for(&both).await, Ok(SchemaState::Behind(1)));
        let report = store.migrate_with(&both).await.unwrap();
        assert_eq!((report.applied, report.number), (vec!["0002_lids".to_owned()], 2));
        assert_eq!(store.schema_state_for(&both).await, Ok(SchemaState::Current));
        assert_eq!(store.migrate_with(&both).await.unwrap().applied, Vec::<String>::new());

        let noted: Result<Vec<(i64, String, i64)>, DbError> = store
            .read(async |tx: &mut Tx| {
                tx.many(
                    "select number, name, applied_at from schema_migrations order by number",
                    p![],
                )
                .await
            })
            .await;
        let noted = noted.unwrap();
        assert_eq!(
            noted.iter().map(|row| (row.0, row.1.as_str())).collect::<Vec<_>>(),
            [(1, "0001_pots"), (2, "0002_lids")]
        );
        assert!(noted.iter().all(|row| row.2 > 1_700_000_000_000), "{noted:?}");
    });
}

#[test]
fn a_newer_database_is_refused() {
    on_empty(async |store| {
        store.migrate_with(&[first(), second()]).await.unwrap();
        assert_eq!(store.schema_state_for(&[first()]).await, Ok(SchemaState::Newer(2)));
        let refused = store.migrate_with(&[first()]).await;
        assert_eq!(refused, Err(DbError::Newer { database: 2, program: 1 }));
    });
}

#[test]
fn an_applied_file_may_not_change() {
    on_empty(async |store| {
        store.migrate_with(&[first()]).await.unwrap();
        let mut edited = first();
        edited.text.push_str("-- only a comment");
        refused_with(&store.migrate_with(&[edited, second()]).await, "was changed");
    });
}

#[test]
fn a_late_number_is_refused() {
    on_empty(async |store| {
        store.migrate_with(&[second_alone()]).await.unwrap();
        refused_with(&store.migrate_with(&[first(), second_alone()]).await, "give it a new number");
    });
}

fn second_alone() -> MigrationFile {
    file(
        "0002_cups.sql",
        "create table cups (id bigint not null, shop_id bigint not null, primary key (id, shop_id))",
    )
}

#[test]
fn names_and_numbers_must_make_sense() {
    on_empty(async |store| {
        for name in ["pots.sql", "0001_pots.txt", "x001_pots.sql", "0000_pots.sql"] {
            refused_with(&store.migrate_with(&[file(name, "select 1")]).await, "is not named as");
        }
        refused_with(
            &store.migrate_with(&[file("0001_pots.oracle.sql", "select 1")]).await,
            "no engine",
        );
        let twice = [first(), file("0001_pans.sql", "select 1")];
        refused_with(&store.migrate_with(&twice).await, "the same number");
        refused_with(&store.migrate_with(&[file("0001_pots.sql", "select 'open")]).await, "");
    });
}

#[test]
fn each_engine_takes_its_own_twin() {
    on_empty(async |store| {
        let twins = [
            first(),
            file(
                "0002_engine.sqlite.sql",
                "create table engine (name text primary key); insert into engine values ('sqlite')",
            ),
            file(
                "0002_engine.postgres.sql",
                "create table engine (name text primary key); insert into engine values ('postgres')",
            ),
            // There is no such extension on the test's server, so this is never run.
            file("0002_engine.citus.sql", "this is no statement"),
        ];
        assert_eq!(store.migrate_with(&twins).await.unwrap().number, 2);
        let name: Result<String, DbError> =
            store.read(async |tx: &mut Tx| tx.one("select name from engine", p![]).await).await;
        assert_eq!(name.as_deref(), Ok(store.engine_name()));
    });
}

#[test]
fn a_file_which_fails_leaves_nothing() {
    on_empty(async |store| {
        let broken = file(
            "0002_broken.sql",
            "create table half (id bigint not null, primary key (id)); insert into nowhere values (1)",
        );
        refused_with(&store.migrate_with(&[first(), broken]).await, "nowhere");
        assert_eq!(store.schema_state_for(&[first(), second()]).await, Ok(SchemaState::Behind(1)));
        assert!(!store.dump_schema().await.unwrap().contains("half"));
        store.migrate_with(&[first(), second()]).await.unwrap();
    });
}

#[test]
fn two_programs_may_migrate_at_once() {
    on_empty(async |store| {
        let all: Vec<MigrationFile> = (1..=12)
            .map(|n| {
                let text = format!("create table t{n} (id bigint not null, shop_id bigint not null, primary key (id, shop_id))");
                file(&format!("{n:04}_t.sql"), &text)
            })
            .collect();
        let runs: Vec<_> = (0..4)
            .map(|_| {
                let (store, all) = (store.clone(), all.clone());
                std::thread::spawn(move || {
                    let runtime =
                        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    runtime.block_on(store.migrate_with(&all))
                })
            })
            .collect();
        let mut applied = 0;
        for run in runs {
            let report = run.join().unwrap().unwrap();
            assert_eq!(report.number, 12);
            applied += report.applied.len();
        }
        assert_eq!(applied, 12);
    });
}

#[test]
fn keys_hold_on_both_engines() {
    let files = [
        first(),
        file(
            "0002_handles.sql",
            "create table handles (
                 id bigint not null,
                 shop_id bigint not null,
                 pot_id bigint not null,
                 primary key (id, shop_id),
                 foreign key (pot_id, shop_id) references pots (id, shop_id)
             )",
        ),
    ];
    on_both_databases_with(&StoreOptions::default(), &files, async |store| {
        let handle = async |tx: &mut Tx| {
            tx.run("insert into handles (id, shop_id, pot_id) values ($1, $2, $3)", p![5, 7, 1])
                .await
        };
        let refused: Result<u64, DbError> = store.write(handle).await;
        assert!(matches!(refused, Err(DbError::Broken(_))), "{refused:?}");
        let with_pot: Result<u64, DbError> = store
            .write(async move |tx: &mut Tx| {
                tx.put("insert into pots (id, shop_id) values ($1, $2)", p![1, 7]).await?;
                handle(tx).await
            })
            .await;
        assert_eq!(with_pot, Ok(1));
        let empty: Result<u64, DbError> = store
            .write(async |tx: &mut Tx| {
                tx.run("insert into pots (id, shop_id) values ($1, $2)", p![2, None::<i64>]).await
            })
            .await;
        assert!(matches!(empty, Err(DbError::Broken(_))), "{empty:?}");
    });
}

#[test]
fn a_migration_may_not_leave_rows_without_their_parent() {
    let folder = TestFolder::make();
    let address = folder.path().join("market.db").display().to_string();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(&address, StoreOptions::default()).await.unwrap();
        let orphan = file(
            "0002_orphan.sqlite.sql",
            "create table parts (id integer primary key, pot_id integer references pots (id)); insert into parts values (1, 404)",
        );
        refused_with(&store.migrate_with(&[first(), orphan]).await, "refer to nothing");
        assert_eq!(store.schema_state_for(&[first()]).await, Ok(SchemaState::Current));
    });
}
