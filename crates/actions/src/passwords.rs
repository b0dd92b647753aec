//! Passwords: hashed with Argon2id, off the async threads, at most one a core at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;

use crate::chance::Chance;
use crate::failure::Failure;

/// Sign-ins which may wait for a core; beyond that it is kinder to say "busy" at once.
const WAITING: usize = 64;

/// Argon2id and the permits to run it. One for the whole process.
#[derive(Debug)]
pub struct Passwords {
    argon2: Argon2<'static>,
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
}

impl Passwords {
    /// RustCrypto's defaults, which follow OWASP's advice: 19 MiB, 2 passes, 1 lane.
    pub fn standard() -> Self {
        Self::with(argon2::Params::default())
    }

    /// The least Argon2 allows: for tests and the simulation, where passwords are no secrets.
    pub fn cheap() -> Self {
        let least = argon2::Params::new(argon2::Params::MIN_M_COST, 1, 1, None);
        Self::with(least.unwrap_or_default())
    }

    fn with(params: argon2::Params) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            argon2: Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params),
            permits: Arc::new(Semaphore::new(cores)),
            waiting: AtomicUsize::new(0),
        }
    }

    /// A new PHC string, salted.
    pub async fn hash(&self, chance: &Chance, password: String) -> Result<String, Failure> {
        let salt = chance.secret();
        let argon2 = self.argon2.clone();
        self.in_turn(move || {
            let hash = argon2.hash_password_with_salt(password.as_bytes(), &salt[..16]);
            hash.map(|hash| hash.to_string()).map_err(|error| Failure::Broken(error.to_string()))
        })
        .await?
    }

    /// Whether the password is the one of this PHC string. An empty or missing one never matches, and takes as long.
    pub async fn matches(&self, password: String, phc: Option<String>) -> Result<bool, Failure> {
        let argon2 = self.argon2.clone();
        self.in_turn(move || match phc.filter(|phc| !phc.is_empty()) {
            Some(phc) => PasswordHash::new(&phc)
                .map(|hash| argon2.verify_password(password.as_bytes(), &hash).is_ok())
                .map_err(|error| Failure::Broken(format!("a stored password hash: {error}"))),
            None => {
                let mut spent = [0; 32];
                let done = argon2.hash_password_into(password.as_bytes(), &[0; 16], &mut spent);
                done.map(|()| false).map_err(|error| Failure::Broken(error.to_string()))
            }
        })
        .await?
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let place = Place::take(&self.waiting).ok_or(Failure::Busy)?;
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(|closed| Failure::Broken(closed.to_string()))?;
        drop(place);
        // The permit goes with the work: a caller who gives up does not free the core which still computes.
        let outcome = tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(permit);
            outcome
        });
        outcome.await.map_err(|error| Failure::Broken(error.to_string()))
    }
}

/// A place in the queue; leaving it, also by giving up, frees it.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Option<Self> {
        let before = waiting.fetch_add(1, Ordering::Relaxed);
        let place = Place(waiting);
        (before < WAITING).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_matches_its_own_hash_only() {
        let passwords = Passwords::cheap();
        let chance = Chance::seeded(1);
        let phc = passwords.hash(&chance, "correct horse".to_owned()).await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$"), "{phc}");
        assert_ne!(phc, passwords.hash(&chance, "correct horse".to_owned()).await.unwrap());
        let matches = async |password: &str, phc: &str| {
            passwords.matches(password.to_owned(), Some(phc.to_owned())).await
        };
        assert_eq!(matches("correct horse", &phc).await, Ok(true));
        assert_eq!(matches("wrong horse", &phc).await, Ok(false));
        assert_eq!(matches("", "").await, Ok(false));
        assert_eq!(passwords.matches(String::new(), None).await, Ok(false));
        assert!(matches!(matches("x", "no hash").await, Err(Failure::Broken(_))));
    }

    #[tokio::test]
    async fn a_full_queue_is_busy_and_empties_again() {
        let passwords = Passwords::cheap();
        passwords.waiting.store(WAITING, Ordering::Relaxed);
        assert_eq!(passwords.matches("x".to_owned(), None).await, Err(Failure::Busy));
        assert_eq!(passwords.waiting.load(Ordering::Relaxed), WAITING);
        passwords.waiting.store(0, Ordering::Relaxed);
        assert_eq!(passwords.matches("x".to_owned(), None).await, Ok(false));
        assert_eq!(passwords.waiting.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn the_standard_is_what_owasp_advises() {
        let params = Passwords::standard().argon2.params().clone();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (19 * 1024, 2, 1));
    }
}
