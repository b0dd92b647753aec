//! QR codes, by the crate `qrcode`.

use qrcode::{Color, EcLevel, QrCode};

/// The dark and light modules of a text, row by row, without the quiet zone (4 modules on each side). A quarter of the
/// code may be soiled: labels travel. None for a text which is too long.
pub fn modules(text: &str) -> Option<Vec<Vec<bool>>> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::Q).ok()?;
    let width = code.width();
    let colors = code.into_colors();
    Some(colors.chunks(width).map(|row| row.iter().map(|c| *c == Color::Dark).collect()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_square_and_has_its_three_corners() {
        let rows = modules("4711").expect("short");
        let width = rows.len();
        assert!(width >= 21 && rows.iter().all(|row| row.len() == width));
        for (y, x) in [(0, 0), (0, width - 7), (width - 7, 0)] {
            assert!((0..7).all(|i| rows[y][x + i] && rows[y + 6][x + i]), "the frame at {y},{x}");
            assert!(rows[y + 3][x + 3]);
        }
        assert!(modules(&"x".repeat(5000)).is_none());
    }
}
