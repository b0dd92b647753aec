//! A dispatch sheet is handed in, as a file or as copied rows, and told row by row what became of it.

use actions::shop_desk::{BulkAct, Outcome, Worked, work_off};
use actions::{Failure, Market};
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use maud::{Markup, html};
use rules::people::Permission;
use rules::shipping::dispatch_sheet::{self, SheetProblem};

use super::desk::{Desk, Page};
use crate::format::count;
use crate::ui::badges::{Tone, badge};
use crate::ui::detail::{figure, figures, section};
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{CardChoice, Field, Input, Look, card_choices, link_button, submit};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Row, page_title, table};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

/// A sheet and the form around it, in bytes. [X] two thousand rows are far below it.
pub(super) const LARGEST: usize = 2_100_000;

/// What was handed in.
#[derive(Default)]
struct Handed {
    act: String,
    file: Vec<u8>,
    pasted: String,
}

/// What came of it.
struct Report {
    act: BulkAct,
    worked: Vec<Worked>,
    wrong: Vec<(u64, SheetProblem)>,
}

pub(super) async fn page(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    Ok(shown(&desk, &Handed::default(), None, None))
}

pub(super) async fn take_in(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
    upload: Multipart,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let handed = match handed(upload).await {
        Ok(handed) => handed,
        Err(failure) => {
            let said = desk.in_words(&failure);
            return Ok(shown(&desk, &Handed::default(), None, Some(&said)));
        }
    };
    let act = BulkAct::parse(&handed.act).unwrap_or(BulkAct::Ship);
    for permission in needed(act) {
        desk.allow(*permission)?;
    }
    let bytes = if handed.file.is_empty() { handed.pasted.as_bytes() } else { &handed.file };
    match dispatch_sheet::read(bytes) {
        Ok(sheet) => {
            let by = (desk.shop.id, desk.actor());
            let worked = work_off(&market, by, act, sheet.rows).await;
            let report = Report { act, worked, wrong: sheet.wrong };
            Ok(shown(&desk, &Handed::default(), Some(&report), None))
        }
        Err(problem) => {
            let said = problem_in_words(&desk, &problem);
            Ok(shown(&desk, &handed, None, Some(&said)))
        }
    }
}

/// What a person must be allowed for a sheet of this kind.
pub(crate) const fn needed(act: BulkAct) -> &'static [Permission] {
    match act {
        BulkAct::Confirm => &[Permission::ConfirmOrders],
        BulkAct::Pack => &[Permission::PackOrders],
        BulkAct::Ship => &[Permission::PackOrders, Permission::ShipOrders],
    }
}

async fn handed(mut upload: Multipart) -> Result<Handed, Failure> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        Failure::invalid("file", "file_too_large", error.to_string())
    };
    let mut handed = Handed::default();
    while let Some(field) = upload.next_field().await.map_err(broken)? {
        match field.name() {
            Some("act") => handed.act = field.text().await.map_err(broken)?,
            Some("pasted") => handed.pasted = field.text().await.map_err(broken)?,
            Some("file") => handed.file = field.bytes().await.map_err(broken)?.to_vec(),
            Some(_) | None => {}
        }
    }
    Ok(handed)
}

fn shown(desk: &Desk, handed: &Handed, report: Option<&Report>, said: Option<&str>) -> Response {
    let r = &desk.reader;
    let title = r.t(Msg::SheetTitle).into_owned();
    let acts = [
        link_button(Look::Plain, &desk.href("/orders.csv?view=to-ship"), &r.t(Msg::SheetToFillIn)),
        link_button(Look::Plain, &desk.href("/orders"), &r.t(Msg::NavOrders)),
    ];
    let may = |act: BulkAct| needed(act).iter().all(|permission| desk.may(*permission));
    let choice = |act: BulkAct, label: Msg, text: Msg| CardChoice {
        value: act.code().to_owned(),
        title: r.t(label).into_owned(),
        note: r.t(text).into_owned(),
        ..CardChoice::default()
    };
    let all = [
        (BulkAct::Ship, Msg::SheetShip, Msg::SheetShipText),
        (BulkAct::Pack, Msg::SellerBulkPack, Msg::SheetPackText),
        (BulkAct::Confirm, Msg::SellerBulkConfirm, Msg::SheetConfirmText),
    ];
    let choices: Vec<CardChoice> = all
        .into_iter()
        .filter(|(act, _, _)| may(*act))
        .map(|(act, label, text)| choice(act, label, text))
        .collect();
    let chosen = if handed.act.is_empty() {
        choices.first().map(|choice| choice.value.clone()).unwrap_or_default()
    } else {
        handed.act.clone()
    };
    let file = Field::new("file", r.t(Msg::SheetFile))
        .takes(Input::File { accept: ".csv,text/csv".to_owned() })
        .with_hint(r.t(Msg::SheetFileHint));
    let pasted = Field::new("pasted", r.t(Msg::SheetPasted))
        .takes(Input::Long { rows: 6 })
        .with_value(handed.pasted.as_str())
        .placeholder("order,carrier,service,tracking_number");
    let body = html! {
        (page_title(&title, &r.t(Msg::SheetLead), &acts))
        @if let Some(said) = said { (flash(&Flash::bad(said.to_owned()))) }
        @if let Some(report) = report { div.panels { (told(desk, report)) } }
        form.form method="post" action=(desk.href("/orders/upload")) enctype="multipart/form-data" {
            (desk.hidden())
            (card_choices(&r.t(Msg::SheetAct), "act", &chosen, &choices))
            (file.draw(r.words))
            (pasted.draw(r.words))
            div.acts { (submit(Look::Primary, &r.t(Msg::SheetDo))) }
        }
    };
    desk.page(title, Place::SellerOrders, body)
}

fn told(desk: &Desk, report: &Report) -> Markup {
    let r = &desk.reader;
    let of =
        |wanted: Outcome| report.worked.iter().filter(|(_, worked)| *worked == Ok(wanted)).count();
    let refused = report.worked.iter().filter(|(_, worked)| worked.is_err()).count();
    let bad = refused + report.wrong.len();
    let card = |name: Msg, number: usize| {
        figure(html! { (r.t(name)) }, &count(i64::try_from(number).unwrap_or(i64::MAX)), html! {})
    };
    let done = match report.act {
        BulkAct::Confirm => Msg::SheetConfirmed,
        BulkAct::Pack => Msg::SheetPacked,
        BulkAct::Ship => Msg::SheetShipped,
    };
    let cards = [
        card(done, of(Outcome::Done)),
        card(Msg::SheetAlready, of(Outcome::Already)),
        card(Msg::SellerBulkNotDone, bad),
    ];
    let columns = [
        Column::new(r.t(Msg::SellerImportLine)).numeric(),
        Column::new(r.t(Msg::SellerColumnOrder)).leading(),
        Column::new(r.t(Msg::SellerColumnState)),
        Column::new(r.t(Msg::SellerColumnWhy)),
    ];
    html! {
        (section(&r.t(Msg::SellerBulkTitle), figures(&cards)))
        (section(&r.t(Msg::SheetRows), table(r.words, &columns, &rows(desk, report), false)))
    }
}

/// What did not go stands first: it is what somebody has to look at.
fn rows(desk: &Desk, report: &Report) -> Vec<Row> {
    let r = &desk.reader;
    let wrong = report.wrong.iter().map(|(line, problem)| {
        let why = problem_in_words(desk, problem);
        (1, *line, html! { "—" }, not_done(desk), why)
    });
    let worked = report.worked.iter().map(|(row, outcome)| {
        let href = desk.href(&format!("/orders/{}", row.order));
        let order = html! { a.num href=(href) { (row.order) } };
        match outcome {
            Ok(Outcome::Done) => {
                let mark = badge(Tone::Good, Icon::Check, &r.t(Msg::SellerBulkDone));
                (3, row.line, order, mark, String::new())
            }
            Ok(Outcome::Already) => {
                let mark = badge(Tone::Quiet, Icon::Minus, &r.t(Msg::SheetAlready));
                (2, row.line, order, mark, String::new())
            }
            Err(failure) => (1, row.line, order, not_done(desk), in_words(desk, failure)),
        }
    });
    let mut all: Vec<_> = wrong.chain(worked).collect();
    all.sort_by_key(|(kind, line, _, _, _)| (*kind, *line));
    all.into_iter()
        .map(|(kind, line, order, mark, why)| Row {
            key: String::new(),
            cells: vec![html! { (line) }, order, mark, html! { (why) }],
            overdue: kind == 1,
        })
        .collect()
}

fn not_done(desk: &Desk) -> Markup {
    badge(Tone::Bad, Icon::Close, &desk.reader.t(Msg::SellerBulkNotDone))
}

/// A row has no fields to say it beside: what is wrong with each is said here.
fn in_words(desk: &Desk, failure: &Failure) -> String {
    let Failure::Invalid(faults) = failure else { return desk.in_words(failure) };
    let said = faults.iter().filter_map(|fault| desk.field_error(Some(failure), &fault.field));
    said.collect::<Vec<_>>().join(" ")
}

fn problem_in_words(desk: &Desk, problem: &SheetProblem) -> String {
    let kind = problem.code().trim_start_matches("sheet_").replace('_', "-");
    let Some(msg) = Msg::named(&format!("sheet-{kind}")) else { return problem.to_string() };
    let facts: Vec<_> =
        problem.fact().into_iter().map(|(name, value)| (name, value.into())).collect();
    desk.reader.with(msg, &facts)
}
