//! Pictures drawn by us: products, shop logos, category tiles. No outside files, no chance: the same
//! name always gives the same picture.
//!
//! A picture has an address which says what is drawn, `/pictures/drawn/mug-sage-front-7.svg`, so a
//! product only keeps the address. They are shown through `<img>`, never pasted into a page.
//!
//! ```ignore
//! let kind = Kind::for_words("Ceramic mug 350 ml").unwrap_or(Kind::Parcel);
//! for shot in Shot::ALL { addresses.push(address(kind, Colour::for_name("Sage"), shot, 7)); }
//! ```

mod care;
mod categories;
mod clothes;
mod gadgets;
mod home;
mod kinds;
mod kitchen;
mod logos;
mod marks;
mod names;
pub mod paint;
mod palette;
mod pantry;
mod play;
mod scenes;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

pub use categories::{category_address, for_category};
pub use kinds::Kind;
pub use logos::{banner, logo};
pub use palette::Colour;

use paint::Canvas;

/// What a picture shows of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shot {
    /// The thing alone on a soft ground.
    Front,
    /// A part of it, near.
    Detail,
    /// Where it is used.
    InUse,
    /// As it arrives.
    Packed,
}

impl Shot {
    pub const ALL: [Shot; 4] = [Shot::Front, Shot::Detail, Shot::InUse, Shot::Packed];

    pub const fn code(self) -> &'static str {
        match self {
            Shot::Front => "front",
            Shot::Detail => "detail",
            Shot::InUse => "use",
            Shot::Packed => "packed",
        }
    }
}

/// What a thing is drawn with: its colour, a second one which goes with it, and a number which varies the rest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint {
    pub colour: Colour,
    pub second: Colour,
    pub seed: u32,
}

impl Paint {
    fn new(colour: Colour, seed: u32) -> Paint {
        const SECONDS: [Colour; 6] = [
            Colour::Cream,
            Colour::Terracotta,
            Colour::Navy,
            Colour::Lemon,
            Colour::Sage,
            Colour::Rose,
        ];
        let place = seed as usize % SECONDS.len();
        let second = if SECONDS[place] == colour {
            SECONDS[(place + 1) % SECONDS.len()]
        } else {
            SECONDS[place]
        };
        Paint { colour, second, seed }
    }

    /// One of `many` by the seed alone: a product keeps its pattern in every colour.
    pub(crate) fn pick(&self, many: u32) -> u32 {
        self.seed / 4 % many
    }
}

/// A product's picture as SVG.
pub fn product(kind: Kind, colour: Colour, shot: Shot, seed: u32) -> String {
    let paint = Paint::new(colour, seed);
    let mut canvas = Canvas::default();
    match shot {
        Shot::Front => {
            scenes::ground(&mut canvas, &paint);
            kind.draw(&mut canvas, &paint);
        }
        Shot::Detail => {
            let (x, y) = kind.focus();
            canvas.rect(colour.ground(), 0, 0, paint::SIDE, paint::SIDE, 0);
            canvas.moved(
                &format!(
                    "rotate(-8 200 200) translate({} {}) scale(2.1)",
                    200 - x * 21 / 10,
                    200 - y * 21 / 10
                ),
                |c| {
                    kind.draw(c, &paint);
                },
            );
        }
        Shot::InUse => scenes::in_use(&mut canvas, kind, &paint),
        Shot::Packed => scenes::packed(&mut canvas, kind, &paint),
    }
    canvas.finish("0 0 400 400")
}

/// Where a product's picture is served.
pub fn address(kind: Kind, colour: Colour, shot: Shot, seed: u32) -> String {
    format!("/pictures/drawn/{}-{}-{}-{seed}.svg", kind.code(), colour.code(), shot.code())
}

/// Where a shop's logo is served: its category says what is drawn, its name in which colours. Any name is a logo.
pub fn logo_address(category: &str, shop: &str) -> String {
    format!("/pictures/drawn/logo-{category}-{:08x}.svg", paint::spread(shop))
}

/// Where a banner of several things is served.
pub fn banner_address(kinds: [Kind; 3], colour: Colour) -> String {
    let [first, second, third] = kinds.map(Kind::code);
    format!("/pictures/drawn/banner-{first}-{second}-{third}-{}.svg", colour.code())
}

/// The picture behind the last part of an address; `None` when there is no such picture.
pub fn by_name(name: &str) -> Option<String> {
    let parts: Vec<&str> = name.strip_suffix(".svg")?.split('-').collect();
    match parts.as_slice() {
        ["logo", category, number] => Some(logo(category, u32::from_str_radix(number, 16).ok()?)),
        ["banner", first, second, third, colour] => {
            let kinds = [Kind::by_code(first)?, Kind::by_code(second)?, Kind::by_code(third)?];
            Some(banner(kinds, Colour::by_code(colour)?))
        }
        [kind, colour, shot, seed] => {
            let shot = Shot::ALL.into_iter().find(|known| known.code() == *shot)?;
            Some(product(Kind::by_code(kind)?, Colour::by_code(colour)?, shot, seed.parse().ok()?))
        }
        _ => None,
    }
}

/// The routes below `/pictures/drawn/`.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/pictures/drawn/{name}", get(serve))
}

async fn serve(Path(name): Path<String>) -> Response {
    let Some(picture) = by_name(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let head = [
        (CONTENT_TYPE, "image/svg+xml"),
        (CACHE_CONTROL, "public, max-age=604800"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Opened by itself, an SVG is a document; this one may do nothing.
        (CONTENT_SECURITY_POLICY, "default-src 'none'"),
    ];
    (head, picture).into_response()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_thing_is_drawn_in_every_colour_and_shot_without_styles() {
        for kind in Kind::ALL {
            let mut seen = HashSet::new();
            for colour in Colour::ALL {
                for shot in Shot::ALL {
                    let name = address(kind, colour, shot, 3).replace("/pictures/drawn/", "");
                    let picture = by_name(&name)
                        .unwrap_or_else(|| panic!("{name} is not found by its own address"));
                    assert!(!picture.contains("style="), "{name}");
                    assert_eq!(
                        picture.matches("<g").count(),
                        picture.matches("</g>").count(),
                        "{name}"
                    );
                    assert!(seen.insert(picture), "{name} looks like another colour or shot");
                }
            }
        }
    }

    #[test]
    fn unknown_names_are_no_picture() {
        for name in [
            "",
            "mug.svg",
            "mug-sage-front.svg",
            "mug-sage-front-x.svg",
            "ufo-sage-front-1.svg",
            "mug-sage-front-1.png",
        ] {
            assert_eq!(by_name(name), None, "{name}");
        }
    }

    #[test]
    fn a_shops_logo_is_always_the_same() {
        let name = logo_address("clothing", "Linen & Co.").replace("/pictures/drawn/", "");
        assert!(by_name(&name).is_some());
        assert_eq!(by_name(&name), by_name(&name));
        assert_ne!(logo_address("tea", "Linen & Co."), logo_address("tea", "Kettle & Sons"));
    }
}
