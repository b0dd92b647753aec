//! Orders: from placed to settled or cancelled.
//!
//! [`decide`] says what a command does to an order, [`apply`] folds the outcome in.
//! Nothing here reads a clock, a database or a setting: all of it is passed in.

mod carrier;
pub mod flags;
mod money;
mod parts;
mod state;
mod terms;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use money::{captured, refunded_in_full, settled};
pub use state::{CancelReason, CancelledBy, Fault, OrderState, OrderStateName};

use crate::ids::{OrderId, PaymentId, PersonId, ShopId};
use crate::ledger::Transfer;
use crate::money::Currency;
use crate::settlement;
use crate::time::{Span, Timestamp};

/// The order as a decision needs it. Lines, address and titles play no part in deciding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub id: OrderId,
    pub shop: ShopId,
    pub buyer: PersonId,
    pub payment: PaymentId,
    pub state: OrderState,
    pub amounts: OrderAmounts,
    /// Whether something was flagged at placement (codes of [`flags::Flag`]).
    pub flagged: bool,
    pub ship_by: Option<Timestamp>,
    pub version: i64,
}

/// Frozen at placement, minor units of `currency`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderAmounts {
    pub currency: Currency,
    pub total_minor: i64,
    pub tax_minor: i64,
    /// Charges at the border, collected for authorities.
    pub duty_minor: i64,
    pub house_discount_minor: i64,
    pub commission_minor: i64,
}

impl OrderAmounts {
    /// What stands in escrow once paid: what the buyer paid less tax and duty, plus the house's share of discounts.
    pub const fn escrow_minor(&self) -> i64 {
        self.total_minor - self.tax_minor - self.duty_minor + self.house_discount_minor
    }
}

/// The lengths of time and the shares which govern one order, read from its policy version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderTerms {
    pub pay_by: Span,
    pub cancel_free: Span,
    pub confirm_by: Span,
    pub dispatch_by: Span,
    pub dispatch_grace: Span,
    pub collect_by: Span,
    pub deliver_by: Span,
    /// From the carrier's last scan.
    pub lost_after: Span,
    /// From `deliver_by`: however often a parcel is scanned, it counts as lost at last.
    pub give_up_after: Span,
    pub auto_complete: Span,
    /// From delivery to settlement; never before completion.
    pub settle_after: Span,
    pub reserve_bp: i64,
    pub reserve_for: Span,
    /// Whether a shop confirms every order, not only the flagged ones.
    pub confirm_all: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderCommand {
    Pay,
    Confirm,
    /// The shop has handed in the last tracking number; its goods leave stock.
    Ship,
    /// A parcel leaves, and more of the order is to follow.
    ShipPart,
    /// First scan of the carrier.
    Collect,
    /// A later scan, which happened at that moment: the parcel is not lost yet.
    Progress {
        at: Timestamp,
    },
    Deliver,
    ConfirmReceipt,
    CancelByBuyer,
    CancelByShop {
        reason: CancelReason,
    },
    CancelByHouse {
        reason: CancelReason,
    },
    /// The carrier says itself that the parcel will not arrive.
    CancelByCarrier {
        reason: CancelReason,
    },
    PassDeadline,
}

impl OrderCommand {
    pub const ALL: [OrderCommand; 14] = [
        OrderCommand::Pay,
        OrderCommand::Confirm,
        OrderCommand::Ship,
        OrderCommand::ShipPart,
        OrderCommand::Collect,
        OrderCommand::Progress { at: Timestamp::from_ms(0) },
        OrderCommand::Deliver,
        OrderCommand::ConfirmReceipt,
        OrderCommand::CancelByBuyer,
        OrderCommand::CancelByShop { reason: CancelReason::OutOfStock },
        OrderCommand::CancelByHouse { reason: CancelReason::FraudRisk },
        OrderCommand::CancelByCarrier { reason: CancelReason::LostInTransit },
        OrderCommand::CancelByCarrier { reason: CancelReason::ReturnedToSender },
        OrderCommand::PassDeadline,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            OrderCommand::Pay => "pay",
            OrderCommand::Confirm => "confirm",
            OrderCommand::Ship => "ship",
            OrderCommand::ShipPart => "ship_part",
            OrderCommand::Collect => "collect",
            OrderCommand::Progress { .. } => "progress",
            OrderCommand::Deliver => "deliver",
            OrderCommand::ConfirmReceipt => "confirm_receipt",
            OrderCommand::CancelByBuyer => "cancel_by_buyer",
            OrderCommand::CancelByShop { .. } => "cancel_by_shop",
            OrderCommand::CancelByHouse { .. } => "cancel_by_house",
            OrderCommand::CancelByCarrier { .. } => "cancel_by_carrier",
            OrderCommand::PassDeadline => "pass_deadline",
        }
    }
}

/// A fact, past tense. The body of the order's timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderEvent {
    Paid {
        cancel_free_until: Timestamp,
    },
    /// The free hour is over and something is flagged.
    CheckNeeded {
        confirm_by: Timestamp,
    },
    /// Nothing stands against shipping: found by itself or by the shop.
    Confirmed {
        ship_by: Timestamp,
        cancel_at: Timestamp,
    },
    DispatchLate {
        cancel_at: Timestamp,
    },
    /// A part has left; the deadline for the rest stays.
    PartShipped {
        ship_by: Timestamp,
        cancel_at: Timestamp,
    },
    Shipped {
        collect_by: Timestamp,
    },
    Collected {
        deliver_by: Timestamp,
        lost_at: Timestamp,
    },
    /// Scanned again: when it counts as lost has moved.
    Progressed {
        lost_at: Timestamp,
    },
    DeliveryOverdue {
        lost_at: Timestamp,
    },
    Delivered {
        complete_at: Timestamp,
    },
    Completed {
        settle_at: Timestamp,
        by_buyer: bool,
    },
    Settled {
        reserve_minor: i64,
        reserve_until: Timestamp,
    },
    Cancelled {
        by: CancelledBy,
        reason: CancelReason,
        fault: Fault,
    },
}

impl OrderEvent {
    pub const fn code(self) -> &'static str {
        match self {
            OrderEvent::Paid { .. } => "paid",
            OrderEvent::CheckNeeded { .. } => "check_needed",
            OrderEvent::Confirmed { .. } => "confirmed",
            OrderEvent::DispatchLate { .. } => "dispatch_late",
            OrderEvent::PartShipped { .. } => "part_shipped",
            OrderEvent::Shipped { .. } => "shipped",
            OrderEvent::Collected { .. } => "collected",
            OrderEvent::Progressed { .. } => "progressed",
            OrderEvent::DeliveryOverdue { .. } => "delivery_overdue",
            OrderEvent::Delivered { .. } => "delivered",
            OrderEvent::Completed { .. } => "completed",
            OrderEvent::Settled { .. } => "settled",
            OrderEvent::Cancelled { .. } => "cancelled",
        }
    }
}

/// What happens to the goods in the warehouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StockEffect {
    Nothing,
    /// The reservation ends, the goods are free again.
    Release,
    /// The goods have left the warehouse.
    TakeOut,
    /// The goods never left the shop's hands: they are in the warehouse again.
    PutBack,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub event: OrderEvent,
    pub transfers: Vec<Transfer>,
    pub stock: StockEffect,
    /// What the buyer gets back, minor units; 0 where nothing does. The provider is asked by a job.
    pub refund_minor: i64,
}

/// The market says no, for a reason with facts in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderRefusal {
    #[error("{} is not possible while the order is {}", command.code(), state.code())]
    NotInThisState { command: OrderCommand, state: OrderStateName },
    #[error("the deadline is {due}")]
    NotDueYet { due: Timestamp },
    #[error("{} is not a reason which a shop may give", reason.code())]
    NotAReasonForShops { reason: CancelReason },
    #[error("{} is not a reason which a carrier may give", reason.code())]
    NotAReasonForCarriers { reason: CancelReason },
}

impl OrderRefusal {
    pub const fn code(self) -> &'static str {
        match self {
            OrderRefusal::NotInThisState { .. } => "not_in_this_state",
            OrderRefusal::NotDueYet { .. } => "not_due_yet",
            OrderRefusal::NotAReasonForShops { .. } => "not_a_reason_for_shops",
            OrderRefusal::NotAReasonForCarriers { .. } => "not_a_reason_for_carriers",
        }
    }
}

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
        OrderCommand::ConfirmReceipt => confirm_receipt(order, terms, now),
        OrderCommand::CancelByBuyer => cancel_by_buyer(order),
        OrderCommand::CancelByShop { reason } => cancel_by_shop(order, reason),
        OrderCommand::CancelByHouse { reason } => cancel_by_house(order, reason),
        OrderCommand::CancelByCarrier { reason } => carrier::cancel(order, reason),
        OrderCommand::PassDeadline => pass_deadline(order, terms, now),
    }
}

/// Folds an event into the order. The row's version counts the events since placement.
pub fn apply(order: Order, event: OrderEvent) -> Order {
    let state = match event {
        OrderEvent::Paid { cancel_free_until } => OrderState::OnHold { cancel_free_until },
        OrderEvent::CheckNeeded { confirm_by } => OrderState::AwaitingConfirmation { confirm_by },
        OrderEvent::Confirmed { ship_by, cancel_at } => {
            OrderState::AwaitingShipment { ship_by, cancel_at, late: false }
        }
        OrderEvent::DispatchLate { cancel_at } => parts::late(&order, cancel_at),
        OrderEvent::PartShipped { ship_by, cancel_at } => {
            parts::part_shipped(&order, ship_by, cancel_at)
        }
        OrderEvent::Shipped { collect_by } => OrderState::AwaitingCollection { collect_by },
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
    };
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
        | OrderEvent::Cancelled { .. } => order.ship_by,
    };
    Order { state, ship_by, version: order.version + 1, ..order }
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

fn cancel_by_buyer(order: &Order) -> Result<Decision, OrderRefusal> {
    let how = (CancelledBy::Buyer, CancelReason::ChangedMind, Fault::Nobody);
    match order.state {
        OrderState::Unpaid { .. } => Ok(cancelled_unpaid(how)),
        OrderState::OnHold { .. } => Ok(cancelled_paid(order, how)),
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

fn cancel_by_shop(order: &Order, reason: CancelReason) -> Result<Decision, OrderRefusal> {
    if !CancelReason::OF_SHOP.contains(&reason) {
        return Err(OrderRefusal::NotAReasonForShops { reason });
    }
    let fault = match reason {
        CancelReason::AddressProblem => Fault::Buyer,
        CancelReason::OutOfStock | CancelReason::PriceError => Fault::Shop,
        CancelReason::NotPaidInTime
        | CancelReason::ChangedMind
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
        // Whoever sends a part and never the rest has not sent the order: all of the money goes back.
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
    let (transfers, reserve_minor) = settled(&order.amounts, terms.reserve_bp);
    let reserve_until = now + terms.reserve_for;
    Decision { transfers, ..only(OrderEvent::Settled { reserve_minor, reserve_until }) }
}

fn cancelled_unpaid((by, reason, fault): HowCancelled) -> Decision {
    Decision { stock: StockEffect::Release, ..only(OrderEvent::Cancelled { by, reason, fault }) }
}

fn cancelled_paid(order: &Order, (by, reason, fault): HowCancelled) -> Decision {
    Decision {
        event: OrderEvent::Cancelled { by, reason, fault },
        transfers: refunded_in_full(&order.amounts),
        stock: StockEffect::Release,
        refund_minor: order.amounts.total_minor,
    }
}

fn only(event: OrderEvent) -> Decision {
    Decision { event, transfers: Vec::new(), stock: StockEffect::Nothing, refund_minor: 0 }
}

fn refuse(order: &Order, command: OrderCommand) -> Result<Decision, OrderRefusal> {
    Err(OrderRefusal::NotInThisState { command, state: order.state.name() })
}
