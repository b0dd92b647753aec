//! `AEAD_AES_256_GCM`: what a notice carries is sealed with the merchant's APIv3 key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};

use crate::contract::ForgedReason;
use crate::keys::Secret;

/// The sealed part of a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    pub algorithm: String,
    /// Base64; the last 16 bytes are the tag.
    pub ciphertext: String,
    #[serde(default)]
    pub associated_data: String,
    /// 12 letters.
    pub nonce: String,
    #[serde(default)]
    pub original_type: String,
}

/// The APIv3 key: 32 letters, used as they are.
#[derive(Clone, Debug)]
pub struct ApiKey(Secret);

impl ApiKey {
    /// `None` when it has not 32 bytes.
    pub fn read(text: &str) -> Option<Self> {
        (text.len() == 32).then(|| Self(Secret::new(text)))
    }

    fn key(&self) -> LessSafeKey {
        let bytes = self.0.reveal().as_bytes();
        LessSafeKey::new(UnboundKey::new(&AES_256_GCM, bytes).expect("it has 32 bytes"))
    }

    pub fn open(&self, resource: &Resource) -> Result<Vec<u8>, ForgedReason> {
        let sealed = |_| ForgedReason::Sealed;
        if resource.algorithm != "AEAD_AES_256_GCM" {
            return Err(ForgedReason::Sealed);
        }
        let nonce = Nonce::try_assume_unique_for_key(resource.nonce.as_bytes()).map_err(sealed)?;
        let mut text = STANDARD.decode(&resource.ciphertext).map_err(|_| ForgedReason::Sealed)?;
        let aad = Aad::from(resource.associated_data.as_bytes());
        let opened = self.key().open_in_place(nonce, aad, &mut text).map_err(sealed)?;
        Ok(opened.to_vec())
    }

    /// As the platform would: for simulators. `nonce` has 12 letters and is never used twice.
    pub fn seal(&self, text: &[u8], kind: &str, nonce: &str) -> Result<Resource, ForgedReason> {
        let sealed = |_| ForgedReason::Sealed;
        let once = Nonce::try_assume_unique_for_key(nonce.as_bytes()).map_err(sealed)?;
        let mut text = text.to_vec();
        self.key()
            .seal_in_place_append_tag(once, Aad::from(kind.as_bytes()), &mut text)
            .map_err(sealed)?;
        Ok(Resource {
            algorithm: "AEAD_AES_256_GCM".to_owned(),
            ciphertext: STANDARD.encode(text),
            associated_data: kind.to_owned(),
            nonce: nonce.to_owned(),
            original_type: kind.to_owned(),
        })
    }
}
