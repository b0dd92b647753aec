//! Fulfilment figures: kept with each step of an order or a parcel, read by day, and led back to the orders behind them.

use std::collections::BTreeMap;

use rules::figures::{
    Day, Facts, Figure, Move, Numbered, Verdict, beyond_bp, judge, of_order, of_parcel,
};
use rules::ids::{OrderId, ShopId};
use rules::orders::{Order, OrderEvent};
use rules::policy::{FiguresPolicy, MarketCode};
use rules::time::Timestamp;
use store::figures::{self, Behind, Counts, DayRow, Difference, Thing, WantedBehind};
use store::lists::orders::{self, ShopOrders};
use store::orders::OrderRow;
use store::parcels::Parcel;
use store::shops::{self, Shop};
use store::{Store, Tx};

use crate::failure::Failure;
use crate::market::Market;

/// Periods which a page offers, in days. A policy's own period is shown beside them.
pub const PERIODS: [i64; 3] = [7, 30, 60];
/// The longest period which is read, in days.
pub const LONGEST: i64 = 400;

/// An order has taken a step: called in the same act, after its row was recorded.
pub(crate) async fn order_moved(
    tx: &mut Tx,
    before: &Order,
    event: OrderEvent,
    now: Timestamp,
) -> Result<(), Failure> {
    let facts = match event {
        OrderEvent::Collected { .. }
        | OrderEvent::Delivered { .. }
        | OrderEvent::Completed { by_buyer: true, .. } => {
            let way = figures::way_of(tx, before.shop, before.id).await?;
            let scanned = way.first_scan.unwrap_or(now).min(now);
            let left = way.shipped_at.unwrap_or(scanned);
            Facts { scanned_at: scanned.max(left), promise_by: way.promise_by }
        }
        _ => Facts { scanned_at: now, promise_by: now },
    };
    if let OrderEvent::PaidMore { part } = event {
        figures::add_paid(tx, before.shop, before.id, part.paid_minor).await?;
    }
    for step in of_order(before, event, facts, now) {
        let thing =
            |figure| Thing { shop: before.shop, figure, id: before.id.number(), order: before.id };
        match step {
            Move::Count { figure: figure @ Figure::FaultCancellation, .. } => {
                figures::count_paid(tx, thing(figure), Day::of(now), now).await?;
            }
            Move::Count { figure, met } => {
                let mut day = Day::of(now);
                if figure == Figure::LateDispatch {
                    figures::set_scanned(tx, before.shop, before.id, facts.scanned_at).await?;
                    day = Day::of(facts.scanned_at);
                }
                figures::count(tx, thing(figure), day, met, now).await?;
            }
            Move::Mark { figure, met } => figures::mark(tx, thing(figure), met, now).await?,
        }
    }
    Ok(())
}

/// A parcel has changed: called in the same act, after its row was recorded.
pub(crate) async fn parcel_moved(
    tx: &mut Tx,
    before: &Parcel,
    after: &Parcel,
    now: Timestamp,
) -> Result<(), Failure> {
    let of = |parcel: &Parcel| Numbered {
        handed_over: parcel.handed_over_at.is_some(),
        recognised: parcel.recognised_at.is_some(),
    };
    let figure = Figure::ValidTracking;
    let thing = Thing { shop: after.shop, figure, id: after.id.number(), order: after.order };
    match of_parcel(of(before), of(after)) {
        Some(Move::Count { met, .. }) => {
            let day = Day::of(after.handed_over_at.unwrap_or(now));
            Ok(figures::count(tx, thing, day, met, now).await?)
        }
        Some(Move::Mark { met, .. }) => Ok(figures::mark(tx, thing, met, now).await?),
        None => Ok(()),
    }
}

/// A period which ends today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub from: Day,
    pub to: Day,
}

impl Period {
    /// The last `days` days, today included; at least 1 and at most [`LONGEST`].
    pub fn last(days: i64, now: Timestamp) -> Period {
        let to = Day::of(now);
        Period { from: to.first_of(days.clamp(1, LONGEST)), to }
    }

    const fn ends(self) -> (Day, Day) {
        (self.from, self.to)
    }
}

/// A shop's figures over one period, and each over the period which its target means.
#[derive(Clone, Debug)]
pub struct ShopFigures {
    pub policy: FiguresPolicy,
    pub period: Period,
    pub sums: Counts,
    /// Over the period of the figure's own target.
    pub standing: BTreeMap<Figure, (Period, Counts)>,
    /// The days of the period on which anything was counted, the newest first.
    pub days: Vec<DayRow>,
}

impl ShopFigures {
    /// Whether the shop meets a target, over the target's own period.
    pub fn verdict(&self, figure: Figure) -> Verdict {
        let counts = self.standing.get(&figure).map(|(_, counts)| *counts).unwrap_or_default();
        judge(&self.policy, figure, counts.of(figure))
    }
}

/// The figures of one shop over the last `days` days.
pub async fn of_shop(market: &Market, shop: ShopId, days: i64) -> Result<ShopFigures, Failure> {
    let now = market.now();
    let (_, policies) = market.policies();
    market
        .store
        .read(async move |tx: &mut Tx| {
            let row = shops::load(tx, shop).await?.ok_or(Failure::NotFound)?;
            let policy = *policies.figures(market_of(&row)?);
            let period = Period::last(days, now);
            let mut standing = BTreeMap::new();
            for figure in Figure::ALL {
                let own = Period::last(policy.target(figure).days_count, now);
                standing.insert(figure, (own, figures::sum_of(tx, shop, own.ends()).await?));
            }
            let sums = figures::sum_of(tx, shop, period.ends()).await?;
            let days = figures::days_of(tx, shop, period.ends()).await?;
            Ok::<_, Failure>(ShopFigures { policy, period, sums, standing, days })
        })
        .await
}

/// What was counted in a shop in a period.
pub async fn sum(market: &Market, shop: ShopId, period: Period) -> Result<Counts, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            Ok::<_, Failure>(figures::sum_of(tx, shop, period.ends()).await?)
        })
        .await
}

fn market_of(shop: &Shop) -> Result<MarketCode, Failure> {
    MarketCode::parse(&shop.market).map_err(|error| Failure::Broken(error.to_string()))
}

/// One thing behind a count with its order.
#[derive(Clone, Debug)]
pub struct BehindRow {
    pub thing: Behind,
    pub order: Option<OrderRow>,
}

/// The orders behind a count of a shop, the newest day first, and whether there are more.
pub async fn behind(
    market: &Market,
    shop: ShopId,
    wanted: WantedBehind,
) -> Result<(Vec<BehindRow>, bool), Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let one_more = WantedBehind { limit: wanted.limit + 1, ..wanted };
            let mut things = figures::behind(tx, shop, one_more).await?;
            let more = things.len() as i64 > wanted.limit;
            things.truncate(usize::try_from(wanted.limit).unwrap_or(usize::MAX));
            let ids: Vec<OrderId> = things.iter().map(|thing| thing.order).collect();
            let mut found: BTreeMap<OrderId, OrderRow> = BTreeMap::new();
            for chunk in ids.chunks(100) {
                let limit = chunk.len() as i64;
                let wanted = ShopOrders { ids: chunk.to_vec(), limit, ..ShopOrders::all() };
                let rows = orders::of_shop(tx, shop, &wanted).await?;
                found.extend(rows.into_iter().map(|row| (row.id, row)));
            }
            let row = |thing: Behind| BehindRow { thing, order: found.get(&thing.order).cloned() };
            Ok::<_, Failure>((things.into_iter().map(row).collect(), more))
        })
        .await
}

/// One shop in the house's table.
#[derive(Clone, Debug)]
pub struct ShopLine {
    pub shop: ShopId,
    pub name: String,
    pub market: String,
    /// Over the period which was asked for.
    pub sums: Counts,
    /// Over the periods of the targets.
    pub verdicts: BTreeMap<Figure, Verdict>,
    /// The sum of how far each bad rate is beyond its target; the worst shop has the most.
    pub beyond: i64,
}

/// Every shop of which anything was counted in the period, the worst first.
pub async fn of_house(market: &Market, days: i64) -> Result<Vec<ShopLine>, Failure> {
    let now = market.now();
    let (_, policies) = market.policies();
    let asked = policies.clone();
    let period = Period::last(days, now);
    let read = market
        .store
        .read(async move |tx: &mut Tx| {
            let sums = figures::sums_of_house(tx, period.ends()).await?;
            // Each target has a period of its own; markets may differ, so each length is read once.
            let mut own: BTreeMap<i64, BTreeMap<ShopId, Counts>> = BTreeMap::new();
            let mut lengths: Vec<i64> = Vec::new();
            for one in asked.markets() {
                let policy = asked.figures(one.code);
                lengths.extend(Figure::ALL.map(|figure| policy.target(figure).days_count));
            }
            lengths.sort_unstable();
            lengths.dedup();
            for length in lengths {
                let rows = figures::sums_of_house(tx, Period::last(length, now).ends()).await?;
                own.insert(length, rows.into_iter().collect());
            }
            let ids: Vec<ShopId> = sums.iter().map(|(shop, _)| *shop).collect();
            let mut names = BTreeMap::new();
            for chunk in ids.chunks(500) {
                let rows = shops::load_many(tx, chunk.iter().copied()).await?;
                names.extend(rows.into_iter().map(|row| (row.id, (row.name, row.market))));
            }
            Ok::<_, Failure>((sums, own, names))
        })
        .await?;
    let (sums, own, names) = read;
    let mut lines = Vec::with_capacity(sums.len());
    for (shop, sums) in sums {
        let Some((name, code)) = names.get(&shop) else { continue };
        let code = MarketCode::parse(code).map_err(|error| Failure::Broken(error.to_string()))?;
        let policy = policies.figures(code);
        let (mut verdicts, mut beyond) = (BTreeMap::new(), 0);
        for figure in Figure::ALL {
            let days = policy.target(figure).days_count;
            let counts = own.get(&days).and_then(|all| all.get(&shop)).copied().unwrap_or_default();
            verdicts.insert(figure, judge(policy, figure, counts.of(figure)));
            beyond += beyond_bp(policy, figure, counts.of(figure));
        }
        let (name, market) = (name.clone(), code.as_str().to_owned());
        lines.push(ShopLine { shop, name, market, sums, verdicts, beyond });
    }
    lines.sort_by(|a, b| b.beyond.cmp(&a.beyond).then_with(|| a.name.cmp(&b.name)));
    Ok(lines)
}

/// Differences of one shop which are listed of each kind.
const MOST_DIFFERENCES: i64 = 20;

/// Compares the kept figures of every shop with its orders and parcels; none when all are right.
///
/// Reads every order: for `guildhall doctor` and tests, never for a page.
pub async fn differences(store: &Store) -> Result<Vec<Difference>, Failure> {
    let mut found = Vec::new();
    let mut before = i64::MAX;
    loop {
        let page = store
            .read(async move |tx: &mut Tx| {
                let page = shops::list(tx, None, before, 100).await?;
                let mut wrong = Vec::new();
                for shop in &page {
                    wrong.extend(figures::differences(tx, shop.id, MOST_DIFFERENCES).await?);
                }
                Ok::<_, Failure>((page.last().map(|last| last.id.number()), wrong))
            })
            .await?;
        let (last, wrong) = page;
        found.extend(wrong);
        let Some(last) = last else { return Ok(found) };
        before = last;
    }
}

/// Counts a shop's figures anew, for orders which came in by another way than the acts.
pub async fn recount(market: &Market, shop: ShopId) -> Result<(), Failure> {
    let now = market.now();
    market
        .store
        .write(async move |tx: &mut Tx| Ok::<_, Failure>(figures::recount(tx, shop, now).await?))
        .await
}
