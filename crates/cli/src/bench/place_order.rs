//! Placing and paying orders over HTTP: throughput, latency, and the flash sale.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use futures_util::future::try_join_all;
use serde_json::{Value, json};

use super::client::Client;
use super::raw_limit;
use super::stand::{Stand, address};
use super::took::{percentile, round};
use crate::settings::Settings;

pub struct Wanted {
    pub clients: Vec<usize>,
    pub seconds: u64,
}

/// One run.
pub struct Line {
    pub clients: usize,
    pub orders_per_s: f64,
    /// From the first byte of placing to the last of paying.
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// The same rows in bare prepared statements, in large transactions.
    pub raw_limit_per_s: f64,
    pub ratio: f64,
}

pub async fn run(settings: &Settings, wanted: &Wanted) -> anyhow::Result<Vec<Line>> {
    let most = wanted.clients.iter().copied().max().unwrap_or(1).min(64);
    let stand = Arc::new(Stand::build(settings, 40, most).await?);
    // As many as a run of some seconds writes, so that both pay for copying the log and for growing indexes.
    let raw_limit_per_s = raw_limit::measure(&stand, 20_000).await?;
    let mut lines = Vec::new();
    let turn = Arc::new(AtomicUsize::new(0));
    for clients in &wanted.clients {
        let (mut took, elapsed) = load(&stand, *clients, wanted.seconds, &turn).await?;
        took.sort_unstable();
        let orders_per_s = took.len() as f64 / elapsed.as_secs_f64();
        lines.push(Line {
            clients: *clients,
            orders_per_s: round(orders_per_s),
            p50_ms: percentile(&took, 50),
            p99_ms: percentile(&took, 99),
            raw_limit_per_s: round(raw_limit_per_s),
            ratio: round(orders_per_s / raw_limit_per_s),
        });
    }
    close(stand).await?;
    Ok(lines)
}

async fn close(stand: Arc<Stand>) -> anyhow::Result<()> {
    let stand = Arc::into_inner(stand).context("a client still holds the stand")?;
    stand.close().await
}

/// Runs a closed loop of clients; answers each order's time and how long the run was.
async fn load(
    stand: &Arc<Stand>,
    clients: usize,
    seconds: u64,
    turn: &Arc<AtomicUsize>,
) -> anyhow::Result<(Vec<Duration>, Duration)> {
    let began = Instant::now();
    let until = began + Duration::from_secs(seconds);
    let loops = (0..clients).map(|place| {
        let (stand, turn) = (stand.clone(), turn.clone());
        #[expect(
            clippy::disallowed_methods,
            reason = "each client of the load is a task; all are joined below"
        )]
        let task = tokio::spawn(async move {
            let (_, key) = &stand.keys[place % stand.keys.len()];
            let mut client = Client::connect(&stand.host, key).await?;
            let mut took = Vec::new();
            while Instant::now() < until {
                let mine = turn.fetch_add(1, Ordering::Relaxed);
                let start = Instant::now();
                place_and_pay(&stand, &mut client, mine).await?;
                took.push(start.elapsed());
            }
            anyhow::Ok(took)
        });
        task
    });
    let all = try_join_all(loops).await?;
    let elapsed = began.elapsed();
    let mut took = Vec::new();
    for one in all {
        took.extend(one?);
    }
    Ok((took, elapsed))
}

pub(super) async fn place_and_pay(
    stand: &Stand,
    client: &mut Client,
    turn: usize,
) -> anyhow::Result<()> {
    let body = stand.checkout(turn).to_string();
    let (status, answer) = client.post("/api/v1/checkouts", &format!("place-{turn}"), body).await?;
    ensure!(status == 201, "placing answered {status}: {}", String::from_utf8_lossy(&answer));
    let placed: Value = serde_json::from_slice(&answer)?;
    let payment = placed["payment"].as_str().context("the answer names no payment")?;
    let path = format!("/api/v1/payments/{payment}/attempts");
    let body = json!({ "instrument": "card_ok" }).to_string();
    let (status, answer) = client.post(&path, &format!("pay-{turn}"), body).await?;
    let paid: Value = serde_json::from_slice(&answer)?;
    ensure!(status < 300 && paid["state"] == "captured", "paying answered {status}: {paid}");
    Ok(())
}

/// How a flash sale went.
pub struct FlashSale {
    pub orders: usize,
    pub refused: usize,
    pub seconds: f64,
}

/// `buyers` each try once to place one unit of a SKU of which there are `units`.
pub async fn flash_sale(
    settings: &Settings,
    buyers: usize,
    units: i64,
    clients: usize,
) -> anyhow::Result<FlashSale> {
    // One person has at most 100 keys: clients share them.
    let stand = Arc::new(Stand::build(settings, 1, clients.min(64)).await?);
    let (shop, skus) = stand.shops.first().context("the stand has a shop")?;
    let (shop, sku) = (*shop, *skus.first().context("the shop has a SKU")?);
    let actor = actions::Actor::House(rules::ids::PersonId::new(2));
    actions::catalog::set_stock(&stand.market, actor, shop, sku, units).await?;
    let left = Arc::new(AtomicUsize::new(buyers));
    let began = Instant::now();
    let loops = (0..clients).map(|place| {
        let (stand, left) = (stand.clone(), left.clone());
        #[expect(clippy::disallowed_methods, reason = "each client of the sale is a task; all are joined below")]
        let task = tokio::spawn(async move {
            let mut client = Client::connect(&stand.host, &stand.keys[place % stand.keys.len()].1).await?;
            let body = json!({ "lines": [{ "shop": shop, "sku": sku, "quantity": 1 }], "address": address() }).to_string();
            let (mut orders, mut refused) = (0_usize, 0_usize);
            let one_less = |count: usize| count.checked_sub(1);
            while let Ok(mine) = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less) {
                let (status, answer) = client.post("/api/v1/checkouts", &format!("flash-{mine}"), body.clone()).await?;
                match status {
                    201 => orders += 1,
                    409 => refused += 1,
                    other => anyhow::bail!("placing answered {other}: {}", String::from_utf8_lossy(&answer)),
                }
            }
            Ok((orders, refused))
        });
        task
    });
    let mut sale = FlashSale { orders: 0, refused: 0, seconds: 0.0 };
    for outcome in try_join_all(loops).await? {
        let (orders, refused) = outcome?;
        sale.orders += orders;
        sale.refused += refused;
    }
    sale.seconds = round(began.elapsed().as_secs_f64());
    close(stand).await?;
    Ok(sale)
}
