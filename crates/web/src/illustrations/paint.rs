//! The brush: plain SVG elements written into a string, on a canvas of 400 × 400.
//!
//! Only presentation attributes are written, never `style`: the content policy forbids those.

use std::fmt::{self, Write as _};

/// Side of the square canvas.
pub const SIDE: i32 = 400;

/// An SVG being written.
#[derive(Debug, Default)]
pub struct Canvas {
    svg: String,
    cuts: u32,
}

impl Canvas {
    /// A filled path.
    pub fn path(&mut self, fill: &str, d: &str) -> &mut Canvas {
        self.put(format_args!(r#"<path fill="{fill}" d="{d}"/>"#))
    }

    /// A filled path with an opacity in hundredths.
    pub fn veil(&mut self, fill: &str, hundredths: u8, d: &str) -> &mut Canvas {
        self.put(format_args!(r#"<path fill="{fill}" opacity="{}" d="{d}"/>"#, share(hundredths)))
    }

    /// A stroked path with round ends.
    pub fn line(&mut self, stroke: &str, width: i32, d: &str) -> &mut Canvas {
        self.put(format_args!(
            r#"<path fill="none" stroke="{stroke}" stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round" d="{d}"/>"#
        ))
    }

    /// Dashes: seams, stitches.
    pub fn stitches(&mut self, stroke: &str, d: &str) -> &mut Canvas {
        self.put(format_args!(
            r#"<path fill="none" stroke="{stroke}" stroke-width="2" stroke-dasharray="6 5" stroke-linecap="round" d="{d}"/>"#
        ))
    }

    pub fn circle(&mut self, fill: &str, x: i32, y: i32, r: i32) -> &mut Canvas {
        self.put(format_args!(r#"<circle fill="{fill}" cx="{x}" cy="{y}" r="{r}"/>"#))
    }

    pub fn ring(&mut self, stroke: &str, width: i32, x: i32, y: i32, r: i32) -> &mut Canvas {
        self.put(format_args!(
            r#"<circle fill="none" stroke="{stroke}" stroke-width="{width}" cx="{x}" cy="{y}" r="{r}"/>"#
        ))
    }

    pub fn ellipse(&mut self, fill: &str, x: i32, y: i32, rx: i32, ry: i32) -> &mut Canvas {
        self.put(format_args!(r#"<ellipse fill="{fill}" cx="{x}" cy="{y}" rx="{rx}" ry="{ry}"/>"#))
    }

    /// A rectangle by its corner, with rounded corners.
    pub fn rect(&mut self, fill: &str, x: i32, y: i32, w: i32, h: i32, round: i32) -> &mut Canvas {
        self.put(format_args!(
            r#"<rect fill="{fill}" x="{x}" y="{y}" width="{w}" height="{h}" rx="{round}"/>"#
        ))
    }

    /// The soft shadow a thing throws on the table.
    pub fn shadow(&mut self, x: i32, y: i32, rx: i32) -> &mut Canvas {
        let ry = (rx / 9).max(5);
        self.put(format_args!(
            r##"<ellipse fill="#1c1f1b" opacity=".12" cx="{x}" cy="{y}" rx="{rx}" ry="{ry}"/>"##
        ))
    }

    /// Draws what `inner` draws, moved, turned and scaled: "translate(40 0) rotate(-12 200 200) scale(.8)".
    pub fn moved(&mut self, transform: &str, inner: impl FnOnce(&mut Canvas)) -> &mut Canvas {
        self.put(format_args!(r#"<g transform="{transform}">"#));
        inner(self);
        self.put(format_args!("</g>"))
    }

    /// A filled shape with what `inner` draws on it cut to its outline: shade, light, patterns.
    pub fn shape(&mut self, fill: &str, d: &str, inner: impl FnOnce(&mut Canvas)) -> &mut Canvas {
        self.cuts += 1;
        let cut = self.cuts;
        self.put(format_args!(
            r#"<clipPath id="c{cut}"><path d="{d}"/></clipPath><path fill="{fill}" d="{d}"/><g clip-path="url(#c{cut})">"#
        ));
        inner(self);
        self.put(format_args!("</g>"))
    }

    /// As [`Canvas::moved`], but see-through.
    pub fn faint(&mut self, hundredths: u8, inner: impl FnOnce(&mut Canvas)) -> &mut Canvas {
        self.put(format_args!(r#"<g opacity="{}">"#, share(hundredths)));
        inner(self);
        self.put(format_args!("</g>"))
    }

    /// The finished picture: what was drawn, seen through `view` ("0 0 400 400" is all of it).
    pub fn finish(self, view: &str) -> String {
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" width="800" height="800">{}</svg>"#,
            self.svg
        )
    }

    fn put(&mut self, piece: fmt::Arguments<'_>) -> &mut Canvas {
        self.svg.write_fmt(piece).expect("writing to a string cannot fail");
        self
    }
}

/// A number from a text, the same on every machine (FNV-1a).
pub fn spread(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// 12 → ".12", 100 → "1".
fn share(hundredths: u8) -> String {
    if hundredths >= 100 { "1".to_owned() } else { format!(".{hundredths:02}") }
}
