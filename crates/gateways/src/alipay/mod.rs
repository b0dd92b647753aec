//! Alipay 支付宝: payment by a code which the buyer scans (`alipay.trade.precreate`), query, close, refund, notices.
//!
//! Signed with RSA2 in the mode of public keys. Before the buyer has scanned the code, Alipay does not know the trade.

pub mod signature;

use std::sync::Arc;

use rules::time::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::amounts::{from_yuan, to_yuan};
use crate::contract::{
    ForgedReason, GatewayError, Moment, NextStep, Notice, Opened, PaymentAsk, PaymentNews,
    PaymentRef, RefundAsk, RefundNews,
};
use crate::keys::{SigningKey, VerifyingKey};
use crate::wire::{self, Wire};

/// China has one zone and no summer time.
const CHINA: jiff::tz::Offset = jiff::tz::Offset::constant(8);

/// An application at Alipay.
#[derive(Clone, Debug)]
pub struct Alipay {
    wire: Wire,
    /// `https://openapi.alipay.com/gateway.do`.
    address: String,
    app_id: String,
    /// The account which is paid; empty where notices need not name it.
    seller_id: String,
    signing: Arc<SigningKey>,
    /// Alipay's key, not the application's own public one.
    verifying: VerifyingKey,
}

/// What names the account.
#[derive(Clone, Debug)]
pub struct AlipayAccount {
    pub address: String,
    pub app_id: String,
    pub seller_id: String,
    pub verifying: VerifyingKey,
}

/// An answer's node, as far as it is read.
#[derive(Debug, Deserialize)]
struct Node {
    code: String,
    #[serde(default)]
    msg: String,
    #[serde(default)]
    sub_code: String,
    #[serde(default)]
    sub_msg: String,
    #[serde(default)]
    qr_code: String,
    #[serde(default)]
    trade_no: String,
    #[serde(default)]
    trade_status: String,
    #[serde(default)]
    total_amount: String,
    #[serde(default)]
    fund_change: String,
    #[serde(default)]
    refund_status: String,
    #[serde(default)]
    out_request_no: String,
}

impl Alipay {
    pub fn new(wire: Wire, account: AlipayAccount, signing: SigningKey) -> Self {
        let AlipayAccount { address, app_id, seller_id, verifying } = account;
        Self { wire, address, app_id, seller_id, signing: Arc::new(signing), verifying }
    }

    pub async fn ask(&self, ask: &PaymentAsk, moment: Moment) -> Result<Opened, GatewayError> {
        let minutes = (ask.pay_by.since(ask.asked_at).ms() + 59_999).div_euclid(60_000).max(1);
        let body = json!({
            "out_trade_no": ask.reference,
            "total_amount": to_yuan(ask.amount)?,
            "subject": ask.description,
            "timeout_express": format!("{minutes}m"),
        });
        let node = self.call("alipay.trade.precreate", &body, Some(&ask.notify_at), moment).await?;
        let node = node.accepted()?;
        if node.qr_code.is_empty() {
            return Err(GatewayError::unreadable("accepted, without a code to scan"));
        }
        Ok(Opened { provider_ref: String::new(), next: NextStep::Code { content: node.qr_code } })
    }

    pub async fn query(
        &self,
        payment: &PaymentRef,
        moment: Moment,
    ) -> Result<PaymentNews, GatewayError> {
        let body = json!({ "out_trade_no": payment.reference });
        let node = self.call("alipay.trade.query", &body, None, moment).await?;
        if node.sub_code == "ACQ.TRADE_NOT_EXIST" {
            return Ok(PaymentNews::Unknown);
        }
        let node = node.accepted()?;
        trade_news(&node.trade_status, &node.total_amount, &node.trade_no)
    }

    /// A trade which nobody has scanned yet is not known and cannot be closed: its code ends with the time to pay.
    pub async fn close(
        &self,
        payment: &PaymentRef,
        moment: Moment,
    ) -> Result<PaymentNews, GatewayError> {
        let body = json!({ "out_trade_no": payment.reference });
        let node = self.call("alipay.trade.close", &body, None, moment).await?;
        match node.sub_code.as_str() {
            "ACQ.TRADE_NOT_EXIST" => Ok(PaymentNews::Unknown),
            // Paid meanwhile, or closed before.
            "ACQ.TRADE_STATUS_ERROR" | "ACQ.REASON_TRADE_STATUS_INVALID" => {
                self.query(payment, moment).await
            }
            _ => node.accepted().map(|_| PaymentNews::Closed),
        }
    }

    pub async fn refund(
        &self,
        ask: &RefundAsk,
        moment: Moment,
    ) -> Result<RefundNews, GatewayError> {
        let body = json!({
            "out_trade_no": ask.payment.reference,
            "out_request_no": ask.reference,
            "refund_amount": to_yuan(ask.amount)?,
            "refund_reason": ask.reason,
        });
        let node = self.call("alipay.trade.refund", &body, None, moment).await?.accepted()?;
        if node.fund_change == "Y" {
            return Ok(RefundNews::Confirmed);
        }
        // "N" when this very refund was done before, and when it is not done yet.
        match self.query_refund(ask, moment).await? {
            RefundNews::Unknown => Ok(RefundNews::Waiting),
            known => Ok(known),
        }
    }

    pub async fn query_refund(
        &self,
        ask: &RefundAsk,
        moment: Moment,
    ) -> Result<RefundNews, GatewayError> {
        let body =
            json!({ "out_trade_no": ask.payment.reference, "out_request_no": ask.reference });
        let node = self.call("alipay.trade.fastpay.refund.query", &body, None, moment).await?;
        if node.sub_code == "ACQ.TRADE_NOT_EXIST" || node.sub_code == "TRADE_NOT_EXIST" {
            return Ok(RefundNews::Unknown);
        }
        let node = node.accepted()?;
        let about_it = node.out_request_no == ask.reference;
        match (about_it, node.refund_status.as_str()) {
            (true, "REFUND_SUCCESS") => Ok(RefundNews::Confirmed),
            (true, "REFUND_PROCESSING") => Ok(RefundNews::Waiting),
            (true, "REFUND_FAIL") => Ok(RefundNews::Failed { reason: "REFUND_FAIL".to_owned() }),
            (true | false, _) => Ok(RefundNews::Unknown),
        }
    }

    /// A notice is a form. Alipay sends it until it is answered with the text `success`.
    pub fn read_notice(&self, body: &[u8]) -> Result<Notice, GatewayError> {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
        signature::verify_notice(&self.verifying, &pairs)?;
        let find = |wanted: &str| {
            pairs.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value.as_str())
        };
        let seller = find("seller_id");
        let other_seller =
            !self.seller_id.is_empty() && !seller.is_empty() && seller != self.seller_id;
        if find("app_id") != self.app_id || other_seller {
            return Err(ForgedReason::OtherMerchant.into());
        }
        let reference = find("out_trade_no").to_owned();
        if reference.is_empty() {
            return Ok(Notice::Other);
        }
        // A refund in part is told by the same notice with `refund_fee`; the trade's own news is old then, and harmless.
        // A refund of all of it closes the trade, which must not be read as "never paid".
        if !find("gmt_refund").is_empty() {
            let number = find("out_biz_no");
            if number.is_empty() {
                return Ok(Notice::Other);
            }
            return Ok(Notice::Refund {
                reference: number.to_owned(),
                news: RefundNews::Confirmed,
            });
        }
        let news = trade_news(find("trade_status"), find("total_amount"), find("trade_no"))?;
        Ok(Notice::Payment { reference, news })
    }

    async fn call(
        &self,
        method: &str,
        body: &Value,
        notify_at: Option<&str>,
        moment: Moment,
    ) -> Result<Node, GatewayError> {
        let mut pairs = vec![
            ("app_id", self.app_id.clone()),
            ("method", method.to_owned()),
            ("format", "JSON".to_owned()),
            ("charset", "utf-8".to_owned()),
            ("sign_type", "RSA2".to_owned()),
            ("timestamp", in_china(moment.now)),
            ("version", "1.0".to_owned()),
            ("biz_content", body.to_string()),
        ];
        if let Some(notify_at) = notify_at {
            pairs.push(("notify_url", notify_at.to_owned()));
        }
        let sign = signature::sign_request(&self.signing, &pairs);
        pairs.push(("sign", sign));
        // The charset is needed in the address to read the form at all.
        let uri = format!("{}?charset=utf-8", self.address);
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
        let kind = "application/x-www-form-urlencoded;charset=utf-8";
        let request = wire::request("POST", &uri, &[("content-type", kind)], form)?;
        let reply = self.wire.send(request).await?;
        if !reply.is_ok() {
            return Err(GatewayError::Unreachable(format!("Alipay answered {}", reply.status)));
        }
        let node = signature::verified_node(&self.verifying, reply.text()?, method)?;
        serde_json::from_str(node).map_err(GatewayError::unreadable)
    }
}

impl Node {
    /// 10000 is yes; 20000, and a business error of Alipay's own system, may be otherwise in a moment.
    fn accepted(self) -> Result<Node, GatewayError> {
        match (self.code.as_str(), self.sub_code.as_str()) {
            ("10000", _) => Ok(self),
            ("20000", _) | (_, "ACQ.SYSTEM_ERROR" | "aop.ACQ.SYSTEM_ERROR" | "SYSTEM_ERROR") => {
                Err(GatewayError::Unreachable(format!("{} {}", self.msg, self.sub_msg)))
            }
            (code, "") => Err(GatewayError::refused(code, &self.msg)),
            (_, sub_code) => Err(GatewayError::refused(sub_code, &self.sub_msg)),
        }
    }
}

fn trade_news(status: &str, total: &str, trade_no: &str) -> Result<PaymentNews, GatewayError> {
    match status {
        "WAIT_BUYER_PAY" => Ok(PaymentNews::Waiting),
        "TRADE_SUCCESS" | "TRADE_FINISHED" => Ok(PaymentNews::Captured {
            amount: from_yuan(total)?,
            provider_ref: trade_no.to_owned(),
        }),
        "TRADE_CLOSED" => Ok(PaymentNews::Closed),
        other => Err(GatewayError::unreadable(format!("trade_status {other:?}"))),
    }
}

/// `2026-06-01 16:00:00`, in China's time.
fn in_china(at: Timestamp) -> String {
    at.civil().to_zoned(CHINA.to_time_zone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}
