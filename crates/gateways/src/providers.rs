//! The providers which this house has an account with.

use std::collections::BTreeMap;

use http::HeaderMap;
use rules::money::Currency;

use crate::alipay::Alipay;
use crate::contract::{
    GatewayError, Moment, Notice, Opened, PaymentAsk, PaymentNews, PaymentRef, ProviderName,
    RefundAsk, RefundNews,
};
use crate::stripe::Stripe;
use crate::wechat_pay::WechatPay;

/// One provider, ready to be asked.
#[derive(Clone, Debug)]
pub enum Provider {
    Stripe(Stripe),
    Alipay(Alipay),
    WechatPay(WechatPay),
}

impl Provider {
    pub const fn name(&self) -> ProviderName {
        match self {
            Provider::Stripe(_) => ProviderName::Stripe,
            Provider::Alipay(_) => ProviderName::Alipay,
            Provider::WechatPay(_) => ProviderName::WechatPay,
        }
    }

    /// Opens a payment and says what the buyer has to do next. The same reference again opens nothing new.
    pub async fn ask(&self, ask: &PaymentAsk, moment: Moment) -> Result<Opened, GatewayError> {
        match self {
            Provider::Stripe(stripe) => stripe.ask(ask).await,
            Provider::Alipay(alipay) => alipay.ask(ask, moment).await,
            Provider::WechatPay(wechat) => wechat.ask(ask, moment).await,
        }
    }

    /// How a payment stands.
    pub async fn query(
        &self,
        payment: &PaymentRef,
        moment: Moment,
    ) -> Result<PaymentNews, GatewayError> {
        match self {
            Provider::Stripe(stripe) => stripe.query(payment).await,
            Provider::Alipay(alipay) => alipay.query(payment, moment).await,
            Provider::WechatPay(wechat) => wechat.query(payment, moment).await,
        }
    }

    /// Sees to it that a payment cannot be made any more. The answer says how it ended: a buyer may have been quicker.
    pub async fn close(
        &self,
        payment: &PaymentRef,
        moment: Moment,
    ) -> Result<PaymentNews, GatewayError> {
        match self {
            Provider::Stripe(stripe) => stripe.close(payment).await,
            Provider::Alipay(alipay) => alipay.close(payment, moment).await,
            Provider::WechatPay(wechat) => wechat.close(payment, moment).await,
        }
    }

    /// Sends money back. The same reference again sends nothing more.
    pub async fn refund(
        &self,
        ask: &RefundAsk,
        moment: Moment,
    ) -> Result<RefundNews, GatewayError> {
        match self {
            Provider::Stripe(stripe) => stripe.refund(ask).await,
            Provider::Alipay(alipay) => alipay.refund(ask, moment).await,
            Provider::WechatPay(wechat) => wechat.refund(ask, moment).await,
        }
    }

    /// How a refund stands.
    pub async fn query_refund(
        &self,
        ask: &RefundAsk,
        moment: Moment,
    ) -> Result<RefundNews, GatewayError> {
        match self {
            Provider::Stripe(stripe) => stripe.query_refund(ask).await,
            Provider::Alipay(alipay) => alipay.query_refund(ask, moment).await,
            Provider::WechatPay(wechat) => wechat.query_refund(ask, moment).await,
        }
    }

    /// Verifies and reads what came to the webhook, byte by byte as it came.
    pub fn read_notice(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        moment: Moment,
    ) -> Result<Notice, GatewayError> {
        match self {
            Provider::Stripe(stripe) => stripe.read_notice(headers, body, moment),
            Provider::Alipay(alipay) => alipay.read_notice(body),
            Provider::WechatPay(wechat) => wechat.read_notice(headers, body, moment),
        }
    }
}

/// All of them, and the address under which the house is reached from outside.
#[derive(Clone, Debug, Default)]
pub struct Providers {
    /// `https://market.example`, without a slash at the end.
    address: String,
    by_name: BTreeMap<ProviderName, Provider>,
}

impl Providers {
    /// None: a house which takes no real money.
    pub fn none() -> Self {
        Self::default()
    }

    pub fn new(address: &str, providers: impl IntoIterator<Item = Provider>) -> Self {
        Self {
            address: address.trim_end_matches('/').to_owned(),
            by_name: providers.into_iter().map(|one| (one.name(), one)).collect(),
        }
    }

    pub fn get(&self, name: ProviderName) -> Option<&Provider> {
        self.by_name.get(&name)
    }

    pub fn names(&self) -> impl Iterator<Item = ProviderName> {
        self.by_name.keys().copied()
    }

    /// Those which take this currency, in the order in which they are offered.
    pub fn taking(&self, currency: Currency) -> Vec<ProviderName> {
        self.names().filter(|name| name.takes(currency)).collect()
    }

    /// Where a provider sends its notices.
    pub fn notify_at(&self, name: ProviderName) -> String {
        format!("{}/hooks/payments/{}", self.address, name.code())
    }

    /// A page of the house, as seen from outside.
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }
}
