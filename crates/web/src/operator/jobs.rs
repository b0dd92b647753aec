//! Jobs: those which gave up, with the way to try them anew, and those which wait.

use actions::{Failure, Market, jobs, overview};
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use rules::ids::JobId;
use rules::people::Permission;
use serde::Deserialize;
use store::jobs::Job;

use super::{admit, answer, due_work, form_key, go, may, page, request, say};
use crate::format::Reader;
use crate::ui::badges::{Tone, badge};
use crate::ui::countdown::countdown;
use crate::ui::detail::section;
use crate::ui::forms::{Look, act};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, Row, csv_link, empty_state, page_title, table};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

const SHOWN: i64 = 50;

pub(super) async fn show(visit: Visit, State(market): State<Market>) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewDueWork)?;
        let (given_up, waiting) = overview::open_jobs(&market, SHOWN).await?;
        let r = &visit.reader;
        let body = html! {
            (page_title(&r.t(Msg::NavSystem), &r.t(Msg::OpJobsLead), &[]))
            (due_work::sections(&visit, "/operator/system/jobs"))
            div.stack {
                (section(&r.t(Msg::OpJobsGivenUp), gave_up(&visit, &market, &given_up)))
                @if !waiting.is_empty() { (section(&r.t(Msg::OpJobsWaiting), waits(r, &waiting))) }
                nav.below { (csv_link(r.words, "/operator/system/jobs.csv")) }
            }
        };
        page(&visit, &r.t(Msg::OpJobs), Place::OperatorSystem, body)
    })
    .await
}

fn gave_up(visit: &Visit, market: &Market, jobs: &[Job]) -> Markup {
    let r = &visit.reader;
    if jobs.is_empty() {
        return empty_state(&Empty {
            icon: Some(Icon::CheckCircle),
            title: r.t(Msg::OpJobsNone).into_owned(),
            text: r.t(Msg::OpJobsNoneText).into_owned(),
            next: None,
        });
    }
    let again = may(visit, Permission::RunDueWork);
    let rows: Vec<Row> = jobs
        .iter()
        .map(|job| {
            let path = format!("/operator/system/jobs/{}/{}/retry", job.home_id, job.id);
            let key = form_key(market);
            let button =
                act(Look::Plain, &path, &visit.csrf, &[("key", &key)], &r.t(Msg::OpJobRetry));
            Row {
                cells: vec![
                    named(r, job),
                    html! { span.num { (job.attempts) } },
                    html! { code { (job.last_error) } },
                    html! { @if again { (button) } },
                ],
                ..Row::default()
            }
        })
        .collect();
    let columns = [
        Column::new(r.t(Msg::OpWhat)).leading(),
        Column::new(r.t(Msg::OpAttempts)).numeric(),
        Column::new(r.t(Msg::OpLastError)),
        Column::new(""),
    ];
    table(r.words, &columns, &rows, false)
}

fn waits(r: &Reader, jobs: &[Job]) -> Markup {
    let consequence = say::code(r, "then-kind", "job");
    let rows: Vec<Row> = jobs
        .iter()
        .map(|job| Row {
            cells: vec![
                named(r, job),
                html! {
                    @if let Some(due) = job.due_at { (countdown(r, due, &consequence)) }
                },
                html! {
                    @if job.attempts > 0 {
                        (badge(Tone::Soon, Icon::Undo, &r.with(Msg::OpTried, &[("count", job.attempts.into())])))
                        " " code { (job.last_error) }
                    }
                },
            ],
            ..Row::default()
        })
        .collect();
    let columns = [
        Column::new(r.t(Msg::OpWhat)).leading(),
        Column::new(r.t(Msg::OpDue)),
        Column::new(r.t(Msg::OpLastError)),
    ];
    table(r.words, &columns, &rows, false)
}

fn named(r: &Reader, job: &Job) -> Markup {
    html! {
        div { (say::code(r, "job", &job.kind)) }
        small.muted { (r.t(Msg::OpJob)) " " span.num { (job.id) } }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Retry {
    #[serde(default)]
    key: String,
}

pub(super) async fn retry(
    visit: Visit,
    State(market): State<Market>,
    Path((home, job)): Path<(i64, i64)>,
    Form(form): Form<Retry>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::RunDueWork)?;
        let key = request(&visit, &form.key, "retry_job", &format!("{home}/{job}"))?;
        let by = visit.caller()?.person;
        jobs::retry(&market, by, home, JobId::new(job), key).await?;
        Ok::<_, Failure>(go("/operator/system/jobs", "op-job-retried"))
    })
    .await
}
