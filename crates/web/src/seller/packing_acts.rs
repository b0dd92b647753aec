//! What is done at the packing table. Each is a plain form; a refusal comes back on the table, in words.

use actions::orders::OrderAsk;
use actions::packing::{
    BuyLabel, Combine, EndParcel, Scan, buy_label, combine_orders, empty_parcel, end_parcel,
    keep_photo, packing_desk, part_orders, scan, to_the_table,
};
use actions::{Failure, Market};
use axum::extract::{Form, Multipart, Path, State};
use rules::ids::{OrderId, ParcelId};
use rules::people::Permission;

use super::desk::{Desk, Page, Typed};
use super::order_acts::ask;
use super::packing_table::{parcel_of, shown};
use crate::visit::Visit;
use crate::words::Msg;

type At = Path<(String, String)>;

/// What came of a scan: the next page, and what it says.
enum Next {
    Here(Msg),
    /// Another order's slip: on to that one.
    Order(OrderId),
    /// The order's own slip after its last piece: the parcel is closed.
    Closed,
}

pub(super) async fn scanned(
    State(market): State<Market>,
    Path((shop, order)): At,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::PackOrders).await?;
    match take(&market, &desk, &order, &typed).await {
        Ok(Next::Here(said)) => Ok(desk.see(&format!("/packing/{order}"), said)),
        Ok(Next::Order(other)) => Ok(desk.see(&format!("/packing/{other}"), Msg::SaidPackingOrder)),
        Ok(Next::Closed) => Ok(desk.see(&format!("/packing/{order}"), Msg::SaidPackingClosed)),
        Err(failure) => shown(&market, desk, &order, Some(failure)).await,
    }
}

async fn take(market: &Market, desk: &Desk, order: &str, typed: &Typed) -> Result<Next, Failure> {
    let text = typed.get("scan").trim().to_owned();
    if let Ok(slip) = text.parse::<OrderId>()
        && packing_desk(market, desk.shop.id, slip).await.is_ok()
    {
        if slip.to_string() != order {
            to_the_table(market, desk.shop.id, slip).await?;
            return Ok(Next::Order(slip));
        }
        let ask = ask(desk, order, typed, "close")?;
        end_parcel(market, EndParcel { ask, weight_grams: None, split: false }).await?;
        return Ok(Next::Closed);
    }
    let ask = ask(desk, order, typed, "scan")?;
    let answer = scan(market, Scan { ask, text }).await?.answer;
    Ok(Next::Here(match (answer.serial_next, answer.missing) {
        (true, _) => Msg::SaidPackingSerialNext,
        (false, 0) => Msg::SaidPackingLast,
        (false, _) => Msg::SaidPackingTaken,
    }))
}

pub(super) async fn close(
    State(market): State<Market>,
    Path((shop, order)): At,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::PackOrders).await?;
    let done = async {
        let weight_grams = typed.get("weight_grams").trim().parse().unwrap_or(0);
        let ask = ask(&desk, &order, &typed, "close")?;
        let split = typed.get("split") == "on";
        end_parcel(&market, EndParcel { ask, weight_grams: Some(weight_grams), split })
            .await
            .map(drop)
    };
    let done = done.await;
    answered(&market, desk, &order, done, Msg::SaidPackingClosed).await
}

async fn answered(
    market: &Market,
    desk: Desk,
    order: &str,
    done: Result<(), Failure>,
    said: Msg,
) -> Page {
    match done {
        Ok(()) => Ok(desk.see(&format!("/packing/{order}"), said)),
        Err(failure) => shown(market, desk, order, Some(failure)).await,
    }
}

pub(super) async fn empty(
    State(market): State<Market>,
    Path((shop, order)): At,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::PackOrders).await?;
    let done = async {
        let ask = without_key(&desk, &order)?;
        empty_parcel(&market, ask, parcel_of(&typed)?).await
    };
    let done = done.await;
    answered(&market, desk, &order, done, Msg::SaidPackingEmptied).await
}

/// Doing it twice does no harm: the second finds nothing to do.
fn without_key(desk: &Desk, order: &str) -> Result<OrderAsk, Failure> {
    Ok(OrderAsk { request: None, ..ask(desk, order, &Typed::default(), "")? })
}

pub(super) async fn photo(
    State(market): State<Market>,
    Path((shop, order)): At,
    visit: Visit,
    upload: Multipart,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::PackOrders).await?;
    let done = async {
        let id: OrderId = order.parse().map_err(|_| Failure::NotFound)?;
        let (parcel, bytes) = parts(upload).await?;
        keep_photo(&market, desk.actor(), (desk.shop.id, id, parcel), bytes).await.map(drop)
    };
    let done = done.await;
    answered(&market, desk, &order, done, Msg::SaidPackingPhoto).await
}

/// The parcel's id and the picture.
async fn parts(mut upload: Multipart) -> Result<(ParcelId, Vec<u8>), Failure> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        Failure::invalid("photo", "file_too_large", error.to_string())
    };
    let (mut parcel, mut bytes) = (None, Vec::new());
    while let Some(field) = upload.next_field().await.map_err(broken)? {
        match field.name() {
            Some("parcel") => parcel = field.text().await.map_err(broken)?.parse().ok(),
            Some("photo") => bytes = field.bytes().await.map_err(broken)?.to_vec(),
            Some(_) | None => {}
        }
    }
    if bytes.is_empty() {
        return Err(Failure::invalid("photo", "missing", "choose a file"));
    }
    Ok((parcel.ok_or(Failure::NotFound)?, bytes))
}

pub(super) async fn combine(
    State(market): State<Market>,
    Path((shop, order)): At,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::PackOrders).await?;
    let done = async {
        let mut orders: Vec<OrderId> =
            typed.all("chosen").filter_map(|id| id.parse().ok()).collect();
        orders.push(order.parse().map_err(|_| Failure::NotFound)?);
        let ask = Combine { shop: desk.shop.id, orders, actor: desk.actor() };
        combine_orders(&market, ask).await.map(drop)
    };
    let done = done.await;
    answered(&market, desk, &order, done, Msg::SaidPackingCombined).await
}

pub(super) async fn part(
    State(market): State<Market>,
    Path((shop, order)): At,
    visit: Visit,
    Form(_typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::PackOrders).await?;
    let done = async {
        let id: OrderId = order.parse().map_err(|_| Failure::NotFound)?;
        part_orders(&market, desk.shop.id, id, desk.actor()).await
    };
    let done = done.await;
    answered(&market, desk, &order, done, Msg::SaidPackingParted).await
}

pub(super) async fn label(
    State(market): State<Market>,
    Path((shop, order)): At,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ShipOrders).await?;
    let done = async {
        let ask = without_key(&desk, &order)?;
        let parcel = Some(parcel_of(&typed)?);
        let (service, tracking_number) = (String::new(), typed.get("tracking_number").to_owned());
        // The label is the promised service's; another one is chosen, with its reason, where the parcel is shipped.
        let label = BuyLabel { ask, parcel, service, tracking_number, instead: None };
        buy_label(&market, label).await.map(drop)
    };
    let done = done.await;
    answered(&market, desk, &order, done, Msg::SaidPackingLabel).await
}
