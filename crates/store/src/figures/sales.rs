//! What was sold on a day: kept in the same row as the figures, from the same orders.
//!
//! Nothing here sums over orders, so that a home page costs the same with ten orders and with ten million.

use rules::figures::Day;
use rules::ids::{OrderId, ShopId};
use rules::time::Timestamp;

use super::Thing;
use crate::db::{DbError, FromRow, Row, Tx};
use crate::p;

/// The orders paid on some UTC days. Cancelled and refunded ones stay in: that is what GMV means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sales {
    pub orders: i64,
    pub pieces: i64,
    /// What their buyers paid, in the shop's currency; what a buyer paid on top later is on the day of the order.
    pub paid_minor: i64,
}

impl FromRow for Sales {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self { orders: row.get(0)?, pieces: row.get(1)?, paid_minor: row.get(2)? })
    }
}

/// The order is paid: it counts on that day, unless it does already. `thing` is of the figure whose count is paid orders.
pub async fn count_paid(
    tx: &mut Tx,
    thing: Thing,
    day: Day,
    now: Timestamp,
) -> Result<(), DbError> {
    if !super::is_fresh(tx, thing, day, false, now).await? {
        return Ok(());
    }
    tx.put(
        "insert into daily_figures (shop_id, day, paid_count, paid_pieces_count, paid_minor, created_at)
         select shop_id, cast($1 as bigint), 1, pieces_count, total_minor, cast($2 as bigint)
           from orders
          where shop_id = $3
            and id = $4
         on conflict (shop_id, day) do update
            set paid_count = daily_figures.paid_count + excluded.paid_count,
                paid_pieces_count = daily_figures.paid_pieces_count + excluded.paid_pieces_count,
                paid_minor = daily_figures.paid_minor + excluded.paid_minor",
        p![day.number(), now, thing.shop, thing.order],
    )
    .await
}

/// The buyer of an order paid more for it: the day on which it was paid grows.
pub async fn add_paid(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
    more_minor: i64,
) -> Result<(), DbError> {
    tx.put(
        "update daily_figures
            set paid_minor = paid_minor + $1
          where shop_id = $2
            and day = (select paid_at / 86400000 from orders where shop_id = $2 and id = $3)",
        p![more_minor, shop, order],
    )
    .await
}

/// What a shop sold in those days together, both ends included.
pub async fn sales_of(tx: &mut Tx, shop: ShopId, (from, to): (Day, Day)) -> Result<Sales, DbError> {
    tx.one(
        "select cast(coalesce(sum(paid_count), 0) as bigint), cast(coalesce(sum(paid_pieces_count), 0) as bigint), cast(coalesce(sum(paid_minor), 0) as bigint)
           from daily_figures
          where shop_id = $1
            and day >= $2
            and day <= $3",
        p![shop, from.number(), to.number()],
    )
    .await
}

/// What the shops of one market and currency sold on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketDay {
    pub market: String,
    pub currency: String,
    pub day: Day,
    pub sales: Sales,
}

impl FromRow for MarketDay {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            market: row.get(0)?,
            currency: row.get(1)?,
            day: Day::new(row.get(2)?),
            sales: Sales { orders: row.get(3)?, pieces: row.get(4)?, paid_minor: row.get(5)? },
        })
    }
}

/// What was sold by market and day, both ends included; a day without a paid order is not in the answer. Reads a row a
/// shop and day.
pub async fn sales_of_house(
    tx: &mut Tx,
    (from, to): (Day, Day),
) -> Result<Vec<MarketDay>, DbError> {
    tx.many(
        "select s.market, s.currency, f.day, cast(sum(f.paid_count) as bigint), cast(sum(f.paid_pieces_count) as bigint), cast(sum(f.paid_minor) as bigint)
           from daily_figures f
           join shops s on s.id = f.shop_id
          where f.day >= $1
            and f.day <= $2
            and f.paid_count > 0
          group by s.market, s.currency, f.day
          order by s.market, s.currency, f.day",
        p![from.number(), to.number()],
    )
    .await
}
