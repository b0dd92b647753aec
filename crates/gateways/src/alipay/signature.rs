//! RSA2: SHA-256 with RSA over sorted `name=value` pairs, and over the text of an answer's node.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::contract::{ForgedReason, GatewayError};
use crate::keys::{SigningKey, VerifyingKey};

/// What is signed of a request or notice: the pairs by name, those without a value left out, not encoded.
pub fn content<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let sorted: BTreeMap<&str, &str> =
        pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    let pairs: Vec<String> =
        sorted.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// A request's `sign`. `sign_type` is signed, too.
pub fn sign_request(key: &SigningKey, pairs: &[(&str, String)]) -> String {
    let pairs = pairs.iter().map(|(name, value)| (*name, value.as_str()));
    key.sign(content(pairs.filter(|(name, _)| *name != "sign")).as_bytes())
}

/// A notice's `sign`, made over everything but itself and `sign_type`.
pub fn verify_notice(key: &VerifyingKey, pairs: &[(String, String)]) -> Result<(), ForgedReason> {
    let find = |wanted: &str| pairs.iter().find(|(name, _)| name == wanted);
    let (_, sign) = find("sign").ok_or(ForgedReason::Missing)?;
    if find("sign_type").is_some_and(|(_, kind)| kind != "RSA2") {
        return Err(ForgedReason::UnknownKey);
    }
    // Which of two values was signed is anybody's guess, so neither is believed.
    let mut names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    if names.windows(2).any(|two| two[0] == two[1]) {
        return Err(ForgedReason::Wrong);
    }
    let signed = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let signed = content(signed.filter(|(name, _)| *name != "sign" && *name != "sign_type"));
    if key.verifies(signed.as_bytes(), sign) { Ok(()) } else { Err(ForgedReason::Wrong) }
}

/// The node `{method with underscores}_response` of an answer, verified letter by letter as it came.
pub fn verified_node<'a>(
    key: &VerifyingKey,
    answer: &'a str,
    method: &str,
) -> Result<&'a str, GatewayError> {
    let nodes: BTreeMap<String, &'a RawValue> =
        serde_json::from_str(answer).map_err(GatewayError::unreadable)?;
    let name = format!("{}_response", method.replace('.', "_"));
    let node = nodes.get(&name).or_else(|| nodes.get("error_response"));
    let node = node.ok_or_else(|| GatewayError::unreadable(format!("{name} is missing")))?.get();
    let sign = nodes.get("sign").ok_or(ForgedReason::Missing)?;
    let sign: String = serde_json::from_str(sign.get()).map_err(GatewayError::unreadable)?;
    if key.verifies(node.as_bytes(), &sign) { Ok(node) } else { Err(ForgedReason::Wrong.into()) }
}
