//! What changed between two policy versions, file by file and line by line.

use std::collections::{BTreeMap, BTreeSet};

use actions::house::policy_versions;
use actions::{Failure, Market};
use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use rules::people::Permission;
use serde::Deserialize;

use super::{admit, answer, page};
use crate::format::Reader;
use crate::ui::detail::section;
use crate::ui::forms::{Field, Input};
use crate::ui::icons::{Icon, icon};
use crate::ui::list::{Empty, Filter, empty_state, filter_form, page_title};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

/// Unchanged lines shown around a change.
const AROUND: usize = 3;

#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    #[serde(default = "first")]
    from: i64,
    #[serde(default = "first")]
    to: i64,
}

/// Every house has a version 1: without a choice it is compared with itself.
const fn first() -> i64 {
    1
}

pub(super) async fn show(
    visit: Visit,
    State(market): State<Market>,
    Query(wanted): Query<Wanted>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewHouse)?;
        let (versions, _) = policy_versions(&market).await?;
        let find =
            |number: i64| versions.iter().find(|one| one.number == number).ok_or(Failure::NotFound);
        let (before, after) = (find(wanted.from)?, find(wanted.to)?);
        let r = &visit.reader;
        let numbers: Vec<(String, String)> = versions
            .iter()
            .map(|one| {
                let name = r.with(Msg::OpPolicyVersionTitle, &[("number", one.number.into())]);
                (one.number.to_string(), name)
            })
            .collect();
        let choose = |name: &str, label: Msg, value: i64| {
            Field::new(name, r.t(label))
                .takes(Input::Choice(numbers.clone()))
                .with_value(value.to_string())
        };
        let filter = Filter {
            action: "/operator/policy/diff".to_owned(),
            fields: vec![
                choose("from", Msg::OpDiffFrom, wanted.from),
                choose("to", Msg::OpDiffTo, wanted.to),
            ],
            ..Filter::default()
        };
        let body = html! {
            a.back href="/operator/policy" { (icon(Icon::Arrow)) (r.t(Msg::NavPolicy)) }
            (page_title(&r.t(Msg::OpPolicyDiff), &after.note, &[]))
            (filter_form(r.words, &filter))
            (differences(r, &before.files, &after.files))
        };
        page(&visit, &r.t(Msg::OpPolicyDiff), Place::OperatorPolicy, body)
    })
    .await
}

type Files = BTreeMap<String, String>;

/// The files which differ, each with its changed lines.
pub(super) fn differences(r: &Reader, before: &Files, after: &Files) -> Markup {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let text = |files: &Files, name: &str| files.get(name).cloned().unwrap_or_default();
    let changed: Vec<(&String, Vec<Change>)> = names
        .into_iter()
        .map(|name| (name, compare(&text(before, name), &text(after, name))))
        .filter(|(_, lines)| lines.iter().any(|line| line.side != Side::Both))
        .collect();
    html! {
        @if changed.is_empty() {
            (empty_state(&Empty {
                icon: Some(Icon::Scale),
                title: r.t(Msg::OpDiffSame).into_owned(),
                ..Empty::default()
            }))
        }
        @for (name, lines) in &changed { (section(name, drawn(r, lines))) }
    }
}

fn drawn(r: &Reader, lines: &[Change]) -> Markup {
    let near = |place: usize| {
        let from = place.saturating_sub(AROUND);
        lines.iter().take(place + AROUND + 1).skip(from).any(|line| line.side != Side::Both)
    };
    html! {
        pre.source { code {
            @for (place, line) in lines.iter().enumerate() {
                @if near(place) {
                    @match line.side {
                        Side::Both => { "  " (line.text) }
                        Side::Gone => { del aria-label=(r.t(Msg::OpDiffGone)) { "− " (line.text) } }
                        Side::New => { ins aria-label=(r.t(Msg::OpDiffNew)) { "+ " (line.text) } }
                    }
                    "\n"
                } @else if place > 0 && near(place - 1) { span.comment { "⋯" } "\n" }
            }
        } }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Both,
    Gone,
    New,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Change {
    side: Side,
    text: String,
}

/// The longest common lines stay, the rest is gone or new. Policy files have a few hundred lines.
fn compare(before: &str, after: &str) -> Vec<Change> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    // common[i][j]: how many lines can stay of old[i..] and new[j..].
    let mut common = vec![vec![0_u32; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = if old[i] == new[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut changes = Vec::new();
    let mut put = |side: Side, text: &str| changes.push(Change { side, text: text.to_owned() });
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            put(Side::Both, old[i]);
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && common[i + 1][j] >= common[i][j + 1]) {
            put(Side::Gone, old[i]);
            i += 1;
        } else {
            put(Side::New, new[j]);
            j += 1;
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_line_is_gone_and_new_and_the_others_stay() {
        let sides: Vec<(Side, String)> = compare("a\nb = 1\nc\n", "a\nb = 2\nc\nd\n")
            .into_iter()
            .map(|change| (change.side, change.text))
            .collect();
        let expected = [
            (Side::Both, "a"),
            (Side::Gone, "b = 1"),
            (Side::New, "b = 2"),
            (Side::Both, "c"),
            (Side::New, "d"),
        ];
        assert_eq!(sides, expected.map(|(side, text)| (side, text.to_owned())));
    }
}
