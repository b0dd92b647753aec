//! The file itself: pages, cut-down fonts, and which glyph is which letter, so that texts can be searched and copied.

use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use crate::fonts::EmbeddedFace;
use crate::page::{Document, Used};

/// The names by which pages call the fonts: embedded regular and bold, the reader's own, Chinese.
pub(crate) const OWN: [&str; 2] = ["R", "B"];
pub(crate) const HELVETICA: [&str; 2] = ["HR", "HB"];
pub(crate) const SONG: &str = "S";

/// How hard streams are pressed together: 6 of 10, zlib's own default.
const LEVEL: u8 = 6;

const IDENTITY: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

struct Numbers(i32);

impl Numbers {
    fn next(&mut self) -> Ref {
        self.0 += 1;
        Ref::new(self.0)
    }
}

pub(crate) fn file(document: Document<'_>) -> Vec<u8> {
    let mut pdf = Pdf::new();
    let mut numbers = Numbers(0);
    let (catalog, tree, info) = (numbers.next(), numbers.next(), numbers.next());
    let mut root = pdf.catalog(catalog);
    root.pages(tree).lang(TextStr(&document.language));
    root.viewer_preferences().display_doc_title(true);
    root.finish();
    let mut about = pdf.document_info(info);
    about.title(TextStr(&document.title)).creator(TextStr("Guildhall"));
    about.finish();
    let mut fonts: Vec<(&str, Ref)> = Vec::new();
    for bold in [false, true] {
        let used = &document.used[usize::from(bold)];
        if let Some(face) = document.letters.face(bold).filter(|_| !used.letters.is_empty()) {
            let name = OWN[usize::from(bold)];
            fonts.push((name, embedded(&mut pdf, &mut numbers, face, used, bold)));
        }
    }
    if document.letters.regular.is_none() {
        fonts.extend(standard(&mut pdf, &mut numbers));
    }
    let mut pages = Vec::new();
    for sheet in document.sheets {
        let (page_id, content_id) = (numbers.next(), numbers.next());
        let (width, height) = sheet.paper.size();
        let mut page = pdf.page(page_id);
        page.parent(tree).media_box(Rect::new(0.0, 0.0, width, height)).contents(content_id);
        let mut resources = page.resources();
        let mut named = resources.fonts();
        for (name, id) in &fonts {
            named.pair(Name(name.as_bytes()), *id);
        }
        named.finish();
        resources.finish();
        page.finish();
        let body = compress_to_vec_zlib(&sheet.content.finish(), LEVEL);
        pdf.stream(content_id, &body).filter(Filter::FlateDecode);
        pages.push(page_id);
    }
    let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
    pdf.pages(tree).kids(pages).count(count);
    pdf.finish()
}

/// The fonts of the reader. STSong-Light is one of the Chinese fonts which readers bring or replace.
fn standard(pdf: &mut Pdf, numbers: &mut Numbers) -> Vec<(&'static str, Ref)> {
    let mut fonts = Vec::new();
    for (name, base) in HELVETICA.into_iter().zip(["Helvetica", "Helvetica-Bold"]) {
        let id = numbers.next();
        pdf.type1_font(id)
            .base_font(Name(base.as_bytes()))
            .encoding_predefined(Name(b"WinAnsiEncoding"));
        fonts.push((name, id));
    }
    let (id, cid, about) = (numbers.next(), numbers.next(), numbers.next());
    pdf.type0_font(id)
        .base_font(Name(b"STSong-Light-UniGB-UCS2-H"))
        .encoding_predefined(Name(b"UniGB-UCS2-H"))
        .descendant_font(cid);
    pdf.cid_font(cid)
        .subtype(CidFontType::Type0)
        .base_font(Name(b"STSong-Light"))
        .system_info(SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"GB1"), supplement: 4 })
        .font_descriptor(about)
        .default_width(1000.0);
    pdf.font_descriptor(about)
        .name(Name(b"STSong-Light"))
        .flags(FontFlags::SYMBOLIC | FontFlags::SERIF)
        .bbox(Rect::new(-25.0, -254.0, 1000.0, 880.0))
        .italic_angle(0.0)
        .ascent(880.0)
        .descent(-120.0)
        .cap_height(880.0)
        .stem_v(93.0);
    fonts.push((SONG, id));
    fonts
}

fn embedded(
    pdf: &mut Pdf,
    numbers: &mut Numbers,
    face: &EmbeddedFace<'_>,
    used: &Used,
    bold: bool,
) -> Ref {
    let ids: [Ref; 5] = std::array::from_fn(|_| numbers.next());
    let [id, cid, about, unicode, file] = ids;
    // Six letters and a plus say that the font is a part of one.
    let name = if bold { "GUILDB+PaperBold" } else { "GUILDR+Paper" };
    let cut = subsetter::subset(face.bytes, face.index, &used.glyphs).unwrap_or_default();
    // Of a font with PostScript outlines only that table goes into the file.
    let outlines = ttf_parser::RawFace::parse(&cut, 0).ok();
    let cff = outlines.and_then(|raw| raw.table(ttf_parser::Tag::from_bytes(b"CFF ")));
    let kind = if cff.is_some() { CidFontType::Type0 } else { CidFontType::Type2 };
    let whole = if cff.is_some() { format!("{name}-Identity-H") } else { name.to_owned() };
    pdf.type0_font(id)
        .base_font(Name(whole.as_bytes()))
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(cid)
        .to_unicode(unicode);
    let mut font = pdf.cid_font(cid);
    font.subtype(kind).base_font(Name(name.as_bytes())).system_info(IDENTITY);
    font.font_descriptor(about).default_width(0.0);
    if cff.is_none() {
        font.cid_to_gid_map_predefined(Name(b"Identity"));
    }
    let mut widths = font.widths();
    for (number, (_, wide)) in &used.letters {
        widths.consecutive(*number, [*wide]);
    }
    widths.finish();
    font.finish();
    descriptor(pdf, face, about, name, (file, cff.is_some()));
    let mut map = UnicodeCmap::new(Name(b"Custom"), IDENTITY);
    for (number, (letter, _)) in &used.letters {
        map.pair(*number, *letter);
    }
    let map = compress_to_vec_zlib(&map.finish(), LEVEL);
    pdf.stream(unicode, &map).filter(Filter::FlateDecode);
    let body = compress_to_vec_zlib(cff.unwrap_or(&cut), LEVEL);
    let mut stream = pdf.stream(file, &body);
    stream.filter(Filter::FlateDecode);
    if cff.is_some() {
        stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
    }
    stream.finish();
    id
}

fn descriptor(
    pdf: &mut Pdf,
    face: &EmbeddedFace<'_>,
    id: Ref,
    name: &str,
    (file, cff): (Ref, bool),
) {
    let scale = 1000.0 / f32::from(face.face.units_per_em());
    let bounds = face.face.global_bounding_box();
    let scaled = |value: i16| f32::from(value) * scale;
    let mut about = pdf.font_descriptor(id);
    about
        .name(Name(name.as_bytes()))
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(
            scaled(bounds.x_min),
            scaled(bounds.y_min),
            scaled(bounds.x_max),
            scaled(bounds.y_max),
        ))
        .italic_angle(0.0)
        .ascent(scaled(face.face.ascender()))
        .descent(scaled(face.face.descender()))
        .cap_height(scaled(face.face.capital_height().unwrap_or(700)))
        .stem_v(80.0);
    if cff {
        about.font_file3(file);
    } else {
        about.font_file2(file);
    }
}
