//! Taking in a product file: what was made, changed and left as it was, and each row which could not be taken.

use actions::import::{ImportFault, ImportOptions, ImportReport, import_products};
use actions::{Failure, Market};
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use fluent_bundle::FluentValue;
use maud::{Markup, html};
use rules::people::Permission;

use super::desk::{Desk, Page};
use super::products::product_tabs;
use crate::format::count;
use crate::ui::detail::{figure, figures, section};
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{Field, Input, Look, link_button, submit};
use crate::ui::list::{Column, Row, page_title, table, tabs};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

/// A product file and the form around it, in bytes. The exporter's own limit is 15 MB.
pub(super) const LARGEST: usize = 15_100_000;

pub(super) async fn page(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ImportProducts).await?;
    Ok(shown(&desk, None, None))
}

pub(super) async fn take_in(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
    upload: Multipart,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ImportProducts).await?;
    let done = async {
        let bytes = file_of(upload, "file").await?;
        let options = ImportOptions::default();
        import_products(&market, desk.actor(), desk.shop.id, &bytes, &options).await
    };
    match done.await {
        Ok(report) => Ok(shown(&desk, Some(&report), None)),
        Err(failure) => Ok(shown(&desk, None, Some(&failure))),
    }
}

/// The bytes of an uploaded file; a form without one says which field lacks it.
pub(super) async fn file_of(mut upload: Multipart, name: &'static str) -> Result<Vec<u8>, Failure> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        Failure::invalid(name, "file_too_large", error.to_string())
    };
    while let Some(field) = upload.next_field().await.map_err(broken)? {
        if field.name() == Some(name) {
            let bytes = field.bytes().await.map_err(broken)?;
            if !bytes.is_empty() {
                return Ok(bytes.to_vec());
            }
        }
    }
    Err(Failure::invalid(name, "missing", "choose a file"))
}

fn shown(desk: &Desk, report: Option<&ImportReport>, failure: Option<&Failure>) -> Response {
    let r = &desk.reader;
    let title = r.t(Msg::SellerImport).into_owned();
    let file = Field::new("file", r.t(Msg::SellerImportFile))
        .takes(Input::File { accept: ".csv,text/csv".to_owned() })
        .with_hint(r.t(Msg::SellerImportHint))
        .with_error(desk.field_error(failure, "file"))
        .required();
    let body = html! {
        (tabs(r.words, &product_tabs(desk, "/import")))
        (page_title(&title, &r.t(Msg::SellerImportLead), &[]))
        @if let Some(failure) = failure { (flash(&Flash::bad(desk.in_words(failure)))) }
        @if let Some(report) = report { div.panels { (told(desk, report)) } }
        form.form method="post" action=(desk.href("/import")) enctype="multipart/form-data" {
            (desk.hidden())
            (file.draw(r.words))
            div.acts { (submit(Look::Primary, &r.t(Msg::SellerImportDo))) }
        }
    };
    desk.page(title, Place::SellerProducts, body)
}

fn told(desk: &Desk, report: &ImportReport) -> Markup {
    let r = &desk.reader;
    let card = |name: Msg, number: u64| {
        figure(html! { (r.t(name)) }, &count(i64::try_from(number).unwrap_or(i64::MAX)), html! {})
    };
    let cards = [
        card(Msg::SellerImportRows, report.rows),
        card(Msg::SellerImportCreated, report.created),
        card(Msg::SellerImportUpdated, report.updated),
        card(Msg::SellerImportUnchanged, report.unchanged),
        card(Msg::SellerImportFailed, report.failed.len() as u64),
    ];
    let acts =
        html! { (link_button(Look::Plain, &desk.href("/products"), &r.t(Msg::NavProducts))) };
    html! {
        (crate::ui::detail::section_with(&r.t(Msg::SellerImportReport), acts, html! {
            (figures(&cards))
            @if report.pictures_waiting > 0 {
                p { (r.with(Msg::SellerImportPicturesWaiting, &[("count", report.pictures_waiting.into())])) }
            }
            @if report.failed.is_empty() { p { (r.t(Msg::SellerImportAllTaken)) } }
        }))
        @if !report.failed.is_empty() {
            (section(&r.t(Msg::SellerImportNotTaken), faults(desk, &report.failed)))
        }
        @if !report.pictures_failed.is_empty() {
            (section(&r.t(Msg::SellerImportPicturesFailed), faults(desk, &report.pictures_failed)))
        }
    }
}

fn faults(desk: &Desk, faults: &[ImportFault]) -> Markup {
    let r = &desk.reader;
    let columns = [
        Column::new(r.t(Msg::SellerImportLine)).numeric(),
        Column::new(r.t(Msg::SellerHandle)).leading(),
        Column::new(r.t(Msg::SellerImportColumn)),
        Column::new(r.t(Msg::SellerColumnWhy)),
    ];
    let rows: Vec<Row> = faults
        .iter()
        .map(|fault| Row {
            cells: vec![
                html! { @if fault.line > 0 { (fault.line) } @else { "—" } },
                html! { code { (fault.handle) } },
                html! { (fault.column) },
                html! { (in_words(desk, fault)) },
            ],
            ..Row::default()
        })
        .collect();
    table(r.words, &columns, &rows, false)
}

/// The row's fault in the reader's language; English where a code has no text of its own.
fn in_words(desk: &Desk, fault: &ImportFault) -> String {
    let id = format!("import-{}", fault.code.replace('_', "-"));
    let Some(msg) = Msg::named(&id) else { return fault.sentence.clone() };
    // The facts which the texts know, by the names they have there.
    const NAMES: [&str; 6] = ["count", "currency", "line", "most", "name", "text"];
    let facts: Vec<(&'static str, FluentValue<'_>)> = NAMES
        .into_iter()
        .filter_map(|name| fault.facts.get(name).map(|value| (name, value.as_str().into())))
        .collect();
    desk.reader.with(msg, &facts)
}
