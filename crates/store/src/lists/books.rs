//! The ledger as the house's pages show it: an account over all homes, one transfer, the names of homes.

use rules::ids::{Id, PersonId, ShopId, TransferId};
use rules::ledger::{Account, TransferCode, TransferRow};
use rules::time::{Span, Timestamp};

use crate::db::{DbError, Tx};
use crate::id_lists::IdList;
use crate::ledger::{BalanceRow, TRANSFER, Transferred};
use crate::p;

/// Where an account family has a balance, in the order of homes; `after` is the last home of the page before, or 0.
/// A home is never cut in two: where it has several currencies the answer may be a few rows longer than `limit`.
pub async fn homes_of_account(
    tx: &mut Tx,
    account: Account,
    after: i64,
    limit: i64,
) -> Result<Vec<BalanceRow>, DbError> {
    let mut rows: Vec<BalanceRow> = tx
        .many(
            "select home_id, account, currency, debits_posted_minor, debits_pending_minor, credits_posted_minor, credits_pending_minor
               from balances
              where home_id > $1
                and account = $2
              order by home_id, currency
              limit $3",
            p![after, account.code(), limit],
        )
        .await?;
    let last = rows.last().map(|row| (row.home_id, row.currency.code()));
    let full = i64::try_from(rows.len()).is_ok_and(|count| count >= limit);
    if let Some((home_id, currency)) = last.filter(|_| full) {
        let rest: Vec<BalanceRow> = tx
            .many(
                "select home_id, account, currency, debits_posted_minor, debits_pending_minor, credits_posted_minor, credits_pending_minor
                   from balances
                  where home_id = $1
                    and account = $2
                    and currency > $3
                  order by currency",
                p![home_id, account.code(), currency],
            )
            .await?;
        rows.extend(rest);
    }
    Ok(rows)
}

/// One transfer of a home.
pub async fn transfer(
    tx: &mut Tx,
    home_id: i64,
    id: TransferId,
) -> Result<Option<TransferRow>, DbError> {
    let row: Option<Transferred> = tx
        .maybe(
            &format!("select {TRANSFER} from transfers where home_id = $1 and id = $2"),
            p![home_id, id],
        )
        .await?;
    Ok(row.map(|row| row.0))
}

/// The names of homes: of shops, and of buyers where the home is a person. A home which is neither is left out.
pub async fn names_of_homes(tx: &mut Tx, homes: &[i64]) -> Result<Vec<(i64, String)>, DbError> {
    let mut homes = homes.to_vec();
    homes.sort_unstable();
    homes.dedup();
    if homes.is_empty() {
        return Ok(Vec::new());
    }
    let shops = IdList::of(homes.iter().map(|home| ShopId::new(*home)));
    let sql = format!("select id, name from shops where id in ({})", shops.places(1));
    let mut names: Vec<(i64, String)> = tx.many(&sql, &shops.alone()).await?;
    homes.retain(|home| !names.iter().any(|(known, _)| known == home));
    if !homes.is_empty() {
        let people = IdList::of(homes.into_iter().map(PersonId::new));
        let sql = format!("select id, name from people where id in ({})", people.places(1));
        let found: Vec<(i64, String)> = tx.many(&sql, &people.alone()).await?;
        names.extend(found);
    }
    Ok(names)
}

/// Transfers of all homes, the newest first: of one UTC day, of one code, or all. `before` pages on.
pub async fn transfers(
    tx: &mut Tx,
    day: Option<Timestamp>,
    code: Option<TransferCode>,
    before: i64,
    limit: i64,
) -> Result<Vec<TransferRow>, DbError> {
    let from = day.map_or(0, |day| Id::<()>::first_at(day).number());
    let to = day.map_or(i64::MAX, |day| Id::<()>::first_at(day + Span::from_days(1)).number());
    let rows: Vec<Transferred> = tx
        .many(
            &format!(
                "select {TRANSFER} from transfers where id >= $1 and id < $2 and ($3 = '' or code = $3) order by id desc limit $4"
            ),
            p![from, to.min(before), code.map_or("", TransferCode::code), limit],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}
