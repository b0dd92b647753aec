//! Questions about tax, commission and settlement. Amounts are written as people write them: "12.34".

use rules::checkout::tax::{TaxKind, tax_of, tax_on};
use rules::money::{Currency, Money, part_bp};
use rules::policy::{Policies, Tier};
use rules::settlement::payouts::{
    BankAnswer, FailureReason, Obstacle, Payout, PayoutCommand, PayoutEvent, PayoutState, Standing,
    apply, day_of, decide, next_payout_day,
};
use rules::settlement::terms;
use rules::time::{Span, Timestamp};
use serde::Deserialize;
use toml::Value;

use super::{Answer, Case, said, text};

pub fn minor(amount: &str, currency: Currency) -> Result<i64, String> {
    Money::parse(amount, currency).map(|money| money.minor).map_err(|error| error.to_string())
}

pub fn amount(minor: i64, currency: Currency) -> Option<Value> {
    text(Money::new(minor, currency).amount())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sale {
    price: String,
    #[serde(default)]
    region: String,
}

/// What tax there is on a price, and what the buyer pays.
pub fn tax(policies: &Policies, case: &Case) -> Answer {
    let facts: Sale = case.facts()?;
    let market = case.market(policies)?;
    let price = minor(&facts.price, market.currency)?;
    let tax = tax_of(market, &facts.region);
    let tax_minor = tax_on(price, tax);
    let pays = match tax.kind {
        TaxKind::Exclusive => price + tax_minor,
        TaxKind::Inclusive | TaxKind::None => price,
    };
    Ok(said([
        ("tax", amount(tax_minor, market.currency)),
        ("buyer_pays", amount(pays, market.currency)),
        ("on_shipping_too", Some(Value::Boolean(tax.on_shipping))),
    ]))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategorySale {
    price: String,
    category: String,
}

/// What the house takes of a sale without tax and shipping.
pub fn commission(policies: &Policies, case: &Case) -> Answer {
    let facts: CategorySale = case.facts()?;
    let currency = case.market(policies)?.currency;
    let bp = terms::commission_bp(policies.settlement(case.market), &facts.category);
    let commission = part_bp(minor(&facts.price, currency)?, bp);
    Ok(said([("commission", amount(commission, currency))]))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Share {
    tier: Tier,
    share: String,
    delivered_at: Timestamp,
    completed_at: Timestamp,
}

/// When the shop has its share, and how much of it waits how long.
pub fn settlement(policies: &Policies, case: &Case) -> Answer {
    let facts: Share = case.facts()?;
    let currency = case.market(policies)?.currency;
    let tier = policies.settlement(case.market).tier(facts.tier);
    let settle_after = Span::from_days(tier.settle_after_days);
    let settle_at = terms::settle_at(facts.delivered_at, facts.completed_at, settle_after);
    let share = minor(&facts.share, currency)?;
    let reserve = terms::reserve_share(share, tier.reserve_bp);
    Ok(said([
        ("settle_at", text(settle_at)),
        ("reserve", amount(reserve, currency)),
        ("available", amount(share - reserve, currency)),
        ("reserve_until", text(settle_at + Span::from_days(tier.reserve_days))),
    ]))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InCurrency {
    amount: String,
    currency: Currency,
}

/// What the house keeps of a commission which it gives back.
pub fn refund_administration(policies: &Policies, case: &Case) -> Answer {
    let facts: InCurrency = case.facts()?;
    let commission = minor(&facts.amount, facts.currency)?;
    let policy = policies.settlement(case.market);
    let kept = terms::refund_administration_minor(policy, commission, facts.currency);
    Ok(said([("kept", amount(kept, facts.currency))]))
}

/// Whether a sum is paid out or waits.
pub fn payout(policies: &Policies, case: &Case) -> Answer {
    let facts: InCurrency = case.facts()?;
    let sum = minor(&facts.amount, facts.currency)?;
    let paid = terms::may_be_paid_out(policies.settlement(case.market), sum, facts.currency);
    Ok(said([("paid_out", Some(Value::Boolean(paid)))]))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Course {
    tier: Tier,
    /// Money became available; the days after it are looked at.
    available_at: Timestamp,
}

/// When a payout is planned and sent, and how long everybody waits for whom.
pub fn payout_course(policies: &Policies, case: &Case) -> Answer {
    let facts: Course = case.facts()?;
    let settlement = policies.settlement(case.market);
    let policy = &settlement.payout;
    let after = |at: Timestamp, hours: i64| at + Span::from_hours(hours);
    let tomorrow = day_of(facts.available_at) + Span::from_days(1);
    let day = next_payout_day(tomorrow, settlement.tier(facts.tier).payout_every_days);
    let planned_at = day + Span::from_minutes(policy.statement_after_minutes);
    let send_at = after(planned_at, policy.send_after_hours);
    let payout = |state, attempt| Payout { state, amount_minor: 1_000, attempt };
    let stands =
        |obstacles| PayoutCommand::PassDeadline(Standing { available_minor: 1_000, obstacles });
    let scheduled = payout(PayoutState::Scheduled { send_at }, 1);
    let due = |command: &PayoutCommand| {
        let decision = decide(&scheduled, command, policy, send_at);
        decision.ok().and_then(|decision| apply(&decision.event).due_at())
    };
    let sent = |attempt| payout(PayoutState::Sent { answer_by: send_at }, attempt);
    let reason = FailureReason::BankUnavailable;
    let failed = PayoutCommand::TakeAnswer(BankAnswer::Failed { reason });
    let again = |attempt| match decide(&sent(attempt), &failed, policy, send_at) {
        Ok(decision) => match decision.event {
            PayoutEvent::Failed { again_at, .. } => again_at,
            _ => None,
        },
        Err(_) => None,
    };
    let tries = (1..100).take_while(|attempt| again(*attempt).is_some()).count() as i64 + 1;
    let reported_until =
        facts.available_at - Span::from_hours(settlement.reconciliation.delay_hours);
    Ok(said([
        ("planned_at", text(planned_at)),
        ("sent_at", text(send_at)),
        ("answered_by", due(&stands(Vec::new())).and_then(text)),
        ("looked_at_again", due(&stands(vec![Obstacle::ReportDiffers])).and_then(text)),
        ("tried_again_at", again(1).and_then(text)),
        ("tries", Some(Value::Integer(tries))),
        ("changed_account_used_at", text(after(facts.available_at, policy.account_wait_hours))),
        ("a_report_tells_all_until", text(reported_until)),
    ]))
}
