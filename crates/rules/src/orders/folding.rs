//! Folds what happened into the order.

use super::commands::OrderEvent;
use super::liability::Liable;
use super::refunds::{GivenBack, Shares};
use super::state::{Fault, OrderState};
use super::{Order, carrier, parts};

/// Folds an event into the order. The row's version counts the events since placement.
pub fn apply(order: Order, event: OrderEvent) -> Order {
    let state = state_after(&order, event);
    let ship_by = match event {
        OrderEvent::Confirmed { ship_by, .. } => Some(ship_by),
        OrderEvent::Paid { .. }
        | OrderEvent::CheckNeeded { .. }
        | OrderEvent::DispatchLate { .. }
        | OrderEvent::PartShipped { .. }
        | OrderEvent::Shipped { .. }
        | OrderEvent::Collected { .. }
        | OrderEvent::Progressed { .. }
        | OrderEvent::DeliveryOverdue { .. }
        | OrderEvent::Delivered { .. }
        | OrderEvent::Completed { .. }
        | OrderEvent::Settled { .. }
        | OrderEvent::Cancelled { .. }
        | OrderEvent::PartlyRefunded { .. }
        | OrderEvent::RestDropped { .. }
        | OrderEvent::PaidMore { .. }
        | OrderEvent::CaseOpened
        | OrderEvent::CaseClosed => order.ship_by,
    };
    let given = given_after(&order, event);
    let amounts = match event {
        OrderEvent::PaidMore { part } => order.amounts.plus(part),
        OrderEvent::Paid { .. }
        | OrderEvent::CheckNeeded { .. }
        | OrderEvent::Confirmed { .. }
        | OrderEvent::DispatchLate { .. }
        | OrderEvent::PartShipped { .. }
        | OrderEvent::Shipped { .. }
        | OrderEvent::Collected { .. }
        | OrderEvent::Progressed { .. }
        | OrderEvent::DeliveryOverdue { .. }
        | OrderEvent::Delivered { .. }
        | OrderEvent::Completed { .. }
        | OrderEvent::Settled { .. }
        | OrderEvent::Cancelled { .. }
        | OrderEvent::RestDropped { .. }
        | OrderEvent::PartlyRefunded { .. }
        | OrderEvent::CaseOpened
        | OrderEvent::CaseClosed => order.amounts,
    };
    let cases_count = match event {
        OrderEvent::CaseOpened => order.cases_count + 1,
        OrderEvent::CaseClosed => order.cases_count - 1,
        OrderEvent::Paid { .. }
        | OrderEvent::CheckNeeded { .. }
        | OrderEvent::Confirmed { .. }
        | OrderEvent::DispatchLate { .. }
        | OrderEvent::PartShipped { .. }
        | OrderEvent::Shipped { .. }
        | OrderEvent::Collected { .. }
        | OrderEvent::Progressed { .. }
        | OrderEvent::DeliveryOverdue { .. }
        | OrderEvent::Delivered { .. }
        | OrderEvent::Completed { .. }
        | OrderEvent::Settled { .. }
        | OrderEvent::Cancelled { .. }
        | OrderEvent::RestDropped { .. }
        | OrderEvent::PartlyRefunded { .. }
        | OrderEvent::PaidMore { .. } => order.cases_count,
    };
    Order { state, cases_count, ship_by, amounts, given, version: order.version + 1, ..order }
}

fn state_after(order: &Order, event: OrderEvent) -> OrderState {
    match event {
        OrderEvent::Paid { cancel_free_until } => OrderState::OnHold { cancel_free_until },
        OrderEvent::CheckNeeded { confirm_by } => OrderState::AwaitingConfirmation { confirm_by },
        OrderEvent::Confirmed { ship_by, cancel_at } => {
            OrderState::AwaitingShipment { ship_by, cancel_at, late: false }
        }
        OrderEvent::DispatchLate { cancel_at } => parts::late(order, cancel_at),
        OrderEvent::PartShipped { ship_by, cancel_at } => {
            parts::part_shipped(order, ship_by, cancel_at)
        }
        OrderEvent::Shipped { collect_by } | OrderEvent::RestDropped { collect_by, .. } => {
            OrderState::AwaitingCollection { collect_by }
        }
        OrderEvent::Collected { deliver_by, lost_at } => {
            OrderState::InTransit { deliver_by, lost_at, overdue: false }
        }
        OrderEvent::Progressed { lost_at } => {
            let (deliver_by, overdue) =
                carrier::on_the_way(order.state).unwrap_or((lost_at, false));
            OrderState::InTransit { deliver_by, lost_at, overdue }
        }
        OrderEvent::DeliveryOverdue { lost_at } => {
            let deliver_by = carrier::on_the_way(order.state).map_or(lost_at, |(by, _)| by);
            OrderState::InTransit { deliver_by, lost_at, overdue: true }
        }
        OrderEvent::Delivered { complete_at } => OrderState::Delivered { complete_at },
        OrderEvent::Completed { settle_at, .. } => OrderState::Completed { settle_at },
        OrderEvent::Settled { .. } => OrderState::Settled,
        OrderEvent::Cancelled { by, reason, fault } => OrderState::Cancelled { by, reason, fault },
        OrderEvent::PartlyRefunded { .. }
        | OrderEvent::PaidMore { .. }
        | OrderEvent::CaseOpened
        | OrderEvent::CaseClosed => order.state,
    }
}

/// What has gone back to the buyer, after an event.
fn given_after(order: &Order, event: OrderEvent) -> GivenBack {
    match event {
        OrderEvent::PartlyRefunded { part, fee_minor, liable, .. } => GivenBack {
            shares: order.given.shares.plus(part),
            fee_minor: order.given.fee_minor + fee_minor,
            borne: match liable {
                Liable::Shop => order.given.borne,
                Liable::Carrier | Liable::House => order.given.borne.plus(part),
            },
        },
        OrderEvent::RestDropped { part, .. } => {
            GivenBack { shares: order.given.shares.plus(part), ..order.given }
        }
        // The carrier pays the buyer back; tax, commission and the house's share stay where they are.
        OrderEvent::Cancelled { fault: Fault::Carrier, .. } => {
            let paid_minor = order.left().total_minor;
            let part = Shares { paid_minor, ..Shares::NOTHING };
            GivenBack { shares: order.given.shares.plus(part), ..order.given }
        }
        OrderEvent::Cancelled { .. } if order.state.holds_escrow() => {
            GivenBack { shares: order.amounts.shares(), fee_minor: 0, ..order.given }
        }
        OrderEvent::Cancelled { .. }
        | OrderEvent::Paid { .. }
        | OrderEvent::CheckNeeded { .. }
        | OrderEvent::Confirmed { .. }
        | OrderEvent::DispatchLate { .. }
        | OrderEvent::PartShipped { .. }
        | OrderEvent::Shipped { .. }
        | OrderEvent::Collected { .. }
        | OrderEvent::Progressed { .. }
        | OrderEvent::DeliveryOverdue { .. }
        | OrderEvent::Delivered { .. }
        | OrderEvent::Completed { .. }
        | OrderEvent::Settled { .. }
        | OrderEvent::PaidMore { .. }
        | OrderEvent::CaseOpened
        | OrderEvent::CaseClosed => order.given,
    }
}
