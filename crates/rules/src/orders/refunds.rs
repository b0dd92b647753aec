//! What goes back when k of n units of a line are refunded, or part of its price.
//!
//! Everything is computed from what is *left* of the line, unit by unit: of `left` minor units over `m` units the first
//! get the rounded-down share and the last the rounded-up one. Taking units away leaves the same rule for the rest, so
//! any order and grouping of refunds gives the same sums, and the last unit takes what is left: a line always sums
//! exactly. Parts which are contained in one another (tax in the price, the house's share in the value) stay so.

use serde::{Deserialize, Serialize};

use crate::checkout::pricing::LinePrice;
use crate::money::Currency;
use crate::policy::SettlementPolicy;
use crate::settlement::terms::refund_administration_minor;

/// The money of a line, of an order, or of a part of one; minor units, none negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shares {
    /// What the buyer pays, tax and shipping included.
    pub paid_minor: i64,
    /// The tax in it. A discount of the house may make it more than `paid_minor`.
    pub tax_minor: i64,
    /// The charges at the border in it.
    #[serde(default)]
    pub duty_minor: i64,
    /// What the house adds for the shop.
    pub house_discount_minor: i64,
    /// The shipping in `paid_minor`.
    pub shipping_minor: i64,
    /// What the house takes of it at settlement.
    pub commission_minor: i64,
}

/// What has gone back of an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GivenBack {
    pub shares: Shares,
    /// Kept by the house for its work on refunds after shipment: at settlement, or at once where that is over.
    pub fee_minor: i64,
    /// What of `shares` a carrier or the house paid for: the shop keeps its proceeds of it, and tax, commission and the
    /// house's share of discounts stay where they are.
    pub borne: Shares,
}

/// What is left of a line: units which were not given back, and their money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineLeft {
    pub units: i64,
    pub shares: Shares,
}

/// Why part of an order's money goes back while the order goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackReason {
    /// Goods were missing, and the buyer has the money rather than something else.
    Shortage,
    /// The buyer took something cheaper instead.
    Substitute,
    /// A line was taken off the order.
    LineCancelled,
    /// The price has fallen, and the shop honours the lower one.
    PriceLowered,
    /// It arrived damaged.
    Damaged,
    /// A piece was not in the parcel.
    PieceMissing,
    /// It arrived late.
    Late,
    /// The shop gives something back of its own will.
    Goodwill,
    /// Agreed or decided in an after-sales case.
    AfterSales,
}

impl BackReason {
    pub const ALL: [BackReason; 9] = [
        BackReason::Shortage,
        BackReason::Substitute,
        BackReason::LineCancelled,
        BackReason::PriceLowered,
        BackReason::Damaged,
        BackReason::PieceMissing,
        BackReason::Late,
        BackReason::Goodwill,
        BackReason::AfterSales,
    ];

    /// What a shop may give as its reason for a refund which it decides on itself, the goods having left.
    pub const OF_SHOP: [BackReason; 5] = [
        BackReason::Damaged,
        BackReason::PieceMissing,
        BackReason::Late,
        BackReason::PriceLowered,
        BackReason::Goodwill,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            BackReason::Shortage => "shortage",
            BackReason::Substitute => "substitute",
            BackReason::LineCancelled => "line_cancelled",
            BackReason::PriceLowered => "price_lowered",
            BackReason::Damaged => "damaged",
            BackReason::PieceMissing => "piece_missing",
            BackReason::Late => "late",
            BackReason::Goodwill => "goodwill",
            BackReason::AfterSales => "after_sales",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

impl Shares {
    pub const NOTHING: Shares = Shares {
        paid_minor: 0,
        tax_minor: 0,
        duty_minor: 0,
        house_discount_minor: 0,
        shipping_minor: 0,
        commission_minor: 0,
    };

    /// The frozen shares of a line. `tax_included` is the order's.
    pub const fn of_line(price: &LinePrice, tax_included: bool) -> Shares {
        let added_tax = if tax_included { 0 } else { price.tax_minor };
        let goods = price.goods_minor - price.shop_discount_minor - price.house_discount_minor;
        Shares {
            paid_minor: goods + price.shipping_minor + added_tax + price.duty_minor,
            tax_minor: price.tax_minor,
            duty_minor: price.duty_minor,
            house_discount_minor: price.house_discount_minor,
            shipping_minor: price.shipping_minor,
            commission_minor: price.commission_minor,
        }
    }

    /// Of this, what stands in escrow.
    pub const fn escrow_minor(&self) -> i64 {
        self.paid_minor - self.tax_minor - self.duty_minor + self.house_discount_minor
    }

    /// What the goods are worth to the shop and the tax office together.
    const fn value_minor(&self) -> i64 {
        self.paid_minor + self.house_discount_minor
    }

    /// Without the charges at the border: once the goods have crossed it, these stay with the authority.
    pub const fn without_duty(self) -> Shares {
        Shares { paid_minor: self.paid_minor - self.duty_minor, duty_minor: 0, ..self }
    }

    pub const fn plus(self, other: Shares) -> Shares {
        Shares {
            paid_minor: self.paid_minor + other.paid_minor,
            tax_minor: self.tax_minor + other.tax_minor,
            duty_minor: self.duty_minor + other.duty_minor,
            house_discount_minor: self.house_discount_minor + other.house_discount_minor,
            shipping_minor: self.shipping_minor + other.shipping_minor,
            commission_minor: self.commission_minor + other.commission_minor,
        }
    }

    pub const fn less(self, other: Shares) -> Shares {
        Shares {
            paid_minor: self.paid_minor - other.paid_minor,
            tax_minor: self.tax_minor - other.tax_minor,
            duty_minor: self.duty_minor - other.duty_minor,
            house_discount_minor: self.house_discount_minor - other.house_discount_minor,
            shipping_minor: self.shipping_minor - other.shipping_minor,
            commission_minor: self.commission_minor - other.commission_minor,
        }
    }

    /// Whether this can be taken from `left` so that what remains is sound: nothing negative, and no more tax or
    /// commission than there is money for.
    pub fn fits_in(self, left: Shares) -> bool {
        self.sound() && left.less(self).sound()
    }

    fn sound(self) -> bool {
        let parts = [
            self.paid_minor,
            self.tax_minor,
            self.duty_minor,
            self.house_discount_minor,
            self.shipping_minor,
            self.commission_minor,
            self.escrow_minor(),
            self.escrow_minor() - self.commission_minor,
        ];
        parts.into_iter().all(|part| part >= 0)
    }
}

impl LineLeft {
    /// What of the line can go back once its goods have left: see [`Shares::without_duty`].
    pub const fn having_left(self) -> LineLeft {
        LineLeft { units: self.units, shares: self.shares.without_duty() }
    }
}

/// What `k` of the units which are left weigh.
///
/// # Panics
/// When `k` is not one of 0 to the units left: whoever asks has checked it.
pub fn of_units(left: &LineLeft, k: i64) -> Shares {
    assert!(0 <= k && k <= left.units && left.units > 0, "units out of range");
    let all = left.shares;
    let value = first_units(all.value_minor(), left.units, k);
    let house_discount_minor = first_units(all.house_discount_minor, left.units, k);
    let tax_minor = first_units(all.tax_minor, left.units, k);
    let part = Shares {
        paid_minor: value - house_discount_minor,
        tax_minor,
        duty_minor: first_units(all.duty_minor, left.units, k),
        house_discount_minor,
        ..Shares::NOTHING
    };
    within(all, part, |minor| first_units(minor, left.units, k))
}

/// What `paid_minor` of the line's money weighs when units and the house's share stay as they are: a lower price.
///
/// # Panics
/// When it is negative or more than is left.
pub fn of_price(left: &LineLeft, paid_minor: i64) -> Shares {
    let all = left.shares;
    assert!(0 <= paid_minor && paid_minor <= all.paid_minor, "more than is left of the line");
    let of = |minor: i64, part: i64, whole: i64| match whole {
        0 => 0,
        _ => narrow(i128::from(minor) * i128::from(part) / i128::from(whole)),
    };
    let value = all.value_minor();
    // Rounded down, but never so little that more tax than money would remain.
    let least = (all.tax_minor - (value - paid_minor)).max(0);
    let tax_minor = of(all.tax_minor, paid_minor, value).max(least);
    // Charges at the border are per tariff line or piece: a lower price does not lower them.
    let part = Shares { paid_minor, tax_minor, ..Shares::NOTHING };
    within(all, part, |minor| of(minor, paid_minor, value))
}

/// What `paid_minor` more weighs for goods of the same kind: tax and commission in the ratio of `all`.
pub fn of_more(all: Shares, paid_minor: i64) -> Shares {
    let of = |minor: i64, part: i64, whole: i64| match whole {
        ..=0 => 0,
        _ => narrow(i128::from(minor) * i128::from(part) / i128::from(whole)),
    };
    let tax_minor = of(all.tax_minor, paid_minor, all.value_minor());
    let escrow = paid_minor - tax_minor;
    let commission_minor = of(all.commission_minor, escrow, all.escrow_minor());
    Shares { paid_minor, tax_minor, commission_minor, ..Shares::NOTHING }
}

/// Shipping and commission follow; they and the duty are kept within what they are part of, here and in what remains.
fn within(all: Shares, part: Shares, share: impl Fn(i64) -> i64) -> Shares {
    let apart = |of: Shares| of.value_minor() - of.tax_minor;
    let least_duty = (all.duty_minor - (apart(all) - apart(part))).max(0);
    let part = Shares { duty_minor: part.duty_minor.clamp(least_duty, apart(part)), ..part };
    let least_shipping = (all.shipping_minor - (all.paid_minor - part.paid_minor)).max(0);
    let shipping_minor = share(all.shipping_minor).clamp(least_shipping, part.paid_minor);
    let escrow = part.escrow_minor();
    let least_commission = (all.commission_minor - (all.escrow_minor() - escrow)).max(0);
    let commission_minor = share(all.commission_minor).clamp(least_commission, escrow);
    Shares { shipping_minor, commission_minor, ..part }
}

/// The first `k` of `units` equal shares of `total`, where the first are rounded down and the last rounded up.
fn first_units(total: i64, units: i64, k: i64) -> i64 {
    let (down, larger) = (total / units, total % units);
    let smaller = units - larger;
    down * k + (k - smaller).max(0)
}

/// What the house keeps of the commission it gives up by a refund; nothing for goods which were never shipped.
pub fn administration_fee(
    policy: &SettlementPolicy,
    part: Shares,
    currency: Currency,
    shipped: bool,
) -> i64 {
    if shipped { refund_administration_minor(policy, part.commission_minor, currency) } else { 0 }
}

fn narrow(wide: i128) -> i64 {
    i64::try_from(wide).expect("a share is never larger than what is shared")
}
