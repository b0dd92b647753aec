//! Fulfilment figures in words and as a table: the same for the shop's own page and the house's.

use actions::figures::{PERIODS, ShopFigures};
use maud::{Markup, html};
use rules::figures::{Count, Day, Figure, Verdict};
use rules::policy::FiguresPolicy;
use serde::Deserialize;
use store::figures::DayRow;

use crate::csv::Line;
use crate::format::{Reader, count};
use crate::ui::badges::{Tone, badge};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Row, Tab, table};
use crate::words::Msg;

/// What stands in the address of a page of figures.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct AskedPeriod {
    pub days: Option<i64>,
}

impl AskedPeriod {
    /// One of [`PERIODS`]; the middle one when nothing else is said.
    pub fn read(&self) -> i64 {
        self.days.filter(|days| PERIODS.contains(days)).unwrap_or(PERIODS[1])
    }
}

/// The periods as tabs; `path` is the page's own.
pub fn period_tabs(r: &Reader, path: &str, current: i64) -> Vec<Tab> {
    let tab = |days: i64| Tab {
        label: r.with(Msg::FiguresDays, &[("days", days.into())]),
        href: format!("{path}?days={days}"),
        count: None,
        current: days == current,
    };
    PERIODS.into_iter().map(tab).collect()
}

pub const fn name(figure: Figure) -> Msg {
    match figure {
        Figure::LateDispatch => Msg::FiguresLateDispatch,
        Figure::FaultCancellation => Msg::FiguresFaultCancellation,
        Figure::ValidTracking => Msg::FiguresValidTracking,
        Figure::OnTimeDelivery => Msg::FiguresOnTimeDelivery,
    }
}

pub const fn meaning(figure: Figure) -> Msg {
    match figure {
        Figure::LateDispatch => Msg::FiguresLateDispatchText,
        Figure::FaultCancellation => Msg::FiguresFaultCancellationText,
        Figure::ValidTracking => Msg::FiguresValidTrackingText,
        Figure::OnTimeDelivery => Msg::FiguresOnTimeDeliveryText,
    }
}

/// What is counted, and what of it is met.
pub const fn counted(figure: Figure) -> (Msg, Msg) {
    match figure {
        Figure::LateDispatch => (Msg::FiguresDispatched, Msg::FiguresDispatchedLate),
        Figure::FaultCancellation => (Msg::FiguresPaid, Msg::FiguresFaultCancelled),
        Figure::ValidTracking => (Msg::FiguresShipped, Msg::FiguresRecognised),
        Figure::OnTimeDelivery => (Msg::FiguresDelivered, Msg::FiguresDeliveredOnTime),
    }
}

pub fn verdict_badge(r: &Reader, verdict: Verdict) -> Markup {
    match verdict {
        Verdict::Good => badge(Tone::Good, Icon::Check, &r.t(Msg::FiguresGood)),
        Verdict::Bad => badge(Tone::Bad, Icon::Close, &r.t(Msg::FiguresBad)),
        Verdict::TooFew => badge(Tone::Quiet, Icon::Minus, &r.t(Msg::FiguresTooFew)),
    }
}

/// "4.2 %", or a dash where nothing was counted.
pub fn rate(r: &Reader, count: Count) -> String {
    count.rate_bp().map_or_else(|| "–".to_owned(), |bp| r.share(bp))
}

/// "at most 4 %", "at least 95 %".
pub fn target(r: &Reader, policy: &FiguresPolicy, figure: Figure) -> String {
    let share = r.share(policy.target(figure).target_bp);
    let msg = if figure.wants_less() { Msg::FiguresAtMost } else { Msg::FiguresAtLeast };
    r.with(msg, &[("share", share.into())])
}

/// Where the things behind a count are listed: of a figure, all or only what is met, in these days.
pub type Behind<'a> = &'a dyn Fn(Figure, bool, (Day, Day)) -> String;

/// Each rate with what it is made of, its target, and whether the target is met.
pub fn rates(r: &Reader, seen: &ShopFigures, behind: Behind<'_>) -> Markup {
    let columns = [
        Column::new(r.t(Msg::FiguresFigure)).leading(),
        Column::new(r.t(Msg::FiguresRate)).numeric(),
        Column::new(r.t(Msg::FiguresMadeOf)),
        Column::new(r.t(Msg::FiguresTarget)),
        Column::new(r.t(Msg::FiguresJudged)),
    ];
    let row = |figure: Figure| {
        let sum = seen.sums.of(figure);
        let days = (seen.period.from, seen.period.to);
        let (period, own) = seen.standing.get(&figure).copied().unwrap_or((seen.period, seen.sums));
        let own = own.of(figure);
        let (all, met) = counted(figure);
        Row {
            cells: vec![
                // One box a cell: on a phone what lies in a cell stands side by side.
                html! { div { strong { (r.t(name(figure))) } div.muted { (r.t(meaning(figure))) } } },
                html! { strong.num { (rate(r, sum)) } },
                html! {
                    div {
                        div { a.num href=(behind(figure, true, days)) { (count(sum.met)) } " " (r.t(met)) }
                        div { a.num href=(behind(figure, false, days)) { (count(sum.counted)) } " " (r.t(all)) }
                    }
                },
                html! { (target(r, &seen.policy, figure)) },
                html! {
                    div {
                        (verdict_badge(r, seen.verdict(figure)))
                        div.muted {
                            a.num href=(behind(figure, true, (period.from, period.to))) {
                                (r.with(Msg::FiguresOwnPeriod, &[
                                    ("rate", rate(r, own).into()),
                                    ("days", seen.policy.target(figure).days_count.into()),
                                ]))
                            }
                        }
                    }
                },
            ],
            overdue: seen.verdict(figure) == Verdict::Bad,
            ..Row::default()
        }
    };
    let rows: Vec<Row> = Figure::ALL.into_iter().map(row).collect();
    table(r.words, &columns, &rows, false)
}

/// A day of UTC in the reader's language.
pub fn day(r: &Reader, day: Day) -> String {
    Reader::new(r.words.language(), "UTC", r.now).day(day.begins())
}

/// The days one by one; each number leads to what is behind it.
pub fn daily(r: &Reader, days: &[DayRow], behind: Behind<'_>) -> Markup {
    let mut columns = vec![Column::new(r.t(Msg::FiguresDay)).leading()];
    for figure in Figure::ALL {
        let (all, met) = counted(figure);
        columns.push(Column::new(r.t(all)).numeric());
        columns.push(Column::new(r.t(met)).numeric());
    }
    let number = |figure: Figure, met: bool, row: &DayRow| {
        let sum = row.counts.of(figure);
        let shown = if met { sum.met } else { sum.counted };
        html! {
            @if shown == 0 { span.muted { "0" } }
            @else { a.num href=(behind(figure, met, (row.day, row.day))) { (count(shown)) } }
        }
    };
    let row = |row: &DayRow| {
        let mut cells = vec![html! { span.num { (day(r, row.day)) } }];
        for figure in Figure::ALL {
            cells.push(number(figure, false, row));
            cells.push(number(figure, true, row));
        }
        Row { cells, ..Row::default() }
    };
    let rows: Vec<Row> = days.iter().map(row).collect();
    table(r.words, &columns, &rows, false)
}

/// The columns of the file of days.
pub const DAILY_HEAD: [&str; 9] = [
    "day",
    "dispatched",
    "dispatched_late",
    "paid",
    "fault_cancelled",
    "shipped_parcels",
    "recognised_parcels",
    "delivered",
    "delivered_on_time",
];

/// A day as a row of the file.
pub fn daily_line(row: &DayRow) -> Line {
    let mut line = vec![row.day.date()];
    for figure in Figure::ALL {
        let sum = row.counts.of(figure);
        line.push(sum.counted.to_string());
        line.push(sum.met.to_string());
    }
    line
}
