//! Acts which refuse, fail, panic, collide and wait, all at once: whoever was told "done" finds it done, and nobody else
//! left a trace.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use store::db::MigrationFile;
use store::testing::{on_both_databases_with, on_postgres_with, on_sqlite_with};
use store::{ActFailure, DbError, Store, StoreOptions, Tx, p};

/// What an act of these tests fails with.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Failure {
    Refused,
    Again,
    Db(DbError),
}

impl From<DbError> for Failure {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl ActFailure for Failure {
    fn again(&self) -> bool {
        matches!(self, Self::Again | Self::Db(DbError::Again))
    }
}

fn rows_table() -> Vec<MigrationFile> {
    vec![MigrationFile {
        file: "0001_rows.sql".to_owned(),
        text: "create table kept (id bigint not null, shop_id bigint not null, body text not null, primary key (id, shop_id))"
            .to_owned(),
    }]
}

fn on_both<F: AsyncFn(Store)>(test: F) {
    on_both_databases_with(&StoreOptions::default(), &rows_table(), test);
}

const INSERT: &str = "insert into kept (id, shop_id, body) values ($1, $2, $3)";

async fn insert(tx: &mut Tx, id: i64) -> Result<(), Failure> {
    tx.run(INSERT, p![id, 7, "kept"]).await?;
    Ok(())
}

async fn keep(store: &Store, id: i64) -> Result<(), Failure> {
    store.write(async move |tx: &mut Tx| insert(tx, id).await).await
}

async fn kept(store: &Store) -> Vec<i64> {
    let ids: Result<Vec<i64>, DbError> = store
        .read(async |tx: &mut Tx| tx.many("select id from kept order by id", p![]).await)
        .await;
    ids.unwrap()
}

/// One act of the trouble run; the kind is `id` modulo 6.
async fn trouble(tx: &mut Tx, id: i64) -> Result<(), Failure> {
    let count: i64 = tx.one("select count(*) from kept where id < $1", p![id]).await?;
    assert!(count >= 0);
    match id % 6 {
        0 => Err(Failure::Refused),
        1 => {
            insert(tx, id).await?;
            Err(Failure::Refused)
        }
        2 => {
            tx.put(INSERT, p![id, 7, "panics"]).await?;
            panic!("an act of the trouble run");
        }
        3 => {
            // The second of two equal keys: on PostgreSQL the failure is still on its way when the act ends.
            tx.put(INSERT, p![id, 7, "first"]).await?;
            tx.put(INSERT, p![id, 7, "second"]).await?;
            Ok(())
        }
        4 => {
            tokio::time::sleep(Duration::from_millis(3)).await;
            insert(tx, id).await
        }
        _ => {
            for part in 0..5 {
                tx.put(INSERT, p![id + part * 1_000_000, 7, "long ".repeat(200)]).await?;
            }
            let bodies: Vec<String> =
                tx.many("select body from kept where id = $1", p![id]).await?;
            assert_eq!(bodies.len(), 1);
            Ok(())
        }
    }
}

#[test]
fn whoever_was_answered_is_there_and_nobody_else() {
    on_both(async |store| {
        let acknowledged = Arc::new(AtomicI64::new(0));
        let next = Arc::new(AtomicI64::new(0));
        let client = || async {
            for _ in 0..30 {
                let id = next.fetch_add(1, Ordering::Relaxed);
                let outcome = store.write(async move |tx: &mut Tx| trouble(tx, id).await).await;
                match (id % 6, &outcome) {
                    (5, Ok(())) => acknowledged.fetch_add(5, Ordering::Relaxed),
                    (4, Ok(())) => acknowledged.fetch_add(1, Ordering::Relaxed),
                    (0 | 1, Err(Failure::Refused)) => 0,
                    (2, Err(Failure::Db(DbError::Broken(why)))) => {
                        assert!(why.contains("an act of the trouble run"), "{why}");
                        0
                    }
                    (3, Err(Failure::Db(DbError::Conflict { constraint }))) => {
                        assert_eq!(constraint, "kept_pkey");
                        0
                    }
                    // SQLite's writer waits for nobody, and has no reactor which a timer could ask.
                    (4, Err(Failure::Db(DbError::Broken(_))))
                        if store.engine_name() == "sqlite" =>
                    {
                        0
                    }
                    (kind, other) => panic!("kind {kind} ended with {other:?}"),
                };
            }
        };
        // Every answer comes within this time; waiting for good is what an out-of-order pipeline did.
        let all = futures_util::future::join_all((0..60).map(|_| client()));
        tokio::time::timeout(Duration::from_secs(90), all).await.expect("the trouble run hangs");
        assert_eq!(kept(&store).await.len() as i64, acknowledged.load(Ordering::Relaxed));
        assert_eq!(next.load(Ordering::Relaxed), 1800);
        assert!(store.counters().panics >= 300);
    });
}

#[test]
fn a_refusal_before_the_first_write_costs_no_replay() {
    on_sqlite_with(&StoreOptions::default(), &rows_table(), async |store| {
        for _ in 0..20 {
            let refused = store
                .write(async |tx: &mut Tx| {
                    // An update of no row is no write.
                    tx.run("update kept set body = $1 where id = $2", p!["x", 404]).await?;
                    Err::<(), Failure>(Failure::Refused)
                })
                .await;
            assert_eq!(refused, Err(Failure::Refused));
        }
        assert_eq!(store.counters().replays, 0);
        let dirty = store
            .write(async |tx: &mut Tx| {
                insert(tx, 1).await?;
                Err::<(), Failure>(Failure::Refused)
            })
            .await;
        assert_eq!(dirty, Err(Failure::Refused));
        assert_eq!(store.counters().replays, 1);
        assert_eq!(kept(&store).await, Vec::<i64>::new());
    });
}

#[test]
fn many_acts_share_one_commit() {
    on_sqlite_with(&StoreOptions::default(), &rows_table(), async |store| {
        let acts = (0..500).map(|id| keep(&store, id));
        for outcome in futures_util::future::join_all(acts).await {
            assert_eq!(outcome, Ok(()));
        }
        let counters = store.counters();
        assert_eq!(counters.acts, 500);
        assert!(counters.batches <= 100, "{counters:?}");
        assert_eq!(kept(&store).await.len(), 500);
    });
}

#[test]
fn a_lost_race_is_run_again_with_the_same_question() {
    on_both(async |store| {
        let turns = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&turns);
        let outcome = store
            .write(async move |tx: &mut Tx| {
                insert(tx, 1).await?;
                // Written first, so that a turn which is not undone would collide with its own row.
                if counted.fetch_add(1, Ordering::Relaxed) < 3 {
                    Err(Failure::Again)
                } else {
                    Ok(())
                }
            })
            .await;
        assert_eq!(outcome, Ok(()));
        assert_eq!(kept(&store).await, vec![1]);
        // SQLite also runs a failed act a second time behind its savepoint, which here is a turn of its own.
        assert!((1..=3).contains(&store.counters().retries), "{:?}", store.counters());
    });
}

#[test]
fn a_race_lost_ten_times_is_told() {
    on_both(async |store| {
        let turns = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&turns);
        let outcome: Result<(), Failure> = store
            .write(async move |_tx: &mut Tx| {
                counted.fetch_add(1, Ordering::Relaxed);
                Err(Failure::Again)
            })
            .await;
        assert_eq!(outcome, Err(Failure::Again));
        assert_eq!(turns.load(Ordering::Relaxed), 10);
    });
}

#[test]
fn a_panic_ends_its_act_and_nothing_else() {
    on_both(async |store| {
        let panicked: Result<(), Failure> = store
            .write(async |tx: &mut Tx| {
                insert(tx, 1).await?;
                panic!("seven of nine");
            })
            .await;
        assert_eq!(
            panicked,
            Err(Failure::Db(DbError::Broken("the act panicked: seven of nine".to_owned())))
        );
        let read: Result<(), Failure> =
            store.read(async |_tx: &mut Tx| panic!("{} of nine", 8)).await;
        assert_eq!(
            read,
            Err(Failure::Db(DbError::Broken("the act panicked: 8 of nine".to_owned())))
        );
        assert_eq!(keep(&store, 2).await, Ok(()));
        assert_eq!(kept(&store).await, vec![2]);
    });
}

#[test]
fn a_full_queue_turns_the_next_act_away() {
    let options = StoreOptions { waiting_acts: 1, connections: 1, ..StoreOptions::default() };
    on_both_databases_with(&options, &rows_table(), async |store| {
        let (holding, held) = std::sync::mpsc::channel::<()>();
        let (started, starting) = std::sync::mpsc::channel::<()>();
        let held = std::sync::Mutex::new(held);
        let slow = store.clone();
        // On a thread of its own: the first act blocks whoever runs it until the test lets go.
        let first = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let act = async move |tx: &mut Tx| {
                let _ = started.send(());
                let _ = held.lock().unwrap().recv();
                insert(tx, 1).await
            };
            runtime.block_on(slow.write(act))
        });
        starting.recv().unwrap();
        let mut second = std::pin::pin!(keep(&store, 2));
        assert!(second.as_mut().now_or_never().is_none(), "the second act waits");
        assert_eq!(keep(&store, 3).await, Err(Failure::Db(DbError::Busy)));
        holding.send(()).unwrap();
        assert_eq!(second.await, Ok(()));
        assert_eq!(first.join().unwrap(), Ok(()));
        assert_eq!(kept(&store).await, vec![1, 2]);
        assert_eq!(store.counters().turned_away, 1);
    });
}

#[test]
fn a_full_disk_is_told_and_survived() {
    on_sqlite_with(&StoreOptions::default(), &rows_table(), async |store| {
        keep(&store, 1).await.unwrap();
        let limit: Result<i64, DbError> =
            store.write(async |tx: &mut Tx| tx.one("pragma max_page_count = 20", p![]).await).await;
        limit.unwrap();
        let large: Result<(), Failure> = store
            .write(async |tx: &mut Tx| {
                tx.run(INSERT, p![2, 7, "x".repeat(200_000)]).await?;
                Ok(())
            })
            .await;
        assert_eq!(large, Err(Failure::Db(DbError::Full)));
        assert_eq!(keep(&store, 3).await, Ok(()));
        assert_eq!(kept(&store).await, vec![1, 3]);
    });
}

#[test]
fn a_caller_who_goes_away_leaves_nothing_half_done() {
    on_postgres_with(
        &StoreOptions { connections: 2, ..StoreOptions::default() },
        &rows_table(),
        async |store| {
            for id in 0..5 {
                let slow = store.write(async move |tx: &mut Tx| {
                    insert(tx, id).await?;
                    tokio::time::sleep(Duration::from_secs(60)).await;
                    Ok::<(), Failure>(())
                });
                assert!(tokio::time::timeout(Duration::from_millis(100), slow).await.is_err());
            }
            // The same keys, on the same small pool: no connection is missing and no row is locked.
            for id in 0..5 {
                let again = tokio::time::timeout(Duration::from_secs(20), keep(&store, id)).await;
                assert_eq!(again, Ok(Ok(())));
            }
        },
    );
}

#[test]
fn large_answers_and_many_puts_do_not_block_each_other() {
    on_both(async |store| {
        let done = store.write(async |tx: &mut Tx| {
            for round in 0..20_i64 {
                for part in 0..100_i64 {
                    tx.put(INSERT, p![round * 100 + part, 7, "text ".repeat(100)]).await?;
                }
                let bodies: Vec<String> = tx.many("select body from kept", p![]).await?;
                assert_eq!(bodies.len() as i64, (round + 1) * 100);
            }
            // Left open, with a large answer behind them, when the commit is sent.
            for part in 0..60_i64 {
                tx.put("update kept set body = $1 where id >= $2", p!["other ".repeat(100), part])
                    .await?;
            }
            Ok::<(), Failure>(())
        });
        tokio::time::timeout(Duration::from_secs(60), done)
            .await
            .expect("the pipeline hangs")
            .unwrap();
        assert_eq!(kept(&store).await.len(), 2000);
    });
}

#[test]
fn the_last_put_decides_too() {
    on_both(async |store| {
        let outcome = store
            .write(async |tx: &mut Tx| {
                insert(tx, 1).await?;
                let _ = tx.put(INSERT, p![1, 7, "again"]).await;
                Ok::<(), Failure>(())
            })
            .await;
        assert_eq!(
            outcome,
            Err(Failure::Db(DbError::Conflict { constraint: "kept_pkey".to_owned() }))
        );
        assert_eq!(kept(&store).await, Vec::<i64>::new());
    });
}
