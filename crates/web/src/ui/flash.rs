//! What just happened, what is forbidden and why, and what cannot be undone.

use maud::{Markup, html};

use crate::format::Reader;
use crate::ui::badges::Tone;
use crate::ui::forms::{Look, csrf_field};
use crate::ui::icons::{Icon, icon};
use crate::ui::money_table::{MoneyLine, money_table};
use crate::words::{Msg, Words};

/// A message at the top of the page after an act.
#[derive(Clone, Debug)]
pub struct Flash {
    pub tone: Tone,
    pub text: String,
    /// (address, label): undo, or "see it".
    pub next: Option<(String, String)>,
}

impl Flash {
    pub fn good(text: impl Into<String>) -> Flash {
        Flash { tone: Tone::Good, text: text.into(), next: None }
    }

    pub fn bad(text: impl Into<String>) -> Flash {
        Flash { tone: Tone::Bad, text: text.into(), next: None }
    }
}

/// Draws a flash; also usable as a standing notice inside a page.
pub fn flash(message: &Flash) -> Markup {
    let role = if message.tone == Tone::Bad { "alert" } else { "status" };
    html! {
        div class={ "flash " (message.tone.class()) } role=(role) {
            (icon(tone_icon(message.tone)))
            p { (message.text) @if let Some((href, label)) = &message.next { " " a href=(href) { (label) } } }
        }
    }
}

/// A question before an act which cannot be taken back: plain form, and the money it moves.
#[derive(Clone, Debug, Default)]
pub struct Confirm {
    /// "Cancel order 7341 and refund the buyer?"
    pub title: String,
    /// What will happen, in sentences.
    pub text: String,
    /// The money that moves; may be empty.
    pub money: Vec<MoneyLine>,
    pub action: String,
    pub csrf: String,
    /// Sent along.
    pub hidden: Vec<(String, String)>,
    /// Further questions: a reason, a note.
    pub fields: Option<Markup>,
    /// "Cancel and refund".
    pub yes: String,
    /// Where "no" leads.
    pub no: String,
    /// Red instead of green.
    pub danger: bool,
}

/// Draws the question.
pub fn confirm(reader: &Reader, ask: &Confirm) -> Markup {
    let look = if ask.danger { Look::Danger } else { Look::Primary };
    html! {
        section class={ "confirm" @if ask.danger { " danger" } } aria-labelledby="confirm-title" {
            h1 id="confirm-title" { (ask.title) }
            @if !ask.text.is_empty() { p { (ask.text) } }
            @if !ask.money.is_empty() { (money_table(reader, &reader.t(Msg::ConfirmMoney), &ask.money)) }
            form method="post" action=(ask.action) {
                (csrf_field(&ask.csrf))
                @for (name, value) in &ask.hidden { input type="hidden" name=(name) value=(value); }
                @if let Some(fields) = &ask.fields { (fields) }
                div.acts {
                    button type="submit" class=(look.class()) { (ask.yes) }
                    a class=(Look::Quiet.class()) href=(ask.no) { (reader.t(Msg::ConfirmNo)) }
                }
            }
        }
    }
}

/// A refusal or failure as a page: what, why, and what would be allowed.
#[derive(Clone, Debug, Default)]
pub struct ProblemPage {
    /// The HTTP status, shown small.
    pub status: u16,
    /// What was refused or failed.
    pub title: String,
    /// Why.
    pub why: String,
    /// What would be allowed instead; may be empty.
    pub instead: String,
    /// The stable code, for support and for programs.
    pub code: String,
    /// Where to go on: (address, label).
    pub next: Option<(String, String)>,
}

/// Draws the problem; goes into any of the three shells.
pub fn problem_page(words: Words, problem: &ProblemPage) -> Markup {
    html! {
        section.problem {
            (icon(if problem.status >= 500 { Icon::Warning } else { Icon::Hand }))
            h1 { (problem.title) }
            @if !problem.why.is_empty() { p { (problem.why) } }
            @if !problem.instead.is_empty() {
                p.instead { strong { (words.t(Msg::ProblemInstead)) } " " (problem.instead) }
            }
            @if let Some((href, label)) = &problem.next { a class=(Look::Primary.class()) href=(href) { (label) } }
            p.muted.num { (problem.status) " · " (problem.code) }
        }
    }
}

const fn tone_icon(tone: Tone) -> Icon {
    match tone {
        Tone::Good => Icon::CheckCircle,
        Tone::Soon => Icon::Clock,
        Tone::Bad => Icon::Warning,
        Tone::Quiet | Tone::Info => Icon::Info,
    }
}
