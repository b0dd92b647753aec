//! Files are served under their content's name, and every pair of colours can be read.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Request;
use tower::ServiceExt as _;

use super::*;

async fn get_status(address: &str) -> (StatusCode, axum::http::HeaderMap) {
    let request = Request::get(address).body(Body::empty()).unwrap();
    let response = routes::<()>().oneshot(request).await.unwrap();
    (response.status(), response.headers().clone())
}

#[tokio::test]
async fn a_file_is_kept_for_a_year_and_an_old_name_is_gone() {
    let (status, head) = get_status(&address("guildhall.css")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(head[CACHE_CONTROL], "public, max-age=31536000, immutable");
    assert_eq!(head[X_CONTENT_TYPE_OPTIONS], "nosniff");
    let (status, _) = get_status("/assets/guildhall.000000000000.css").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

/// Colours by name as (paper, ink); only tokens written as `light-dark(#rrggbb, #rrggbb)` or one `#rrggbb`.
fn colours() -> BTreeMap<String, (String, String)> {
    let mut found = BTreeMap::new();
    for line in include_str!("../assets/css/tokens.css").lines() {
        let Some((name, value)) =
            line.trim().strip_prefix("--").and_then(|rest| rest.split_once(':'))
        else {
            continue;
        };
        let value = value.trim().trim_end_matches(';');
        let pair = match value.strip_prefix("light-dark(").and_then(|v| v.strip_suffix(')')) {
            Some(both) => both.split_once(", "),
            None => Some((value, value)),
        };
        let Some((paper, ink)) = pair.filter(|(paper, _)| paper.starts_with('#')) else { continue };
        // The storefront's warmer grounds come second; both are checked under their own name.
        let name = if found.contains_key(name) { format!("store-{name}") } else { name.to_owned() };
        found.insert(name, (paper.to_owned(), ink.to_owned()));
    }
    found
}

/// Relative luminance as WCAG 2.2 defines it.
fn luminance(hex: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn text_and_edges_stand_out_as_wcag_asks_on_paper_and_in_ink() {
    let colours = colours();
    let mut pairs = Vec::new();
    let grounds = ["paper", "sheet", "sunk", "store-paper", "store-sunk"];
    for ground in grounds {
        for text in ["ink", "muted", "green"] {
            pairs.push((text, ground, 4.5));
        }
        pairs.push(("edge", ground, 3.0));
    }
    for tone in ["green", "amber", "red", "blue"] {
        pairs.push((tone, "sheet", 4.5));
        pairs.push((tone, "paper", 4.5));
    }
    for (text, wash) in [
        ("green", "green-wash"),
        ("amber", "amber-wash"),
        ("red", "red-wash"),
        ("blue", "blue-wash"),
    ] {
        pairs.push((text, wash, 4.5));
        pairs.push(("ink", wash, 4.5));
        pairs.push(("muted", wash, 4.5));
    }
    for solid in ["green-solid", "green-solid-over", "red-solid"] {
        pairs.push(("on-solid", solid, 4.5));
    }
    let mut weak = Vec::new();
    for (text, ground, least) in pairs {
        let (front, back) = (&colours[text], &colours[ground]);
        for (theme, a, b) in [("paper", &front.0, &back.0), ("ink", &front.1, &back.1)] {
            let ratio = contrast(a, b);
            if ratio < least {
                weak.push(format!("{text} on {ground} ({theme}): {ratio:.2} < {least}"));
            }
        }
    }
    assert!(weak.is_empty(), "{weak:#?}");
}

#[test]
fn colours_are_named_only_among_the_tokens() {
    for part in [
        include_str!("../assets/css/page.css"),
        include_str!("../assets/css/controls.css"),
        include_str!("../assets/css/lists.css"),
        include_str!("../assets/css/detail.css"),
        include_str!("../assets/css/store.css"),
    ] {
        for line in part.lines() {
            let named = line
                .split('#')
                .skip(1)
                .any(|rest| rest.bytes().take(6).filter(u8::is_ascii_hexdigit).count() == 6);
            assert!(!named, "a colour outside tokens.css: {line}");
        }
    }
}
