//! Check flags (核对标记): what the shop should look at before it ships.

use serde::{Deserialize, Serialize};

use crate::ids::SkuId;

/// One difference, with the facts a person needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "flag", rename_all = "snake_case")]
pub enum Flag {
    /// More pieces of one SKU than a household usually orders.
    UnusualQuantity { sku: SkuId, quantity: i64, usual: i64 },
}

/// What the check looks at.
pub struct CheckFacts<'a> {
    /// SKU and quantity of each line.
    pub lines: &'a [(SkuId, i64)],
    /// From this many pieces on, a quantity is unusual; 0 switches the check off.
    pub unusual_quantity: i64,
}

pub fn check(facts: &CheckFacts<'_>) -> Vec<Flag> {
    let unusual = facts
        .lines
        .iter()
        .filter(|(_, quantity)| facts.unusual_quantity > 0 && *quantity >= facts.unusual_quantity);
    unusual
        .map(|(sku, quantity)| Flag::UnusualQuantity {
            sku: *sku,
            quantity: *quantity,
            usual: facts.unusual_quantity - 1,
        })
        .collect()
}
