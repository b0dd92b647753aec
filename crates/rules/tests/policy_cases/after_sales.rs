//! Questions about after-sales: until when, what, how long each side has, who bears it.

use rules::after_sales::{
    CaseReason, OrderMoments, Remedy, WayFacts, bearer, counts, open_until, remedies,
};
use rules::policy::Policies;
use rules::time::{Span, Timestamp};
use serde::Deserialize;
use toml::Value;

use super::{Answer, Case, said, text};

const DELIVERED: Timestamp = Timestamp::from_ms(1_780_300_800_000);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    reason: String,
    #[serde(default)]
    durable: bool,
    #[serde(default)]
    category: String,
    /// From delivery to the question.
    #[serde(default)]
    after_days: i64,
    /// By so much the parcel came after the promised day.
    #[serde(default)]
    late_by_days: i64,
}

fn reason_of(code: &str) -> Result<CaseReason, String> {
    CaseReason::parse(code).ok_or_else(|| format!("no reason {code}"))
}

/// Answers `open_days`, the days from delivery for which it can be asked for, or `refused`; and what can be asked for.
pub fn help(policies: &Policies, case: &Case) -> Answer {
    let facts: Asked = case.facts()?;
    let reason = reason_of(&facts.reason)?;
    let policy = policies.after_sales(case.market);
    let order = OrderMoments {
        shipped_at: Some(DELIVERED - Span::from_days(3)),
        delivered_at: Some(DELIVERED),
        tracked_at: Some(DELIVERED),
        promised_by: Some(DELIVERED - Span::from_days(facts.late_by_days)),
    };
    let now = DELIVERED + Span::from_days(facts.after_days);
    let until = open_until(reason, facts.durable, policy, order, now);
    let days = |until: Timestamp| Value::Integer((until.ms() - DELIVERED.ms()) / 86_400_000);
    let may = remedies(reason, facts.durable, policy, &facts.category);
    Ok(said([
        ("open_days", until.ok().map(days)),
        ("refused", until.err().and_then(|not| text(not.code()))),
        (
            "remedies",
            text(may.iter().map(|one: &Remedy| one.code()).collect::<Vec<_>>().join(", ")),
        ),
    ]))
}

/// How long each part of a case may take.
pub fn course(policies: &Policies, case: &Case) -> Answer {
    let facts: Asked = case.facts()?;
    let class = reason_of(&facts.reason)?.class(facts.durable);
    let terms = policies.after_sales(case.market).terms(class);
    let hours = |span: Span| Some(Value::Integer(span.ms() / 3_600_000));
    Ok(said([
        ("answer_hours", hours(terms.answer)),
        ("offer_answer_hours", hours(terms.offer_answer)),
        ("offers", Some(Value::Integer(terms.offers_count))),
        ("ship_back_hours", hours(terms.ship_back)),
        ("return_arrives_hours", hours(terms.arrive)),
        ("inspect_hours", hours(terms.inspect)),
        ("escalate_hours", hours(terms.escalate)),
        ("buyer_evidence_hours", hours(terms.buyer_evidence)),
        ("shop_evidence_hours", hours(terms.shop_evidence)),
        ("decide_hours", hours(terms.decide)),
        ("appeal_hours", hours(terms.appeal)),
        ("replace_hours", hours(terms.replace)),
        ("refund_confirm_hours", hours(terms.confirm_refund)),
        ("disputes", Some(Value::Integer(terms.disputes_count))),
    ]))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Way {
    reason: String,
    handed_over: bool,
    dispatched_in_time: bool,
    #[serde(default)]
    packed_badly: bool,
}

/// Who bears it, who pays the way back, and whether it counts in the shop's figures.
pub fn liable(policies: &Policies, case: &Case) -> Answer {
    let facts: Way = case.facts()?;
    let class = reason_of(&facts.reason)?.class(false);
    let policy = policies.after_sales(case.market).reason(class);
    let way = WayFacts {
        handed_over: facts.handed_over,
        dispatched_in_time: facts.dispatched_in_time,
        packed_badly: facts.packed_badly,
    };
    let who = bearer(class, policy, way);
    Ok(said([
        ("liable", text(who.code())),
        ("return_paid_by", text(policy.return_paid_by.code())),
        ("counts", Some(Value::Boolean(counts(class, who)))),
    ]))
}

/// What a side may hand in.
pub fn evidence(policies: &Policies, case: &Case) -> Answer {
    let facts: Asked = case.facts()?;
    let policy = policies.after_sales(case.market);
    let reason = policy.reason(reason_of(&facts.reason)?.class(facts.durable));
    let whole = |number| Some(Value::Integer(number));
    let kinds = |kinds: &[rules::after_sales::EvidenceKind]| {
        text(kinds.iter().map(|kind| kind.code()).collect::<Vec<_>>().join(", "))
    };
    Ok(said([
        ("pieces", whole(policy.evidence_count)),
        ("picture_mib", whole(policy.evidence_picture_mib)),
        ("video_mib", whole(policy.evidence_video_mib)),
        ("document_mib", whole(policy.evidence_document_mib)),
        ("buyer", kinds(&reason.buyer_evidence)),
        ("shop", kinds(&reason.shop_evidence)),
    ]))
}
