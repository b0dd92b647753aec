//! The parts of Stripe's objects which are read. What else is in them is passed over.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::amounts::from_stripe;
use crate::contract::{GatewayError, Notice, PaymentNews, RefundNews};

type Metadata = BTreeMap<String, Value>;

fn reference_in(metadata: &Metadata) -> Option<&str> {
    metadata.get("reference").and_then(Value::as_str)
}

/// <https://docs.stripe.com/api/checkout/sessions/object>
#[derive(Debug, Deserialize)]
pub(super) struct Session {
    pub id: String,
    #[serde(default)]
    pub url: Option<String>,
    /// `open`, `complete` or `expired`.
    #[serde(default)]
    status: Option<String>,
    /// `paid`, `unpaid` or `no_payment_required`.
    #[serde(default)]
    payment_status: Option<String>,
    #[serde(default)]
    amount_total: Option<i64>,
    #[serde(default)]
    currency: Option<String>,
    #[serde(default)]
    payment_intent: Option<Intent>,
    #[serde(default)]
    metadata: Metadata,
}

/// By its id, or whole where the request says `expand`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Intent {
    Named(String),
    Whole(Box<WholeIntent>),
}

/// <https://docs.stripe.com/api/payment_intents/object>
#[derive(Debug, Deserialize)]
pub(super) struct WholeIntent {
    id: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    amount_received: i64,
    #[serde(default)]
    currency: String,
    #[serde(default)]
    last_payment_error: Option<Fault>,
    #[serde(default)]
    metadata: Metadata,
}

impl Session {
    pub fn news(&self) -> Result<PaymentNews, GatewayError> {
        if self.payment_status.as_deref() == Some("paid") {
            let provider_ref = match &self.payment_intent {
                Some(Intent::Named(id)) => id.clone(),
                Some(Intent::Whole(intent)) => intent.id.clone(),
                None => return Err(GatewayError::unreadable("a paid session without a payment")),
            };
            let units =
                self.amount_total.ok_or_else(|| GatewayError::unreadable("paid, without a sum"))?;
            let amount = from_stripe(units, self.currency.as_deref().unwrap_or_default())?;
            return Ok(PaymentNews::Captured { amount, provider_ref });
        }
        if self.status.as_deref() == Some("expired") {
            return Ok(PaymentNews::Closed);
        }
        match &self.payment_intent {
            Some(Intent::Whole(intent)) => Ok(intent.declined().unwrap_or(PaymentNews::Waiting)),
            Some(Intent::Named(_)) | None => Ok(PaymentNews::Waiting),
        }
    }
}

impl WholeIntent {
    fn declined(&self) -> Option<PaymentNews> {
        let fault = self.last_payment_error.as_ref()?;
        let waits = self.status == "requires_payment_method";
        waits.then(|| PaymentNews::Declined { reason: fault.reason() })
    }

    fn news(&self) -> Result<PaymentNews, GatewayError> {
        match self.status.as_str() {
            "succeeded" => Ok(PaymentNews::Captured {
                amount: from_stripe(self.amount_received, &self.currency)?,
                provider_ref: self.id.clone(),
            }),
            "canceled" => Ok(PaymentNews::Closed),
            _ => Ok(self.declined().unwrap_or(PaymentNews::Waiting)),
        }
    }
}

/// <https://docs.stripe.com/api/refunds/object>
#[derive(Debug, Deserialize)]
pub(super) struct Refund {
    pub id: String,
    /// `pending`, `requires_action`, `succeeded`, `failed` or `canceled`.
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    failure_reason: Option<String>,
    #[serde(default)]
    metadata: Metadata,
}

impl Refund {
    pub fn reference(&self) -> Option<&str> {
        reference_in(&self.metadata)
    }

    pub fn news(&self) -> RefundNews {
        match self.status.as_deref() {
            Some("succeeded") => RefundNews::Confirmed,
            Some(status @ ("failed" | "canceled")) => RefundNews::Failed {
                reason: self.failure_reason.clone().unwrap_or_else(|| status.to_owned()),
            },
            Some(_) | None => RefundNews::Waiting,
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Listed<T> {
    pub data: Vec<T>,
    #[serde(default)]
    pub has_more: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct ErrorBody {
    pub error: Fault,
}

/// <https://docs.stripe.com/api/errors>
#[derive(Debug, Deserialize)]
pub(super) struct Fault {
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    decline_code: Option<String>,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    message: Option<String>,
}

impl Fault {
    fn reason(&self) -> String {
        let reason = self.decline_code.as_ref().or(self.code.as_ref());
        reason.cloned().unwrap_or_else(|| "card_declined".to_owned())
    }

    pub fn refused(self) -> GatewayError {
        let code = self.code.or(self.kind).unwrap_or_else(|| "unnamed".to_owned());
        GatewayError::refused(code, self.message.unwrap_or_default())
    }
}

/// <https://docs.stripe.com/api/events/object>
#[derive(Debug, Deserialize)]
pub(super) struct Event {
    #[serde(rename = "type")]
    kind: String,
    data: EventData,
}

#[derive(Debug, Deserialize)]
struct EventData {
    object: Value,
}

impl Event {
    /// What it says. Things which carry no reference of ours are another program's.
    pub fn notice(self) -> Result<Notice, GatewayError> {
        let unreadable = GatewayError::unreadable;
        let object = self.data.object;
        match self.kind.as_str() {
            "checkout.session.completed"
            | "checkout.session.async_payment_succeeded"
            | "checkout.session.expired" => {
                let session: Session = serde_json::from_value(object).map_err(unreadable)?;
                let Some(reference) = reference_in(&session.metadata).map(str::to_owned) else {
                    return Ok(Notice::Other);
                };
                Ok(Notice::Payment { reference, news: session.news()? })
            }
            "checkout.session.async_payment_failed" => {
                let session: Session = serde_json::from_value(object).map_err(unreadable)?;
                let Some(reference) = reference_in(&session.metadata).map(str::to_owned) else {
                    return Ok(Notice::Other);
                };
                Ok(Notice::Payment { reference, news: PaymentNews::Closed })
            }
            "payment_intent.succeeded" | "payment_intent.payment_failed" => {
                let intent: WholeIntent = serde_json::from_value(object).map_err(unreadable)?;
                let Some(reference) = reference_in(&intent.metadata).map(str::to_owned) else {
                    return Ok(Notice::Other);
                };
                Ok(Notice::Payment { reference, news: intent.news()? })
            }
            "refund.created" | "refund.updated" | "refund.failed" | "charge.refund.updated" => {
                let refund: Refund = serde_json::from_value(object).map_err(unreadable)?;
                let Some(reference) = refund.reference().map(str::to_owned) else {
                    return Ok(Notice::Other);
                };
                Ok(Notice::Refund { reference, news: refund.news() })
            }
            _ => Ok(Notice::Other),
        }
    }
}
