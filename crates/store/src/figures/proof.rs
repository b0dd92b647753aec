//! The figures counted anew from orders and parcels: what the kept ones have to be.
//!
//! These read every order of a shop, so they are for checks and for orders which were not placed through the acts.

use rules::figures::Figure;
use rules::ids::{OrderId, ShopId};
use rules::time::Timestamp;

use crate::db::{DbError, FromRow, Row, Tx};
use crate::p;

/// What lies behind the figures of the shop `$1`, from its orders and parcels alone.
fn counted_anew() -> String {
    let orders = "select 'late_dispatch' as figure, id, id as order_id, scanned_at / 86400000 as day, case when scanned_at > ship_by_at then 1 else 0 end as met
           from orders where shop_id = $1 and scanned_at is not null";
    let paid = "select 'fault_cancellation', id, id, paid_at / 86400000, case when fault = 'shop' then 1 else 0 end
           from orders where shop_id = $1 and paid_at is not null";
    let parcels = "select 'valid_tracking', id, order_id, handed_over_at / 86400000, case when recognised_at is not null then 1 else 0 end
           from parcels where shop_id = $1 and handed_over_at is not null";
    // Completed without delivered: the buyer said first that it is there.
    let delivered = "select 'on_time_delivery', id, id, coalesce(delivered_at, completed_at) / 86400000, case when coalesce(delivered_at, completed_at) <= promise_by_at then 1 else 0 end
           from orders where shop_id = $1 and coalesce(delivered_at, completed_at) is not null";
    [orders, paid, parcels, delivered].join(" union all ")
}

/// Where the kept figures are not what the orders say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    #[error(
        "shop {shop}: order {order} ({id}) should count in {figure} on day {day}, met {met}, and does not"
    )]
    Missing { shop: ShopId, figure: &'static str, id: i64, order: OrderId, day: i64, met: bool },
    #[error(
        "shop {shop}: order {order} ({id}) counts in {figure} on day {day}, met {met}, and should not"
    )]
    TooMuch { shop: ShopId, figure: &'static str, id: i64, order: OrderId, day: i64, met: bool },
    #[error(
        "shop {shop}: {figure} of day {day} is {counted} with {met} met; behind it are {behind_counted} with {behind_met}"
    )]
    Sum {
        shop: ShopId,
        figure: &'static str,
        day: i64,
        counted: i64,
        met: i64,
        behind_counted: i64,
        behind_met: i64,
    },
    #[error(
        "shop {shop}: on day {day} {pieces} pieces for {paid_minor} are kept as sold; its orders have {order_pieces} for {order_paid_minor}"
    )]
    Sold {
        shop: ShopId,
        day: i64,
        pieces: i64,
        paid_minor: i64,
        order_pieces: i64,
        order_paid_minor: i64,
    },
}

struct Line {
    figure: &'static str,
    id: i64,
    order: OrderId,
    day: i64,
    met: bool,
}

fn figure_of(code: &str) -> Result<&'static str, DbError> {
    let known = Figure::parse(code).map(Figure::code);
    known.ok_or_else(|| DbError::Broken(format!("figure {code}")))
}

impl FromRow for Line {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            figure: figure_of(&row.get::<String>(0)?)?,
            id: row.get(1)?,
            order: row.get(2)?,
            day: row.get(3)?,
            met: row.get(4)?,
        })
    }
}

/// Up to `limit` of each kind of difference in a shop; none when its figures are right.
pub async fn differences(
    tx: &mut Tx,
    shop: ShopId,
    limit: i64,
) -> Result<Vec<Difference>, DbError> {
    let anew = counted_anew();
    let kept = "select figure, id, order_id, day, met from figure_orders where shop_id = $1";
    let mut found = Vec::new();
    let missing = format!(
        "select figure, id, order_id, day, met from (select * from ({anew}) as anew except {kept}) as missing limit $2"
    );
    let lines: Vec<Line> = tx.many(&missing, p![shop, limit]).await?;
    found.extend(lines.into_iter().map(|Line { figure, id, order, day, met }| {
        Difference::Missing { shop, figure, id, order, day, met }
    }));
    let more = format!(
        "select figure, id, order_id, day, met from ({kept} except select * from ({anew}) as anew) as more limit $2"
    );
    let lines: Vec<Line> = tx.many(&more, p![shop, limit]).await?;
    found.extend(lines.into_iter().map(|Line { figure, id, order, day, met }| {
        Difference::TooMuch { shop, figure, id, order, day, met }
    }));
    found.extend(wrong_sums(tx, shop, limit).await?);
    found.extend(wrong_sales(tx, shop, limit).await?);
    Ok(found)
}

async fn wrong_sums(tx: &mut Tx, shop: ShopId, limit: i64) -> Result<Vec<Difference>, DbError> {
    let mut found = Vec::new();
    for figure in Figure::ALL {
        let (counted, met) = super::columns(figure);
        let sql = format!(
            "select day, cast(sum(kept_count) as bigint), cast(sum(kept_met) as bigint), cast(sum(behind_count) as bigint), cast(sum(behind_met) as bigint)
               from (select day, {counted} as kept_count, {met} as kept_met, 0 as behind_count, 0 as behind_met
                       from daily_figures where shop_id = $1
                     union all
                     select day, 0, 0, 1, met from figure_orders where shop_id = $1 and figure = $2) as both_sides
              group by day
             having sum(kept_count) <> sum(behind_count) or sum(kept_met) <> sum(behind_met)
              order by day
              limit $3"
        );
        let rows: Vec<(i64, i64, i64, i64, i64)> =
            tx.many(&sql, p![shop, figure.code(), limit]).await?;
        found.extend(rows.into_iter().map(|(day, counted, met, behind_counted, behind_met)| {
            let figure = figure.code();
            Difference::Sum { shop, figure, day, counted, met, behind_counted, behind_met }
        }));
    }
    Ok(found)
}

async fn wrong_sales(tx: &mut Tx, shop: ShopId, limit: i64) -> Result<Vec<Difference>, DbError> {
    let rows: Vec<(i64, i64, i64, i64, i64)> = tx
        .many(
            "select day, cast(sum(pieces) as bigint), cast(sum(paid) as bigint), cast(sum(order_pieces) as bigint), cast(sum(order_paid) as bigint)
               from (select day, paid_pieces_count as pieces, paid_minor as paid, 0 as order_pieces, 0 as order_paid
                       from daily_figures where shop_id = $1
                     union all
                     select paid_at / 86400000, 0, 0, pieces_count, total_minor
                       from orders where shop_id = $1 and paid_at is not null) as both_sides
              group by day
             having sum(pieces) <> sum(order_pieces) or sum(paid) <> sum(order_paid)
              order by day
              limit $2",
            p![shop, limit],
        )
        .await?;
    let sold = |(day, pieces, paid_minor, order_pieces, order_paid_minor)| Difference::Sold {
        shop,
        day,
        pieces,
        paid_minor,
        order_pieces,
        order_paid_minor,
    };
    Ok(rows.into_iter().map(sold).collect())
}

/// Writes a shop's figures anew from its orders and parcels: for orders which came in by another way than the acts.
pub async fn recount(tx: &mut Tx, shop: ShopId, now: Timestamp) -> Result<(), DbError> {
    tx.run("delete from figure_orders where shop_id = $1", p![shop]).await?;
    tx.run("delete from daily_figures where shop_id = $1", p![shop]).await?;
    let anew = counted_anew();
    let rows = format!(
        "insert into figure_orders (figure, id, order_id, day, met, shop_id, created_at)
         select figure, id, order_id, day, met, cast($1 as bigint), cast($2 as bigint) from ({anew}) as anew"
    );
    tx.run(&rows, p![shop, now]).await?;
    let sums: Vec<String> = Figure::ALL
        .into_iter()
        .map(|figure| {
            let code = figure.code();
            format!("sum(case when figure = '{code}' then 1 else 0 end), sum(case when figure = '{code}' then met else 0 end)")
        })
        .collect();
    let columns: Vec<String> = Figure::ALL
        .into_iter()
        .map(|figure| {
            let (counted, met) = super::columns(figure);
            format!("{counted}, {met}")
        })
        .collect();
    let days = format!(
        "insert into daily_figures (shop_id, day, {}, created_at)
         select shop_id, day, {}, cast($1 as bigint) from figure_orders where shop_id = $2 group by shop_id, day",
        columns.join(", "),
        sums.join(", ")
    );
    tx.run(&days, p![now, shop]).await?;
    tx.run(
        "insert into daily_figures (shop_id, day, paid_pieces_count, paid_minor, created_at)
         select shop_id, paid_at / 86400000, sum(pieces_count), sum(total_minor), cast($1 as bigint)
           from orders where shop_id = $2 and paid_at is not null group by shop_id, paid_at / 86400000
         on conflict (shop_id, day) do update
            set paid_pieces_count = excluded.paid_pieces_count, paid_minor = excluded.paid_minor",
        p![now, shop],
    )
    .await?;
    Ok(())
}
