//! What a carrier's reports do to an order: collected, on the way, delivered, or never to arrive.

use super::{
    CancelReason, CancelledBy, Decision, Fault, Order, OrderCommand, OrderEvent, OrderRefusal,
    OrderState, OrderTerms, StockEffect, money, only, refuse,
};
use crate::time::Timestamp;

/// The first scan. From here on silence counts: so long without another scan, and the parcel is lost.
pub(super) fn collect(
    order: &Order,
    terms: &OrderTerms,
    now: Timestamp,
) -> Result<Decision, OrderRefusal> {
    match order.state {
        OrderState::AwaitingCollection { .. } => {
            let deliver_by = now + terms.deliver_by;
            Ok(only(OrderEvent::Collected { deliver_by, lost_at: now + terms.lost_after }))
        }
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => refuse(order, OrderCommand::Collect),
    }
}

/// A later scan moves the moment at which the parcel counts as lost, never back and never for ever.
pub(super) fn progress(
    order: &Order,
    terms: &OrderTerms,
    at: Timestamp,
) -> Result<Decision, OrderRefusal> {
    match order.state {
        OrderState::InTransit { deliver_by, lost_at, .. } => {
            let next = (at + terms.lost_after).min(deliver_by + terms.give_up_after);
            Ok(only(OrderEvent::Progressed { lost_at: next.max(lost_at) }))
        }
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => refuse(order, OrderCommand::Progress { at }),
    }
}

pub(super) fn deliver(
    order: &Order,
    terms: &OrderTerms,
    now: Timestamp,
) -> Result<Decision, OrderRefusal> {
    match order.state {
        // Carriers lose scans: a parcel may be delivered without ever having been seen moving.
        OrderState::AwaitingCollection { .. } | OrderState::InTransit { .. } => {
            Ok(only(OrderEvent::Delivered { complete_at: now + terms.auto_complete }))
        }
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => refuse(order, OrderCommand::Deliver),
    }
}

/// The carrier's own word that the parcel will not arrive. What it lost or broke, it pays; what came back to the shop
/// is refunded out of escrow, and the shop counts the goods in itself after it has looked at them.
pub(super) fn cancel(order: &Order, reason: CancelReason) -> Result<Decision, OrderRefusal> {
    let by = CancelledBy::Carrier;
    match order.state {
        OrderState::AwaitingCollection { .. } | OrderState::InTransit { .. } => match reason {
            CancelReason::LostInTransit | CancelReason::DamagedInTransit => {
                Ok(lost(order, by, reason))
            }
            CancelReason::ReturnedToSender => Ok(returned(order)),
            CancelReason::NotPaidInTime
            | CancelReason::ChangedMind
            | CancelReason::OrderedByMistake
            | CancelReason::TooSlow
            | CancelReason::OutOfStock
            | CancelReason::PriceError
            | CancelReason::AddressProblem
            | CancelReason::NotConfirmedInTime
            | CancelReason::NotShippedInTime
            | CancelReason::NeverCollected
            | CancelReason::FraudRisk => Err(OrderRefusal::NotAReasonForCarriers { reason }),
        },
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => refuse(order, OrderCommand::CancelByCarrier { reason }),
    }
}

/// Lost with a scan: the carrier owes the buyer's money, and the shop is paid as if it had arrived.
pub(super) fn lost(order: &Order, by: CancelledBy, reason: CancelReason) -> Decision {
    Decision {
        event: OrderEvent::Cancelled { by, reason, fault: Fault::Carrier },
        transfers: money::lost_by_carrier(&order.left()),
        stock: StockEffect::Nothing,
        refund_minor: order.left().total_minor,
    }
}

/// Nobody took it: nobody's fault that counts, and the goods are not for sale again before somebody has seen them.
fn returned(order: &Order) -> Decision {
    let event = OrderEvent::Cancelled {
        by: CancelledBy::Carrier,
        reason: CancelReason::ReturnedToSender,
        fault: Fault::Nobody,
    };
    Decision {
        event,
        transfers: money::refunded_in_full(&order.left()),
        stock: StockEffect::Nothing,
        refund_minor: order.left().total_minor,
    }
}

/// Until when delivery was promised, and whether that is over; nothing for an order which is not on its way.
pub(super) const fn on_the_way(state: OrderState) -> Option<(Timestamp, bool)> {
    match state {
        OrderState::InTransit { deliver_by, overdue, .. } => Some((deliver_by, overdue)),
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => None,
    }
}
