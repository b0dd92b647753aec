//! Payments and refunds.

use rules::ids::{OrderId, PaymentId, PersonId, RefundId, ShopId, ShortageId};
use rules::money::{Currency, Money};
use rules::payments::PaymentState;
use rules::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::db::{DbError, FromRow, Row, Tx};
use crate::p;

/// The purpose of a payment for a dearer substitute.
const SHORTAGE: &str = "shortage";

/// Which order of which shop a payment pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRef {
    pub shop: ShopId,
    pub order: OrderId,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    pub id: PaymentId,
    pub buyer: PersonId,
    pub provider: String,
    pub method: String,
    pub state: PaymentState,
    pub amount: Money,
    pub orders: Vec<OrderRef>,
    /// Why the last try was declined; empty where none was.
    pub failure: String,
    pub captured_at: Option<Timestamp>,
    /// The shortage whose dearer substitute it pays for; nothing for a checkout's payment.
    pub extra: Option<ExtraFor>,
    /// Tries which the provider declined.
    pub declined_count: i64,
    pub version: i64,
    pub created_at: Timestamp,
}

/// What a payment beside a checkout's pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExtraFor {
    pub shop: ShopId,
    pub shortage: ShortageId,
}

impl FromRow for Payment {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let broken = |what: String| DbError::Broken(what);
        let code: String = row.get(4)?;
        let due: Option<Timestamp> = row.get(9)?;
        let currency =
            Currency::parse(&row.get::<String>(5)?).map_err(|error| broken(error.to_string()))?;
        let orders: String = row.get(7)?;
        Ok(Self {
            id: row.get(0)?,
            buyer: row.get(1)?,
            provider: row.get(2)?,
            method: row.get(3)?,
            state: PaymentState::read(&code, due)
                .ok_or_else(|| broken(format!("payment state {code} due {due:?}")))?,
            amount: Money::new(row.get(6)?, currency),
            orders: serde_json::from_str(&orders).map_err(|error| broken(error.to_string()))?,
            failure: row.get(8)?,
            captured_at: row.get(10)?,
            version: row.get(11)?,
            created_at: row.get(12)?,
            extra: (row.get::<String>(13)? == SHORTAGE)
                .then(|| Ok::<_, DbError>(ExtraFor { shop: row.get(14)?, shortage: row.get(15)? }))
                .transpose()?,
            declined_count: row.get(16)?,
        })
    }
}

/// A new payment; one which starts anew has nothing captured and no failure.
pub async fn insert(tx: &mut Tx, payment: &Payment) -> Result<(), DbError> {
    let fresh = Payment {
        failure: String::new(),
        captured_at: None,
        declined_count: 0,
        version: 1,
        ..payment.clone()
    };
    insert_whole(tx, &fresh).await
}

/// A payment with all that has become of it.
pub(crate) async fn insert_whole(tx: &mut Tx, payment: &Payment) -> Result<(), DbError> {
    let orders = serde_json::to_string(&payment.orders)
        .map_err(|error| DbError::Broken(error.to_string()))?;
    tx.put(
        "insert into payments (id, buyer_id, provider, method, state, currency, amount_minor, orders, failure, due_at, claimed_until, captured_at, purpose, purpose_shop_id, purpose_id, declined_count, version, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12, $13, $14, $15, $16, $17)",
        p![
            payment.id,
            payment.buyer,
            &payment.provider,
            &payment.method,
            payment.state.code(),
            payment.amount.currency.code(),
            payment.amount.minor,
            orders,
            &payment.failure,
            payment.state.due_at(),
            payment.captured_at,
            if payment.extra.is_some() { SHORTAGE } else { "" },
            payment.extra.map_or(0, |extra| extra.shop.number()),
            payment.extra.map_or(0, |extra| extra.shortage.number()),
            payment.declined_count,
            payment.version,
            payment.created_at
        ],
    )
    .await
}

pub async fn load(tx: &mut Tx, buyer: PersonId, id: PaymentId) -> Result<Option<Payment>, DbError> {
    tx.maybe(
        "select id, buyer_id, provider, method, state, currency, amount_minor, orders, failure, due_at, captured_at, version, created_at, purpose, purpose_shop_id, purpose_id, declined_count
           from payments
          where buyer_id = $1
            and id = $2",
        p![buyer, id],
    )
    .await
}

/// Writes the payment as a decision left it, by the version of `before`.
pub async fn record(tx: &mut Tx, before: &Payment, after: &Payment) -> Result<(), DbError> {
    let changed = tx
        .run(
            "update payments
                set provider = $1, method = $2, state = $3, due_at = $4, failure = $5, captured_at = coalesce(captured_at, $6),
                    claimed_until = 0, declined_count = declined_count + $7, version = version + 1
              where buyer_id = $8 and id = $9 and version = $10",
            p![
                &after.provider,
                &after.method,
                after.state.code(),
                after.state.due_at(),
                &after.failure,
                after.captured_at,
                !after.failure.is_empty(),
                before.buyer,
                before.id,
                before.version
            ],
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(DbError::Again) }
}

/// Which method the buyer chose, while the provider's answer is still to come.
pub async fn choose_method(tx: &mut Tx, payment: &Payment, method: &str) -> Result<(), DbError> {
    tx.put(
        "update payments set method = $1 where buyer_id = $2 and id = $3",
        p![method, payment.buyer, payment.id],
    )
    .await
}

/// Money on its way back to a buyer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    pub id: RefundId,
    pub shop: ShopId,
    pub order: OrderId,
    pub payment: PaymentId,
    pub amount: Money,
    pub reason: String,
    pub confirmed_at: Option<Timestamp>,
    pub version: i64,
    pub created_at: Timestamp,
}

impl FromRow for Refund {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let currency = Currency::parse(&row.get::<String>(4)?)
            .map_err(|error| DbError::Broken(error.to_string()))?;
        Ok(Self {
            id: row.get(0)?,
            shop: row.get(1)?,
            order: row.get(2)?,
            payment: row.get(3)?,
            amount: Money::new(row.get(5)?, currency),
            reason: row.get(6)?,
            confirmed_at: row.get(7)?,
            version: row.get(8)?,
            created_at: row.get(9)?,
        })
    }
}

const REFUND: &str = "id, shop_id, order_id, payment_id, currency, amount_minor, reason, confirmed_at, version, created_at";

pub async fn insert_refund(tx: &mut Tx, refund: &Refund) -> Result<(), DbError> {
    tx.put(
        "insert into refunds (id, shop_id, order_id, payment_id, state, currency, amount_minor, reason, confirmed_at, version, created_at)
         values ($1, $2, $3, $4, 'requested', $5, $6, $7, null, 1, $8)",
        p![
            refund.id,
            refund.shop,
            refund.order,
            refund.payment,
            refund.amount.currency.code(),
            refund.amount.minor,
            &refund.reason,
            refund.created_at
        ],
    )
    .await
}

pub async fn refund(tx: &mut Tx, shop: ShopId, id: RefundId) -> Result<Option<Refund>, DbError> {
    tx.maybe(&format!("select {REFUND} from refunds where shop_id = $1 and id = $2"), p![shop, id])
        .await
}

pub async fn refunds_of(tx: &mut Tx, shop: ShopId, order: OrderId) -> Result<Vec<Refund>, DbError> {
    tx.many(
        &format!("select {REFUND} from refunds where shop_id = $1 and order_id = $2 order by id"),
        p![shop, order],
    )
    .await
}

pub async fn confirm_refund(tx: &mut Tx, refund: &Refund, now: Timestamp) -> Result<(), DbError> {
    let changed = tx
        .run(
            "update refunds set state = 'confirmed', confirmed_at = $1, version = version + 1
              where shop_id = $2 and id = $3 and version = $4",
            p![now, refund.shop, refund.id, refund.version],
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(DbError::Again) }
}

/// An order was taken off an unpaid payment: it asks for less, or has ended.
pub async fn shrink(
    tx: &mut Tx,
    before: &Payment,
    rest_minor: i64,
    state: PaymentState,
) -> Result<(), DbError> {
    let changed = tx
        .run(
            "update payments set amount_minor = $1, state = $2, due_at = $3, version = version + 1
              where buyer_id = $4 and id = $5 and version = $6",
            p![rest_minor, state.code(), state.due_at(), before.buyer, before.id, before.version],
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(DbError::Again) }
}
