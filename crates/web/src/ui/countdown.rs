//! Moments and deadlines on the page.
//!
//! Both work without scripts (the text is right at the moment of rendering); `guildhall.js` keeps them moving.

use maud::{Markup, html};
use rules::time::{Span, Timestamp};

use crate::format::Reader;
use crate::ui::badges::Tone;
use crate::ui::icons::{Icon, icon};
use crate::words::Msg;

/// From here on a deadline is shown as "soon".
const SOON: Span = Span::from_hours(24);

/// Amber in the last day, red once passed, quiet before.
pub fn urgency(reader: &Reader, due: Timestamp) -> Tone {
    let left = due.since(reader.now);
    if left.ms() < 0 {
        Tone::Bad
    } else if left < SOON {
        Tone::Soon
    } else {
        Tone::Quiet
    }
}

/// A chip with the time left. `consequence` says what happens by itself when the moment comes, as a sentence;
/// it and the exact moment appear on focus and on hover, and are read out by a screen reader.
pub fn countdown(reader: &Reader, due: Timestamp, consequence: &str) -> Markup {
    html! {
        span class={ "countdown has-tip " (urgency(reader, due).class()) } tabindex="0" {
            (icon(Icon::Clock))
            (ticking(reader, due))
            span.tip { strong { (reader.moment_with_zone(due)) } " " (consequence) }
        }
    }
}

/// The time left and, in words beside it, what happens then: for the head of a detail page.
pub fn deadline(reader: &Reader, due: Timestamp, consequence: &str) -> Markup {
    html! {
        p class={ "deadline " (urgency(reader, due).class()) } {
            (icon(Icon::Clock))
            strong { (ticking(reader, due)) }
            span { (consequence) }
            span.muted.num { (reader.moment_with_zone(due)) }
        }
    }
}

/// "3 hours ago", with the exact moment on focus and hover.
pub fn ago(reader: &Reader, at: Timestamp) -> Markup {
    html! {
        span.has-tip tabindex="0" {
            time datetime=(at) { (reader.relative(at)) }
            span.tip { (reader.moment_with_zone(at)) }
        }
    }
}

/// "22 Nov 2026, 14:05".
pub fn moment(reader: &Reader, at: Timestamp) -> Markup {
    html! { time.num datetime=(at) { (reader.moment(at)) } }
}

/// "22 Nov 2026".
pub fn day(reader: &Reader, at: Timestamp) -> Markup {
    html! { time.num datetime=(at) { (reader.day(at)) } }
}

fn ticking(reader: &Reader, due: Timestamp) -> Markup {
    html! {
        time.num datetime=(due) data-countdown=(due.ms()) data-now=(reader.now.ms())
            data-left=(reader.with(Msg::CountdownLeft, &[("length", "%".into())]))
            data-late=(reader.with(Msg::CountdownLate, &[("length", "%".into())]))
            data-units=(reader.t(Msg::CountdownUnits)) {
            (reader.countdown(due))
        }
    }
}
