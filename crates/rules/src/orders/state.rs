//! The states of an order. A waiting state holds its own deadline.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderState {
    Unpaid {
        pay_by: Timestamp,
    },
    /// Paid, and the buyer may still cancel without asking.
    OnHold {
        cancel_free_until: Timestamp,
    },
    /// Something is flagged: the shop looks at it first.
    AwaitingConfirmation {
        confirm_by: Timestamp,
    },
    /// `cancel_at` is `ship_by` plus the grace; the order is late between the two.
    AwaitingShipment {
        ship_by: Timestamp,
        cancel_at: Timestamp,
        late: bool,
    },
    /// Some parcels of several have left; deadlines as before the first of them.
    PartiallyShipped {
        ship_by: Timestamp,
        cancel_at: Timestamp,
        late: bool,
    },
    /// The shop has shipped it; the carrier has not scanned it yet.
    AwaitingCollection {
        collect_by: Timestamp,
    },
    /// `lost_at` is when the parcel counts as lost: so long after the carrier's last scan, and it moves with each scan.
    /// Overdue is what comes after `deliver_by`.
    InTransit {
        deliver_by: Timestamp,
        lost_at: Timestamp,
        overdue: bool,
    },
    Delivered {
        complete_at: Timestamp,
    },
    Completed {
        settle_at: Timestamp,
    },
    Settled,
    Cancelled {
        by: CancelledBy,
        reason: CancelReason,
        fault: Fault,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelledBy {
    Buyer,
    Shop,
    House,
    Deadline,
    /// The carrier's own word: lost, damaged, brought back.
    Carrier,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelReason {
    NotPaidInTime,
    ChangedMind,
    OrderedByMistake,
    TooSlow,
    OutOfStock,
    PriceError,
    AddressProblem,
    NotConfirmedInTime,
    NotShippedInTime,
    NeverCollected,
    LostInTransit,
    DamagedInTransit,
    ReturnedToSender,
    FraudRisk,
}

/// Who caused the end: only the shop's own fault counts against its figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    Nobody,
    Buyer,
    Shop,
    Carrier,
}

impl CancelledBy {
    pub const ALL: [CancelledBy; 5] = [
        CancelledBy::Buyer,
        CancelledBy::Shop,
        CancelledBy::House,
        CancelledBy::Deadline,
        CancelledBy::Carrier,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            CancelledBy::Buyer => "buyer",
            CancelledBy::Shop => "shop",
            CancelledBy::House => "house",
            CancelledBy::Deadline => "deadline",
            CancelledBy::Carrier => "carrier",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

impl CancelReason {
    pub const ALL: [CancelReason; 14] = [
        CancelReason::NotPaidInTime,
        CancelReason::ChangedMind,
        CancelReason::OrderedByMistake,
        CancelReason::TooSlow,
        CancelReason::OutOfStock,
        CancelReason::PriceError,
        CancelReason::AddressProblem,
        CancelReason::NotConfirmedInTime,
        CancelReason::NotShippedInTime,
        CancelReason::NeverCollected,
        CancelReason::LostInTransit,
        CancelReason::DamagedInTransit,
        CancelReason::ReturnedToSender,
        CancelReason::FraudRisk,
    ];

    /// What a buyer may give as the reason when asking.
    pub const OF_BUYER: [CancelReason; 3] =
        [CancelReason::ChangedMind, CancelReason::OrderedByMistake, CancelReason::TooSlow];

    /// What a carrier's report may end an order with.
    pub const OF_CARRIER: [CancelReason; 3] = [
        CancelReason::LostInTransit,
        CancelReason::DamagedInTransit,
        CancelReason::ReturnedToSender,
    ];

    /// What a shop may give as its reason.
    pub const OF_SHOP: [CancelReason; 3] =
        [CancelReason::OutOfStock, CancelReason::PriceError, CancelReason::AddressProblem];

    pub const fn code(self) -> &'static str {
        match self {
            CancelReason::NotPaidInTime => "not_paid_in_time",
            CancelReason::ChangedMind => "changed_mind",
            CancelReason::OrderedByMistake => "ordered_by_mistake",
            CancelReason::TooSlow => "too_slow",
            CancelReason::OutOfStock => "out_of_stock",
            CancelReason::PriceError => "price_error",
            CancelReason::AddressProblem => "address_problem",
            CancelReason::NotConfirmedInTime => "not_confirmed_in_time",
            CancelReason::NotShippedInTime => "not_shipped_in_time",
            CancelReason::NeverCollected => "never_collected",
            CancelReason::LostInTransit => "lost_in_transit",
            CancelReason::DamagedInTransit => "damaged_in_transit",
            CancelReason::ReturnedToSender => "returned_to_sender",
            CancelReason::FraudRisk => "fraud_risk",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

impl Fault {
    pub const ALL: [Fault; 4] = [Fault::Nobody, Fault::Buyer, Fault::Shop, Fault::Carrier];

    pub const fn code(self) -> &'static str {
        match self {
            Fault::Nobody => "nobody",
            Fault::Buyer => "buyer",
            Fault::Shop => "shop",
            Fault::Carrier => "carrier",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

/// The names of the states, in the order of a sale; for lists, tabs and the generated table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStateName {
    Unpaid,
    OnHold,
    AwaitingConfirmation,
    AwaitingShipment,
    PartiallyShipped,
    AwaitingCollection,
    InTransit,
    Delivered,
    Completed,
    Settled,
    Cancelled,
}

impl OrderStateName {
    pub const ALL: [OrderStateName; 11] = [
        OrderStateName::Unpaid,
        OrderStateName::OnHold,
        OrderStateName::AwaitingConfirmation,
        OrderStateName::AwaitingShipment,
        OrderStateName::PartiallyShipped,
        OrderStateName::AwaitingCollection,
        OrderStateName::InTransit,
        OrderStateName::Delivered,
        OrderStateName::Completed,
        OrderStateName::Settled,
        OrderStateName::Cancelled,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            OrderStateName::Unpaid => "unpaid",
            OrderStateName::OnHold => "on_hold",
            OrderStateName::AwaitingConfirmation => "awaiting_confirmation",
            OrderStateName::AwaitingShipment => "awaiting_shipment",
            OrderStateName::PartiallyShipped => "partially_shipped",
            OrderStateName::AwaitingCollection => "awaiting_collection",
            OrderStateName::InTransit => "in_transit",
            OrderStateName::Delivered => "delivered",
            OrderStateName::Completed => "completed",
            OrderStateName::Settled => "settled",
            OrderStateName::Cancelled => "cancelled",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

impl OrderState {
    pub const fn name(self) -> OrderStateName {
        match self {
            OrderState::Unpaid { .. } => OrderStateName::Unpaid,
            OrderState::OnHold { .. } => OrderStateName::OnHold,
            OrderState::AwaitingConfirmation { .. } => OrderStateName::AwaitingConfirmation,
            OrderState::AwaitingShipment { .. } => OrderStateName::AwaitingShipment,
            OrderState::PartiallyShipped { .. } => OrderStateName::PartiallyShipped,
            OrderState::AwaitingCollection { .. } => OrderStateName::AwaitingCollection,
            OrderState::InTransit { .. } => OrderStateName::InTransit,
            OrderState::Delivered { .. } => OrderStateName::Delivered,
            OrderState::Completed { .. } => OrderStateName::Completed,
            OrderState::Settled => OrderStateName::Settled,
            OrderState::Cancelled { .. } => OrderStateName::Cancelled,
        }
    }

    /// When the state ends by itself: the column `due_at`. Every waiting state has one.
    pub const fn due_at(self) -> Option<Timestamp> {
        match self {
            OrderState::Unpaid { pay_by } => Some(pay_by),
            OrderState::OnHold { cancel_free_until } => Some(cancel_free_until),
            OrderState::AwaitingConfirmation { confirm_by } => Some(confirm_by),
            OrderState::AwaitingShipment { ship_by, late: false, .. }
            | OrderState::PartiallyShipped { ship_by, late: false, .. } => Some(ship_by),
            OrderState::AwaitingShipment { cancel_at, late: true, .. }
            | OrderState::PartiallyShipped { cancel_at, late: true, .. } => Some(cancel_at),
            OrderState::AwaitingCollection { collect_by } => Some(collect_by),
            OrderState::InTransit { deliver_by, lost_at, overdue: false } => {
                Some(if lost_at.ms() < deliver_by.ms() { lost_at } else { deliver_by })
            }
            OrderState::InTransit { lost_at, overdue: true, .. } => Some(lost_at),
            OrderState::Delivered { complete_at } => Some(complete_at),
            OrderState::Completed { settle_at } => Some(settle_at),
            OrderState::Settled | OrderState::Cancelled { .. } => None,
        }
    }

    /// The deadline behind the next one, where a state has two: the column `then_at`.
    pub const fn then_at(self) -> Option<Timestamp> {
        match self {
            OrderState::AwaitingShipment { cancel_at, .. }
            | OrderState::PartiallyShipped { cancel_at, .. } => Some(cancel_at),
            OrderState::InTransit { lost_at, .. } => Some(lost_at),
            OrderState::Unpaid { .. }
            | OrderState::OnHold { .. }
            | OrderState::AwaitingConfirmation { .. }
            | OrderState::AwaitingCollection { .. }
            | OrderState::Delivered { .. }
            | OrderState::Completed { .. }
            | OrderState::Settled
            | OrderState::Cancelled { .. } => None,
        }
    }

    /// Paid, and the money neither settled nor given back.
    pub const fn holds_escrow(self) -> bool {
        match self {
            OrderState::Unpaid { .. } | OrderState::Settled | OrderState::Cancelled { .. } => false,
            OrderState::OnHold { .. }
            | OrderState::AwaitingConfirmation { .. }
            | OrderState::AwaitingShipment { .. }
            | OrderState::PartiallyShipped { .. }
            | OrderState::AwaitingCollection { .. }
            | OrderState::InTransit { .. }
            | OrderState::Delivered { .. }
            | OrderState::Completed { .. } => true,
        }
    }
}
