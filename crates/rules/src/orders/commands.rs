//! What can be asked of an order, and the facts which follow.

use serde::{Deserialize, Serialize};

use super::liability::{Liable, Refund};
use super::refunds::{BackReason, Shares};
use super::state::{CancelReason, CancelledBy, Fault};
use crate::time::Timestamp;

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
    /// The buyer asked after the free hour, and the shop said yes, or nothing in time.
    CancelAgreed {
        reason: CancelReason,
    },
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
    /// Nothing of the order can be delivered: every piece of it is missing, and nothing else was taken instead.
    CancelForShortage {
        by: CancelledBy,
    },
    /// A part has left, and the rest of the goods never does: only the rest is given up.
    DropRest {
        /// The frozen shares of what has not left.
        part: Shares,
        by: CancelledBy,
    },
    /// Part of the goods, or of the price, goes back to the buyer. See [`super::refunds`] and [`super::liability`].
    GiveBack {
        refund: Refund,
        reason: BackReason,
    },
    /// The buyer has paid more, for goods which cost more than those first ordered.
    AddPaid {
        part: Shares,
    },
    /// The buyer has asked for help: until it is settled the order neither completes nor settles by itself.
    OpenCase,
    CloseCase,
    PassDeadline,
}

impl OrderCommand {
    pub const ALL: [OrderCommand; 21] = [
        OrderCommand::Pay,
        OrderCommand::Confirm,
        OrderCommand::Ship,
        OrderCommand::ShipPart,
        OrderCommand::Collect,
        OrderCommand::Progress { at: Timestamp::from_ms(0) },
        OrderCommand::Deliver,
        OrderCommand::ConfirmReceipt,
        OrderCommand::CancelByBuyer,
        OrderCommand::CancelAgreed { reason: CancelReason::ChangedMind },
        OrderCommand::CancelByShop { reason: CancelReason::OutOfStock },
        OrderCommand::CancelByHouse { reason: CancelReason::FraudRisk },
        OrderCommand::CancelByCarrier { reason: CancelReason::LostInTransit },
        OrderCommand::CancelByCarrier { reason: CancelReason::ReturnedToSender },
        OrderCommand::CancelForShortage { by: CancelledBy::Deadline },
        OrderCommand::DropRest { part: Shares::NOTHING, by: CancelledBy::Shop },
        OrderCommand::GiveBack {
            refund: Refund::before_settlement(Shares::NOTHING, 0),
            reason: BackReason::LineCancelled,
        },
        OrderCommand::AddPaid { part: Shares::NOTHING },
        OrderCommand::OpenCase,
        OrderCommand::CloseCase,
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
            OrderCommand::CancelAgreed { .. } => "cancel_agreed",
            OrderCommand::CancelByShop { .. } => "cancel_by_shop",
            OrderCommand::CancelByHouse { .. } => "cancel_by_house",
            OrderCommand::CancelByCarrier { .. } => "cancel_by_carrier",
            OrderCommand::CancelForShortage { .. } => "cancel_for_shortage",
            OrderCommand::DropRest { .. } => "drop_rest",
            OrderCommand::GiveBack { .. } => "give_back",
            OrderCommand::AddPaid { .. } => "add_paid",
            OrderCommand::OpenCase => "open_case",
            OrderCommand::CloseCase => "close_case",
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
    /// The order goes on with less.
    PartlyRefunded {
        part: Shares,
        /// What the house keeps for its work, taken at settlement or, where that is over, at once; 0 before shipment.
        fee_minor: i64,
        reason: BackReason,
        liable: Liable,
    },
    /// The order goes on with what has left already; the rest goes back.
    RestDropped {
        part: Shares,
        by: CancelledBy,
        collect_by: Timestamp,
    },
    CaseOpened,
    CaseClosed,
    /// The order goes on with more.
    PaidMore {
        part: Shares,
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
            OrderEvent::PartlyRefunded { .. } => "partly_refunded",
            OrderEvent::RestDropped { .. } => "rest_dropped",
            OrderEvent::CaseOpened => "case_opened",
            OrderEvent::CaseClosed => "case_closed",
            OrderEvent::PaidMore { .. } => "paid_more",
        }
    }
}
