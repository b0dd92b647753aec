//! Shop logos and banners.

use super::paint::Canvas;
use super::{Colour, Kind, Paint, marks};

const PAIRS: [(Colour, Colour); 10] = [
    (Colour::Forest, Colour::Cream),
    (Colour::Navy, Colour::Amber),
    (Colour::Terracotta, Colour::Cream),
    (Colour::Plum, Colour::Rose),
    (Colour::Teal, Colour::Lemon),
    (Colour::Ink, Colour::Mint),
    (Colour::Cocoa, Colour::Sand),
    (Colour::Sage, Colour::Snow),
    (Colour::Red, Colour::Snow),
    (Colour::Sky, Colour::Navy),
];

/// A shop's mark in a circle: what it shows comes from the shop's category, its colours from the number.
pub fn logo(category: &str, number: u32) -> String {
    let (ground, front) = PAIRS[(number % 10) as usize];
    let fitting = marks::of_category(category);
    let mut c = Canvas::default();
    c.circle(ground.fill(), 200, 200, 200);
    fitting[(number / 10) as usize % fitting.len()](&mut c, ground, front);
    c.finish("0 0 400 400")
}

/// A wide still life of three things, 640 × 360.
pub fn banner(kinds: [Kind; 3], colour: Colour) -> String {
    let mut c = Canvas::default();
    c.rect(colour.ground(), 0, 0, 640, 360, 0);
    c.veil("#ffffff", 45, "M110 360V210a110 110 0 0 1 220 0v150z").veil(
        "#ffffff",
        35,
        "M560 60a90 90 0 1 1-1 0z",
    );
    c.veil(colour.fill(), 30, "M0 300q160-24 320-6t320-10v76H0z");
    let seconds = [colour, Colour::Terracotta, Colour::Navy];
    let places = [(220, 318, 66), (400, 326, 74), (546, 316, 52)];
    for (place, kind) in kinds.into_iter().enumerate() {
        let (x, y, size) = places[place];
        let paint = Paint::new(seconds[place], 3 + place as u32);
        let (dx, dy) = (x - 2 * size, y - 322 * size / 100);
        c.moved(&format!("translate({dx} {dy}) scale(.{size})"), |c| kind.draw(c, &paint));
    }
    c.finish("0 0 640 360").replace(r#"width="800" height="800""#, r#"width="1280" height="720""#)
}
