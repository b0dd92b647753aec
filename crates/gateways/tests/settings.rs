//! What a deployment may get wrong in the settings of payment providers, and what it is told.

use gateways::settings::{SettingFault, read};
use gateways::{ProviderName, Providers};
use rules::money::Currency;

const KEY: &str = include_str!("vectors/merchant.pem");
const THEIR_KEY: &str = include_str!("vectors/platform_public.pem");
const CERTIFICATE: &str = include_str!("vectors/platform_certificate.pem");

fn read_from(pairs: &[(&str, &str)]) -> Result<Providers, SettingFault> {
    let lookup = |name: &str| {
        pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    };
    read(&lookup, Some("https://market.example/"))
}

fn all() -> Vec<(&'static str, &'static str)> {
    vec![
        ("GUILDHALL_STRIPE_SECRET_KEY", "sk_test_1"),
        ("GUILDHALL_STRIPE_WEBHOOK_SECRET", "whsec_1, whsec_2"),
        ("GUILDHALL_ALIPAY_APP_ID", "2021"),
        ("GUILDHALL_ALIPAY_PRIVATE_KEY", KEY),
        ("GUILDHALL_ALIPAY_PUBLIC_KEY", THEIR_KEY),
        ("GUILDHALL_WECHAT_PAY_MERCHANT_ID", "1900"),
        ("GUILDHALL_WECHAT_PAY_APP_ID", "wx1"),
        ("GUILDHALL_WECHAT_PAY_CERTIFICATE_SERIAL", "40"),
        ("GUILDHALL_WECHAT_PAY_PRIVATE_KEY", KEY),
        ("GUILDHALL_WECHAT_PAY_API_V3_KEY", "an-api-v3-key-for-tests-only-32b"),
        ("GUILDHALL_WECHAT_PAY_PLATFORM_CERTIFICATES", CERTIFICATE),
    ]
}

#[test]
fn what_is_set_whole_is_offered_for_the_currencies_it_takes() {
    let providers = read_from(&all()).unwrap();
    assert_eq!(providers.names().collect::<Vec<_>>(), ProviderName::ALL);
    let taking = |code: &str| providers.taking(Currency::parse(code).unwrap());
    assert_eq!(taking("CNY"), ProviderName::ALL);
    assert_eq!(taking("USD"), [ProviderName::Stripe]);
    assert_eq!(
        providers.notify_at(ProviderName::WechatPay),
        "https://market.example/hooks/payments/wechat_pay"
    );
    assert_eq!(read_from(&[]).unwrap().names().count(), 0, "nothing set, nothing offered");
    let shown = format!("{providers:?}");
    for secret in ["sk_test_1", "whsec_1", "an-api-v3-key", "PRIVATE KEY"] {
        assert!(!shown.contains(secret), "{secret} is shown");
    }
}

#[test]
fn each_setting_which_is_missing_is_named() {
    for (missing, _) in all() {
        let rest: Vec<_> = all().into_iter().filter(|(name, _)| *name != missing).collect();
        let fault = read_from(&rest).unwrap_err();
        let expected = missing.replace("PLATFORM_CERTIFICATES", "PLATFORM_KEY_ID");
        let named = matches!(&fault, SettingFault::Missing { missing, .. } if *missing == expected);
        assert!(named, "without {missing}: {fault}");
    }
}

#[test]
fn what_cannot_be_used_is_refused_by_name_and_not_repeated() {
    let with = |name: &'static str, value: &'static str| {
        let mut pairs: Vec<_> = all().into_iter().filter(|(known, _)| *known != name).collect();
        pairs.push((name, value));
        read_from(&pairs).unwrap_err().to_string()
    };
    for (name, value) in [
        ("GUILDHALL_ALIPAY_PRIVATE_KEY", "c2VjcmV0"),
        ("GUILDHALL_ALIPAY_PUBLIC_KEY", "c2VjcmV0"),
        ("GUILDHALL_WECHAT_PAY_API_V3_KEY", "c2VjcmV0"),
        ("GUILDHALL_WECHAT_PAY_PLATFORM_CERTIFICATES", "c2VjcmV0"),
        ("GUILDHALL_STRIPE_ADDRESS", "http://c2VjcmV0.example"),
    ] {
        let said = with(name, value);
        assert!(said.contains(name) && !said.contains("c2VjcmV0"), "{said}");
    }
    let said = with("GUILDHALL_STRIPE_SECRET_KEY_FILE", "/nowhere");
    assert!(said.contains("GUILDHALL_STRIPE_SECRET_KEY_FILE are both set"), "{said}");
    let nowhere = |name: &str| (name == "GUILDHALL_STRIPE_SECRET_KEY").then(|| "sk".to_owned());
    assert!(matches!(read(&nowhere, None), Err(SettingFault::Missing { .. })));
    let whole = |name: &str| {
        all().iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    };
    assert_eq!(read(&whole, None).unwrap_err(), SettingFault::PublicAddress);
}

#[test]
fn a_secret_may_lie_in_a_file() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/merchant.pem");
    let pairs = [
        ("GUILDHALL_ALIPAY_APP_ID", "2021"),
        ("GUILDHALL_ALIPAY_PRIVATE_KEY_FILE", path),
        ("GUILDHALL_ALIPAY_PUBLIC_KEY", THEIR_KEY),
    ];
    assert_eq!(read_from(&pairs).unwrap().names().collect::<Vec<_>>(), [ProviderName::Alipay]);
    let gone = [
        ("GUILDHALL_ALIPAY_APP_ID", "2021"),
        ("GUILDHALL_ALIPAY_PRIVATE_KEY_FILE", "/nowhere/key.pem"),
    ];
    let said = read_from(&gone).unwrap_err().to_string();
    assert!(said.contains("GUILDHALL_ALIPAY_PRIVATE_KEY_FILE"), "{said}");
}
