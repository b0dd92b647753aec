//! Shipping labels of 100 by 150 millimetres: to whom, from whom, by which service, the tracking number as bars.

use crate::flow::Flow;
use crate::fonts::Fonts;
use crate::page::{Align, Document, Paper, Style};

/// One label. Every word is passed in, in the language the label is to be in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    pub carrier: String,
    pub service: String,
    pub from_title: String,
    pub from: Vec<String>,
    pub to_title: String,
    pub to: Vec<String>,
    /// Weight, orders within, date.
    pub facts: Vec<(String, String)>,
    /// What the carrier must mind: fragile, this side up, battery. Printed large.
    pub cares: Vec<String>,
    /// Bars across the label, and in words below them.
    pub tracking_number: String,
    /// What the QR code says.
    pub qr: String,
}

const MARGIN: f32 = 14.0;
const QR: f32 = 92.0;

/// All labels in one file, one a page.
pub fn labels(fonts: &Fonts, title: &str, language: &str, labels: &[Label]) -> Vec<u8> {
    let mut document = Document::new(fonts, title, language);
    for label in labels {
        draw(&mut document, label);
    }
    document.finish()
}

fn draw(document: &mut Document<'_>, label: &Label) {
    let mut flow = Flow::start(document, Paper::Label, MARGIN);
    let (x, width) = (MARGIN, flow.width());
    let (_, height) = Paper::Label.size();
    let carrier = flow.document.cut(&label.carrier, Style::bold(16.0), width);
    flow.line(x, Style::bold(16.0), &carrier);
    let service = flow.document.cut(&label.service, Style::plain(11.0), width);
    flow.line(x, Style::plain(11.0), &service);
    flow.rule();
    let (top, left_of_qr) = (flow.y, width - QR - 6.0);
    let mut from = vec![(Style::quiet(7.0), label.from_title.clone())];
    from.extend(label.from.iter().map(|line| (Style::plain(8.0), line.clone())));
    let end = flow.block(x, top, left_of_qr, &from);
    flow.document.qr(x + width - QR, top - 4.0, QR, &label.qr);
    flow.y = end.max(top + QR - 6.0);
    flow.rule();
    let mut to = vec![(Style::quiet(8.0), label.to_title.clone())];
    to.extend(label.to.iter().enumerate().map(|(place, line)| {
        (if place == 0 { Style::bold(14.0) } else { Style::plain(12.0) }, line.clone())
    }));
    let end = flow.block(x, flow.y, width, &to);
    flow.y = end + 4.0;
    let foot = height - MARGIN - 62.0;
    let facts: Vec<String> =
        label.facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let facts = facts.join("   ");
    cares(&mut flow, label, foot - 16.0);
    let facts = flow.document.cut(&facts, Style::plain(8.0), width);
    flow.document.text(x, foot - 6.0, Style::plain(8.0), &facts);
    flow.document.line((x, foot), (x + width, foot), 1.2, 0.0);
    bars(flow.document, label, foot + 6.0, width);
}

fn cares(flow: &mut Flow<'_, '_>, label: &Label, last: f32) {
    let mut left = MARGIN;
    let style = Style::bold(11.0);
    for care in &label.cares {
        let wide = flow.document.width(care, style) + 12.0;
        if left + wide > flow.right() {
            left = MARGIN;
            flow.y += 22.0;
        }
        if flow.y + 20.0 > last {
            return;
        }
        flow.document.frame(left, flow.y, wide, 18.0, 1.4);
        flow.document.text(left + 6.0, flow.y + 13.0, style, care);
        left += wide + 6.0;
    }
}

/// The number under bars in the middle of the label.
fn bars(document: &mut Document<'_>, label: &Label, y: f32, width: f32) {
    let number = &label.tracking_number;
    let modules = crate::code128::modules(number) as f32;
    if modules > 0.0 {
        let module = (width / (modules + 20.0)).min(1.5);
        let whole = (modules + 20.0) * module;
        document.barcode(MARGIN + (width - whole) / 2.0, y, whole, 40.0, 1.5, number);
    }
    let style = Style::bold(10.0).to(Align::Centre);
    document.text(MARGIN + width / 2.0, y + 52.0, style, number);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_label_is_one_page_however_long_its_address() {
        let label = Label {
            carrier: "Royal Post".to_owned(),
            to: vec!["A very long line of an address which has to be broken".to_owned(); 8],
            cares: vec!["FRAGILE".to_owned(), "易碎".to_owned()],
            tracking_number: "JD0002012345678901".to_owned(),
            qr: "JD0002012345678901".to_owned(),
            ..Label::default()
        };
        let bytes = labels(&Fonts::standard(), "Labels", "en", &[label.clone(), label]);
        assert_eq!(String::from_utf8_lossy(&bytes).matches("/MediaBox").count(), 2);
    }
}
