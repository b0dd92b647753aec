//! Reconciliation: reports are taken in here, and what differs is listed movement by movement.

use actions::reconciliation::{self, Overview, TakeReport, TakenIn, take_report};
use actions::sandbox_reports::{self, ReportFault, next_period};
use actions::{Failure, Market, Mode};
use axum::Form;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use rules::ids::ProviderReportId;
use rules::ledger::clearing::DifferenceKind;
use rules::money::{Currency, Money};
use rules::people::Permission;
use rules::time::Timestamp;
use serde::Deserialize;
use store::reconciliation::Difference;

use super::payouts::out_tabs;
use super::{admit, answer, may, page, page_again};
use crate::format::{Reader, count};
use crate::ui::badges::{Tone, badge};
use crate::ui::countdown::{ago, moment};
use crate::ui::detail::{DetailHead, detail_page, facts, section, section_with};
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{Field, Input, Look, csrf_field, submit};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, Row, csv_link, empty_state, page_title, table};
use crate::ui::money_table::amount;
use crate::ui::nav::Place;
use crate::ui::payout_steps::named;
use crate::visit::Visit;
use crate::words::Msg;

const PATH: &str = "/operator/reconciliation";
/// A report and the form around it, in bytes: about 150,000 lines.
pub(super) const LARGEST: usize = 16_000_000;

/// What became of a report which was handed in on this page.
#[derive(Default)]
struct Told<'a> {
    taken: Option<TakenIn>,
    failure: Option<&'a Failure>,
}

pub(super) async fn show(visit: Visit, State(market): State<Market>) -> Response {
    answer(&visit, async {
        let body = body(&visit, &market, &Told::default()).await?;
        page(&visit, &visit.reader.t(Msg::MoneyReconciliation), Place::OperatorPayouts, body)
    })
    .await
}

async fn body(visit: &Visit, market: &Market, told: &Told<'_>) -> Result<Markup, Failure> {
    let seen = reconciliation::overview(market, visit.caller()?).await?;
    let mut periods = Vec::new();
    for source in &seen.sources {
        let period = next_period(market, source.source.clone()).await?;
        periods.push((source.source.clone(), period));
    }
    let r = &visit.reader;
    let settles = may(visit, Permission::ReconcileBooks);
    Ok(html! {
        (page_title(&r.t(Msg::MoneyReconciliation), &r.t(Msg::MoneyReconciliationLead), &[]))
        (out_tabs(r, PATH))
        (outcome(r, told))
        div.stack {
            (section_with(&r.t(Msg::MoneyOpenDifferences), csv_link(r.words, "/operator/reconciliation.csv"), differences(r, &seen, &seen.open)))
            @if settles { (section(&r.t(Msg::MoneyTakeReport), forms(visit, market, &periods))) }
            (section(&r.t(Msg::MoneyReports), reports(r, &seen)))
            @if !seen.ended.is_empty() {
                (section(&r.t(Msg::MoneyEndedDifferences), differences(r, &seen, &seen.ended)))
            }
        }
    })
}

fn outcome(r: &Reader, told: &Told<'_>) -> Markup {
    html! {
        @if let Some(taken) = told.taken {
            @let facts = [("lines", taken.lines.into()), ("opened", taken.opened.into()), ("vanished", taken.vanished.into())];
            (flash(&Flash {
                tone: if taken.opened == 0 { Tone::Good } else { Tone::Bad },
                text: r.with(Msg::MoneyReportTaken, &facts),
                next: None,
            }))
        }
        @match told.failure {
            Some(Failure::Invalid(faults)) => {
                (flash(&Flash::bad(r.t(Msg::MoneyReportWrong))))
                ul { @for fault in faults { li { code { (fault.field) } " " (fault.sentence) } } }
            }
            Some(failure) => {
                (flash(&Flash::bad(crate::problem::Problem::from(failure.clone()).words(r.words))))
            }
            None => {}
        }
    }
}

/// Both sums of a difference.
pub(super) fn sums(difference: &Difference) -> Option<(Money, Money)> {
    let currency = Currency::parse(difference.key.currency).ok()?;
    Some((
        Money::new(difference.ours_minor, currency),
        Money::new(difference.theirs_minor, currency),
    ))
}

/// A difference's state as a badge.
pub(super) fn state_badge(r: &Reader, difference: &Difference) -> Markup {
    let text = named(r, "money-difference", &difference.state);
    match difference.state.as_str() {
        "open" => badge(Tone::Bad, Icon::Warning, &text),
        "proposed" => badge(Tone::Soon, Icon::Hand, &text),
        _ => badge(Tone::Good, Icon::CheckCircle, &text),
    }
}

fn differences(r: &Reader, seen: &Overview, all: &[Difference]) -> Markup {
    if all.is_empty() {
        return empty_state(&Empty {
            icon: Some(Icon::CheckCircle),
            title: r.t(Msg::MoneyNoDifference).into_owned(),
            text: r.t(Msg::MoneyNoDifferenceText).into_owned(),
            next: None,
        });
    }
    let columns = [
        Column::new(r.t(Msg::OpShop)).leading(),
        Column::new(r.t(Msg::MoneyMovement)),
        Column::new(r.t(Msg::MoneyWhatDiffers)),
        Column::new(r.t(Msg::MoneyOurs)).numeric(),
        Column::new(r.t(Msg::MoneyTheirs)).numeric(),
        Column::new(r.t(Msg::MoneyState)),
        Column::new(r.t(Msg::OpWhen)),
    ];
    let row = |one: &Difference| {
        let href = format!("{PATH}/{}/{}", one.key.home_id, one.id);
        let kind = DifferenceKind::of(one.ours_minor, one.theirs_minor);
        let (ours, theirs) = sums(one)?;
        let name = seen.names.get(&one.key.home_id).cloned().unwrap_or_default();
        Some(Row {
            cells: vec![
                html! { (name) },
                html! { a href=(href) { (named(r, "money-movement", one.key.kind.code())) " " span.num { (one.key.reference) } } },
                html! { (named(r, "money-differs", kind.code())) },
                amount(r, ours),
                amount(r, theirs),
                state_badge(r, one),
                ago(r, one.created_at),
            ],
            ..Row::default()
        })
    };
    let rows: Vec<Row> = all.iter().filter_map(row).collect();
    table(r.words, &columns, &rows, false)
}

type Periods = [(String, (Timestamp, Timestamp))];

fn forms(visit: &Visit, market: &Market, periods: &Periods) -> Markup {
    let r = &visit.reader;
    let sources: Vec<(String, String)> = periods
        .iter()
        .map(|(source, _)| (source.clone(), named(r, "money-source", source)))
        .collect();
    let from = periods.first().map(|(_, (from, _))| from.to_string()).unwrap_or_default();
    let to = periods.first().map(|(_, (_, to))| to.to_string()).unwrap_or_default();
    html! {
        p { (r.t(Msg::MoneyTakeReportText)) }
        ul {
            @for (source, (from, to)) in periods {
                li { (named(r, "money-source", source)) ": " (r.with(Msg::MoneyNextPeriod, &[("from", from.to_string().into()), ("to", to.to_string().into())])) }
            }
        }
        form.form method="post" action=(PATH) enctype="multipart/form-data" {
            (csrf_field(&visit.csrf))
            div.form-row {
                (Field::new("source", r.t(Msg::MoneySource)).takes(Input::Choice(sources.clone())).draw(r.words))
                (Field::new("from", r.t(Msg::MoneyFrom)).with_value(from).required().draw(r.words))
                (Field::new("to", r.t(Msg::MoneyTo)).with_value(to).required().draw(r.words))
            }
            (Field::new("file", r.t(Msg::MoneyReportFile)).takes(Input::File { accept: ".csv,text/csv".to_owned() }).required().draw(r.words))
            div.acts { (submit(Look::Primary, &r.t(Msg::MoneyReportDo))) }
        }
        @if market.mode == Mode::Sandbox { (sandbox_form(visit, &sources)) }
    }
}

fn sandbox_form(visit: &Visit, sources: &[(String, String)]) -> Markup {
    let r = &visit.reader;
    let faults = ReportFault::ALL
        .map(|fault| (fault.code().to_owned(), named(r, "money-fault", fault.code())))
        .to_vec();
    html! {
        details {
            summary { (r.t(Msg::MoneySandboxReport)) }
            form.form method="post" action="/operator/reconciliation/sandbox" {
                (csrf_field(&visit.csrf))
                div.form-row {
                    (Field::new("source", r.t(Msg::MoneySource)).takes(Input::Choice(sources.to_vec())).draw(r.words))
                    (Field::new("fault", r.t(Msg::MoneySandboxFault)).takes(Input::Choice(faults)).draw(r.words))
                }
                div.acts { (submit(Look::Plain, &r.t(Msg::MoneySandboxDo))) }
            }
            @for (source, name) in sources {
                p { a href={ "/operator/reconciliation/sandbox.csv?source=" (source) } { (r.with(Msg::MoneySandboxFile, &[("source", name.as_str().into())])) } }
            }
        }
    }
}

fn reports(r: &Reader, seen: &Overview) -> Markup {
    let columns = [
        Column::new(r.t(Msg::MoneySource)).leading(),
        Column::new(r.t(Msg::MoneyFrom)),
        Column::new(r.t(Msg::MoneyTo)),
        Column::new(r.t(Msg::MoneyReportLines)).numeric(),
        Column::new(r.t(Msg::MoneyTakenBy)),
    ];
    let rows: Vec<Row> = seen
        .reports
        .iter()
        .map(|report| {
            let by = seen.names.get(&report.taken_by.number()).cloned().unwrap_or_default();
            Row {
                cells: vec![
                    html! { a href={ (PATH) "/reports/" (report.id) } { (named(r, "money-source", &report.source)) } },
                    moment(r, report.from),
                    moment(r, report.to),
                    html! { (count(report.lines_count)) },
                    html! { (by) },
                ],
                ..Row::default()
            }
        })
        .collect();
    if rows.is_empty() {
        html! { p.muted { (r.t(Msg::MoneyReportsNone)) } }
    } else {
        table(r.words, &columns, &rows, false)
    }
}

pub(super) async fn take_in(
    visit: Visit,
    State(market): State<Market>,
    upload: Multipart,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ReconcileBooks)?;
        let done = async {
            let ask = read(upload).await?;
            take_report(&market, visit.caller()?, ask).await
        };
        tell(&visit, &market, done.await).await
    })
    .await
}

async fn tell(
    visit: &Visit,
    market: &Market,
    done: Result<TakenIn, Failure>,
) -> Result<Response, Failure> {
    let title = visit.reader.t(Msg::MoneyReconciliation);
    match done {
        Ok(taken) => {
            let told = Told { taken: Some(taken), failure: None };
            page(visit, &title, Place::OperatorPayouts, body(visit, market, &told).await?)
        }
        Err(failure @ (Failure::Invalid(_) | Failure::Refused(_))) => {
            let told = Told { taken: None, failure: Some(&failure) };
            page_again(visit, &title, Place::OperatorPayouts, body(visit, market, &told).await?)
        }
        Err(failure) => Err(failure),
    }
}

async fn read(mut upload: Multipart) -> Result<TakeReport, Failure> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        Failure::invalid("file", "file_too_large", error.to_string())
    };
    let mut fields = std::collections::BTreeMap::new();
    while let Some(field) = upload.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(broken)?;
        let text = String::from_utf8(bytes.to_vec())
            .map_err(|_| Failure::invalid("file", "not_text", "the file is not UTF-8 text"))?;
        fields.insert(name, text);
    }
    let mut get = |name: &str| fields.remove(name).unwrap_or_default();
    let moment = |name: &'static str, text: String| {
        Timestamp::parse(text.trim())
            .map_err(|error| Failure::invalid(name, "not_a_time", error.to_string()))
    };
    Ok(TakeReport {
        source: get("source"),
        from: moment("from", get("from"))?,
        to: moment("to", get("to"))?,
        csv: get("file"),
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sandbox {
    source: String,
    fault: String,
}

impl Sandbox {
    async fn written(&self, market: &Market) -> Result<TakeReport, Failure> {
        let fault = ReportFault::parse(&self.fault).unwrap_or_default();
        let (from, to) = next_period(market, self.source.clone()).await?;
        let csv = sandbox_reports::report(market, &self.source, from, to, fault).await?;
        Ok(TakeReport { source: self.source.clone(), from, to, csv })
    }
}

pub(super) async fn take_in_sandbox(
    visit: Visit,
    State(market): State<Market>,
    Form(form): Form<Sandbox>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ReconcileBooks)?;
        let done = async {
            let ask = form.written(&market).await?;
            take_report(&market, visit.caller()?, ask).await
        };
        tell(&visit, &market, done.await).await
    })
    .await
}

pub(super) async fn sandbox_file(
    visit: Visit,
    State(market): State<Market>,
    Query(asked): Query<Sandbox>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewLedger)?;
        let ask = asked.written(&market).await?;
        let head = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
            (header::CONTENT_DISPOSITION, "attachment; filename=\"report.csv\""),
        ];
        Ok((head, ask.csv).into_response())
    })
    .await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct From {
    from: Option<i64>,
}

pub(super) async fn report(
    visit: Visit,
    State(market): State<Market>,
    Path(id): Path<i64>,
    Query(from): Query<From>,
) -> Response {
    answer(&visit, async {
        let id = ProviderReportId::new(id);
        let after = from.from.unwrap_or(0);
        let seen = reconciliation::report_page(&market, visit.caller()?, id, after, 100).await?;
        let r = &visit.reader;
        let title = named(r, "money-source", &seen.report.source);
        let columns = [
            Column::new(r.t(Msg::MoneyReportLine)).leading(),
            Column::new(r.t(Msg::OpWhen)),
            Column::new(r.t(Msg::MoneyMovement)),
            Column::new(r.t(Msg::OpAmount)).numeric(),
        ];
        let rows: Vec<Row> = seen
            .lines
            .iter()
            .map(|line| Row {
                cells: vec![
                    html! { code { (line.line) } },
                    moment(r, line.happened_at),
                    html! { (named(r, "money-movement", line.kind.code())) " " span.num { (line.reference) } },
                    amount(r, line.amount),
                ],
                ..Row::default()
            })
            .collect();
        let head = DetailHead {
            back: Some((PATH.to_owned(), r.t(Msg::MoneyReconciliation).into_owned())),
            title: title.clone(),
            ..DetailHead::default()
        };
        let main = html! {
            (section(&r.t(Msg::MoneyReportLines), table(r.words, &columns, &rows, false)))
            @if let Some(next) = seen.next {
                nav.below { a.button href={ (PATH) "/reports/" (id) "?from=" (next) } rel="next" { (r.t(Msg::ListNext)) } }
            }
        };
        let aside = section(&r.t(Msg::MoneyReports), facts(&[
            (&r.t(Msg::MoneyFrom), moment(r, seen.report.from)),
            (&r.t(Msg::MoneyTo), moment(r, seen.report.to)),
            (&r.t(Msg::MoneyReportLines), html! { (count(seen.report.lines_count)) }),
        ]));
        page(&visit, &title, Place::OperatorPayouts, detail_page(&head, main, aside))
    })
    .await
}
