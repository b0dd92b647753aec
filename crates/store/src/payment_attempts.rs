//! Attempts to pay with a provider outside. They live with their buyer, as their payment does.

use rules::ids::{PaymentAttemptId, PaymentId, PersonId};
use rules::money::{Currency, Money};
use rules::payments::attempts::AttemptState;
use rules::time::Timestamp;

use crate::db::{DbError, FromRow, Row, Tx};
use crate::p;
use crate::payments::OrderRef;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentAttempt {
    pub id: PaymentAttemptId,
    pub buyer: PersonId,
    pub payment: PaymentId,
    pub provider: String,
    pub state: AttemptState,
    /// What the provider was asked for.
    pub amount: Money,
    /// What it took; 0 before.
    pub captured_minor: i64,
    /// The provider's own name of it; empty while it has none.
    pub provider_ref: String,
    /// The orders which it pays for.
    pub orders: Vec<OrderRef>,
    /// What the buyer has to do next, JSON; empty before the provider has answered.
    pub next_step: String,
    /// Why the provider refused it; empty where it did not.
    pub failure: String,
    pub pay_by: Timestamp,
    pub version: i64,
    pub created_at: Timestamp,
}

impl FromRow for PaymentAttempt {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let broken = |what: String| DbError::Broken(what);
        let state: String = row.get(4)?;
        let orders: String = row.get(9)?;
        let currency =
            Currency::parse(&row.get::<String>(5)?).map_err(|error| broken(error.to_string()))?;
        Ok(Self {
            id: row.get(0)?,
            buyer: row.get(1)?,
            payment: row.get(2)?,
            provider: row.get(3)?,
            state: AttemptState::parse(&state)
                .ok_or_else(|| broken(format!("attempt state {state}")))?,
            amount: Money::new(row.get(6)?, currency),
            captured_minor: row.get(7)?,
            provider_ref: row.get(8)?,
            orders: serde_json::from_str(&orders).map_err(|error| broken(error.to_string()))?,
            next_step: row.get(10)?,
            failure: row.get(11)?,
            pay_by: row.get(12)?,
            version: row.get(13)?,
            created_at: row.get(14)?,
        })
    }
}

const ATTEMPT: &str = "id, buyer_id, payment_id, provider, state, currency, amount_minor, captured_minor, provider_ref, orders, next_step, failure, pay_by_at, version, created_at";

pub async fn insert(tx: &mut Tx, attempt: &PaymentAttempt) -> Result<(), DbError> {
    let orders = serde_json::to_string(&attempt.orders)
        .map_err(|error| DbError::Broken(error.to_string()))?;
    tx.put(
        "insert into payment_attempts (id, buyer_id, payment_id, provider, state, currency, amount_minor, captured_minor, provider_ref, orders, next_step, failure, pay_by_at, version, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, 0, '', $8, '', '', $9, 1, $10)",
        p![
            attempt.id,
            attempt.buyer,
            attempt.payment,
            &attempt.provider,
            attempt.state.code(),
            attempt.amount.currency.code(),
            attempt.amount.minor,
            orders,
            attempt.pay_by,
            attempt.created_at
        ],
    )
    .await
}

pub async fn load(
    tx: &mut Tx,
    buyer: PersonId,
    id: PaymentAttemptId,
) -> Result<Option<PaymentAttempt>, DbError> {
    tx.maybe(
        &format!("select {ATTEMPT} from payment_attempts where buyer_id = $1 and id = $2"),
        p![buyer, id],
    )
    .await
}

/// The attempts of a payment, the latest last.
pub async fn of_payment(
    tx: &mut Tx,
    buyer: PersonId,
    payment: PaymentId,
) -> Result<Vec<PaymentAttempt>, DbError> {
    tx.many(
        &format!(
            "select {ATTEMPT} from payment_attempts where buyer_id = $1 and payment_id = $2 order by id"
        ),
        p![buyer, payment],
    )
    .await
}

/// Writes what has changed of `before`, by version.
pub async fn record(
    tx: &mut Tx,
    before: &PaymentAttempt,
    after: &PaymentAttempt,
) -> Result<(), DbError> {
    let changed = tx
        .run(
            "update payment_attempts set state = $1, captured_minor = $2, provider_ref = $3, next_step = $4, failure = $5, version = version + 1
              where buyer_id = $6 and id = $7 and version = $8",
            p![
                after.state.code(),
                after.captured_minor,
                &after.provider_ref,
                &after.next_step,
                &after.failure,
                before.buyer,
                before.id,
                before.version
            ],
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(DbError::Again) }
}
