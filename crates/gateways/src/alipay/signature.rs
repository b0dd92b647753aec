//! RSA2: SHA-256 with RSA over sorted `name=value` pairs, and over the text of an answer's node.

use std::collections::BTreeMap;

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

/// The node `{method with underscores}_response` of an answer, verified letter by letter as it came: what is signed is its
/// text, not what the text means.
pub fn verified_node<'a>(
    key: &VerifyingKey,
    answer: &'a str,
    method: &str,
) -> Result<&'a str, GatewayError> {
    let members = members(answer).ok_or_else(|| GatewayError::unreadable("no JSON object"))?;
    let find = |wanted: &str| members.iter().find(|(name, _)| *name == wanted).map(|(_, v)| *v);
    let name = format!("{}_response", method.replace('.', "_"));
    let node = find(&name).or_else(|| find("error_response"));
    let node = node.ok_or_else(|| GatewayError::unreadable(format!("{name} is missing")))?;
    let sign = find("sign").ok_or(ForgedReason::Missing)?;
    let sign: String = serde_json::from_str(sign).map_err(GatewayError::unreadable)?;
    if key.verifies(node.as_bytes(), &sign) { Ok(node) } else { Err(ForgedReason::Wrong.into()) }
}

/// The members of a JSON object with the text of each value as it stands; `None` when it is no object.
fn members(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut rest = text.trim().strip_prefix('{')?.strip_suffix('}')?.trim();
    let mut found = Vec::new();
    while !rest.is_empty() {
        let name = &rest[..value_length(rest)?];
        let value = rest[name.len()..].trim_start().strip_prefix(':')?.trim_start();
        let length = value_length(value)?;
        let name = name.trim_end().strip_prefix('"')?.strip_suffix('"')?;
        found.push((name, value[..length].trim_end()));
        let after = value[length..].trim_start();
        rest = match after.strip_prefix(',') {
            // Nothing may follow the last comma, and nothing but a comma may stand between.
            Some(next) if !next.trim().is_empty() => next.trim_start(),
            None if after.is_empty() => after,
            Some(_) | None => return None,
        };
    }
    Some(found)
}

/// How many bytes the value at the beginning has: up to a comma or a colon outside of texts and brackets.
fn value_length(text: &str) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_u32, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            b',' | b':' if depth == 0 => return (at > 0).then_some(at),
            _ => {}
        }
    }
    (depth == 0 && !quoted && !text.is_empty()).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_members_of_an_object_keep_their_text() {
        let text = r#" { "a_response" : {"b":"x,}\"{", "c":[1,{"d":2}]} , "sign":"s:1" } "#;
        let found = members(text).unwrap();
        assert_eq!(
            found,
            [("a_response", r#"{"b":"x,}\"{", "c":[1,{"d":2}]}"#), ("sign", r#""s:1""#)]
        );
        assert_eq!(members("{}"), Some(Vec::new()));
        for broken in
            ["", "[]", "{", "{a:1}", r#"{"a":1,}"#, r#"{"a"}"#, r#"{"a":{}"#, r#"{"a":1 "b":2}"#]
        {
            assert_eq!(members(broken), None, "{broken}");
        }
    }
}
