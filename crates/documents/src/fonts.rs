//! Where letters come from, and how wide they are.

use std::path::{Path, PathBuf};

use ttf_parser::{Face, GlyphId};

use crate::helvetica;

/// Where distributions put a font with Latin and Chinese letters (Debian's fonts-noto-cjk, Fedora, Arch, macOS).
const KNOWN: [(&str, &str); 4] = [
    (
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    ),
    (
        "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Bold.ttc",
    ),
    (
        "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/noto-cjk/NotoSansCJK-Bold.ttc",
    ),
    ("/System/Library/Fonts/STHeiti Light.ttc", "/System/Library/Fonts/STHeiti Medium.ttc"),
];

/// The files of a font. They are read for each paper anew: a collection has tens of megabytes, and papers are rare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FontPlaces {
    pub regular: Option<PathBuf>,
    pub bold: Option<PathBuf>,
}

impl FontPlaces {
    /// The font which a setting names; else the first known one which is there; else none.
    pub fn find(named: Option<&Path>) -> FontPlaces {
        if let Some(path) = named {
            return FontPlaces { regular: Some(path.to_owned()), bold: None };
        }
        for (regular, bold) in KNOWN {
            if Path::new(regular).is_file() {
                let bold = Path::new(bold).is_file().then(|| PathBuf::from(bold));
                return FontPlaces { regular: Some(PathBuf::from(regular)), bold };
            }
        }
        FontPlaces::default()
    }

    /// Reads the files. One which cannot be read or is no font counts as absent.
    pub fn read(&self) -> Fonts {
        let read = |path: &Option<PathBuf>| path.as_ref().and_then(|path| std::fs::read(path).ok());
        Fonts::of(read(&self.regular), read(&self.bold))
    }
}

struct FontFile {
    bytes: Vec<u8>,
    /// Within a collection: the simplified Chinese face where there is one.
    index: u32,
}

/// The fonts of one paper. Without any, the reader's own are used: Helvetica, and STSong for Chinese.
#[derive(Default)]
pub struct Fonts {
    regular: Option<FontFile>,
    bold: Option<FontFile>,
}

impl Fonts {
    /// Only what every reader of PDF has.
    pub fn standard() -> Fonts {
        Fonts::default()
    }

    /// Of the bytes of OpenType or TrueType files or collections. What is none counts as absent.
    pub fn of(regular: Option<Vec<u8>>, bold: Option<Vec<u8>>) -> Fonts {
        let regular = regular.and_then(FontFile::of);
        let bold = if regular.is_some() { bold.and_then(FontFile::of) } else { None };
        Fonts { regular, bold }
    }

    pub(crate) fn letters(&self) -> Letters<'_> {
        let bold = face_of(&self.bold).or_else(|| face_of(&self.regular));
        Letters { regular: face_of(&self.regular), bold }
    }
}

fn face_of(file: &Option<FontFile>) -> Option<EmbeddedFace<'_>> {
    let file = file.as_ref()?;
    let face = Face::parse(&file.bytes, file.index).ok()?;
    Some(EmbeddedFace { bytes: &file.bytes, index: file.index, face })
}

impl FontFile {
    fn of(bytes: Vec<u8>) -> Option<FontFile> {
        let count = ttf_parser::fonts_in_collection(&bytes).unwrap_or(1);
        let simplified = |index: &u32| {
            Face::parse(&bytes, *index).is_ok_and(|face| {
                let mut names = face.names().into_iter().filter_map(|name| name.to_string());
                names.any(|name| name.ends_with(" SC"))
            })
        };
        let index = (0..count).find(simplified).unwrap_or(0);
        Face::parse(&bytes, index).ok()?;
        Some(FontFile { bytes, index })
    }
}

pub(crate) struct EmbeddedFace<'f> {
    pub bytes: &'f [u8],
    pub index: u32,
    pub face: Face<'f>,
}

impl EmbeddedFace<'_> {
    /// The glyph of a letter; a question mark's where the font has none.
    pub fn glyph(&self, letter: char) -> GlyphId {
        let found = self.face.glyph_index(letter).or_else(|| self.face.glyph_index('?'));
        found.unwrap_or(GlyphId(0))
    }

    /// In thousandths of the size.
    pub fn advance(&self, glyph: GlyphId) -> f32 {
        let units = f32::from(self.face.units_per_em());
        f32::from(self.face.glyph_hor_advance(glyph).unwrap_or(0)) * 1000.0 / units
    }
}

/// Letters which can be measured and drawn.
pub(crate) struct Letters<'f> {
    pub regular: Option<EmbeddedFace<'f>>,
    pub bold: Option<EmbeddedFace<'f>>,
}

impl<'f> Letters<'f> {
    pub fn face(&self, bold: bool) -> Option<&EmbeddedFace<'f>> {
        if bold { self.bold.as_ref() } else { self.regular.as_ref() }
    }

    fn letter(&self, letter: char, bold: bool) -> f32 {
        match self.face(bold) {
            Some(face) => face.advance(face.glyph(letter)),
            None => match helvetica::byte_of(letter) {
                Some(byte) => helvetica::advance(byte, bold),
                None => 1000.0,
            },
        }
    }

    /// How wide a text is, in points.
    pub fn width(&self, text: &str, size: f32, bold: bool) -> f32 {
        text.chars().map(|letter| self.letter(letter, bold)).sum::<f32>() * size / 1000.0
    }

    /// The text in lines no wider than `width` points. Breaks at spaces and around Chinese letters; a word which is
    /// wider than the line is cut.
    pub fn wrapped(&self, text: &str, size: f32, bold: bool, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        let mut wide = 0.0;
        // Where the line may be broken: after this many bytes, and how wide it is up to there.
        let mut chance: Option<(usize, f32)> = None;
        for letter in text.chars() {
            if letter == '\n' {
                lines.push(std::mem::take(&mut line));
                (wide, chance) = (0.0, None);
                continue;
            }
            let own = self.letter(letter, bold) * size / 1000.0;
            if breaks_before(letter) && !line.is_empty() {
                chance = Some((line.len(), wide));
            }
            if wide + own > width && !line.is_empty() {
                let (at, so_far) = chance.take().unwrap_or((line.len(), wide));
                let rest = line.split_off(at);
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
                wide -= so_far;
                let left = rest.trim_start();
                if left.len() != rest.len() {
                    wide = self.width(left, size, bold);
                }
                line = left.to_owned();
            }
            if letter == ' ' && line.is_empty() {
                continue;
            }
            line.push(letter);
            wide += own;
            if letter == ' ' || letter == '-' {
                chance = Some((line.len(), wide));
            }
        }
        if !line.is_empty() || lines.is_empty() {
            lines.push(line);
        }
        lines
    }
}

/// Chinese and Japanese letters stand for themselves: a line may end before each, unless it closes a bracket or a
/// sentence.
fn breaks_before(letter: char) -> bool {
    let east = matches!(letter, '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}');
    east && !"。，、；：！？）》」』】".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_never_lose_a_letter() {
        let fonts = Fonts::standard();
        let letters = fonts.letters();
        let text =
            "Trousers of linen, green, size M, with a very long Donaudampfschifffahrtsgesellschaft";
        let lines = letters.wrapped(text, 10.0, false, 80.0);
        assert!(lines.len() > 3);
        for line in &lines {
            assert!(letters.width(line, 10.0, false) <= 80.0, "{line}");
        }
        let without = |text: &str| text.replace(' ', "");
        assert_eq!(without(&lines.concat()), without(text));
    }

    #[test]
    fn chinese_breaks_between_letters_but_not_before_a_full_stop() {
        let fonts = Fonts::standard();
        let letters = fonts.letters();
        let lines = letters.wrapped("请轻拿轻放。易碎", 10.0, false, 50.0);
        assert_eq!(lines, ["请轻拿轻", "放。易碎"]);
    }

    #[test]
    fn what_is_no_font_is_absent() {
        let fonts = Fonts::of(Some(b"no font".to_vec()), None);
        assert!(fonts.letters().regular.is_none());
    }
}
