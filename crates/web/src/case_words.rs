//! After-sales cases in words: the same sentences for buyer, shop and house.

use actions::after_sales::CaseFile;
use maud::{Markup, html};
use rules::after_sales::{CaseReason, CaseState, Party, Remedy, WaitsFor};
use rules::money::Money;
use store::after_sales::{CaseDecisionRow, CaseOffer, CaseRow, OfferState};
use store::events::EventSeen;

use crate::format::Reader;
use crate::ui::badges::{Tone, badge};
use crate::ui::countdown::{deadline, moment};
use crate::ui::detail::{facts, section};
use crate::ui::icons::Icon;
use crate::ui::money_table::amount;
use crate::ui::payout_steps::named;
use crate::ui::timeline::{TimelineEntry, timeline};
use crate::words::Msg;

pub(crate) fn reason(r: &Reader, reason: CaseReason) -> String {
    named(r, "case-reason", reason.code())
}

pub(crate) fn remedy(r: &Reader, remedy: Remedy) -> String {
    named(r, "case-remedy", remedy.code())
}

/// The state as a badge; a missed deadline of the house is red.
pub(crate) fn state_badge(r: &Reader, state: CaseState) -> Markup {
    let (tone, icon) = match state {
        CaseState::Requested { .. } | CaseState::Inspecting { .. } => (Tone::Soon, Icon::Hand),
        CaseState::Offered { .. } => (Tone::Soon, Icon::Chat),
        CaseState::Rejected { .. } => (Tone::Soon, Icon::Ban),
        CaseState::AwaitingReturn { .. } | CaseState::ReturnInTransit { .. } => {
            (Tone::Info, Icon::Package)
        }
        CaseState::PartlyAccepted { .. } => (Tone::Soon, Icon::Money),
        CaseState::GatheringEvidence { .. } => (Tone::Soon, Icon::Camera),
        CaseState::UnderReview { overdue: true, .. }
        | CaseState::UnderAppeal { overdue: true, .. }
        | CaseState::Refunding { overdue: true, .. } => (Tone::Bad, Icon::Clock),
        CaseState::UnderReview { .. } | CaseState::UnderAppeal { .. } => (Tone::Info, Icon::Appeal),
        CaseState::Decided { .. } => (Tone::Info, Icon::Appeal),
        CaseState::Replacing { .. } => (Tone::Info, Icon::Box),
        CaseState::Refunding { .. } => (Tone::Good, Icon::Money),
        CaseState::Closed { outcome } => {
            let text = named(r, "case-outcome", outcome.code());
            return badge(Tone::Quiet, Icon::CheckCircle, &text);
        }
    };
    badge(tone, icon, &named(r, "case-state", state.name().code()))
}

/// Who must act, until when, and what happens otherwise.
pub(crate) fn waits(r: &Reader, state: CaseState) -> Markup {
    let who = named(r, "case-waits", state.waits_for().code());
    let then = named(r, "case-then", state.name().code());
    html! {
        @if state.waits_for() != WaitsFor::Nobody {
            p.lead { (who) }
            @match state.due_at() {
                Some(due) => (deadline(r, due, &then)),
                None => p.muted { (r.t(Msg::CaseOverdue)) },
            }
        }
    }
}

/// What is asked for, what was agreed, and what has gone back.
pub(crate) fn figures(r: &Reader, case: &CaseRow) -> Markup {
    let money = |minor| amount(r, Money::new(minor, case.asked.currency));
    let mut told = vec![
        (r.t(Msg::CaseReasonTitle).into_owned(), html! { (reason(r, case.reason)) }),
        (r.t(Msg::CaseAsked).into_owned(), html! { (remedy(r, case.asked_remedy)) }),
        (r.t(Msg::CaseWorth).into_owned(), money(case.asked.minor)),
    ];
    if case.remedy != case.asked_remedy || case.agreed_minor > 0 {
        told.push((r.t(Msg::CaseAgreed).into_owned(), html! { (remedy(r, case.remedy)) }));
    }
    if case.agreed_minor > 0 {
        told.push((r.t(Msg::CaseAgreedAmount).into_owned(), money(case.agreed_minor)));
    }
    if case.refunded_minor > 0 {
        told.push((r.t(Msg::CaseRefunded).into_owned(), money(case.refunded_minor)));
    }
    if !case.return_number.is_empty() {
        let number = html! { (case.return_carrier) " " span.num { (case.return_number) } };
        told.push((r.t(Msg::CaseReturnNumber).into_owned(), number));
    }
    let policy = html! { span.num { (case.policy_version) } };
    told.push((r.t(Msg::CasePolicyVersion).into_owned(), policy));
    let told: Vec<(&str, Markup)> =
        told.iter().map(|(label, value)| (label.as_str(), value.clone())).collect();
    facts(&told)
}

/// The offers as cards; the open one says until when it can be taken.
pub(crate) fn offers(r: &Reader, file: &CaseFile, acts: &Markup) -> Markup {
    let one = |offer: &CaseOffer| {
        let money = Money::new(offer.amount_minor, file.case.asked.currency);
        html! {
            article.card {
                p { strong { (remedy(r, offer.remedy)) } " · " (amount(r, money)) " · " (named(r, "case-offer", offer.state.code())) }
                blockquote { (offer.words) }
                @if offer.state == OfferState::Open { (acts) }
            }
        }
    };
    html! {
        @if !file.offers.is_empty() {
            (section(&r.t(Msg::CaseOffers), html! { @for offer in file.offers.iter().rev() { (one(offer)) } }))
        }
    }
}

/// The statement of reasons of each decision.
pub(crate) fn decisions(r: &Reader, file: &CaseFile) -> Markup {
    let one = |decision: &CaseDecisionRow| {
        let money = Money::new(decision.amount_minor, file.case.asked.currency);
        let told = [
            (
                r.t(Msg::CaseDecidedFor),
                html! { (named(r, "case-party", decision.in_favour_of.code())) },
            ),
            (r.t(Msg::CaseRefunded), amount(r, money)),
            (r.t(Msg::CaseLiable), html! { (named(r, "case-liable", decision.liable.code())) }),
            (r.t(Msg::CaseFacts), html! { (decision.facts) }),
            (r.t(Msg::CaseRule), html! { (decision.rule) }),
            (r.t(Msg::CaseRedress), html! { (decision.redress) }),
            (r.t(Msg::CasePolicyVersion), html! { span.num { (decision.policy_version) } }),
            (r.t(Msg::CaseWhen), moment(r, decision.created_at)),
        ];
        let told: Vec<(&str, Markup)> = told
            .iter()
            .filter(|(label, _)| {
                decision.in_favour_of == Party::Buyer || *label != r.t(Msg::CaseLiable)
            })
            .map(|(label, value)| (label.as_ref(), value.clone()))
            .collect();
        let title =
            if decision.instance == 1 { Msg::CaseDecision } else { Msg::CaseDecisionAppeal };
        section(&r.t(title), facts(&told))
    };
    html! { @for decision in file.decisions.iter().rev() { (one(decision)) } }
}

/// What happened, in order, with who and why. `me` says "you" where the reader acted.
pub(crate) fn story(r: &Reader, file: &CaseFile, me: Option<&str>) -> Markup {
    let who = |event: &EventSeen| match event.actor.split_once(':') {
        _ if Some(event.actor.as_str()) == me => r.t(Msg::WhoYou).into_owned(),
        Some(("buyer", _)) => r.t(Msg::CasePartyBuyer).into_owned(),
        Some(("staff", _)) => file.shop.name.clone(),
        Some((_, _)) => r.t(Msg::HouseName).into_owned(),
        None => named(r, "case-actor", &event.actor),
    };
    let entries: Vec<TimelineEntry> = file
        .events
        .iter()
        .map(|event| {
            let body: serde_json::Value = serde_json::from_str(&event.body).unwrap_or_default();
            let words = body.get("words").and_then(|words| words.as_str()).unwrap_or_default();
            let code = event.kind.trim_start_matches("case_");
            let (icon, tone) = look(code);
            TimelineEntry {
                at: event.created_at,
                icon,
                tone,
                what: named(r, "case-event", code),
                who: who(event),
                why: words.to_owned(),
            }
        })
        .collect();
    section(&r.t(Msg::CaseStory), timeline(r, &entries))
}

fn look(code: &str) -> (Icon, Tone) {
    match code {
        "asked" => (Icon::Hand, Tone::Soon),
        "approved" | "offer_accepted" | "return_accepted" | "refund_confirmed" => {
            (Icon::Check, Tone::Good)
        }
        "rejected" | "return_rejected" | "offer_refused" => (Icon::Ban, Tone::Soon),
        "sent_back" | "return_arrived" => (Icon::Package, Tone::Info),
        "decided" | "appeal_decided" | "appealed" | "escalated" | "taken_over" => {
            (Icon::Appeal, Tone::Info)
        }
        "decision_overdue" | "refund_overdue" => (Icon::Clock, Tone::Bad),
        _ => (Icon::Info, Tone::Quiet),
    }
}
