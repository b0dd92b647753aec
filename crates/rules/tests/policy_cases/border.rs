//! Questions about the border: what a parcel from outside is charged, and who collects its tax.

use rules::checkout::border::{Border, border as border_of};
use rules::checkout::pricing::{LineAsked, ShopAsked, price};
use rules::checkout::tax::tax_of;
use rules::ids::{ProductId, SkuId};
use rules::policy::{MarketCode, Policies};
use rules::time::Timestamp;
use serde::Deserialize;
use toml::Value;

use super::money::{amount, minor};
use super::{Answer, Case, said, text};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parcel {
    /// Where the goods are sent from.
    from: MarketCode,
    at: Timestamp,
    lines: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    product: i64,
    #[serde(default)]
    hs: String,
    /// As shown to the buyer.
    price: String,
    #[serde(default = "one")]
    quantity: i64,
}

fn one() -> i64 {
    1
}

/// What is charged line by line and in sum, which tax there is, who collects it, and what the buyer pays.
pub fn border(policies: &Policies, case: &Case) -> Answer {
    let facts: Parcel = case.facts()?;
    let market = case.market(policies)?;
    let mut lines = Vec::new();
    for line in &facts.lines {
        lines.push(LineAsked {
            sku: SkuId::new(line.product),
            product: ProductId::new(line.product),
            hs_code: line.hs.clone(),
            unit_minor: minor(&line.price, market.currency)?,
            quantity: line.quantity,
            commission_bp: 0,
        });
    }
    let border: Border<'_> = border_of(policies.charges(), facts.from, market, facts.at);
    let asked = ShopAsked {
        currency: market.currency,
        lines: &lines,
        shipping_minor: 0,
        promotions: &[],
        tax: tax_of(market, ""),
        border: Some(&border),
    };
    let price = price(&asked).map_err(|error| error.to_string())?;
    let charges = price.duty.iter().map(|line| {
        let sum = rules::money::Money::new(line.amount_minor, market.currency).amount();
        Value::String(format!("{} × {} = {sum}", line.code, line.count))
    });
    Ok(said([
        ("charges", Some(Value::Array(charges.collect()))),
        ("duty", amount(price.duty_minor, market.currency)),
        ("tax", amount(price.tax_minor, market.currency)),
        ("tax_by", text(price.tax_collection.code())),
        ("buyer_pays", amount(price.total_minor, market.currency)),
    ]))
}
