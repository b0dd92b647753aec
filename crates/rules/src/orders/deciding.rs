//! What a command does to an order, state by state.

use super::commands::{OrderCommand, OrderEvent};
use super::liability::{Refund, refunded};
use super::money::{captured, paid_more, refunded_in_full, settled};
use super::refunds::{BackReason, Shares};
use super::state::{CancelReason, CancelledBy, Fault, OrderState};
use super::{Decision, Order, OrderRefusal, OrderTerms, StockEffect, carrier, parts};
use crate::settlement;
use crate::time::Timestamp;

/// What a command does to an order, or why it does not.
pub fn decide(
    order: &Order,
    command: OrderCommand,
    terms: &OrderTerms,
    now: Timestamp,
) -> Result<Decision, OrderRefusal> {
    match command {
        OrderCommand::Pay => pay(order, terms, now),
        OrderCommand::Confirm => confirm(order, terms, now),
        OrderCommand::Ship => parts::ship(order, terms, now),
        OrderCommand::ShipPart => parts::ship_part(order),
        OrderCommand::Collect => carrier::collect(order, terms, now),
        OrderCommand::Progress { at } => carrier::progress(order, terms, at.min(now)),
        OrderCommand::Deliver => carrier::deliver(order, terms, now),
        OrderCommand::CancelByCarrier { reason } => carrier::cancel(order, reason),
        OrderCommand::ConfirmReceipt => confirm_receipt(order, terms, now),
        OrderCommand::CancelByBuyer => cancel_by_buyer(order, terms),
        OrderCommand::CancelAgreed { reason } => cancel_agreed(order, reason),
        OrderCommand::CancelByShop { reason } => cancel_by_shop(order, reason),
        OrderCommand::CancelByHouse { reason } => cancel_by_house(order, reason),
        OrderCommand::CancelForShortage { by } => cancel_for_shortage(order, by),
        OrderCommand::DropRest { part, by } => parts::drop_rest(order, (part, by), terms, now),
        OrderCommand::GiveBack { refund, reason } => give_back(order, refund, reason),
        OrderCommand::AddPaid { part } => add_paid(order, part),
        OrderCommand::OpenCase => open_case(order),
        OrderCommand::CloseCase => close_case(order),
        OrderCommand::PassDeadline => pass_deadline(order, terms, now),
    }
}

fn pay(order: &Order, terms: &OrderTerms, now: Timestamp) -> Result<Decision, OrderRefusal> {
    match order.state {
        OrderState::Unpaid { .. } => Ok(Decision {
            event: OrderEvent::Paid { cancel_free_until: now + terms.cancel_free },
            transfers: captured(&order.amounts),
            stock: StockEffect::Nothing,
            refund_minor: 0,
        }),
        // Spelled out, never `_`: a new state has to be answered for here.
        OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => refuse(order, OrderCommand::Pay),
    }
}

fn confirm(order: &Order, terms: &OrderTerms, now: Timestamp) -> Result<Decision, OrderRefusal> {
    match order.state {
        OrderState::AwaitingConfirmation { .. } => Ok(confirmed(terms, now)),
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::AwaitingShipment { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => refuse(order, OrderCommand::Confirm),
    }
}

fn confirm_receipt(
    order: &Order,
    terms: &OrderTerms,
    now: Timestamp,
) -> Result<Decision, OrderRefusal> {
    match order.state {
        OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. } => Ok(completed(terms, now, true)),
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => refuse(order, OrderCommand::ConfirmReceipt),
    }
}

fn cancel_by_buyer(order: &Order, terms: &OrderTerms) -> Result<Decision, OrderRefusal> {
    let how = (CancelledBy::Buyer, CancelReason::ChangedMind, Fault::Nobody);
    match order.state {
        OrderState::Unpaid { .. } => Ok(cancelled_unpaid(how)),
        OrderState::OnHold { .. } => Ok(cancelled_paid(order, how)),
        // The shop has broken its promise: some markets let the buyer go without asking.
        OrderState::AwaitingShipment { late: true, .. } if terms.cancel_when_late => {
            let how = (CancelledBy::Buyer, CancelReason::NotShippedInTime, Fault::Shop);
            Ok(cancelled_paid(order, how))
        }
        OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => refuse(order, OrderCommand::CancelByBuyer),
    }
}

fn cancel_agreed(order: &Order, reason: CancelReason) -> Result<Decision, OrderRefusal> {
    if !CancelReason::OF_BUYER.contains(&reason) {
        return Err(OrderRefusal::NotAReasonForBuyers { reason });
    }
    // A buyer who gives up on a late order leaves because of the shop.
    let late = matches!(order.state, OrderState::AwaitingShipment { late: true, .. });
    let fault = if late && reason == CancelReason::TooSlow { Fault::Shop } else { Fault::Nobody };
    let how = (CancelledBy::Buyer, reason, fault);
    match order.state {
        OrderState::AwaitingConfirmation { .. } | OrderState::AwaitingShipment { .. } => {
            Ok(cancelled_paid(order, how))
        }
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => refuse(order, OrderCommand::CancelAgreed { reason }),
    }
}

fn cancel_for_shortage(order: &Order, by: CancelledBy) -> Result<Decision, OrderRefusal> {
    let how = (by, CancelReason::OutOfStock, Fault::Shop);
    before_shipping(order, OrderCommand::CancelForShortage { by }, how)
}

fn cancel_by_shop(order: &Order, reason: CancelReason) -> Result<Decision, OrderRefusal> {
    if !CancelReason::OF_SHOP.contains(&reason) {
        return Err(OrderRefusal::NotAReasonForShops { reason });
    }
    let fault = match reason {
        CancelReason::AddressProblem => Fault::Buyer,
        CancelReason::OutOfStock | CancelReason::PriceError => Fault::Shop,
        CancelReason::NotPaidInTime
        | CancelReason::ChangedMind
        | CancelReason::OrderedByMistake
        | CancelReason::TooSlow
        | CancelReason::NotConfirmedInTime
        | CancelReason::NotShippedInTime
        | CancelReason::NeverCollected
        | CancelReason::LostInTransit
        | CancelReason::DamagedInTransit
        | CancelReason::ReturnedToSender
        | CancelReason::FraudRisk => Fault::Nobody,
    };
    before_shipping(
        order,
        OrderCommand::CancelByShop { reason },
        (CancelledBy::Shop, reason, fault),
    )
}

fn cancel_by_house(order: &Order, reason: CancelReason) -> Result<Decision, OrderRefusal> {
    let how = (CancelledBy::House, reason, Fault::Nobody);
    before_shipping(order, OrderCommand::CancelByHouse { reason }, how)
}

/// Part of what the buyer paid goes back; the order goes on with what is left, or stays settled.
fn give_back(order: &Order, refund: Refund, reason: BackReason) -> Result<Decision, OrderRefusal> {
    let transfers = refunded(order, &refund, OrderCommand::GiveBack { refund, reason })?;
    let Refund { part, liable, .. } = refund;
    let fee_minor = refund.fee_due_minor();
    Ok(Decision {
        event: OrderEvent::PartlyRefunded { part, fee_minor, reason, liable },
        transfers,
        stock: StockEffect::Nothing,
        refund_minor: part.paid_minor,
    })
}

fn add_paid(order: &Order, part: Shares) -> Result<Decision, OrderRefusal> {
    let command = OrderCommand::AddPaid { part };
    match order.state {
        OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. } => {
            Ok(Decision { transfers: paid_more(part), ..only(OrderEvent::PaidMore { part }) })
        }
        OrderState::Unpaid { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => refuse(order, command),
    }
}

/// Whatever has left can go wrong. What is still here is cancelled, not complained about.
fn open_case(order: &Order) -> Result<Decision, OrderRefusal> {
    match order.state {
        OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled => Ok(only(OrderEvent::CaseOpened)),
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::Cancelled { .. } => refuse(order, OrderCommand::OpenCase),
    }
}

fn close_case(order: &Order) -> Result<Decision, OrderRefusal> {
    if order.cases_count > 0 {
        Ok(only(OrderEvent::CaseClosed))
    } else {
        refuse(order, OrderCommand::CloseCase)
    }
}

type HowCancelled = (CancelledBy, CancelReason, Fault);

fn before_shipping(
    order: &Order,
    command: OrderCommand,
    how: HowCancelled,
) -> Result<Decision, OrderRefusal> {
    match order.state {
        OrderState::Unpaid { .. } => Ok(cancelled_unpaid(how)),
        OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. } => Ok(cancelled_paid(order, how)),
        // A part is on its way: only what is missing of it can still be given back.
        OrderState::PartiallyShipped { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => refuse(order, command),
    }
}

/// Silence is an answer too: what happens when nobody acted in time.
fn pass_deadline(
    order: &Order,
    terms: &OrderTerms,
    now: Timestamp,
) -> Result<Decision, OrderRefusal> {
    if order.is_held() {
        return Err(OrderRefusal::HeldByCase { count: order.cases_count });
    }
    match order.state.due_at() {
        Some(due) if now < due => return Err(OrderRefusal::NotDueYet { due }),
        Some(_) | None => {}
    }
    let by = CancelledBy::Deadline;
    match order.state {
        OrderState::Unpaid { .. } => {
            Ok(cancelled_unpaid((by, CancelReason::NotPaidInTime, Fault::Buyer)))
        }
        OrderState::OnHold { .. } if order.flagged || terms.confirm_all => {
            Ok(only(OrderEvent::CheckNeeded { confirm_by: now + terms.confirm_by }))
        }
        OrderState::OnHold { .. } => Ok(confirmed(terms, now)),
        OrderState::AwaitingConfirmation { .. } => {
            Ok(cancelled_paid(order, (by, CancelReason::NotConfirmedInTime, Fault::Shop)))
        }
        // Without any grace there is no time in which the order could be late.
        OrderState::AwaitingShipment { late: false, ship_by, cancel_at }
        | OrderState::PartiallyShipped { late: false, ship_by, cancel_at }
            if ship_by < cancel_at =>
        {
            Ok(only(OrderEvent::DispatchLate { cancel_at }))
        }
        // Of what has left nothing is whole: all of the money goes back. Otherwise the clock gives up the rest alone,
        // by [`OrderCommand::DropRest`].
        OrderState::AwaitingShipment { .. } | OrderState::PartiallyShipped { .. } => {
            Ok(cancelled_paid(order, (by, CancelReason::NotShippedInTime, Fault::Shop)))
        }
        // No scan: the carrier never had the parcel, so its goods are still the shop's to sell.
        OrderState::AwaitingCollection { .. } => Ok(Decision {
            stock: StockEffect::PutBack,
            ..cancelled_paid(order, (by, CancelReason::NeverCollected, Fault::Shop))
        }),
        // A parcel which has stopped moving is lost, promised for later or not.
        OrderState::InTransit { overdue: false, lost_at, .. } if now < lost_at => {
            Ok(only(OrderEvent::DeliveryOverdue { lost_at }))
        }
        OrderState::InTransit { .. } => Ok(carrier::lost(order, by, CancelReason::LostInTransit)),
        OrderState::Delivered { .. } => Ok(completed(terms, now, false)),
        OrderState::Completed { .. } => Ok(settle(order, terms, now)),
        OrderState::Settled | OrderState::Cancelled { .. } => {
            refuse(order, OrderCommand::PassDeadline)
        }
    }
}

fn confirmed(terms: &OrderTerms, now: Timestamp) -> Decision {
    let ship_by = now + terms.dispatch_by;
    only(OrderEvent::Confirmed { ship_by, cancel_at: ship_by + terms.dispatch_grace })
}

fn completed(terms: &OrderTerms, now: Timestamp, by_buyer: bool) -> Decision {
    only(OrderEvent::Completed { settle_at: settle_at(terms, now, by_buyer), by_buyer })
}

/// Settlement counts from delivery. A buyer who confirms early has the parcel now; a passed
/// deadline means that delivery was `auto_complete` ago.
fn settle_at(terms: &OrderTerms, now: Timestamp, by_buyer: bool) -> Timestamp {
    let delivered = if by_buyer { now } else { now - terms.auto_complete };
    settlement::terms::settle_at(delivered, now, terms.settle_after)
}

fn settle(order: &Order, terms: &OrderTerms, now: Timestamp) -> Decision {
    let (transfers, reserve_minor) = settled(&order.proceeds(), terms.reserve_bp);
    let reserve_until = now + terms.reserve_for;
    Decision { transfers, ..only(OrderEvent::Settled { reserve_minor, reserve_until }) }
}

fn cancelled_unpaid((by, reason, fault): HowCancelled) -> Decision {
    Decision { stock: StockEffect::Release, ..only(OrderEvent::Cancelled { by, reason, fault }) }
}

fn cancelled_paid(order: &Order, (by, reason, fault): HowCancelled) -> Decision {
    Decision {
        event: OrderEvent::Cancelled { by, reason, fault },
        transfers: refunded_in_full(&order.left()),
        stock: StockEffect::Release,
        refund_minor: order.left().total_minor,
    }
}

pub(super) fn only(event: OrderEvent) -> Decision {
    Decision { event, transfers: Vec::new(), stock: StockEffect::Nothing, refund_minor: 0 }
}

pub(super) fn refuse(order: &Order, command: OrderCommand) -> Result<Decision, OrderRefusal> {
    Err(OrderRefusal::NotInThisState { command, state: order.state.name() })
}
