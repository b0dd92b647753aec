//! `/shops/{shop}/figures` and `/operator/figures`: fulfilment by rate and by day, and the orders behind each count.

use actions::figures::{self, BehindRow, LONGEST, Period, ShopFigures, ShopLine};
use actions::{Failure, Market};
use axum::Json;
use axum::extract::State;
use rules::figures::{Count, Day, Figure};
use rules::ids::{OrderId, ShopId};
use rules::people::Permission;
use serde::{Deserialize, Serialize};
use store::figures::{DayRow, WantedBehind};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::{Asked, At, invalid_query, paging};
use super::problem::{Answer, Problem, ProblemJson};
use super::shapes::{IdText, Page};
use super::who::Who;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new()
        .routes(routes!(show_figures))
        .routes(routes!(list_figure_orders))
        .routes(routes!(list_house_figures))
}

/// Over how many days.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FiguresQuery {
    /// The last so many days of UTC, today included.
    #[param(minimum = 1, maximum = 400, default = 30)]
    days: Option<i64>,
}

impl FiguresQuery {
    fn read(&self) -> Result<i64, Problem> {
        let days = self.days.unwrap_or(figures::PERIODS[1]);
        if (1..=LONGEST).contains(&days) {
            Ok(days)
        } else {
            Err(invalid_query("days", "1 to 400"))
        }
    }
}

/// What was counted, and what of it is met.
#[derive(Serialize, ToSchema)]
#[schema(as = FigureCount)]
pub struct CountJson {
    /// `late_dispatch`, `fault_cancellation`, `valid_tracking` or `on_time_delivery`.
    figure: &'static str,
    counted: i64,
    met: i64,
    /// In basis points; null where nothing was counted.
    rate_bp: Option<i64>,
}

impl CountJson {
    fn of(figure: Figure, count: Count) -> Self {
        Self {
            figure: figure.code(),
            counted: count.counted,
            met: count.met,
            rate_bp: count.rate_bp(),
        }
    }
}

/// One rate and what is asked of it.
#[derive(Serialize, ToSchema)]
#[schema(as = Figure)]
pub struct FigureJson {
    #[serde(flatten)]
    count: CountJson,
    /// In basis points: the most of it where `wants_less`, else the least.
    target_bp: i64,
    wants_less: bool,
    /// Over so many days it is judged.
    judged_days: i64,
    judged_counted: i64,
    judged_met: i64,
    /// `good`, `bad`, or `too_few` to judge.
    verdict: &'static str,
}

/// One UTC day.
#[derive(Serialize, ToSchema)]
#[schema(as = FiguresOfDay)]
pub struct DayJson {
    #[schema(format = Date, example = "2026-11-22")]
    day: String,
    figures: Vec<CountJson>,
}

impl From<&DayRow> for DayJson {
    fn from(row: &DayRow) -> Self {
        let figures = Figure::ALL.map(|figure| CountJson::of(figure, row.counts.of(figure)));
        Self { day: row.day.date(), figures: figures.into() }
    }
}

/// A shop's fulfilment.
#[derive(Serialize, ToSchema)]
#[schema(as = Figures)]
pub struct FiguresJson {
    #[schema(format = Date, example = "2026-11-22")]
    from: String,
    #[schema(format = Date, example = "2026-11-22")]
    to: String,
    figures: Vec<FigureJson>,
    /// Days on which anything was counted, the newest first.
    days: Vec<DayJson>,
}

impl From<ShopFigures> for FiguresJson {
    fn from(seen: ShopFigures) -> Self {
        let figure = |figure: Figure| {
            let target = seen.policy.target(figure);
            let own = seen.standing.get(&figure).map(|(_, counts)| counts.of(figure));
            let own = own.unwrap_or_default();
            FigureJson {
                count: CountJson::of(figure, seen.sums.of(figure)),
                target_bp: target.target_bp,
                wants_less: figure.wants_less(),
                judged_days: target.days_count,
                judged_counted: own.counted,
                judged_met: own.met,
                verdict: seen.verdict(figure).code(),
            }
        };
        Self {
            from: seen.period.from.date(),
            to: seen.period.to.date(),
            figures: Figure::ALL.map(figure).into(),
            days: seen.days.iter().map(DayJson::from).collect(),
        }
    }
}

/// Read a shop's fulfilment figures
///
/// Counted as things happen, by days of UTC. What is met lies on the day of the thing itself: a cancellation on the day
/// on which the order was paid.
#[utoipa::path(
    get, path = "/shops/{shop}/figures", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), FiguresQuery),
    responses((status = 200, body = FiguresJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn show_figures(
    State(market): State<Market>,
    who: Who,
    At(shop): At<ShopId>,
    Asked(query): Asked<FiguresQuery>,
) -> Answer<Json<FiguresJson>> {
    who.in_shop(shop, Permission::ViewOrders)?;
    let seen = figures::of_shop(&market, shop, query.read()?).await?;
    Ok(Json(seen.into()))
}

/// Which things behind a count.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct BehindQuery {
    /// The last so many days of UTC, today included.
    #[param(minimum = 1, maximum = 400, default = 30)]
    days: Option<i64>,
    /// Only what is met, or only what is not; both when left out.
    met: Option<bool>,
    /// `next` of the part before.
    cursor: Option<String>,
    /// How many items, 1 to 100; 50 when left out.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<i64>,
}

/// One thing behind a count.
#[derive(Serialize, ToSchema)]
#[schema(as = FigureOrder)]
pub struct BehindJson {
    /// The order's id, or the parcel's where parcels are counted.
    #[schema(value_type = IdText)]
    id: String,
    #[schema(value_type = IdText)]
    order: OrderId,
    #[schema(format = Date, example = "2026-11-22")]
    day: String,
    met: bool,
    /// The state the order is in now.
    state: Option<&'static str>,
}

impl From<BehindRow> for BehindJson {
    fn from(row: BehindRow) -> Self {
        Self {
            id: row.thing.id.to_string(),
            order: row.thing.order,
            day: row.thing.day.date(),
            met: row.thing.met,
            state: row.order.map(|order| order.state.name().code()),
        }
    }
}

/// List the orders behind a figure
///
/// The newest day first.
#[utoipa::path(
    get, path = "/shops/{shop}/figures/{figure}/orders", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("figure" = String, Path), BehindQuery),
    responses((status = 200, body = Page<BehindJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list_figure_orders(
    State(market): State<Market>,
    who: Who,
    At((shop, figure)): At<(ShopId, String)>,
    Asked(query): Asked<BehindQuery>,
) -> Answer<Json<Page<BehindJson>>> {
    who.in_shop(shop, Permission::ViewOrders)?;
    let figure = Figure::parse(&figure).ok_or(Failure::NotFound)?;
    let days = FiguresQuery { days: query.days }.read()?;
    let period = Period::last(days, market.now());
    let (_, limit) = paging(None, query.limit)?;
    let after = query.cursor.as_deref().map(cursor).transpose()?;
    let Period { from, to } = period;
    let wanted = WantedBehind { figure, met: query.met, from, to, after, limit };
    let (rows, more) = figures::behind(&market, shop, wanted).await?;
    let last = rows.last().filter(|_| more).map(|row| row.thing);
    let next = last.map(|thing| format!("{}.{}", thing.day.number(), thing.id));
    Ok(Json(Page { items: rows.into_iter().map(BehindJson::from).collect(), next }))
}

fn cursor(text: &str) -> Result<(Day, i64), Problem> {
    let read = text.split_once('.').and_then(|(day, id)| {
        let day: i64 = day.parse().ok()?;
        Some((Day::new(day), id.parse().ok()?))
    });
    read.ok_or_else(|| invalid_query("cursor", "take `next` of the part before as it is"))
}

/// One shop among all.
#[derive(Serialize, ToSchema)]
#[schema(as = FiguresOfShop)]
pub struct ShopLineJson {
    #[schema(value_type = IdText)]
    shop: ShopId,
    name: String,
    market: String,
    figures: Vec<JudgedJson>,
}

/// A rate over the days asked for, and its verdict over the days of its target.
#[derive(Serialize, ToSchema)]
#[schema(as = JudgedFigure)]
pub struct JudgedJson {
    #[serde(flatten)]
    count: CountJson,
    /// `good`, `bad`, or `too_few` to judge.
    verdict: Option<&'static str>,
}

impl From<ShopLine> for ShopLineJson {
    fn from(line: ShopLine) -> Self {
        let figures = Figure::ALL.map(|figure| JudgedJson {
            count: CountJson::of(figure, line.sums.of(figure)),
            verdict: line.verdicts.get(&figure).map(|verdict| verdict.code()),
        });
        Self { shop: line.shop, name: line.name, market: line.market, figures: figures.into() }
    }
}

/// List the figures of all shops
///
/// Of every shop of which anything was counted in those days, the worst first, all at once: `next` is always null.
#[utoipa::path(
    get, path = "/operator/figures", tag = "operating", security(("key" = ["operator"])),
    params(FiguresQuery),
    responses((status = 200, body = Page<ShopLineJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list_house_figures(
    State(market): State<Market>,
    who: Who,
    Asked(query): Asked<FiguresQuery>,
) -> Answer<Json<Page<ShopLineJson>>> {
    who.in_house(Permission::ViewShops)?;
    let lines = figures::of_house(&market, query.read()?).await?;
    Ok(Json(Page { items: lines.into_iter().map(ShopLineJson::from).collect(), next: None }))
}
