//! Money as a flow: where it waits, in the order in which it moves on.

use maud::{Markup, html};
use rules::money::Money;

use crate::format::Reader;
use crate::ui::badges::Tone;
use crate::ui::icons::{Icon, icon};

/// One place where money waits: escrow, available, reserve, paid out.
#[derive(Clone, Debug)]
pub struct FlowStep {
    pub label: String,
    pub amount: Money,
    /// What it waits for: "until 30 Nov, when the buyers' time to complain is over".
    pub note: String,
    /// Where its transfers are listed.
    pub href: Option<String>,
    /// [`Tone::Bad`] for what is held or owed.
    pub tone: Tone,
}

/// The steps from left to right, on a phone from top to bottom.
pub fn money_flow(reader: &Reader, steps: &[FlowStep]) -> Markup {
    html! {
        ol.flow {
            @for (place, step) in steps.iter().enumerate() {
                @if place > 0 { li.flow-arrow aria-hidden="true" { (icon(Icon::Arrow)) } }
                li class={ "flow-step " (step.tone.class()) } {
                    span.flow-label {
                        @match &step.href {
                            Some(href) => { a href=(href) { (step.label) } }
                            None => { (step.label) }
                        }
                    }
                    span.figure.num { (reader.money(step.amount)) }
                    @if !step.note.is_empty() { small { (step.note) } }
                }
            }
        }
    }
}
