//! Connections which read. A read is done inside the first poll of its future, on the thread which asked.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::super::act::{at_once, panicked};
use super::super::counters::Counting;
use super::super::failure::{ActFailure, DbError};
use super::super::tx::{self, Tx};
use super::{Purpose, Session, connect};

/// Idle connections kept for the next read; as a read never waits, no more than the threads of the runtime are ever in use.
const KEPT: usize = 32;

pub(crate) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Tx>>,
}

impl Readers {
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), idle: Mutex::new(Vec::new()) }
    }

    /// Runs the act in one read transaction: all it sees is of one moment.
    pub fn read<T, E, F>(&self, act: &F, counting: &Counting) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E>,
        E: ActFailure,
    {
        Counting::one(&counting.reads);
        let mut tx = self.take()?;
        tx.begin_act();
        tx.sqlite()?.exec("begin")?;
        let outcome = match catch_unwind(AssertUnwindSafe(|| at_once(act(&mut tx)))) {
            Ok(Ok(outcome)) => tx.judged(outcome),
            Ok(Err(waited)) => Err(E::from(waited)),
            Err(payload) => {
                Counting::one(&counting.panics);
                Err(E::from(panicked(payload.as_ref())))
            }
        };
        // A connection which cannot end its transaction is dropped; the answer was read and is true.
        if tx.sqlite()?.exec("commit").is_ok() {
            self.give(tx);
        }
        outcome
    }

    fn take(&self) -> Result<Tx, DbError> {
        if let Some(tx) = self.stack().pop() {
            return Ok(tx);
        }
        let connection = connect(&self.path, Purpose::Read)?;
        Ok(Tx::new(tx::Session::Sqlite(Session::new(connection)), true))
    }

    fn give(&self, tx: Tx) {
        let mut idle = self.stack();
        if idle.len() < KEPT {
            idle.push(tx);
        }
    }

    /// A panic while the lock was held cannot have left the stack half changed.
    fn stack(&self) -> std::sync::MutexGuard<'_, Vec<Tx>> {
        self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
