//! Secrets which are shown once and kept as hashes: session tokens, links, keys; and the tokens of forms.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// A secret in the text which its owner gets to see once. Never stored, never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// `bytes` come from [`crate::chance::Chance::secret`]; `prefix` tells people what the secret opens.
    pub fn new(prefix: &str, bytes: [u8; 32]) -> Self {
        Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// SHA-256 of a secret's text. A plain hash is enough: nobody guesses 256 bits of chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// As it is stored: base64url, 43 characters.
    pub fn to_text(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

/// The token which a signed-in person's forms carry. It belongs to one session; the key never leaves the server.
pub fn form_token(key: &[u8; 32], session: SecretHash) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(b"form ");
    mac.update(&session.0);
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

/// The 32 bytes behind a carrier's key: made of the house's root and the key's own id, so that no text is ever kept.
pub(crate) fn carrier_key_bytes(root: &[u8; 32], id: i64) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(root).expect("HMAC takes keys of any length");
    mac.update(b"carrier key ");
    mac.update(&id.to_be_bytes());
    mac.finalize().into_bytes().into()
}

/// HMAC-SHA256 of `"<seconds>.<body>"` in small hexadecimal digits: how a report is signed.
pub fn report_signature(key: &str, seconds: i64, body: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(seconds.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.finalize().into_bytes().iter().fold(String::with_capacity(64), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes any text");
        text
    })
}

/// Compares in the same time whatever is shown.
pub fn same_token(expected: &str, shown: &str) -> bool {
    expected.as_bytes().ct_eq(shown.as_bytes()).into()
}

/// 32 bytes from their text, as [`SecretHash::to_text`] writes them.
pub(crate) fn bytes_of(text: &str) -> Option<[u8; 32]> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}

/// The text for 32 bytes.
pub(crate) fn text_of(bytes: [u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_printed() {
        let secret = Secret::new("gh_shop_", [7; 32]);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert!(secret.reveal().starts_with("gh_shop_") && secret.reveal().len() == 8 + 43);
    }

    #[test]
    fn hashes_are_those_of_sha_256() {
        // FIPS 180-2, the first example.
        let hash = SecretHash::of("abc").to_text();
        assert_eq!(hash, "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
        assert_eq!(bytes_of(&hash).map(text_of), Some(hash));
    }

    #[test]
    fn a_report_is_signed_as_openssl_would() {
        // printf '1700000000.{}' | openssl dgst -sha256 -hmac key
        let signature = report_signature("key", 1_700_000_000, b"{}");
        assert_eq!(signature, "9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae");
    }

    #[test]
    fn the_token_of_a_form_belongs_to_one_session() {
        let (one, other) = (SecretHash::of("one"), SecretHash::of("other"));
        let token = form_token(&[1; 32], one);
        assert!(same_token(&token, &form_token(&[1; 32], one)));
        assert!(!same_token(&token, &form_token(&[1; 32], other)));
        assert!(!same_token(&token, &form_token(&[2; 32], one)));
        assert!(!same_token(&token, ""));
    }
}
