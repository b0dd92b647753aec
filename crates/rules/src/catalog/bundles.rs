//! Bundles: a SKU which is sold as several other SKUs of the same shop, and what a basket needs of each stock.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::SkuId;

/// How many different SKUs a bundle may hold. [X] chosen by us: a gift box has rarely more.
pub const MOST_PARTS: usize = 20;
/// How often one SKU may be in a bundle.
pub const MOST_OF_A_PART: i64 = 1_000;
/// What one checkout may need of one stock: far beyond any real order, far below where sums could overflow.
pub const MOST_PIECES: i64 = 1_000_000;

/// `count` pieces of one SKU in one piece of the bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundlePart {
    pub sku: SkuId,
    pub count: i64,
}

/// One line of a basket or an order, as far as stock is concerned.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    pub sku: SkuId,
    pub quantity: i64,
    /// Empty when the SKU is no bundle.
    pub parts: &'a [BundlePart],
}

/// What is wrong with a bundle, or with what is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    #[error("a bundle has at most {MOST_PARTS} parts")]
    TooManyParts,
    #[error("a part is in the bundle 1 to {MOST_OF_A_PART} times, not {count}")]
    BadCount { count: i64 },
    #[error("the SKU {sku} is in the bundle twice; add the counts")]
    PartTwice { sku: SkuId },
    #[error("the SKU {sku} is a bundle itself")]
    BundleInBundle { sku: SkuId },
    #[error("the SKU {sku} is not one of this shop")]
    UnknownPart { sku: SkuId },
    #[error("a quantity is at least 1")]
    BadQuantity,
    #[error("that many pieces of one SKU cannot be ordered at once")]
    TooMany,
}

impl BundleError {
    /// The stable name of the reason.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooManyParts => "too_many_parts",
            Self::BadCount { .. } => "bad_part_count",
            Self::PartTwice { .. } => "part_twice",
            Self::BundleInBundle { .. } => "bundle_in_bundle",
            Self::UnknownPart { .. } => "unknown_part",
            Self::BadQuantity => "bad_quantity",
            Self::TooMany => "quantity_too_large",
        }
    }
}

/// Checks the parts of a bundle `of`. `is_bundle` answers for SKUs of the same shop, and `None` for all others.
pub fn check(
    of: SkuId,
    parts: &[BundlePart],
    is_bundle: impl Fn(SkuId) -> Option<bool>,
) -> Result<(), BundleError> {
    if parts.len() > MOST_PARTS {
        return Err(BundleError::TooManyParts);
    }
    for (place, part) in parts.iter().enumerate() {
        let sku = part.sku;
        if part.count < 1 || part.count > MOST_OF_A_PART {
            return Err(BundleError::BadCount { count: part.count });
        }
        if parts[..place].iter().any(|earlier| earlier.sku == sku) {
            return Err(BundleError::PartTwice { sku });
        }
        match is_bundle(sku) {
            None => return Err(BundleError::UnknownPart { sku }),
            Some(true) => return Err(BundleError::BundleInBundle { sku }),
            // A bundle cannot hold itself either, though it is none before it is written.
            Some(false) if sku == of => return Err(BundleError::BundleInBundle { sku }),
            Some(false) => {}
        }
    }
    Ok(())
}

/// What the lines need of each stock, in the order in which stock rows are changed.
///
/// Lines which share stock are summed up: twice the same SKU, or a bundle beside one of its parts.
pub fn parts_of<'a>(
    lines: impl IntoIterator<Item = Wanted<'a>>,
) -> Result<BTreeMap<SkuId, i64>, BundleError> {
    let mut needs = BTreeMap::new();
    for line in lines {
        if line.quantity < 1 {
            return Err(BundleError::BadQuantity);
        }
        if line.parts.is_empty() {
            need(&mut needs, line.sku, 1, line.quantity)?;
        }
        for part in line.parts {
            need(&mut needs, part.sku, part.count, line.quantity)?;
        }
    }
    Ok(needs)
}

fn need(
    needs: &mut BTreeMap<SkuId, i64>,
    sku: SkuId,
    count: i64,
    quantity: i64,
) -> Result<(), BundleError> {
    let total = needs.entry(sku).or_insert(0);
    *total = count
        .checked_mul(quantity)
        .and_then(|more| total.checked_add(more))
        .filter(|sum| *sum <= MOST_PIECES)
        .ok_or(BundleError::TooMany)?;
    Ok(())
}

/// How many pieces of a SKU can be sold, given what is left of each stock.
pub fn available(sku: SkuId, parts: &[BundlePart], left: impl Fn(SkuId) -> i64) -> i64 {
    let of_parts = parts.iter().map(|part| left(part.sku).max(0) / part.count.max(1));
    of_parts.min().unwrap_or_else(|| left(sku).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(sku: i64, count: i64) -> BundlePart {
        BundlePart { sku: SkuId::new(sku), count }
    }

    fn wanted(sku: i64, quantity: i64, parts: &[BundlePart]) -> Wanted<'_> {
        Wanted { sku: SkuId::new(sku), quantity, parts }
    }

    #[test]
    fn lines_which_share_stock_are_summed_up() {
        let box_of_tea = [part(3, 2), part(4, 1)];
        let needs = parts_of([wanted(3, 5, &[]), wanted(9, 2, &box_of_tea), wanted(3, 1, &[])]);
        let expected = BTreeMap::from([(SkuId::new(3), 10), (SkuId::new(4), 2)]);
        assert_eq!(needs, Ok(expected), "5 + 1 loose, 2 × 2 in the boxes; the box has no stock");
    }

    #[test]
    fn quantities_out_of_all_reason_are_refused() {
        for quantity in [0, -1, i64::MIN] {
            assert_eq!(parts_of([wanted(1, quantity, &[])]), Err(BundleError::BadQuantity));
        }
        assert_eq!(parts_of([wanted(1, i64::MAX, &[])]), Err(BundleError::TooMany));
        assert_eq!(parts_of([wanted(1, i64::MAX, &[part(2, 3)])]), Err(BundleError::TooMany));
        let half = MOST_PIECES / 2 + 1;
        let twice = [wanted(1, half, &[]), wanted(1, half, &[])];
        assert_eq!(parts_of(twice), Err(BundleError::TooMany));
    }

    #[test]
    fn a_bundle_holds_other_skus_of_its_shop_once_each_and_no_bundle() {
        let is_bundle = |sku: SkuId| match sku.number() {
            1..=3 => Some(false),
            7 => Some(true),
            _ => None,
        };
        let verdict = |parts: &[BundlePart]| {
            check(SkuId::new(1), parts, is_bundle).map_err(|error| error.code())
        };
        assert_eq!(verdict(&[part(2, 2), part(3, 1)]), Ok(()));
        assert_eq!(verdict(&[]), Ok(()));
        assert_eq!(verdict(&[part(2, 0)]), Err("bad_part_count"));
        assert_eq!(verdict(&[part(2, 1_001)]), Err("bad_part_count"));
        assert_eq!(verdict(&[part(2, 1), part(2, 1)]), Err("part_twice"));
        assert_eq!(verdict(&[part(7, 1)]), Err("bundle_in_bundle"));
        assert_eq!(verdict(&[part(1, 1)]), Err("bundle_in_bundle"));
        assert_eq!(verdict(&[part(8, 1)]), Err("unknown_part"));
        assert_eq!(verdict(&[part(2, 1); 21]), Err("too_many_parts"));
    }

    #[test]
    fn a_bundle_is_as_available_as_its_scarcest_part() {
        let left = |sku: SkuId| if sku.number() == 3 { 7 } else { 2 };
        assert_eq!(available(SkuId::new(9), &[part(3, 3), part(4, 1)], left), 2);
        assert_eq!(available(SkuId::new(9), &[part(3, 4), part(4, 1)], left), 1);
        assert_eq!(available(SkuId::new(3), &[], left), 7);
    }
}
