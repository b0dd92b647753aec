//! The only thread which writes: it takes the acts which are waiting, runs them in one transaction, and answers them
//! after the commit has reached the disk.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::super::StoreOptions;
use super::super::act::{TURNS, at_once, panicked, pause};
use super::super::counters::Counting;
use super::super::failure::{ActFailure, DbError};
use super::super::tx::{self, Tx};
use super::Session;

pub(crate) struct Writer {
    /// Only `None` while the store is dropped.
    queue: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
    counting: Arc<Counting>,
}

/// An act in the queue, its types hidden.
trait Job: Send {
    fn attempt(&mut self, tx: &mut Tx) -> Attempt;
    /// Whatever the act said, this happened to its transaction.
    fn fail(&mut self, error: &DbError);
    fn answer(self: Box<Self>);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Attempt {
    /// It succeeded, or it refused before it wrote.
    Clean,
    /// It failed after it had written: what it wrote must go, what others wrote must stay.
    Dirty,
    /// The engine itself has given up the whole transaction.
    Lost,
}

struct Act<F, T, E> {
    act: Arc<F>,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
    counting: Arc<Counting>,
}

impl<F, T, E> Job for Act<F, T, E>
where
    F: AsyncFn(&mut Tx) -> Result<T, E> + Send + Sync,
    T: Send,
    E: ActFailure,
{
    fn attempt(&mut self, tx: &mut Tx) -> Attempt {
        if self.reply.is_closed() {
            // Whoever asked has gone before the act began: as on PostgreSQL, it does not happen.
            return Attempt::Clean;
        }
        tx.begin_act();
        let outcome = match catch_unwind(AssertUnwindSafe(|| at_once((self.act)(tx)))) {
            Ok(Ok(outcome)) => tx.judged(outcome),
            Ok(Err(waited)) => Err(E::from(waited)),
            Err(payload) => {
                Counting::one(&self.counting.panics);
                Err(E::from(panicked(payload.as_ref())))
            }
        };
        let lost = !tx.sqlite().is_ok_and(|session| session.in_transaction());
        let dirty = outcome.is_err() && tx.changes() != 0;
        self.outcome = Some(outcome);
        match (lost, dirty) {
            (true, _) => Attempt::Lost,
            (false, true) => Attempt::Dirty,
            (false, false) => Attempt::Clean,
        }
    }

    fn fail(&mut self, error: &DbError) {
        self.outcome = Some(Err(E::from(error.clone())));
    }

    fn answer(self: Box<Self>) {
        if let Some(outcome) = self.outcome {
            // Nobody is waiting any more when the asker has gone meanwhile.
            let _ = self.reply.send(outcome);
        }
    }
}

impl Writer {
    pub fn start(
        session: Session,
        options: &StoreOptions,
        counting: &Arc<Counting>,
    ) -> Result<Self, DbError> {
        let (queue, waiting) = sync_channel(options.waiting_acts);
        let group = Group {
            tx: Tx::new(tx::Session::Sqlite(session), false),
            waiting,
            acts: options.batch_acts.max(1),
            budget: options.batch_budget,
            counting: Arc::clone(counting),
        };
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || group.work())
            .map_err(|error| {
                DbError::Broken(format!("the writer's thread cannot start: {error}"))
            })?;
        Ok(Self { queue: Some(queue), thread: Some(thread), counting: Arc::clone(counting) })
    }

    /// Queues the act, waits for its commit, and runs it again when it lost a race.
    pub async fn write<T, E, F>(&self, act: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: ActFailure,
    {
        let act = Arc::new(act);
        let mut turn = 1;
        loop {
            let (reply, answer) = oneshot::channel();
            let counting = Arc::clone(&self.counting);
            self.submit(Box::new(Act { act: Arc::clone(&act), outcome: None, reply, counting }))?;
            match answer.await {
                Ok(Err(failure)) if failure.again() && turn < TURNS => {
                    Counting::one(&self.counting.retries);
                    pause(turn).await;
                    turn += 1;
                }
                Ok(outcome) => {
                    Counting::one(&self.counting.acts);
                    return outcome;
                }
                Err(_) => return Err(E::from(DbError::Broken("the writer is gone".to_owned()))),
            }
        }
    }

    fn submit(&self, job: Box<dyn Job>) -> Result<(), DbError> {
        let Some(queue) = &self.queue else {
            return Err(DbError::Broken("the writer is gone".to_owned()));
        };
        queue.try_send(job).map_err(|refused| match refused {
            TrySendError::Full(_) => {
                Counting::one(&self.counting.turned_away);
                DbError::Busy
            }
            TrySendError::Disconnected(_) => DbError::Broken("the writer is gone".to_owned()),
        })
    }
}

impl Drop for Writer {
    /// Waits until what was queued is on the disk, so that a file is at rest once its store is gone.
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take()
            // The last handle of the store may be owned by an act: then this *is* the writer, which ends by itself.
            && thread.thread().id() != std::thread::current().id()
        {
            let _ = thread.join();
        }
    }
}

/// What the writer's thread owns.
struct Group {
    tx: Tx,
    waiting: Receiver<Box<dyn Job>>,
    /// Acts in one transaction at most.
    acts: usize,
    /// How long acts are taken into one transaction; the first ones wait for it.
    budget: Duration,
    counting: Arc<Counting>,
}

impl Group {
    fn work(mut self) {
        while let Ok(first) = self.waiting.recv() {
            let mut jobs = Vec::with_capacity(self.acts);
            if let Err(error) = self.batch(first, &mut jobs) {
                // Rolled back already when the engine gave up by itself; then this says so and nothing is lost.
                let _ = self.exec("rollback");
                for job in &mut jobs {
                    job.fail(&error);
                }
            } else {
                Counting::one(&self.counting.batches);
            }
            for job in jobs {
                job.answer();
            }
        }
    }

    /// One transaction. On an error none of its acts has happened.
    fn batch(&mut self, first: Box<dyn Job>, jobs: &mut Vec<Box<dyn Job>>) -> Result<(), DbError> {
        let started = Instant::now();
        jobs.push(first);
        self.exec("begin immediate")?;
        let mut careful = false;
        let mut next = 0;
        loop {
            while let Some(job) = jobs.get_mut(next) {
                if careful {
                    attempt_behind_savepoint(&mut self.tx, job.as_mut())?;
                } else if job.attempt(&mut self.tx) != Attempt::Clean {
                    // Everything anew, each act behind a savepoint, still one sync of the disk. Without trouble the
                    // savepoints are saved.
                    careful = true;
                    Counting::one(&self.counting.replays);
                    if self.in_transaction() {
                        self.exec("rollback")?;
                    }
                    self.exec("begin immediate")?;
                    next = 0;
                    continue;
                }
                next += 1;
            }
            if jobs.len() >= self.acts || started.elapsed() >= self.budget {
                break;
            }
            match self.waiting.try_recv() {
                Ok(job) => jobs.push(job),
                Err(_) => break,
            }
        }
        self.exec("commit")
    }

    fn exec(&mut self, sql: &str) -> Result<(), DbError> {
        self.tx.sqlite()?.exec(sql)
    }

    fn in_transaction(&mut self) -> bool {
        self.tx.sqlite().is_ok_and(|session| session.in_transaction())
    }
}

fn attempt_behind_savepoint(tx: &mut Tx, job: &mut dyn Job) -> Result<(), DbError> {
    tx.sqlite()?.exec("savepoint act")?;
    match job.attempt(tx) {
        Attempt::Clean => {}
        Attempt::Dirty => tx.sqlite()?.exec("rollback to act")?,
        Attempt::Lost => {
            let cause = tx.failure().cloned();
            return Err(cause.unwrap_or_else(|| {
                DbError::Broken("the engine gave up the transaction".to_owned())
            }));
        }
    }
    tx.sqlite()?.exec("release act")
}
