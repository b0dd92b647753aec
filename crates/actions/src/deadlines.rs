//! Finds what is due and sends it `PassDeadline`: the clock's own way of acting.
//!
//! Rows are claimed in batches, so that several server processes share the work; a claim is a lease, and whoever is
//! second finds the row changed and does nothing.

use std::collections::BTreeMap;

use futures_util::stream::{self, StreamExt};
use rules::ids::{
    CancelRequestId, CaseId, JobId, OrderId, PaymentId, PayoutId, PersonId, ShopId, ShortageId,
};
use rules::time::{Span, Timestamp};
use store::due::{Due, DueKind};
use store::{Tx, due};

use crate::failure::Failure;
use crate::market::Market;
use crate::{
    after_sales, cancellations, jobs, orders, payments, payouts, relay, reserves, shortages,
    statements,
};

/// How a sweep works: how many rows it claims at a time, how many it works on at once.
#[derive(Clone, Copy, Debug)]
pub struct SweepSettings {
    pub batch: i64,
    /// 1 makes the order of the work the order of the deadlines: the simulation needs that.
    pub at_once: usize,
    /// How long a claim holds if its holder dies.
    pub lease: Span,
}

impl Default for SweepSettings {
    fn default() -> Self {
        Self { batch: 256, at_once: 64, lease: Span::from_minutes(2) }
    }
}

/// What a sweep did, by kind; `failed` rows stay due and are tried again when their lease is over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SweepReport {
    pub passed: BTreeMap<&'static str, u64>,
    pub failed: u64,
    pub notices: u64,
}

impl SweepReport {
    pub fn total(&self) -> u64 {
        self.passed.values().sum()
    }
}

/// Works off everything which is due now, closes the days which are over, then carries the outbox.
pub async fn sweep(market: &Market, settings: SweepSettings) -> Result<SweepReport, Failure> {
    let mut report = SweepReport::default();
    for kind in DueKind::ALL {
        loop {
            let claimed = claim(market, kind, settings).await?;
            if claimed.is_empty() {
                break;
            }
            let outcomes: Vec<Result<(), Failure>> = stream::iter(claimed)
                .map(|due| pass(market, kind, due))
                .buffered(settings.at_once.max(1))
                .collect()
                .await;
            for outcome in outcomes {
                match outcome {
                    Ok(()) => *report.passed.entry(kind.code()).or_default() += 1,
                    // Somebody else was quicker: the row is no longer due, or no longer there.
                    Err(Failure::Refused(_) | Failure::Again | Failure::NotFound) => {}
                    Err(failure) => {
                        tracing::warn!(due.kind = kind.code(), %failure, "a deadline could not be passed");
                        report.failed += 1;
                    }
                }
            }
        }
    }
    let closed = statements::close_days(market).await?;
    if closed > 0 {
        report.passed.insert("statement", closed);
    }
    report.notices = relay::carry(market).await?;
    Ok(report)
}

async fn claim(
    market: &Market,
    kind: DueKind,
    settings: SweepSettings,
) -> Result<Vec<Due>, Failure> {
    let now = market.now();
    let until = now + settings.lease;
    let batch = settings.batch;
    // Most sweeps find nothing: look first, a read does not wait for the writer.
    let soonest = market
        .store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(due::soonest(tx, kind, 1).await?))
        .await?;
    if soonest.first().is_none_or(|due| due.due_at > now) {
        return Ok(Vec::new());
    }
    market
        .store
        .write(async move |tx: &mut Tx| {
            Ok::<_, Failure>(due::claim(tx, kind, now, until, batch).await?)
        })
        .await
}

/// One row whose deadline has passed.
async fn pass(market: &Market, kind: DueKind, due: Due) -> Result<(), Failure> {
    match kind {
        DueKind::Payment => {
            payments::pass_deadline(market, PersonId::new(due.home_id), PaymentId::new(due.id))
                .await
        }
        DueKind::Order => {
            let (shop, order) = (ShopId::new(due.home_id), OrderId::new(due.id));
            orders::pass_deadline(market, shop, order).await.map(|_| ())
        }
        DueKind::CancelRequest => {
            let (shop, id) = (ShopId::new(due.home_id), CancelRequestId::new(due.id));
            cancellations::pass_deadline(market, shop, id).await
        }
        DueKind::Shortage => {
            let (shop, id) = (ShopId::new(due.home_id), ShortageId::new(due.id));
            shortages::pass_deadline(market, shop, id).await
        }
        DueKind::Case => {
            after_sales::pass_deadline(market, ShopId::new(due.home_id), CaseId::new(due.id)).await
        }
        DueKind::ReservePart => reserves::pass_deadline(market, due.home_id, due.id).await,
        DueKind::Payout => {
            let (shop, payout) = (ShopId::new(due.home_id), PayoutId::new(due.id));
            payouts::pass_deadline(market, shop, payout).await
        }
        DueKind::Job => jobs::run(market, due.home_id, JobId::new(due.id)).await,
    }
}

/// The soonest deadline of all: when the sweep should wake up next.
pub async fn next_due(market: &Market) -> Result<Option<Timestamp>, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let mut soonest: Option<Timestamp> = None;
            for kind in DueKind::ALL {
                let due = due::soonest(tx, kind, 1).await?.first().map(|due| due.due_at);
                soonest = match (soonest, due) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
            }
            Ok::<_, Failure>(soonest)
        })
        .await
}
