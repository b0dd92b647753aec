//! What happened to a payout, as both consoles show it.

use actions::payouts::PayoutFile;
use maud::Markup;
use rules::time::Timestamp;
use serde_json::Value;
use store::events::EventSeen;

use crate::format::Reader;
use crate::ui::badges::Tone;
use crate::ui::icons::Icon;
use crate::ui::timeline::{TimelineEntry, timeline};
use crate::words::Msg;

/// The payout's events, the oldest first.
pub fn payout_timeline(reader: &Reader, file: &PayoutFile) -> Markup {
    let entries: Vec<TimelineEntry> =
        file.events.iter().map(|event| entry(reader, event)).collect();
    timeline(reader, &entries)
}

/// A text named by a code; the code where there is none.
pub fn named(reader: &Reader, family: &str, code: &str) -> String {
    let id = format!("{family}-{}", code.replace('_', "-"));
    Msg::named(&id).map_or_else(|| code.to_owned(), |msg| reader.t(msg).into_owned())
}

fn entry(reader: &Reader, event: &EventSeen) -> TimelineEntry {
    let body: Value = serde_json::from_str(&event.body).unwrap_or(Value::Null);
    let (icon, tone) = match event.kind.as_str() {
        "payout_paid" => (Icon::CheckCircle, Tone::Good),
        "payout_failed" => (Icon::Ban, Tone::Bad),
        "payout_stopped" => (Icon::Pause, Tone::Bad),
        "payout_answer_overdue" => (Icon::Warning, Tone::Soon),
        "payout_sent" => (Icon::Wallet, Tone::Info),
        _ => (Icon::Calendar, Tone::Quiet),
    };
    TimelineEntry {
        at: event.created_at,
        icon,
        tone,
        what: named(reader, "money-event", &event.kind),
        who: String::new(),
        why: why(reader, &event.kind, &body),
    }
}

fn why(reader: &Reader, kind: &str, body: &Value) -> String {
    let until = body.get("until").and_then(Value::as_str).and_then(|t| Timestamp::parse(t).ok());
    let until = until.map(|at| reader.moment(at));
    let about = |msg| match &until {
        Some(until) => reader.with(msg, &[("until", until.as_str().into())]),
        None => String::new(),
    };
    match kind {
        "payout_scheduled" => about(Msg::MoneyWhyScheduled),
        "payout_sent" | "payout_answer_overdue" => about(Msg::MoneyWhySent),
        "payout_stopped" => {
            let codes = body.get("obstacles").and_then(Value::as_array);
            let mut said: Vec<String> = codes
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(|code| named(reader, "money-obstacle", code))
                .collect();
            said.push(about(Msg::MoneyWhyStopped));
            said.join(" ")
        }
        "payout_failed" => {
            let reason = body.get("reason").and_then(Value::as_str).unwrap_or_default();
            let again = about(Msg::MoneyWhyAgain);
            format!("{} {again}", named(reader, "money-failed", reason))
        }
        _ => String::new(),
    }
}
