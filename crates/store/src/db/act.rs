//! Running one act: what both engines need around it.

use std::any::Any;
use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::failure::DbError;

/// How often one act is run at most, lost races and lost connections together.
pub(super) const TURNS: u32 = 10;

/// On SQLite an act never waits: its future is ready at the first poll, or it waited for something other than its `Tx`.
pub(super) fn at_once<T>(act: impl Future<Output = T>) -> Result<T, DbError> {
    match pin!(act).as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => Ok(outcome),
        Poll::Pending => {
            Err(DbError::Broken("an act waited for something other than its Tx".to_owned()))
        }
    }
}

/// What a panic said, as a failure of the act.
pub(super) fn panicked(payload: &(dyn Any + Send)) -> DbError {
    let said = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "without a text".to_owned());
    DbError::Broken(format!("the act panicked: {said}"))
}

/// Waits before the next turn: 2 ms doubled each time up to 512 ms, half of it by chance, so that acts which met once do
/// not meet again in step.
pub(super) async fn pause(turn: u32) {
    let longest_us = 2_000_u64 << turn.min(8);
    // The standard library's hasher keys are the only chance at hand here; nothing is decided by it but the length of a pause.
    let chance = RandomState::new().hash_one(turn) % (longest_us / 2);
    tokio::time::sleep(Duration::from_micros(longest_us / 2 + chance)).await;
}
