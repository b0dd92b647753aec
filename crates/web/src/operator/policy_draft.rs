//! A draft of the next policy version: written here, checked with file, line and sentence, compared, published.
//!
//! The draft lives in the form alone until it is published: nothing half-written is kept by the house.

use std::collections::BTreeMap;

use actions::house::{PolicySeen, check_policy, policy_versions, publish_policy};
use actions::{Failure, Market};
use axum::Form;
use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use rules::people::Permission;
use rules::policy::PolicyError;
use rules::time::{Span, Timestamp};
use serde::Deserialize;

use super::{admit, answer, go, page, page_again, policy_diff};
use crate::format::Reader;
use crate::ui::badges::Tone;
use crate::ui::detail::section;
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{Field, Input, Look, csrf_field, link_button, submit};
use crate::ui::icons::{Icon, icon};
use crate::ui::list::page_title;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

/// Fields of the form which are not files.
const NOTE: &str = "note";
const DATE: &str = "date";
const FROM: &str = "from";

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    /// The version to begin with; the last one when left out.
    #[serde(default)]
    from: Option<i64>,
}

/// What was typed: file name to text, and the other fields by their names.
type Typed = BTreeMap<String, String>;

/// A draft with the version it began with.
struct Draft {
    from: PolicySeen,
    files: BTreeMap<String, String>,
    note: String,
    date: String,
}

impl Draft {
    fn new(from: PolicySeen) -> Self {
        Self { files: from.files.clone(), from, note: String::new(), date: String::new() }
    }

    /// Only files which the version knows are taken; browsers send lines with two ends.
    fn typed(from: PolicySeen, typed: &Typed) -> Self {
        let word = |name: &str| typed.get(name).cloned().unwrap_or_default();
        let files = from.files.iter().map(|(name, kept)| {
            let text =
                typed.get(name).map_or_else(|| kept.clone(), |text| text.replace("\r\n", "\n"));
            (name.clone(), text)
        });
        let files = files.collect();
        Self { files, note: word(NOTE), date: word(DATE), from }
    }

    fn changed(&self, name: &str) -> bool {
        self.from.files.get(name) != self.files.get(name)
    }
}

async fn version_of(market: &Market, number: Option<i64>) -> Result<PolicySeen, Failure> {
    let (mut versions, _) = policy_versions(market).await?;
    let place = match number {
        Some(number) => versions.iter().position(|one| one.number == number),
        None => versions.len().checked_sub(1),
    };
    Ok(versions.swap_remove(place.ok_or(Failure::NotFound)?))
}

pub(super) async fn show(
    visit: Visit,
    State(market): State<Market>,
    Query(wanted): Query<Wanted>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::PublishPolicy)?;
        let draft = Draft::new(version_of(&market, wanted.from).await?);
        let body = draw(&visit, &draft, &[], html! {});
        page(&visit, &visit.reader.t(Msg::OpPolicyDraft), Place::OperatorPolicy, body)
    })
    .await
}

/// Checks the draft. What is in order comes back with its differences and the way to publish it.
pub(super) async fn check(
    visit: Visit,
    State(market): State<Market>,
    Form(typed): Form<Typed>,
) -> Response {
    answer(&visit, async {
        let draft = taken(&visit, &market, &typed).await?;
        let title = visit.reader.t(Msg::OpPolicyDraft);
        match check_policy(&draft.files) {
            Ok(()) => {
                let body = draw(&visit, &draft, &[], ready(&visit, &draft, None));
                page(&visit, &title, Place::OperatorPolicy, body)
            }
            Err(errors) => {
                let body = draw(&visit, &draft, &errors, html! {});
                page_again(&visit, &title, Place::OperatorPolicy, body)
            }
        }
    })
    .await
}

pub(super) async fn publish(
    visit: Visit,
    State(market): State<Market>,
    Form(typed): Form<Typed>,
) -> Response {
    answer(&visit, async {
        let draft = taken(&visit, &market, &typed).await?;
        let title = visit.reader.t(Msg::OpPolicyDraft);
        if let Err(errors) = check_policy(&draft.files) {
            let body = draw(&visit, &draft, &errors, html! {});
            return page_again(&visit, &title, Place::OperatorPolicy, body);
        }
        let by = visit.caller()?.person;
        let files = draft.files.clone();
        let published = match effective(&visit.reader, &draft.date, market.now()) {
            Some(from) => publish_policy(&market, by, files, from, draft.note.clone()).await,
            None => Err(Failure::invalid("effective_from", "not_a_date", "")),
        };
        match published {
            Ok(_) => Ok(go("/operator/policy", "op-policy-published")),
            Err(Failure::Invalid(_)) => {
                let wrong = visit.reader.t(Msg::OpPolicyDateWrong).into_owned();
                let body = draw(&visit, &draft, &[], ready(&visit, &draft, Some(wrong)));
                page_again(&visit, &title, Place::OperatorPolicy, body)
            }
            Err(failure) => Err(failure),
        }
    })
    .await
}

async fn taken(visit: &Visit, market: &Market, typed: &Typed) -> Result<Draft, Failure> {
    admit(visit, Permission::PublishPolicy)?;
    let from = typed.get(FROM).and_then(|number| number.parse().ok());
    Ok(Draft::typed(version_of(market, from).await?, typed))
}

/// Midnight of the day in the reader's zone; without a day at once, with a few seconds for the way there.
fn effective(r: &Reader, date: &str, now: Timestamp) -> Option<Timestamp> {
    let date = date.trim();
    if date.is_empty() {
        return Some(now + Span::from_seconds(10));
    }
    let day: jiff::civil::Date = date.parse().ok()?;
    let midnight = day.to_zoned(r.zone.clone()).ok()?;
    Some(Timestamp::from_ms(midnight.timestamp().as_millisecond()))
}

fn draw(visit: &Visit, draft: &Draft, errors: &[PolicyError], ready: Markup) -> Markup {
    let r = &visit.reader;
    let wrong = |name: &str| errors.iter().any(|error| error.file == name);
    html! {
        a.back href="/operator/policy" { (icon(Icon::Arrow)) (r.t(Msg::NavPolicy)) }
        (page_title(&r.t(Msg::OpPolicyDraft), &r.with(Msg::OpPolicyDraftLead, &[("number", draft.from.number.into())]), &[]))
        (mistakes(r, errors))
        (ready)
        form.stack method="post" action="/operator/policy/draft" {
            (csrf_field(&visit.csrf))
            input type="hidden" name=(FROM) value=(draft.from.number);
            @for (name, text) in &draft.files {
                details.panel open[wrong(name) || draft.changed(name)] {
                    summary { strong { (name) } @if draft.changed(name) { " · " (r.t(Msg::OpPolicyChanged)) } }
                    label.unseen for={ "file-" (name) } { (name) }
                    textarea.source id={ "file-" (name) } name=(name) rows="24" spellcheck="false" wrap="off" { "\n" (text) }
                }
            }
            (note(r, draft).draw(r.words))
            div.acts {
                (submit(Look::Primary, &r.t(Msg::OpPolicyCheck)))
                (link_button(Look::Quiet, "/operator/policy", &r.t(Msg::ConfirmNo)))
            }
        }
    }
}

fn note(r: &Reader, draft: &Draft) -> Field {
    Field::new(NOTE, r.t(Msg::OpNote))
        .with_value(draft.note.clone())
        .with_hint(r.t(Msg::OpPolicyNoteHint))
}

/// Everything that is wrong, each with file, line and what would be right.
fn mistakes(r: &Reader, errors: &[PolicyError]) -> Markup {
    html! {
        @if !errors.is_empty() {
            div.flash.bad role="alert" {
                (icon(Icon::Warning))
                div {
                    p { strong { (r.with(Msg::OpPolicyMistakes, &[("count", errors.len().into())])) } }
                    ul { @for error in errors {
                        li {
                            a href={ "#file-" (error.file) } { (error.file) " " (r.with(Msg::OpPolicyLine, &[("line", error.line.into())])) }
                            " " @if !error.setting.is_empty() { code { (error.setting) } " " } (error.says)
                        }
                    } }
                }
            }
        }
    }
}

/// The draft is in order: what it changes, from when on, and the button.
fn ready(visit: &Visit, draft: &Draft, wrong: Option<String>) -> Markup {
    let r = &visit.reader;
    let same = draft.files.keys().all(|name| !draft.changed(name));
    if same {
        let text = r.t(Msg::OpPolicySame).into_owned();
        return flash(&Flash { tone: Tone::Info, text, next: None });
    }
    let date = Field::new(DATE, r.t(Msg::OpEffective))
        .takes(Input::Date)
        .with_value(draft.date.clone())
        .with_hint(r.t(Msg::OpPolicyDateHint))
        .with_error(wrong);
    html! {
        (flash(&Flash::good(r.t(Msg::OpPolicyInOrder))))
        (policy_diff::differences(r, &draft.from.files, &draft.files))
        (section(&r.t(Msg::OpPolicyPublish), html! {
            form.stack method="post" action="/operator/policy/publish" {
                (csrf_field(&visit.csrf))
                input type="hidden" name=(FROM) value=(draft.from.number);
                @for (name, text) in &draft.files {
                    @if draft.changed(name) { textarea hidden name=(name) { "\n" (text) } }
                }
                p { (r.t(Msg::OpPolicyPublishText)) }
                (note(r, draft).required().draw(r.words))
                (date.draw(r.words))
                (submit(Look::Danger, &r.t(Msg::OpPolicyPublish)))
            }
        }))
    }
}
