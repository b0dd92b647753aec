//! What the store counts about itself, for the metrics page and for tests.

use std::sync::atomic::{AtomicU64, Ordering};

/// A reading of the store's counters. All of them only grow while the process runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Acts which wrote, counted once an answer was given, refusals included.
    pub acts: u64,
    /// Transactions which were committed for those acts. On SQLite one holds many acts.
    pub batches: u64,
    /// Batches done again because an act failed after it had written. Many of them cost throughput: refuse before writing.
    pub replays: u64,
    /// Acts run again after a lost race or a lost connection.
    pub retries: u64,
    /// Acts turned away because too many were waiting.
    pub turned_away: u64,
    /// Acts which panicked.
    pub panics: u64,
    /// Reads.
    pub reads: u64,
}

#[derive(Debug, Default)]
pub(super) struct Counting {
    pub acts: AtomicU64,
    pub batches: AtomicU64,
    pub replays: AtomicU64,
    pub retries: AtomicU64,
    pub turned_away: AtomicU64,
    pub panics: AtomicU64,
    pub reads: AtomicU64,
}

impl Counting {
    pub fn one(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub fn reading(&self) -> Counters {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counters {
            acts: read(&self.acts),
            batches: read(&self.batches),
            replays: read(&self.replays),
            retries: read(&self.retries),
            turned_away: read(&self.turned_away),
            panics: read(&self.panics),
            reads: read(&self.reads),
        }
    }
}
