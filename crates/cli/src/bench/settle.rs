//! Many orders due for settlement at one moment, while clients go on placing orders.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use actions::api_keys::{CliKey, create_for_cli};
use actions::caller::KeyScope;
use actions::chance::Chance;
use actions::clock::{Clock, system_now};
use actions::deadlines::{SweepSettings, sweep};
use actions::house::{self, Opening};
use actions::overview::count_open_orders;
use actions::seeding::Profile;
use actions::{Failure, Market, Mode, books};
use anyhow::{Context, ensure};
use futures_util::future::{join, try_join_all};
use rules::ids::{ShopId, SkuId, TransferId};
use rules::ledger::{Account, TransferCode, transfer};
use rules::money::Currency;
use rules::orders::OrderStateName;
use rules::time::Span;
use serde_json::{Value, json};
use store::bulk::{Rows, WholeTransfer, write};
use store::orders::OrderRow;
use store::{Tx, lists};
use tokio::task::JoinHandle;

use super::client::Client;
use super::hall::Hall;
use super::stand::{address, own_database};
use super::took::{p50_p99, round};
use crate::seed::{Wanted, seed_database};
use crate::settings::Settings;

/// How it went.
pub struct Settled {
    pub orders: usize,
    pub seconds: f64,
    pub orders_per_s: f64,
    /// Placing and paying one order, before the moment and while the others settle.
    pub before: (f64, f64),
    pub meanwhile: (f64, f64),
    pub placed_meanwhile: usize,
    /// The same transfers in bulk, and nothing else.
    pub limit_per_s: f64,
    pub ratio: f64,
}

/// Longer than anybody waits for a bench.
const MOST_PATIENCE: Duration = Duration::from_secs(1_800);

/// Seeds a database of its own, waits for nobody, and settles it.
pub async fn run(settings: &Settings, orders: u64, clients: usize) -> anyhow::Result<Settled> {
    let (database, folder) = own_database(settings)?;
    let until = system_now();
    let wanted = Wanted { orders, seed: 1, days: 12, until, profile: Profile::ReceivedAtOnce };
    seed_database(&database, &wanted, |_| {}).await?;
    let clock = Some(Clock::sandbox(Span::from_ms(0)));
    let opening = Opening { database, mode: Mode::Sandbox, clock, chance: Chance::System };
    let market = house::open(opening).await?;
    let waiting = completed(&market).await?;
    let due = waiting.iter().filter_map(|row| row.state.due_at()).max();
    let due = due.context("no order waits for its settlement")?;
    let limit_per_s = limit(&market, &waiting).await?;
    let hall = Hall::over(market.clone(), folder).await?;
    let sales = Arc::new(Sales::open(&hall, &waiting, clients).await?);
    // How placing goes when nothing else does.
    let (stop, load) = sales.begin(&hall, clients);
    tokio::time::sleep(Duration::from_secs(5)).await;
    let before = end(&stop, load).await?;
    market.clock.move_forward(due.since(market.now()));
    let (stop, load) = sales.begin(&hall, clients);
    // The sweep closes the days afterwards, which is not what is measured.
    let (report, seconds) =
        join(sweep(&market, SweepSettings::default()), all_settled(&market)).await;
    let (report, seconds) = (report?, seconds?);
    let meanwhile = end(&stop, load).await?;
    ensure!(report.failed == 0, "{} due rows could not be worked off", report.failed);
    let left = completed(&market).await?.len();
    ensure!(left == 0, "{left} orders still wait for their settlement");
    let checked = books::check(&market).await?;
    ensure!(checked.faults.is_empty(), "the books are not in order: {}", checked.faults[0]);
    hall.close().await?;
    let orders = waiting.len();
    let orders_per_s = orders as f64 / seconds;
    Ok(Settled {
        orders,
        seconds: round(seconds),
        orders_per_s: round(orders_per_s),
        before: p50_p99(before),
        placed_meanwhile: meanwhile.len(),
        meanwhile: p50_p99(meanwhile),
        limit_per_s: round(limit_per_s),
        ratio: round(orders_per_s / limit_per_s),
    })
}

/// How long it takes until no order waits for its settlement any more.
async fn all_settled(market: &Market) -> anyhow::Result<f64> {
    let began = Instant::now();
    loop {
        let left = count_open_orders(market, &[OrderStateName::Completed]).await?;
        if left.iter().all(|(_, count)| *count == 0) {
            return Ok(began.elapsed().as_secs_f64());
        }
        ensure!(began.elapsed() < MOST_PATIENCE, "the orders are not settled after all this time");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

pub(super) async fn completed(market: &Market) -> anyhow::Result<Vec<OrderRow>> {
    let read = async |tx: &mut Tx| {
        let name = Some(OrderStateName::Completed);
        Ok::<_, Failure>(lists::orders::of_house(tx, name, None, i64::MAX, i64::MAX).await?)
    };
    Ok(market.store.read(read).await?)
}

/// Orders a second when only their transfers are written in bulk, in a home which nobody has: three a settlement.
pub(super) async fn limit(market: &Market, orders: &[OrderRow]) -> anyhow::Result<f64> {
    let nobody: ShopId = market.id();
    let mut took = Duration::ZERO;
    let mut count = 0_usize;
    for part in orders.chunks(5_000).take(4) {
        let mut rows = Rows::default();
        for row in part {
            rows.transfers.extend(transfers_like(market, nobody, row));
        }
        count += part.len();
        // Taken back afterwards: an order's money must add up.
        let back = rows.transfers.iter().map(|one| taken_back(market, one)).collect();
        let back = Rows { transfers: back, ..Rows::default() };
        let wrote = Instant::now();
        bulk(market, rows).await?;
        took += wrote.elapsed();
        bulk(market, back).await?;
    }
    Ok(count as f64 / took.as_secs_f64())
}

async fn bulk(market: &Market, rows: Rows) -> Result<(), Failure> {
    let act = async move |tx: &mut Tx| Ok::<_, Failure>(write(tx, &rows).await?);
    market.store.write(act).await
}

fn transfers_like(market: &Market, home: ShopId, row: &OrderRow) -> Vec<WholeTransfer> {
    let codes = [
        (TransferCode::Commission, Account::Commission),
        (TransferCode::ReserveKept, Account::Reserve),
        (TransferCode::SaleProceeds, Account::Available),
    ];
    let mut made = Vec::with_capacity(codes.len());
    for (leg, (code, account)) in codes.into_iter().enumerate() {
        let id: TransferId = market.id();
        made.push(WholeTransfer {
            id,
            home,
            currency: row.currency,
            transfer: transfer(code, Account::Promotion, account, 100),
            order: row.id,
            step: 1,
            leg: leg as i64,
            at: market.now(),
        });
    }
    made
}

fn taken_back(market: &Market, one: &WholeTransfer) -> WholeTransfer {
    let (debit, credit) = (one.transfer.credit, one.transfer.debit);
    let transfer = transfer(one.transfer.code, debit, credit, one.transfer.amount_minor);
    WholeTransfer { id: market.id(), transfer, step: 2, ..*one }
}

/// Who buys meanwhile, and what.
struct Sales {
    keys: Vec<String>,
    /// What is bought, shop by shop, in one currency.
    goods: Vec<(ShopId, SkuId)>,
    turn: AtomicUsize,
}

type Load = Vec<JoinHandle<anyhow::Result<Vec<Duration>>>>;

impl Sales {
    async fn open(hall: &Hall, orders: &[OrderRow], clients: usize) -> anyhow::Result<Sales> {
        let usd = Currency::parse("USD")?;
        let mut goods = Vec::new();
        for row in orders.iter().filter(|row| row.currency == usd && row.market == "US") {
            if goods.len() >= 40 {
                break;
            }
            let (shop, order) = (row.shop, row.id);
            let read = async move |tx: &mut Tx| {
                Ok::<_, Failure>(store::orders::lines(tx, shop, order).await?)
            };
            for line in hall.market.store.read(read).await? {
                let one = (shop, line.sku);
                if !goods.contains(&one) {
                    goods.push(one);
                }
            }
        }
        ensure!(!goods.is_empty(), "there is nothing to buy in dollars");
        let actor = actions::Actor::House(hall.staff_of(rules::ids::HOUSE).await?);
        for (shop, sku) in &goods {
            actions::catalog::set_stock(&hall.market, actor, *shop, *sku, 1_000_000).await?;
        }
        let mut keys = Vec::with_capacity(clients);
        for place in 0..clients {
            let name = format!("bench buyer {place}");
            let ask = CliKey { scope: KeyScope::Buyer, person: None, shop: None, name };
            keys.push(create_for_cli(&hall.market, ask).await?.text.reveal().to_owned());
        }
        Ok(Sales { keys, goods, turn: AtomicUsize::new(0) })
    }

    /// Clients which place and pay, one order after the other, until they are told to stop.
    fn begin(self: &Arc<Self>, hall: &Hall, clients: usize) -> (Arc<AtomicBool>, Load) {
        let stop = Arc::new(AtomicBool::new(false));
        let mut load = Vec::with_capacity(clients);
        for place in 0..clients {
            let (sales, stop, host) = (self.clone(), stop.clone(), hall.host().to_owned());
            #[expect(
                clippy::disallowed_methods,
                reason = "each client of the load is a task; all are joined in `end`"
            )]
            load.push(tokio::spawn(async move {
                let mut client = Client::connect(&host, &sales.keys[place]).await?;
                let mut took = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    let start = Instant::now();
                    sales.buy(&mut client).await?;
                    took.push(start.elapsed());
                }
                anyhow::Ok(took)
            }));
        }
        (stop, load)
    }

    async fn buy(&self, client: &mut Client) -> anyhow::Result<()> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let (shop, sku) = self.goods[turn % self.goods.len()];
        let line = json!({ "shop": shop, "sku": sku, "quantity": 1 });
        let body = json!({ "lines": [line], "address": address() }).to_string();
        let (status, answer) =
            client.post("/api/v1/checkouts", &format!("meanwhile-{turn}"), body).await?;
        ensure!(status == 201, "placing answered {status}: {}", String::from_utf8_lossy(&answer));
        let placed: Value = serde_json::from_slice(&answer)?;
        let payment = placed["payment"].as_str().context("the answer names no payment")?;
        let path = format!("/api/v1/payments/{payment}/attempts");
        let body = json!({ "instrument": "card_ok" }).to_string();
        let (status, answer) = client.post(&path, &format!("paid-{turn}"), body).await?;
        ensure!(status < 300, "paying answered {status}: {}", String::from_utf8_lossy(&answer));
        Ok(())
    }
}

/// Tells the clients to stop; answers how long each of their orders took.
async fn end(stop: &AtomicBool, load: Load) -> anyhow::Result<Vec<Duration>> {
    stop.store(true, Ordering::Relaxed);
    let mut took = Vec::new();
    for one in try_join_all(load).await? {
        took.extend(one?);
    }
    Ok(took)
}
