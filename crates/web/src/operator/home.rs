//! The house's due queue: what waits for a person of the house, and what happens if nobody comes; then today's trade.

use std::collections::BTreeMap;

use actions::books::{self, KeptCheck};
use actions::overview::{self, DueOfKind, HouseToday};
use actions::{Failure, Market};
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use rules::figures::Day;
use rules::people::Permission;
use rules::time::Timestamp;
use store::due::DueKind;
use store::figures::MarketDay;
use store::orders::OrderRow;

use super::{admit, answer, ledger, may, name_of, page, say};
use crate::format::{Reader, count};
use crate::ui::charts::{Bar, bars};
use crate::ui::copy::definition;
use crate::ui::detail::{figure, figures, section};
use crate::ui::due::{DueItem, DueTile, due_list, due_tiles};
use crate::ui::flash::{Flash, flash};
use crate::ui::icons::Icon;
use crate::ui::list::page_title;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

/// Days in the charts, today included.
const DAYS: i64 = 14;

pub(super) async fn show(visit: Visit, State(market): State<Market>) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewHouse)?;
        let today = overview::house_today(&market, DAYS).await?;
        let last = match may(&visit, Permission::ViewLedger) {
            true => books::last_check(&market).await?,
            false => None,
        };
        draw(&visit, &today, last.as_ref())
    })
    .await
}

fn draw(visit: &Visit, today: &HouseToday, last: Option<&KeptCheck>) -> Result<Response, Failure> {
    let r = &visit.reader;
    let body = html! {
        (page_title(&r.t(Msg::OpHomeTitle), &r.t(Msg::OpHomeLead), &[]))
        (due_tiles(r, &tiles(r, today)))
        div.stack {
            (queue(r, today))
            @if may(visit, Permission::ViewLedger) { (ledger::standing(r, last)) }
            (trade(r, today))
        }
    };
    page(visit, &r.t(Msg::OpHomeTitle), Place::OperatorHome, body)
}

fn tiles(r: &Reader, today: &HouseToday) -> Vec<DueTile> {
    let soonest = |rows: &[OrderRow]| rows.first().and_then(|row| row.state.due_at());
    let stuck: i64 = today.due.iter().map(|due| due.stuck).sum();
    let of = |kind: DueKind| today.due.iter().find(|due| due.kind == kind);
    let tile = |icon, msg: Msg, href: &str, count, overdue, soonest| DueTile {
        icon,
        label: r.t(msg).into_owned(),
        href: href.to_owned(),
        count,
        overdue,
        soonest,
    };
    let payments = of(DueKind::Payment);
    vec![
        tile(
            Icon::Gear,
            Msg::OpTileJobs,
            "/operator/system/jobs",
            today.given_up_count,
            today.given_up_count,
            None,
        ),
        tile(Icon::Clock, Msg::OpTileStuck, "/operator/system", stuck, stuck, None),
        tile(
            Icon::Flag,
            Msg::OpTileFlagged,
            "/operator/orders?view=awaiting_confirmation",
            today.flagged_count,
            0,
            soonest(&today.flagged),
        ),
        tile(
            Icon::Warning,
            Msg::OpTileLate,
            "/operator/orders?view=late",
            today.late_count,
            0,
            soonest(&today.late),
        ),
        tile(
            Icon::Wallet,
            Msg::OpTilePayments,
            "/operator/orders?view=unpaid",
            payments.map_or(0, |due| due.waiting),
            0,
            payments.and_then(first_due),
        ),
    ]
}

fn first_due(due: &DueOfKind) -> Option<Timestamp> {
    due.soonest.first().map(|one| one.due_at)
}

/// The nearest deadlines a person of the house may want to look into.
fn queue(r: &Reader, today: &HouseToday) -> Markup {
    let mut items: Vec<DueItem> = today
        .given_up
        .iter()
        .map(|job| DueItem {
            icon: Icon::Gear,
            what: say::code(r, "job", &job.kind),
            href: "/operator/system/jobs".to_owned(),
            about: job.last_error.clone(),
            // It gave up when it was last tried; the moment it was made is the only one which is kept.
            due: job.id.made_at(),
            consequence: r.t(Msg::OpThenJobGivenUp).into_owned(),
        })
        .collect();
    let mut orders: Vec<&OrderRow> = today.flagged.iter().chain(&today.late).collect();
    orders.sort_by_key(|order| order.state.due_at());
    items.extend(orders.into_iter().filter_map(|order| order_item(r, order, &today.names)));
    if items.is_empty() {
        let text = r.t(Msg::OpHomeQuiet).into_owned();
        return flash(&Flash::good(text));
    }
    section(&r.t(Msg::OpHomeQueue), due_list(r, &items))
}

fn order_item(r: &Reader, order: &OrderRow, names: &[(i64, String)]) -> Option<DueItem> {
    let state = order.state.name().code();
    let due = order.state.due_at()?;
    Some(DueItem {
        icon: if state == "awaiting_confirmation" { Icon::Flag } else { Icon::Warning },
        what: r.with(Msg::OpOrderTitle, &[("order", order.id.to_string().into())]),
        href: format!("/operator/orders/{}", order.id),
        about: format!(
            "{} · {} · {}",
            say::order_state(r, state),
            name_of(names, order.shop.number()),
            say::money(r, order.total_minor, order.currency.code()),
        ),
        due,
        consequence: say::code(r, "then", state),
    })
}

/// One market's figures of one day.
#[derive(Clone, Copy, Default)]
struct DayOf {
    orders: i64,
    gmv_minor: i64,
}

/// Today against yesterday by market, then the charts.
fn trade(r: &Reader, today: &HouseToday) -> Markup {
    let mut markets: BTreeMap<(&str, &str), Vec<DayOf>> = BTreeMap::new();
    let days = usize::try_from(DAYS).unwrap_or(0);
    let first = today.period.from;
    for MarketDay { market, currency, day, sales } in &today.sold {
        let row = markets
            .entry((market.as_str(), currency.as_str()))
            .or_insert_with(|| vec![DayOf::default(); days]);
        let place = usize::try_from(day.number() - first.number()).ok();
        if let Some(of) = place.and_then(|place| row.get_mut(place)) {
            *of = DayOf { orders: sales.orders, gmv_minor: sales.paid_minor };
        }
    }
    if markets.is_empty() {
        return section(&r.t(Msg::OpTrade), html! { p.muted { (r.t(Msg::OpTradeNone)) } });
    }
    let cards: Vec<Markup> = markets.iter().map(|(key, days)| market_card(r, *key, days)).collect();
    let totals: Vec<i64> = (0..days)
        .map(|day| markets.values().filter_map(|row| row.get(day)).map(|of| of.orders).sum())
        .collect();
    html! {
        (section(&r.t(Msg::OpTrade), html! { (figures(&cards)) p.muted { (r.t(Msg::OpTradeScan)) } }))
        div.charts {
            div.panel { (bars(&r.t(Msg::OpOrdersADay), &day_bars(first, &totals, count))) }
            @for ((market, currency), days) in &markets {
                @let title = r.with(Msg::OpGmvADay, &[("market", (*market).into())]);
                @let values: Vec<i64> = days.iter().map(|day| day.gmv_minor).collect();
                div.panel { (bars(&title, &day_bars(first, &values, |minor| say::money(r, minor, currency)))) }
            }
        }
    }
}

fn market_card(r: &Reader, (market, currency): (&str, &str), days: &[DayOf]) -> Markup {
    let today = days.last().copied().unwrap_or_default();
    let before = days.iter().rev().nth(1).copied().unwrap_or_default();
    let name = r.with(Msg::OpGmvOf, &[("market", market.into())]);
    let beside = r.with(
        Msg::OpTodayBeside,
        &[
            ("orders", today.orders.into()),
            ("before", before.orders.into()),
            ("gmv", say::money(r, before.gmv_minor, currency).into()),
        ],
    );
    figure(
        definition(&name, &r.t(Msg::OpGmvMeaning)),
        &say::money(r, today.gmv_minor, currency),
        html! { (beside) },
    )
}

fn day_bars(first: Day, values: &[i64], said: impl Fn(i64) -> String) -> Vec<Bar> {
    let last = values.len().saturating_sub(1);
    (0_i64..)
        .zip(values)
        .enumerate()
        .map(|(place, (day, value))| Bar {
            label: day_of_month(Day::new(first.number() + day)),
            value: *value,
            said: said(*value),
            now: place == last,
        })
        .collect()
}

/// "22": the bars stand in order, the month is in the title of each.
fn day_of_month(day: Day) -> String {
    day.begins().civil().strftime("%-d").to_string()
}
