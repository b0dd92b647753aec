//! The market: the things an act may use. Made once at start-up and handed to everything.

use std::ops::Deref;
use std::sync::{Arc, OnceLock, RwLock};

use gateways::{Moment, Providers};
use rules::ids::{Id, PersonId, ShopId};
use rules::policy::{Policies, PolicyBook};
use rules::time::{Span, Timestamp};
use store::{Store, Tx, house};

use crate::chance::Chance;
use crate::clock::Clock;
use crate::failure::Failure;
use crate::id_maker::IdMaker;
use crate::key_ring::KeyRing;
use crate::passwords::Passwords;
use crate::secrets;

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
    pub passwords: Passwords,
    /// Programs seen in the last half minute.
    pub keys: KeyRing,
    /// People seen in the last ten seconds.
    pub sessions: KeyRing,
    form_key: OnceLock<[u8; 32]>,
    carrier_root: OnceLock<[u8; 32]>,
    /// What this process calls itself in its lease of a process number.
    holder: RwLock<String>,
    /// All policy versions, kept in memory; replaced whole when one is published.
    policies: RwLock<Arc<PolicyBook>>,
    /// The payment providers of the deployment; none until they are taken.
    providers: RwLock<Arc<Providers>>,
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
        Self::with_passwords(store, clock, chance, process, mode, book, Passwords::standard())
    }

    /// As [`Market::new`], with cheaper passwords: for tests and the simulation.
    pub fn with_passwords(
        store: Store,
        clock: Clock,
        chance: Chance,
        process: u16,
        mode: Mode,
        book: PolicyBook,
        passwords: Passwords,
    ) -> Self {
        Market(Arc::new(Parts {
            store,
            ids: IdMaker::new(clock.clone(), process),
            clock,
            chance,
            mode,
            passwords,
            keys: KeyRing::keeping(Span::from_seconds(30)),
            sessions: KeyRing::keeping(Span::from_seconds(10)),
            form_key: OnceLock::new(),
            carrier_root: OnceLock::new(),
            holder: RwLock::new(String::new()),
            policies: RwLock::new(Arc::new(book)),
            providers: RwLock::default(),
        }))
    }

    /// The key behind the tokens of forms: made once for the house, kept in its settings, the same in every process.
    pub async fn form_key(&self) -> Result<[u8; 32], Failure> {
        if let Some(key) = self.form_key.get() {
            return Ok(*key);
        }
        let key = self.kept_secret("form_key").await?;
        Ok(*self.form_key.get_or_init(|| key))
    }

    /// The root of the carriers' keys: from the deployment's own file where it has one, else kept in the house's settings.
    pub async fn carrier_root(&self) -> Result<[u8; 32], Failure> {
        if let Some(key) = self.carrier_root.get() {
            return Ok(*key);
        }
        let key = self.kept_secret("carrier_root").await?;
        Ok(*self.carrier_root.get_or_init(|| key))
    }

    /// Takes the root of the carriers' keys from outside the database. Only before anybody has asked for it; answers
    /// whether it was taken.
    pub fn take_carrier_root(&self, root: [u8; 32]) -> bool {
        self.carrier_root.set(root).is_ok()
    }

    /// A secret of the house, made when first needed.
    async fn kept_secret(&self, name: &str) -> Result<[u8; 32], Failure> {
        let (name, wanted) = (name.to_owned(), name.to_owned());
        let found = self
            .store
            .read(async move |tx: &mut Tx| -> Result<Option<String>, Failure> {
                Ok(house::load_setting(tx, &wanted).await?)
            })
            .await?;
        let text = match found {
            Some(text) => text,
            None => {
                let (mine, now) = (secrets::text_of(self.chance.secret()), self.now());
                let wanted = name.clone();
                self.store
                    .write(async move |tx: &mut Tx| -> Result<String, Failure> {
                        Ok(house::keep_first_setting(tx, &wanted, &mine, now).await?)
                    })
                    .await?
            }
        };
        secrets::bytes_of(&text)
            .ok_or_else(|| Failure::Broken(format!("the setting {name} is damaged")))
    }

    /// What is remembered about a person's keys and sessions is read anew: their name, roles or password changed.
    pub fn forget_caller(&self, person: PersonId) {
        self.keys.forget_person(person);
        self.sessions.forget_person(person);
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

    /// The payment providers besides the sandbox's own.
    pub fn providers(&self) -> Arc<Providers> {
        self.providers.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    pub fn take_providers(&self, providers: Providers) {
        *self.providers.write().unwrap_or_else(std::sync::PoisonError::into_inner) =
            Arc::new(providers);
    }

    /// What a call to a provider needs.
    pub(crate) fn moment(&self) -> Moment {
        let secret = self.chance.secret();
        let mut chance = [0; 16];
        chance.copy_from_slice(&secret[..16]);
        Moment { now: self.now(), chance }
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
    Bank,
}

impl Actor {
    /// "buyer:123", "staff:123", "house:123", "clock", "carrier", "provider", "bank".
    pub fn code(self) -> String {
        match self {
            Actor::Buyer(person) => format!("buyer:{person}"),
            Actor::Staff { person, .. } => format!("staff:{person}"),
            Actor::House(person) => format!("house:{person}"),
            Actor::Clock => "clock".to_owned(),
            Actor::Carrier => "carrier".to_owned(),
            Actor::Provider => "provider".to_owned(),
            Actor::Bank => "bank".to_owned(),
        }
    }
}
