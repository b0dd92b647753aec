//! The orders behind a number of a shop's figures, as a list and as a file: the same for the shop and for the house.

use actions::figures::{self, BehindRow, Period};
use actions::{Failure, Market};
use axum::response::Response;
use maud::{Markup, html};
use rules::figures::{Day, Figure};
use rules::ids::{OrderId, ShopId};
use serde::Deserialize;
use store::figures::{Counts, WantedBehind};

use crate::csv::{self, Line, PART, Part};
use crate::figure_words::{counted, day, meaning, name};
use crate::format::{Reader, count};
use crate::ui::badges::order_badge;
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, ListPage, Row, Tab, list_page};
use crate::words::Msg;

/// Rows on one page.
const PAGE: i64 = 50;

/// What stands in the address: days as numbers since 1970, which nobody types.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    from: Option<i64>,
    to: Option<i64>,
    /// `yes`, `no`, or empty for all.
    met: String,
    /// `day.id` of the last row of the page before.
    after: String,
}

impl Asked {
    fn days(&self, now: rules::time::Timestamp) -> (Day, Day) {
        let usual = Period::last(figures::PERIODS[1], now);
        let to = self.to.map_or(usual.to, Day::new);
        let from = self.from.map_or(usual.from, Day::new);
        // However long a period somebody writes into the address, this many days are read.
        (from.max(to.first_of(figures::LONGEST)), to)
    }

    fn met(&self) -> Option<bool> {
        match self.met.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        }
    }

    fn after(&self) -> Option<(Day, i64)> {
        let (day, id) = self.after.split_once('.')?;
        Some((Day::new(day.parse().ok()?), id.parse().ok()?))
    }

    fn wanted(&self, figure: Figure, now: rules::time::Timestamp, limit: i64) -> WantedBehind {
        let (from, to) = self.days(now);
        WantedBehind { figure, met: self.met(), from, to, after: self.after(), limit }
    }
}

/// The query of a list behind a number.
pub fn query(met: bool, (from, to): (Day, Day)) -> String {
    let met = if met { "&met=yes" } else { "" };
    format!("?from={}&to={}{met}", from.number(), to.number())
}

/// Where a console shows things.
pub struct Ways<'a> {
    /// The list's own address, without its query.
    pub here: String,
    /// Where the figures are.
    pub back: String,
    pub order: &'a (dyn Fn(OrderId) -> String + Sync),
}

/// Reads and draws the list.
pub async fn list(
    market: &Market,
    r: &Reader,
    (shop, figure): (ShopId, Figure),
    asked: &Asked,
    ways: &Ways<'_>,
) -> Result<Markup, Failure> {
    let wanted = asked.wanted(figure, r.now, PAGE);
    let (rows, more) = figures::behind(market, shop, wanted).await?;
    let sums = figures::sum(market, shop, Period { from: wanted.from, to: wanted.to }).await?;
    Ok(drawn(r, figure, asked, (&rows, more, sums), ways))
}

fn drawn(
    r: &Reader,
    figure: Figure,
    asked: &Asked,
    (rows, more, sums): (&[BehindRow], bool, Counts),
    ways: &Ways<'_>,
) -> Markup {
    let days = asked.days(r.now);
    let sum = sums.of(figure);
    let (_, what) = counted(figure);
    let met_word = r.t(what).into_owned();
    let address = |met: &str, ending: &str| {
        let met = if met.is_empty() { String::new() } else { format!("&met={met}") };
        format!("{}{ending}{}{met}", ways.here, query(false, days))
    };
    let tab = |label: String, met: &str, count: i64| Tab {
        label,
        href: address(met, ""),
        count: Some(count),
        current: asked.met() == met_of(met),
    };
    let last = rows.last().filter(|_| more).map(|row| &row.thing);
    let list = ListPage {
        title: r.t(name(figure)).into_owned(),
        lead: r.with(
            Msg::FiguresBehindLead,
            &[
                ("met", format!("{} {met_word}", count(sum.met)).into()),
                ("counted", count(sum.counted).into()),
                ("from", day(r, days.0).into()),
                ("to", day(r, days.1).into()),
            ],
        ),
        acts: vec![html! { a.button.quiet href=(ways.back) { (r.t(Msg::FiguresBack)) } }],
        above: Some(html! { p.muted { (r.t(meaning(figure))) } }),
        tabs: vec![
            tab(r.t(Msg::FiguresBehindAll).into_owned(), "", sum.counted),
            tab(
                r.with(Msg::FiguresBehindMet, &[("what", met_word.clone().into())]),
                "yes",
                sum.met,
            ),
            tab(r.t(Msg::FiguresBehindOther).into_owned(), "no", sum.counted - sum.met),
        ],
        columns: columns(r, figure),
        rows: rows.iter().map(|row| row_of(r, figure, &met_word, row, ways)).collect(),
        first: (!asked.after.is_empty()).then(|| address(&asked.met, "")),
        next: last.map(|thing| {
            format!("{}&after={}.{}", address(&asked.met, ""), thing.day.number(), thing.id)
        }),
        csv: Some(address(&asked.met, ".csv")),
        empty: Empty {
            icon: Some(Icon::Chart),
            title: r.t(Msg::FiguresBehindNone).into_owned(),
            text: String::new(),
            next: Some((ways.back.clone(), r.t(Msg::FiguresBack).into_owned())),
        },
        ..ListPage::default()
    };
    list_page(r.words, &list)
}

fn met_of(code: &str) -> Option<bool> {
    Asked { met: code.to_owned(), ..Asked::default() }.met()
}

fn columns(r: &Reader, figure: Figure) -> Vec<Column> {
    let mut columns = vec![Column::new(r.t(Msg::SellerColumnOrder)).leading()];
    if figure == Figure::ValidTracking {
        columns.push(Column::new(r.t(Msg::FiguresParcel)));
    }
    columns.extend([
        Column::new(r.t(Msg::FiguresCountedOn)),
        Column::new(r.t(Msg::SellerColumnBuyer)),
        Column::new(r.t(Msg::SellerColumnState)),
        Column::new(r.t(Msg::FiguresMet)),
    ]);
    columns
}

fn row_of(r: &Reader, figure: Figure, met: &str, row: &BehindRow, ways: &Ways<'_>) -> Row {
    let thing = &row.thing;
    let mut cells = vec![html! { a.num href=((ways.order)(thing.order)) { (thing.order) } }];
    if figure == Figure::ValidTracking {
        cells.push(html! { span.num { (thing.id) } });
    }
    let said = if thing.met {
        r.with(Msg::FiguresYes, &[("what", met.to_owned().into())])
    } else {
        r.t(Msg::FiguresNo).into_owned()
    };
    cells.extend([
        html! { (day(r, thing.day)) },
        html! { @if let Some(order) = &row.order { (order.buyer_name) } },
        html! { @if let Some(order) = &row.order { (order_badge(r.words, order.state.name().code())) } },
        html! { (said) },
    ]);
    Row { cells, overdue: thing.met == figure.wants_less() && thing.met, ..Row::default() }
}

const HEAD: &[&str] = &[
    "order",
    "counted",
    "day",
    "met",
    "state",
    "placed_at",
    "paid_at",
    "ship_by_at",
    "shipped_at",
    "promise_by_at",
    "delivered_at",
    "cancelled_at",
    "buyer",
    "currency",
    "total",
];

/// The same list as a file, to its end.
pub async fn file(
    market: &Market,
    now: rules::time::Timestamp,
    (shop, figure): (ShopId, Figure),
    asked: &Asked,
) -> Result<Response, Failure> {
    let wanted = asked.wanted(figure, now, PART);
    let market = market.clone();
    let name = format!("{}-orders", figure.code().replace('_', "-"));
    csv::file(&name, HEAD, wanted.after, move |after| {
        let market = market.clone();
        async move {
            let wanted = WantedBehind { after, ..wanted };
            let (rows, more) = figures::behind(&market, shop, wanted).await?;
            let last = rows.last().filter(|_| more);
            let next = last.map(|row| Some((row.thing.day, row.thing.id)));
            Ok(Part { lines: rows.iter().map(line).collect(), next })
        }
    })
    .await
}

fn line(row: &BehindRow) -> Line {
    let thing = &row.thing;
    let mut line = vec![
        thing.order.to_string(),
        thing.id.to_string(),
        thing.day.date(),
        if thing.met { "yes" } else { "no" }.to_owned(),
    ];
    let Some(order) = &row.order else {
        line.resize(HEAD.len(), String::new());
        return line;
    };
    line.extend([
        order.state.name().code().to_owned(),
        csv::time(Some(order.created_at)),
        csv::time(order.paid_at),
        csv::time(order.ship_by),
        csv::time(order.shipped_at),
        csv::time(Some(order.promise_by)),
        csv::time(order.delivered_at),
        csv::time(order.cancelled_at),
        order.buyer_name.clone(),
        order.currency.code().to_owned(),
        csv::amount(rules::money::Money::new(order.total_minor, order.currency)),
    ]);
    line
}
