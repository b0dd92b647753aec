//! A paper of headings, facts and tables which runs over as many pages as it needs: statements, pick lists.

use crate::flow::{Flow, Span, spans};
use crate::fonts::Fonts;
use crate::page::{Align, Document, Paper, Style};

#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub title: String,
    /// How much of the width it takes beside the others.
    pub share: f32,
    pub align: Align,
}

impl Column {
    pub fn new(title: impl Into<String>, share: f32) -> Column {
        Column { title: title.into(), share, align: Align::Left }
    }

    pub fn numeric(self) -> Column {
        Column { align: Align::Right, ..self }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Heading(String),
    Text(String),
    /// Names and values, in two columns.
    Facts(Vec<(String, String)>),
    /// Its head is repeated on each page. A row of `sums` stands at the end, in bold.
    Table {
        columns: Vec<Column>,
        rows: Vec<Vec<String>>,
        sums: Vec<String>,
    },
    /// A barcode with its text below, where Code 128 can write it.
    Barcode(String),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub title: String,
    /// Who wrote it, for when: quietly below the title.
    pub under: Vec<String>,
    pub language: String,
    pub parts: Vec<Part>,
    /// Before the page's number at the foot.
    pub foot: String,
}

const MARGIN: f32 = 42.0;
const SMALL: f32 = 8.5;

/// The report on A4.
pub fn report(fonts: &Fonts, report: &Report) -> Vec<u8> {
    let mut document = Document::new(fonts, &report.title, &report.language);
    let mut flow = Flow::start(&mut document, Paper::A4, MARGIN);
    flow.paragraph(Style::bold(18.0), &report.title);
    for line in &report.under {
        flow.paragraph(Style::quiet(9.5), line);
    }
    flow.space(6.0);
    flow.rule();
    for part in &report.parts {
        draw(&mut flow, part);
    }
    number_pages(&mut document, &report.foot);
    document.finish()
}

fn draw(flow: &mut Flow<'_, '_>, part: &Part) {
    match part {
        Part::Heading(text) => {
            flow.space(8.0);
            flow.need(60.0);
            flow.paragraph(Style::bold(12.0), text);
            flow.space(2.0);
        }
        Part::Text(text) => flow.paragraph(Style::plain(9.5), text),
        Part::Facts(facts) => {
            let spans =
                spans(MARGIN, flow.width(), 10.0, &[(3.0, Align::Left), (7.0, Align::Left)]);
            for (name, value) in facts {
                let cells = [
                    vec![(Style::quiet(9.5), name.clone())],
                    vec![(Style::plain(9.5), value.clone())],
                ];
                flow.need(flow.row_height(&spans, &cells));
                flow.row(&spans, &cells);
            }
        }
        Part::Table { columns, rows, sums } => table(flow, columns, rows, sums),
        Part::Barcode(text) => {
            flow.need(44.0);
            let (x, y, width) = (flow.margin, flow.y, flow.width());
            let wide = flow.document.barcode(x, y, width.min(240.0), 28.0, 1.1, text);
            flow.document.text(
                x + wide / 2.0 + 10.0,
                y + 38.0,
                Style::quiet(8.0).to(Align::Centre),
                text,
            );
            flow.space(44.0);
        }
    }
}

fn table(flow: &mut Flow<'_, '_>, columns: &[Column], rows: &[Vec<String>], sums: &[String]) {
    let shares: Vec<_> = columns.iter().map(|column| (column.share, column.align)).collect();
    let spans = spans(MARGIN, flow.width(), 8.0, &shares);
    let in_style = |style: Style, texts: &[String]| -> Vec<Vec<(Style, String)>> {
        texts.iter().map(|text| vec![(style, text.clone())]).collect()
    };
    let titles: Vec<String> = columns.iter().map(|column| column.title.clone()).collect();
    let titles = in_style(Style::bold(SMALL), &titles);
    head(flow, &spans, &titles);
    for row in rows {
        let cells = in_style(Style::plain(SMALL), row);
        keep_together(flow, &spans, &titles, &cells);
        flow.row(&spans, &cells);
        let y = flow.y;
        flow.document.line((flow.margin, y), (flow.right(), y), 0.3, 0.8);
    }
    if !sums.is_empty() {
        let cells = in_style(Style::bold(SMALL), sums);
        keep_together(flow, &spans, &titles, &cells);
        flow.row(&spans, &cells);
    }
    flow.space(6.0);
}

fn head(flow: &mut Flow<'_, '_>, spans: &[Span], titles: &[Vec<(Style, String)>]) {
    flow.need(flow.row_height(spans, titles) + 20.0);
    flow.row(spans, titles);
    flow.rule();
    flow.space(-2.0);
}

/// A row which does not fit begins a page, under the head again.
fn keep_together(
    flow: &mut Flow<'_, '_>,
    spans: &[Span],
    titles: &[Vec<(Style, String)>],
    cells: &[Vec<(Style, String)>],
) {
    if !flow.fits(flow.row_height(spans, cells)) {
        flow.turn_page();
        head(flow, spans, titles);
    }
}

fn number_pages(document: &mut Document<'_>, foot: &str) {
    let count = document.pages();
    let mut sheets = std::mem::take(&mut document.sheets);
    for (place, sheet) in sheets.drain(..).enumerate() {
        let (width, height) = sheet.paper.size();
        document.sheets.push(sheet);
        let y = height - MARGIN + 8.0;
        document.text(MARGIN, y, Style::quiet(8.0), foot);
        let number = format!("{} / {count}", place + 1);
        document.text(width - MARGIN, y, Style::quiet(8.0).to(Align::Right), &number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long(rows: usize) -> Vec<u8> {
        let columns = vec![Column::new("Goods", 5.0), Column::new("Sum", 1.0).numeric()];
        let rows = (0..rows).map(|n| vec![format!("Scarf {n} 围巾"), n.to_string()]).collect();
        let table = Part::Table { columns, rows, sums: vec!["All".to_owned(), "9".to_owned()] };
        let wanted = Report {
            title: "Statement".to_owned(),
            under: vec!["A shop".to_owned()],
            language: "en".to_owned(),
            parts: vec![Part::Heading("Sales".to_owned()), table],
            foot: "Guildhall".to_owned(),
        };
        report(&Fonts::standard(), &wanted)
    }

    #[test]
    fn a_table_runs_over_as_many_pages_as_it_needs() {
        let pages = |bytes: &[u8]| String::from_utf8_lossy(bytes).matches("/MediaBox").count();
        assert_eq!(pages(&long(3)), 1);
        assert!(pages(&long(200)) >= 4);
    }
}
