//! Charts drawn on the server as SVG: colours by class, sizes by attribute, nothing inline.

use std::fmt::Write as _;

use maud::{Markup, html};

/// One bar: its label, its height in the figure's own unit, and what the figure is in words.
#[derive(Clone, Debug)]
pub struct Bar {
    pub label: String,
    pub value: i64,
    /// "US$1,204.00", shown on hover and read out.
    pub said: String,
    /// Drawn in the accent: today, the current month.
    pub now: bool,
}

/// Bars side by side. `title` says what is drawn; screen readers get the figures as a list.
pub fn bars(title: &str, bars: &[Bar]) -> Markup {
    const HEIGHT: i64 = 120;
    const WIDTH: usize = 480;
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
    // A few bars are not drawn as wide as doors, and the gap between many shrinks with them.
    let step = (WIDTH / bars.len().max(8)).max(2);
    let gap = (step / 4).min(10);
    let every = bars.len().div_ceil(10).max(1);
    html! {
        figure.chart {
            figcaption { (title) }
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT + 24) } role="img" aria-label=(spoken(bars)) preserveAspectRatio="xMinYMid meet" {
                @for (place, bar) in bars.iter().enumerate() {
                    @let tall = scaled(bar.value.max(0), HEIGHT, most);
                    g {
                        title { (bar.label) ": " (bar.said) }
                        rect.bar-back x=(place * step + gap / 2) y="0" width=(step - gap) height=(HEIGHT) rx="3" {}
                        rect class={ "bar" @if bar.now { " now" } } x=(place * step + gap / 2) y=(HEIGHT - tall) width=(step - gap) height=(tall) rx="3" {}
                        @if place % every == 0 {
                            text x=(place * step + step / 2) y=(HEIGHT + 18) text-anchor="middle" { (bar.label) }
                        }
                    }
                }
            }
        }
    }
}

/// A small line without axes, beside a figure. `said` tells its meaning: "up from 12 to 31 in 14 days".
pub fn sparkline(said: &str, values: &[i64]) -> Markup {
    const WIDTH: i64 = 96;
    const HEIGHT: i64 = 24;
    let (least, most) =
        (values.iter().min().copied().unwrap_or(0), values.iter().max().copied().unwrap_or(0));
    let spread = most.saturating_sub(least).max(1);
    let steps = i64::try_from(values.len()).unwrap_or(i64::MAX).saturating_sub(1).max(1);
    let mut points = String::new();
    let mut last = (2, HEIGHT / 2);
    for (place, value) in (0_i64..).zip(values) {
        last = (
            2 + place * (WIDTH - 4) / steps,
            HEIGHT - 3 - scaled(value.saturating_sub(least), HEIGHT - 6, spread),
        );
        write!(points, "{},{} ", last.0, last.1).expect("writing to a string cannot fail");
    }
    html! {
        svg.sparkline viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } width=(WIDTH) height=(HEIGHT) role="img" aria-label=(said) {
            title { (said) }
            polyline points=(points) fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round" {}
            circle cx=(last.0) cy=(last.1) r="2.2" fill="currentColor" {}
        }
    }
}

/// A share of a whole as a bar: score, deposit held of required. `part` and `whole` are in one unit.
pub fn meter(said: &str, part: i64, whole: i64, tone: crate::ui::badges::Tone) -> Markup {
    const WIDTH: i64 = 200;
    let filled = if whole > 0 { scaled(part.clamp(0, whole), WIDTH, whole) } else { 0 };
    html! {
        svg class={ "meter " (tone.class()) } viewBox="0 0 200 8" height="8" role="img" aria-label=(said) preserveAspectRatio="none" {
            rect.bar-back x="0" y="0" width="200" height="8" rx="4" {}
            rect.bar x="0" y="0" width=(filled) height="8" rx="4" {}
        }
    }
}

/// `value * length / most` without overflow, for any amounts of money.
fn scaled(value: i64, length: i64, most: i64) -> i64 {
    i64::try_from(i128::from(value) * i128::from(length) / i128::from(most)).unwrap_or(length)
}

/// The figures alone: the caption has said what they are.
fn spoken(bars: &[Bar]) -> String {
    let mut text = String::new();
    for bar in bars {
        write!(text, "{} {}; ", bar.label, bar.said).expect("writing to a string cannot fail");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::badges::Tone;

    #[test]
    fn charts_take_any_number_of_figures_of_any_size() {
        for count in [0, 1, 7, 90, 1_000] {
            let one = |value| Bar { label: "1".into(), value, said: "1".into(), now: false };
            let drawn = bars("", &vec![one(i64::MAX); count]).into_string();
            assert_eq!(drawn.matches("class=\"bar\"").count(), count);
            assert!(!drawn.contains("=\"-"), "a negative size");
        }
        sparkline("", &[i64::MIN, i64::MAX, 0]);
        sparkline("", &[]);
        assert!(meter("", 640, 1_000, Tone::Soon).into_string().contains("width=\"128\""));
        assert!(meter("", 5, 0, Tone::Bad).into_string().contains("width=\"0\""));
    }
}
