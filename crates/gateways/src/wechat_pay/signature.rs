//! WeChat Pay v3: SHA-256 with RSA over lines which each end with a line feed, the last one too.

use std::collections::BTreeMap;

use http::HeaderMap;
use rules::time::Timestamp;

use crate::contract::ForgedReason;
use crate::keys::{SigningKey, VerifyingKey};
use crate::wire::header;

/// How far the signed time may be from now, in seconds. [P] five minutes.
pub const TOLERANCE_SECONDS: i64 = 300;

/// The keys of the platform: by the id of the public key (`PUB_KEY_ID_…`) or the serial number of the certificate.
pub type PlatformKeys = BTreeMap<String, VerifyingKey>;

/// What a request signs. `path` has its query.
pub fn request_content(method: &str, path: &str, seconds: i64, nonce: &str, body: &str) -> String {
    format!("{method}\n{path}\n{seconds}\n{nonce}\n{body}\n")
}

/// Who signs requests.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    pub merchant_id: &'a str,
    /// Serial number of the merchant's own certificate.
    pub serial: &'a str,
    pub key: &'a SigningKey,
}

/// The header `Authorization`.
pub fn authorization(
    signer: Signer<'_>,
    method: &str,
    path: &str,
    (seconds, nonce): (i64, &str),
    body: &str,
) -> String {
    let signature = signer.key.sign(request_content(method, path, seconds, nonce, body).as_bytes());
    format!(
        "WECHATPAY2-SHA256-RSA2048 mchid=\"{}\",nonce_str=\"{nonce}\",signature=\"{signature}\",timestamp=\"{seconds}\",serial_no=\"{}\"",
        signer.merchant_id, signer.serial
    )
}

/// What an answer or a notice signs.
pub fn answer_content(seconds: &str, nonce: &str, body: &str) -> String {
    format!("{seconds}\n{nonce}\n{body}\n")
}

/// Whether the platform has signed this body, not long ago.
pub fn verify(
    keys: &PlatformKeys,
    headers: &HeaderMap,
    body: &str,
    now: Timestamp,
) -> Result<(), ForgedReason> {
    let find = |name: &str| header(headers, name).ok_or(ForgedReason::Missing);
    let seconds = find("wechatpay-timestamp")?;
    let nonce = find("wechatpay-nonce")?;
    let signature = find("wechatpay-signature")?;
    let key = keys.get(find("wechatpay-serial")?).ok_or(ForgedReason::UnknownKey)?;
    if !key.verifies(answer_content(seconds, nonce, body).as_bytes(), signature) {
        return Err(ForgedReason::Wrong);
    }
    let signed_at: i64 = seconds.parse().map_err(|_| ForgedReason::Wrong)?;
    let apart = now.ms().div_euclid(1_000).saturating_sub(signed_at);
    if apart.abs() > TOLERANCE_SECONDS { Err(ForgedReason::OutOfTime) } else { Ok(()) }
}
