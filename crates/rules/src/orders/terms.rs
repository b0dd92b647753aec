//! The terms of one order, out of the policy version it was placed under.

use super::OrderTerms;
use crate::policy::{ConfirmMode, OrderPolicy, TierPolicy};
use crate::time::Span;

impl OrderTerms {
    /// `orders` is the policy of the shop's market, `tier` that of the shop's standing with the till.
    pub fn of(orders: &OrderPolicy, tier: &TierPolicy) -> OrderTerms {
        OrderTerms {
            pay_by: orders.pay_within(),
            cancel_free: orders.cancel_free_within(),
            confirm_by: orders.confirm_within(),
            dispatch_by: orders.dispatch_within(),
            dispatch_grace: orders.dispatch_grace(),
            collect_by: orders.collect_within(),
            deliver_by: orders.deliver_within(),
            lost_after: orders.lost_after(),
            give_up_after: orders.give_up_after(),
            auto_complete: orders.complete_after(),
            settle_after: Span::from_days(tier.settle_after_days),
            reserve_bp: tier.reserve_bp,
            reserve_for: Span::from_days(tier.reserve_days),
            confirm_all: match orders.confirm_mode {
                ConfirmMode::All => true,
                ConfirmMode::Flagged => false,
            },
            cancel_when_late: orders.cancel_when_late,
        }
    }
}
