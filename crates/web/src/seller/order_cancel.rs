//! Cancelling an order as the shop: asked once more, with the money it moves and what it means for the shop.

use actions::Market;
use actions::orders::cancel_by_shop;
use actions::shop_desk::OrderFile;
use axum::extract::{Form, Path, State};
use axum::response::Response;
use maud::html;
use rules::orders::CancelReason;
use rules::people::Permission;

use super::desk::{Desk, Page, Typed};
use super::order_money::paid;
use super::{notes, order, order_acts};
use crate::ui::flash::{Confirm, Flash, confirm, flash};
use crate::ui::forms::{CardChoice, card_choices};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

pub(super) async fn page(
    State(market): State<Market>,
    Path((shop, order)): Path<(String, String)>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::CancelOrders).await?;
    let file =
        order::open(&market, &desk, &order).await.map_err(|failure| desk.refused(failure))?;
    Ok(asked(&desk, &file, "", None))
}

fn asked(desk: &Desk, file: &OrderFile, chosen: &str, wrong: Option<&str>) -> Response {
    let r = &desk.reader;
    let id = file.order.id.to_string();
    let reasons: Vec<CardChoice> = CancelReason::OF_SHOP
        .into_iter()
        .map(|reason| CardChoice {
            value: reason.code().to_owned(),
            title: notes::reason(r, reason),
            note: r.t(counts(reason)).into_owned(),
            ..CardChoice::default()
        })
        .collect();
    let mut hidden = desk.hidden_pairs();
    hidden.push(("version".to_owned(), file.order.version.to_string()));
    let ask = Confirm {
        title: r.with(Msg::SellerCancelTitle, &[("order", id.as_str().into())]),
        text: r.t(Msg::SellerCancelText).into_owned(),
        money: if file.order.paid_at.is_some() { paid(desk, file) } else { Vec::new() },
        action: desk.href(&format!("/orders/{id}/cancel")),
        csrf: desk.csrf.clone(),
        hidden,
        fields: Some(html! {
            (card_choices(&r.t(Msg::SellerCancelReason), "reason", chosen, &reasons))
            @if let Some(wrong) = wrong { (flash(&Flash::bad(wrong))) }
        }),
        yes: r.t(Msg::SellerCancelYes).into_owned(),
        no: desk.href(&format!("/orders/{id}")),
        danger: true,
    };
    desk.page(ask.title.clone(), Place::SellerOrders, confirm(r, &ask))
}

/// Whether the reason counts against the shop.
const fn counts(reason: CancelReason) -> Msg {
    match reason {
        CancelReason::OutOfStock | CancelReason::PriceError => Msg::SellerCountsAgainstYou,
        CancelReason::AddressProblem
        | CancelReason::NotPaidInTime
        | CancelReason::ChangedMind
        | CancelReason::OrderedByMistake
        | CancelReason::TooSlow
        | CancelReason::NotConfirmedInTime
        | CancelReason::NotShippedInTime
        | CancelReason::NeverCollected
        | CancelReason::LostInTransit
        | CancelReason::DamagedInTransit
        | CancelReason::ReturnedToSender
        | CancelReason::FraudRisk => Msg::SellerDoesNotCount,
    }
}

pub(super) async fn cancel(
    State(market): State<Market>,
    Path((shop, order)): Path<(String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::CancelOrders).await?;
    let Some(reason) = CancelReason::parse(typed.get("reason")) else {
        let file = order::open(&market, &desk, &order).await.map_err(|f| desk.refused(f))?;
        let wrong = desk.reader.t(Msg::SellerChooseReason);
        return Ok(asked(&desk, &file, typed.get("reason"), Some(&wrong)));
    };
    let done = async {
        let ask = order_acts::ask(&desk, &order, &typed, "cancel")?;
        cancel_by_shop(&market, ask, reason).await.map(drop)
    };
    let done = done.await;
    order_acts::after(&market, desk, &order, typed, done, Msg::SaidSellerDidCancel).await
}
