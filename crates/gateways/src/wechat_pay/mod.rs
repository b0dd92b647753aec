//! WeChat Pay 微信支付, API v3: payment by a code which the buyer scans (Native), query, close, refund, notices.
//!
//! Every answer and notice is verified with the platform's public key or certificate, and notices are unsealed.

pub mod sealed;
pub mod signature;

use std::sync::Arc;

use http::HeaderMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::amounts::{from_fen, to_fen};
use crate::contract::{
    ForgedReason, GatewayError, Moment, NextStep, Notice, Opened, PaymentAsk, PaymentNews,
    PaymentRef, RefundAsk, RefundNews,
};
use crate::keys::SigningKey;
use crate::wire::{self, Reply, Wire};
use sealed::{ApiKey, Resource};
use signature::{PlatformKeys, Signer};

/// A merchant at WeChat Pay.
#[derive(Clone, Debug)]
pub struct WechatPay {
    wire: Wire,
    account: WechatPayAccount,
    signing: Arc<SigningKey>,
}

/// What names the merchant, and what proves the platform.
#[derive(Clone, Debug)]
pub struct WechatPayAccount {
    /// `https://api.mch.weixin.qq.com`, without a slash at the end.
    pub address: String,
    pub merchant_id: String,
    pub app_id: String,
    /// Serial number of the merchant's certificate.
    pub serial: String,
    pub api_key: ApiKey,
    pub platform: PlatformKeys,
}

#[derive(Debug, Deserialize)]
struct CodeUrl {
    code_url: String,
}

/// <https://pay.weixin.qq.com/doc/v3/merchant/4012791880>
#[derive(Debug, Deserialize)]
struct Transaction {
    #[serde(default)]
    mchid: String,
    out_trade_no: String,
    #[serde(default)]
    transaction_id: String,
    trade_state: String,
    #[serde(default)]
    amount: Option<Amount>,
}

#[derive(Debug, Deserialize)]
struct Amount {
    total: i64,
    #[serde(default)]
    currency: String,
}

/// A refund, as answered (`status`) and as told by notice (`refund_status`).
#[derive(Debug, Deserialize)]
struct Refund {
    #[serde(default)]
    mchid: String,
    out_refund_no: String,
    #[serde(alias = "refund_status")]
    status: String,
}

#[derive(Debug, Deserialize)]
struct Notification {
    event_type: String,
    resource: Resource,
}

#[derive(Debug, Deserialize)]
struct Fault {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
}

impl WechatPay {
    pub fn new(wire: Wire, account: WechatPayAccount, signing: SigningKey) -> Self {
        Self { wire, account, signing: Arc::new(signing) }
    }

    pub async fn ask(&self, ask: &PaymentAsk, moment: Moment) -> Result<Opened, GatewayError> {
        let body = json!({
            "appid": self.account.app_id,
            "mchid": self.account.merchant_id,
            "description": ask.description,
            "out_trade_no": ask.reference,
            "time_expire": ask.pay_by.civil().strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string(),
            "notify_url": ask.notify_at,
            "amount": { "total": to_fen(ask.amount)?, "currency": "CNY" },
        });
        let opened: CodeUrl =
            read(&self.call("POST", "/v3/pay/transactions/native", Some(&body), moment).await?)?;
        let next = NextStep::Code { content: opened.code_url };
        Ok(Opened { provider_ref: String::new(), next })
    }

    pub async fn query(
        &self,
        payment: &PaymentRef,
        moment: Moment,
    ) -> Result<PaymentNews, GatewayError> {
        let path = format!(
            "/v3/pay/transactions/out-trade-no/{}?mchid={}",
            payment.reference, self.account.merchant_id
        );
        match read::<Transaction>(&self.call("GET", &path, None, moment).await?) {
            Ok(transaction) => self.payment_news(&transaction),
            Err(GatewayError::Refused { code, .. })
                if matches!(code.as_str(), "ORDER_NOT_EXIST" | "ORDERNOTEXIST") =>
            {
                Ok(PaymentNews::Unknown)
            }
            Err(error) => Err(error),
        }
    }

    pub async fn close(
        &self,
        payment: &PaymentRef,
        moment: Moment,
    ) -> Result<PaymentNews, GatewayError> {
        let path = format!("/v3/pay/transactions/out-trade-no/{}/close", payment.reference);
        let body = json!({ "mchid": self.account.merchant_id });
        let reply = self.call("POST", &path, Some(&body), moment).await?;
        match refused(&reply) {
            None => Ok(PaymentNews::Closed),
            // Paid meanwhile, or closed before.
            Some(GatewayError::Refused { .. }) => self.query(payment, moment).await,
            Some(error) => Err(error),
        }
    }

    pub async fn refund(
        &self,
        ask: &RefundAsk,
        moment: Moment,
    ) -> Result<RefundNews, GatewayError> {
        let body = json!({
            "out_trade_no": ask.payment.reference,
            "out_refund_no": ask.reference,
            "reason": ask.reason,
            "notify_url": ask.notify_at,
            "amount": {
                "refund": to_fen(ask.amount)?, "total": to_fen(ask.captured)?, "currency": "CNY",
            },
        });
        let reply = self.call("POST", "/v3/refund/domestic/refunds", Some(&body), moment).await?;
        self.refund_news(&read(&reply)?, &ask.reference)
    }

    pub async fn query_refund(
        &self,
        ask: &RefundAsk,
        moment: Moment,
    ) -> Result<RefundNews, GatewayError> {
        let path = format!("/v3/refund/domestic/refunds/{}", ask.reference);
        match read::<Refund>(&self.call("GET", &path, None, moment).await?) {
            Ok(refund) => self.refund_news(&refund, &ask.reference),
            Err(GatewayError::Refused { code, .. }) if code == "RESOURCE_NOT_EXISTS" => {
                Ok(RefundNews::Unknown)
            }
            Err(error) => Err(error),
        }
    }

    /// A notice is sent until it is answered with 200 or 204.
    pub fn read_notice(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        moment: Moment,
    ) -> Result<Notice, GatewayError> {
        let text = std::str::from_utf8(body).map_err(GatewayError::unreadable)?;
        signature::verify(&self.account.platform, headers, text, moment.now)?;
        let notice: Notification = serde_json::from_str(text).map_err(GatewayError::unreadable)?;
        let opened = self.account.api_key.open(&notice.resource)?;
        if notice.event_type.starts_with("TRANSACTION.") {
            let found: Transaction =
                serde_json::from_slice(&opened).map_err(GatewayError::unreadable)?;
            let news = self.payment_news(&found)?;
            return Ok(Notice::Payment { reference: found.out_trade_no, news });
        }
        if notice.event_type.starts_with("REFUND.") {
            let found: Refund =
                serde_json::from_slice(&opened).map_err(GatewayError::unreadable)?;
            let news = self.refund_news(&found, &found.out_refund_no)?;
            return Ok(Notice::Refund { reference: found.out_refund_no, news });
        }
        Ok(Notice::Other)
    }

    fn is_ours(&self, merchant_id: &str) -> Result<(), GatewayError> {
        if merchant_id.is_empty() || merchant_id == self.account.merchant_id {
            return Ok(());
        }
        Err(ForgedReason::OtherMerchant.into())
    }

    fn payment_news(&self, found: &Transaction) -> Result<PaymentNews, GatewayError> {
        self.is_ours(&found.mchid)?;
        match found.trade_state.as_str() {
            // Refunded, in part or whole, means captured before.
            "SUCCESS" | "REFUND" => {
                let amount = found.amount.as_ref();
                let amount =
                    amount.ok_or_else(|| GatewayError::unreadable("paid, without a sum"))?;
                if !matches!(amount.currency.as_str(), "CNY" | "") {
                    return Err(GatewayError::unreadable(format!("paid in {}", amount.currency)));
                }
                Ok(PaymentNews::Captured {
                    amount: from_fen(amount.total)?,
                    provider_ref: found.transaction_id.clone(),
                })
            }
            "NOTPAY" | "USERPAYING" | "ACCEPT" => Ok(PaymentNews::Waiting),
            "CLOSED" | "REVOKED" => Ok(PaymentNews::Closed),
            "PAYERROR" => Ok(PaymentNews::Declined { reason: "PAYERROR".to_owned() }),
            other => Err(GatewayError::unreadable(format!("trade_state {other:?}"))),
        }
    }

    fn refund_news(&self, found: &Refund, reference: &str) -> Result<RefundNews, GatewayError> {
        self.is_ours(&found.mchid)?;
        if found.out_refund_no != reference {
            return Err(GatewayError::unreadable("another refund than the one asked for"));
        }
        match found.status.as_str() {
            "SUCCESS" => Ok(RefundNews::Confirmed),
            "PROCESSING" => Ok(RefundNews::Waiting),
            "CLOSED" | "ABNORMAL" => Ok(RefundNews::Failed { reason: found.status.clone() }),
            other => Err(GatewayError::unreadable(format!("refund status {other:?}"))),
        }
    }

    async fn call(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        moment: Moment,
    ) -> Result<Reply, GatewayError> {
        let body = body.map_or_else(String::new, Value::to_string);
        let account = &self.account;
        let signer = Signer {
            merchant_id: &account.merchant_id,
            serial: &account.serial,
            key: &self.signing,
        };
        let once = (moment.seconds(), &*moment.nonce());
        let authorization = signature::authorization(signer, method, path, once, &body);
        let mut headers = vec![
            ("authorization", authorization.as_str()),
            ("accept", "application/json"),
            ("content-type", "application/json"),
        ];
        // Says which key we verify with, so that the platform signs with it.
        let key_id = account.platform.keys().find(|id| id.starts_with("PUB_KEY_ID_"));
        if let Some(id) = key_id {
            headers.push(("wechatpay-serial", id));
        }
        let uri = format!("{}{path}", account.address);
        let reply = self.wire.send(wire::request(method, &uri, &headers, body)?).await?;
        if reply.is_ok() {
            signature::verify(&account.platform, &reply.headers, reply.text()?, moment.now)?;
        }
        Ok(reply)
    }
}

fn read<T: DeserializeOwned>(reply: &Reply) -> Result<T, GatewayError> {
    match refused(reply) {
        Some(error) => Err(error),
        None => serde_json::from_slice(&reply.body).map_err(GatewayError::unreadable),
    }
}

/// A refusal moves nothing forward, so it needs no signature to be believed.
fn refused(reply: &Reply) -> Option<GatewayError> {
    if reply.is_ok() {
        return None;
    }
    if reply.status >= 500 || reply.status == 429 {
        return Some(GatewayError::Unreachable(format!("WeChat Pay answered {}", reply.status)));
    }
    let fault = serde_json::from_slice(&reply.body);
    let fault: Fault =
        fault.unwrap_or_else(|_| Fault { code: reply.status.to_string(), message: String::new() });
    Some(GatewayError::refused(fault.code, fault.message))
}
