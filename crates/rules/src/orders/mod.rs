//! Orders: from placed to settled or cancelled.
//!
//! [`decide`] says what a command does to an order, [`apply`] folds the outcome in.
//! Nothing here reads a clock, a database or a setting: all of it is passed in.

pub mod cancellations;
mod carrier;
mod commands;
mod deciding;
pub mod flags;
mod folding;
pub mod liability;
pub mod marks;
mod money;
mod parts;
pub mod refunds;
pub mod searches;
pub mod shortages;
mod state;
mod terms;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use tests::order_in as order_for_tests;

pub use commands::{OrderCommand, OrderEvent};
pub use deciding::decide;
use deciding::{only, refuse};
pub use folding::apply;
pub use money::{captured, refunded_in_full, settled};
pub use parts::units_left_whole;
pub use state::{CancelReason, CancelledBy, Fault, OrderState, OrderStateName};

use crate::ids::{OrderId, PaymentId, PersonId, ShopId};
use crate::ledger::Transfer;
use crate::money::Currency;
use crate::time::{Span, Timestamp};
use refunds::{GivenBack, Shares};

/// The order as a decision needs it. Lines, address and titles play no part in deciding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub id: OrderId,
    pub shop: ShopId,
    pub buyer: PersonId,
    pub payment: PaymentId,
    pub state: OrderState,
    pub amounts: OrderAmounts,
    /// What of `amounts` has gone back to the buyer since.
    pub given: GivenBack,
    /// Whether something was flagged at placement (codes of [`flags::Flag`]).
    pub flagged: bool,
    pub ship_by: Option<Timestamp>,
    /// After-sales cases which are not settled.
    pub cases_count: i64,
    pub version: i64,
}

impl Order {
    /// Whether an open case keeps the order from completing and settling by itself.
    pub const fn is_held(&self) -> bool {
        let waits =
            matches!(self.state, OrderState::Delivered { .. } | OrderState::Completed { .. });
        waits && self.cases_count > 0
    }

    /// When something happens by itself: the column `due_at`. Nothing does while a case holds the order.
    pub const fn due_at(&self) -> Option<Timestamp> {
        if self.is_held() { None } else { self.state.due_at() }
    }

    /// The column `then_at`: the deadline behind the next one, or the one which waits for a case.
    pub const fn then_at(&self) -> Option<Timestamp> {
        if self.is_held() { self.state.due_at() } else { self.state.then_at() }
    }

    /// What is left of the order's money: decisions after a partial refund work on this.
    pub const fn left(&self) -> OrderAmounts {
        self.amounts.less(self.given)
    }

    /// What the shop's proceeds are shared out of: what is left, and what others bore.
    pub const fn proceeds(&self) -> OrderAmounts {
        self.left().plus(self.given.borne)
    }
}

/// Frozen at placement, minor units of `currency`; grows only when the buyer agrees to pay more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderAmounts {
    pub currency: Currency,
    pub total_minor: i64,
    pub tax_minor: i64,
    /// Charges at the border, collected for authorities.
    pub duty_minor: i64,
    pub house_discount_minor: i64,
    /// Part of `total_minor`.
    pub shipping_minor: i64,
    pub commission_minor: i64,
    /// What the house keeps for refunds after shipment, due at settlement; 0 at placement.
    pub fee_minor: i64,
}

impl OrderAmounts {
    /// What stands in escrow once paid: what the buyer paid less tax and duty, plus the house's share of discounts.
    pub const fn escrow_minor(&self) -> i64 {
        self.shares().escrow_minor()
    }

    pub const fn shares(&self) -> Shares {
        Shares {
            paid_minor: self.total_minor,
            tax_minor: self.tax_minor,
            duty_minor: self.duty_minor,
            house_discount_minor: self.house_discount_minor,
            shipping_minor: self.shipping_minor,
            commission_minor: self.commission_minor,
        }
    }

    /// These amounts and a part more.
    pub const fn plus(&self, part: Shares) -> OrderAmounts {
        OrderAmounts {
            currency: self.currency,
            total_minor: self.total_minor + part.paid_minor,
            tax_minor: self.tax_minor + part.tax_minor,
            duty_minor: self.duty_minor + part.duty_minor,
            house_discount_minor: self.house_discount_minor + part.house_discount_minor,
            shipping_minor: self.shipping_minor + part.shipping_minor,
            commission_minor: self.commission_minor + part.commission_minor,
            fee_minor: self.fee_minor,
        }
    }

    /// These amounts after `given` has gone back.
    pub const fn less(&self, given: GivenBack) -> OrderAmounts {
        OrderAmounts {
            currency: self.currency,
            total_minor: self.total_minor - given.shares.paid_minor,
            tax_minor: self.tax_minor - given.shares.tax_minor,
            duty_minor: self.duty_minor - given.shares.duty_minor,
            house_discount_minor: self.house_discount_minor - given.shares.house_discount_minor,
            shipping_minor: self.shipping_minor - given.shares.shipping_minor,
            commission_minor: self.commission_minor - given.shares.commission_minor,
            fee_minor: self.fee_minor + given.fee_minor,
        }
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
    /// Whether a buyer may leave a late order without asking.
    pub cancel_when_late: bool,
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
    #[error("{} is not a reason which a buyer may give", reason.code())]
    NotAReasonForBuyers { reason: CancelReason },
    #[error("{} is not a reason which a carrier may give", reason.code())]
    NotAReasonForCarriers { reason: CancelReason },
    #[error("{count} after-sales cases are open: they are settled first")]
    HeldByCase { count: i64 },
    #[error("{asked} cannot go back: {left} is left of what was paid")]
    MoreThanIsLeft { asked: i64, left: i64 },
}

impl OrderRefusal {
    pub const fn code(self) -> &'static str {
        match self {
            OrderRefusal::NotInThisState { .. } => "not_in_this_state",
            OrderRefusal::NotDueYet { .. } => "not_due_yet",
            OrderRefusal::NotAReasonForShops { .. } => "not_a_reason_for_shops",
            OrderRefusal::NotAReasonForBuyers { .. } => "not_a_reason_for_buyers",
            OrderRefusal::NotAReasonForCarriers { .. } => "not_a_reason_for_carriers",
            OrderRefusal::HeldByCase { .. } => "held_by_case",
            OrderRefusal::MoreThanIsLeft { .. } => "more_than_is_left",
        }
    }
}
