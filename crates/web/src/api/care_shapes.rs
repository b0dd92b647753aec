//! What hangs on an order beside its state, as the API tells it: flags, messages, requests to cancel, shortages.

use actions::Failure;
use actions::checks::Care;
use actions::shortages::{ShortageAnswer, read_substitute};
use rules::checkout::address::Address;
use rules::ids::{
    CancelRequestId, OrderFlagId, OrderId, OrderLineId, OrderMessageId, PaymentId, ShortageId,
    SkuId,
};
use rules::money::{Currency, Money};
use rules::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::shortages::Shortage;
use utoipa::ToSchema;

use super::shapes::{IdText, MoneyJson, TimeText};

/// What hangs on an order.
#[derive(Serialize, ToSchema)]
pub struct CareJson {
    /// What was found when the free time ended.
    flags: Vec<FlagJson>,
    messages: Vec<MessageJson>,
    cancel_requests: Vec<CancelRequestJson>,
    shortages: Vec<ShortageJson>,
}

#[derive(Serialize, ToSchema)]
pub struct FlagJson {
    #[schema(value_type = IdText)]
    id: OrderFlagId,
    kind: String,
    open: bool,
    /// `looked_at`, `confirmed`, `address_corrected`, `price_honoured` or `cancelled`; empty while open.
    resolution: String,
    why: String,
    #[schema(value_type = Option<TimeText>)]
    resolved_at: Option<Timestamp>,
}

#[derive(Serialize, ToSchema)]
pub struct MessageJson {
    #[schema(value_type = IdText)]
    id: OrderMessageId,
    /// `buyer`, `shop` or `house`.
    author: String,
    text: String,
    /// The proposed address, where the message proposes one.
    #[schema(value_type = Option<super::addresses::AddressJson>)]
    proposal: Option<Address>,
    /// `accepted` or `refused`; empty while a proposal waits.
    answer: String,
    #[schema(value_type = TimeText)]
    written_at: Timestamp,
}

#[derive(Serialize, ToSchema)]
pub struct CancelRequestJson {
    #[schema(value_type = IdText)]
    id: CancelRequestId,
    reason: String,
    note: String,
    /// `asked`, `approved`, `refused`, `withdrawn` or `moot`.
    state: String,
    /// The shop's words when it refused.
    answer: String,
    /// When silence approves.
    #[schema(value_type = Option<TimeText>)]
    due_at: Option<Timestamp>,
}

#[derive(Serialize, ToSchema)]
pub struct ShortageJson {
    #[schema(value_type = IdText)]
    id: ShortageId,
    #[schema(value_type = IdText)]
    line: OrderLineId,
    #[schema(value_type = IdText)]
    sku: SkuId,
    missing_count: i64,
    cause: String,
    /// `found`, `offered`, `awaiting_payment`, `accepted`, `refunded`, `withdrawn` or `moot`.
    state: String,
    /// What is offered instead.
    #[schema(value_type = Option<IdText>)]
    substitute: Option<SkuId>,
    /// What it costs more (or, negative, less).
    #[schema(value_type = MoneyJson)]
    difference: Money,
    /// The shop does not ask for what it costs more.
    waived: bool,
    /// Where the difference is paid.
    #[schema(value_type = Option<IdText>)]
    payment: Option<PaymentId>,
    /// When silence refunds.
    #[schema(value_type = Option<TimeText>)]
    due_at: Option<Timestamp>,
}

impl CareJson {
    pub fn of(care: Care, currency: Currency) -> Result<Self, Failure> {
        let flags = care.flags.into_iter().map(|row| FlagJson {
            id: row.id,
            kind: row.kind,
            open: row.open,
            resolution: row.resolution,
            why: row.why,
            resolved_at: row.resolved_at,
        });
        let messages = care.messages.into_iter().map(|row| MessageJson {
            id: row.id,
            author: row.author,
            text: row.body,
            proposal: serde_json::from_str(&row.proposal).ok(),
            answer: row.answer,
            written_at: row.created_at,
        });
        let requests = care.requests.into_iter().map(|row| CancelRequestJson {
            id: row.id,
            reason: row.reason.code().to_owned(),
            note: row.note,
            state: row.state.code().to_owned(),
            answer: row.answer,
            due_at: row.state.due_at(),
        });
        let shortages = care.shortages.iter().map(|row| ShortageJson::of(row, currency));
        Ok(Self {
            flags: flags.collect(),
            messages: messages.collect(),
            cancel_requests: requests.collect(),
            shortages: shortages.collect::<Result<_, _>>()?,
        })
    }
}

impl ShortageJson {
    fn of(row: &Shortage, currency: Currency) -> Result<Self, Failure> {
        let substitute = if row.substitute.is_empty() {
            None
        } else {
            Some(read_substitute(&row.substitute)?.sku)
        };
        Ok(Self {
            id: row.id,
            line: row.line,
            sku: row.sku,
            missing_count: row.missing_count,
            cause: row.cause.code().to_owned(),
            state: row.state.code().to_owned(),
            substitute,
            difference: Money::new(row.difference_minor, currency),
            waived: row.waived,
            payment: row.payment,
            due_at: row.state.due_at(),
        })
    }
}

/// What a step made of a shortage.
#[derive(Serialize, ToSchema)]
pub struct ShortageStateJson {
    #[schema(value_type = IdText)]
    id: ShortageId,
    #[schema(value_type = IdText)]
    order: OrderId,
    state: String,
    /// Where the buyer pays what the substitute costs more.
    #[schema(value_type = Option<IdText>)]
    payment: Option<PaymentId>,
}

impl From<ShortageAnswer> for ShortageStateJson {
    fn from(answer: ShortageAnswer) -> Self {
        let ShortageAnswer { id, order, state, payment } = answer;
        Self { id, order, state, payment }
    }
}

/// The order which was written to.
#[derive(Serialize, ToSchema)]
pub struct OrderTouchedJson {
    #[schema(value_type = IdText)]
    pub order: OrderId,
}

impl From<OrderId> for OrderTouchedJson {
    fn from(order: OrderId) -> Self {
        Self { order }
    }
}

/// Something in words.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WordsBody {
    /// At most 1000 characters.
    pub text: String,
}
