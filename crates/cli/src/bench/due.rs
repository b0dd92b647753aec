//! Due deadlines among many which wait: a sweep works off what is due, and what waits costs nothing.
//!
//! The deadlines are those of received orders: passing one settles the order. Their limit is the transfers of as many
//! settlements, written in bulk and nothing else.

use std::time::{Duration, Instant};

use actions::chance::Chance;
use actions::clock::{Clock, system_now};
use actions::deadlines::{SweepSettings, sweep};
use actions::house::{self, Opening};
use actions::seeding::Profile;
use actions::{Market, Mode, overview};
use anyhow::{Context, ensure};
use futures_util::future::join;
use rules::time::{Span, Timestamp};
use store::due::DueKind;

use super::settle::{completed, limit};
use super::stand::own_database;
use super::took::round;
use crate::seed::{Wanted, seed_database};
use crate::settings::Settings;

/// One sweep.
pub struct Swept {
    pub due: usize,
    /// Orders whose deadline was not due yet.
    pub waiting: usize,
    pub seconds: f64,
    pub per_s: f64,
    /// The same transfers in bulk.
    pub limit_per_s: f64,
    pub ratio: f64,
}

/// Longer than anybody waits for a bench.
const MOST_PATIENCE: Duration = Duration::from_secs(1_800);

/// One database and one sweep for each number of orders which wait.
pub async fn run(settings: &Settings, due: u64, waiting: &[u64]) -> anyhow::Result<Vec<Swept>> {
    ensure!(
        settings.database.is_none() || waiting.len() == 1,
        "each number of waiting orders needs an empty database of its own: name one number with --database"
    );
    let mut lines = Vec::with_capacity(waiting.len());
    for among in waiting {
        lines.push(one(settings, due, *among).await?);
    }
    Ok(lines)
}

async fn one(settings: &Settings, due: u64, waiting: u64) -> anyhow::Result<Swept> {
    let (database, folder) = own_database(settings)?;
    // A few more: the seeding leaves some orders in other states.
    let orders = (due + waiting) * 21 / 20 + 20;
    let profile = Profile::ReceivedInTurn;
    let wanted = Wanted { orders, seed: 1, days: 12, until: system_now(), profile };
    seed_database(&database, &wanted, |_| {}).await?;
    let clock = Some(Clock::sandbox(Span::from_ms(0)));
    let opening = Opening { database, mode: Mode::Sandbox, clock, chance: Chance::System };
    let market = house::open(opening).await?;
    // What the seeding left for this very moment is not what is measured.
    sweep(&market, SweepSettings::default()).await?;
    let rows = completed(&market).await?;
    let mut moments: Vec<Timestamp> = rows.iter().filter_map(|row| row.state.due_at()).collect();
    moments.sort_unstable();
    let last = usize::try_from(due)?.checked_sub(1).context("at least one deadline is due")?;
    let moment = *moments.get(last).context("the seeding made too few orders which wait")?;
    let due = moments.partition_point(|at| *at <= moment);
    let limit_per_s = limit(&market, &rows).await?;
    market.clock.move_forward(moment.since(market.now()));
    // The sweep closes the days afterwards, which is not what is measured.
    let (report, seconds) =
        join(sweep(&market, SweepSettings::default()), nothing_due(&market)).await;
    let (report, seconds) = (report?, seconds?);
    ensure!(report.failed == 0, "{} due rows could not be worked off", report.failed);
    let left = completed(&market).await?.len();
    let swept = rows.len() - left;
    ensure!(swept >= due, "{swept} of {due} due orders were settled");
    house::leave(&market).await?;
    if let Some(folder) = &folder {
        std::fs::remove_dir_all(folder)?;
    }
    let per_s = swept as f64 / seconds;
    Ok(Swept {
        due: swept,
        waiting: left,
        seconds: round(seconds),
        per_s: round(per_s),
        limit_per_s: round(limit_per_s),
        ratio: round(per_s / limit_per_s),
    })
}

/// How long it takes until no order is due any more.
async fn nothing_due(market: &Market) -> anyhow::Result<f64> {
    let began = Instant::now();
    loop {
        let work = overview::due_work(market, 0).await?;
        let orders = work.iter().find(|of| of.kind == DueKind::Order);
        // A deadline of this very millisecond is due and not counted as past: the clock goes on.
        if orders.is_some_and(|of| of.due_now == 0) {
            return Ok(began.elapsed().as_secs_f64());
        }
        ensure!(began.elapsed() < MOST_PATIENCE, "orders are still due after all this time");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
