//! The providers' settings: from the environment, or from files which the environment names.
//!
//! `NAME` holds a value, `NAME_FILE` the path of a file with it. Either one, never both. A provider of which nothing is set
//! is not offered; one of which something is missing stops the program with the name of what is missing.

use std::path::Path;

use crate::alipay::{Alipay, AlipayAccount};
use crate::keys::{KeyFault, Secret, SigningKey, VerifyingKey};
use crate::providers::{Provider, Providers};
use crate::stripe::Stripe;
use crate::wechat_pay::sealed::ApiKey;
use crate::wechat_pay::signature::PlatformKeys;
use crate::wechat_pay::{WechatPay, WechatPayAccount};
use crate::wire::{LONGEST_WAIT, Wire};

/// Why the settings cannot be used. It names the setting, never what is in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingFault {
    #[error("{missing} is missing: {because} is set")]
    Missing { missing: String, because: String },
    #[error("{name} and {name}_FILE are both set; one of them must go")]
    Twice { name: String },
    #[error("{name}_FILE names a file which cannot be read: {why}")]
    File { name: String, why: String },
    #[error("{name} cannot be used: {fault}")]
    Key { name: String, fault: KeyFault },
    #[error("{name} must have 32 characters")]
    ApiKey { name: String },
    #[error("{name} must begin with https:// (or be on this machine)")]
    Address { name: String },
    #[error(
        "GUILDHALL_PUBLIC_ADDRESS is missing: payment providers have to know where to send their notices"
    )]
    PublicAddress,
}

/// Where the settings come from: the environment, in a running program.
pub struct Source<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    prefix: &'static str,
}

/// Reads the settings of all providers.
///
/// # Errors
/// When something is missing, doubled or damaged.
pub fn read(
    lookup: &dyn Fn(&str) -> Option<String>,
    public_address: Option<&str>,
) -> Result<Providers, SettingFault> {
    let wire = Wire::open(LONGEST_WAIT);
    let mut found = Vec::new();
    found.extend(stripe(&Source { lookup, prefix: "GUILDHALL_STRIPE_" }, &wire)?);
    found.extend(alipay(&Source { lookup, prefix: "GUILDHALL_ALIPAY_" }, &wire)?);
    found.extend(wechat_pay(&Source { lookup, prefix: "GUILDHALL_WECHAT_PAY_" }, &wire)?);
    match (found.is_empty(), public_address) {
        (true, _) => Ok(Providers::none()),
        (false, Some(address)) => Ok(Providers::new(address, found)),
        (false, None) => Err(SettingFault::PublicAddress),
    }
}

fn stripe(source: &Source<'_>, wire: &Wire) -> Result<Option<Provider>, SettingFault> {
    let Some(because) = source.first_of(&["SECRET_KEY", "WEBHOOK_SECRET"]) else {
        return Ok(None);
    };
    let secrets = source.needed("WEBHOOK_SECRET", &because)?;
    let secrets = secrets.split(',').map(|one| Secret::new(one.trim())).collect();
    Ok(Some(Provider::Stripe(Stripe::new(
        wire.clone(),
        source.address("https://api.stripe.com")?,
        Secret::new(source.needed("SECRET_KEY", &because)?),
        secrets,
    ))))
}

fn alipay(source: &Source<'_>, wire: &Wire) -> Result<Option<Provider>, SettingFault> {
    let Some(because) = source.first_of(&["APP_ID", "PRIVATE_KEY", "PUBLIC_KEY"]) else {
        return Ok(None);
    };
    let signing = SigningKey::read(&source.needed("PRIVATE_KEY", &because)?);
    let verifying = VerifyingKey::read(&source.needed("PUBLIC_KEY", &because)?);
    let account = AlipayAccount {
        address: source.address("https://openapi.alipay.com/gateway.do")?,
        app_id: source.needed("APP_ID", &because)?,
        seller_id: source.value("SELLER_ID")?.unwrap_or_default(),
        verifying: verifying.map_err(|fault| source.fault("PUBLIC_KEY", fault))?,
    };
    let signing = signing.map_err(|fault| source.fault("PRIVATE_KEY", fault))?;
    Ok(Some(Provider::Alipay(Alipay::new(wire.clone(), account, signing))))
}

fn wechat_pay(source: &Source<'_>, wire: &Wire) -> Result<Option<Provider>, SettingFault> {
    let names = ["MERCHANT_ID", "APP_ID", "CERTIFICATE_SERIAL", "PRIVATE_KEY", "API_V3_KEY"];
    let Some(because) = source.first_of(&names) else { return Ok(None) };
    let mut platform = PlatformKeys::new();
    if let Some(id) = source.value("PLATFORM_KEY_ID")? {
        let key = VerifyingKey::read(&source.needed("PLATFORM_KEY", "PLATFORM_KEY_ID")?);
        platform.insert(id, key.map_err(|fault| source.fault("PLATFORM_KEY", fault))?);
    }
    if let Some(certificates) = source.value("PLATFORM_CERTIFICATES")? {
        let read = VerifyingKey::read_certificates(&certificates);
        platform.extend(read.map_err(|fault| source.fault("PLATFORM_CERTIFICATES", fault))?);
    }
    if platform.is_empty() {
        return Err(source.missing("PLATFORM_KEY_ID", &because));
    }
    let signing = SigningKey::read(&source.needed("PRIVATE_KEY", &because)?);
    let api_key = ApiKey::read(&source.needed("API_V3_KEY", &because)?);
    let account = WechatPayAccount {
        address: source.address("https://api.mch.weixin.qq.com")?,
        merchant_id: source.needed("MERCHANT_ID", &because)?,
        app_id: source.needed("APP_ID", &because)?,
        serial: source.needed("CERTIFICATE_SERIAL", &because)?,
        api_key: api_key.ok_or(SettingFault::ApiKey { name: source.name("API_V3_KEY") })?,
        platform,
    };
    let signing = signing.map_err(|fault| source.fault("PRIVATE_KEY", fault))?;
    Ok(Some(Provider::WechatPay(WechatPay::new(wire.clone(), account, signing))))
}

impl Source<'_> {
    fn name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// The setting or the file it names, without what surrounds it; `None` when neither is set.
    fn value(&self, name: &str) -> Result<Option<String>, SettingFault> {
        let name = self.name(name);
        let given = (self.lookup)(&name).filter(|text| !text.trim().is_empty());
        let path = (self.lookup)(&format!("{name}_FILE")).filter(|text| !text.trim().is_empty());
        let text = match (given, path) {
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => return Err(SettingFault::Twice { name }),
            (Some(text), None) => text,
            (None, Some(path)) => std::fs::read_to_string(Path::new(path.trim()))
                .map_err(|error| SettingFault::File { name, why: error.to_string() })?,
        };
        Ok(Some(text.trim().to_owned()))
    }

    fn needed(&self, name: &str, because: &str) -> Result<String, SettingFault> {
        self.value(name)?.ok_or_else(|| self.missing(name, because))
    }

    fn missing(&self, name: &str, because: &str) -> SettingFault {
        SettingFault::Missing { missing: self.name(name), because: self.name(because) }
    }

    fn fault(&self, name: &str, fault: KeyFault) -> SettingFault {
        SettingFault::Key { name: self.name(name), fault }
    }

    /// The first of these which is set, by itself or as a file.
    fn first_of(&self, names: &[&str]) -> Option<String> {
        let is_set = |name: &str| {
            let name = self.name(name);
            [name.clone(), format!("{name}_FILE")]
                .iter()
                .any(|name| (self.lookup)(name).is_some_and(|text| !text.trim().is_empty()))
        };
        names.iter().find(|name| is_set(name)).map(|name| (*name).to_owned())
    }

    /// The gateway's address, or the one of its test system or a simulator.
    fn address(&self, usual: &str) -> Result<String, SettingFault> {
        let address = self.value("ADDRESS")?.unwrap_or_else(|| usual.to_owned());
        let near = ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"];
        let near = near.iter().any(|start| address.starts_with(start));
        if !address.starts_with("https://") && !near {
            return Err(SettingFault::Address { name: self.name("ADDRESS") });
        }
        Ok(address.trim_end_matches('/').to_owned())
    }
}
