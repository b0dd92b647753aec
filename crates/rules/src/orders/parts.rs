//! Orders which leave in several parcels: the order waits for its last one.

use super::{
    Decision, Order, OrderCommand, OrderEvent, OrderRefusal, OrderState, OrderTerms, StockEffect,
    only, refuse,
};
use crate::time::Timestamp;

/// The last parcel leaves.
pub(super) fn ship(
    order: &Order,
    terms: &OrderTerms,
    now: Timestamp,
) -> Result<Decision, OrderRefusal> {
    match order.state {
        OrderState::AwaitingShipment { .. } | OrderState::PartiallyShipped { .. } => Ok(Decision {
            stock: StockEffect::TakeOut,
            ..only(OrderEvent::Shipped { collect_by: now + terms.collect_by })
        }),
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => refuse(order, OrderCommand::Ship),
    }
}

/// A parcel leaves, and more of the order is to follow by the same deadline.
pub(super) fn ship_part(order: &Order) -> Result<Decision, OrderRefusal> {
    match order.state {
        OrderState::AwaitingShipment { ship_by, cancel_at, .. }
        | OrderState::PartiallyShipped { ship_by, cancel_at, .. } => Ok(Decision {
            stock: StockEffect::TakeOut,
            ..only(OrderEvent::PartShipped { ship_by, cancel_at })
        }),
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => refuse(order, OrderCommand::ShipPart),
    }
}

/// Late stays late when a part leaves.
pub(super) const fn part_shipped(
    order: &Order,
    ship_by: Timestamp,
    cancel_at: Timestamp,
) -> OrderState {
    let late = match order.state {
        OrderState::AwaitingShipment { late, .. } | OrderState::PartiallyShipped { late, .. } => {
            late
        }
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => false,
    };
    OrderState::PartiallyShipped { ship_by, cancel_at, late }
}

/// The dispatch deadline has passed: the state stays what it was, and waits for the end of the grace.
pub(super) fn late(order: &Order, cancel_at: Timestamp) -> OrderState {
    let ship_by = order.ship_by.unwrap_or(cancel_at);
    match order.state {
        OrderState::PartiallyShipped { .. } => {
            OrderState::PartiallyShipped { ship_by, cancel_at, late: true }
        }
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => {
            OrderState::AwaitingShipment { ship_by, cancel_at, late: true }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{order_in, terms};
    use super::super::{apply, decide};
    use super::*;
    use crate::time::Span;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_ms(0) + Span::from_hours(hours)
    }

    fn waiting() -> Order {
        let state =
            OrderState::AwaitingShipment { ship_by: at(48), cancel_at: at(72), late: false };
        Order { ship_by: Some(at(48)), ..order_in(state) }
    }

    fn after(order: Order, command: OrderCommand, now: Timestamp) -> Order {
        let decision = decide(&order, command, &terms(), now).expect("it is possible");
        apply(order, decision.event)
    }

    #[test]
    fn an_order_waits_for_its_last_parcel_under_the_first_deadline() {
        let part = after(waiting(), OrderCommand::ShipPart, at(1));
        assert_eq!(
            part.state,
            OrderState::PartiallyShipped { ship_by: at(48), cancel_at: at(72), late: false }
        );
        let again = after(part.clone(), OrderCommand::ShipPart, at(2));
        assert_eq!(again.state, part.state);
        let whole = after(again, OrderCommand::Ship, at(3));
        assert!(matches!(whole.state, OrderState::AwaitingCollection { .. }));
    }

    #[test]
    fn a_rest_which_does_not_leave_is_late_then_cancelled() {
        let part = after(waiting(), OrderCommand::ShipPart, at(1));
        let late = after(part, OrderCommand::PassDeadline, at(48));
        assert!(matches!(late.state, OrderState::PartiallyShipped { late: true, .. }));
        assert_eq!(late.state.due_at(), Some(at(72)));
        let early = decide(&late, OrderCommand::PassDeadline, &terms(), at(71));
        assert_eq!(early, Err(OrderRefusal::NotDueYet { due: at(72) }));
        let rest = after(late, OrderCommand::PassDeadline, at(72));
        assert!(matches!(rest.state, OrderState::Cancelled { .. }));
    }

    #[test]
    fn what_has_left_is_not_cancelled() {
        let part = after(waiting(), OrderCommand::ShipPart, at(1));
        for command in [OrderCommand::CancelByBuyer, OrderCommand::ConfirmReceipt] {
            let refused = decide(&part, command, &terms(), at(2)).expect_err("a part has left");
            assert_eq!(refused.code(), "not_in_this_state");
        }
    }
}
