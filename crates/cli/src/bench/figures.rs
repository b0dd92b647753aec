//! The pages of figures of a shop and of the house, over each of the periods they offer.
//!
//! The limit of each is the same rows of `daily_figures`, read once through the store and nothing else.

use std::time::Instant;

use actions::Failure;
use actions::figures::{PERIODS, Period};
use anyhow::Context;
use rules::ids::{HOUSE, ShopId};
use store::{Tx, figures, shops};

use super::hall::{Hall, busiest};
use super::pages::{Line, line, open};
use super::took::p50_p99;
use crate::settings::Settings;

/// Shops whose rows the house's limit reads.
const MOST_SHOPS: i64 = 10_000;

pub async fn run(settings: &Settings, seeded: u64, times: usize) -> anyhow::Result<Vec<Line>> {
    let hall = Hall::open(settings, seeded).await?;
    let shop = busiest(&hall.newest().await?).context("nobody has sold anything")?;
    let every = every_shop(&hall).await?;
    let mut seller = hall.signed_in(hall.staff_of(shop).await?).await?;
    let mut operator = hall.signed_in(hall.staff_of(HOUSE).await?).await?;
    let mut lines = Vec::new();
    for days in PERIODS {
        let limit = rows_alone(&hall, &[shop], days, times).await?;
        let address = format!("/seller/{shop}/figures?days={days}");
        let mut took = Vec::with_capacity(times);
        // The first one of all prepares statements.
        open(&mut seller, &address).await?;
        for _ in 0..times {
            took.push(open(&mut seller, &address).await?.0);
        }
        lines.push(line(format!("figures, shop, {days} days"), took, limit));
        let limit = rows_alone(&hall, &every, days, times).await?;
        let address = format!("/operator/figures?days={days}");
        let mut took = Vec::with_capacity(times);
        open(&mut operator, &address).await?;
        for _ in 0..times {
            took.push(open(&mut operator, &address).await?.0);
        }
        lines.push(line(format!("figures, house, {days} days"), took, limit));
    }
    hall.close().await?;
    Ok(lines)
}

async fn every_shop(hall: &Hall) -> anyhow::Result<Vec<ShopId>> {
    let read =
        async |tx: &mut Tx| Ok::<_, Failure>(shops::list(tx, None, i64::MAX, MOST_SHOPS).await?);
    let rows = hall.market.store.read(read).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// The rows of these shops in the period, one statement a shop, in one read: the median, in milliseconds.
async fn rows_alone(hall: &Hall, shops: &[ShopId], days: i64, times: usize) -> anyhow::Result<f64> {
    let period = Period::last(days, hall.market.now());
    let mut took = Vec::with_capacity(times);
    for _ in 0..times {
        let shops = shops.to_vec();
        let start = Instant::now();
        let read = async move |tx: &mut Tx| {
            for shop in &shops {
                figures::days_of(tx, *shop, (period.from, period.to)).await?;
            }
            Ok::<_, Failure>(())
        };
        hall.market.store.read(read).await?;
        took.push(start.elapsed());
    }
    Ok(p50_p99(took).0)
}
