//! A paper's pages, drawn from the top left corner in points (a 72nd of an inch).

use std::collections::BTreeMap;

use pdf_writer::{Content, Name, Str};
use subsetter::GlyphRemapper;

use crate::fonts::{Fonts, Letters};
use crate::{code128, helvetica, qr, write};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    A4,
    A5,
    /// 100 by 150 millimetres: what label printers take.
    Label,
}

impl Paper {
    /// Width and height in points.
    pub const fn size(self) -> (f32, f32) {
        match self {
            Paper::A4 => (595.28, 841.89),
            Paper::A5 => (419.53, 595.28),
            Paper::Label => (283.46, 425.2),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    #[default]
    Left,
    Right,
    Centre,
}

/// How a text is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// In points.
    pub size: f32,
    pub bold: bool,
    /// 0 is black, 1 is white.
    pub grey: f32,
    pub align: Align,
}

impl Style {
    pub const fn plain(size: f32) -> Style {
        Style { size, bold: false, grey: 0.0, align: Align::Left }
    }

    pub const fn bold(size: f32) -> Style {
        Style { bold: true, ..Style::plain(size) }
    }

    pub const fn quiet(size: f32) -> Style {
        Style { grey: 0.35, ..Style::plain(size) }
    }

    pub const fn to(self, align: Align) -> Style {
        Style { align, ..self }
    }
}

/// The letters of one face which a paper has used so far.
pub(crate) struct Used {
    pub glyphs: GlyphRemapper,
    /// By the glyph's number in the cut-down font: the letter, and its width in thousandths.
    pub letters: BTreeMap<u16, (char, f32)>,
}

impl Used {
    fn new() -> Used {
        Used { glyphs: GlyphRemapper::new(), letters: BTreeMap::new() }
    }
}

pub(crate) struct Sheet {
    pub paper: Paper,
    pub content: Content,
}

/// A paper being drawn.
pub struct Document<'f> {
    pub(crate) title: String,
    pub(crate) language: String,
    pub(crate) letters: Letters<'f>,
    /// Regular and bold.
    pub(crate) used: [Used; 2],
    pub(crate) sheets: Vec<Sheet>,
}

impl<'f> Document<'f> {
    /// `language` is a tag like `en` or `zh`.
    pub fn new(fonts: &'f Fonts, title: &str, language: &str) -> Document<'f> {
        Document {
            title: title.to_owned(),
            language: language.to_owned(),
            letters: fonts.letters(),
            used: [Used::new(), Used::new()],
            sheets: Vec::new(),
        }
    }

    pub fn add_page(&mut self, paper: Paper) {
        self.sheets.push(Sheet { paper, content: Content::new() });
    }

    pub fn pages(&self) -> usize {
        self.sheets.len()
    }

    /// How wide a text is, in points.
    pub fn width(&self, text: &str, style: Style) -> f32 {
        self.letters.width(text, style.size, style.bold)
    }

    /// The text in lines no wider than `width` points.
    pub fn wrapped(&self, text: &str, style: Style, width: f32) -> Vec<String> {
        self.letters.wrapped(text, style.size, style.bold, width)
    }

    /// The text cut to `width` points, with an ellipsis where something is missing.
    pub fn cut(&self, text: &str, style: Style, width: f32) -> String {
        if self.width(text, style) <= width {
            return text.to_owned();
        }
        let mut kept = text.to_owned();
        while kept.pop().is_some() {
            let shown = format!("{}…", kept.trim_end());
            if self.width(&shown, style) <= width {
                return shown;
            }
        }
        String::new()
    }

    /// One line of text on the last page; `y` is its baseline. `x` is its left, right or middle, as the style says.
    /// Draws nothing while there is no page.
    pub fn text(&mut self, x: f32, y: f32, style: Style, text: &str) {
        let wide = self.width(text, style);
        let x = match style.align {
            Align::Left => x,
            Align::Right => x - wide,
            Align::Centre => x - wide / 2.0,
        };
        let runs = self.runs(text, style.bold);
        let Some(sheet) = self.sheets.last_mut() else { return };
        let (_, height) = sheet.paper.size();
        let content = &mut sheet.content;
        content.begin_text();
        content.set_fill_gray(style.grey);
        content.next_line(x, height - y);
        for (font, bytes) in &runs {
            content.set_font(Name(font.as_bytes()), style.size);
            content.show(Str(bytes));
        }
        content.end_text();
    }

    /// The text's bytes, by the font which writes them.
    fn runs(&mut self, text: &str, bold: bool) -> Vec<(&'static str, Vec<u8>)> {
        let mut runs: Vec<(&'static str, Vec<u8>)> = Vec::new();
        let used = &mut self.used[usize::from(bold)];
        for letter in text.chars() {
            let (font, bytes) = match self.letters.face(bold) {
                Some(face) => {
                    let glyph = face.glyph(letter);
                    let number = used.glyphs.remap(glyph.0);
                    used.letters.entry(number).or_insert((letter, face.advance(glyph)));
                    (write::OWN[usize::from(bold)], number.to_be_bytes().to_vec())
                }
                None => standard(letter, bold),
            };
            match runs.last_mut() {
                Some((last, so_far)) if *last == font => so_far.extend(bytes),
                Some(_) | None => runs.push((font, bytes)),
            }
        }
        runs
    }

    /// A line from one point to another.
    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), wide: f32, grey: f32) {
        let Some(sheet) = self.sheets.last_mut() else { return };
        let (_, height) = sheet.paper.size();
        sheet.content.set_stroke_gray(grey).set_line_width(wide);
        sheet.content.move_to(from.0, height - from.1).line_to(to.0, height - to.1).stroke();
    }

    /// A filled rectangle; `y` is its upper edge.
    pub fn fill(&mut self, x: f32, y: f32, width: f32, tall: f32, grey: f32) {
        let Some(sheet) = self.sheets.last_mut() else { return };
        let (_, height) = sheet.paper.size();
        sheet.content.set_fill_gray(grey);
        sheet.content.rect(x, height - y - tall, width, tall).fill_nonzero();
    }

    /// An outlined rectangle.
    pub fn frame(&mut self, x: f32, y: f32, width: f32, tall: f32, wide: f32) {
        let Some(sheet) = self.sheets.last_mut() else { return };
        let (_, height) = sheet.paper.size();
        sheet.content.set_stroke_gray(0.0).set_line_width(wide);
        sheet.content.rect(x, height - y - tall, width, tall).stroke();
    }

    /// A barcode within `width` points, quiet zones included; modules no wider than `most`. Answers how wide the bars
    /// are; 0 for a text which Code 128 cannot write, which is left out.
    pub fn barcode(&mut self, x: f32, y: f32, width: f32, tall: f32, most: f32, text: &str) -> f32 {
        let Some(bars) = code128::bars(text) else { return 0.0 };
        let modules = code128::modules(text) as f32;
        let module = (width / (modules + 20.0)).min(most);
        let Some(sheet) = self.sheets.last_mut() else { return 0.0 };
        let (_, height) = sheet.paper.size();
        sheet.content.set_fill_gray(0.0);
        let mut left = x + 10.0 * module;
        for (place, bar) in bars.iter().enumerate() {
            let wide = f32::from(*bar) * module;
            if place.is_multiple_of(2) {
                sheet.content.rect(left, height - y - tall, wide, tall);
            }
            left += wide;
        }
        sheet.content.fill_nonzero();
        modules * module
    }

    /// A QR code in a square of `side` points, quiet zone included. A text which is too long is left out.
    pub fn qr(&mut self, x: f32, y: f32, side: f32, text: &str) {
        let Some(rows) = qr::modules(text) else { return };
        let Some(sheet) = self.sheets.last_mut() else { return };
        let (_, height) = sheet.paper.size();
        let module = side / (rows.len() as f32 + 8.0);
        sheet.content.set_fill_gray(0.0);
        for (down, row) in rows.iter().enumerate() {
            let top = y + (down as f32 + 4.0) * module;
            let mut at = 0;
            while at < row.len() {
                let run = row[at..].iter().take_while(|dark| **dark).count();
                if run > 0 {
                    let left = x + (at as f32 + 4.0) * module;
                    sheet.content.rect(left, height - top - module, run as f32 * module, module);
                }
                at += run.max(1);
            }
        }
        sheet.content.fill_nonzero();
    }

    /// The finished file.
    pub fn finish(self) -> Vec<u8> {
        write::file(self)
    }
}

/// A letter in the fonts of the reader: Helvetica, or STSong in two bytes of Unicode.
fn standard(letter: char, bold: bool) -> (&'static str, Vec<u8>) {
    if let Some(byte) = helvetica::byte_of(letter) {
        return (write::HELVETICA[usize::from(bold)], vec![byte]);
    }
    // UniGB-UCS2-H knows no letters beyond two bytes; a square stands for them.
    let code = u16::try_from(u32::from(letter)).unwrap_or(0x25A1);
    (write::SONG, code.to_be_bytes().to_vec())
}
