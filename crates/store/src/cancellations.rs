//! Buyers' requests to cancel, each with the deadline by which the shop answers.

use rules::ids::{CancelRequestId, OrderId, PersonId, ShopId};
use rules::orders::CancelReason;
use rules::orders::cancellations::RequestState;
use rules::time::Timestamp;

use crate::db::{DbError, FromRow, Row, Tx};
use crate::p;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancelRequest {
    pub id: CancelRequestId,
    pub shop: ShopId,
    pub order: OrderId,
    pub buyer: PersonId,
    pub reason: CancelReason,
    /// The buyer's own words; may be empty.
    pub note: String,
    pub state: RequestState,
    /// The shop's words when it refuses.
    pub answer: String,
    /// Who answered: an actor's code; empty while nobody has.
    pub answered_by: String,
    pub answered_at: Option<Timestamp>,
    pub version: i64,
    pub created_at: Timestamp,
}

const REQUEST: &str = "id, shop_id, order_id, buyer_id, reason, note, state, answer, answered_by, answered_at, due_at, version, created_at";

impl FromRow for CancelRequest {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let (reason, code): (String, String) = (row.get(4)?, row.get(6)?);
        let due: Option<Timestamp> = row.get(10)?;
        let broken = || DbError::Broken(format!("cancel request {code} due {due:?} for {reason}"));
        Ok(Self {
            id: row.get(0)?,
            shop: row.get(1)?,
            order: row.get(2)?,
            buyer: row.get(3)?,
            reason: CancelReason::parse(&reason).ok_or_else(broken)?,
            note: row.get(5)?,
            state: RequestState::read(&code, due).ok_or_else(broken)?,
            answer: row.get(7)?,
            answered_by: row.get(8)?,
            answered_at: row.get(9)?,
            version: row.get(11)?,
            created_at: row.get(12)?,
        })
    }
}

pub async fn insert(tx: &mut Tx, request: &CancelRequest) -> Result<(), DbError> {
    tx.put(
        "insert into cancel_requests (id, shop_id, order_id, buyer_id, reason, note, state, answer, answered_by, answered_at, due_at, claimed_until, version, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, '', '', null, $8, 0, 1, $9)",
        p![
            request.id,
            request.shop,
            request.order,
            request.buyer,
            request.reason.code(),
            &request.note,
            request.state.code(),
            request.state.due_at(),
            request.created_at
        ],
    )
    .await
}

pub async fn load(
    tx: &mut Tx,
    shop: ShopId,
    id: CancelRequestId,
) -> Result<Option<CancelRequest>, DbError> {
    tx.maybe(
        &format!("select {REQUEST} from cancel_requests where shop_id = $1 and id = $2"),
        p![shop, id],
    )
    .await
}

/// All requests of an order, the oldest first.
pub async fn of_order(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
) -> Result<Vec<CancelRequest>, DbError> {
    tx.many(
        &format!(
            "select {REQUEST} from cancel_requests where shop_id = $1 and order_id = $2 order by id"
        ),
        p![shop, order],
    )
    .await
}

/// The shop's unanswered requests, the oldest first.
pub async fn open_of_shop(
    tx: &mut Tx,
    shop: ShopId,
    limit: i64,
) -> Result<Vec<CancelRequest>, DbError> {
    tx.many(
        &format!("select {REQUEST} from cancel_requests where shop_id = $1 and state = 'asked' order by id limit $2"),
        p![shop, limit],
    )
    .await
}

/// All requests of a shop, the newest first.
pub async fn of_shop(
    tx: &mut Tx,
    shop: ShopId,
    before: i64,
    limit: i64,
) -> Result<Vec<CancelRequest>, DbError> {
    tx.many(
        &format!("select {REQUEST} from cancel_requests where shop_id = $1 and id < $2 order by id desc limit $3"),
        p![shop, before, limit],
    )
    .await
}

/// Writes the answer, by version.
pub async fn record(
    tx: &mut Tx,
    before: &CancelRequest,
    after: &CancelRequest,
) -> Result<(), DbError> {
    let changed = tx
        .run(
            "update cancel_requests
                set state = $1, answer = $2, answered_by = $3, answered_at = $4, due_at = $5, claimed_until = 0, version = version + 1
              where shop_id = $6 and id = $7 and version = $8",
            p![
                after.state.code(),
                &after.answer,
                &after.answered_by,
                after.answered_at,
                after.state.due_at(),
                before.shop,
                before.id,
                before.version
            ],
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(DbError::Again) }
}
