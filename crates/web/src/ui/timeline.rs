//! What happened, in order, read top-down: who, what, why.

use maud::{Markup, html};
use rules::time::Timestamp;

use crate::format::Reader;
use crate::ui::badges::Tone;
use crate::ui::icons::{Icon, icon};
use crate::words::Msg;

/// One thing that happened, or that will happen by itself.
#[derive(Clone, Debug)]
pub struct TimelineEntry {
    pub at: Timestamp,
    pub icon: Icon,
    pub tone: Tone,
    /// "Shipped with DHL Parcel".
    pub what: String,
    /// "Mei Chen, fulfilment"; empty when the clock did it.
    pub who: String,
    /// The reason, note, or tracking line; empty if there is none.
    pub why: String,
}

/// The timeline, oldest first. Entries later than now are drawn as still to come.
pub fn timeline(reader: &Reader, entries: &[TimelineEntry]) -> Markup {
    html! {
        ol.timeline {
            @for entry in entries {
                @let coming = entry.at > reader.now;
                li class={ (entry.tone.class()) @if coming { " coming" } } {
                    span.dot { (icon(entry.icon)) }
                    div {
                        p.what {
                            @if coming { (reader.with(Msg::TimelineExpected, &[("what", entry.what.as_str().into())])) }
                            @else { (entry.what) }
                        }
                        @if !entry.why.is_empty() { p.why { (entry.why) } }
                        p.meta {
                            time.num datetime=(entry.at) { (reader.moment(entry.at)) }
                            @if !entry.who.is_empty() { span { (entry.who) } } @else { span { (reader.t(Msg::TimelineByItself)) } }
                        }
                    }
                }
            }
        }
    }
}
