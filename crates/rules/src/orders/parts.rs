//! Orders which leave in several parcels: the order waits for its last one.

use super::refunds::Shares;
use super::{
    CancelledBy, Decision, Order, OrderCommand, OrderEvent, OrderRefusal, OrderState, OrderTerms,
    StockEffect, money, only, refuse,
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

/// The rest never leaves. Its frozen shares go back to the buyer, its goods are free again, and the order goes on with
/// what has left. The clock does it when the grace is over; the shop may say so earlier.
pub(super) fn drop_rest(
    order: &Order,
    (part, by): (Shares, CancelledBy),
    terms: &OrderTerms,
    now: Timestamp,
) -> Result<Decision, OrderRefusal> {
    match order.state {
        OrderState::PartiallyShipped { cancel_at, .. } => {
            if by == CancelledBy::Deadline && now < cancel_at {
                return Err(OrderRefusal::NotDueYet { due: cancel_at });
            }
            let left = order.left();
            if !part.fits_in(left.shares()) {
                let (asked, left) = (part.paid_minor, left.total_minor);
                return Err(OrderRefusal::MoreThanIsLeft { asked, left });
            }
            Ok(Decision {
                event: OrderEvent::RestDropped { part, by, collect_by: now + terms.collect_by },
                transfers: money::given_back(part),
                stock: StockEffect::Release,
                refund_minor: part.paid_minor,
            })
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
        | OrderState::Cancelled { .. } => refuse(order, OrderCommand::DropRest { part, by }),
    }
}

/// How many of a line's units have left whole. `pieces` says of each SKU of the line how many pieces the line has, and
/// how many of them have left; a unit of a set has left when all of its pieces have.
pub fn units_left_whole(units: i64, pieces: &[(i64, i64)]) -> i64 {
    let of = |(all, left): &(i64, i64)| match all / units.max(1) {
        ..=0 => units,
        each => left / each,
    };
    pieces.iter().map(of).min().unwrap_or(0).clamp(0, units.max(0))
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
    fn a_rest_which_never_leaves_goes_back_alone() {
        let part = Shares { paid_minor: 300, tax_minor: 20, ..Shares::NOTHING };
        let order = after(waiting(), OrderCommand::ShipPart, at(1));
        let by_clock = OrderCommand::DropRest { part, by: CancelledBy::Deadline };
        let early = decide(&order, by_clock, &terms(), at(71));
        assert_eq!(early, Err(OrderRefusal::NotDueYet { due: at(72) }));
        let decision = decide(&order, by_clock, &terms(), at(72)).expect("the grace is over");
        assert_eq!((decision.refund_minor, decision.stock), (300, StockEffect::Release));
        let rest = apply(order.clone(), decision.event);
        assert!(matches!(rest.state, OrderState::AwaitingCollection { .. }), "the order goes on");
        assert_eq!(rest.left().total_minor, order.left().total_minor - 300);
        let by_shop = OrderCommand::DropRest { part, by: CancelledBy::Shop };
        assert!(decide(&order, by_shop, &terms(), at(2)).is_ok(), "the shop need not wait");
        let whole = decide(&waiting(), by_shop, &terms(), at(2)).expect_err("nothing has left");
        assert_eq!(whole.code(), "not_in_this_state");
    }

    #[test]
    fn a_set_has_left_when_all_its_pieces_have() {
        assert_eq!(units_left_whole(3, &[(3, 2)]), 2);
        assert_eq!(
            units_left_whole(3, &[(3, 2), (6, 3)]),
            1,
            "two of the second piece make one set"
        );
        assert_eq!(units_left_whole(3, &[(3, 3), (6, 6)]), 3);
        assert_eq!(units_left_whole(2, &[]), 0, "nothing is to leave");
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
