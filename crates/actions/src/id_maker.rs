//! Makes ids: time first, then the process, then a counter. See `rules::ids` for the layout.

use std::sync::atomic::{AtomicI64, Ordering};

use rules::ids::{EPOCH_MS, Id, compose};

use crate::clock::Clock;

#[derive(Debug)]
pub struct IdMaker {
    clock: Clock,
    process: u16,
    /// Milliseconds since the epoch times 4096 plus the counter: one number, so that one atomic step moves both.
    last: AtomicI64,
}

impl IdMaker {
    /// `process` (below 1024) must be leased by this process alone: see `process_numbers`.
    pub fn new(clock: Clock, process: u16) -> Self {
        Self { clock, process, last: AtomicI64::new(0) }
    }

    pub const fn process(&self) -> u16 {
        self.process
    }

    /// A new id, larger than every id this maker made before, even when the clock stands still or steps back.
    pub fn next<K>(&self) -> Id<K> {
        self.block(1).start().take()
    }

    /// `count` new ids for one act. The act takes them in the same order each time it runs, so that a second run
    /// writes the same rows.
    pub fn block(&self, count: i64) -> IdBlock {
        let now = (self.clock.now().ms() - EPOCH_MS).max(0) << 12;
        let step = |last: i64| Some(now.max(last + 1) + count - 1);
        let before = self
            .last
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, step)
            .unwrap_or_else(|last| last);
        IdBlock { first: now.max(before + 1), count, process: self.process }
    }
}

/// Ids set aside for one act.
#[derive(Clone, Copy, Debug)]
pub struct IdBlock {
    first: i64,
    count: i64,
    process: u16,
}

impl IdBlock {
    /// Ids of one millisecond (since the epoch of ids) of the past, for rows which are made up. Whoever makes them sees
    /// to it that nobody else has these.
    pub(crate) const fn of_past(ms: i64, counter: i64, count: i64, process: u16) -> Self {
        Self { first: (ms << 12) + counter, count, process }
    }

    /// The ids from the first on; called once a run of the act.
    pub fn start(&self) -> IdRun {
        IdRun { block: *self, taken: 0 }
    }
}

/// The ids of one run.
#[derive(Clone, Debug)]
pub struct IdRun {
    block: IdBlock,
    taken: i64,
}

impl IdRun {
    /// # Panics
    /// When the act takes more ids than were set aside for it: a mistake in the act.
    pub fn take<K>(&mut self) -> Id<K> {
        assert!(self.taken < self.block.count, "the block of ids is too small for this act");
        let mine = self.block.first + self.taken;
        self.taken += 1;
        Id::new(compose(mine >> 12, self.block.process, (mine & 0xfff) as u16))
    }

    pub fn many<K>(&mut self, count: usize) -> Vec<Id<K>> {
        (0..count).map(|_| self.take()).collect()
    }
}

#[cfg(test)]
mod tests {
    use rules::ids::OrderId;
    use rules::time::Timestamp;

    use super::*;

    #[test]
    fn ids_grow_even_when_the_clock_stands_still() {
        let maker = IdMaker::new(Clock::manual(Timestamp::from_ms(EPOCH_MS + 5)), 3);
        let mut last = OrderId::new(0);
        for _ in 0..10_000 {
            let id: OrderId = maker.next();
            assert!(id > last);
            last = id;
        }
    }
}
