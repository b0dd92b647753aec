//! Many packing slips in one file: how long the clerk waits, and how much memory the server takes for it.

use std::time::Instant;

use actions::Failure;
use anyhow::{Context, ensure};
use rules::ids::OrderId;
use store::Tx;
use store::lists::orders::{ShopOrders, of_shop};

use super::hall::{Hall, busiest};
use super::took::round;
use crate::settings::Settings;

pub struct Papers {
    pub slips: usize,
    pub seconds: f64,
    pub slips_per_s: f64,
    pub kib: usize,
    /// By how much the process's largest memory grew; nothing where the system does not say.
    pub grew_mib: Option<f64>,
}

/// One file of slips for the newest orders of the busiest shop.
pub async fn run(settings: &Settings, seeded: u64, slips: i64) -> anyhow::Result<Papers> {
    let hall = Hall::open(settings, seeded).await?;
    let shop = busiest(&hall.newest().await?).context("nobody has sold anything")?;
    let read = async move |tx: &mut Tx| {
        let wanted = ShopOrders { before: i64::MAX, limit: slips, ..ShopOrders::default() };
        Ok::<_, Failure>(of_shop(tx, shop, &wanted).await?)
    };
    let rows = hall.market.store.read(read).await?;
    let orders: Vec<OrderId> = rows.iter().map(|row| row.id).collect();
    let names: Vec<String> = orders.iter().map(ToString::to_string).collect();
    let mut clerk = hall.signed_in(hall.staff_of(shop).await?).await?;
    // The first paper of all reads the fonts' places.
    clerk.get(&format!("/seller/{shop}/packing/slips.pdf?orders={}", names[0])).await?;
    let before = peak_kib();
    let start = Instant::now();
    let path = format!("/seller/{shop}/packing/slips.pdf?orders={}", names.join(","));
    let (status, body) = clerk.get(&path).await?;
    let seconds = start.elapsed().as_secs_f64();
    ensure!(status == 200 && body.starts_with(b"%PDF-"), "{path} answered {status}");
    let grew = before.zip(peak_kib()).map(|(before, after)| (after - before) as f64 / 1_024.0);
    hall.close().await?;
    Ok(Papers {
        slips: orders.len(),
        seconds: round(seconds),
        slips_per_s: round(orders.len() as f64 / seconds),
        kib: body.len() / 1_024,
        grew_mib: grew.map(round),
    })
}

/// The largest the process ever was, in KiB: Linux says so.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
