//! A shop's own notes and marks on its orders, and the search by many numbers.

use actions::order_notes::{self, OrderNotes, set_mark, write_note};
use actions::order_search::{self, Found, Searched};
use actions::orders::OrderAsk;
use actions::{Failure, Market};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use rules::ids::{OrderId, ShopId};
use rules::orders::marks::Mark;
use rules::people::Permission;
use rules::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::order_notes::NoteRow;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::{Asked, At, IdempotencyKey, answered};
use super::bodies::Body;
use super::problem::{Answer, ProblemJson};
use super::shapes::{IdText, TimeText};
use super::who::Who;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new()
        .routes(routes!(show_order_notes, create_order_note))
        .routes(routes!(set_order_mark))
        .routes(routes!(search_shop_orders))
        .routes(routes!(search_house_orders))
}

/// One note, or a change of the mark.
#[derive(Serialize, ToSchema)]
#[schema(as = OrderNote)]
pub struct NoteJson {
    #[schema(value_type = IdText)]
    id: String,
    /// `note` or `mark`.
    kind: String,
    /// `staff:` and the person's id.
    author: String,
    /// The text; of a mark its colour and word, empty where it was taken off.
    body: String,
    #[schema(value_type = TimeText)]
    created_at: Timestamp,
}

impl From<NoteRow> for NoteJson {
    fn from(row: NoteRow) -> Self {
        let NoteRow { id, kind, author, body, created_at } = row;
        Self { id: id.to_string(), kind, author, body, created_at }
    }
}

/// What only the shop's staff sees of an order.
#[derive(Serialize, ToSchema)]
#[schema(as = OrderNotes)]
pub struct NotesJson {
    /// `red`, `amber`, `green`, `blue` or `violet`; null where there is none.
    mark: Option<&'static str>,
    mark_word: String,
    /// The newest first, at most 200.
    notes: Vec<NoteJson>,
}

impl From<OrderNotes> for NotesJson {
    fn from(seen: OrderNotes) -> Self {
        let notes = seen.notes.into_iter().map(NoteJson::from).collect();
        Self { mark: seen.mark.map(Mark::code), mark_word: seen.word, notes }
    }
}

/// Read a shop's notes on an order
///
/// The buyer never sees them.
#[utoipa::path(
    get, path = "/shops/{shop}/orders/{order}/notes", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path)),
    responses((status = 200, body = NotesJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn show_order_notes(
    State(market): State<Market>,
    who: Who,
    At((shop, order)): At<(ShopId, OrderId)>,
) -> Answer<Json<NotesJson>> {
    who.in_shop(shop, Permission::NoteOrders)?;
    Ok(Json(order_notes::of_order(&market, shop, order).await?.into()))
}

/// What is written.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteBody {
    #[schema(min_length = 1, max_length = 2_000)]
    note: String,
}

/// The order which was written about.
#[derive(Serialize, ToSchema)]
pub struct NotedJson {
    #[schema(value_type = IdText)]
    order: OrderId,
}

/// Write a note on an order
///
/// It stays as it was written: notes are added, never changed.
#[utoipa::path(
    post, path = "/shops/{shop}/orders/{order}/notes", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path), ("Idempotency-Key" = String, Header)),
    request_body = NoteBody,
    responses((status = 201, body = NotedJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_order_note(
    State(market): State<Market>,
    who: Who,
    At((shop, order)): At<(ShopId, OrderId)>,
    key: IdempotencyKey,
    body: Body<NoteBody>,
) -> Answer<Response> {
    let actor = who.in_shop(shop, Permission::NoteOrders)?;
    let request = key.of(who.person(), &body.bytes);
    let ask = OrderAsk { shop, order, actor, expected: None, request };
    let written = write_note(&market, ask, &body.value.note).await?;
    Ok(answered(StatusCode::CREATED, written, |order| NotedJson { order }))
}

/// A mark, or none.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkBody {
    /// `red`, `amber`, `green`, `blue` or `violet`; left out takes the mark off.
    mark: Option<String>,
    #[serde(default)]
    #[schema(max_length = 30)]
    word: String,
}

/// Mark an order
///
/// The list of orders is filtered by it. Who changed it stays among the notes.
#[utoipa::path(
    put, path = "/shops/{shop}/orders/{order}/mark", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path), ("Idempotency-Key" = String, Header)),
    request_body = MarkBody,
    responses((status = 200, body = NotedJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn set_order_mark(
    State(market): State<Market>,
    who: Who,
    At((shop, order)): At<(ShopId, OrderId)>,
    key: IdempotencyKey,
    body: Body<MarkBody>,
) -> Answer<Response> {
    let actor = who.in_shop(shop, Permission::NoteOrders)?;
    let says = "one of red, amber, green, blue, violet";
    let unknown = || Failure::invalid("mark", "unknown_mark", says);
    let mark = body.value.mark.as_deref().map(|code| Mark::parse(code).ok_or_else(unknown));
    let request = key.of(who.person(), &body.bytes);
    let ask = OrderAsk { shop, order, actor, expected: None, request };
    let marked = set_mark(&market, ask, mark.transpose()?, &body.value.word).await?;
    Ok(answered(StatusCode::OK, marked, |order| NotedJson { order }))
}

/// What is looked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SearchQuery {
    /// Up to 100 numbers of orders or parcels, parted by anything which is neither letter nor digit.
    numbers: String,
}

/// An order which was found, and whose it is.
#[derive(Serialize, ToSchema)]
#[schema(as = FoundOrder)]
pub struct FoundOrderJson {
    #[schema(value_type = IdText)]
    order: OrderId,
    #[schema(value_type = IdText)]
    shop: ShopId,
}

/// The orders behind some numbers.
#[derive(Serialize, ToSchema)]
#[schema(as = FoundOrders)]
pub struct FoundJson {
    found: Vec<FoundOrderJson>,
    /// Numbers of no order and no parcel, as they were sent.
    not_found: Vec<String>,
}

impl FoundJson {
    fn of(searched: Searched, text: &str) -> Self {
        let found = match searched {
            Searched::Numbers(found) => found,
            // No number at all is looked for in vain.
            Searched::Nothing => Found::default(),
            Searched::Name(_) => Found { orders: Vec::new(), missing: vec![text.to_owned()] },
        };
        let order = |(order, shop)| FoundOrderJson { order, shop };
        Self { found: found.orders.into_iter().map(order).collect(), not_found: found.missing }
    }
}

/// Find orders of a shop by many numbers
///
/// More than 100 are refused with `too_many_numbers`.
#[utoipa::path(
    get, path = "/shops/{shop}/order-search", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), SearchQuery),
    responses((status = 200, body = FoundJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn search_shop_orders(
    State(market): State<Market>,
    who: Who,
    At(shop): At<ShopId>,
    Asked(query): Asked<SearchQuery>,
) -> Answer<Json<FoundJson>> {
    who.in_shop(shop, Permission::ViewOrders)?;
    let searched = order_search::search(&market, Some(shop), &query.numbers).await?;
    Ok(Json(FoundJson::of(searched, &query.numbers)))
}

/// Find orders of all shops by many numbers
///
/// More than 100 are refused with `too_many_numbers`.
#[utoipa::path(
    get, path = "/operator/order-search", tag = "operating", security(("key" = ["operator"])),
    params(SearchQuery),
    responses((status = 200, body = FoundJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn search_house_orders(
    State(market): State<Market>,
    who: Who,
    Asked(query): Asked<SearchQuery>,
) -> Answer<Json<FoundJson>> {
    who.in_house(Permission::ViewShops)?;
    let searched = order_search::search(&market, None, &query.numbers).await?;
    Ok(Json(FoundJson::of(searched, &query.numbers)))
}
