//! Lists of cases: an order's, a buyer's, a shop's, the house's.

use rules::after_sales::CaseStateName;
use rules::ids::{CaseId, OrderId, OrderLineId, PersonId, ShopId};
use rules::time::Timestamp;

use super::{CASE, CaseRow};
use crate::db::{DbError, FromRow, Row, Tx};
use crate::lists::orders::MOST_COUNTED;
use crate::p;

/// All cases of an order, the oldest first.
pub async fn of_order(tx: &mut Tx, shop: ShopId, order: OrderId) -> Result<Vec<CaseRow>, DbError> {
    tx.many(
        &format!("select {CASE} from cases where shop_id = $1 and order_id = $2 order by id"),
        p![shop, order],
    )
    .await
}

/// Which lines of an order are in an open case, and how often the house was asked about each: line, open, disputes.
pub async fn open_of_order(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
) -> Result<Vec<(OrderLineId, bool, i64)>, DbError> {
    tx.many(
        "select l.line_id, max(case when c.state = 'closed' then 0 else 1 end), cast(sum(c.disputes_count) as bigint)
           from case_lines l
           join cases c on c.shop_id = $1 and c.id = l.case_id
          where l.shop_id = $1 and l.order_id = $2
          group by l.line_id",
        p![shop, order],
    )
    .await
}

/// A line of the buyer's own list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuyerCase {
    pub id: CaseId,
    pub shop: ShopId,
    pub order: OrderId,
    pub created_at: Timestamp,
}

impl FromRow for BuyerCase {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let (id, shop, order) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Self { id, shop, order, created_at: row.get(3)? })
    }
}

/// A buyer's cases over all shops, the newest first.
pub async fn of_buyer(
    tx: &mut Tx,
    buyer: PersonId,
    before: i64,
    limit: i64,
) -> Result<Vec<BuyerCase>, DbError> {
    tx.many(
        "select id, shop_id, order_id, created_at from buyer_cases where buyer_id = $1 and id < $2 order by id desc limit $3",
        p![buyer, before, limit],
    )
    .await
}

/// In which shop a buyer's case is. Not found and not yours look the same.
pub async fn of_buyer_id(
    tx: &mut Tx,
    buyer: PersonId,
    case: CaseId,
) -> Result<Option<ShopId>, DbError> {
    tx.maybe("select shop_id from buyer_cases where buyer_id = $1 and id = $2", p![buyer, case])
        .await
}

/// A shop's cases in these states (none: all), the newest first.
pub async fn of_shop(
    tx: &mut Tx,
    shop: ShopId,
    states: &[CaseStateName],
    before: i64,
    limit: i64,
) -> Result<Vec<CaseRow>, DbError> {
    let all = CaseStateName::ALL;
    let states = if states.is_empty() { &all[..] } else { states };
    let mut found: Vec<CaseRow> = Vec::new();
    // One walk of the index a state.
    for state in states {
        let sql = format!(
            "select {CASE} from cases where shop_id = $1 and state = $2 and id < $3 order by id desc limit $4"
        );
        found.extend(tx.many::<CaseRow>(&sql, p![shop, state.code(), before, limit]).await?);
    }
    found.sort_unstable_by_key(|case| std::cmp::Reverse(case.id));
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// A shop's cases which wait for it, the nearest deadline first.
pub async fn soonest_due(tx: &mut Tx, shop: ShopId, limit: i64) -> Result<Vec<CaseRow>, DbError> {
    tx.many(
        &format!(
            "select {CASE} from cases
              where shop_id = $1
                and (state in ('requested', 'inspecting') or (state = 'gathering_evidence' and shop_by_at is not null))
              order by due_at
              limit $2"
        ),
        p![shop, limit],
    )
    .await
}

/// The house's cases in these states (none: all), the newest first.
pub async fn of_house(
    tx: &mut Tx,
    states: &[CaseStateName],
    before: i64,
    limit: i64,
) -> Result<Vec<CaseRow>, DbError> {
    let all = CaseStateName::ALL;
    let states = if states.is_empty() { &all[..] } else { states };
    let mut found: Vec<CaseRow> = Vec::new();
    for state in states {
        let sql = format!(
            "select {CASE} from cases where state = $1 and id < $2 order by id desc limit $3"
        );
        found.extend(tx.many::<CaseRow>(&sql, p![state.code(), before, limit]).await?);
    }
    found.sort_unstable_by_key(|case| std::cmp::Reverse(case.id));
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// How many cases of a shop are in a state; at most [`MOST_COUNTED`] and one more.
pub async fn count_in_state(
    tx: &mut Tx,
    shop: ShopId,
    state: CaseStateName,
) -> Result<i64, DbError> {
    tx.one(
        "select count(*) from (select id from cases where shop_id = $1 and state = $2 limit $3) as counted",
        p![shop, state.code(), MOST_COUNTED + 1],
    )
    .await
}
