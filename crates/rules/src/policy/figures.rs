//! `policies/figures.toml`: over how many days a shop's fulfilment is measured, and what is good.

use super::section::Section;
use crate::figures::Figure;

/// What is asked of one figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FigureTarget {
    /// The last days over which it counts, today included.
    pub days_count: i64,
    /// The most of it, or the least of it, in basis points ([`Figure::wants_less`] says which).
    pub target_bp: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FiguresPolicy {
    /// With fewer things counted a rate is shown and not judged.
    pub judged_from_count: i64,
    late_dispatch: FigureTarget,
    fault_cancellation: FigureTarget,
    valid_tracking: FigureTarget,
    on_time_delivery: FigureTarget,
}

impl FiguresPolicy {
    pub(super) fn read(section: &Section<'_>) -> FiguresPolicy {
        let target = |figure: Figure| {
            section.table(figure.code(), |below| FigureTarget {
                days_count: below.whole("days_count", 1..=90),
                target_bp: below.whole("target_bp", 0..=10_000),
            })
        };
        FiguresPolicy {
            judged_from_count: section.whole("judged_from_count", 1..=1_000),
            late_dispatch: target(Figure::LateDispatch),
            fault_cancellation: target(Figure::FaultCancellation),
            valid_tracking: target(Figure::ValidTracking),
            on_time_delivery: target(Figure::OnTimeDelivery),
        }
    }

    pub const fn target(&self, figure: Figure) -> FigureTarget {
        match figure {
            Figure::LateDispatch => self.late_dispatch,
            Figure::FaultCancellation => self.fault_cancellation,
            Figure::ValidTracking => self.valid_tracking,
            Figure::OnTimeDelivery => self.on_time_delivery,
        }
    }
}
