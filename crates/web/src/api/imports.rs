//! `/shops/{shop}/imports`: product files as sellers have them.

use actions::Market;
use actions::import::{ImportFault, ImportOptions, ImportReport, import_products};
use axum::Json;
use axum::extract::State;
use rules::ids::ShopId;
use rules::people::Permission;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::At;
use super::bodies::CsvBody;
use super::problem::{Answer, ProblemJson};
use super::shapes::IdText;
use super::who::Who;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new().routes(routes!(create_import))
}

/// What became of a product file.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportReport)]
pub struct ImportJson {
    /// Rows with anything in them, the header aside.
    rows: u64,
    created: u64,
    updated: u64,
    unchanged: u64,
    stock_changed: u64,
    /// Products some of whose pictures are fetched in the next minutes.
    pictures_waiting: u64,
    /// Products which were not taken, with every reason; the others were.
    failed: Vec<ImportFaultJson>,
    /// Pictures which were not taken; their products were.
    pictures_failed: Vec<ImportFaultJson>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ImportFault)]
pub struct ImportFaultJson {
    /// From 1, as an editor counts; 0 when the whole file is meant.
    line: u64,
    column: String,
    handle: String,
    code: String,
    detail: String,
}

impl From<ImportFault> for ImportFaultJson {
    fn from(fault: ImportFault) -> Self {
        let ImportFault { line, column, handle, code, sentence, .. } = fault;
        Self { line, column, handle, code, detail: sentence }
    }
}

impl From<ImportReport> for ImportJson {
    fn from(report: ImportReport) -> Self {
        let faults = |all: Vec<ImportFault>| all.into_iter().map(ImportFaultJson::from).collect();
        Self {
            rows: report.rows,
            created: report.created,
            updated: report.updated,
            unchanged: report.unchanged,
            stock_changed: report.stock_changed,
            pictures_waiting: report.pictures_waiting,
            failed: faults(report.failed),
            pictures_failed: faults(report.pictures_failed),
        }
    }
}

/// Import a product file
///
/// In Shopify's format. Good rows are done, bad ones are named. The same file again changes nothing, so no
/// Idempotency-Key is needed.
#[utoipa::path(
    post, operation_id = "import_products", path = "/shops/{shop}/imports", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path)),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = ImportJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_import(
    State(market): State<Market>,
    who: Who,
    At(shop): At<ShopId>,
    CsvBody(csv): CsvBody,
) -> Answer<Json<ImportJson>> {
    let actor = who.in_shop(shop, Permission::ImportProducts)?;
    let report = import_products(&market, actor, shop, &csv, &ImportOptions::default()).await?;
    Ok(Json(report.into()))
}
