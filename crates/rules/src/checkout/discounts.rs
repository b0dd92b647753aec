//! Discounts: which promotions apply to a shop's part of a basket, and who gives up how much on which line.
//!
//! A shop's own promotion comes first; a campaign of the house comes on top of it, paid by the house alone or shared with
//! the shop. Of each kind the buyer gets the best one.

use serde::{Deserialize, Serialize};

use crate::ids::PromotionId;
use crate::money::{part_bp, shares};

/// Who gives a discount up: the shop lowers its price, the house pays the shop the difference, or each a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FundedBy {
    Shop,
    House,
    Shared,
}

impl FundedBy {
    pub const ALL: [FundedBy; 3] = [FundedBy::Shop, FundedBy::House, FundedBy::Shared];

    /// As in the database and the API.
    pub const fn code(self) -> &'static str {
        match self {
            FundedBy::Shop => "shop",
            FundedBy::House => "house",
            FundedBy::Shared => "shared",
        }
    }

    pub fn parse(code: &str) -> Option<FundedBy> {
        FundedBy::ALL.into_iter().find(|funded_by| funded_by.code() == code)
    }
}

/// A discount which applies by itself once its minimum is met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promotion {
    pub id: PromotionId,
    pub funded_by: FundedBy,
    /// The house's part of a shared discount, basis points; the rest is the shop's. Not looked at otherwise.
    pub house_bp: i64,
    pub percent_bp: i64,
    /// Goods of one shop must be worth at least this.
    pub minimum_minor: i64,
    /// The discount is never more than this; 0 means no limit.
    pub maximum_minor: i64,
}

/// One promotion's part in an order, minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    pub promotion: PromotionId,
    pub funded_by: FundedBy,
    /// What the shop gives up.
    pub shop_minor: i64,
    /// What the house pays.
    pub house_minor: i64,
}

/// What is taken off a shop's goods, line by line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discounts {
    pub applied: Vec<Applied>,
    /// Given up by the shop, by line.
    pub of_shop: Vec<i64>,
    /// Paid by the house, by line.
    pub of_house: Vec<i64>,
}

impl Discounts {
    pub fn shop_minor(&self) -> i64 {
        self.of_shop.iter().sum()
    }

    pub fn house_minor(&self) -> i64 {
        self.of_house.iter().sum()
    }
}

/// The discounts on goods of these worths (minor units, none negative).
pub fn discounts(promotions: &[Promotion], goods: &[i64]) -> Discounts {
    let whole: i64 = goods.iter().sum();
    let own = best(promotions, whole, |funded_by| matches!(funded_by, FundedBy::Shop));
    let own_minor = own.map_or(0, |(_, minor)| minor);
    let mut of_shop = shares(own_minor, goods);
    let left: Vec<i64> = goods.iter().zip(&of_shop).map(|(goods, off)| goods - off).collect();
    let campaign = best(promotions, whole - own_minor, |funded_by| match funded_by {
        FundedBy::House | FundedBy::Shared => true,
        FundedBy::Shop => false,
    });
    let mut applied = Vec::new();
    if let Some((promotion, minor)) = own {
        applied.push(of(promotion, minor, 0));
    }
    let mut of_house = vec![0; goods.len()];
    if let Some((promotion, minor)) = campaign {
        let house_minor = house_part(promotion, minor);
        let off = shares(minor, &left);
        of_house = shares(house_minor, &off);
        for (place, off) in off.iter().enumerate() {
            of_shop[place] += off - of_house[place];
        }
        applied.push(of(promotion, minor - house_minor, house_minor));
    }
    Discounts { applied, of_shop, of_house }
}

fn of(promotion: &Promotion, shop_minor: i64, house_minor: i64) -> Applied {
    Applied { promotion: promotion.id, funded_by: promotion.funded_by, shop_minor, house_minor }
}

/// What the house pays of a discount, minor units.
fn house_part(promotion: &Promotion, discount_minor: i64) -> i64 {
    match promotion.funded_by {
        FundedBy::Shop => 0,
        FundedBy::House => discount_minor,
        FundedBy::Shared => part_bp(discount_minor, promotion.house_bp).clamp(0, discount_minor),
    }
}

/// The promotion which takes most off, among equals the first; nothing where none takes anything off.
fn best(
    promotions: &[Promotion],
    goods_minor: i64,
    counts: impl Fn(FundedBy) -> bool,
) -> Option<(&Promotion, i64)> {
    let mut best: Option<(&Promotion, i64)> = None;
    for promotion in promotions.iter().filter(|promotion| counts(promotion.funded_by)) {
        if goods_minor < promotion.minimum_minor {
            continue;
        }
        let part = part_bp(goods_minor, promotion.percent_bp);
        let most = if promotion.maximum_minor > 0 { promotion.maximum_minor } else { goods_minor };
        let part = part.min(most).clamp(0, goods_minor);
        if part > best.map_or(0, |(_, minor)| minor) {
            best = Some((promotion, part));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn promotion(id: i64, funded_by: FundedBy, percent_bp: i64, house_bp: i64) -> Promotion {
        let id = PromotionId::new(id);
        Promotion { id, funded_by, house_bp, percent_bp, minimum_minor: 0, maximum_minor: 0 }
    }

    #[test]
    fn a_shared_discount_is_split_to_the_cent() {
        let shared = [promotion(1, FundedBy::Shared, 1_000, 3_333)];
        let given = discounts(&shared, &[1_001, 2_002]);
        // 10 % of 30.03 is 3.00; a third of it is the house's.
        assert_eq!((given.shop_minor(), given.house_minor()), (200, 100));
        assert_eq!(given.applied[0].shop_minor + given.applied[0].house_minor, 300);
    }

    #[test]
    fn of_two_campaigns_the_better_one_counts_whoever_pays() {
        let both =
            [promotion(1, FundedBy::House, 500, 0), promotion(2, FundedBy::Shared, 800, 5_000)];
        let given = discounts(&both, &[10_000]);
        assert_eq!((given.shop_minor(), given.house_minor()), (400, 400));
        assert_eq!(given.applied.len(), 1);
    }

    #[test]
    fn a_shops_own_discount_comes_first() {
        let both =
            [promotion(1, FundedBy::Shop, 1_000, 0), promotion(2, FundedBy::Shared, 1_000, 5_000)];
        let given = discounts(&both, &[10_000]);
        assert_eq!((given.shop_minor(), given.house_minor()), (1_000 + 450, 450));
    }

    proptest! {
        /// The house pays exactly its part, no line goes below nothing, and the parts sum to the promotions.
        #[test]
        fn every_cent_of_a_discount_has_one_payer(
            goods in prop::collection::vec(0i64..1_000_000, 1..12),
            own_bp in 0i64..9_000,
            shared_bp in 0i64..=10_000,
            house_bp in 0i64..=10_000,
            cap in 0i64..50_000,
        ) {
            let mut shared = promotion(2, FundedBy::Shared, shared_bp, house_bp);
            shared.maximum_minor = cap;
            let given = discounts(&[promotion(1, FundedBy::Shop, own_bp, 0), shared], &goods);
            for (place, worth) in goods.iter().enumerate() {
                let (shop, house) = (given.of_shop[place], given.of_house[place]);
                prop_assert!(shop >= 0 && house >= 0 && shop + house <= *worth);
            }
            let applied: i64 = given.applied.iter().map(|a| a.shop_minor + a.house_minor).sum();
            prop_assert_eq!(given.shop_minor() + given.house_minor(), applied);
            let campaign = given.applied.iter().find(|a| a.funded_by == FundedBy::Shared);
            let house = campaign.map_or(0, |a| part_bp(a.shop_minor + a.house_minor, house_bp));
            prop_assert_eq!(given.house_minor(), house);
        }
    }
}
