//! The shop's fulfilment figures: each rate, its target, the days, and the orders behind every number.

use actions::{Failure, Market, figures};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::html;
use rules::figures::{Day, Figure};
use rules::people::Permission;

use super::desk::{Desk, Page, Refused};
use crate::csv::{self, Part};
use crate::figure_behind::{self, Ways, query};
use crate::figure_words::{AskedPeriod, DAILY_HEAD, daily, daily_line, name, period_tabs, rates};
use crate::ui::detail::{section, section_with};
use crate::ui::forms::{Look, link_button_with};
use crate::ui::icons::Icon;
use crate::ui::list::{Empty, empty_state, page_title, tabs};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

pub(super) async fn page(
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<AskedPeriod>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let days = asked.read();
    let read = figures::of_shop(&market, desk.shop.id, days).await;
    let seen = read.map_err(|failure| desk.refused(failure))?;
    let r = &desk.reader;
    let behind = |figure: Figure, met: bool, days: (Day, Day)| {
        desk.href(&format!("/figures/{}{}", figure.code(), query(met, days)))
    };
    let file = desk.href(&format!("/figures.csv?days={days}"));
    let export = link_button_with(Look::Plain, &file, Icon::Download, &r.t(Msg::ListCsv));
    let body = html! {
        (page_title(&r.t(Msg::NavFigures), &r.t(Msg::FiguresLead), &[]))
        (tabs(r.words, &period_tabs(r, &desk.href("/figures"), days)))
        @if seen.days.is_empty() {
            (empty_state(&Empty {
                icon: Some(Icon::Chart),
                title: r.t(Msg::FiguresNone).into_owned(),
                text: r.t(Msg::FiguresNoneText).into_owned(),
                next: Some((desk.href("/orders"), r.t(Msg::NavOrders).into_owned())),
            }))
        } @else {
            div.panels {
                (section(&r.with(Msg::FiguresDays, &[("days", days.into())]), rates(r, &seen, &behind)))
                (section_with(&r.t(Msg::FiguresByDay), export, daily(r, &seen.days, &behind)))
            }
        }
    };
    Ok(desk.page(r.t(Msg::NavFigures), Place::SellerFigures, body))
}

pub(super) async fn file(
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<AskedPeriod>,
    visit: Visit,
) -> Result<Response, Refused> {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let (shop, days) = (desk.shop.id, asked.read());
    let read = move |()| {
        let market = market.clone();
        async move {
            let seen = figures::of_shop(&market, shop, days).await?;
            Ok(Part::whole(&seen.days, daily_line))
        }
    };
    csv::file("figures", &DAILY_HEAD, (), read).await.map_err(|failure| desk.refused(failure))
}

/// `{figure}` is the list of what is behind a number, `{figure}.csv` its file.
pub(super) async fn behind(
    State(market): State<Market>,
    Path((shop, figure)): Path<(String, String)>,
    Query(asked): Query<figure_behind::Asked>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let (code, is_file) =
        figure.strip_suffix(".csv").map_or((figure.as_str(), false), |code| (code, true));
    let Some(of) = Figure::parse(code) else { return Err(desk.refused(Failure::NotFound)) };
    let (r, at) = (&desk.reader, (desk.shop.id, of));
    if is_file {
        let written = figure_behind::file(&market, r.now, at, &asked).await;
        return written.map_err(|failure| desk.refused(failure));
    }
    let order = |order| desk.href(&format!("/orders/{order}"));
    let ways = Ways {
        here: desk.href(&format!("/figures/{code}")),
        back: desk.href("/figures"),
        order: &order,
    };
    let drawn = figure_behind::list(&market, r, at, &asked, &ways).await;
    let body = drawn.map_err(|failure| desk.refused(failure))?;
    Ok(desk.page(r.t(name(of)), Place::SellerFigures, body))
}
