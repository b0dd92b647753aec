//! Sample pages of the operator's console.

use maud::{Markup, html};

use super::{after, head, pounds, said};
use crate::format::Reader;
use crate::ui::badges::{Tone, badge};
use crate::ui::charts::meter;
use crate::ui::copy::copyable;
use crate::ui::countdown::ago;
use crate::ui::detail::{section, section_with};
use crate::ui::due::{DueTile, due_tiles};
use crate::ui::flash::{Flash, ProblemPage, flash, problem_page};
use crate::ui::forms::{Look, link_button};
use crate::ui::icons::Icon;
use crate::ui::layout::operator_page;
use crate::ui::list::{Column, Row, page_title, table};
use crate::ui::money_table::amount;
use crate::ui::nav::Place;
use crate::words::Msg;

pub(super) fn home(r: &Reader) -> Markup {
    let tile = |icon, label: Msg, count, soonest: Option<i64>| DueTile {
        icon,
        label: said(r, label),
        href: "/operator/system".to_owned(),
        count,
        overdue: 0,
        soonest: soonest.map(|hours| after(r, hours)),
    };
    let tiles = [
        tile(Icon::Scale, Msg::SampleCases, 7, Some(15)),
        tile(Icon::Shop, Msg::SampleOnboarding, 2, Some(60)),
        tile(Icon::Clock, Msg::SampleJobs, 0, None),
    ];
    operator_page(
        &head(r, Msg::NavHome, Place::OperatorHome),
        html! {
            (page_title(&r.t(Msg::SampleDueTitle), &r.t(Msg::SampleDueLead), &[]))
            (due_tiles(r, &tiles))
            (section(&r.t(Msg::SampleDeposit), html! {
                div.stack { p { (r.t(Msg::SampleShop)) } (meter(&r.t(Msg::SampleDeposit), 640, 1_000, Tone::Soon)) }
            }))
        },
    )
}

pub(super) fn ledger(r: &Reader) -> Markup {
    let columns = [
        Column::new(r.t(Msg::SampleAccount)).leading(),
        Column::new(r.t(Msg::SampleDebits)).numeric(),
        Column::new(r.t(Msg::SampleCredits)).numeric(),
        Column::new(r.t(Msg::SampleLast)),
    ];
    let rows: Vec<Row> = [
        ("buyer:funds", 1_204_390, 1_204_390),
        ("shop:escrow", 382_100, 512_300),
        ("house:commission", 0, 61_250),
    ]
    .into_iter()
    .map(|(account, debits, credits)| Row {
        cells: vec![
            copyable(r.words, account),
            amount(r, pounds(debits)),
            amount(r, pounds(credits)),
            ago(r, after(r, -5)),
        ],
        ..Row::default()
    })
    .collect();
    operator_page(
        &head(r, Msg::NavLedger, Place::OperatorLedger),
        html! {
            (page_title(&r.t(Msg::NavLedger), "", &[link_button(Look::Plain, "/operator/ledger.csv", &r.t(Msg::ListCsv))]))
            (flash(&Flash { tone: Tone::Good, text: said(r, Msg::SampleBalanced), next: None }))
            (section_with(&r.t(Msg::SampleTrialBalance), badge(Tone::Good, Icon::Check, &r.t(Msg::SampleBalancedShort)), table(r.words, &columns, &rows, false)))
        },
    )
}

pub(super) fn problem(r: &Reader) -> Markup {
    let problem = ProblemPage {
        status: 409,
        title: said(r, Msg::SampleProblem),
        why: said(r, Msg::SampleProblemWhy),
        instead: said(r, Msg::SampleProblemInstead),
        code: "not_due_yet".to_owned(),
        next: Some(("/operator/orders".to_owned(), said(r, Msg::NavOrders))),
    };
    operator_page(&head(r, Msg::NavOrders, Place::OperatorOrders), problem_page(r.words, &problem))
}
