//! Writes which may be repeated: one answer a key. See `store::requests`.

use rules::ids::PersonId;
use rules::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use store::{Tx, requests};

use crate::failure::Failure;
use crate::market::Market;

/// Names one write of one person. Made by the web layer from `Idempotency-Key` and the body, or from a form's hidden key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    pub person: PersonId,
    pub key: String,
    pub body_hash: String,
}

/// An answer, and whether it is the stored one of an earlier request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered<T> {
    pub answer: T,
    pub replayed: bool,
}

impl<T> Answered<T> {
    pub fn new(answer: T) -> Self {
        Self { answer, replayed: false }
    }
}

impl RequestKey {
    /// `what` names the act, so that one key cannot answer for two different ones.
    pub fn new(person: PersonId, key: &str, what: &str, body: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(what.as_bytes());
        hasher.update([0]);
        hasher.update(body);
        let body_hash =
            hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Self { person, key: key.to_owned(), body_hash }
    }
}

/// The stored answer, if this request was answered before; a refusal if the key was used for another one.
pub async fn kept<T: DeserializeOwned>(
    tx: &mut Tx,
    request: Option<&RequestKey>,
) -> Result<Option<Answered<T>>, Failure> {
    let Some(request) = request else { return Ok(None) };
    let Some(kept) = requests::find(tx, request.person, &request.key).await? else {
        return Ok(None);
    };
    if kept.body_hash != request.body_hash {
        return Err(Failure::KeyReused);
    }
    let answer =
        serde_json::from_str(&kept.answer).map_err(|error| Failure::Broken(error.to_string()))?;
    Ok(Some(Answered { answer, replayed: true }))
}

/// Stores the answer. The last write of its act.
pub async fn keep<T: Serialize>(
    tx: &mut Tx,
    request: Option<&RequestKey>,
    answer: &T,
    now: Timestamp,
) -> Result<(), Failure> {
    let Some(request) = request else { return Ok(()) };
    let kept = requests::Kept {
        body_hash: request.body_hash.clone(),
        status: 200,
        answer: serde_json::to_string(answer)
            .map_err(|error| Failure::Broken(error.to_string()))?,
    };
    requests::keep(tx, request.person, &request.key, &kept, now).await?;
    Ok(())
}

/// Forgets some of the answers which are older than the policy keeps them. A small step, so that nobody waits behind it;
/// answers how many rows went, and is asked again until it is none.
pub async fn forget_old(market: &Market) -> Result<u64, Failure> {
    let before = market.now() - market.policies().1.access().idempotency_kept();
    market
        .store
        .write(async move |tx: &mut Tx| Ok::<_, Failure>(requests::forget(tx, before).await?))
        .await
}
