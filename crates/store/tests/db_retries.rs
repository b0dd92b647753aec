//! Failures of a PostgreSQL server which pass: the act runs again and happens once. Each is injected.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use store::db::MigrationFile;
use store::testing::{drop_database, make_database, on_postgres_with, test_server, with_database};
use store::{DbError, Store, StoreOptions, Tx, p};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

fn requests() -> Vec<MigrationFile> {
    let text = "create table payments (id bigint not null, shop_id bigint not null, primary key (id, shop_id));
                create table answers (shop_id bigint not null, key text not null, answer text not null, primary key (shop_id, key));
                create sequence turns;
                create function fails_once() returns trigger language plpgsql as
                    'begin if nextval(''turns'') = 1 then raise exception ''injected'' using errcode = ''XX000''; end if; return null; end';";
    vec![MigrationFile { file: "0001_payments.postgres.sql".to_owned(), text: text.to_owned() }]
}

/// An act with an idempotency row, as every act that writes: the second run finds the answer of the first.
async fn pay(tx: &mut Tx, key: &str) -> Result<String, DbError> {
    let kept: Option<String> =
        tx.maybe("select answer from answers where shop_id = $1 and key = $2", p![7, key]).await?;
    if let Some(answer) = kept {
        return Ok(format!("kept {answer}"));
    }
    tx.put("insert into payments (id, shop_id) values ($1, $2)", p![1, 7]).await?;
    let noted = tx
        .run(
            "insert into answers (shop_id, key, answer) values ($1, $2, $3) on conflict (shop_id, key) do nothing",
            p![7, key, "paid"],
        )
        .await?;
    if noted == 0 { Err(DbError::Again) } else { Ok("paid".to_owned()) }
}

async fn payments(store: &Store) -> i64 {
    let count: Result<i64, DbError> =
        store.read(async |tx: &mut Tx| tx.one("select count(*) from payments", p![]).await).await;
    count.unwrap()
}

#[test]
fn codes_which_pass_are_run_again() {
    for code in ["40001", "40P01", "08006", "57P01", "57P03"] {
        on_postgres_with(&StoreOptions::default(), &requests(), async |store| {
            let turns = Arc::new(AtomicU32::new(0));
            let counted = Arc::clone(&turns);
            let outcome = store
                .write(async move |tx: &mut Tx| {
                    let answer = pay(tx, "k").await?;
                    if counted.fetch_add(1, Ordering::Relaxed) < 2 {
                        let raise = format!("do 'begin raise exception ''injected'' using errcode = ''{code}''; end'");
                        tx.run(&raise, p![]).await?;
                    }
                    Ok::<_, DbError>(answer)
                })
                .await;
            assert_eq!(outcome, Ok("paid".to_owned()), "{code}");
            assert_eq!(turns.load(Ordering::Relaxed), 3, "{code}");
            assert_eq!(payments(&store).await, 1, "{code}");
        });
    }
}

#[test]
fn other_codes_are_told_at_once() {
    on_postgres_with(&StoreOptions::default(), &requests(), async |store| {
        let cases = [("53100", DbError::Full), ("53300", DbError::Busy)];
        for (code, expected) in cases {
            let outcome = store
                .write(async move |tx: &mut Tx| {
                    let raise = format!(
                        "do 'begin raise exception ''injected'' using errcode = ''{code}''; end'"
                    );
                    tx.run(&raise, p![]).await
                })
                .await;
            assert_eq!(outcome, Err(expected));
        }
        assert_eq!(store.counters().retries, 0);
    });
}

#[test]
fn a_lost_connection_is_replaced() {
    on_postgres_with(&StoreOptions::default(), &requests(), async |store| {
        let turns = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&turns);
        let outcome = store
            .write(async move |tx: &mut Tx| {
                let answer = pay(tx, "k").await?;
                if counted.fetch_add(1, Ordering::Relaxed) == 0 {
                    let gone: bool =
                        tx.one("select pg_terminate_backend(pg_backend_pid())", p![]).await?;
                    assert!(!gone, "the connection answers no more");
                }
                Ok::<_, DbError>(answer)
            })
            .await;
        assert_eq!(outcome, Ok("paid".to_owned()));
        assert_eq!(payments(&store).await, 1);
    });
}

#[test]
fn all_idle_connections_may_be_lost_at_once() {
    on_postgres_with(
        &StoreOptions { connections: 8, ..StoreOptions::default() },
        &requests(),
        async |store| {
            let hold = || {
                store.read(async |tx: &mut Tx| {
                    tx.one::<i64>("select cast(1 as bigint) from pg_sleep(0.05)", p![]).await
                })
            };
            futures_util::future::join_all((0..8).map(|_| hold())).await;
            let others = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                       where datname = current_database() and pid <> pg_backend_pid()";
            let ended: Result<i64, DbError> =
                store.read(async |tx: &mut Tx| tx.one(others, p![]).await).await;
            assert!(ended.unwrap() >= 7);
            for outcome in futures_util::future::join_all((0..8).map(|_| hold())).await {
                assert_eq!(outcome, Ok(1));
            }
        },
    );
}

#[test]
fn an_error_at_the_commit_is_run_again() {
    on_postgres_with(&StoreOptions::default(), &requests(), async |store| {
        let trigger =
            "create constraint trigger late after insert on payments deferrable initially deferred
                       for each row execute function fails_once()";
        let made: Result<u64, DbError> =
            store.write(async move |tx: &mut Tx| tx.run(trigger, p![]).await).await;
        made.unwrap();
        let outcome = store.write(async |tx: &mut Tx| pay(tx, "k").await).await;
        assert_eq!(outcome, Ok("paid".to_owned()));
        assert_eq!(store.counters().retries, 1);
        assert_eq!(payments(&store).await, 1);
    });
}

/// Passes everything on, but loses the answer of the first commit and the connection with it.
async fn lossy_proxy(listener: TcpListener, server: String, losses: Arc<AtomicU32>) {
    loop {
        let (client, _) = listener.accept().await.unwrap();
        let to_server = TcpStream::connect(&server).await.unwrap();
        let losses = Arc::clone(&losses);
        tokio::task::spawn_local(async move {
            let (mut from_client, mut client) = client.into_split();
            let (mut from_server, mut to_server) = to_server.into_split();
            let mut losing = false;
            let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
            loop {
                tokio::select! {
                    count = from_client.read(&mut asked) => {
                        let Ok(count @ 1..) = count else { break };
                        let commits = asked[..count].windows(7).any(|part| part == b"commit\0");
                        losing |= commits && losses.fetch_add(1, Ordering::Relaxed) == 0;
                        to_server.write_all(&asked[..count]).await.unwrap();
                    }
                    count = from_server.read(&mut answered) => {
                        let Ok(count @ 1..) = count else { break };
                        if losing { break }
                        client.write_all(&answered[..count]).await.unwrap();
                    }
                }
            }
        });
    }
}

#[test]
fn a_commit_whose_answer_is_lost_happens_once() {
    let Some(server) = test_server() else { return };
    let name = format!("guildhall_lossy_{}", std::process::id());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, async {
        make_database(&server, &name).await.unwrap();
        let direct =
            Store::open(&with_database(&server, &name), StoreOptions::default()).await.unwrap();
        direct.migrate_with(&requests()).await.unwrap();

        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let place = server.split_once('@').map_or(server.as_str(), |(_, place)| place);
        let host = place.split(['/', '?']).next().unwrap().to_owned();
        let losses = Arc::new(AtomicU32::new(0));
        let proxy =
            tokio::task::spawn_local(lossy_proxy(listener, host.clone(), Arc::clone(&losses)));

        let through = with_database(&server, &name).replace(&host, &format!("127.0.0.1:{port}"));
        let store = Store::open(&through, StoreOptions::default()).await.unwrap();
        let outcome = store.write(async |tx: &mut Tx| pay(tx, "k").await).await;
        assert_eq!(
            outcome,
            Ok("kept paid".to_owned()),
            "the second run finds what the first one did"
        );
        assert_eq!(store.counters().retries, 1);
        assert_eq!(losses.load(Ordering::Relaxed), 2);
        assert_eq!(payments(&direct).await, 1);
        proxy.abort();
        drop((store, direct));
        drop_database(&server, &name).await.unwrap();
    });
}

#[test]
fn a_server_which_is_not_there_is_told() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let addresses = [
            "postgres://nobody@127.0.0.1:1/none",
            "postgres://h/x?sslmode=sometimes",
            "/no/such/folder/market.db",
            ":memory:",
            "",
        ];
        for address in addresses {
            let opened = Store::open(address, StoreOptions::default()).await;
            assert!(matches!(opened.map(|_| ()), Err(DbError::Unreachable(_))), "{address}");
        }
    });
}

/// Where the server's certificate is trusted by this machine the connection is encrypted; everywhere else it is refused.
#[test]
fn what_must_be_encrypted_is_never_sent_in_the_open() {
    let Some(server) = test_server() else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for mode in ["require", "verify-full"] {
            let address = format!("{}?sslmode={mode}", server.split('?').next().unwrap());
            match Store::open(&address, StoreOptions::default()).await {
                Err(DbError::Unreachable(_)) => {}
                Err(other) => panic!("{other}"),
                Ok(store) => {
                    let question = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
                    let encrypted: Result<bool, DbError> =
                        store.read(async |tx: &mut Tx| tx.one(question, p![]).await).await;
                    assert_eq!(encrypted, Ok(true));
                    eprintln!("encrypted with {mode}");
                }
            }
        }
    });
}
