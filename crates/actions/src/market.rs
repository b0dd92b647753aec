//! The market: the things an act may use. Made once at start-up and handed to everything.

use std::ops::Deref;
use std::sync::{Arc, RwLock};

use rules::ids::{Id, PersonId, ShopId};
use rules::policy::{Policies, PolicyBook};
use rules::time::Timestamp;
use store::Store;

use crate::chance::Chance;
use crate::clock::Clock;
use crate::id_maker::IdMaker;

/// Whether money is real.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Built-in payment provider and carrier, sign-in links, a clock which can be moved.
    Sandbox,
    Live,
}

/// Cheap to clone: every clone is the same market.
#[derive(Clone)]
pub struct Market(Arc<Parts>);

pub struct Parts {
    pub store: Store,
    pub clock: Clock,
    pub chance: Chance,
    pub ids: IdMaker,
    pub mode: Mode,
    /// What this process calls itself in its lease of a process number.
    holder: RwLock<String>,
    /// All policy versions, kept in memory; replaced whole when one is published.
    policies: RwLock<Arc<PolicyBook>>,
}

impl Deref for Market {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Market {
    pub fn new(
        store: Store,
        clock: Clock,
        chance: Chance,
        process: u16,
        mode: Mode,
        book: PolicyBook,
    ) -> Self {
        let ids = IdMaker::new(clock.clone(), process);
        let policies = RwLock::new(Arc::new(book));
        let holder = RwLock::new(String::new());
        Market(Arc::new(Parts { store, clock, chance, ids, mode, holder, policies }))
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn id<K>(&self) -> Id<K> {
        self.ids.next()
    }

    pub(crate) fn holder(&self) -> String {
        self.holder.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    pub(crate) fn take_holder(&self, holder: String) {
        *self.holder.write().unwrap_or_else(std::sync::PoisonError::into_inner) = holder;
    }

    pub fn policy_book(&self) -> Arc<PolicyBook> {
        self.policies.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    pub fn take_policy_book(&self, book: PolicyBook) {
        *self.policies.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(book);
    }

    /// The policies in force now, with the version number which new orders keep.
    pub fn policies(&self) -> (i64, Policies) {
        let book = self.policy_book();
        let (number, policies) = book.in_force(self.now());
        (number, policies.clone())
    }
}

/// Who did something: the `actor` column of events, and what timelines show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    Buyer(PersonId),
    Staff {
        person: PersonId,
        shop: ShopId,
    },
    House(PersonId),
    /// A passed deadline.
    Clock,
    Carrier,
    Provider,
}

impl Actor {
    /// "buyer:123", "staff:123", "house:123", "clock", "carrier", "provider".
    pub fn code(self) -> String {
        match self {
            Actor::Buyer(person) => format!("buyer:{person}"),
            Actor::Staff { person, .. } => format!("staff:{person}"),
            Actor::House(person) => format!("house:{person}"),
            Actor::Clock => "clock".to_owned(),
            Actor::Carrier => "carrier".to_owned(),
            Actor::Provider => "provider".to_owned(),
        }
    }
}
