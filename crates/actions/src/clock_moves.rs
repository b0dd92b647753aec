//! Time travel in the sandbox: moving the clock and letting the deadlines which it passes act at once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rules::ids::{EventId, PersonId};
use rules::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Tx, house};

use crate::deadlines::{SweepSettings, sweep};
use crate::failure::Failure;
use crate::house::move_clock;
use crate::market::Market;

/// `house_settings`: the last move, as JSON of [`ClockMove`].
const LAST_MOVE: &str = "last_clock_move";
/// The page waits this long for the deadlines; what is left is done by the server's own sweep.
const PATIENCE: Duration = Duration::from_secs(10);
/// A passed deadline may set the next one into the past as well; nothing has more steps than an order.
const MOST_ROUNDS: usize = 12;

/// One move of the clock, and what followed from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockMove {
    pub by: PersonId,
    pub from: Timestamp,
    pub to: Timestamp,
    /// Events from this one on happened after the move.
    pub first_event: EventId,
    /// Passed deadlines by kind, of those which this process worked off.
    pub passed: BTreeMap<String, u64>,
    /// Whether everything which had become due was done before the page answered.
    pub finished: bool,
}

/// Moves the clock forward and sweeps until nothing is due, or until the page has waited long enough.
pub async fn move_and_sweep(
    market: &Market,
    by: PersonId,
    span: Span,
) -> Result<ClockMove, Failure> {
    let from = market.now();
    let first_event = market.id();
    let to = move_clock(market, span).await?;
    let passed = Arc::new(Mutex::new(BTreeMap::new()));
    let (here, counts) = (market.clone(), Arc::clone(&passed));
    // On a thread of its own: it goes on when the page has waited long enough, and other pages do not wait for it.
    let rounds = tokio::task::spawn_blocking(move || {
        tokio::runtime::Handle::current().block_on(sweep_rounds(&here, &counts))
    });
    let finished = match tokio::time::timeout(PATIENCE, rounds).await {
        Ok(Ok(outcome)) => outcome?,
        Ok(Err(stopped)) => return Err(Failure::Broken(format!("the sweep stopped: {stopped}"))),
        Err(_) => false,
    };
    let passed = passed.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let moved = ClockMove { by, from, to, first_event, passed, finished };
    let text = serde_json::to_string(&moved).map_err(|error| Failure::Broken(error.to_string()))?;
    let now = market.now();
    market
        .store
        .write(async move |tx: &mut Tx| {
            Ok::<_, Failure>(house::record_setting(tx, LAST_MOVE, &text, now).await?)
        })
        .await?;
    Ok(moved)
}

/// Whether nothing is left to do; `passed` is filled on the way.
async fn sweep_rounds(
    market: &Market,
    passed: &Mutex<BTreeMap<String, u64>>,
) -> Result<bool, Failure> {
    for _ in 0..MOST_ROUNDS {
        let report = sweep(market, SweepSettings::default()).await?;
        let mut counts = passed.lock().unwrap_or_else(PoisonError::into_inner);
        for (kind, count) in &report.passed {
            *counts.entry((*kind).to_owned()).or_insert(0) += count;
        }
        drop(counts);
        if report.total() == 0 {
            return Ok(report.failed == 0);
        }
    }
    Ok(false)
}

/// The last move of the clock; `None` where it was never moved from the page.
pub async fn last_move(market: &Market) -> Result<Option<ClockMove>, Failure> {
    let kept = market
        .store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(house::load_setting(tx, LAST_MOVE).await?))
        .await?;
    kept.map(|text| serde_json::from_str(&text).map_err(|error| Failure::Broken(error.to_string())))
        .transpose()
}
