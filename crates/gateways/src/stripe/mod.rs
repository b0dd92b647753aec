//! Stripe: payments on its hosted page (a Checkout Session, which makes the PaymentIntent), refunds, webhooks.
//!
//! The hosted page is what works without a script of ours: the buyer follows a link and comes back. What the session says
//! when the buyer comes back is not believed; the webhook or a query decides.

mod shapes;
pub mod signature;

use http::HeaderMap;
use rules::time::Span;
use serde::de::DeserializeOwned;

use crate::amounts::to_stripe;
use crate::contract::{
    GatewayError, Moment, NextStep, Notice, Opened, PaymentAsk, PaymentNews, PaymentRef, RefundAsk,
    RefundNews,
};
use crate::keys::Secret;
use crate::wire::{self, Reply, Wire};
use shapes::{ErrorBody, Event, Listed, Refund, Session};

/// The version of the API whose shapes are read here. [P]
const VERSION: &str = "2024-06-20";
/// Stripe's limits on the life of a session, from its making. [P] 30 minutes to 24 hours; a minute on the way there.
const SHORTEST_LIFE: Span = Span::from_minutes(31);
const LONGEST_LIFE: Span = Span::from_minutes(24 * 60 - 1);

/// An account at Stripe.
#[derive(Clone, Debug)]
pub struct Stripe {
    wire: Wire,
    /// `https://api.stripe.com`, without a slash at the end.
    address: String,
    secret_key: Secret,
    webhook_secrets: Vec<Secret>,
}

impl Stripe {
    pub fn new(
        wire: Wire,
        address: String,
        secret_key: Secret,
        webhook_secrets: Vec<Secret>,
    ) -> Self {
        Self { wire, address, secret_key, webhook_secrets }
    }

    pub async fn ask(&self, ask: &PaymentAsk) -> Result<Opened, GatewayError> {
        let units = to_stripe(ask.amount)?.to_string();
        let currency = ask.amount.currency.code().to_lowercase();
        let shortest = ask.asked_at + SHORTEST_LIFE;
        let until = ask.pay_by.max(shortest).min(ask.asked_at + LONGEST_LIFE);
        let until = until.ms().div_euclid(1_000).to_string();
        let back = with_sign(&ask.return_to, "returned");
        let fields = [
            ("mode", "payment"),
            ("client_reference_id", ask.reference.as_str()),
            ("metadata[reference]", &ask.reference),
            ("payment_intent_data[metadata][reference]", &ask.reference),
            ("line_items[0][quantity]", "1"),
            ("line_items[0][price_data][currency]", &currency),
            ("line_items[0][price_data][unit_amount]", &units),
            ("line_items[0][price_data][product_data][name]", &ask.description),
            ("expires_at", &until),
            ("success_url", &back),
            ("cancel_url", &ask.return_to),
        ];
        let key = format!("ask-{}", ask.reference);
        let session: Session = self.post("/v1/checkout/sessions", &fields, &key).await?;
        let url =
            session.url.ok_or_else(|| GatewayError::unreadable("a session without a page"))?;
        Ok(Opened { provider_ref: session.id, next: NextStep::Redirect { url } })
    }

    pub async fn query(&self, payment: &PaymentRef) -> Result<PaymentNews, GatewayError> {
        let Some(id) = self.session_of(payment) else { return Ok(PaymentNews::Unknown) };
        let path = format!("/v1/checkout/sessions/{id}?expand[]=payment_intent");
        self.get::<Session>(&path).await?.news()
    }

    /// Makes sure that it cannot be paid any more, or says that it was.
    pub async fn close(&self, payment: &PaymentRef) -> Result<PaymentNews, GatewayError> {
        let Some(id) = self.session_of(payment) else { return Ok(PaymentNews::Unknown) };
        let path = format!("/v1/checkout/sessions/{id}/expire");
        let key = format!("close-{}", payment.reference);
        match self.post::<Session>(&path, &[], &key).await {
            Ok(_) => Ok(PaymentNews::Closed),
            // Not open any more: paid, or ended before.
            Err(GatewayError::Refused { .. }) => self.query(payment).await,
            Err(error) => Err(error),
        }
    }

    /// A session's id begins with `cs_`; once captured, the payment intent's is kept instead, and the session is over.
    fn session_of<'a>(&self, payment: &'a PaymentRef) -> Option<&'a str> {
        payment.provider_ref.starts_with("cs_").then_some(payment.provider_ref.as_str())
    }

    /// Stripe forgets idempotency keys after some days: whether the refund is there is looked up first.
    pub async fn refund(&self, ask: &RefundAsk) -> Result<RefundNews, GatewayError> {
        match self.query_refund(ask).await? {
            RefundNews::Unknown => {}
            known => return Ok(known),
        }
        let units = to_stripe(ask.amount)?.to_string();
        let fields = [
            ("payment_intent", ask.payment.provider_ref.as_str()),
            ("amount", &units),
            ("metadata[reference]", &ask.reference),
            ("metadata[reason]", &ask.reason),
        ];
        let key = format!("refund-{}", ask.reference);
        let refund: Refund = self.post("/v1/refunds", &fields, &key).await?;
        Ok(refund.news())
    }

    pub async fn query_refund(&self, ask: &RefundAsk) -> Result<RefundNews, GatewayError> {
        let mut after = String::new();
        loop {
            let intent = encoded(&ask.payment.provider_ref);
            let path = format!("/v1/refunds?payment_intent={intent}&limit=100{after}");
            let page: Listed<Refund> = self.get(&path).await?;
            let found =
                page.data.iter().find(|refund| refund.reference() == Some(ask.reference.as_str()));
            if let Some(refund) = found {
                return Ok(refund.news());
            }
            match page.data.last() {
                Some(last) if page.has_more => {
                    after = format!("&starting_after={}", encoded(&last.id));
                }
                Some(_) | None => return Ok(RefundNews::Unknown),
            }
        }
    }

    pub fn read_notice(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        moment: Moment,
    ) -> Result<Notice, GatewayError> {
        let signed = wire::header(headers, "stripe-signature");
        signature::verify(signed, body, &self.webhook_secrets, moment.now)?;
        let event: Event = serde_json::from_slice(body).map_err(GatewayError::unreadable)?;
        event.notice()
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, GatewayError> {
        let authorization = format!("Bearer {}", self.secret_key.reveal());
        let headers = [("authorization", authorization.as_str()), ("stripe-version", VERSION)];
        let uri = format!("{}{path}", self.address);
        let reply = self.wire.send(wire::request("GET", &uri, &headers, String::new())?).await?;
        read(&reply)
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        idempotency_key: &str,
    ) -> Result<T, GatewayError> {
        let authorization = format!("Bearer {}", self.secret_key.reveal());
        let headers = [
            ("authorization", authorization.as_str()),
            ("stripe-version", VERSION),
            ("idempotency-key", idempotency_key),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let uri = format!("{}{path}", self.address);
        let reply = self.wire.send(wire::request("POST", &uri, &headers, form)?).await?;
        read(&reply)
    }
}

fn read<T: DeserializeOwned>(reply: &Reply) -> Result<T, GatewayError> {
    if reply.is_ok() {
        return serde_json::from_slice(&reply.body).map_err(GatewayError::unreadable);
    }
    // Busy, too many at once, or another request with this key is under way: ask again.
    if reply.status >= 500 || reply.status == 429 || reply.status == 409 {
        return Err(GatewayError::Unreachable(format!("Stripe answered {}", reply.status)));
    }
    let body: ErrorBody = serde_json::from_slice(&reply.body).map_err(|_| {
        GatewayError::refused(reply.status.to_string(), "the answer has no reason in it")
    })?;
    Err(body.error.refused())
}

/// The address with one more sign in its query.
fn with_sign(address: &str, sign: &str) -> String {
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}{sign}=1")
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
