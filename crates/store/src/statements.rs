//! Statements: what is frozen of them, and the transfers of which they are views.

use std::collections::BTreeMap;

use rules::ids::{Id, OrderId, ShopId, StatementId};
use rules::ledger::{Account, TransferCode, TransferRow};
use rules::money::Currency;
use rules::settlement::statements::{Moved, SHOP_ACCOUNTS, Standings, effects};
use rules::time::Timestamp;

use crate::db::{DbError, FromRow, P, Row, Tx};
use crate::ledger::{TRANSFER, Transferred};
use crate::p;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    pub id: StatementId,
    pub shop: ShopId,
    /// Counts from 1 in each shop and currency.
    pub number: i64,
    pub currency: Currency,
    /// The period: from this moment on, and before the other one.
    pub from: Timestamp,
    pub to: Timestamp,
    pub opening: Standings,
    pub closing: Standings,
    pub created_at: Timestamp,
}

const STATEMENT: &str =
    "id, shop_id, number, currency, from_at, to_at, opening, closing, created_at";

impl FromRow for Statement {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let standings = |text: String| -> Result<Standings, DbError> {
            serde_json::from_str(&text).map_err(|error| DbError::Broken(error.to_string()))
        };
        Ok(Self {
            id: row.get(0)?,
            shop: row.get(1)?,
            number: row.get(2)?,
            currency: currency(&row.get::<String>(3)?)?,
            from: row.get(4)?,
            to: row.get(5)?,
            opening: standings(row.get(6)?)?,
            closing: standings(row.get(7)?)?,
            created_at: row.get(8)?,
        })
    }
}

fn currency(code: &str) -> Result<Currency, DbError> {
    Currency::parse(code).map_err(|error| DbError::Broken(error.to_string()))
}

pub async fn insert(tx: &mut Tx, statement: &Statement) -> Result<(), DbError> {
    let text = |standings: &Standings| {
        serde_json::to_string(standings).map_err(|error| DbError::Broken(error.to_string()))
    };
    let sql =
        format!("insert into statements ({STATEMENT}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    tx.put(
        &sql,
        p![
            statement.id,
            statement.shop,
            statement.number,
            statement.currency.code(),
            statement.from,
            statement.to,
            text(&statement.opening)?,
            text(&statement.closing)?,
            statement.created_at
        ],
    )
    .await
}

pub async fn load(
    tx: &mut Tx,
    shop: ShopId,
    id: StatementId,
) -> Result<Option<Statement>, DbError> {
    let sql = format!("select {STATEMENT} from statements where shop_id = $1 and id = $2");
    tx.maybe(&sql, p![shop, id]).await
}

/// The last statement of a shop in a currency.
pub async fn last(
    tx: &mut Tx,
    shop: ShopId,
    currency: Currency,
) -> Result<Option<Statement>, DbError> {
    let sql = format!(
        "select {STATEMENT} from statements where shop_id = $1 and currency = $2 order by from_at desc limit 1"
    );
    tx.maybe(&sql, p![shop, currency.code()]).await
}

/// The statements of a shop, the newest first; `before` is the last id of the page before, or `i64::MAX`.
pub async fn of_shop(
    tx: &mut Tx,
    shop: ShopId,
    before: i64,
    limit: i64,
) -> Result<Vec<Statement>, DbError> {
    let sql = format!(
        "select {STATEMENT} from statements where shop_id = $1 and id < $2 order by id desc limit $3"
    );
    tx.many(&sql, p![shop, before, limit]).await
}

/// The statements of all shops, page by page in the order of ids.
pub async fn all(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<Statement>, DbError> {
    let sql = format!("select {STATEMENT} from statements where id > $1 order by id limit $2");
    tx.many(&sql, p![after, limit]).await
}

/// Which homes moved money in a period, and in which currencies.
pub async fn homes_moved(
    tx: &mut Tx,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(i64, String)>, DbError> {
    tx.many(
        "select home_id, currency from transfers where id >= $1 and id < $2 group by home_id, currency order by home_id, currency",
        p![Id::<()>::first_at(from), Id::<()>::first_at(to)],
    )
    .await
}

/// When the first transfer of all was made; `None` before it.
pub async fn first_transfer(tx: &mut Tx) -> Result<Option<Timestamp>, DbError> {
    let id: Option<Id<()>> =
        tx.maybe("select id from transfers where id > 0 order by id limit 1", p![]).await?;
    Ok(id.map(Id::made_at))
}

/// A home's transfers of a period and currency, summed by code and accounts.
pub async fn moved(
    tx: &mut Tx,
    shop: ShopId,
    currency: Currency,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Moved>, DbError> {
    let rows: Vec<(String, String, String, i64, i64)> = tx
        .many(
            "select debit_account, credit_account, code, cast(sum(amount_minor) as bigint), count(*)
               from transfers
              where home_id = $1
                and id >= $2
                and id < $3
                and currency = $4
                and kind in ('posted', 'post', 'reversal')
              group by debit_account, credit_account, code
              order by code, debit_account, credit_account",
            p![shop, Id::<()>::first_at(from), Id::<()>::first_at(to), currency.code()],
        )
        .await?;
    rows.into_iter()
        .map(|(debit, credit, code, amount_minor, count)| {
            Ok(Moved {
                debit: account(&debit)?,
                credit: account(&credit)?,
                code: TransferCode::parse(&code)
                    .ok_or_else(|| DbError::Broken(format!("transfer code {code}")))?,
                amount_minor,
                count,
            })
        })
        .collect()
}

fn account(code: &str) -> Result<Account, DbError> {
    Account::parse(code).ok_or_else(|| DbError::Broken(format!("no account is called {code}")))
}

/// What the orders which were paid in a period had for shipping.
pub async fn shipping_paid(
    tx: &mut Tx,
    shop: ShopId,
    currency: Currency,
    from: Timestamp,
    to: Timestamp,
) -> Result<i64, DbError> {
    tx.one(
        "select cast(coalesce(sum(o.shipping_minor), 0) as bigint)
           from orders o
          where o.shop_id = $1
            and o.currency = $2
            and o.paid_at >= $3
            and o.paid_at < $4
            and o.id in (select t.subject_id from transfers t
                          where t.home_id = $1 and t.id >= $5 and t.id < $6 and t.code = 'payment_captured')",
        p![
            shop,
            currency.code(),
            from,
            to,
            Id::<()>::first_at(from),
            Id::<()>::first_at(to)
        ],
    )
    .await
}

/// What these orders had for shipping.
pub async fn shipping_of(
    tx: &mut Tx,
    shop: ShopId,
    orders: &[OrderId],
) -> Result<BTreeMap<OrderId, i64>, DbError> {
    let ids = crate::id_lists::IdList::of(orders.iter().copied());
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sql = format!(
        "select id, shipping_minor from orders where shop_id = $1 and id in ({})",
        ids.places(2)
    );
    let mut params: Vec<P<'_>> = vec![shop.into()];
    params.extend(ids.alone());
    let rows: Vec<(OrderId, i64)> = tx.many(&sql, &params).await?;
    Ok(rows.into_iter().collect())
}

/// What stood on the shop's accounts before a moment: what stands there now less what has moved since.
pub async fn standings_before(
    tx: &mut Tx,
    shop: ShopId,
    currency: Currency,
    moment: Timestamp,
) -> Result<Standings, DbError> {
    let mut standings = Standings::new();
    for row in crate::ledger::balances_of(tx, shop.number()).await? {
        if row.currency == currency && SHOP_ACCOUNTS.contains(&row.account) {
            let minor = row.balance.credits_posted - row.balance.debits_posted;
            standings.insert(row.account, minor);
        }
    }
    for part in moved(tx, shop, currency, moment, Timestamp::from_ms(END_OF_IDS_MS)).await? {
        for (account, minor) in effects(part.debit, part.credit, part.amount_minor) {
            *standings.entry(account).or_default() -= minor;
        }
    }
    standings.retain(|_, minor| *minor != 0);
    Ok(standings)
}

/// 2090: ids have 41 bits of milliseconds since 2024.
const END_OF_IDS_MS: i64 = rules::ids::EPOCH_MS + (1 << 41) - 1;

/// Transfers of a statement's period, the oldest first; `after` pages on.
pub async fn transfers(
    tx: &mut Tx,
    statement: &Statement,
    after: i64,
    limit: i64,
) -> Result<Vec<TransferRow>, DbError> {
    let first = Id::<()>::first_at(statement.from).number() - 1;
    let rows: Vec<Transferred> = tx
        .many(
            &format!(
                "select {TRANSFER} from transfers
                  where home_id = $1 and id > $2 and id < $3 and currency = $4
                  order by id
                  limit $5"
            ),
            p![
                statement.shop,
                after.max(first),
                Id::<()>::first_at(statement.to),
                statement.currency.code(),
                limit
            ],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}
