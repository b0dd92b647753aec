//! `Stripe-Signature`: HMAC-SHA256 over "{seconds}.{body}", as docs.stripe.com/webhooks describes it.

use hmac::{Hmac, KeyInit as _, Mac as _};
use rules::time::Timestamp;
use sha2::Sha256;

use crate::contract::ForgedReason;
use crate::keys::Secret;

/// How far the signed time may be from now, in seconds. [P] 300 in Stripe's own libraries.
pub const TOLERANCE_SECONDS: i64 = 300;

/// Whether one of the signatures of scheme `v1` was made with one of the secrets, not long ago. While a secret is being
/// rotated there are two of them, and Stripe signs with both.
pub fn verify(
    header: Option<&str>,
    body: &[u8],
    secrets: &[Secret],
    now: Timestamp,
) -> Result<(), ForgedReason> {
    let header = header.ok_or(ForgedReason::Missing)?;
    let (mut signed_at, mut signatures) = (None, Vec::new());
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", seconds)) => signed_at = Some(seconds),
            Some(("v1", signature)) => signatures.push(signature),
            // `v0` is Stripe's scheme for test events, and proves nothing.
            Some(_) | None => {}
        }
    }
    let signed_at = signed_at.ok_or(ForgedReason::Missing)?;
    if signatures.is_empty() {
        return Err(ForgedReason::Missing);
    }
    let fits = secrets.iter().any(|secret| {
        signatures.iter().any(|signature| {
            hex(signature)
                .is_some_and(|tag| mac(secret, signed_at, body).verify_slice(&tag).is_ok())
        })
    });
    if !fits {
        return Err(ForgedReason::Wrong);
    }
    let seconds: i64 = signed_at.parse().map_err(|_| ForgedReason::Wrong)?;
    let apart = now.ms().div_euclid(1_000).saturating_sub(seconds);
    if apart.abs() > TOLERANCE_SECONDS { Err(ForgedReason::OutOfTime) } else { Ok(()) }
}

/// The header as Stripe would send it: for simulators.
pub fn sign(body: &[u8], secret: &Secret, now: Timestamp) -> String {
    let seconds = now.ms().div_euclid(1_000).to_string();
    let tag = mac(secret, &seconds, body).finalize().into_bytes();
    let tag: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={seconds},v1={tag}")
}

fn mac(secret: &Secret, seconds: &str, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(seconds.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac
}

fn hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}
