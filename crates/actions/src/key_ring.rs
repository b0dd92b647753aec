//! Callers seen lately, by the hash of the secret they showed: a page and an API call need no look into the database.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use rules::ids::PersonId;
use rules::time::{Span, Timestamp};

use crate::caller::Caller;
use crate::secrets::SecretHash;

/// Callers kept at most. Past this the ring is emptied: it is a memory of the last seconds, not of the day.
const MOST: usize = 50_000;

/// A ring for keys and one for sessions hang in the market.
///
/// What this process revokes is forgotten at once; what another process revokes works here until the entry is old.
#[derive(Debug)]
pub struct KeyRing {
    keeps: Span,
    held: RwLock<HashMap<SecretHash, (Caller, Timestamp)>>,
    /// Rises with each forgetting, so that what was read before it is not kept after it.
    turn: AtomicU64,
}

impl KeyRing {
    pub fn keeping(keeps: Span) -> Self {
        Self { keeps, held: RwLock::default(), turn: AtomicU64::new(0) }
    }

    /// The caller who showed this secret a moment ago.
    pub fn find(&self, secret: SecretHash, now: Timestamp) -> Option<Caller> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let (caller, since) = held.get(&secret)?;
        let age = now.since(*since);
        (age >= Span::from_ms(0) && age < self.keeps).then(|| caller.clone())
    }

    /// To be asked before reading from the database what is then given to [`KeyRing::keep`].
    pub fn turn(&self) -> u64 {
        self.turn.load(Ordering::Acquire)
    }

    pub fn keep(&self, secret: SecretHash, caller: &Caller, now: Timestamp, turn: u64) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        // Under the lock: a forgetting either came before and is seen here, or comes after and removes this entry.
        if self.turn() != turn {
            return;
        }
        if held.len() >= MOST {
            held.clear();
        }
        held.insert(secret, (caller.clone(), now));
    }

    pub fn forget(&self, secret: SecretHash) {
        self.forget_those(|known, _| known == secret);
    }

    /// Everything by which this person is known: after a new password, role or name.
    pub fn forget_person(&self, person: PersonId) {
        self.forget_those(|_, caller| caller.person == person);
    }

    pub fn forget_those(&self, which: impl Fn(SecretHash, &Caller) -> bool) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        self.turn.fetch_add(1, Ordering::Release);
        held.retain(|secret, (caller, _)| !which(*secret, caller));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caller::Via;

    fn caller(person: i64) -> Caller {
        Caller {
            person: PersonId::new(person),
            name: "Ann".to_owned(),
            email: "ann@example.com".to_owned(),
            language: "en".to_owned(),
            memberships: Vec::new(),
            via: Via::Session { token_hash: SecretHash::of("token") },
        }
    }

    #[test]
    fn what_is_old_or_forgotten_is_not_found() {
        let ring = KeyRing::keeping(Span::from_seconds(10));
        let (ann, bob) = (SecretHash::of("ann"), SecretHash::of("bob"));
        let at = |seconds: i64| Timestamp::from_ms(seconds * 1_000);
        ring.keep(ann, &caller(1), at(0), ring.turn());
        ring.keep(bob, &caller(2), at(0), ring.turn());
        assert!(ring.find(ann, at(9)).is_some());
        assert!(ring.find(ann, at(10)).is_none());
        assert!(ring.find(SecretHash::of("eve"), at(0)).is_none());
        ring.forget_person(PersonId::new(1));
        assert!(ring.find(ann, at(1)).is_none());
        assert!(ring.find(bob, at(1)).is_some());
        ring.forget(bob);
        assert!(ring.find(bob, at(1)).is_none());
    }

    #[test]
    fn what_was_read_before_a_forgetting_is_not_kept_after_it() {
        let ring = KeyRing::keeping(Span::from_seconds(10));
        let ann = SecretHash::of("ann");
        let turn = ring.turn();
        ring.forget(ann);
        ring.keep(ann, &caller(1), Timestamp::from_ms(0), turn);
        assert!(ring.find(ann, Timestamp::from_ms(0)).is_none());
    }
}
