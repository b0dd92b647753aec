//! Questions about tax, commission and settlement. Amounts are written as people write them: "12.34".

use rules::checkout::tax::{TaxKind, tax_of, tax_on};
use rules::money::{Currency, Money, part_bp};
use rules::policy::{Policies, Tier};
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
