//! `/operator/ledger`, `/due`, `/jobs`, `/clock`: the works of the house.

use std::collections::BTreeMap;

use actions::clock_moves::{ClockMove, move_and_sweep};
use actions::overview::{DueOfKind, due_work, open_jobs};
use actions::{Market, books};
use axum::Json;
use axum::extract::State;
use rules::ids::{Id, JobId};
use rules::money::Money;
use rules::people::Permission;
use rules::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use store::due::Due;
use store::jobs::Job;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::bodies::{Body, NoBody};
use super::problem::{Answer, ProblemJson};
use super::shapes::{IdText, MoneyJson, Page, TimeText, money};
use super::who::Who;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new()
        .routes(routes!(list_trial_balance))
        .routes(routes!(create_check))
        .routes(routes!(list_due))
        .routes(routes!(list_jobs))
        .routes(routes!(move_clock))
}

/// A line of the trial balance: an account family in one currency, over all homes.
#[derive(Serialize, ToSchema)]
#[schema(as = TrialLine)]
pub struct TrialLineJson {
    account: &'static str,
    /// What stands in the debit column.
    #[schema(value_type = MoneyJson)]
    debit: Money,
    #[schema(value_type = MoneyJson)]
    credit: Money,
    /// How many shops and buyers have such an account.
    homes: u64,
}

/// Read the trial balance
///
/// Both columns sum to the same in each currency. All lines at once: `next` is always null.
#[utoipa::path(
    get, path = "/operator/ledger/trial-balance", tag = "operating", security(("key" = ["operator"])),
    responses((status = 200, body = Page<TrialLineJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list_trial_balance(
    State(market): State<Market>,
    who: Who,
) -> Answer<Json<Page<TrialLineJson>>> {
    who.in_house(Permission::ViewLedger)?;
    let line = |line: books::TrialLine| {
        let (debit, credit) = line.columns();
        TrialLineJson {
            account: line.account.code(),
            debit: money(debit, line.currency),
            credit: money(credit, line.currency),
            homes: line.homes,
        }
    };
    let lines = books::trial_balance(&market).await?;
    Ok(Json(Page { items: lines.into_iter().map(line).collect(), next: None }))
}

/// What the check of the ledger found.
#[derive(Serialize, ToSchema)]
#[schema(as = LedgerCheck)]
pub struct CheckJson {
    /// How many things are wrong; 0 is what it should be.
    faults: u64,
    /// The first of them, in words.
    sentences: Vec<String>,
    transfers: u64,
    balances: u64,
    orders: u64,
    #[schema(value_type = TimeText)]
    checked_at: Timestamp,
}

/// Check the ledger
///
/// Compares every balance with its transfers and every order with its money, in one snapshot. What it finds is kept
/// for the house's pages; no money is moved.
#[utoipa::path(
    post, operation_id = "check_ledger", path = "/operator/ledger/check", tag = "operating", security(("key" = ["operator"])),
    responses((status = 200, body = CheckJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_check(
    State(market): State<Market>,
    who: Who,
    _body: NoBody,
) -> Answer<Json<CheckJson>> {
    who.in_house(Permission::ViewLedger)?;
    let kept = books::check_and_keep(&market, who.person()).await?;
    Ok(Json(CheckJson {
        faults: kept.faults as u64,
        sentences: kept.sentences,
        transfers: kept.transfers,
        balances: kept.balances,
        orders: kept.orders,
        checked_at: kept.at,
    }))
}

/// Due work of one kind. Counts stop at 1000.
#[derive(Serialize, ToSchema)]
pub struct DueKindJson {
    /// `payment`, `order`, `reserve_part` or `job`.
    kind: &'static str,
    waiting: i64,
    due_now: i64,
    /// Due for so long that it should have been done.
    stuck: i64,
    /// The soonest first.
    soonest: Vec<DueJson>,
}

#[derive(Serialize, ToSchema)]
pub struct DueJson {
    #[schema(value_type = IdText)]
    id: Id<()>,
    /// The shop, or the buyer, whose it is.
    #[schema(value_type = IdText)]
    home: Id<()>,
    #[schema(value_type = TimeText)]
    due_at: Timestamp,
}

/// Rows of a kind which one answer names.
const ROWS: i64 = 50;

/// List due work
///
/// All kinds at once: `next` is always null.
#[utoipa::path(
    get, path = "/operator/due", tag = "operating", security(("key" = ["operator"])),
    responses((status = 200, body = Page<DueKindJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list_due(State(market): State<Market>, who: Who) -> Answer<Json<Page<DueKindJson>>> {
    who.in_house(Permission::ViewDueWork)?;
    let due =
        |due: Due| DueJson { id: Id::new(due.id), home: Id::new(due.home_id), due_at: due.due_at };
    let kind = |one: DueOfKind| DueKindJson {
        kind: one.kind.code(),
        waiting: one.waiting,
        due_now: one.due_now,
        stuck: one.stuck,
        soonest: one.soonest.into_iter().map(due).collect(),
    };
    let kinds = due_work(&market, ROWS).await?;
    Ok(Json(Page { items: kinds.into_iter().map(kind).collect(), next: None }))
}

/// Work which left the act that asked for it.
#[derive(Serialize, ToSchema)]
#[schema(as = Job)]
pub struct JobJson {
    #[schema(value_type = IdText)]
    id: JobId,
    #[schema(value_type = IdText)]
    home: Id<()>,
    kind: String,
    #[schema(value_type = IdText)]
    subject_id: Id<()>,
    state: String,
    attempts: i64,
    /// Why the last attempt failed; empty where none did.
    last_error: String,
    /// When it is tried next; null when it was given up.
    #[schema(value_type = Option<TimeText>)]
    due_at: Option<Timestamp>,
}

fn job(job: Job) -> JobJson {
    JobJson {
        id: job.id,
        home: Id::new(job.home_id),
        kind: job.kind,
        subject_id: Id::new(job.subject_id),
        state: job.state,
        attempts: job.attempts,
        last_error: job.last_error,
        due_at: job.due_at,
    }
}

/// List jobs
///
/// Up to 100 which were given up, newest first, then up to 100 which wait, soonest first: `next` is always null.
#[utoipa::path(
    get, path = "/operator/jobs", tag = "operating", security(("key" = ["operator"])),
    responses((status = 200, body = Page<JobJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list_jobs(State(market): State<Market>, who: Who) -> Answer<Json<Page<JobJson>>> {
    who.in_house(Permission::ViewDueWork)?;
    let (given_up, waiting) = open_jobs(&market, 100).await?;
    Ok(Json(Page { items: given_up.into_iter().chain(waiting).map(job).collect(), next: None }))
}

/// How far the clock goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockBody {
    /// Up to 400 days.
    #[schema(minimum = 1)]
    forward_seconds: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ClockMove)]
pub struct ClockJson {
    #[schema(value_type = TimeText)]
    from: Timestamp,
    #[schema(value_type = TimeText)]
    to: Timestamp,
    /// How many deadlines of each kind were passed.
    passed: BTreeMap<String, u64>,
    /// Whether everything which had become due was done before this answer.
    finished: bool,
}

/// Move a sandbox's clock forward
///
/// Deadlines which it passes act at once.
#[utoipa::path(
    post, path = "/operator/clock", tag = "operating", security(("key" = ["operator"])),
    request_body = ClockBody,
    responses((status = 200, body = ClockJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn move_clock(
    State(market): State<Market>,
    who: Who,
    body: Body<ClockBody>,
) -> Answer<Json<ClockJson>> {
    who.in_house(Permission::MoveClock)?;
    let by = Span::from_seconds(body.value.forward_seconds);
    let ClockMove { from, to, passed, finished, .. } =
        move_and_sweep(&market, who.person(), by).await?;
    Ok(Json(ClockJson { from, to, passed, finished }))
}
