//! Which figures a step of an order or of a parcel moves.

use super::Figure;
use crate::orders::{Fault, Order, OrderEvent, OrderState};
use crate::time::Timestamp;

/// What a step does to a figure. Whoever keeps it counts a thing once: a second `Count` of the same thing is nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The thing counts from now on, on this day.
    Count { figure: Figure, met: bool },
    /// A thing which was counted is met, or is not any more; it stays on its day. One which was never counted is not.
    Mark { figure: Figure, met: bool },
}

/// What the figures know of an order beside its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// When the carrier first scanned it, or when its last parcel left where that is later; the moment of delivery for
    /// an order which was brought without a scan.
    pub scanned_at: Timestamp,
    /// Until when it was promised to the buyer.
    pub promise_by: Timestamp,
}

/// What an event of an order moves. `before` is the order before it.
pub fn of_order(before: &Order, event: OrderEvent, facts: Facts, now: Timestamp) -> Vec<Move> {
    let dispatched = Move::Count {
        figure: Figure::LateDispatch,
        met: before.ship_by.is_some_and(|by| facts.scanned_at > by),
    };
    let delivered = Move::Count { figure: Figure::OnTimeDelivery, met: now <= facts.promise_by };
    let on_its_way = in_transit(before.state);
    match event {
        OrderEvent::Paid { .. } => {
            vec![Move::Count { figure: Figure::FaultCancellation, met: false }]
        }
        OrderEvent::Collected { .. } => vec![dispatched],
        // Carriers lose scans: what was brought was dispatched.
        OrderEvent::Delivered { .. } if !on_its_way => vec![dispatched, delivered],
        OrderEvent::Delivered { .. } => vec![delivered],
        // The buyer says that it is there before the carrier does. Without any scan nobody knows when it was dispatched.
        OrderEvent::Completed { by_buyer: true, .. } if !is_delivered(before.state) => {
            vec![delivered]
        }
        OrderEvent::Cancelled { fault, .. } if was_paid(before.state) => {
            vec![Move::Mark { figure: Figure::FaultCancellation, met: fault == Fault::Shop }]
        }
        // An order which goes on with less is not a cancelled one; what was dropped of it is told by its own events.
        OrderEvent::RestDropped { .. }
        | OrderEvent::CheckNeeded { .. }
        | OrderEvent::Confirmed { .. }
        | OrderEvent::DispatchLate { .. }
        | OrderEvent::PartShipped { .. }
        | OrderEvent::Shipped { .. }
        | OrderEvent::Progressed { .. }
        | OrderEvent::DeliveryOverdue { .. }
        | OrderEvent::Completed { .. }
        | OrderEvent::Settled { .. }
        | OrderEvent::Cancelled { .. }
        | OrderEvent::PartlyRefunded { .. }
        | OrderEvent::PaidMore { .. }
        | OrderEvent::CaseOpened
        | OrderEvent::CaseClosed => Vec::new(),
    }
}

/// What of a parcel the figures look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbered {
    pub handed_over: bool,
    /// Whether the carrier knows its number.
    pub recognised: bool,
}

/// What a change of a parcel moves: it counts when it is handed over, and is met while its carrier knows its number.
pub fn of_parcel(before: Numbered, after: Numbered) -> Option<Move> {
    let (figure, met) = (Figure::ValidTracking, after.recognised);
    if after.handed_over && !before.handed_over {
        return Some(Move::Count { figure, met });
    }
    (before.recognised != after.recognised).then_some(Move::Mark { figure, met })
}

const fn in_transit(state: OrderState) -> bool {
    match state {
        OrderState::InTransit { .. } => true,
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => false,
    }
}

const fn is_delivered(state: OrderState) -> bool {
    match state {
        OrderState::Delivered { .. } => true,
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => false,
    }
}

const fn was_paid(state: OrderState) -> bool {
    match state {
        OrderState::Unpaid { .. } => false,
        OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::liability::Liable;
    use crate::orders::refunds::{BackReason, Shares};
    use crate::orders::{CancelReason, CancelledBy, order_for_tests};

    const fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    const ON_TIME: Facts = Facts { scanned_at: at(90), promise_by: at(500) };

    fn moves(state: OrderState, event: OrderEvent) -> Vec<Move> {
        let order = Order { ship_by: Some(at(100)), ..order_for_tests(state) };
        of_order(&order, event, ON_TIME, at(400))
    }

    fn waiting() -> OrderState {
        OrderState::AwaitingShipment { ship_by: at(100), cancel_at: at(200), late: false }
    }

    fn on_its_way() -> OrderState {
        OrderState::InTransit { deliver_by: at(600), lost_at: at(700), overdue: false }
    }

    const COLLECTION: OrderState = OrderState::AwaitingCollection { collect_by: at(200) };

    fn count(figure: Figure, met: bool) -> Move {
        Move::Count { figure, met }
    }

    #[test]
    fn each_step_moves_what_it_says() {
        use Figure::{FaultCancellation, LateDispatch, OnTimeDelivery};
        let cancelled = |fault| OrderEvent::Cancelled {
            by: CancelledBy::Shop,
            reason: CancelReason::OutOfStock,
            fault,
        };
        let mark = |met| vec![Move::Mark { figure: FaultCancellation, met }];
        let by_buyer = |by_buyer| OrderEvent::Completed { settle_at: at(900), by_buyer };
        let unpaid = OrderState::Unpaid { pay_by: at(50) };
        let hold = OrderState::OnHold { cancel_free_until: at(60) };
        let there = OrderState::Delivered { complete_at: at(800) };
        let delivered = OrderEvent::Delivered { complete_at: at(800) };
        let back = OrderEvent::PartlyRefunded {
            part: Shares::NOTHING,
            fee_minor: 0,
            reason: BackReason::LineCancelled,
            liable: Liable::Shop,
        };
        let table: [(OrderState, OrderEvent, Vec<Move>); 23] = [
            (
                unpaid,
                OrderEvent::Paid { cancel_free_until: at(60) },
                vec![count(FaultCancellation, false)],
            ),
            (unpaid, cancelled(Fault::Buyer), vec![]),
            (unpaid, cancelled(Fault::Shop), vec![]),
            (hold, OrderEvent::CheckNeeded { confirm_by: at(90) }, vec![]),
            (hold, OrderEvent::Confirmed { ship_by: at(100), cancel_at: at(200) }, vec![]),
            (hold, cancelled(Fault::Nobody), mark(false)),
            (waiting(), cancelled(Fault::Shop), mark(true)),
            (waiting(), cancelled(Fault::Carrier), mark(false)),
            (waiting(), OrderEvent::DispatchLate { cancel_at: at(200) }, vec![]),
            (waiting(), OrderEvent::PartShipped { ship_by: at(100), cancel_at: at(200) }, vec![]),
            (waiting(), OrderEvent::Shipped { collect_by: at(200) }, vec![]),
            (
                COLLECTION,
                OrderEvent::Collected { deliver_by: at(600), lost_at: at(700) },
                vec![count(LateDispatch, false)],
            ),
            (COLLECTION, delivered, vec![count(LateDispatch, false), count(OnTimeDelivery, true)]),
            (COLLECTION, by_buyer(true), vec![count(OnTimeDelivery, true)]),
            (COLLECTION, cancelled(Fault::Shop), mark(true)),
            (on_its_way(), OrderEvent::Progressed { lost_at: at(800) }, vec![]),
            (on_its_way(), OrderEvent::DeliveryOverdue { lost_at: at(800) }, vec![]),
            (on_its_way(), delivered, vec![count(OnTimeDelivery, true)]),
            (on_its_way(), by_buyer(true), vec![count(OnTimeDelivery, true)]),
            (on_its_way(), cancelled(Fault::Carrier), mark(false)),
            (there, by_buyer(true), vec![]),
            (there, by_buyer(false), vec![]),
            (there, back, vec![]),
        ];
        for (state, event, expected) in table {
            assert_eq!(moves(state, event), expected, "{event:?} from {state:?}");
        }
        for event in [
            OrderEvent::Settled { reserve_minor: 0, reserve_until: at(900) },
            OrderEvent::PaidMore { part: Shares::NOTHING },
            OrderEvent::CaseOpened,
            OrderEvent::CaseClosed,
        ] {
            assert_eq!(moves(there, event), []);
        }
    }

    #[test]
    fn a_scan_after_the_deadline_is_late_and_one_at_the_deadline_is_not() {
        let order = Order { ship_by: Some(at(100)), ..order_for_tests(COLLECTION) };
        let scanned = |ms| {
            let facts = Facts { scanned_at: at(ms), ..ON_TIME };
            let event = OrderEvent::Collected { deliver_by: at(600), lost_at: at(700) };
            of_order(&order, event, facts, at(1_000))
        };
        assert_eq!(scanned(100), [count(Figure::LateDispatch, false)]);
        assert_eq!(scanned(101), [count(Figure::LateDispatch, true)]);
    }

    #[test]
    fn after_the_promised_moment_it_is_not_on_time() {
        let order = order_for_tests(on_its_way());
        let event = OrderEvent::Delivered { complete_at: at(800) };
        let brought = |ms| of_order(&order, event, ON_TIME, at(ms));
        assert_eq!(brought(500), [count(Figure::OnTimeDelivery, true)]);
        assert_eq!(brought(501), [count(Figure::OnTimeDelivery, false)]);
    }

    #[test]
    fn a_parcel_counts_when_it_leaves_and_is_met_while_its_number_is_known() {
        let parcel = |handed_over, recognised| Numbered { handed_over, recognised };
        let (figure, here, gone) =
            (Figure::ValidTracking, parcel(false, false), parcel(true, false));
        let known = parcel(true, true);
        assert_eq!(of_parcel(here, here), None);
        assert_eq!(of_parcel(here, gone), Some(Move::Count { figure, met: false }));
        assert_eq!(of_parcel(gone, known), Some(Move::Mark { figure, met: true }));
        assert_eq!(of_parcel(known, known), None);
        // The number was changed: nobody has seen the new one yet.
        assert_eq!(of_parcel(known, gone), Some(Move::Mark { figure, met: false }));
        assert_eq!(of_parcel(here, known), Some(Move::Count { figure, met: true }));
    }
}
