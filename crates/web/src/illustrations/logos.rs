//! Shop logos and banners.

use super::paint::Canvas;
use super::{Colour, Kind, Paint};

/// A shop's mark in a circle: shape, colours and turn all come from the number.
pub fn logo(number: u32) -> String {
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
    let (ground, front) = PAIRS[(number % 10) as usize];
    let (fill, soft) = (front.fill(), front.shade());
    let mut c = Canvas::default();
    c.circle(ground.fill(), 200, 200, 200);
    match (number / 10) % 10 {
        0 => {
            c.path(fill, "M200 92c70 50 84 120 0 216c-84-96-70-166 0-216z").line(
                ground.fill(),
                10,
                "M200 150v150M200 220l32-30M200 250l-32-30",
            );
        }
        1 => {
            c.ring(fill, 26, 200, 200, 86).circle(soft, 200, 200, 40);
        }
        2 => {
            c.path(fill, "M200 96l104 80v118H96V176z").rect(ground.fill(), 172, 216, 56, 78, 28);
        }
        3 => {
            for turn in 0..8 {
                c.moved(&format!("rotate({} 200 200)", turn * 45), |c| {
                    c.ellipse(fill, 200, 132, 24, 48);
                });
            }
            c.circle(soft, 200, 200, 30);
        }
        4 => {
            c.path(fill, "M90 240q56-90 110-20t110-20v80H90z").circle(soft, 250, 140, 34);
        }
        5 => {
            c.path(fill, "M84 282l84-140 52 86 28-44 68 98z").circle(soft, 268, 132, 28);
        }
        6 => {
            c.path(fill, "M200 84l36 80 80 36-80 36-36 80-36-80-80-36 80-36z");
        }
        7 => {
            c.rect(fill, 110, 110, 84, 84, 16)
                .rect(soft, 206, 110, 84, 84, 42)
                .rect(soft, 110, 206, 84, 84, 42)
                .rect(fill, 206, 206, 84, 84, 16);
        }
        8 => {
            c.line(
                fill,
                26,
                "M110 160q46-50 90 0t90 0M110 220q46-50 90 0t90 0M110 280q46-50 90 0t90 0",
            );
        }
        _ => {
            c.path(fill, "M112 170h150v70q0 62-75 62t-75-62z")
                .line(fill, 20, "M262 190c60-10 60 70-6 66")
                .line(soft, 12, "M160 146q-12-18 0-36t0-32M210 146q-12-18 0-36t0-32");
        }
    }
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
