//! Due work: what has a deadline, kind by kind, with what is late and what comes next.

use actions::overview::{self, DueOfKind};
use actions::{Failure, Market};
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use rules::people::Permission;
use store::due::{Due, DueKind};

use super::{admit, answer, may, page, say};
use crate::format::Reader;
use crate::ui::countdown::countdown;
use crate::ui::detail::section;
use crate::ui::due::{DueTile, due_tiles};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Row, Tab, page_title, table, tabs};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

/// Rows shown of each kind.
const SOONEST: i64 = 10;

/// The pages under "System", as tabs. Those which the reader may not open are left out.
pub(super) fn sections(visit: &Visit, current: &str) -> Markup {
    tabs(visit.reader.words, &section_tabs(visit, current))
}

/// As [`sections`], for a list which draws its own tabs.
pub(super) fn section_tabs(visit: &Visit, current: &str) -> Vec<Tab> {
    let all = [
        ("/operator/system", Msg::OpDueWork, Permission::ViewDueWork),
        ("/operator/system/jobs", Msg::OpJobs, Permission::ViewDueWork),
        ("/operator/system/events", Msg::OpEvents, Permission::ViewHouse),
        ("/operator/system/clock", Msg::OpClock, Permission::ViewDueWork),
        ("/operator/system/people", Msg::OpPeople, Permission::ManageHouseStaff),
        ("/operator/system/keys", Msg::OpKeys, Permission::ManageHouseStaff),
        (super::carriers::PATH, Msg::OpCarriers, Permission::ViewHouse),
        ("/operator/system/database", Msg::OpDatabase, Permission::ViewHouse),
    ];
    all.into_iter()
        .filter(|(_, _, permission)| may(visit, *permission))
        .map(|(href, msg, _)| Tab {
            label: visit.reader.t(msg).into_owned(),
            href: href.to_owned(),
            count: None,
            current: href == current,
        })
        .collect()
}

pub(super) async fn show(visit: Visit, State(market): State<Market>) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewDueWork)?;
        let kinds = overview::due_work(&market, SOONEST).await?;
        draw(&visit, &kinds)
    })
    .await
}

fn draw(visit: &Visit, kinds: &[DueOfKind]) -> Result<Response, Failure> {
    let r = &visit.reader;
    let tiles: Vec<DueTile> = kinds.iter().map(|due| tile(r, due)).collect();
    let body = html! {
        (page_title(&r.t(Msg::NavSystem), &r.t(Msg::OpDueWorkLead), &[]))
        (sections(visit, "/operator/system"))
        (due_tiles(r, &tiles))
        div.stack {
            @for due in kinds.iter().filter(|due| !due.soonest.is_empty()) { (of_kind(r, due)) }
        }
    };
    page(visit, &r.t(Msg::OpDueWork), Place::OperatorSystem, body)
}

/// The tile of a kind; red when something is due which the sweep should have taken.
pub(super) fn tile(r: &Reader, due: &DueOfKind) -> DueTile {
    DueTile {
        icon: match due.kind {
            DueKind::Payment => Icon::Wallet,
            DueKind::Order => Icon::Box,
            DueKind::CancelRequest => Icon::Ban,
            DueKind::Shortage => Icon::Question,
            DueKind::Case => Icon::Hand,
            DueKind::ReservePart => Icon::Lock,
            DueKind::Payout => Icon::Money,
            DueKind::Job => Icon::Gear,
        },
        label: say::code(r, "due", due.kind.code()),
        href: "/operator/system".to_owned(),
        count: due.waiting,
        overdue: due.stuck,
        soonest: due.soonest.first().map(|due| due.due_at),
    }
}

fn of_kind(r: &Reader, due: &DueOfKind) -> Markup {
    let consequence = say::code(r, "then-kind", due.kind.code());
    let rows: Vec<Row> = due
        .soonest
        .iter()
        .map(|one| Row {
            cells: vec![thing(r, due.kind, one), countdown(r, one.due_at, &consequence)],
            overdue: one.due_at < r.now,
            ..Row::default()
        })
        .collect();
    let columns = [Column::new(r.t(Msg::OpWhat)).leading(), Column::new(r.t(Msg::OpDue))];
    let title = say::code(r, "due", due.kind.code());
    section(
        &title,
        html! {
            p.muted { (consequence) }
            (table(r.words, &columns, &rows, false))
        },
    )
}

fn thing(r: &Reader, kind: DueKind, due: &Due) -> Markup {
    let subject = match kind {
        DueKind::Payment => "payment",
        DueKind::Order => "order",
        DueKind::CancelRequest => "cancel_request",
        DueKind::Shortage => "shortage",
        DueKind::Case => {
            let href = format!("/operator/cases/{}/{}", due.home_id, due.id);
            return html! { a href=(href) { (r.t(Msg::CaseTitle)) " " span.num { (due.id) } } };
        }
        DueKind::ReservePart => "reserve_part",
        DueKind::Payout => {
            let href = format!("/operator/payouts/{}/{}", due.home_id, due.id);
            return html! { a href=(href) { (r.t(Msg::MoneyPayout)) " " span.num { (due.id) } } };
        }
        DueKind::Job => "job",
    };
    say::subject(r, subject, due.id)
}
