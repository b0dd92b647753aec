//! What the house watches over all shops: orders which wait or are late, jobs which gave up, what the clock did.
//!
//! Open orders are found by their state, late ones by an index of their own, so that the cost is that of what is shown
//! and not of all that ever was.

use rules::ids::EventId;
use rules::orders::OrderStateName;

use crate::db::{DbError, Tx};
use crate::lists::orders::MOST_COUNTED;
use crate::orders::{ORDER, OrderRow};
use crate::p;

/// Orders of all shops which wait for their shop's confirmation, the soonest deadline first.
pub async fn to_confirm(tx: &mut Tx, limit: i64) -> Result<Vec<OrderRow>, DbError> {
    // The state stands in the text, so that an engine knows that the index of these holds all of them.
    let sql = format!(
        "select {ORDER} from orders where state = 'awaiting_confirmation' order by due_at, id limit $1"
    );
    tx.many(&sql, p![limit]).await
}

/// How many open orders of all shops are in a state, up to one more than [`MOST_COUNTED`].
pub async fn count_open_orders(tx: &mut Tx, state: OrderStateName) -> Result<i64, DbError> {
    tx.one(
        "select count(*) from (select id from orders where state = $1 limit $2) as open",
        p![state.code(), MOST_COUNTED + 1],
    )
    .await
}

/// Orders of all shops which have missed their first deadline (dispatch, delivery) and wait for the last one.
pub async fn late_orders(tx: &mut Tx, limit: i64) -> Result<Vec<OrderRow>, DbError> {
    let sql = format!("select {ORDER} from orders where due_at = then_at order by due_at limit $1");
    tx.many(&sql, p![limit]).await
}

/// How many orders of all shops are late, up to one more than [`MOST_COUNTED`].
pub async fn count_late_orders(tx: &mut Tx) -> Result<i64, DbError> {
    tx.one(
        "select count(*) from (select id from orders where due_at = then_at limit $1) as late",
        p![MOST_COUNTED + 1],
    )
    .await
}

/// How many jobs gave up, up to one more than [`MOST_COUNTED`].
pub async fn count_given_up(tx: &mut Tx) -> Result<i64, DbError> {
    tx.one(
        "select count(*) from (select id from jobs where state = 'failed' limit $1) as given_up",
        p![MOST_COUNTED + 1],
    )
    .await
}

/// What nobody but the clock, carriers and the provider did from an event on: subject, kind and how often, counted
/// over at most `most` events.
pub async fn done_by_itself(
    tx: &mut Tx,
    from: EventId,
    most: i64,
) -> Result<Vec<(String, String, i64)>, DbError> {
    tx.many(
        "select subject, kind, count(*)
           from (select subject, kind from events
                  where id >= $1 and actor in ('clock', 'carrier', 'provider') limit $2) as done
          group by subject, kind
          order by subject, kind",
        p![from, most],
    )
    .await
}
