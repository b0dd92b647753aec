//! Packing slips: what lies in a parcel, for whom, and the order's number for the scanner. One a page, A5.

use crate::flow::{Flow, spans};
use crate::fonts::Fonts;
use crate::page::{Align, Document, Paper, Style};

/// One slip. Every word is passed in, in the language the slip is to be in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slip {
    pub shop: String,
    pub title: String,
    /// What the scanner reads, and what stands below the bars.
    pub code: String,
    /// Names and values: order, date, service, which parcel of how many.
    pub facts: Vec<(String, String)>,
    pub to_title: String,
    /// The address, line by line.
    pub to: Vec<String>,
    /// Titles of the columns: pieces, goods, SKU.
    pub columns: [String; 3],
    pub lines: Vec<SlipLine>,
    /// How to pack, one sentence each.
    pub advice: Vec<String>,
    pub foot: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SlipLine {
    pub pieces: i64,
    pub goods: String,
    /// Colour, size and the like; where it lies; serial numbers. Quietly below.
    pub notes: Vec<String>,
    pub sku: String,
}

const MARGIN: f32 = 28.0;

/// All slips in one file, each beginning a page.
pub fn slips(fonts: &Fonts, title: &str, language: &str, slips: &[Slip]) -> Vec<u8> {
    let mut document = Document::new(fonts, title, language);
    for slip in slips {
        draw(&mut document, slip);
    }
    document.finish()
}

fn draw(document: &mut Document<'_>, slip: &Slip) {
    let mut flow = Flow::start(document, Paper::A5, MARGIN);
    let (x, width) = (MARGIN, flow.width());
    let half = width * 0.5;
    let bars = flow.document.barcode(x + half, MARGIN, half, 34.0, 1.2, &slip.code);
    let module = bars / (crate::code128::modules(&slip.code).max(1) as f32);
    let middle = x + half + bars / 2.0 + 10.0 * module;
    flow.document.text(middle, MARGIN + 44.0, Style::plain(8.0).to(Align::Centre), &slip.code);
    let mut head =
        vec![(Style::bold(15.0), slip.title.clone()), (Style::quiet(10.0), slip.shop.clone())];
    let left = flow.block(x, MARGIN, half - 8.0, &std::mem::take(&mut head));
    flow.y = left.max(MARGIN + 52.0) + 6.0;
    flow.rule();
    let y = flow.y;
    let mut to = vec![(Style::quiet(8.0), slip.to_title.clone())];
    to.extend(slip.to.iter().enumerate().map(|(place, line)| {
        (if place == 0 { Style::bold(10.5) } else { Style::plain(10.0) }, line.clone())
    }));
    let left = flow.block(x, y, half - 8.0, &to);
    let facts: Vec<_> = (slip.facts.iter())
        .flat_map(|(name, value)| {
            [(Style::quiet(8.0), name.clone()), (Style::plain(9.5), value.clone())]
        })
        .collect();
    let right = flow.block(x + half, y, half, &facts);
    flow.y = left.max(right) + 6.0;
    lines(&mut flow, slip);
    if !slip.advice.is_empty() {
        flow.space(8.0);
        for sentence in &slip.advice {
            flow.paragraph(Style::bold(9.5), &format!("• {sentence}"));
        }
    }
    let (_, height) = Paper::A5.size();
    flow.document.text(x, height - MARGIN + 6.0, Style::quiet(8.0), &slip.foot);
}

fn lines(flow: &mut Flow<'_, '_>, slip: &Slip) {
    let shares = [(0.9, Align::Right), (5.2, Align::Left), (3.0, Align::Left)];
    let spans = spans(MARGIN, flow.width(), 10.0, &shares);
    let titles: Vec<_> =
        slip.columns.iter().map(|title| vec![(Style::quiet(8.0), title.clone())]).collect();
    flow.row(&spans, &titles);
    flow.rule();
    for line in &slip.lines {
        let mut goods = vec![(Style::plain(10.0), line.goods.clone())];
        goods.extend(line.notes.iter().map(|note| (Style::quiet(8.5), note.clone())));
        let cells = [
            vec![(Style::bold(11.0), line.pieces.to_string())],
            goods,
            vec![(Style::plain(9.0), line.sku.clone())],
        ];
        if !flow.fits(flow.row_height(&spans, &cells)) {
            flow.turn_page();
            flow.row(&spans, &titles);
            flow.rule();
        }
        flow.row(&spans, &cells);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slip(lines: usize) -> Slip {
        let line = SlipLine {
            pieces: 2,
            goods: "Linen trousers 亚麻长裤".to_owned(),
            notes: vec!["Red · M".to_owned()],
            sku: "TR-RED-M".to_owned(),
        };
        Slip {
            shop: "A shop".to_owned(),
            title: "Packing slip".to_owned(),
            code: "1234567890123456".to_owned(),
            to: vec!["Ann Lee".to_owned(), "1 High Street".to_owned()],
            lines: vec![line; lines],
            ..Slip::default()
        }
    }

    #[test]
    fn each_slip_begins_a_page_and_a_long_one_takes_two() {
        let bytes = slips(&Fonts::standard(), "Slips", "en", &[slip(2), slip(40), slip(1)]);
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.starts_with("%PDF-"));
        let pages = text.matches("/MediaBox").count();
        assert!((5..=7).contains(&pages), "{pages}");
    }
}
