//! Keys: read from PEM or bare base64, and never shown.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, SubjectPublicKeyInfoDer};
use webpki::ring::RSA_PKCS1_2048_8192_SHA256;

/// A text which is neither logged nor shown.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Why a key cannot be used. It never repeats the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    #[error("this is neither PEM nor base64")]
    NotAKey,
    #[error("this is no RSA private key of at least 2048 bits (PKCS#1 or PKCS#8)")]
    NotAPrivateKey,
    #[error("this is no RSA public key (SubjectPublicKeyInfo) of at least 2048 bits")]
    NotAPublicKey,
    #[error("this is no X.509 certificate")]
    NotACertificate,
}

/// An RSA private key which signs with SHA-256 and PKCS#1 v1.5 padding: what Alipay calls RSA2, and WeChat Pay
/// SHA256-RSA2048.
pub struct SigningKey(RsaKeyPair);

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey")
    }
}

impl SigningKey {
    /// Reads PEM (PKCS#1 or PKCS#8), or the same as one line of base64, as Alipay's key tool writes it.
    pub fn read(text: &str) -> Result<Self, KeyFault> {
        let pair = if text.contains("-----BEGIN") {
            match PrivateKeyDer::from_pem_slice(text.as_bytes()) {
                Ok(PrivateKeyDer::Pkcs1(der)) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
                Ok(PrivateKeyDer::Pkcs8(der)) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()),
                Ok(_) | Err(_) => return Err(KeyFault::NotAPrivateKey),
            }
        } else {
            let der = bare(text)?;
            RsaKeyPair::from_pkcs8(&der).or_else(|_| RsaKeyPair::from_der(&der))
        };
        pair.map(Self).map_err(|_| KeyFault::NotAPrivateKey)
    }

    /// The signature in base64.
    pub fn sign(&self, message: &[u8]) -> String {
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .expect("the buffer has the key's length, and the system has a source of randomness");
        STANDARD.encode(signature)
    }
}

/// A provider's public key, by itself or in a certificate.
#[derive(Clone, Debug)]
pub enum VerifyingKey {
    Bare(SubjectPublicKeyInfoDer<'static>),
    Certificate(CertificateDer<'static>),
}

impl VerifyingKey {
    /// Reads a public key: PEM, or one line of base64.
    pub fn read(text: &str) -> Result<Self, KeyFault> {
        let der = if text.contains("-----BEGIN") {
            SubjectPublicKeyInfoDer::from_pem_slice(text.as_bytes())
                .map_err(|_| KeyFault::NotAPublicKey)?
        } else {
            SubjectPublicKeyInfoDer::from(bare(text)?)
        };
        // An empty message with an empty signature: all that matters is whether the key can be used at all.
        match webpki::RawPublicKeyEntity::try_from(&der) {
            Ok(_) => Ok(Self::Bare(der)),
            Err(_) => Err(KeyFault::NotAPublicKey),
        }
    }

    /// Reads the certificates of a PEM file, each with its serial number in capital hexadecimal digits.
    pub fn read_certificates(text: &str) -> Result<Vec<(String, Self)>, KeyFault> {
        let mut found = Vec::new();
        for certificate in CertificateDer::pem_slice_iter(text.as_bytes()) {
            let certificate = certificate.map_err(|_| KeyFault::NotACertificate)?;
            let read = webpki::EndEntityCert::try_from(&certificate)
                .map_err(|_| KeyFault::NotACertificate)?;
            let serial = read.serial().iter().skip_while(|byte| **byte == 0);
            let serial = serial.map(|byte| format!("{byte:02X}")).collect();
            found.push((serial, Self::Certificate(certificate.clone())));
        }
        if found.is_empty() { Err(KeyFault::NotACertificate) } else { Ok(found) }
    }

    /// Whether `signature`, base64, is the key owner's under `message`.
    pub fn verifies(&self, message: &[u8], signature: &str) -> bool {
        let Ok(signature) = STANDARD.decode(signature) else { return false };
        let algorithm = RSA_PKCS1_2048_8192_SHA256;
        match self {
            VerifyingKey::Bare(der) => webpki::RawPublicKeyEntity::try_from(der)
                .is_ok_and(|key| key.verify_signature(algorithm, message, &signature).is_ok()),
            VerifyingKey::Certificate(der) => webpki::EndEntityCert::try_from(der)
                .is_ok_and(|key| key.verify_signature(algorithm, message, &signature).is_ok()),
        }
    }
}

fn bare(text: &str) -> Result<Vec<u8>, KeyFault> {
    let line: String = text.split_whitespace().collect();
    STANDARD.decode(line).map_err(|_| KeyFault::NotAKey)
}
