//! Each verb of `Tx` on both engines: the same text gives the same rows and the same refusals.

use rules::ids::{OrderId, ShopId};
use rules::time::Timestamp;
use store::db::MigrationFile;
use store::testing::on_both_databases_with;
use store::{DbError, Store, StoreOptions, Tx, p};

fn things() -> Vec<MigrationFile> {
    vec![MigrationFile {
        file: "0001_things.sql".to_owned(),
        text: "create table things (
                   id bigint not null,
                   shop_id bigint not null,
                   name text not null,
                   note text,
                   body bytea,
                   seen_at bigint,
                   primary key (id, shop_id)
               );
               create unique index things_by_name on things (name, shop_id);
               create table marks (thing_id bigint not null, mark text not null, primary key (thing_id, mark))"
            .to_owned(),
    }]
}

fn on_both<F: AsyncFn(Store)>(test: F) {
    on_both_databases_with(&StoreOptions::default(), &things(), test);
}

const INSERT: &str =
    "insert into things (id, shop_id, name, note, body, seen_at) values ($1, $2, $3, $4, $5, $6)";

async fn insert(store: &Store, id: i64, name: &'static str) -> Result<u64, DbError> {
    store
        .write(async move |tx: &mut Tx| {
            tx.run(INSERT, p![id, 7, name, None::<String>, None::<Vec<u8>>, None::<i64>]).await
        })
        .await
}

#[test]
fn what_is_written_is_read() {
    on_both(async |store| {
        type Thing = (OrderId, ShopId, String, Option<String>, Option<Vec<u8>>, Option<Timestamp>);
        let written: Result<u64, DbError> = store
            .write(async move |tx: &mut Tx| {
                let picture: Vec<u8> = vec![0, 255, 7];
                tx.run(
                    INSERT,
                    p![
                        OrderId::new(1),
                        ShopId::new(7),
                        "茶壶",
                        Some("new"),
                        picture,
                        Timestamp::from_ms(5)
                    ],
                )
                .await
            })
            .await;
        assert_eq!(written, Ok(1));
        insert(&store, 2, "cup").await.unwrap();
        let read: Result<Vec<Thing>, DbError> = store
            .read(async |tx: &mut Tx| {
                tx.many("select id, shop_id, name, note, body, seen_at from things where shop_id = $1 order by id", p![7]).await
            })
            .await;
        let expected = vec![
            (
                OrderId::new(1),
                ShopId::new(7),
                "茶壶".to_owned(),
                Some("new".to_owned()),
                Some(vec![0, 255, 7]),
                Some(Timestamp::from_ms(5)),
            ),
            (OrderId::new(2), ShopId::new(7), "cup".to_owned(), None, None, None),
        ];
        assert_eq!(read, Ok(expected));
    });
}

#[test]
fn numbers_of_parameters_mean_what_they_say() {
    on_both(async |store| {
        let swapped: Result<(i64, i64, i64), DbError> = store
            .read(async |tx: &mut Tx| {
                tx.one(
                    "select cast($2 as bigint), cast($1 as bigint), cast($2 as bigint)",
                    p![1, 2],
                )
                .await
            })
            .await;
        assert_eq!(swapped, Ok((2, 1, 2)));
    });
}

#[test]
fn too_few_and_too_many_values_are_a_mistake() {
    on_both(async |store| {
        for values in [p![1], p![1, 2, 3]] {
            let values = values.to_vec();
            let wrong: Result<(i64, i64), DbError> = store
                .read(async |tx: &mut Tx| {
                    tx.one("select cast($1 as bigint), cast($2 as bigint)", &values).await
                })
                .await;
            assert!(matches!(wrong, Err(DbError::Broken(_))), "{wrong:?}");
        }
    });
}

#[test]
fn one_and_maybe_count_the_rows() {
    on_both(async |store| {
        insert(&store, 1, "a").await.unwrap();
        insert(&store, 2, "b").await.unwrap();
        let none: Result<Option<i64>, DbError> = store
            .read(async |tx: &mut Tx| tx.maybe("select id from things where id = $1", p![9]).await)
            .await;
        assert_eq!(none, Ok(None));
        let missing: Result<i64, DbError> = store
            .read(async |tx: &mut Tx| tx.one("select id from things where id = $1", p![9]).await)
            .await;
        assert!(matches!(missing, Err(DbError::Broken(_))));
        let many: Result<Option<i64>, DbError> =
            store.read(async |tx: &mut Tx| tx.maybe("select id from things", p![]).await).await;
        assert!(matches!(many, Err(DbError::Broken(_))));
    });
}

#[test]
fn run_counts_the_rows_it_touched() {
    on_both(async |store| {
        insert(&store, 1, "a").await.unwrap();
        insert(&store, 2, "b").await.unwrap();
        let counts: Result<(u64, u64, u64, u64), DbError> = store
            .write(async |tx: &mut Tx| {
                let all = tx.run("update things set note = $1", p!["x"]).await?;
                let none = tx.run("update things set note = $1 where id = $2", p!["y", 9]).await?;
                let clash = tx
                    .run("insert into marks (thing_id, mark) values ($1, $2) on conflict (thing_id, mark) do nothing", p![1, "m"])
                    .await?;
                let again = tx
                    .run("insert into marks (thing_id, mark) values ($1, $2) on conflict (thing_id, mark) do nothing", p![1, "m"])
                    .await?;
                assert_eq!(tx.changes(), 3);
                assert!(!tx.is_read_only());
                Ok((all, none, clash, again))
            })
            .await;
        assert_eq!(counts, Ok((2, 0, 1, 0)));
    });
}

#[test]
fn an_update_can_answer_with_its_rows() {
    on_both(async |store| {
        insert(&store, 1, "a").await.unwrap();
        let left: Result<Option<i64>, DbError> = store
            .write(async |tx: &mut Tx| {
                tx.maybe("update things set seen_at = $1 where id = $2 and shop_id = $3 returning seen_at", p![40, 1, 7]).await
            })
            .await;
        assert_eq!(left, Ok(Some(40)));
    });
}

#[test]
fn rows_inserts_as_many_as_there_are() {
    on_both(async |store| {
        for count in [0_i64, 1, 3, 250] {
            let inserted: Result<u64, DbError> = store
                .write(async move |tx: &mut Tx| {
                    let values: Vec<_> = (0..count)
                        .flat_map(|n| [store::P::from(count), format!("{n}").into()])
                        .collect();
                    let head = "insert into marks (thing_id, mark) values";
                    let first = tx.rows(head, 2, "", &values).await?;
                    let second = tx
                        .rows(head, 2, "on conflict (thing_id, mark) do nothing", &values)
                        .await?;
                    assert_eq!(second, 0);
                    Ok(first)
                })
                .await;
            assert_eq!(inserted, Ok(count as u64));
        }
        let uneven: Result<u64, DbError> = store
            .write(async |tx: &mut Tx| {
                tx.rows("insert into marks (thing_id, mark) values", 2, "", p![1, "a", 2]).await
            })
            .await;
        assert!(matches!(uneven, Err(DbError::Broken(_))));
    });
}

#[test]
fn a_failure_of_put_is_never_lost() {
    on_both(async |store| {
        insert(&store, 1, "a").await.unwrap();
        let late: Result<(), DbError> = store
            .write(async |tx: &mut Tx| {
                for id in [2, 1, 3] {
                    // On PostgreSQL the failure of the second shows at a later statement, on SQLite at once.
                    let _ = tx
                        .put(INSERT, p![id, 7, "a", None::<String>, None::<Vec<u8>>, None::<i64>])
                        .await;
                }
                Ok(())
            })
            .await;
        assert_eq!(late, Err(DbError::Conflict { constraint: "things_by_name".to_owned() }));
        let left: Result<Vec<i64>, DbError> =
            store.read(async |tx: &mut Tx| tx.many("select id from things", p![]).await).await;
        assert_eq!(left, Ok(vec![1]), "nothing of the act was kept");
    });
}

#[test]
fn a_broken_key_has_the_same_name_on_both() {
    on_both(async |store| {
        insert(&store, 1, "a").await.unwrap();
        let same_id = insert(&store, 1, "b").await;
        assert_eq!(same_id, Err(DbError::Conflict { constraint: "things_pkey".to_owned() }));
        let same_name = insert(&store, 2, "a").await;
        assert_eq!(same_name, Err(DbError::Conflict { constraint: "things_by_name".to_owned() }));
        let mark = async |tx: &mut Tx| {
            tx.run("insert into marks (thing_id, mark) values ($1, $2)", p![1, "m"]).await
        };
        assert_eq!(store.write(mark).await, Ok(1));
        assert_eq!(
            store.write(mark).await,
            Err(DbError::Conflict { constraint: "marks_pkey".to_owned() })
        );
    });
}

#[test]
fn a_failed_statement_fails_the_act() {
    on_both(async |store| {
        insert(&store, 1, "a").await.unwrap();
        let swallowed: Result<u64, DbError> = store
            .write(async |tx: &mut Tx| {
                let clash = tx
                    .run(INSERT, p![1, 7, "b", None::<String>, None::<Vec<u8>>, None::<i64>])
                    .await;
                assert!(clash.is_err());
                let after = tx.run("delete from things", p![]).await;
                assert_eq!(after, clash, "nothing more is done");
                Ok(0)
            })
            .await;
        assert_eq!(swallowed, Err(DbError::Conflict { constraint: "things_pkey".to_owned() }));
    });
}

#[test]
fn a_read_may_not_write() {
    on_both(async |store| {
        insert(&store, 1, "a").await.unwrap();
        let verbs: [Result<(), DbError>; 4] = [
            store
                .read(async |tx: &mut Tx| tx.run("delete from things", p![]).await.map(|_| ()))
                .await,
            store.read(async |tx: &mut Tx| tx.put("delete from things", p![]).await).await,
            store
                .read(async |tx: &mut Tx| {
                    tx.rows("insert into marks (thing_id, mark) values", 2, "", p![1, "a"])
                        .await
                        .map(|_| ())
                })
                .await,
            store
                .read(async |tx: &mut Tx| {
                    assert!(tx.is_read_only());
                    tx.many::<i64>("delete from things where id = $1 returning id", p![1])
                        .await
                        .map(|_| ())
                })
                .await,
        ];
        for refused in verbs {
            assert!(
                matches!(&refused, Err(DbError::Broken(why)) if why.contains("a read may not write")),
                "{refused:?}"
            );
        }
        let left: Result<i64, DbError> =
            store.read(async |tx: &mut Tx| tx.one("select count(*) from things", p![]).await).await;
        assert_eq!(left, Ok(1));
    });
}

#[test]
fn a_read_sees_one_moment() {
    on_both(async |store| {
        insert(&store, 1, "a").await.unwrap();
        let writer = store.clone();
        let seen: Result<(i64, i64), DbError> = store
            .read(async |tx: &mut Tx| {
                let before: i64 = tx.one("select count(*) from things", p![]).await?;
                // On a thread and a runtime of its own, so that the read itself waits for nothing but its Tx.
                let other = writer.clone();
                std::thread::spawn(move || {
                    let runtime =
                        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    runtime.block_on(insert(&other, 2, "b")).unwrap();
                })
                .join()
                .unwrap();
                let after: i64 = tx.one("select count(*) from things", p![]).await?;
                Ok((before, after))
            })
            .await;
        assert_eq!(seen, Ok((1, 1)));
        let now: Result<i64, DbError> =
            store.read(async |tx: &mut Tx| tx.one("select count(*) from things", p![]).await).await;
        assert_eq!(now, Ok(2));
    });
}

#[test]
fn a_cell_of_another_kind_is_named() {
    on_both(async |store| {
        insert(&store, 1, "a").await.unwrap();
        let wrong: Result<i64, DbError> =
            store.read(async |tx: &mut Tx| tx.one("select name from things", p![]).await).await;
        assert_eq!(
            wrong,
            Err(DbError::Broken("column 0 (name): expected a number, found a text".to_owned()))
        );
        let null: Result<String, DbError> =
            store.read(async |tx: &mut Tx| tx.one("select note from things", p![]).await).await;
        assert_eq!(
            null,
            Err(DbError::Broken("column 0 (note): expected a text, found null".to_owned()))
        );
        let beyond: Result<(i64, i64), DbError> =
            store.read(async |tx: &mut Tx| tx.one("select id from things", p![]).await).await;
        assert!(matches!(beyond, Err(DbError::Broken(_))));
    });
}
