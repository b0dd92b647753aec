//! Due work: which rows have a passed deadline, and claiming them so that several servers share the work.
//!
//! A claim is a lease. Whoever claims a row sends it `PassDeadline`; if it dies, the lease runs out and another takes it.

use rules::time::Timestamp;

use crate::db::{DbError, Tx};
use crate::p;

/// The tables whose rows carry a deadline, and the column which names each row's home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DueKind {
    Payment,
    Order,
    ReservePart,
    CancelRequest,
    Shortage,
    Case,
    Payout,
    Job,
}

impl DueKind {
    /// In the order in which a sweep works them off.
    pub const ALL: [DueKind; 8] = [
        DueKind::Payment,
        DueKind::CancelRequest,
        DueKind::Shortage,
        DueKind::Case,
        DueKind::Order,
        DueKind::ReservePart,
        DueKind::Payout,
        DueKind::Job,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            DueKind::Payment => "payment",
            DueKind::Order => "order",
            DueKind::ReservePart => "reserve_part",
            DueKind::CancelRequest => "cancel_request",
            DueKind::Shortage => "shortage",
            DueKind::Case => "case",
            DueKind::Payout => "payout",
            DueKind::Job => "job",
        }
    }

    const fn claim_text(self) -> &'static str {
        match self {
            DueKind::Payment => {
                "update payments set claimed_until = $1 where (id, buyer_id) in
                 (select id, buyer_id from payments where due_at <= $2 and claimed_until < $2 order by due_at limit $3) and claimed_until < $2
                 returning id, buyer_id, due_at"
            }
            DueKind::Order => {
                "update orders set claimed_until = $1 where (id, shop_id) in
                 (select id, shop_id from orders where due_at <= $2 and claimed_until < $2 order by due_at limit $3) and claimed_until < $2
                 returning id, shop_id, due_at"
            }
            DueKind::ReservePart => {
                "update reserve_parts set claimed_until = $1 where (id, home_id) in
                 (select id, home_id from reserve_parts where due_at <= $2 and claimed_until < $2 order by due_at limit $3) and claimed_until < $2
                 returning id, home_id, due_at"
            }
            DueKind::CancelRequest => {
                "update cancel_requests set claimed_until = $1 where (id, shop_id) in
                 (select id, shop_id from cancel_requests where due_at <= $2 and claimed_until < $2 order by due_at limit $3) and claimed_until < $2
                 returning id, shop_id, due_at"
            }
            DueKind::Shortage => {
                "update shortages set claimed_until = $1 where (id, shop_id) in
                 (select id, shop_id from shortages where due_at <= $2 and claimed_until < $2 order by due_at limit $3) and claimed_until < $2
                 returning id, shop_id, due_at"
            }
            DueKind::Case => {
                "update cases set claimed_until = $1 where (id, shop_id) in
                 (select id, shop_id from cases where due_at <= $2 and claimed_until < $2 order by due_at limit $3) and claimed_until < $2
                 returning id, shop_id, due_at"
            }
            DueKind::Payout => {
                "update payouts set claimed_until = $1 where (id, shop_id) in
                 (select id, shop_id from payouts where due_at <= $2 and claimed_until < $2 order by due_at limit $3) and claimed_until < $2
                 returning id, shop_id, due_at"
            }
            DueKind::Job => {
                "update jobs set claimed_until = $1 where (id, home_id) in
                 (select id, home_id from jobs where due_at <= $2 and claimed_until < $2 order by due_at limit $3) and claimed_until < $2
                 returning id, home_id, due_at"
            }
        }
    }

    const fn look_text(self) -> &'static str {
        match self {
            DueKind::Payment => {
                "select id, buyer_id, due_at from payments where due_at is not null order by due_at limit $1"
            }
            DueKind::Order => {
                "select id, shop_id, due_at from orders where due_at is not null order by due_at limit $1"
            }
            DueKind::ReservePart => {
                "select id, home_id, due_at from reserve_parts where due_at is not null order by due_at limit $1"
            }
            DueKind::CancelRequest => {
                "select id, shop_id, due_at from cancel_requests where due_at is not null order by due_at limit $1"
            }
            DueKind::Shortage => {
                "select id, shop_id, due_at from shortages where due_at is not null order by due_at limit $1"
            }
            DueKind::Case => {
                "select id, shop_id, due_at from cases where due_at is not null order by due_at limit $1"
            }
            DueKind::Payout => {
                "select id, shop_id, due_at from payouts where due_at is not null order by due_at limit $1"
            }
            DueKind::Job => {
                "select id, home_id, due_at from jobs where due_at is not null order by due_at limit $1"
            }
        }
    }

    const fn count_text(self) -> &'static str {
        match self {
            DueKind::Payment => {
                "select count(*) from (select id from payments where due_at < $1 limit $2) as due"
            }
            DueKind::Order => {
                "select count(*) from (select id from orders where due_at < $1 limit $2) as due"
            }
            DueKind::ReservePart => {
                "select count(*) from (select id from reserve_parts where due_at < $1 limit $2) as due"
            }
            DueKind::CancelRequest => {
                "select count(*) from (select id from cancel_requests where due_at < $1 limit $2) as due"
            }
            DueKind::Shortage => {
                "select count(*) from (select id from shortages where due_at < $1 limit $2) as due"
            }
            DueKind::Case => {
                "select count(*) from (select id from cases where due_at < $1 limit $2) as due"
            }
            DueKind::Payout => {
                "select count(*) from (select id from payouts where due_at < $1 limit $2) as due"
            }
            DueKind::Job => {
                "select count(*) from (select id from jobs where due_at < $1 limit $2) as due"
            }
        }
    }
}

/// A row with a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    pub id: i64,
    pub home_id: i64,
    pub due_at: Timestamp,
}

/// Claims up to `limit` due rows until `until`. The cost depends on what is due, not on what waits.
pub async fn claim(
    tx: &mut Tx,
    kind: DueKind,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<Due>, DbError> {
    let rows: Vec<(i64, i64, Timestamp)> =
        tx.many(kind.claim_text(), p![until, now, limit]).await?;
    let mut due: Vec<Due> =
        rows.into_iter().map(|(id, home_id, due_at)| Due { id, home_id, due_at }).collect();
    due.sort_by_key(|due| (due.due_at, due.id));
    Ok(due)
}

/// The soonest deadlines of a kind, due or not: for the wake-up timer and the operator's page.
pub async fn soonest(tx: &mut Tx, kind: DueKind, limit: i64) -> Result<Vec<Due>, DbError> {
    let rows: Vec<(i64, i64, Timestamp)> = tx.many(kind.look_text(), p![limit]).await?;
    Ok(rows.into_iter().map(|(id, home_id, due_at)| Due { id, home_id, due_at }).collect())
}

/// How many rows of a kind have a deadline before a moment, counted up to `most`.
pub async fn count(
    tx: &mut Tx,
    kind: DueKind,
    before: Timestamp,
    most: i64,
) -> Result<i64, DbError> {
    tx.one(kind.count_text(), p![before, most]).await
}
