//! Detail pages: what happened in the main column, facts at the side, state and deadline in the head.

use maud::{Markup, html};

use crate::ui::icons::{Icon, icon};

/// The head of a detail page.
#[derive(Clone, Debug, Default)]
pub struct DetailHead {
    /// Where "back" leads: (address, label).
    pub back: Option<(String, String)>,
    pub title: String,
    /// Beside the title: badges.
    pub badges: Vec<Markup>,
    /// Under the title: id, when placed, by whom.
    pub under: Vec<Markup>,
    /// From [`deadline`](crate::ui::countdown::deadline): what is waited for.
    pub deadline: Option<Markup>,
    /// Buttons, the primary one first.
    pub acts: Vec<Markup>,
}

/// The page: head, main column, side column (each a run of [`section`]s).
pub fn detail_page(head: &DetailHead, main: Markup, side: Markup) -> Markup {
    html! {
        header.detail-head {
            @if let Some((href, label)) = &head.back { a.back href=(href) { (icon(Icon::Arrow)) (label) } }
            div.page-title {
                div {
                    div.title-line { h1 { (head.title) } @for badge in &head.badges { (badge) } }
                    @if !head.under.is_empty() { p.under { @for part in &head.under { span { (part) } } } }
                }
                @if !head.acts.is_empty() { div.acts { @for act in &head.acts { (act) } } }
            }
            @if let Some(deadline) = &head.deadline { (deadline) }
        }
        div.detail {
            div.detail-main { (main) }
            aside.detail-side { (side) }
        }
    }
}

/// A titled part of a page.
pub fn section(title: &str, body: Markup) -> Markup {
    html! { section.panel { h2 { (title) } (body) } }
}

/// A titled part with acts at the right of its title.
pub fn section_with(title: &str, acts: Markup, body: Markup) -> Markup {
    html! { section.panel { div.panel-head { h2 { (title) } div.acts { (acts) } } (body) } }
}

/// Facts as label and value.
pub fn facts(facts: &[(&str, Markup)]) -> Markup {
    html! { dl.facts { @for (label, value) in facts { div { dt { (label) } dd { (value) } } } } }
}

/// A large figure with its name (a definition, perhaps) and what it is compared with.
pub fn figure(name: Markup, value: &str, beside: Markup) -> Markup {
    html! { div.figure-card { div.figure-name { (name) } div.figure.num { (value) } div.figure-beside { (beside) } } }
}

/// Figures side by side.
pub fn figures(cards: &[Markup]) -> Markup {
    html! { div.figures { @for card in cards { (card) } } }
}
