//! How far a parcel goes: the great circle between two postcode areas.
//!
//! Only as good as `places.csv`, which knows areas and no streets: enough to tell a rate zone, not a route.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::policy::{MarketCode, narrow};

/// A point on the earth, tenths of a degree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub latitude_tenths: i32,
    pub longitude_tenths: i32,
    /// Whether the postcode's own area was known; otherwise it is the country's middle.
    pub by_area: bool,
}

/// The longest beginning of a postcode in the file.
const LONGEST: usize = 3;
/// Kilometres: the mean radius of the earth (IUGG).
const EARTH_RADIUS: f64 = 6_371.0;

/// Country and area to latitude and longitude.
type Places = HashMap<(&'static str, &'static str), (i32, i32)>;

static PLACES: LazyLock<Places> = LazyLock::new(|| {
    let lines = include_str!("places.csv").lines().filter(|line| !line.starts_with('#'));
    let line = |line: &'static str| {
        let mut cells = line.split(',');
        let key = (cells.next()?, cells.next()?);
        Some((key, (cells.next()?.parse().ok()?, cells.next()?.parse().ok()?)))
    };
    lines.map(|text| line(text).expect("places.csv is read by a test")).collect()
});

/// Where a postcode is, or else where its country is; nothing for a country which the file does not know.
pub fn place(country: MarketCode, postcode: &str) -> Option<Place> {
    let code: String = postcode.chars().map(narrow).filter(char::is_ascii_alphanumeric).collect();
    let code = code.to_ascii_uppercase();
    // British areas are letters: E is London, EH is Edinburgh, so all letters count. Elsewhere the longest beginning wins.
    let letters = code.find(|c: char| c.is_ascii_digit()).unwrap_or(code.len());
    let beginnings: Vec<&str> = match letters {
        0 => (1..=LONGEST.min(code.len())).rev().map(|length| &code[..length]).collect(),
        length => vec![&code[..length]],
    };
    let found = |beginning: &str| PLACES.get(&(country.as_str(), beginning)).copied();
    let at = |(latitude_tenths, longitude_tenths), by_area| Place {
        latitude_tenths,
        longitude_tenths,
        by_area,
    };
    let area = beginnings.into_iter().filter(|text| !text.is_empty()).find_map(found);
    area.map(|point| at(point, true)).or_else(|| found("").map(|point| at(point, false)))
}

/// Kilometres along the surface, to the nearest whole one.
pub fn great_circle_km(from: Place, to: Place) -> i64 {
    let radians = |tenths: i32| (f64::from(tenths) / 10.0).to_radians();
    let (latitude_a, latitude_b) = (radians(from.latitude_tenths), radians(to.latitude_tenths));
    let half_latitude = (latitude_b - latitude_a) / 2.0;
    let half_longitude = (radians(to.longitude_tenths) - radians(from.longitude_tenths)) / 2.0;
    let haversine = half_latitude.sin().powi(2)
        + latitude_a.cos() * latitude_b.cos() * half_longitude.sin().powi(2);
    // At most half the earth's girth, so the cast keeps the value.
    (2.0 * EARTH_RADIUS * haversine.sqrt().min(1.0).asin()).round() as i64
}

/// From one postcode to another; nothing where one of the countries is not in the file.
pub fn between(from: (MarketCode, &str), to: (MarketCode, &str)) -> Option<i64> {
    Some(great_circle_km(place(from.0, from.1)?, place(to.0, to.1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> MarketCode {
        MarketCode::parse(text).unwrap()
    }

    #[test]
    fn every_line_of_the_file_is_a_place_on_earth() {
        assert!(PLACES.len() > 400);
        for ((country, beginning), (latitude, longitude)) in PLACES.iter() {
            assert!(latitude.abs() <= 900 && longitude.abs() <= 1_800, "{country} {beginning}");
            assert!(beginning.len() <= LONGEST, "{country} {beginning}");
        }
    }

    #[test]
    fn a_postcode_is_looked_up_by_its_area() {
        let (edinburgh, london) = (place(code("GB"), "eh1 1yz"), place(code("GB"), "E1 6AN"));
        assert_eq!(edinburgh.map(|p| (p.latitude_tenths, p.by_area)), Some((559, true)));
        assert_eq!(london.map(|p| (p.latitude_tenths, p.by_area)), Some((515, true)));
        let honolulu = place(code("US"), "96813").unwrap();
        assert!(honolulu.longitude_tenths < -1_500);
        assert_eq!(place(code("JP"), "１００ー０００１").map(|p| p.by_area), Some(true));
        assert_eq!(place(code("US"), "").map(|p| p.by_area), Some(false));
        assert_eq!(place(code("FR"), "75001").map(|p| p.by_area), Some(false));
        assert_eq!(place(code("MX"), "06000"), None);
    }

    /// Airport-to-airport distances are published everywhere; ours are within the precision of the areas.
    #[test]
    fn distances_are_about_what_an_atlas_says() {
        let km =
            |a: (&str, &str), b: (&str, &str)| between((code(a.0), a.1), (code(b.0), b.1)).unwrap();
        for (from, to, atlas) in [
            (("US", "94105"), ("US", "10001"), 4_130),
            (("GB", "SW1A 1AA"), ("GB", "EH1 1YZ"), 534),
            (("DE", "10115"), ("DE", "80331"), 504),
            (("JP", "100-0001"), ("JP", "530-0001"), 403),
            (("ID", "10110"), ("ID", "60111"), 663),
            (("CN", "518000"), ("DE", "60311"), 9_200),
        ] {
            let found = km(from, to);
            assert!((found - atlas).abs() <= 60 + atlas / 50, "{from:?} {to:?}: {found} km");
            assert_eq!(found, km(to, from));
        }
        assert_eq!(km(("US", "94105"), ("US", "94601")), 0);
    }
}
