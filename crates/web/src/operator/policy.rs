//! The policy: its versions with the moments they take effect, and the files of each to read.

use actions::house::{PolicySeen, policy_versions};
use actions::{Failure, Market};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use rules::people::Permission;
use serde::Deserialize;

use super::{admit, answer, may, name_of, page};
use crate::format::Reader;
use crate::ui::badges::{Tone, badge};
use crate::ui::countdown::moment;
use crate::ui::detail::section;
use crate::ui::forms::{Look, link_button, link_button_with};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, ListPage, Row, Tab, list_page, page_title, tabs};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

pub(super) async fn show(visit: Visit, State(market): State<Market>) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewHouse)?;
        let (versions, names) = policy_versions(&market).await?;
        let (in_force, _) = market.policies();
        let r = &visit.reader;
        let draft = link_button_with(
            Look::Primary,
            "/operator/policy/draft",
            Icon::Edit,
            &r.t(Msg::OpPolicyDraft),
        );
        let edits = may(&visit, Permission::PublishPolicy);
        let list = ListPage {
            title: r.t(Msg::NavPolicy).into_owned(),
            lead: r.t(Msg::OpPolicyLead).into_owned(),
            acts: if edits { vec![draft] } else { Vec::new() },
            columns: vec![
                Column::new(r.t(Msg::OpVersion)).leading(),
                Column::new(r.t(Msg::OpState)),
                Column::new(r.t(Msg::OpEffective)),
                Column::new(r.t(Msg::OpNote)),
                Column::new(r.t(Msg::OpPublished)),
                Column::new(""),
            ],
            rows: versions.iter().rev().map(|version| row(r, version, in_force, &names)).collect(),
            csv: Some("/operator/policy.csv".to_owned()),
            ..ListPage::default()
        };
        page(&visit, &r.t(Msg::NavPolicy), Place::OperatorPolicy, list_page(r.words, &list))
    })
    .await
}

/// Why there is this version. Of the first one, which nobody published, the page says so in the reader's language.
fn note(r: &Reader, version: &PolicySeen) -> String {
    match version.published_by.number() {
        0 => r.t(Msg::OpPolicyShipped).into_owned(),
        _ => version.note.clone(),
    }
}

fn row(r: &Reader, version: &PolicySeen, in_force: i64, names: &[(i64, String)]) -> Row {
    let number = version.number;
    let by = version.published_by.number();
    let before = number - 1;
    Row {
        cells: vec![
            html! { a href={ "/operator/policy/versions/" (number) } { (r.with(Msg::OpPolicyVersionTitle, &[("number", number.into())])) } },
            standing(r, version, in_force),
            html! {
                // The first version governs from the beginning of time, which is no moment to show.
                @if version.effective_from.ms() == 0 { (r.t(Msg::OpPolicyAlways)) }
                @else { (moment(r, version.effective_from)) }
            },
            html! { (note(r, version)) },
            html! { div { @if by != 0 { (name_of(names, by)) ", " } (moment(r, version.created_at)) } },
            html! {
                @if number > 1 {
                    (link_button(Look::Quiet, &format!("/operator/policy/diff?from={before}&to={number}"), &r.t(Msg::OpPolicyDiff)))
                }
            },
        ],
        ..Row::default()
    }
}

/// In force, coming, or replaced by a later one.
fn standing(r: &Reader, version: &PolicySeen, in_force: i64) -> Markup {
    if version.number == in_force {
        badge(Tone::Good, Icon::Check, &r.t(Msg::OpPolicyInForce))
    } else if version.effective_from > r.now {
        badge(Tone::Soon, Icon::Clock, &r.t(Msg::OpPolicyComing))
    } else {
        badge(Tone::Quiet, Icon::Layers, &r.t(Msg::OpPolicyReplaced))
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    file: String,
}

/// One version, file by file, as it was published.
pub(super) async fn version(
    visit: Visit,
    State(market): State<Market>,
    Path(number): Path<i64>,
    Query(wanted): Query<Wanted>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewHouse)?;
        let (versions, _) = policy_versions(&market).await?;
        let version =
            versions.iter().find(|one| one.number == number).ok_or(Failure::NotFound)?;
        let r = &visit.reader;
        let (in_force, _) = market.policies();
        let file = version
            .files
            .keys()
            .find(|name| **name == wanted.file)
            .or_else(|| version.files.keys().next())
            .cloned()
            .unwrap_or_default();
        let text = version.files.get(&file).map_or("", String::as_str);
        let title = r.with(Msg::OpPolicyVersionTitle, &[("number", number.into())]);
        let files: Vec<Tab> = version
            .files
            .keys()
            .map(|name| Tab {
                label: name.clone(),
                href: format!("/operator/policy/versions/{number}?file={name}"),
                count: None,
                current: *name == file,
            })
            .collect();
        let edit = link_button(
            Look::Plain,
            &format!("/operator/policy/draft?from={number}"),
            &r.t(Msg::OpPolicyDraftFrom),
        );
        let acts = if may(&visit, Permission::PublishPolicy) { vec![edit] } else { Vec::new() };
        let body = html! {
            a.back href="/operator/policy" { (crate::ui::icons::icon(Icon::Arrow)) (r.t(Msg::NavPolicy)) }
            (page_title(&title, &note(r, version), &acts))
            p { (standing(r, version, in_force)) }
            (tabs(r.words, &files))
            (section(&file, source(text)))
        };
        page(&visit, &title, Place::OperatorPolicy, body)
    })
    .await
}

/// What a line of a policy file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line<'t> {
    Comment(&'t str),
    Section(&'t str),
    /// Name, and value with what follows it.
    Setting(&'t str, &'t str),
    Other(&'t str),
}

fn line_of(text: &str) -> Line<'_> {
    let trimmed = text.trim_start();
    if trimmed.starts_with('#') {
        Line::Comment(text)
    } else if trimmed.starts_with('[') && trimmed.trim_end().ends_with(']') {
        Line::Section(text)
    } else {
        match text.split_once('=') {
            Some((name, value)) => Line::Setting(name, value),
            None => Line::Other(text),
        }
    }
}

/// A file with its line numbers; what is set stands out from what explains it.
pub(super) fn source(text: &str) -> Markup {
    html! {
        pre.source { code {
            @for (place, line) in text.lines().enumerate() {
                span.line-number id={ "L" (place + 1) } { (place + 1) }
                @match line_of(line) {
                    Line::Comment(text) => { span.comment { (text) } }
                    Line::Section(text) => { strong { (text) } }
                    Line::Setting(name, value) => { (name) "=" mark { (value) } }
                    Line::Other(text) => { (text) }
                }
                "\n"
            }
        } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_told_from_what_explains_them() {
        assert_eq!(line_of("# a = 1"), Line::Comment("# a = 1"));
        assert_eq!(line_of("[market.GB]"), Line::Section("[market.GB]"));
        assert_eq!(line_of("days = 3"), Line::Setting("days ", " 3"));
        assert_eq!(line_of("  1, 2,"), Line::Other("  1, 2,"));
    }
}
