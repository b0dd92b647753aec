//! `/shops/{shop}/…/packing`: the packing table for programs. Each route is one act of the page and refuses what it does.

use actions::orders::OrderAsk;
use actions::packing::{
    BuyLabel, Combine, EndParcel, LabelAnswer, PackedParcel, PackingDesk, Scan, ScanAnswer,
    WantedGood, buy_label, combine_orders, empty_parcel, end_parcel, packing_desk, part_orders,
    scan, to_the_table,
};
use actions::{Actor, Failure, Market};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use rules::ids::{OrderId, OrderLineId, ParcelId, ShopId, SkuId};
use rules::people::Permission;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::{At, IdempotencyKey, IfMatch, answered};
use super::bodies::{Body, NoBody};
use super::problem::{Answer, ProblemJson};
use super::shapes::{IdText, Wording};
use super::shop_orders::NewParcelJson;
use super::who::Who;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(find_order))
        .routes(routes!(create_scan))
        .routes(routes!(create_closed_parcel))
        .routes(routes!(create_emptying))
        .routes(routes!(create_box))
        .routes(routes!(create_parting))
        .routes(routes!(create_label))
}

fn ask(
    who: &Who,
    actor: Actor,
    (shop, order): (ShopId, OrderId),
    seen: IfMatch,
    key: &IdempotencyKey,
    body: &[u8],
) -> OrderAsk {
    OrderAsk { shop, order, actor, expected: seen.0, request: key.of(who.person(), body) }
}

/// A line's need of one SKU.
#[derive(Serialize, ToSchema)]
pub struct WantedJson {
    #[schema(value_type = IdText)]
    line: OrderLineId,
    #[schema(value_type = IdText)]
    sku: SkuId,
    code: String,
    title: Wording,
    /// Colour, size and the like, as the seller typed them.
    options: String,
    /// How many pieces the order needs.
    count: i64,
    /// Of these, in the open parcel.
    here: i64,
    /// Of these, in other parcels.
    elsewhere: i64,
    missing: i64,
    /// Whether each piece's serial number is written down.
    serials: bool,
    /// Where it lies; may be empty.
    shelf: String,
}

impl From<WantedGood> for WantedJson {
    fn from(good: WantedGood) -> Self {
        let missing = good.wanted.missing();
        Self {
            line: good.wanted.line,
            sku: good.wanted.sku,
            code: good.wanted.code,
            title: Wording { en: good.title_en, zh: good.title_zh },
            options: good.wanted.options,
            count: good.wanted.count,
            here: good.wanted.here,
            elsewhere: good.wanted.elsewhere,
            missing,
            serials: good.wanted.serials,
            shelf: good.good.map(|good| good.shelf).unwrap_or_default(),
        }
    }
}

/// A parcel of the order, open or closed.
#[derive(Serialize, ToSchema)]
pub struct PackedParcelJson {
    #[schema(value_type = IdText)]
    id: ParcelId,
    /// `open`, `packed`, `label_bought` or a state after the hand-over.
    state: String,
    pieces: i64,
    weight_grams: i64,
    tracking_number: String,
    serials: Vec<String>,
    /// Orders which share its box.
    #[schema(value_type = Vec<IdText>)]
    with: Vec<OrderId>,
}

impl From<PackedParcel> for PackedParcelJson {
    fn from(packed: PackedParcel) -> Self {
        Self {
            id: packed.parcel.id,
            state: packed.parcel.state.code().to_owned(),
            pieces: packed.items.iter().map(|item| item.count).sum(),
            weight_grams: packed.parcel.weight_grams,
            tracking_number: packed.parcel.tracking_number,
            serials: packed.serials.into_iter().map(|serial| serial.serial).collect(),
            with: packed.with,
        }
    }
}

/// What lies on the packing table of one order.
#[derive(Serialize, ToSchema)]
pub struct PackingTableJson {
    #[schema(value_type = IdText)]
    order: OrderId,
    state: String,
    /// `scan`: each piece is scanned. `list`: whole orders are confirmed by list.
    mode: String,
    /// Pieces which are in no parcel yet.
    missing: i64,
    wanted: Vec<WantedJson>,
    parcels: Vec<PackedParcelJson>,
    /// What has to be minded in packing: `fragile`, `liquid`, `battery` and the like.
    cares: Vec<String>,
    /// Other orders of this shop to the same recipient and address which have not left.
    #[schema(value_type = Vec<IdText>)]
    neighbours: Vec<OrderId>,
}

impl From<PackingDesk> for PackingTableJson {
    fn from(table: PackingDesk) -> Self {
        Self {
            order: table.order.id,
            state: table.order.state.name().code().to_owned(),
            mode: table.mode.code().to_owned(),
            missing: table.missing(),
            wanted: table.wanted.into_iter().map(WantedJson::from).collect(),
            parcels: table.parcels.into_iter().map(PackedParcelJson::from).collect(),
            cares: table.cares.iter().map(|care| care.code().to_owned()).collect(),
            neighbours: table.neighbours,
        }
    }
}

/// Read the packing table of an order
#[utoipa::path(
    get, operation_id = "show_packing_table", path = "/shops/{shop}/orders/{order}/packing", tag = "packing", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path)),
    responses((status = 200, body = PackingTableJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn show(
    State(market): State<Market>,
    who: Who,
    At((shop, order)): At<(ShopId, OrderId)>,
) -> Answer<Json<PackingTableJson>> {
    who.in_shop(shop, Permission::PackOrders)?;
    Ok(Json(packing_desk(&market, shop, order).await?.into()))
}

/// What came from the scanner.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScanBody {
    #[schema(min_length = 1, max_length = 90)]
    text: String,
}

/// Scan an order's slip
///
/// Changes nothing. Refused when the order cannot be packed, with `confirm_first` when it still has to be confirmed.
#[utoipa::path(
    post, operation_id = "scan_order", path = "/shops/{shop}/packing/orders", tag = "packing", security(("key" = ["shop"])),
    params(("shop" = IdText, Path)),
    request_body = ScanBody,
    responses((status = 200, body = PackingTableJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn find_order(
    State(market): State<Market>,
    who: Who,
    At(shop): At<ShopId>,
    body: Body<ScanBody>,
) -> Answer<Json<PackingTableJson>> {
    who.in_shop(shop, Permission::PackOrders)?;
    let order: OrderId = body.value.text.trim().parse().map_err(|_| Failure::NotFound)?;
    Ok(Json(to_the_table(&market, shop, order).await?.into()))
}

/// What a scan put into the parcel.
#[derive(Serialize, ToSchema)]
pub struct ScanJson {
    #[schema(value_type = IdText)]
    parcel: ParcelId,
    code: String,
    options: String,
    /// Empty where no serial number was taken down.
    serial: String,
    /// Whether the next scan has to be the serial number of this piece.
    serial_next: bool,
    /// Pieces which the order still needs.
    missing: i64,
}

impl From<ScanAnswer> for ScanJson {
    fn from(answer: ScanAnswer) -> Self {
        let ScanAnswer { parcel, code, options, serial, serial_next, missing } = answer;
        Self { parcel, code, options, serial, serial_next, missing }
    }
}

/// Scan a piece, or a serial number
///
/// The first scan opens a parcel. What the order does not need is refused with what it does: `scan_wrong_option` for the
/// wrong colour or size, `scan_not_in_order`, `scan_enough`, `scan_unknown`.
#[utoipa::path(
    post, operation_id = "scan_piece", path = "/shops/{shop}/orders/{order}/packing/scans", tag = "packing", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path), ("Idempotency-Key" = String, Header), ("If-Match" = Option<String>, Header)),
    request_body = ScanBody,
    responses((status = 201, body = ScanJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_scan(
    State(market): State<Market>,
    who: Who,
    At(at): At<(ShopId, OrderId)>,
    key: IdempotencyKey,
    seen: IfMatch,
    body: Body<ScanBody>,
) -> Answer<Response> {
    let actor = who.in_shop(at.0, Permission::PackOrders)?;
    let ask = ask(&who, actor, at, seen, &key, &body.bytes);
    let done = scan(&market, Scan { ask, text: body.value.text }).await?;
    Ok(answered(StatusCode::CREATED, done, ScanJson::from))
}

/// The parcel is full.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseBody {
    /// The sum of what is in it when left out.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000_000)]
    weight_grams: Option<i64>,
    /// The rest of the order comes in another parcel.
    #[serde(default)]
    split: bool,
}

/// Close the open parcel
///
/// Refused with `parcel_incomplete` while something is missing, unless it is split.
#[utoipa::path(
    post, operation_id = "close_parcel", path = "/shops/{shop}/orders/{order}/packing/closed-parcels", tag = "packing", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path), ("Idempotency-Key" = String, Header), ("If-Match" = Option<String>, Header)),
    request_body = CloseBody,
    responses((status = 201, body = NewParcelJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_closed_parcel(
    State(market): State<Market>,
    who: Who,
    At(at): At<(ShopId, OrderId)>,
    key: IdempotencyKey,
    seen: IfMatch,
    body: Body<CloseBody>,
) -> Answer<Response> {
    let actor = who.in_shop(at.0, Permission::PackOrders)?;
    let ask = ask(&who, actor, at, seen, &key, &body.bytes);
    let CloseBody { weight_grams, split } = body.value;
    let closed = end_parcel(&market, EndParcel { ask, weight_grams, split }).await?;
    Ok(answered(StatusCode::CREATED, closed, NewParcelJson::of))
}

/// One of the order's parcels.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ParcelOfOrderBody {
    #[schema(value_type = IdText)]
    parcel: ParcelId,
}

/// Take everything out of a parcel again
///
/// As long as it has no label. A repeated request finds it empty and open.
#[utoipa::path(
    post, operation_id = "empty_parcel", path = "/shops/{shop}/orders/{order}/packing/emptied-parcels", tag = "packing", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path)),
    request_body = ParcelOfOrderBody,
    responses((status = 200, body = PackingTableJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_emptying(
    State(market): State<Market>,
    who: Who,
    At((shop, order)): At<(ShopId, OrderId)>,
    body: Body<ParcelOfOrderBody>,
) -> Answer<Json<PackingTableJson>> {
    let actor = who.in_shop(shop, Permission::PackOrders)?;
    let ask = OrderAsk { shop, order, actor, expected: None, request: None };
    empty_parcel(&market, ask, body.value.parcel).await?;
    Ok(Json(packing_desk(&market, shop, order).await?.into()))
}

/// Packed orders which are to travel together.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BoxBody {
    #[schema(value_type = Vec<IdText>)]
    orders: Vec<OrderId>,
}

/// Let packed orders travel in one box
///
/// Under one number. Refused for other addresses, too many orders, and orders of which something is missing.
#[utoipa::path(
    post, operation_id = "combine_orders", path = "/shops/{shop}/packing/boxes", tag = "packing", security(("key" = ["shop"])),
    params(("shop" = IdText, Path)),
    request_body = BoxBody,
    responses((status = 201, body = NewParcelJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_box(
    State(market): State<Market>,
    who: Who,
    At(shop): At<ShopId>,
    body: Body<BoxBody>,
) -> Answer<(StatusCode, Json<NewParcelJson>)> {
    let actor = who.in_shop(shop, Permission::PackOrders)?;
    let ask = Combine { shop, orders: body.value.orders, actor };
    let first = combine_orders(&market, ask).await?;
    Ok((StatusCode::CREATED, Json(NewParcelJson::of(first))))
}

/// Take an order out of the box it shares
#[utoipa::path(
    post, operation_id = "part_order", path = "/shops/{shop}/orders/{order}/packing/parting", tag = "packing", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path)),
    responses((status = 200, body = PackingTableJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_parting(
    State(market): State<Market>,
    who: Who,
    At((shop, order)): At<(ShopId, OrderId)>,
    _body: NoBody,
) -> Answer<Json<PackingTableJson>> {
    let actor = who.in_shop(shop, Permission::PackOrders)?;
    part_orders(&market, shop, order, actor).await?;
    Ok(Json(packing_desk(&market, shop, order).await?.into()))
}

/// Which parcel gets a label.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelBody {
    /// The order's oldest packed parcel when left out.
    #[serde(default)]
    #[schema(value_type = Option<IdText>)]
    parcel: Option<ParcelId>,
    /// The carrier's number. A sandbox makes one up when it is left out.
    #[serde(default)]
    tracking_number: String,
}

/// The number under which a parcel goes.
#[derive(Serialize, ToSchema)]
pub struct LabelJson {
    #[schema(value_type = IdText)]
    order: OrderId,
    #[schema(value_type = IdText)]
    parcel: ParcelId,
    carrier: String,
    service: String,
    tracking_number: String,
}

impl From<LabelAnswer> for LabelJson {
    fn from(answer: LabelAnswer) -> Self {
        let LabelAnswer { order, parcel, carrier, service, tracking_number } = answer;
        Self { order, parcel, carrier, service, tracking_number }
    }
}

/// Buy the label of a packed parcel
///
/// Of the service which the buyer was promised, for all which share its box.
#[utoipa::path(
    post, operation_id = "buy_label", path = "/shops/{shop}/orders/{order}/packing/labels", tag = "packing", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("order" = IdText, Path), ("Idempotency-Key" = String, Header), ("If-Match" = Option<String>, Header)),
    request_body = LabelBody,
    responses((status = 201, body = LabelJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_label(
    State(market): State<Market>,
    who: Who,
    At(at): At<(ShopId, OrderId)>,
    key: IdempotencyKey,
    seen: IfMatch,
    body: Body<LabelBody>,
) -> Answer<Response> {
    let actor = who.in_shop(at.0, Permission::ShipOrders)?;
    let ask = ask(&who, actor, at, seen, &key, &body.bytes);
    let LabelBody { parcel, tracking_number } = body.value;
    let label = BuyLabel { ask, parcel, service: String::new(), tracking_number, instead: None };
    Ok(answered(StatusCode::CREATED, buy_label(&market, label).await?, LabelJson::from))
}
