//! A QR code (ISO/IEC 18004) as a drawing in the page: no picture to load, sharp at any size, dark on light in every theme.

use std::fmt::Write as _;

use maud::{Markup, html};
use qrcode::{Color, EcLevel, QrCode};

/// The light border which readers need, in modules. [P] four, by the standard.
const QUIET: usize = 4;

/// The code of a content, named for those who cannot see it; nothing when the content is too long for any code.
pub fn qr(content: &str, name: &str) -> Markup {
    let Ok(code) = QrCode::with_error_correction_level(content, EcLevel::M) else {
        return html! {};
    };
    let (width, side) = (code.width(), code.width() + 2 * QUIET);
    html! {
        svg.qr xmlns="http://www.w3.org/2000/svg" role="img" aria-label=(name) viewBox={ "0 0 " (side) " " (side) }
            shape-rendering="crispEdges" {
            rect width=(side) height=(side) fill="#fff" {}
            path fill="#000" d=(dark_parts(&code.to_colors(), width)) {}
        }
    }
}

/// Each row's dark stretches as rectangles of one module's height.
fn dark_parts(colours: &[Color], width: usize) -> String {
    let mut path = String::new();
    for (y, row) in colours.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let stretch = row[x..].iter().take_while(|colour| **colour == Color::Dark).count();
            if stretch > 0 {
                write!(path, "M{} {}h{stretch}v1h-{stretch}z", x + QUIET, y + QUIET)
                    .expect("a text takes what is written to it");
            }
            x += stretch.max(1);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dark_parts_are_those_of_the_code() {
        let (d, l) = (Color::Dark, Color::Light);
        let path = dark_parts(&[d, d, l, l, l, l, d, l, d], 3);
        assert_eq!(path, "M4 4h2v1h-2zM4 6h1v1h-1zM6 6h1v1h-1z");
    }

    #[test]
    fn what_is_too_long_for_a_code_draws_nothing() {
        assert!(!qr("weixin://wxpay/bizpayurl?pr=1", "name").into_string().is_empty());
        assert!(qr(&"x".repeat(3_000), "name").into_string().is_empty());
    }
}
