//! The gateways of Stripe, Alipay and WeChat Pay, played on this machine: they check every request's signature, keep what
//! they were asked, sign what they answer, and make the notices a story wants delivered.
//!
//! They are built from the providers' own documentation, not from our client: what is signed is put together here anew.

mod alipay;
mod desk;
mod stripe;
mod wechat_pay;

use actions::ProviderName;
use actions::clock::Clock;
use anyhow::Context;
use axum::Router;
use axum::body::Bytes;
use axum::http::{self, HeaderMap};
use gateways::Providers;
use gateways::keys::{SigningKey, VerifyingKey};
use gateways::wire::{LONGEST_WAIT, Wire};
use http_body_util::Full;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub use desk::{Desk, RefundStand, Stand, Trade};

pub(crate) const MERCHANT: &str = include_str!("../../../gateways/tests/vectors/merchant.pem");
pub(crate) const MERCHANT_PUBLIC: &str =
    include_str!("../../../gateways/tests/vectors/merchant_public.pem");
pub(crate) const PLATFORM: &str = include_str!("../../../gateways/tests/vectors/platform.pem");
const PLATFORM_PUBLIC: &str = include_str!("../../../gateways/tests/vectors/platform_public.pem");
const PLATFORM_CERTIFICATE: &str =
    include_str!("../../../gateways/tests/vectors/platform_certificate.pem");
/// Of the platform's certificate.
pub(crate) const PLATFORM_SERIAL: &str = "5F0E1D2C3B4A59687706F5E4D3C2B1A091827364";
/// Of the merchant's certificate at WeChat Pay.
pub(crate) const MERCHANT_SERIAL: &str = "408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB";
pub(crate) const MERCHANT_ID: &str = "1900007291";
pub(crate) const APP_ID: &str = "2021000000000001";
pub(crate) const API_KEY: &str = "an-api-v3-key-for-tests-only-32b";
pub(crate) const STRIPE_KEY: &str = "sk_test_for_stories";
pub(crate) const STRIPE_SECRET: &str = "whsec_for_stories";

/// What a gateway sends to a webhook.
#[derive(Clone, Debug)]
pub struct Sent {
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// What every gateway here shares.
#[derive(Clone)]
pub(crate) struct Playing {
    pub desk: Desk,
    pub clock: Clock,
    pub address: String,
}

impl Playing {
    pub fn seconds(&self) -> i64 {
        self.clock.now().ms().div_euclid(1_000)
    }
}

/// All three, served on one free port until they are dropped.
pub struct Gateways {
    stripe: Playing,
    alipay: Playing,
    wechat_pay: Playing,
    address: String,
    _stop: oneshot::Sender<()>,
}

impl Gateways {
    /// Opens them; they read the same clock as the market.
    pub async fn open(clock: Clock) -> anyhow::Result<Gateways> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let playing = |under: &str| Playing {
            desk: Desk::default(),
            clock: clock.clone(),
            address: format!("{address}{under}"),
        };
        let (stripe, alipay, wechat_pay) =
            (playing("/stripe"), playing("/alipay"), playing("/wechat"));
        let router = Router::new()
            .nest("/stripe", stripe::routes(stripe.clone()))
            .nest("/alipay", alipay::routes(alipay.clone()))
            .nest("/wechat", wechat_pay::routes(wechat_pay.clone()));
        let (stop, stopped) = oneshot::channel::<()>();
        let served = async move {
            let stopped = async move { drop(stopped.await) };
            if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stopped).await
            {
                eprintln!("the gateways ended badly: {error}");
            }
        };
        #[expect(
            clippy::disallowed_methods,
            reason = "the gateways are served beside their story; they stop when they are dropped"
        )]
        tokio::spawn(served);
        Ok(Gateways { stripe, alipay, wechat_pay, address, _stop: stop })
    }

    /// The settings of a house which has an account with each, read as a deployment's are.
    pub fn providers(&self, public_address: &str) -> anyhow::Result<Providers> {
        let at = |under: &str| format!("{}{under}", self.address);
        let all = [
            ("GUILDHALL_STRIPE_ADDRESS", at("/stripe")),
            ("GUILDHALL_STRIPE_SECRET_KEY", STRIPE_KEY.to_owned()),
            ("GUILDHALL_STRIPE_WEBHOOK_SECRET", STRIPE_SECRET.to_owned()),
            ("GUILDHALL_ALIPAY_ADDRESS", at("/alipay/gateway.do")),
            ("GUILDHALL_ALIPAY_APP_ID", APP_ID.to_owned()),
            ("GUILDHALL_ALIPAY_PRIVATE_KEY", MERCHANT.to_owned()),
            ("GUILDHALL_ALIPAY_PUBLIC_KEY", PLATFORM_PUBLIC.to_owned()),
            ("GUILDHALL_WECHAT_PAY_ADDRESS", at("/wechat")),
            ("GUILDHALL_WECHAT_PAY_MERCHANT_ID", MERCHANT_ID.to_owned()),
            ("GUILDHALL_WECHAT_PAY_APP_ID", "wx0000000000000001".to_owned()),
            ("GUILDHALL_WECHAT_PAY_CERTIFICATE_SERIAL", MERCHANT_SERIAL.to_owned()),
            ("GUILDHALL_WECHAT_PAY_PRIVATE_KEY", MERCHANT.to_owned()),
            ("GUILDHALL_WECHAT_PAY_API_V3_KEY", API_KEY.to_owned()),
            ("GUILDHALL_WECHAT_PAY_PLATFORM_CERTIFICATES", PLATFORM_CERTIFICATE.to_owned()),
        ];
        let lookup = |name: &str| {
            all.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
        };
        gateways::settings::read(&lookup, Some(public_address)).context("the stories' settings")
    }

    fn of(&self, name: ProviderName) -> &Playing {
        match name {
            ProviderName::Stripe => &self.stripe,
            ProviderName::Alipay => &self.alipay,
            ProviderName::WechatPay => &self.wechat_pay,
        }
    }

    /// What a provider has on its desk.
    pub fn desk(&self, name: ProviderName) -> &Desk {
        &self.of(name).desk
    }

    /// The notice about how a payment stands, signed now.
    pub fn payment_notice(&self, name: ProviderName, reference: &str) -> anyhow::Result<Sent> {
        let playing = self.of(name);
        let trade = playing.desk.trade(reference).context("no such payment")?;
        match name {
            ProviderName::Stripe => stripe::payment_notice(playing, reference, &trade),
            ProviderName::Alipay => alipay::payment_notice(playing, reference, &trade),
            ProviderName::WechatPay => wechat_pay::payment_notice(playing, reference, &trade),
        }
    }

    /// Sends a notice to a webhook; answers the status and the words it got back.
    pub async fn delivers(&self, to: &str, sent: &Sent) -> anyhow::Result<(u16, String)> {
        let mut request = http::Request::post(to);
        for (name, value) in &sent.headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(Bytes::from(sent.body.clone())))?;
        let reply = Wire::open(LONGEST_WAIT).send(request).await?;
        Ok((reply.status, String::from_utf8_lossy(&reply.body).into_owned()))
    }

    /// The notice about a refund of a payment, signed now.
    pub fn refund_notice(
        &self,
        name: ProviderName,
        reference: &str,
        refund: &str,
    ) -> anyhow::Result<Sent> {
        let playing = self.of(name);
        let trade = playing.desk.trade(reference).context("no such payment")?;
        match name {
            ProviderName::Stripe => stripe::refund_notice(playing, &trade, refund),
            ProviderName::Alipay => alipay::refund_notice(playing, reference, &trade, refund),
            ProviderName::WechatPay => {
                wechat_pay::refund_notice(playing, reference, &trade, refund)
            }
        }
    }
}

pub(crate) fn platform_signs(content: &str) -> anyhow::Result<String> {
    Ok(SigningKey::read(PLATFORM)?.sign(content.as_bytes()))
}

pub(crate) fn merchant_signed(content: &str, signature: &str) -> bool {
    VerifyingKey::read(MERCHANT_PUBLIC).is_ok_and(|key| key.verifies(content.as_bytes(), signature))
}

pub(crate) fn headers(pairs: &[(&'static str, String)]) -> anyhow::Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.insert(*name, value.parse()?);
    }
    Ok(headers)
}
