//! The pool of connections, and the turns an act takes on them.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use tokio::sync::Semaphore;

use super::super::StoreOptions;
use super::super::act::{TURNS, panicked, pause};
use super::super::counters::Counting;
use super::super::failure::{ActFailure, DbError};
use super::super::tx::{self, Tx};
use super::Session;
use super::connection::Address;

/// Races are found by versions and conditions, so nothing above read committed is needed.
const BEGIN_WRITE: &str = "begin isolation level read committed";
/// One snapshot for the whole read.
const BEGIN_READ: &str = "begin isolation level repeatable read read only";

/// Nothing of the market holds a lock for long. Who does (a change of tables by hand) must not hold up every connection
/// for good: the act gives up, and runs again.
const LOCK_TIMEOUT: &str = "set lock_timeout = '10s'";

pub(crate) struct Postgres {
    address: Address,
    idle: Mutex<Vec<Session>>,
    connections: Semaphore,
    /// Acts at work and acts which wait for a connection.
    places: Semaphore,
    counting: Arc<Counting>,
}

impl Postgres {
    /// Makes one connection, to find a wrong address now rather than at the first act.
    pub async fn open(
        address: &str,
        options: &StoreOptions,
        counting: &Arc<Counting>,
    ) -> Result<Self, DbError> {
        let pool = Self {
            address: Address::parse(address)?,
            idle: Mutex::new(Vec::new()),
            connections: Semaphore::new(options.connections.max(1)),
            places: Semaphore::new(options.connections.max(1) + options.waiting_acts),
            counting: Arc::clone(counting),
        };
        let first = pool.take().await?;
        pool.give(first);
        Ok(pool)
    }

    /// A connection outside of the pool.
    pub async fn connect(&self) -> Result<Session, DbError> {
        self.address.connect().await.map(Session::new)
    }

    /// Runs the act, and runs it again after a lost race, a lost connection, or a commit whose outcome is unknown.
    pub async fn act<T, E, F>(&self, act: &F, read_only: bool) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E>,
        E: ActFailure,
    {
        let Ok(_place) = self.places.try_acquire() else {
            Counting::one(&self.counting.turned_away);
            return Err(E::from(DbError::Busy));
        };
        let mut turn = 1;
        loop {
            let (outcome, again) = self.turn(act, read_only).await;
            if !again || turn == TURNS {
                if !read_only {
                    Counting::one(&self.counting.acts);
                }
                return outcome;
            }
            Counting::one(&self.counting.retries);
            pause(turn).await;
            turn += 1;
        }
    }

    /// One run of the act in a transaction of its own; the flag tells whether another may help.
    ///
    /// While the act runs, its connection belongs to this future: when the caller goes away, the connection goes with it,
    /// because nobody knows what is still on its way.
    async fn turn<T, E, F>(&self, act: &F, read_only: bool) -> (Result<T, E>, bool)
    where
        F: AsyncFn(&mut Tx) -> Result<T, E>,
        E: ActFailure,
    {
        let Ok(_connection) = self.connections.acquire().await else {
            return (Err(E::from(DbError::Broken("the pool is closed".to_owned()))), false);
        };
        let mut session = match self.take().await {
            Ok(session) => session,
            Err(error) => {
                let again = error.passes();
                return (Err(E::from(error)), again);
            }
        };
        session.begin(if read_only { BEGIN_READ } else { BEGIN_WRITE });
        let mut tx = Tx::new(tx::Session::Postgres(session), read_only);
        let outcome = match AssertUnwindSafe(act(&mut tx)).catch_unwind().await {
            Ok(outcome) => tx.judged(outcome),
            Err(payload) => {
                Counting::one(&self.counting.panics);
                Err(E::from(panicked(payload.as_ref())))
            }
        };
        let passing = tx.failure().is_some_and(DbError::passes);
        let Some(session) = tx.into_postgres() else {
            return (outcome, false);
        };
        match outcome {
            Ok(value) => self.commit(session, value).await,
            Err(failure) => {
                let again = passing || failure.again();
                self.roll_back(session).await;
                (Err(failure), again)
            }
        }
    }

    async fn commit<T, E: ActFailure>(
        &self,
        mut session: Session,
        value: T,
    ) -> (Result<T, E>, bool) {
        match session.commit().await {
            Ok(Ok(())) => {
                self.give(session);
                Counting::one(&self.counting.batches);
                (Ok(value), false)
            }
            Ok(Err(error)) => {
                // The commit has ended the transaction as a rollback: the connection is clean.
                self.give(session);
                let again = error.passes();
                (Err(E::from(error)), again)
            }
            Err(error) => {
                let unknown = DbError::Unreachable(format!(
                    "whether the commit happened is unknown: {error}"
                ));
                (Err(E::from(unknown)), true)
            }
        }
    }

    /// Only a connection which has ended its transaction may serve again.
    async fn roll_back(&self, mut session: Session) {
        if session.rollback().await.is_ok() {
            self.give(session);
        } else {
            // The server has gone or restarted: the others have lost it too.
            self.stack().retain(|other| !other.is_lost());
        }
    }

    async fn take(&self) -> Result<Session, DbError> {
        loop {
            let Some(session) = self.stack().pop() else { break };
            if !session.is_lost() {
                return Ok(session);
            }
        }
        let mut session = self.connect().await?;
        session.exec(LOCK_TIMEOUT).await?;
        Ok(session)
    }

    fn give(&self, session: Session) {
        if !session.is_lost() {
            self.stack().push(session);
        }
    }

    /// A panic while the lock was held cannot have left the stack half changed.
    fn stack(&self) -> MutexGuard<'_, Vec<Session>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
