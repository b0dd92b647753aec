//! One order of a buyer, and what they can still do about it.

use actions::checks::{Care, care_of};
use actions::orders::{cancel_by_buyer, confirm_receipt as take_receipt};
use actions::{Failure, Refusal};
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use rules::checkout::border::DutyLine;
use rules::ids::OrderId;
use rules::money::Money;
use store::Tx;
use store::events::{self, EventSeen};
use store::order_items;
use store::orders::{self as rows, LineRow, OrderRow};
use store::parcels::{self, Parcel, ParcelEvent};
use store::shops::{self, Shop};

use crate::account::order_page;
use crate::storefront::shopper::{Page, Shopper, go};
use crate::storefront::typed::Typed;
use crate::ui::flash::{Confirm, confirm};
use crate::ui::money_table::MoneyLine;
use crate::ui::nav::Place;
use crate::words::Msg;

/// Everything the order's page shows, read in one moment.
pub(super) struct Shown {
    pub order: OrderRow,
    pub shop: Shop,
    pub lines: Vec<LineRow>,
    pub events: Vec<EventSeen>,
    pub parcels: Vec<(Parcel, Vec<ParcelEvent>)>,
    /// Charges at the border.
    pub charges: Vec<DutyLine>,
    pub care: Care,
}

pub(super) async fn load(shopper: &Shopper, order: OrderId) -> Result<Shown, Response> {
    let buyer = shopper.buyer()?;
    let read = async move |tx: &mut Tx| -> Result<Shown, Failure> {
        let shop = rows::shop_of(tx, buyer, order).await?.ok_or(Failure::NotFound)?;
        let order = rows::show(tx, shop, order).await?.ok_or(Failure::NotFound)?;
        let shop = shops::load(tx, shop).await?.ok_or(Failure::NotFound)?;
        let lines = rows::lines(tx, shop.id, order.id).await?;
        let events = events::of_subject(tx, shop.id.number(), order.id.number()).await?;
        let mut parcels = Vec::new();
        for parcel in parcels::of_order(tx, shop.id, order.id).await? {
            let news = parcels::events_of(tx, shop.id, parcel.id).await?;
            parcels.push((parcel, news));
        }
        let charges = order_items::charges(tx, shop.id, order.id).await?;
        let care = care_of(tx, shop.id, order.id).await?;
        Ok(Shown { order, shop, lines, events, parcels, charges, care })
    };
    shopper.market.store.read(read).await.map_err(|failure| shopper.problem(failure))
}

pub(super) async fn show(shopper: Shopper, Path(order): Path<OrderId>) -> Page {
    let shown = load(&shopper, order).await?;
    Ok(draw(&shopper, &shown, None))
}

fn draw(shopper: &Shopper, shown: &Shown, said: Option<String>) -> Response {
    let body = order_page::draw(shopper, shown);
    let title = shopper.reader.with(Msg::OrderFrom, &[("shop", shown.shop.name.as_str().into())]);
    match said {
        Some(said) => shopper.page_again(&title, Place::StoreOrders, Some(said), body),
        None => shopper.page(&title, Place::StoreOrders, body),
    }
}

/// A refusal goes back onto the order's page; anything else is a page of its own.
pub(super) async fn refused(shopper: &Shopper, order: OrderId, refusal: &Refusal) -> Page {
    let shown = load(shopper, order).await?;
    Ok(draw(shopper, &shown, Some(shopper.refusal(refusal))))
}

pub(super) async fn ask_cancel(shopper: Shopper, Path(order): Path<OrderId>) -> Page {
    let shown = load(&shopper, order).await?;
    if !order_page::may_cancel(&shown.order) {
        return Ok(go(&format!("/orders/{order}")));
    }
    let r = &shopper.reader;
    let paid = shown.order.paid_at.is_some();
    let amount = Money::new(shown.order.total_minor, shown.order.currency);
    let money = if paid {
        vec![MoneyLine::total(r.t(Msg::CancelBack), amount).with_note(r.t(Msg::CancelBackNote))]
    } else {
        Vec::new()
    };
    let ask = Confirm {
        title: r.with(Msg::CancelTitle, &[("shop", shown.shop.name.as_str().into())]),
        text: shopper.t(if paid { Msg::CancelText } else { Msg::CancelUnpaidText }),
        money,
        action: format!("/orders/{order}/cancel"),
        csrf: shopper.visit.csrf.clone(),
        hidden: vec![("key".to_owned(), shopper.new_key())],
        fields: None,
        yes: shopper.t(if paid { Msg::CancelYes } else { Msg::CancelUnpaidYes }),
        no: format!("/orders/{order}"),
        danger: true,
    };
    Ok(shopper.page(&ask.title, Place::StoreOrders, confirm(r, &ask)))
}

pub(super) async fn cancel(
    shopper: Shopper,
    Path(order): Path<OrderId>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typed(typed);
    let buyer = shopper.buyer()?;
    let request = shopper.request(buyer, &format!("cancel {order}"), &typed);
    match cancel_by_buyer(&shopper.market, buyer, order, request).await {
        Ok(_) => Ok(go(&format!("/orders/{order}?said=order-cancelled-by-you"))),
        Err(Failure::Refused(refusal)) => refused(&shopper, order, &refusal).await,
        Err(failure) => Err(shopper.problem(failure)),
    }
}

pub(super) async fn ask_receipt(shopper: Shopper, Path(order): Path<OrderId>) -> Page {
    let shown = load(&shopper, order).await?;
    if !order_page::may_confirm(&shown.order) {
        return Ok(go(&format!("/orders/{order}")));
    }
    let r = &shopper.reader;
    let amount = Money::new(shown.order.total_minor, shown.order.currency);
    let ask = Confirm {
        title: shopper.t(Msg::ReceiptTitle),
        text: shopper.t(Msg::ReceiptText),
        money: vec![MoneyLine::total(
            r.with(Msg::ReceiptMoney, &[("shop", shown.shop.name.as_str().into())]),
            amount,
        )],
        action: format!("/orders/{order}/receipt"),
        csrf: shopper.visit.csrf.clone(),
        hidden: vec![("key".to_owned(), shopper.new_key())],
        fields: None,
        yes: shopper.t(Msg::ReceiptYes),
        no: format!("/orders/{order}"),
        danger: false,
    };
    Ok(shopper.page(&ask.title, Place::StoreOrders, confirm(r, &ask)))
}

pub(super) async fn confirm_receipt(
    shopper: Shopper,
    Path(order): Path<OrderId>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typed(typed);
    let buyer = shopper.buyer()?;
    let request = shopper.request(buyer, &format!("receipt {order}"), &typed);
    match take_receipt(&shopper.market, buyer, order, request).await {
        Ok(_) => Ok(go(&format!("/orders/{order}?said=order-received"))),
        Err(Failure::Refused(refusal)) => refused(&shopper, order, &refusal).await,
        Err(failure) => Err(shopper.problem(failure)),
    }
}
