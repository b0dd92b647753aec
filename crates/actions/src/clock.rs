//! The only place which reads the system's clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use rules::time::{Span, Timestamp};

/// Where "now" comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The system's clock.
    Real,
    /// The system's clock plus an offset which an operator can only make larger.
    Sandbox { offset_ms: Arc<AtomicI64> },
    /// Stands still until it is moved: tests, the simulation, and the demo's past weeks.
    Manual { now_ms: Arc<AtomicI64> },
}

impl Clock {
    pub fn sandbox(offset: Span) -> Self {
        Clock::Sandbox { offset_ms: Arc::new(AtomicI64::new(offset.ms())) }
    }

    pub fn manual(start: Timestamp) -> Self {
        Clock::Manual { now_ms: Arc::new(AtomicI64::new(start.ms())) }
    }

    pub fn now(&self) -> Timestamp {
        match self {
            Clock::Real => system_now(),
            Clock::Sandbox { offset_ms } => {
                system_now() + Span::from_ms(offset_ms.load(Ordering::Relaxed))
            }
            Clock::Manual { now_ms } => Timestamp::from_ms(now_ms.load(Ordering::Relaxed)),
        }
    }

    /// Moves a clock which may be moved; answers the new offset of a sandbox clock. Time never runs backwards.
    pub fn move_forward(&self, by: Span) -> Option<Span> {
        let by_ms = by.ms().max(0);
        match self {
            Clock::Real => None,
            Clock::Sandbox { offset_ms } => {
                Some(Span::from_ms(offset_ms.fetch_add(by_ms, Ordering::Relaxed) + by_ms))
            }
            Clock::Manual { now_ms } => {
                now_ms.fetch_add(by_ms, Ordering::Relaxed);
                None
            }
        }
    }

    /// Takes over an offset which another process has written; a smaller one is ignored.
    pub fn catch_up(&self, offset: Span) {
        match self {
            Clock::Sandbox { offset_ms } => {
                offset_ms.fetch_max(offset.ms(), Ordering::Relaxed);
            }
            Clock::Real | Clock::Manual { .. } => {}
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place which reads the system's clock"
)]
pub fn system_now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Timestamp::from_ms(
        since.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)),
    )
}
