//! Fulfilment over all shops, the worst first; one shop; and the orders behind each number.

use actions::figures::{self, ShopLine};
use actions::{Failure, Market, overview};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::html;
use rules::figures::{Day, Figure};
use rules::ids::ShopId;
use rules::people::Permission;

use super::{admit, answer, page};
use crate::csv::{self, Line, Part};
use crate::figure_behind::{self, Ways, query};
use crate::figure_words::{
    AskedPeriod, DAILY_HEAD, counted, daily, daily_line, name, period_tabs, rate, rates,
    verdict_badge,
};
use crate::format::{Reader, count};
use crate::ui::detail::{section, section_with};
use crate::ui::forms::{Look, link_button_with};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, ListPage, Row, empty_state, list_page, page_title, tabs};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

const PATH: &str = "/operator/figures";
/// Shops on the page; the file has all of them. [X] what somebody reads at once.
const MOST_SHOWN: usize = 200;

pub(super) async fn show(
    visit: Visit,
    State(market): State<Market>,
    Query(asked): Query<AskedPeriod>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewShops)?;
        let days = asked.read();
        let lines = figures::of_house(&market, days).await?;
        let r = &visit.reader;
        let mut columns = vec![
            Column::new(r.t(Msg::FiguresShop)).leading(),
            Column::new(r.t(Msg::FiguresMarket)),
        ];
        columns.extend(Figure::ALL.map(|figure| Column::new(r.t(name(figure)))));
        let list = ListPage {
            title: r.t(Msg::NavFigures).into_owned(),
            lead: r.t(Msg::FiguresHouseLead).into_owned(),
            tabs: period_tabs(r, PATH, days),
            columns,
            rows: lines.iter().take(MOST_SHOWN).map(|line| row(r, line, days)).collect(),
            csv: Some(format!("{PATH}.csv?days={days}")),
            empty: Empty {
                icon: Some(Icon::Chart),
                title: r.t(Msg::FiguresHouseNone).into_owned(),
                text: r.t(Msg::FiguresNoneText).into_owned(),
                next: None,
            },
            ..ListPage::default()
        };
        page(&visit, &r.t(Msg::NavFigures), Place::OperatorFigures, list_page(r.words, &list))
    })
    .await
}

fn row(r: &Reader, line: &ShopLine, days: i64) -> Row {
    let mut cells = vec![
        html! { a href={ (PATH) "/" (line.shop) "?days=" (days) } { (line.name) } },
        html! { (line.market) },
    ];
    for figure in Figure::ALL {
        let sum = line.sums.of(figure);
        let (all, met) = counted(figure);
        cells.push(html! {
            strong.num { (rate(r, sum)) } " "
            @if let Some(verdict) = line.verdicts.get(&figure) { (verdict_badge(r, *verdict)) }
            div.muted { (count(sum.met)) " " (r.t(met)) " / " (count(sum.counted)) " " (r.t(all)) }
        });
    }
    Row { cells, overdue: line.beyond > 0, ..Row::default() }
}

const HEAD: &[&str] = &[
    "shop",
    "name",
    "market",
    "dispatched",
    "dispatched_late",
    "late_dispatch",
    "paid",
    "fault_cancelled",
    "fault_cancellation",
    "shipped_parcels",
    "recognised_parcels",
    "valid_tracking",
    "delivered",
    "delivered_on_time",
    "on_time_delivery",
];

pub(super) async fn file(
    visit: Visit,
    State(market): State<Market>,
    Query(asked): Query<AskedPeriod>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewShops)?;
        let days = asked.read();
        let read = move |()| {
            let market = market.clone();
            async move { Ok(Part::whole(&figures::of_house(&market, days).await?, line)) }
        };
        csv::file("figures-of-shops", HEAD, (), read).await
    })
    .await
}

fn line(row: &ShopLine) -> Line {
    let mut line = vec![row.shop.to_string(), row.name.clone(), row.market.clone()];
    for figure in Figure::ALL {
        let sum = row.sums.of(figure);
        let verdict = row.verdicts.get(&figure).map_or("", |verdict| verdict.code());
        line.extend([sum.counted.to_string(), sum.met.to_string(), verdict.to_owned()]);
    }
    line
}

pub(super) async fn shop(
    visit: Visit,
    State(market): State<Market>,
    Path(shop): Path<i64>,
    Query(asked): Query<AskedPeriod>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewShops)?;
        let (shop, days) = (ShopId::new(shop), asked.read());
        let seen = figures::of_shop(&market, shop, days).await?;
        let named = overview::shop(&market, shop).await?.shop.name;
        let r = &visit.reader;
        let here = format!("{PATH}/{shop}");
        let behind = |figure: Figure, met: bool, days: (Day, Day)| {
            format!("{here}/{}{}", figure.code(), query(met, days))
        };
        let file = format!("{here}/days.csv?days={days}");
        let export = link_button_with(Look::Plain, &file, Icon::Download, &r.t(Msg::ListCsv));
        let back = html! { a.button.quiet href={ (PATH) "?days=" (days) } { (r.t(Msg::FiguresBack)) } };
        let body = html! {
            (page_title(&named, &r.t(Msg::FiguresLead), &[back]))
            (tabs(r.words, &period_tabs(r, &here, days)))
            @if seen.days.is_empty() {
                (empty_state(&Empty {
                    icon: Some(Icon::Chart),
                    title: r.t(Msg::FiguresNone).into_owned(),
                    text: r.t(Msg::FiguresNoneText).into_owned(),
                    next: Some((PATH.to_owned(), r.t(Msg::FiguresBack).into_owned())),
                }))
            } @else {
                div.panels {
                    (section(&r.with(Msg::FiguresDays, &[("days", days.into())]), rates(r, &seen, &behind)))
                    (section_with(&r.t(Msg::FiguresByDay), export, daily(r, &seen.days, &behind)))
                }
            }
        };
        page(&visit, &named, Place::OperatorFigures, body)
    })
    .await
}

/// The days of a shop as a file.
pub(super) async fn shop_file(
    visit: Visit,
    State(market): State<Market>,
    Path(shop): Path<i64>,
    Query(asked): Query<AskedPeriod>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewShops)?;
        let (shop, days) = (ShopId::new(shop), asked.read());
        let read = move |()| {
            let market = market.clone();
            async move {
                let seen = figures::of_shop(&market, shop, days).await?;
                Ok(Part::whole(&seen.days, daily_line))
            }
        };
        csv::file("figures", &DAILY_HEAD, (), read).await
    })
    .await
}

/// `{figure}` is the list, `{figure}.csv` its file.
pub(super) async fn behind(
    visit: Visit,
    State(market): State<Market>,
    Path((shop, figure)): Path<(i64, String)>,
    Query(asked): Query<figure_behind::Asked>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewShops)?;
        let shop = ShopId::new(shop);
        let (code, is_file) =
            figure.strip_suffix(".csv").map_or((figure.as_str(), false), |code| (code, true));
        let of = Figure::parse(code).ok_or(Failure::NotFound)?;
        if is_file {
            return figure_behind::file(&market, visit.reader.now, (shop, of), &asked).await;
        }
        let order = |order| format!("/operator/orders/{order}");
        let ways = Ways {
            here: format!("{PATH}/{shop}/{code}"),
            back: format!("{PATH}/{shop}"),
            order: &order,
        };
        let body = figure_behind::list(&market, &visit.reader, (shop, of), &asked, &ways).await?;
        page(&visit, &visit.reader.t(name(of)), Place::OperatorFigures, body)
    })
    .await
}
