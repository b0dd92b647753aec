//! Where the letters of papers come from: found once, or named by whoever runs the market.

use std::path::PathBuf;
use std::sync::OnceLock;

use documents::FontPlaces;

static FONT: OnceLock<FontPlaces> = OnceLock::new();

/// Names the font file of all papers. Only the first call counts; without one, known places are looked at.
pub fn use_font(file: Option<PathBuf>) {
    FONT.get_or_init(|| FontPlaces::find(file.as_deref()));
}

pub(crate) fn fonts() -> &'static FontPlaces {
    FONT.get_or_init(|| FontPlaces::find(None))
}
