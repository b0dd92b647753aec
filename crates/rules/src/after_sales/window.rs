//! Whether help may be asked for now, until when, and why not otherwise.

use super::reasons::{CaseReason, ReasonClass, Remedy};
use crate::policy::AfterSalesPolicy;
use crate::time::{Span, Timestamp};

/// What of an order the windows count from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OrderMoments {
    /// The first parcel of it has left.
    pub shipped_at: Option<Timestamp>,
    pub delivered_at: Option<Timestamp>,
    /// The carrier's last word.
    pub tracked_at: Option<Timestamp>,
    /// The day which was promised to the buyer is over then.
    pub promised_by: Option<Timestamp>,
}

/// Why help cannot be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotOpen {
    /// What has not left yet is cancelled, not complained about.
    #[error("nothing of the order has left yet: it can be cancelled")]
    NotShipped,
    #[error("this can be asked for once the parcel has come")]
    NotDelivered,
    #[error("the promised day is not over: until {0}")]
    NotLate(Timestamp),
    #[error("this could be asked for until {0}")]
    TooLate(Timestamp),
    /// The market does not know the reason.
    #[error("this market knows no request for this reason")]
    NotHere,
}

impl NotOpen {
    pub const fn code(self) -> &'static str {
        match self {
            NotOpen::NotShipped => "not_shipped_yet",
            NotOpen::NotDelivered => "not_delivered_yet",
            NotOpen::NotLate(_) => "not_late_yet",
            NotOpen::TooLate(_) => "window_over",
            NotOpen::NotHere => "not_in_this_market",
        }
    }
}

/// Until when this may be asked for, where it may be asked for now.
pub fn open_until(
    reason: CaseReason,
    durable: bool,
    policy: &AfterSalesPolicy,
    order: OrderMoments,
    now: Timestamp,
) -> Result<Timestamp, NotOpen> {
    let class = reason.class(durable);
    let window = Span::from_days(policy.reason(class).window_days);
    if window == Span::from_ms(0) {
        return Err(NotOpen::NotHere);
    }
    let Some(shipped_at) = order.shipped_at else {
        return Err(NotOpen::NotShipped);
    };
    let from = match class {
        ReasonClass::NotAsDescribed
        | ReasonClass::Counterfeit
        | ReasonClass::QualityDurable
        | ReasonClass::QualityOther
        | ReasonClass::Damaged
        | ReasonClass::ChangedMind => order.delivered_at.ok_or(NotOpen::NotDelivered)?,
        // Before it comes there is no end to its being late; afterwards the last scan is what counts.
        ReasonClass::Late | ReasonClass::Lost => match (order.promised_by, order.delivered_at) {
            (Some(promised), None) if now <= promised => return Err(NotOpen::NotLate(promised)),
            (_, None) => now,
            (Some(promised), Some(came)) if class == ReasonClass::Late && came <= promised => {
                return Err(NotOpen::NotLate(promised));
            }
            (_, Some(came)) => order.tracked_at.unwrap_or(shipped_at).max(came),
        },
    };
    let until = from + window;
    if until < now { Err(NotOpen::TooLate(until)) } else { Ok(until) }
}

/// What may be asked for, the usual first. Goods which are not taken back, or which never came, leave the money.
pub fn remedies(
    reason: CaseReason,
    durable: bool,
    policy: &AfterSalesPolicy,
    category: &str,
) -> Vec<Remedy> {
    let fits = |remedy: &Remedy| {
        let returnable = !reason.nothing_came() && policy.may_be_returned(category);
        returnable || !remedy.goods_go_back()
    };
    let class = reason.class(durable);
    policy.reason(class).remedies.iter().filter(|remedy| fits(remedy)).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{MarketCode, Policies};

    const DAY: i64 = 86_400_000;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_ms(day * DAY)
    }

    fn policy(market: &str) -> AfterSalesPolicy {
        Policies::shipped().after_sales(MarketCode::parse(market).unwrap()).clone()
    }

    fn delivered(day: i64) -> OrderMoments {
        OrderMoments {
            shipped_at: Some(at(day - 4)),
            delivered_at: Some(at(day)),
            tracked_at: Some(at(day)),
            promised_by: Some(at(day + 1)),
        }
    }

    #[test]
    fn the_last_moment_of_a_window_is_in_it() {
        let policy = policy("DE");
        let ask = |now| open_until(CaseReason::WrongOption, false, &policy, delivered(10), now);
        assert_eq!(ask(at(16)), Ok(at(16)));
        let late = ask(at(16) + Span::from_ms(1));
        assert_eq!(late, Err(NotOpen::TooLate(at(16))));
    }

    #[test]
    fn goods_meant_to_last_may_fail_later() {
        let policy = policy("DE");
        let ask =
            |durable| open_until(CaseReason::Defective, durable, &policy, delivered(10), at(150));
        assert_eq!(ask(true), Ok(at(190)));
        assert_eq!(ask(false), Err(NotOpen::TooLate(at(24))));
    }

    #[test]
    fn what_has_not_left_is_cancelled_and_what_has_not_come_is_waited_for() {
        let policy = policy("DE");
        let nothing = OrderMoments::default();
        let ask = |reason, order, now| open_until(reason, false, &policy, order, now);
        assert_eq!(ask(CaseReason::Late, nothing, at(1)), Err(NotOpen::NotShipped));
        let under_way = OrderMoments { delivered_at: None, ..delivered(10) };
        let other = ask(CaseReason::OtherItem, under_way, at(12));
        assert_eq!(other, Err(NotOpen::NotDelivered));
        assert_eq!(ask(CaseReason::Late, under_way, at(11)), Err(NotOpen::NotLate(at(11))));
        assert_eq!(ask(CaseReason::Late, under_way, at(30)), Ok(at(32)));
        assert_eq!(ask(CaseReason::Late, delivered(10), at(11)), Err(NotOpen::NotLate(at(11))));
        let too_late = OrderMoments { promised_by: Some(at(9)), ..delivered(10) };
        assert_eq!(ask(CaseReason::Late, too_late, at(11)), Ok(at(12)));
        assert_eq!(ask(CaseReason::NeverArrived, delivered(10), at(12)), Ok(at(17)));
    }

    #[test]
    fn nothing_goes_back_which_never_came_or_is_not_taken_back() {
        let policy = policy("DE");
        let of = |reason, category| remedies(reason, false, &policy, category);
        assert_eq!(of(CaseReason::EmptyParcel, "shoes"), [Remedy::RefundOnly, Remedy::Resend]);
        assert_eq!(of(CaseReason::Defective, "tea"), [Remedy::RefundOnly]);
        assert_eq!(of(CaseReason::ChangedMind, "tea"), []);
        assert_eq!(of(CaseReason::ChangedMind, "shoes"), [Remedy::ReturnAndRefund]);
    }
}
