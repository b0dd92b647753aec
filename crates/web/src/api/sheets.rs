//! `/shops/{shop}/dispatch-sheets` and `/shops/{shop}/bulk-acts`: many orders at once, told row by row.

use actions::shop_desk::{BulkAct, Outcome, Worked, work_off};
use actions::{Actor, Failure, Market};
use axum::Json;
use axum::extract::State;
use rules::ids::{OrderId, ShopId};
use rules::shipping::dispatch_sheet::{self, MOST_ROWS, SheetProblem, SheetRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::{Asked, At, invalid_query};
use super::bodies::{Body, CsvBody};
use super::problem::{Answer, Problem, ProblemJson};
use super::shapes::IdText;
use super::who::Who;
use crate::seller::needed_for_sheet;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new().routes(routes!(create_dispatch_sheet)).routes(routes!(create_bulk_act))
}

/// What is done with the orders of a sheet.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SheetQuery {
    /// `ship` when left out; `pack` or `confirm`.
    act: Option<String>,
}

/// What became of one row.
#[derive(Serialize, ToSchema)]
#[schema(as = WorkedRow)]
pub struct WorkedJson {
    /// From 1, as an editor counts, the header included.
    row: u64,
    #[schema(value_type = Option<IdText>)]
    order: Option<OrderId>,
    /// `done`, `already` (nothing was changed) or `refused`.
    outcome: &'static str,
    /// Why it was refused: stable.
    code: Option<&'static str>,
    /// The same in words.
    detail: Option<String>,
}

/// What became of many orders. Rows which were refused stand in no way of the others.
#[derive(Serialize, ToSchema)]
#[schema(as = Worked)]
pub struct ReportJson {
    done: u64,
    already: u64,
    refused: u64,
    rows: Vec<WorkedJson>,
}

impl ReportJson {
    fn of(worked: Vec<Worked>, wrong: Vec<(u64, SheetProblem)>) -> Self {
        let mut rows: Vec<WorkedJson> = worked.into_iter().map(row_of).collect();
        rows.extend(wrong.into_iter().map(|(row, problem)| WorkedJson {
            row,
            order: None,
            outcome: REFUSED,
            code: Some(problem.code()),
            detail: Some(problem.to_string()),
        }));
        rows.sort_by_key(|row| row.row);
        let count = |outcome| rows.iter().filter(|row| row.outcome == outcome).count() as u64;
        let (done, already) = (count(Outcome::Done.code()), count(Outcome::Already.code()));
        Self { done, already, refused: count(REFUSED), rows }
    }
}

const REFUSED: &str = "refused";

fn row_of((row, outcome): Worked) -> WorkedJson {
    let (row, order) = (row.line, Some(row.order));
    match outcome {
        Ok(outcome) => WorkedJson { row, order, outcome: outcome.code(), code: None, detail: None },
        Err(failure) => {
            let detail = match &failure {
                Failure::Invalid(faults) => {
                    let said: Vec<&str> =
                        faults.iter().map(|fault| fault.sentence.as_str()).collect();
                    said.join("; ")
                }
                other => other.to_string(),
            };
            let code = Some(Problem::from(failure).code);
            WorkedJson { row, order, outcome: REFUSED, code, detail: Some(detail) }
        }
    }
}

fn may(who: &Who, shop: ShopId, act: BulkAct) -> Answer<Actor> {
    let mut actor = who.in_shop(shop, needed_for_sheet(act)[0])?;
    for permission in needed_for_sheet(act) {
        actor = who.in_shop(shop, *permission)?;
    }
    Ok(actor)
}

/// Hand in a dispatch sheet
///
/// A CSV file with an order a row, in the columns `order`, `carrier`, `service`, `tracking_number` and `reason` (why it
/// goes by another service than the promised one); only `order` is needed. Good rows are done, bad ones are named. The
/// same file again changes nothing, so no Idempotency-Key is needed.
#[utoipa::path(
    post, path = "/shops/{shop}/dispatch-sheets", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), SheetQuery),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = ReportJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_dispatch_sheet(
    State(market): State<Market>,
    who: Who,
    At(shop): At<ShopId>,
    Asked(query): Asked<SheetQuery>,
    CsvBody(csv): CsvBody,
) -> Answer<Json<ReportJson>> {
    let code = query.act.as_deref().unwrap_or(BulkAct::Ship.code());
    let act =
        BulkAct::parse(code).ok_or_else(|| invalid_query("act", "one of confirm, pack, ship"))?;
    let actor = may(&who, shop, act)?;
    let sheet = dispatch_sheet::read(&csv)
        .map_err(|problem| Failure::invalid("", problem.code(), problem.to_string()))?;
    let worked = work_off(&market, (shop, actor), act, sheet.rows).await;
    Ok(Json(ReportJson::of(worked, sheet.wrong)))
}

/// Many orders, and what is done with them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkBody {
    /// `confirm`, `pack` or `ship`.
    act: String,
    #[schema(min_items = 1, max_items = 2_000)]
    orders: Vec<BulkOrder>,
}

/// One order, and how it goes where it is shipped.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkOrder {
    #[schema(value_type = IdText)]
    order: OrderId,
    /// A carrier's code or name.
    #[serde(default)]
    carrier: String,
    /// The service's code; the promised one when left out.
    #[serde(default)]
    service: String,
    /// The carrier's number. A sandbox makes one up when it is left out.
    #[serde(default)]
    tracking_number: String,
    /// Why it goes by another service than the promised one.
    #[serde(default)]
    override_reason: String,
}

/// Confirm, pack or ship many orders
///
/// Each is an act of its own: one which is refused stands in no way of the others, and one which was so already is left
/// as it is. So no Idempotency-Key is needed. Rows count from 1.
#[utoipa::path(
    post, path = "/shops/{shop}/bulk-acts", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path)),
    request_body = BulkBody,
    responses((status = 200, body = ReportJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_bulk_act(
    State(market): State<Market>,
    who: Who,
    At(shop): At<ShopId>,
    body: Body<BulkBody>,
) -> Answer<Json<ReportJson>> {
    let says = "one of confirm, pack, ship";
    let act = BulkAct::parse(&body.value.act)
        .ok_or_else(|| Failure::invalid("act", "unknown_act", says))?;
    let actor = may(&who, shop, act)?;
    if body.value.orders.len() > MOST_ROWS {
        let says = format!("at most {MOST_ROWS} orders");
        return Err(Failure::invalid("orders", "too_many", says).into());
    }
    let row = |(place, order): (u64, BulkOrder)| SheetRow {
        line: place,
        order: order.order,
        carrier: order.carrier,
        service: order.service,
        tracking_number: order.tracking_number,
        reason: order.override_reason,
    };
    let rows = (1..).zip(body.value.orders).map(row).collect();
    let worked = work_off(&market, (shop, actor), act, rows).await;
    Ok(Json(ReportJson::of(worked, Vec::new())))
}
