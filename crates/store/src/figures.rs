//! Fulfilment figures: the counts of a shop's days, and the orders behind each. Kept as things happen.
//!
//! A thing counts once in a figure: its row is its own guard. What is met may change later, and moves the count of the
//! day on which the thing lies.

use rules::figures::{Count, Day, Figure};
use rules::ids::{OrderId, ShopId};
use rules::time::Timestamp;

use crate::db::{DbError, FromRow, P, Row, Tx};
use crate::p;

mod proof;
mod sales;

pub use proof::{Difference, differences, recount};
pub use sales::{MarketDay, Sales, add_paid, count_paid, sales_of, sales_of_house};

/// What counts in a figure. `id` is the order's, or the parcel's where parcels are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thing {
    pub shop: ShopId,
    pub figure: Figure,
    pub id: i64,
    pub order: OrderId,
}

/// The counts of each figure, in the order of [`Figure::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([Count; 4]);

impl Counts {
    pub fn of(&self, figure: Figure) -> Count {
        let [late, fault, tracking, on_time] = self.0;
        match figure {
            Figure::LateDispatch => late,
            Figure::FaultCancellation => fault,
            Figure::ValidTracking => tracking,
            Figure::OnTimeDelivery => on_time,
        }
    }

    /// Reads eight columns from `at` on: [`SUMS`].
    fn read(row: &Row<'_>, at: usize) -> Result<Counts, DbError> {
        let mut counts = [Count::default(); 4];
        for (place, count) in counts.iter_mut().enumerate() {
            *count = Count { counted: row.get(at + 2 * place)?, met: row.get(at + 2 * place + 1)? };
        }
        Ok(Counts(counts))
    }
}

const SUMS: &str = "cast(coalesce(sum(dispatched_count), 0) as bigint), cast(coalesce(sum(dispatched_late_count), 0) as bigint), \
    cast(coalesce(sum(paid_count), 0) as bigint), cast(coalesce(sum(fault_cancelled_count), 0) as bigint), \
    cast(coalesce(sum(shipped_count), 0) as bigint), cast(coalesce(sum(recognised_count), 0) as bigint), \
    cast(coalesce(sum(delivered_count), 0) as bigint), cast(coalesce(sum(delivered_on_time_count), 0) as bigint)";

/// The columns of a figure: what is counted, and what of it is met.
const fn columns(figure: Figure) -> (&'static str, &'static str) {
    match figure {
        Figure::LateDispatch => ("dispatched_count", "dispatched_late_count"),
        Figure::FaultCancellation => ("paid_count", "fault_cancelled_count"),
        Figure::ValidTracking => ("shipped_count", "recognised_count"),
        Figure::OnTimeDelivery => ("delivered_count", "delivered_on_time_count"),
    }
}

/// The thing counts on that day, unless it does already.
pub async fn count(
    tx: &mut Tx,
    thing: Thing,
    day: Day,
    met: bool,
    now: Timestamp,
) -> Result<(), DbError> {
    if !is_fresh(tx, thing, day, met, now).await? {
        return Ok(());
    }
    add(tx, thing, day, (1, i64::from(met)), now).await
}

/// Writes what counts down, and says whether it did not yet count.
async fn is_fresh(
    tx: &mut Tx,
    thing: Thing,
    day: Day,
    met: bool,
    now: Timestamp,
) -> Result<bool, DbError> {
    let rows = tx
        .run(
            "insert into figure_orders (id, shop_id, figure, order_id, day, met, created_at)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (id, figure, shop_id) do nothing",
            p![thing.id, thing.shop, thing.figure.code(), thing.order, day.number(), met, now],
        )
        .await?;
    Ok(rows > 0)
}

/// The thing is met from now on, or is not any more. What was never counted stays so.
pub async fn mark(tx: &mut Tx, thing: Thing, met: bool, now: Timestamp) -> Result<(), DbError> {
    let kept: Option<(i64, bool)> = tx
        .maybe(
            "select day, met from figure_orders where shop_id = $1 and id = $2 and figure = $3",
            p![thing.shop, thing.id, thing.figure.code()],
        )
        .await?;
    let Some((day, _)) = kept.filter(|(_, was)| *was != met) else { return Ok(()) };
    let changed = tx
        .run(
            "update figure_orders set met = $1 where shop_id = $2 and id = $3 and figure = $4 and met <> $1",
            p![met, thing.shop, thing.id, thing.figure.code()],
        )
        .await?;
    if changed != 1 {
        return Err(DbError::Again);
    }
    add(tx, thing, Day::new(day), (0, if met { 1 } else { -1 }), now).await
}

async fn add(
    tx: &mut Tx,
    thing: Thing,
    day: Day,
    (counted, met): (i64, i64),
    now: Timestamp,
) -> Result<(), DbError> {
    let (count_column, met_column) = columns(thing.figure);
    let sql = format!(
        "insert into daily_figures (shop_id, day, {count_column}, {met_column}, created_at)
         values ($1, $2, $3, $4, $5)
         on conflict (shop_id, day) do update
            set {count_column} = daily_figures.{count_column} + excluded.{count_column},
                {met_column} = daily_figures.{met_column} + excluded.{met_column}"
    );
    tx.put(&sql, p![thing.shop, day.number(), counted, met, now]).await
}

/// When an order left, until when it was promised, and the carrier's first scan of any of its parcels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    pub shipped_at: Option<Timestamp>,
    pub promise_by: Timestamp,
    pub first_scan: Option<Timestamp>,
}

pub async fn way_of(tx: &mut Tx, shop: ShopId, order: OrderId) -> Result<Way, DbError> {
    let (shipped_at, promise_by, first_scan) = tx
        .one(
            "select o.shipped_at, o.promise_by_at, min(e.happened_at)
               from orders o
               left join parcels p on p.order_id = o.id and p.shop_id = o.shop_id
               left join parcel_events e on e.parcel_id = p.id and e.shop_id = p.shop_id and e.kind <> 'recognised'
              where o.shop_id = $1
                and o.id = $2
              group by o.shipped_at, o.promise_by_at",
            p![shop, order],
        )
        .await?;
    Ok(Way { shipped_at, promise_by, first_scan })
}

/// The moment by which it is judged whether the order was dispatched in time. It is written once.
pub async fn set_scanned(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
    at: Timestamp,
) -> Result<(), DbError> {
    tx.put(
        "update orders set scanned_at = coalesce(scanned_at, $1) where shop_id = $2 and id = $3",
        p![at, shop, order],
    )
    .await
}

/// The figures of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRow {
    pub day: Day,
    pub counts: Counts,
}

impl FromRow for DayRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self { day: Day::new(row.get(0)?), counts: Counts::read(row, 1)? })
    }
}

/// The days of a shop on which anything was counted, both ends included, the newest first.
pub async fn days_of(
    tx: &mut Tx,
    shop: ShopId,
    (from, to): (Day, Day),
) -> Result<Vec<DayRow>, DbError> {
    tx.many(
        &format!("select day, {SUMS} from daily_figures where shop_id = $1 and day >= $2 and day <= $3 group by day order by day desc"),
        p![shop, from.number(), to.number()],
    )
    .await
}

struct SumRow(Counts);

impl FromRow for SumRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self(Counts::read(row, 0)?))
    }
}

/// What was counted in those days together, both ends included.
pub async fn sum_of(tx: &mut Tx, shop: ShopId, (from, to): (Day, Day)) -> Result<Counts, DbError> {
    let row: SumRow = tx
        .one(
            &format!(
                "select {SUMS} from daily_figures where shop_id = $1 and day >= $2 and day <= $3"
            ),
            p![shop, from.number(), to.number()],
        )
        .await?;
    Ok(row.0)
}

struct ShopRow(ShopId, Counts);

impl FromRow for ShopRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self(row.get(0)?, Counts::read(row, 1)?))
    }
}

/// The same of every shop which has any, by shop.
pub async fn sums_of_house(
    tx: &mut Tx,
    (from, to): (Day, Day),
) -> Result<Vec<(ShopId, Counts)>, DbError> {
    let rows: Vec<ShopRow> = tx
        .many(
            &format!("select shop_id, {SUMS} from daily_figures where day >= $1 and day <= $2 group by shop_id order by shop_id"),
            p![from.number(), to.number()],
        )
        .await?;
    Ok(rows.into_iter().map(|row| (row.0, row.1)).collect())
}

/// One thing behind a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Behind {
    pub id: i64,
    pub order: OrderId,
    pub day: Day,
    pub met: bool,
}

impl FromRow for Behind {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(0)?,
            order: row.get(1)?,
            day: Day::new(row.get(2)?),
            met: row.get(3)?,
        })
    }
}

/// Which things of a shop's figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WantedBehind {
    pub figure: Figure,
    /// Only what is met, or only what is not; both when left out.
    pub met: Option<bool>,
    pub from: Day,
    pub to: Day,
    /// Those after this day and id in the list, which the last row of the page before had.
    pub after: Option<(Day, i64)>,
    pub limit: i64,
}

/// What lies behind a count, the newest day first.
pub async fn behind(
    tx: &mut Tx,
    shop: ShopId,
    wanted: WantedBehind,
) -> Result<Vec<Behind>, DbError> {
    let mets: &[bool] = match wanted.met {
        Some(true) => &[true],
        Some(false) => &[false],
        None => &[true, false],
    };
    let (day, id) = wanted.after.map_or((wanted.to.number(), i64::MAX), |(day, id)| {
        (day.number().min(wanted.to.number()), id)
    });
    // One walk of the index each, merged here: together they would all be sorted.
    let mut rows: Vec<Behind> = Vec::new();
    for met in mets {
        let params: [P<'_>; 7] = [
            shop.into(),
            wanted.figure.code().into(),
            (*met).into(),
            wanted.from.number().into(),
            day.into(),
            id.into(),
            wanted.limit.into(),
        ];
        let found: Vec<Behind> = tx
            .many(
                "select id, order_id, day, met
                   from figure_orders
                  where shop_id = $1
                    and figure = $2
                    and met = $3
                    and day >= $4
                    and day <= $5
                    and (day < $5 or id < $6)
                  order by day desc, id desc
                  limit $7",
                &params,
            )
            .await?;
        rows.extend(found);
    }
    rows.sort_by_key(|row| std::cmp::Reverse((row.day, row.id)));
    rows.truncate(usize::try_from(wanted.limit).unwrap_or(usize::MAX));
    Ok(rows)
}
