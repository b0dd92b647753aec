//! The house stops an order: first a question with the money it moves, then the act.

use actions::orders::{OrderAsk, cancel_by_house};
use actions::overview::{self, OrderSeen};
use actions::{Actor, Failure, Market};
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use rules::ids::{OrderId, ShopId};
use rules::money::Money;
use rules::people::Permission;
use serde::Deserialize;

use super::order::can_be_cancelled;
use super::{admit, answer, form_key, go, page, request};
use crate::ui::flash::{Confirm, confirm};
use crate::ui::money_table::MoneyLine;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

pub(super) async fn ask(
    visit: Visit,
    State(market): State<Market>,
    Path(order): Path<i64>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::CancelAnyOrder)?;
        let seen = overview::order(&market, OrderId::new(order)).await?;
        if !can_be_cancelled(seen.order.state.name()) {
            let state = seen.order.state.name().code();
            let says = format!("the house cannot cancel an order which is {state}");
            return Err(Failure::refused("not_in_this_state", says));
        }
        let r = &visit.reader;
        let path = format!("/operator/orders/{order}");
        let question = Confirm {
            title: r.with(Msg::OpCancelTitle, &[("order", order.to_string().into())]),
            text: r.t(Msg::OpCancelText).into_owned(),
            money: money(&visit, &seen),
            action: format!("{path}/cancel"),
            csrf: visit.csrf.clone(),
            hidden: vec![
                ("key".to_owned(), form_key(&market)),
                ("shop".to_owned(), seen.order.shop.to_string()),
                ("version".to_owned(), seen.order.version.to_string()),
            ],
            yes: r.t(Msg::OpCancelYes).into_owned(),
            no: path,
            danger: true,
            ..Confirm::default()
        };
        let title = r.t(Msg::OpCancelOpen);
        page(&visit, &title, Place::OperatorOrders, confirm(r, &question))
    })
    .await
}

/// What goes back to the buyer; nothing when nothing was paid.
fn money(visit: &Visit, seen: &OrderSeen) -> Vec<MoneyLine> {
    let paid = if seen.order.paid_at.is_some() { seen.order.total_minor } else { 0 };
    let back = Money::new(paid, seen.order.currency);
    vec![MoneyLine::total(visit.reader.t(Msg::OpCancelBack), back)]
}

#[derive(Debug, Deserialize)]
pub(super) struct Cancel {
    #[serde(default)]
    key: String,
    shop: i64,
    version: i64,
}

pub(super) async fn cancel(
    visit: Visit,
    State(market): State<Market>,
    Path(order): Path<i64>,
    Form(form): Form<Cancel>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::CancelAnyOrder)?;
        let ask = OrderAsk {
            shop: ShopId::new(form.shop),
            order: OrderId::new(order),
            actor: Actor::House(visit.caller()?.person),
            expected: Some(form.version),
            request: request(&visit, &form.key, "cancel_by_house", &order.to_string())?,
        };
        cancel_by_house(&market, ask).await?;
        Ok(go(&format!("/operator/orders/{order}"), "op-order-cancelled"))
    })
    .await
}
