//! The terms of settlement: when, how much is kept back, and what the house takes.

use crate::catalog::categories::Categories;
use crate::money::{Currency, part_bp};
use crate::policy::SettlementPolicy;
use crate::time::{Span, Timestamp};

/// `settle_after` counts from delivery, but money never settles before the order is complete.
pub fn settle_at(
    delivered_at: Timestamp,
    completed_at: Timestamp,
    settle_after: Span,
) -> Timestamp {
    (delivered_at + settle_after).max(completed_at)
}

/// The part of the shop's share which goes into the rolling reserve, minor units.
pub fn reserve_share(share_minor: i64, reserve_bp: i64) -> i64 {
    part_bp(share_minor, reserve_bp)
}

/// The rate of a category, basis points: its own, else that of the category it is within, else the general one.
pub fn commission_bp(policy: &SettlementPolicy, category: &str) -> i64 {
    let categories = Categories::shipped().with_parent(category);
    let own = categories.iter().find_map(|code| policy.commission_bp.get(*code));
    own.copied().unwrap_or(policy.commission_default_bp)
}

/// What the house keeps of a commission it gives back at a refund, minor units.
pub fn refund_administration_minor(
    policy: &SettlementPolicy,
    commission_minor: i64,
    currency: Currency,
) -> i64 {
    let part = part_bp(commission_minor, policy.refund_administration_bp);
    // A currency without a line is one in which no market trades; nothing is kept then.
    let most = policy.refund_administration_max_minor.get(currency.code()).copied().unwrap_or(0);
    part.min(most)
}

/// Whether a sum is large enough to be paid out.
pub fn may_be_paid_out(policy: &SettlementPolicy, amount_minor: i64, currency: Currency) -> bool {
    let least = policy.payout_minimum_minor.get(currency.code()).copied().unwrap_or(1);
    amount_minor >= least.max(1)
}
