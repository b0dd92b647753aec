//! The server is killed in the middle of its work, again and again: whoever was answered finds what they were told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use actions::Failure;
use actions::chance::Chance;
use actions::testing::{Stage, address};
use rules::ids::{OrderId, PaymentId, PersonId, ShopId};
use rules::payments::PaymentState;
use serde_json::{Value, json};
use store::testing::TestFolder;
use store::{Store, StoreOptions, Tx, orders, payments, stock};

const KILLS: u64 = 20;
const CLIENTS: usize = 4;

fn guildhall(database: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guildhall"));
    command.args(["--database", database, "--listen", "127.0.0.1:0"]).args(arguments);
    command
}

fn done(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

/// What the server has said yes to.
#[derive(Default)]
struct Acknowledged {
    orders: Vec<(ShopId, OrderId)>,
    payments: Vec<PaymentId>,
}

struct Client {
    person: PersonId,
    key: String,
    checkout: String,
    /// Over all rounds, so that no idempotency key is used twice.
    requests: Arc<AtomicU64>,
}

impl Client {
    /// Buys until the server is gone.
    fn buys(&self, server: &str) -> Acknowledged {
        let mut told = Acknowledged::default();
        while let Some((201, placed)) = self.post(server, "/api/v1/checkouts", &self.checkout) {
            for order in placed["orders"].as_array().unwrap() {
                told.orders.push((id(&order["shop"]), id(&order["id"])));
            }
            let payment: PaymentId = id(&placed["payment"]);
            let path = format!("/api/v1/payments/{payment}/attempts");
            let body = json!({ "instrument": "card_ok" }).to_string();
            let Some((status, paid)) = self.post(server, &path, &body) else { break };
            assert!(status == 200 || status == 201, "{status} {paid}");
            assert_eq!(paid["state"], "captured");
            told.payments.push(payment);
        }
        told
    }

    /// One request on a connection of its own; `None` when the answer did not arrive whole.
    fn post(&self, server: &str, path: &str, body: &str) -> Option<(u16, Value)> {
        let mut stream = TcpStream::connect(server).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
        let (key, number) = (&self.key, self.requests.fetch_add(1, Ordering::Relaxed));
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {server}\r\nauthorization: Bearer {key}\r\nidempotency-key: kill-{number}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        let answer = String::from_utf8(answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        // An answer which was cut off is no answer.
        let body: Value = serde_json::from_str(body).ok()?;
        assert!(status < 300, "{path} was answered {status}: {body}");
        Some((status, body))
    }
}

fn id<K>(value: &Value) -> rules::ids::Id<K> {
    value.as_str().unwrap().parse().unwrap()
}

/// A market with plenty of scarves; answers the body of a checkout.
async fn set_up(database: &str) -> String {
    let store = Store::open(database, StoreOptions::default()).await.unwrap();
    store.migrate().await.unwrap();
    let stage = Stage::on(store).await.unwrap();
    let (shop, sku) = (stage.second, stage.scarf);
    let plenty = async move |tx: &mut Tx| {
        let counted = stock::set_count(tx, shop, sku, 1_000_000).await?;
        counted.map_err(|refused| Failure::Broken(format!("{refused:?}")))
    };
    stage.market.store.write(plenty).await.unwrap();
    actions::house::leave(&stage.market).await.unwrap();
    json!({
        "lines": [{ "shop": shop, "sku": sku, "quantity": 1 }],
        "address": serde_json::to_value(address()).unwrap(),
    })
    .to_string()
}

fn clients(database: &str, checkout: &str) -> Vec<Arc<Client>> {
    let requests = Arc::new(AtomicU64::new(1));
    let one = |_| {
        let made = guildhall(database, &["--json", "keys", "create", "--scope", "buyer"]).output();
        let made: Value = serde_json::from_str(&done(&made.unwrap())).unwrap();
        Arc::new(Client {
            person: id(&made["person"]),
            key: made["key"].as_str().unwrap().to_owned(),
            checkout: checkout.to_owned(),
            requests: Arc::clone(&requests),
        })
    };
    (0..CLIENTS).map(one).collect()
}

/// A started server, where it listens, and its output, which must stay open.
fn serve(database: &str) -> (Child, String, BufReader<ChildStdout>) {
    let mut server =
        guildhall(database, &["serve", "--sandbox"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut output = BufReader::new(server.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    let address = line.trim().rsplit_once("http://").map(|(_, address)| address.to_owned());
    (server, address.unwrap_or_else(|| panic!("the server said {line:?}")), output)
}

/// Everything this client was told is in the database, as it was told.
async fn is_there(store: &Store, person: PersonId, told: Acknowledged) {
    let read = async move |tx: &mut Tx| {
        for (shop, order) in &told.orders {
            let found = orders::load(tx, *shop, *order).await?;
            assert!(found.is_some(), "order {order} was acknowledged and is gone");
        }
        for payment in &told.payments {
            let found = payments::load(tx, person, *payment).await?;
            let state = found.map(|found| found.state);
            assert_eq!(state, Some(PaymentState::Captured), "payment {payment}");
        }
        Ok::<_, Failure>(())
    };
    store.read(read).await.unwrap();
}

#[test]
fn what_was_acknowledged_outlives_the_process() {
    let folder = TestFolder::make();
    let database = folder.path().join("market.db").display().to_string();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let checkout = runtime.block_on(set_up(&database));
    let clients = clients(&database, &checkout);
    let (mut orders, mut payments) = (0, 0);
    for _ in 0..KILLS {
        let (mut server, address, _output) = serve(&database);
        let buying = |client: &Arc<Client>| {
            let (client, address) = (Arc::clone(client), address.clone());
            std::thread::spawn(move || (client.person, client.buys(&address)))
        };
        let buying: Vec<JoinHandle<_>> = clients.iter().map(buying).collect();
        std::thread::sleep(Duration::from_millis(300 + Chance::System.below(700)));
        // SIGKILL: nothing is finished, nothing is flushed.
        server.kill().unwrap();
        server.wait().unwrap();
        let told: Vec<(PersonId, Acknowledged)> =
            buying.into_iter().map(|client| client.join().unwrap()).collect();
        let store = runtime.block_on(Store::open(&database, StoreOptions::default())).unwrap();
        for (person, told) in told {
            orders += told.orders.len();
            payments += told.payments.len();
            runtime.block_on(is_there(&store, person, told));
        }
        drop(store);
        done(&guildhall(&database, &["ledger", "check"]).output().unwrap());
    }
    assert!(orders > 20 && payments > 20, "only {orders} orders and {payments} payments were told");
}
