//! `/notices`: what a person should know.

use actions::Market;
use actions::people::{Notice, list_notices};
use axum::Json;
use axum::extract::State;
use rules::ids::{Id, NoticeId, ShopId};
use rules::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::{Asked, Paging};
use super::problem::{Answer, ProblemJson};
use super::shapes::{IdText, Page, TimeText, json};
use super::who::Buyer;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new().routes(routes!(list))
}

/// One thing to know.
#[derive(Serialize, ToSchema)]
#[schema(as = Notice)]
pub struct NoticeJson {
    #[schema(value_type = IdText)]
    id: NoticeId,
    /// The shop or the house which it comes from.
    #[schema(value_type = IdText)]
    from: ShopId,
    /// As in an order's timeline.
    kind: String,
    /// What it is about: `order`.
    subject: String,
    #[schema(value_type = IdText)]
    subject_id: Id<()>,
    #[schema(value_type = Object)]
    facts: serde_json::Value,
    #[schema(value_type = Option<TimeText>)]
    read_at: Option<Timestamp>,
    #[schema(value_type = TimeText)]
    created_at: Timestamp,
}

/// List my notices
///
/// Newest first.
#[utoipa::path(
    get, operation_id = "list_notices", path = "/notices", tag = "buying", security(("key" = ["buyer"])),
    params(Paging),
    responses((status = 200, body = Page<NoticeJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list(
    State(market): State<Market>,
    buyer: Buyer,
    Asked(paging): Asked<Paging>,
) -> Answer<Json<Page<NoticeJson>>> {
    let (before, limit) = paging.read()?;
    let notices = list_notices(&market, buyer.person(), Some(NoticeId::new(before)), limit).await?;
    // The act reads a page and not one further: a full one may be the last, and then the next is empty.
    let full = notices.len() as i64 == limit;
    let next = notices.last().filter(|_| full).map(|notice| notice.id.to_string());
    let notice = |notice: Notice| {
        Ok(NoticeJson {
            id: notice.id,
            from: notice.home,
            kind: notice.kind,
            subject: notice.subject,
            subject_id: Id::new(notice.subject_id),
            facts: json(&notice.body)?,
            read_at: notice.read_at,
            created_at: notice.created_at,
        })
    };
    let items = notices.into_iter().map(notice).collect::<Result<_, actions::Failure>>()?;
    Ok(Json(Page { items, next }))
}
