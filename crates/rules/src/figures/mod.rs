//! Fulfilment figures of a shop: what a step of an order or a parcel adds to which day, and how a rate is judged.
//!
//! Each figure is a rate: so many of those counted are *met*. A thing counts once, on one UTC day, and what is met
//! lies on the day of the thing itself: a rate of a period never has a case above the line which is not below it too.

mod steps;

pub use steps::{Facts, Move, Numbered, of_order, of_parcel};

use crate::policy::FiguresPolicy;
use crate::time::{Span, Timestamp};

/// A rate which is kept per shop and day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Figure {
    /// Orders first scanned by the carrier after the dispatch deadline, of those dispatched.
    LateDispatch,
    /// Orders cancelled with the shop's fault, of those paid.
    FaultCancellation,
    /// Parcels whose number the carrier knows, of those shipped.
    ValidTracking,
    /// Orders which came by the promised moment, of those delivered.
    OnTimeDelivery,
}

impl Figure {
    pub const ALL: [Figure; 4] = [
        Figure::LateDispatch,
        Figure::FaultCancellation,
        Figure::ValidTracking,
        Figure::OnTimeDelivery,
    ];

    /// As in the policy file, the database, addresses and the API.
    pub const fn code(self) -> &'static str {
        match self {
            Figure::LateDispatch => "late_dispatch",
            Figure::FaultCancellation => "fault_cancellation",
            Figure::ValidTracking => "valid_tracking",
            Figure::OnTimeDelivery => "on_time_delivery",
        }
    }

    pub fn parse(code: &str) -> Option<Figure> {
        Figure::ALL.into_iter().find(|known| known.code() == code)
    }

    /// Whether the target is the most of it; otherwise it is the least.
    pub const fn wants_less(self) -> bool {
        match self {
            Figure::LateDispatch | Figure::FaultCancellation => true,
            Figure::ValidTracking | Figure::OnTimeDelivery => false,
        }
    }
}

/// A day of UTC, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i64);

const DAY_MS: i64 = Span::from_days(1).ms();

impl Day {
    pub const fn new(number: i64) -> Day {
        Day(number)
    }

    pub const fn of(at: Timestamp) -> Day {
        Day(at.ms().div_euclid(DAY_MS))
    }

    pub const fn number(self) -> i64 {
        self.0
    }

    pub const fn begins(self) -> Timestamp {
        Timestamp::from_ms(self.0 * DAY_MS)
    }

    /// The first of the last `days` days which end with this one.
    pub const fn first_of(self, days: i64) -> Day {
        Day(self.0 - (days - 1))
    }

    /// `2026-11-22`.
    pub fn date(self) -> String {
        self.begins().civil().strftime("%Y-%m-%d").to_string()
    }
}

/// How many were counted, and how many of these are met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub counted: i64,
    pub met: i64,
}

impl Count {
    /// In basis points, rounded to the nearest; nothing where nothing was counted.
    pub const fn rate_bp(self) -> Option<i64> {
        if self.counted <= 0 {
            return None;
        }
        Some((self.met * 10_000 + self.counted / 2) / self.counted)
    }
}

/// What a rate is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Bad,
    /// Too few to judge.
    TooFew,
    Good,
}

impl Verdict {
    pub const fn code(self) -> &'static str {
        match self {
            Verdict::Bad => "bad",
            Verdict::TooFew => "too_few",
            Verdict::Good => "good",
        }
    }
}

/// Judges by the counts themselves, never by the rounded rate.
pub fn judge(policy: &FiguresPolicy, figure: Figure, count: Count) -> Verdict {
    let target_bp = policy.target(figure).target_bp;
    if count.counted < policy.judged_from_count {
        return Verdict::TooFew;
    }
    let (met, allowed) = (count.met * 10_000, count.counted * target_bp);
    let good = if figure.wants_less() { met <= allowed } else { met >= allowed };
    if good { Verdict::Good } else { Verdict::Bad }
}

/// How far a rate is beyond its target, in basis points of the target's room; 0 where it is good or not judged.
/// Sorts shops: the worst has the most.
pub fn beyond_bp(policy: &FiguresPolicy, figure: Figure, count: Count) -> i64 {
    let (Verdict::Bad, Some(rate)) = (judge(policy, figure, count), count.rate_bp()) else {
        return 0;
    };
    let target = policy.target(figure).target_bp;
    let (over, room) = if figure.wants_less() {
        (rate - target, target)
    } else {
        (target - rate, 10_000 - target)
    };
    // At least 1, so that a bad shop never sorts among the good ones by rounding.
    (over * 10_000 / room.max(1)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{MarketCode, Policies};

    fn policy() -> FiguresPolicy {
        *Policies::shipped().figures(MarketCode::parse("US").unwrap())
    }

    #[test]
    fn a_day_is_a_day_of_utc() {
        let at = Timestamp::parse("2026-11-22T23:59:59.999Z").unwrap();
        assert_eq!(Day::of(at).date(), "2026-11-22");
        assert_eq!(Day::of(at + Span::from_ms(1)).date(), "2026-11-23");
        assert_eq!(Day::of(at).first_of(7).date(), "2026-11-16");
        assert_eq!(Day::of(at).first_of(1), Day::of(at));
    }

    #[test]
    fn the_target_itself_is_good_and_one_case_more_is_bad() {
        let policy = policy();
        let judged = |figure, met, counted| judge(&policy, figure, Count { counted, met });
        assert_eq!(judged(Figure::LateDispatch, 4, 100), Verdict::Good);
        assert_eq!(judged(Figure::LateDispatch, 5, 100), Verdict::Bad);
        assert_eq!(judged(Figure::ValidTracking, 95, 100), Verdict::Good);
        assert_eq!(judged(Figure::ValidTracking, 94, 100), Verdict::Bad);
        // 4.004 % is shown as 4.00 %, and is bad all the same.
        assert_eq!(judged(Figure::LateDispatch, 1_001, 25_000), Verdict::Bad);
        assert_eq!(judged(Figure::LateDispatch, 9, 9), Verdict::TooFew);
        assert_eq!(judged(Figure::LateDispatch, 0, 0), Verdict::TooFew);
    }

    #[test]
    fn the_worst_shop_has_the_most_beyond() {
        let policy = policy();
        let beyond = |figure, met, counted| beyond_bp(&policy, figure, Count { counted, met });
        assert_eq!(beyond(Figure::LateDispatch, 4, 100), 0);
        assert_eq!(beyond(Figure::LateDispatch, 8, 100), 10_000);
        assert_eq!(beyond(Figure::ValidTracking, 90, 100), 10_000);
        assert!(beyond(Figure::LateDispatch, 1_001, 25_000) > 0);
    }

    #[test]
    fn rates_are_rounded_to_the_nearest() {
        assert_eq!(Count { counted: 3, met: 2 }.rate_bp(), Some(6_667));
        assert_eq!(Count { counted: 0, met: 0 }.rate_bp(), None);
        for figure in Figure::ALL {
            assert_eq!(Figure::parse(figure.code()), Some(figure));
        }
    }
}
