//! What an order's decision leaves behind besides its row: refunds, the timeline's line, a smaller payment.

use rules::ids::{PaymentId, RefundId};
use rules::money::{Currency, Money};
use rules::orders::{Decision, Order, OrderEvent, OrderState};
use serde_json::{Value, json};
use store::events::EventRow;
use store::jobs::NewJob;
use store::payments::Refund;
use store::{Tx, events, jobs, payments};

use super::Setting;
use crate::failure::Failure;
use crate::id_maker::IdRun;

/// A refund is a row and a job: the provider is asked outside the act, again and again until it answers.
pub(crate) async fn ask_for_refund(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    order: &Order,
    amount: Money,
    reason: &str,
) -> Result<(), Failure> {
    for (payment, amount) in over_payments(tx, order, amount).await? {
        ask_one_refund(tx, setting, ids, order, (payment, amount, reason)).await?;
    }
    Ok(())
}

/// What was paid on top goes back first, the rest to the checkout's payment: no payment gets back more than it brought.
async fn over_payments(
    tx: &mut Tx,
    order: &Order,
    amount: Money,
) -> Result<Vec<(PaymentId, Money)>, Failure> {
    let extras = store::shortages::paid_extra(tx, order.shop, order.id, amount.currency).await?;
    if extras.is_empty() {
        return Ok(vec![(order.payment, amount)]);
    }
    let back = payments::refunds_of(tx, order.shop, order.id).await?;
    let mut left = amount.minor;
    let mut shared = Vec::new();
    for (payment, brought) in extras {
        let given = back.iter().filter(|refund| refund.payment == payment);
        let given: i64 = given.map(|refund| refund.amount.minor).sum();
        let some = (brought.minor - given).clamp(0, left);
        if some > 0 {
            shared.push((payment, Money::new(some, amount.currency)));
            left -= some;
        }
    }
    if left > 0 {
        shared.push((order.payment, Money::new(left, amount.currency)));
    }
    Ok(shared)
}

async fn ask_one_refund(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    order: &Order,
    (payment, amount, reason): (PaymentId, Money, &str),
) -> Result<(), Failure> {
    let refund = Refund {
        id: ids.take::<rules::ids::kind::Refund>(),
        shop: order.shop,
        order: order.id,
        payment,
        amount,
        reason: reason.to_owned(),
        confirmed_at: None,
        version: 1,
        created_at: setting.now,
    };
    payments::insert_refund(tx, &refund).await?;
    let id: RefundId = refund.id;
    let job = NewJob {
        id: ids.take(),
        home_id: order.shop.number(),
        kind: "refund",
        subject_id: id.number(),
        body: "{}".to_owned(),
        due_at: setting.now,
    };
    Ok(jobs::insert(tx, &job, setting.now).await?)
}

/// The timeline's line, and what the buyer is told about.
pub(super) async fn note(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    order: &Order,
    decision: &Decision,
) -> Result<(), Failure> {
    let (body, relay) = told(decision, order.amounts.currency);
    let event = EventRow {
        id: ids.take(),
        home_id: order.shop.number(),
        subject: "order",
        subject_id: order.id.number(),
        kind: decision.event.code(),
        actor: setting.actor.code(),
        body: body.to_string(),
        relay,
        created_at: setting.now,
    };
    Ok(events::insert(tx, &[event]).await?)
}

/// The body of the timeline's line for a decision, and whether the buyer gets a notice of it.
pub(crate) fn told(decision: &Decision, currency: Currency) -> (Value, bool) {
    match decision.event {
        OrderEvent::Paid { cancel_free_until } => (json!({ "until": cancel_free_until }), false),
        OrderEvent::CheckNeeded { confirm_by } => (json!({ "until": confirm_by }), false),
        OrderEvent::Confirmed { ship_by, .. } => (json!({ "until": ship_by }), false),
        OrderEvent::DispatchLate { cancel_at } => (json!({ "until": cancel_at }), true),
        OrderEvent::PartShipped { ship_by, .. } => (json!({ "until": ship_by }), true),
        OrderEvent::Shipped { collect_by } => (json!({ "until": collect_by }), true),
        OrderEvent::Collected { deliver_by, lost_at } => {
            (json!({ "until": deliver_by, "lost_at": lost_at }), false)
        }
        OrderEvent::Progressed { lost_at } => (json!({ "until": lost_at }), false),
        OrderEvent::DeliveryOverdue { lost_at } => (json!({ "until": lost_at }), true),
        OrderEvent::Delivered { complete_at } => (json!({ "until": complete_at }), true),
        OrderEvent::Completed { settle_at, by_buyer } => {
            (json!({ "until": settle_at, "by_buyer": by_buyer }), false)
        }
        OrderEvent::Settled { reserve_minor, reserve_until } => {
            let reserve = Money::new(reserve_minor, currency);
            (json!({ "reserve": reserve, "until": reserve_until }), false)
        }
        OrderEvent::PartlyRefunded { part, fee_minor, reason, liable } => {
            let refund = Money::new(decision.refund_minor, currency);
            let fee = Money::new(fee_minor, currency);
            let body = json!({ "reason": reason, "refund": refund, "part": part, "fee": fee, "liable": liable });
            (body, true)
        }
        OrderEvent::RestDropped { part, by, collect_by } => {
            let refund = Money::new(decision.refund_minor, currency);
            (json!({ "by": by, "refund": refund, "part": part, "until": collect_by }), true)
        }
        OrderEvent::CaseOpened | OrderEvent::CaseClosed => (json!({}), false),
        OrderEvent::PaidMore { part } => {
            let paid = Money::new(part.paid_minor, currency);
            (json!({ "paid": paid, "part": part }), false)
        }
        OrderEvent::Cancelled { by, reason, fault } => {
            let refund = Money::new(decision.refund_minor, currency);
            (json!({ "by": by, "reason": reason, "fault": fault, "refund": refund }), true)
        }
    }
}

/// An order which is cancelled before it was paid is no longer part of what the buyer is asked to pay.
pub(super) async fn shrink_payment(
    tx: &mut Tx,
    setting: &Setting,
    before: &Order,
    decision: &Decision,
) -> Result<(), Failure> {
    let cancelled = matches!(decision.event, OrderEvent::Cancelled { .. });
    if !cancelled || !matches!(before.state, OrderState::Unpaid { .. }) {
        return Ok(());
    }
    crate::payments::take_order_off(tx, before, setting.now).await
}
