//! `/payments`: paying what a checkout asks for.

use actions::payments::attempts::{AskProvider, ask_provider};
use actions::payments::{Pay, PaymentAnswer, pay, show_payment};
use actions::sandbox_provider::Instrument;
use actions::{Failure, Market, NextStep, ProviderName};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use rules::ids::{OrderId, PaymentId, ShopId};
use rules::money::Money;
use rules::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::{At, IdempotencyKey, answered};
use super::bodies::Body;
use super::problem::{Answer, ProblemJson};
use super::shapes::{IdText, MoneyJson, TimeText};
use super::who::Buyer;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new().routes(routes!(show)).routes(routes!(create_attempt))
}

/// A payment of one checkout.
#[derive(Serialize, ToSchema)]
pub struct PaymentJson {
    #[schema(value_type = IdText)]
    id: PaymentId,
    /// `requested`, `captured`, `expired` or `returned_late`.
    state: String,
    #[schema(value_type = MoneyJson)]
    amount: Money,
    /// Why the last try was declined; empty where none was.
    failure: String,
    /// Whether the provider still has to answer.
    waiting: bool,
    /// Until when it can be paid; null when it has ended.
    #[schema(value_type = Option<TimeText>)]
    pay_by: Option<Timestamp>,
    orders: Vec<OrderRefJson>,
    /// Who was asked last, or took the money: `sandbox`, `stripe`, `alipay` or `wechat_pay`.
    provider: String,
    /// What the buyer has to do at the provider; null where nothing.
    next_step: Option<NextStepJson>,
    /// The providers which can be asked besides the sandbox's.
    providers: Vec<&'static str>,
}

/// What the buyer has to do next.
#[derive(Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = NextStep)]
enum NextStepJson {
    /// Go to the provider's page.
    Redirect { url: String },
    /// Scan this content, shown as a QR code.
    Code { content: String },
}

/// Which order of which shop.
#[derive(Serialize, ToSchema)]
pub struct OrderRefJson {
    #[schema(value_type = IdText)]
    shop: ShopId,
    #[schema(value_type = IdText)]
    order: OrderId,
}

impl PaymentJson {
    fn of(market: &Market, payment: PaymentAnswer) -> Self {
        let orders = payment.orders.into_iter();
        let taking = market.providers().taking(payment.amount.currency);
        Self {
            id: payment.id,
            state: payment.state,
            amount: payment.amount,
            failure: payment.failure,
            waiting: payment.waiting,
            pay_by: payment.pay_by,
            orders: orders.map(|one| OrderRefJson { shop: one.shop, order: one.order }).collect(),
            provider: payment.provider,
            next_step: payment.next_step.map(|step| match step {
                NextStep::Redirect { url } => NextStepJson::Redirect { url },
                NextStep::Code { content } => NextStepJson::Code { content },
            }),
            providers: taking.into_iter().map(ProviderName::code).collect(),
        }
    }
}

/// A try to pay: with a test card of the sandbox, or with a provider outside.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttemptBody {
    #[serde(default)]
    instrument: Option<InstrumentJson>,
    #[serde(default)]
    provider: Option<ProviderJson>,
}

/// A payment provider outside.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Provider)]
enum ProviderJson {
    /// Cards and wallets on Stripe's page.
    Stripe,
    /// A code to scan with Alipay.
    Alipay,
    /// A code to scan with WeChat.
    WechatPay,
}

impl From<ProviderJson> for ProviderName {
    fn from(provider: ProviderJson) -> Self {
        match provider {
            ProviderJson::Stripe => ProviderName::Stripe,
            ProviderJson::Alipay => ProviderName::Alipay,
            ProviderJson::WechatPay => ProviderName::WechatPay,
        }
    }
}

/// A test card of the sandbox. Its name says how the provider will behave.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Instrument)]
#[expect(clippy::enum_variant_names, reason = "these are the names of the cards outside")]
enum InstrumentJson {
    /// Pays at once.
    CardOk,
    /// Says no; another try may follow.
    CardDeclined,
    /// Answers by a notice half a minute later.
    CardSlow,
    /// Pays at once, and its notice comes three times, the last one a day later.
    CardTwice,
    /// Pays only when the time to pay is over.
    CardLate,
}

impl From<InstrumentJson> for Instrument {
    fn from(instrument: InstrumentJson) -> Self {
        match instrument {
            InstrumentJson::CardOk => Instrument::CardOk,
            InstrumentJson::CardDeclined => Instrument::CardDeclined,
            InstrumentJson::CardSlow => Instrument::CardSlow,
            InstrumentJson::CardTwice => Instrument::CardTwice,
            InstrumentJson::CardLate => Instrument::CardLate,
        }
    }
}

/// Read a payment
#[utoipa::path(
    get, operation_id = "show_payment", path = "/payments/{payment}", tag = "buying", security(("key" = ["buyer"])),
    params(("payment" = IdText, Path)),
    responses((status = 200, body = PaymentJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn show(
    State(market): State<Market>,
    buyer: Buyer,
    At(payment): At<PaymentId>,
) -> Answer<Json<PaymentJson>> {
    let shown = show_payment(&market, buyer.person(), payment).await?;
    Ok(Json(PaymentJson::of(&market, shown)))
}

/// Try to pay
///
/// Answers the payment as it stands then: captured, declined (with the reason in `failure`), or waiting for the provider;
/// `next_step` says what the buyer has to do there. The body names an `instrument` or a `provider`.
#[utoipa::path(
    post, operation_id = "try_to_pay", path = "/payments/{payment}/attempts", tag = "buying", security(("key" = ["buyer"])),
    params(("payment" = IdText, Path), ("Idempotency-Key" = String, Header)),
    request_body = AttemptBody,
    responses((status = 200, body = PaymentJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_attempt(
    State(market): State<Market>,
    buyer: Buyer,
    At(payment): At<PaymentId>,
    key: IdempotencyKey,
    body: Body<AttemptBody>,
) -> Answer<Response> {
    let buyer = buyer.person();
    let request = key.of(buyer, &body.bytes);
    let tried = match (body.value.instrument, body.value.provider) {
        (Some(instrument), None) => {
            let instrument = instrument.into();
            pay(&market, Pay { buyer, payment, instrument, request }).await?
        }
        (None, Some(provider)) => {
            let provider = provider.into();
            ask_provider(&market, AskProvider { buyer, payment, provider, request }).await?
        }
        (None, None) | (Some(_), Some(_)) => {
            let says = "name either an instrument of the sandbox or a provider";
            return Err(Failure::invalid("instrument", "one_of_two", says).into());
        }
    };
    Ok(answered(StatusCode::OK, tried, |answer| PaymentJson::of(&market, answer)))
}
