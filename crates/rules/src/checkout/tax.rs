//! Tax: at which rate a sale is taxed, and how much of a price that is.

use serde::{Deserialize, Serialize};

use crate::money::{included_bp, part_bp};
use crate::policy::MarketPolicy;

/// How a market taxes a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxKind {
    /// Prices are shown without tax; it is added at checkout (US sales tax).
    Exclusive,
    /// Prices contain the tax (VAT, consumption tax).
    Inclusive,
    /// The house collects no tax.
    None,
}

/// The tax of one sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tax {
    pub kind: TaxKind,
    /// Basis points: 2000 is 20 %.
    pub rate_bp: i64,
    pub on_shipping: bool,
}

/// The tax of sales to `region` of a market: the region's own rate where it has one, the general one otherwise.
pub fn tax_of(market: &MarketPolicy, region: &str) -> Tax {
    let region = region.trim().to_ascii_uppercase();
    let rate_bp = market.region_tax_bp.get(&region).copied().unwrap_or(market.tax_bp);
    Tax { kind: market.tax_kind, rate_bp, on_shipping: market.tax_on_shipping }
}

/// How much tax is on top of the amount, or inside it: minor units, rounded half up.
pub fn tax_on(taxable_minor: i64, tax: Tax) -> i64 {
    match tax.kind {
        TaxKind::Exclusive => part_bp(taxable_minor, tax.rate_bp),
        TaxKind::Inclusive => included_bp(taxable_minor, tax.rate_bp),
        TaxKind::None => 0,
    }
}
