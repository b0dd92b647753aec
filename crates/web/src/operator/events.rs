//! Everything that happened, newest first, over all homes.

use actions::{Market, overview};
use axum::extract::{Query, State};
use axum::response::Response;
use maud::html;
use rules::people::Permission;

use super::accounts::From;
use super::{PAGE, admit, answer, due_work, name_of, page, say};
use crate::ui::countdown::ago;
use crate::ui::icons::{Icon, icon};
use crate::ui::list::{Column, Empty, ListPage, Row, list_page};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

pub(super) async fn show(
    visit: Visit,
    State(market): State<Market>,
    Query(from): Query<From>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewHouse)?;
        let before = from.from.unwrap_or(i64::MAX);
        let (seen, names) = overview::newest_events(&market, before, PAGE).await?;
        let r = &visit.reader;
        let path = "/operator/system/events";
        let full = i64::try_from(seen.len()).unwrap_or(i64::MAX) >= PAGE;
        let list = ListPage {
            columns: vec![
                Column::new(r.t(Msg::OpWhat)).leading(),
                Column::new(r.t(Msg::OpBelongsTo)),
                Column::new(r.t(Msg::OpHome)),
                Column::new(r.t(Msg::OpWho)),
                Column::new(r.t(Msg::OpWhen)),
            ],
            rows: seen
                .iter()
                .map(|event| {
                    let who = say::actor(r, &event.actor, &names);
                    let (picture, _) = say::event_look(&event.kind);
                    Row {
                        cells: vec![
                            html! { span.with-icon { (icon(picture)) (say::event(r, &event.kind)) } },
                            say::subject(r, &event.subject, event.subject_id),
                            html! { (name_of(&names, event.home_id)) },
                            html! { @if who.is_empty() { (r.t(Msg::TimelineByItself)) } @else { (who) } },
                            ago(r, event.created_at),
                        ],
                        ..Row::default()
                    }
                })
                .collect(),
            next: seen.last().filter(|_| full).map(|last| format!("{path}?from={}", last.id)),
            first: from.from.map(|_| path.to_owned()),
            csv: Some(format!("{path}.csv")),
            tabs: due_work::section_tabs(&visit, path),
            title: r.t(Msg::NavSystem).into_owned(),
            lead: r.t(Msg::OpEventsLead).into_owned(),
            empty: Empty {
                icon: Some(Icon::Clock),
                title: r.t(Msg::OpEventsNone).into_owned(),
                ..Empty::default()
            },
            ..ListPage::default()
        };
        let body = list_page(r.words, &list);
        page(&visit, &r.t(Msg::OpEvents), Place::OperatorSystem, body)
    })
    .await
}
