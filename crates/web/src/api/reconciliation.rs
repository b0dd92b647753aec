//! `/operator/provider-reports` and `/operator/differences`: what the other side says, and where it differs.
//!
//! A difference is settled by two people at their pages, not by programs.

use actions::Market;
use actions::reconciliation::{self, TakeReport, TakenIn, take_report};
use axum::Json;
use axum::extract::State;
use rules::ids::{DifferenceId, Id, ProviderReportId, ShopId};
use rules::ledger::clearing::DifferenceKind;
use rules::money::Money;
use rules::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::reconciliation::Difference;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::bodies::Body;
use super::problem::{Answer, ProblemJson};
use super::shapes::{IdText, MoneyJson, Page, TimeText, money_of};
use super::who::Who;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new().routes(routes!(create_report)).routes(routes!(list_differences))
}

/// A report of a provider or of the bank.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportBody {
    /// A provider the policy names, or `bank`.
    source: String,
    #[schema(value_type = TimeText)]
    from: Timestamp,
    /// Before this moment.
    #[schema(value_type = TimeText)]
    to: Timestamp,
    /// CSV with the columns line, happened_at, kind, shop, reference, currency, amount.
    csv: String,
}

/// What taking a report in found.
#[derive(Serialize, ToSchema)]
#[schema(as = ReportTaken)]
pub struct TakenJson {
    #[schema(value_type = IdText)]
    id: ProviderReportId,
    lines: u64,
    /// Lines which no report before had.
    new_lines: u64,
    /// Movements on which books and reports differ now and did not before.
    opened: u64,
    /// Differences which are none any more.
    vanished: u64,
}

/// Take a report in
///
/// Whole or not at all. It begins where the last one of its source ended. The same report again answers what is there
/// already, so no Idempotency-Key is needed.
#[utoipa::path(
    post, operation_id = "take_provider_report", path = "/operator/provider-reports", tag = "operating", security(("key" = ["operator"])),
    request_body = ReportBody,
    responses((status = 200, body = TakenJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_report(
    State(market): State<Market>,
    who: Who,
    body: Body<ReportBody>,
) -> Answer<Json<TakenJson>> {
    let ReportBody { source, from, to, csv } = body.value;
    let ask = TakeReport { source, from, to, csv };
    let TakenIn { report, lines, new_lines, opened, vanished } =
        take_report(&market, &who.0, ask).await?;
    Ok(Json(TakenJson { id: report, lines, new_lines, opened, vanished }))
}

/// A movement on which books and reports differ.
#[derive(Serialize, ToSchema)]
#[schema(as = Difference)]
pub struct DifferenceJson {
    #[schema(value_type = IdText)]
    id: DifferenceId,
    #[schema(value_type = IdText)]
    shop: ShopId,
    /// `open` or `proposed`.
    state: String,
    /// `capture`, `refund` or `payout`.
    movement: &'static str,
    /// The order's id, and of a payout the payout's.
    #[schema(value_type = IdText)]
    reference: Id<()>,
    /// `missing_here`, `missing_there` or `amount`.
    differs: &'static str,
    #[schema(value_type = MoneyJson)]
    booked: Money,
    #[schema(value_type = MoneyJson)]
    reported: Money,
    #[schema(value_type = TimeText)]
    created_at: Timestamp,
}

/// List the open differences
///
/// Oldest first, at most 200, all at once: `next` is always null. While a shop has one, nothing is paid out to it.
#[utoipa::path(
    get, path = "/operator/differences", tag = "operating", security(("key" = ["operator"])),
    responses((status = 200, body = Page<DifferenceJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list_differences(
    State(market): State<Market>,
    who: Who,
) -> Answer<Json<Page<DifferenceJson>>> {
    let seen = reconciliation::overview(&market, &who.0).await?;
    let one = |row: Difference| {
        Ok::<_, actions::Failure>(DifferenceJson {
            id: row.id,
            shop: ShopId::new(row.key.home_id),
            state: row.state,
            movement: row.key.kind.code(),
            reference: Id::new(row.key.reference),
            differs: DifferenceKind::of(row.ours_minor, row.theirs_minor).code(),
            booked: money_of(row.ours_minor, row.key.currency)?,
            reported: money_of(row.theirs_minor, row.key.currency)?,
            created_at: row.created_at,
        })
    };
    let items = seen.open.into_iter().map(one).collect::<Result<_, _>>()?;
    Ok(Json(Page { items, next: None }))
}
