//! Text which runs down a paper and onto the next page.

use crate::page::{Align, Document, Paper, Style};

/// Space between the baselines of two lines, in sizes of the letters.
const LINE: f32 = 1.35;

pub(crate) struct Flow<'d, 'f> {
    pub document: &'d mut Document<'f>,
    pub paper: Paper,
    pub margin: f32,
    /// Where the next thing begins.
    pub y: f32,
}

/// One column of a table: where it begins, how wide it is, how its texts stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub x: f32,
    pub width: f32,
    pub align: Align,
}

impl<'d, 'f> Flow<'d, 'f> {
    pub fn start(document: &'d mut Document<'f>, paper: Paper, margin: f32) -> Flow<'d, 'f> {
        document.add_page(paper);
        Flow { document, paper, margin, y: margin }
    }

    pub fn width(&self) -> f32 {
        self.paper.size().0 - 2.0 * self.margin
    }

    pub fn right(&self) -> f32 {
        self.paper.size().0 - self.margin
    }

    /// Whether so much still fits on this page; the last 14 points are the page number's.
    pub fn fits(&self, tall: f32) -> bool {
        self.y + tall <= self.paper.size().1 - self.margin - 14.0
    }

    pub fn turn_page(&mut self) {
        self.document.add_page(self.paper);
        self.y = self.margin;
    }

    /// Turns the page where so much does not fit.
    pub fn need(&mut self, tall: f32) {
        if !self.fits(tall) && self.y > self.margin {
            self.turn_page();
        }
    }

    pub fn space(&mut self, tall: f32) {
        self.y += tall;
    }

    pub fn rule(&mut self) {
        self.document.line((self.margin, self.y), (self.right(), self.y), 0.6, 0.6);
        self.y += 4.0;
    }

    pub fn paragraph(&mut self, style: Style, text: &str) {
        let (x, width) = (self.margin, self.width());
        for line in self.document.wrapped(text, style, width) {
            self.need(style.size * LINE);
            self.line(x, style, &line);
        }
    }

    /// One line at `x`, and down by it.
    pub fn line(&mut self, x: f32, style: Style, text: &str) {
        self.document.text(x, self.y + style.size, style, text);
        self.y += style.size * LINE;
    }

    /// Lines in a box of their own, beginning at `y`; answers where they end.
    pub fn block(&mut self, x: f32, y: f32, width: f32, lines: &[(Style, String)]) -> f32 {
        let mut at = y;
        for (style, text) in lines {
            for line in self.document.wrapped(text, *style, width) {
                self.document.text(x, at + style.size, *style, &line);
                at += style.size * LINE;
            }
        }
        at
    }

    /// How tall a row of cells is.
    pub fn row_height(&self, spans: &[Span], cells: &[Vec<(Style, String)>]) -> f32 {
        let tall = |(span, cell): (&Span, &Vec<(Style, String)>)| {
            let line = |(style, text): &(Style, String)| {
                self.document.wrapped(text, *style, span.width).len() as f32 * style.size * LINE
            };
            cell.iter().map(line).sum::<f32>()
        };
        spans.iter().zip(cells).map(tall).fold(0.0, f32::max) + 4.0
    }

    /// Draws a row of cells, each of them lines; the caller has seen that it fits.
    pub fn row(&mut self, spans: &[Span], cells: &[Vec<(Style, String)>]) {
        let tall = self.row_height(spans, cells);
        for (span, cell) in spans.iter().zip(cells) {
            let mut at = self.y + 2.0;
            let x = match span.align {
                Align::Left => span.x,
                Align::Right => span.x + span.width,
                Align::Centre => span.x + span.width / 2.0,
            };
            for (style, text) in cell {
                for line in self.document.wrapped(text, *style, span.width) {
                    self.document.text(x, at + style.size, style.to(span.align), &line);
                    at += style.size * LINE;
                }
            }
        }
        self.y += tall;
    }
}

/// Parts a width among columns by their shares, with a gap between them.
pub(crate) fn spans(x: f32, width: f32, gap: f32, shares: &[(f32, Align)]) -> Vec<Span> {
    let gaps = gap * (shares.len().saturating_sub(1)) as f32;
    let whole: f32 = shares.iter().map(|(share, _)| share).sum();
    let mut at = x;
    let mut found = Vec::with_capacity(shares.len());
    for (share, align) in shares {
        let wide = (width - gaps) * share / whole;
        found.push(Span { x: at, width: wide, align: *align });
        at += wide + gap;
    }
    found
}
