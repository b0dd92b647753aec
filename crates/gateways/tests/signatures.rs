//! Signatures against what others made: Stripe's, Alipay's and WeChat Pay's side from Python packages (`vectors/make.py`
//! says which), and the example which WeChat Pay's documentation prints.

use std::collections::BTreeMap;

use gateways::ForgedReason;
use gateways::alipay::signature as alipay;
use gateways::keys::{KeyFault, Secret, SigningKey, VerifyingKey};
use gateways::stripe::signature as stripe;
use gateways::wechat_pay::sealed::{ApiKey, Resource};
use gateways::wechat_pay::signature as wechat;
use http::HeaderMap;
use rules::time::Timestamp;
use serde_json::Value;

const MERCHANT: &str = include_str!("vectors/merchant.pem");
const MERCHANT_PKCS1: &str = include_str!("vectors/merchant_pkcs1.pem");
const MERCHANT_PUBLIC: &str = include_str!("vectors/merchant_public.pem");
const PLATFORM_PUBLIC: &str = include_str!("vectors/platform_public.pem");
const PLATFORM_CERTIFICATE: &str = include_str!("vectors/platform_certificate.pem");
const SERIAL: &str = "5F0E1D2C3B4A59687706F5E4D3C2B1A091827364";

fn vectors(of: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("vectors/vectors.json")).unwrap();
    all[of].clone()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} is missing"))
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_ms(seconds * 1_000)
}

#[test]
fn a_webhook_signed_by_stripes_own_library_is_believed_for_five_minutes() {
    let made = vectors("stripe");
    let (header, body) = (text(&made, "header"), text(&made, "body").as_bytes());
    let seconds = made["seconds"].as_i64().unwrap();
    let secrets = [Secret::new("whsec_the_next_one"), Secret::new(text(&made, "secret"))];
    let verify =
        |header: &str, body: &[u8], now: i64| stripe::verify(Some(header), body, &secrets, at(now));
    assert_eq!(verify(header, body, seconds), Ok(()));
    assert_eq!(verify(header, body, seconds + 300), Ok(()));
    assert_eq!(verify(header, body, seconds + 301), Err(ForgedReason::OutOfTime));
    assert_eq!(verify(header, body, seconds - 301), Err(ForgedReason::OutOfTime));
    assert_eq!(verify(header, b"{}", seconds), Err(ForgedReason::Wrong));
    // Another time needs another signature.
    let later = header.replace(&seconds.to_string(), &(seconds + 1).to_string());
    assert_eq!(verify(&later, body, seconds), Err(ForgedReason::Wrong));
    let test_scheme = header.replace("v1=", "v0=");
    assert_eq!(verify(&test_scheme, body, seconds), Err(ForgedReason::Missing));
    for broken in ["", "v1=00", "t=1", "t=,v1=", "t=x,v1=zz", "v1", "t=1,v1=é0"] {
        assert!(verify(broken, body, seconds).is_err(), "{broken}");
    }
    assert_eq!(stripe::verify(None, body, &secrets, at(seconds)), Err(ForgedReason::Missing));
    assert_eq!(stripe::verify(Some(header), body, &[], at(seconds)), Err(ForgedReason::Wrong));
    assert_eq!(stripe::sign(body, &secrets[1], at(seconds)), header, "ours is as theirs");
}

#[test]
fn a_request_to_alipay_is_signed_as_another_library_signs_it() {
    let made = vectors("alipay");
    let request: BTreeMap<String, String> =
        serde_json::from_value(made["request"].clone()).unwrap();
    let pairs: Vec<(&str, String)> =
        request.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    for key in [MERCHANT, MERCHANT_PKCS1] {
        let key = SigningKey::read(key).unwrap();
        assert_eq!(alipay::sign_request(&key, &pairs), text(&made, "request_sign"));
    }
}

#[test]
fn a_notice_of_alipay_is_believed_as_it_came_and_no_other() {
    let made = vectors("alipay");
    let key = VerifyingKey::read(PLATFORM_PUBLIC).unwrap();
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(text(&made, "notice_form").as_bytes()).into_owned().collect();
    assert_eq!(alipay::verify_notice(&key, &pairs), Ok(()));
    let changed = |name: &str, value: &str| {
        let mut pairs = pairs.clone();
        pairs.iter_mut().filter(|(n, _)| n == name).for_each(|(_, v)| value.clone_into(v));
        alipay::verify_notice(&key, &pairs)
    };
    assert_eq!(changed("total_amount", "0.01"), Err(ForgedReason::Wrong));
    assert_eq!(changed("trade_status", "TRADE_CLOSED"), Err(ForgedReason::Wrong));
    assert_eq!(changed("sign_type", "RSA"), Err(ForgedReason::UnknownKey));
    assert_eq!(changed("sign", ""), Err(ForgedReason::Wrong));
    let mut doubled = pairs.clone();
    doubled.push(("total_amount".to_owned(), "0.01".to_owned()));
    assert_eq!(alipay::verify_notice(&key, &doubled), Err(ForgedReason::Wrong));
    let unsigned: Vec<_> = pairs.iter().filter(|(name, _)| name != "sign").cloned().collect();
    assert_eq!(alipay::verify_notice(&key, &unsigned), Err(ForgedReason::Missing));
    let other = VerifyingKey::read(MERCHANT_PUBLIC).unwrap();
    assert_eq!(alipay::verify_notice(&other, &pairs), Err(ForgedReason::Wrong));
}

#[test]
fn an_answer_of_alipay_is_verified_letter_by_letter() {
    let made = vectors("alipay");
    let key = VerifyingKey::read(PLATFORM_PUBLIC).unwrap();
    let answer = text(&made, "answer");
    let node = alipay::verified_node(&key, answer, "alipay.trade.precreate").unwrap();
    assert_eq!(node, text(&made, "node"), "with the escapes it came with");
    // The same meaning in other letters is another text.
    let unescaped = answer.replace("\\/", "/");
    assert!(alipay::verified_node(&key, &unescaped, "alipay.trade.precreate").is_err());
    assert!(alipay::verified_node(&key, answer, "alipay.trade.refund").is_err());
}

#[test]
fn a_request_to_wechat_pay_is_signed_as_its_documentation_prints_it() {
    let printed: Value = serde_json::from_str(include_str!("vectors/published.json")).unwrap();
    let key = SigningKey::read(text(&printed, "private_key")).unwrap();
    let content = wechat::request_content(
        text(&printed, "method"),
        text(&printed, "path"),
        printed["seconds"].as_i64().unwrap(),
        text(&printed, "nonce"),
        text(&printed, "body"),
    );
    assert_eq!(key.sign(content.as_bytes()), text(&printed, "signature"));
}

#[test]
fn a_request_to_wechat_pay_is_signed_as_another_library_signs_it() {
    let made = vectors("wechat_pay");
    let key = SigningKey::read(MERCHANT).unwrap();
    let signer = wechat::Signer {
        merchant_id: text(&made, "merchant_id"),
        serial: text(&made, "serial"),
        key: &key,
    };
    let once = (made["seconds"].as_i64().unwrap(), text(&made, "nonce"));
    let authorization =
        wechat::authorization(signer, "POST", text(&made, "path"), once, text(&made, "body"));
    assert_eq!(authorization, text(&made, "authorization"));
}

fn signed_headers(made: &Value, serial: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let seconds = made["seconds"].as_i64().unwrap().to_string();
    let all = [
        ("wechatpay-timestamp", seconds.as_str()),
        ("wechatpay-nonce", text(made, "nonce")),
        ("wechatpay-signature", text(made, "answer_sign")),
        ("wechatpay-serial", serial),
    ];
    for (name, value) in all {
        headers.insert(name, value.parse().unwrap());
    }
    headers
}

#[test]
fn an_answer_of_wechat_pay_is_verified_by_public_key_and_by_certificate() {
    let made = vectors("wechat_pay");
    let mut keys: wechat::PlatformKeys =
        VerifyingKey::read_certificates(PLATFORM_CERTIFICATE).unwrap().into_iter().collect();
    assert_eq!(keys.keys().collect::<Vec<_>>(), [SERIAL]);
    keys.insert("PUB_KEY_ID_01".to_owned(), VerifyingKey::read(PLATFORM_PUBLIC).unwrap());
    let (answer, now) = (text(&made, "answer"), at(made["seconds"].as_i64().unwrap()));
    let late = Timestamp::from_ms(now.ms() + 301_000);
    for serial in [SERIAL, "PUB_KEY_ID_01"] {
        let headers = signed_headers(&made, serial);
        assert_eq!(wechat::verify(&keys, &headers, answer, now), Ok(()));
        let wrong = wechat::verify(&keys, &headers, "{\"code_url\":\"elsewhere\"}", now);
        assert_eq!(wrong, Err(ForgedReason::Wrong));
        assert_eq!(wechat::verify(&keys, &headers, answer, late), Err(ForgedReason::OutOfTime));
    }
    let headers = signed_headers(&made, "PUB_KEY_ID_02");
    assert_eq!(wechat::verify(&keys, &headers, answer, now), Err(ForgedReason::UnknownKey));
    // The platform probes merchants with signatures which are none.
    let mut probe = signed_headers(&made, SERIAL);
    probe.insert("wechatpay-signature", "WECHATPAY/SIGNTEST/abc".parse().unwrap());
    assert_eq!(wechat::verify(&keys, &probe, answer, now), Err(ForgedReason::Wrong));
    probe.remove("wechatpay-signature");
    assert_eq!(wechat::verify(&keys, &probe, answer, now), Err(ForgedReason::Missing));
}

#[test]
fn what_another_library_sealed_is_opened_and_what_was_touched_is_not() {
    let made = vectors("wechat_pay");
    let sealed: Resource = serde_json::from_value(made["sealed"].clone()).unwrap();
    let key = ApiKey::read(text(&made, "api_key")).unwrap();
    assert_eq!(key.open(&sealed).unwrap(), text(&made, "opened").as_bytes());
    let again = key.seal(text(&made, "opened").as_bytes(), "transaction", "fdasfjihihih");
    assert_eq!(again.unwrap(), sealed, "ours is as theirs");
    let touched = [
        Resource { associated_data: "refund".to_owned(), ..sealed.clone() },
        Resource { nonce: "fdasfjihihii".to_owned(), ..sealed.clone() },
        Resource { nonce: "short".to_owned(), ..sealed.clone() },
        Resource { algorithm: "none".to_owned(), ..sealed.clone() },
        Resource { ciphertext: "AAAA".to_owned(), ..sealed.clone() },
        Resource { ciphertext: "not base64".to_owned(), ..sealed.clone() },
    ];
    for resource in touched {
        assert_eq!(key.open(&resource), Err(ForgedReason::Sealed), "{resource:?}");
    }
    let other = ApiKey::read("another-api-v3-key-for-tests-32b").unwrap();
    assert_eq!(other.open(&sealed), Err(ForgedReason::Sealed));
    assert!(ApiKey::read("short").is_none());
}

#[test]
fn keys_are_read_in_each_form_people_have_them_in() {
    let bare =
        |pem: &str| -> String { pem.lines().filter(|line| !line.starts_with("-----")).collect() };
    let sign = |text: &str| SigningKey::read(text).unwrap().sign(b"message");
    let expected = sign(MERCHANT);
    for form in [MERCHANT_PKCS1.to_owned(), bare(MERCHANT), bare(MERCHANT_PKCS1)] {
        assert_eq!(sign(&form), expected);
    }
    for form in [MERCHANT_PUBLIC.to_owned(), bare(MERCHANT_PUBLIC)] {
        assert!(VerifyingKey::read(&form).unwrap().verifies(b"message", &expected));
    }
    assert_eq!(SigningKey::read("?").unwrap_err(), KeyFault::NotAKey);
    assert_eq!(SigningKey::read(MERCHANT_PUBLIC).unwrap_err(), KeyFault::NotAPrivateKey);
    assert_eq!(VerifyingKey::read(MERCHANT).unwrap_err(), KeyFault::NotAPublicKey);
    assert_eq!(VerifyingKey::read("AAAA").unwrap_err(), KeyFault::NotAPublicKey);
    let no_certificate = VerifyingKey::read_certificates(MERCHANT_PUBLIC).unwrap_err();
    assert_eq!(no_certificate, KeyFault::NotACertificate);
}

#[test]
fn no_secret_is_shown_by_debug() {
    let shown = format!(
        "{:?} {:?} {:?}",
        Secret::new("sk_live_1"),
        SigningKey::read(MERCHANT).unwrap(),
        ApiKey::read("an-api-v3-key-for-tests-only-32b").unwrap()
    );
    assert_eq!(shown, "Secret SigningKey ApiKey(Secret)");
}
