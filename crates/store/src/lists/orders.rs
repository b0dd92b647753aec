//! Lists of orders: a shop's, a buyer's, the house's.
//!
//! Lists are paged by id (newest first) and never counted whole; the counts on tabs stop at [`MOST_COUNTED`].

use rules::ids::{OrderId, PersonId, ShopId};
use rules::orders::OrderStateName;
use rules::time::Timestamp;

use crate::db::{DbError, P, Tx};
use crate::id_lists::IdList;
use crate::orders::{ORDER, OrderRow};
use crate::p;

/// A tab shows "999+" beyond this: an exact count of a large list costs more than it tells.
pub const MOST_COUNTED: i64 = 999;

/// Which orders of a shop.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShopOrders {
    /// Empty: all states.
    pub states: Vec<OrderStateName>,
    /// Only those with a deadline before this moment.
    pub due_before: Option<Timestamp>,
    /// Only those whose dispatch deadline has passed at this moment.
    pub late_at: Option<Timestamp>,
    /// Only these ids (the search box takes up to 100).
    pub ids: Vec<OrderId>,
    /// Part of the buyer's name, any case.
    pub buyer: String,
    /// Only those which the shop has marked so: a colour's code.
    pub mark: String,
    /// Ids below this one; `i64::MAX` begins.
    pub before: i64,
    pub limit: i64,
}

impl ShopOrders {
    /// Every order, from the newest on; `limit` is still to be said.
    pub fn all() -> ShopOrders {
        ShopOrders { before: i64::MAX, ..ShopOrders::default() }
    }
}

/// Newest first.
pub async fn of_shop(
    tx: &mut Tx,
    shop: ShopId,
    wanted: &ShopOrders,
) -> Result<Vec<OrderRow>, DbError> {
    let mut found: Vec<OrderId> = Vec::new();
    if wanted.ids.is_empty() {
        // One walk of the index a state, merged here: a single text over several states would read and sort them all.
        let all = OrderStateName::ALL;
        let states = if wanted.states.is_empty() { &all[..] } else { &wanted.states };
        for state in states {
            found.extend(ids(tx, shop, Some(*state), wanted).await?);
        }
        found.sort_unstable_by_key(|id| std::cmp::Reverse(*id));
        found.truncate(usize::try_from(wanted.limit).unwrap_or(usize::MAX));
    } else {
        found = ids(tx, shop, None, wanted).await?;
    }
    let mut rows: Vec<OrderRow> = Vec::with_capacity(found.len());
    // Both engines take some tens of thousands of parameters, and a list asks for a hundred.
    for part in found.chunks(1_000) {
        let list = IdList::of(part.iter().copied());
        let sql = format!(
            "select {ORDER} from orders where shop_id = $1 and id in ({}) order by id desc",
            list.places(2)
        );
        rows.extend(tx.many::<OrderRow>(&sql, &list.after(shop)).await?);
    }
    Ok(rows)
}

/// Which rows are on the page: where nothing else is asked for, the index alone says it.
async fn ids(
    tx: &mut Tx,
    shop: ShopId,
    state: Option<OrderStateName>,
    wanted: &ShopOrders,
) -> Result<Vec<OrderId>, DbError> {
    let mut sql = "select id from orders where shop_id = $1 and id < $2".to_owned();
    let mut params: Vec<P<'_>> = vec![shop.into(), wanted.before.into()];
    if let Some(state) = state {
        params.push(state.code().into());
        sql.push_str(&format!(" and state = ${}", params.len()));
    }
    if let Some(due_before) = wanted.due_before {
        params.push(due_before.into());
        sql.push_str(&format!(" and due_at < ${}", params.len()));
    }
    if let Some(late_at) = wanted.late_at {
        params.push(late_at.into());
        sql.push_str(&format!(" and ship_by_at <= ${}", params.len()));
    }
    if !wanted.buyer.is_empty() {
        params.push(format!("%{}%", wanted.buyer).into());
        sql.push_str(&format!(" and lower(buyer_name) like lower(${})", params.len()));
    }
    if !wanted.mark.is_empty() {
        params.push((&wanted.mark).into());
        // Said again as the index says it, so that a planner can tell that it fits.
        sql.push_str(&format!(" and mark = ${} and mark <> ''", params.len()));
    }
    if !wanted.ids.is_empty() {
        let places: Vec<String> = wanted
            .ids
            .iter()
            .map(|id| {
                params.push((*id).into());
                format!("${}", params.len())
            })
            .collect();
        sql.push_str(&format!(" and id in ({})", places.join(", ")));
    }
    params.push(wanted.limit.into());
    sql.push_str(&format!(" order by id desc limit ${}", params.len()));
    tx.many(&sql, &params).await
}

/// How many orders of a shop are in a state, up to one more than [`MOST_COUNTED`].
pub async fn count(
    tx: &mut Tx,
    shop: ShopId,
    state: OrderStateName,
    due_before: Option<Timestamp>,
) -> Result<i64, DbError> {
    match due_before {
        Some(due_before) => {
            tx.one(
                "select count(*) from
                    (select id from orders where shop_id = $1 and state = $2 and coalesce(due_at, 0) < $3 limit $4) as some_orders",
                p![shop, state.code(), due_before, MOST_COUNTED + 1],
            )
            .await
        }
        // Without a look at the rows themselves.
        None => {
            tx.one(
                "select count(*) from (select id from orders where shop_id = $1 and state = $2 limit $3) as some_orders",
                p![shop, state.code(), MOST_COUNTED + 1],
            )
            .await
        }
    }
}

/// The orders of a shop whose deadline comes first, in given states: the home queue.
pub async fn soonest_due(
    tx: &mut Tx,
    shop: ShopId,
    states: &[OrderStateName],
    limit: i64,
) -> Result<Vec<OrderRow>, DbError> {
    let mut soonest: Vec<(Option<Timestamp>, OrderId)> = Vec::new();
    for state in states {
        // Sorted from the index of what is to be done alone, whose states stand in the text; the rows come after.
        let sql = format!(
            "select due_at, id from orders where shop_id = $1 and state = '{}' order by due_at, id limit $2",
            state.code()
        );
        let found: Vec<(Option<Timestamp>, OrderId)> = tx.many(&sql, p![shop, limit]).await?;
        soonest.extend(found);
    }
    soonest.sort_unstable();
    soonest.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let mut rows = Vec::with_capacity(soonest.len());
    for (_, order) in soonest {
        rows.extend(crate::orders::show(tx, shop, order).await?);
    }
    Ok(rows)
}

/// A buyer's orders over all shops, newest first.
pub async fn of_buyer(
    tx: &mut Tx,
    buyer: PersonId,
    before: i64,
    limit: i64,
) -> Result<Vec<OrderRow>, DbError> {
    let refs: Vec<(OrderId, ShopId)> = tx
        .many(
            "select id, shop_id from buyer_orders where buyer_id = $1 and id < $2 order by id desc limit $3",
            p![buyer, before, limit],
        )
        .await?;
    let mut rows = Vec::with_capacity(refs.len());
    for (order, shop) in refs {
        rows.extend(crate::orders::show(tx, shop, order).await?);
    }
    Ok(rows)
}

/// All orders of the house in a state (or in any), newest first: a read over all shards, for the operator alone.
pub async fn of_house(
    tx: &mut Tx,
    state: Option<OrderStateName>,
    shop: Option<ShopId>,
    before: i64,
    limit: i64,
) -> Result<Vec<OrderRow>, DbError> {
    if let Some(shop) = shop {
        let states = state.into_iter().collect();
        let wanted = ShopOrders { states, before, limit, ..ShopOrders::default() };
        return of_shop(tx, shop, &wanted).await;
    }
    match state {
        Some(state) => {
            tx.many(
                &format!("select {ORDER} from orders where id < $1 and state = $2 order by id desc limit $3"),
                p![before, state.code(), limit],
            )
            .await
        }
        None => {
            tx.many(&format!("select {ORDER} from orders where id < $1 order by id desc limit $2"), p![before, limit])
                .await
        }
    }
}

/// In which shop an order is, for the operator who has only its id.
pub async fn shop_of(tx: &mut Tx, order: OrderId) -> Result<Option<ShopId>, DbError> {
    tx.maybe("select shop_id from orders where id = $1", p![order]).await
}

/// How many orders of the whole house are in each state.
pub async fn counts_of_house(tx: &mut Tx) -> Result<Vec<(String, i64)>, DbError> {
    tx.many("select state, count(*) from orders group by state order by state", p![]).await
}

/// Which of these orders there are, in one shop, or for the house in any.
pub async fn existing(
    tx: &mut Tx,
    shop: Option<ShopId>,
    orders: &[OrderId],
) -> Result<Vec<(OrderId, ShopId)>, DbError> {
    let ids = IdList::of(orders.to_vec());
    match shop {
        _ if ids.is_empty() => Ok(Vec::new()),
        Some(shop) => {
            let sql = format!(
                "select id, shop_id from orders where shop_id = $1 and id in ({})",
                ids.places(2)
            );
            tx.many(&sql, &ids.after(shop)).await
        }
        None => {
            let sql = format!("select id, shop_id from orders where id in ({})", ids.places(1));
            tx.many(&sql, &ids.alone()).await
        }
    }
}

/// The orders of which a parcel travels under one of these numbers, in one shop, or for the house in any.
pub async fn under_numbers(
    tx: &mut Tx,
    shop: Option<ShopId>,
    numbers: &[String],
) -> Result<Vec<(String, OrderId, ShopId)>, DbError> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let mut params: Vec<P<'_>> = Vec::with_capacity(numbers.len() + 1);
    if let Some(shop) = shop {
        params.push(shop.into());
    }
    let mut places = String::new();
    for number in numbers {
        params.push(number.into());
        let joint = if places.is_empty() { "" } else { ", " };
        places.push_str(&format!("{joint}${}", params.len()));
    }
    let sql = if shop.is_some() {
        format!(
            "select tracking_number, order_id, shop_id from parcels where shop_id = $1 and tracking_number in ({places}) order by id"
        )
    } else {
        format!(
            "select tracking_number, order_id, shop_id from parcels where tracking_number in ({places}) order by id"
        )
    };
    tx.many(&sql, &params).await
}
