//! What a basket costs, shop by shop, with every share frozen on its line.
//!
//! Placed orders are never re-priced: what this module computes at placement is what refunds, commission and
//! figures use for ever. All splits are largest-remainder shares (`money::shares`), so lines always sum to their order.

use serde::{Deserialize, Serialize};

use super::border::{Border, Declared, DutyLine, TaxCollection};
use super::discounts::{Applied, Promotion, discounts};
use super::tax::{Tax, TaxKind, tax_on};
use crate::ids::{ProductId, SkuId};
use crate::money::{Currency, MoneyError, included_bp, part_bp, shares};

/// One line as asked for; prices in minor units of the shop's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineAsked {
    pub sku: SkuId,
    pub product: ProductId,
    /// The tariff number, or empty.
    pub hs_code: String,
    pub unit_minor: i64,
    pub quantity: i64,
    /// Commission of the line's category, basis points.
    pub commission_bp: i64,
}

/// One shop's part of a basket, ready to be priced.
#[derive(Clone, Debug)]
pub struct ShopAsked<'a> {
    pub currency: Currency,
    pub lines: &'a [LineAsked],
    pub shipping_minor: i64,
    pub promotions: &'a [Promotion],
    /// The tax of a sale at home; the border may have another.
    pub tax: Tax,
    /// Nothing: the parcel crosses none.
    pub border: Option<&'a Border<'a>>,
}

/// The frozen shares of one line; all in minor units, and none is ever negative.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinePrice {
    pub unit_minor: i64,
    pub quantity: i64,
    pub goods_minor: i64,
    pub shop_discount_minor: i64,
    pub house_discount_minor: i64,
    pub shipping_minor: i64,
    pub tax_minor: i64,
    /// Of the charges at the border.
    pub duty_minor: i64,
    pub commission_minor: i64,
}

/// What one shop's order costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderPrice {
    pub currency: Currency,
    pub lines: Vec<LinePrice>,
    pub goods_minor: i64,
    pub shop_discount_minor: i64,
    pub house_discount_minor: i64,
    pub shipping_minor: i64,
    pub tax_minor: i64,
    /// Whether `tax_minor` is already inside the prices.
    pub tax_included: bool,
    /// Under what the tax is collected.
    pub tax_collection: TaxCollection,
    /// The sum of `duty`.
    pub duty_minor: i64,
    /// Charges at the border, by code.
    pub duty: Vec<DutyLine>,
    /// The promotions which took something off, and who pays for them.
    pub promotions: Vec<Applied>,
    /// What the buyer pays.
    pub total_minor: i64,
    pub commission_minor: i64,
}

/// Prices one shop's part. Refuses amounts beyond 64 bits; quantities and prices are checked before (≥ 1, ≥ 0).
pub fn price(asked: &ShopAsked<'_>) -> Result<OrderPrice, MoneyError> {
    let goods = goods_of(asked.lines)?;
    let goods_minor = sum(&goods)?;
    let discounts = discounts(asked.promotions, &goods);
    // The house pays its part to the shop, so for tax and commission only the shop's own part lowers the price.
    let net: Vec<i64> = goods.iter().zip(&discounts.of_shop).map(|(g, d)| g - d).collect();
    let shipping = shares(asked.shipping_minor, &goods);
    let at_border = at_border(asked, &net)?;
    let (tax, tax_minor) = tax_of_lines(&at_border, &net, &shipping)?;
    let included = matches!(at_border.tax.kind, TaxKind::Inclusive);

    let mut lines = Vec::with_capacity(asked.lines.len());
    for (place, line) in asked.lines.iter().enumerate() {
        let inside = if included { tax[place] } else { 0 };
        let base = net[place] + shipping[place] - inside;
        lines.push(LinePrice {
            unit_minor: line.unit_minor,
            quantity: line.quantity,
            goods_minor: goods[place],
            shop_discount_minor: discounts.of_shop[place],
            house_discount_minor: discounts.of_house[place],
            shipping_minor: shipping[place],
            tax_minor: tax[place],
            duty_minor: at_border.duty_of_lines[place],
            // Of what the buyer pays, plus the house's discount, less tax: the published base of the US referral fee.
            commission_minor: part_bp(base, line.commission_bp),
        });
    }
    let commission_minor = lines.iter().map(|line| line.commission_minor).sum();
    let (shop_discount_minor, house_discount_minor) =
        (discounts.shop_minor(), discounts.house_minor());
    let duty_minor = sum(&at_border.duty_of_lines)?;
    let added_tax = if included { 0 } else { tax_minor };
    let total_minor = (goods_minor - shop_discount_minor - house_discount_minor)
        .checked_add(asked.shipping_minor)
        .and_then(|sum| sum.checked_add(added_tax))
        .and_then(|sum| sum.checked_add(duty_minor))
        .ok_or(MoneyError::TooLarge)?;
    Ok(OrderPrice {
        currency: asked.currency,
        lines,
        goods_minor,
        shop_discount_minor,
        house_discount_minor,
        shipping_minor: asked.shipping_minor,
        tax_minor,
        tax_included: included,
        tax_collection: at_border.tax_collection,
        duty_minor,
        duty: at_border.duty,
        promotions: discounts.applied,
        total_minor,
        commission_minor,
    })
}

/// What the border makes of an order.
struct AtBorder {
    tax: Tax,
    tax_collection: TaxCollection,
    duty: Vec<DutyLine>,
    duty_of_lines: Vec<i64>,
}

/// `net` is each line's worth after the shop's discounts.
fn at_border(asked: &ShopAsked<'_>, net: &[i64]) -> Result<AtBorder, MoneyError> {
    let Some(border) = asked.border else {
        return Ok(AtBorder {
            tax: asked.tax,
            tax_collection: TaxCollection::Domestic,
            duty: Vec::new(),
            duty_of_lines: vec![0; net.len()],
        });
    };
    let worth_minor = intrinsic_minor(sum(net)?, asked.tax);
    let (tax, tax_collection) = border.tax(asked.tax, worth_minor);
    let lines: Vec<Declared<'_>> = asked
        .lines
        .iter()
        .map(|line| Declared { product: line.product, hs_code: &line.hs_code })
        .collect();
    let (duty, duty_of_lines) = border.duty(&lines, net, worth_minor)?;
    Ok(AtBorder { tax, tax_collection, duty, duty_of_lines })
}

/// What goods are worth at a border: their price without tax and shipping.
fn intrinsic_minor(price_minor: i64, tax: Tax) -> i64 {
    match tax.kind {
        TaxKind::Inclusive => price_minor - included_bp(price_minor, tax.rate_bp),
        TaxKind::Exclusive | TaxKind::None => price_minor,
    }
}

/// Each line's tax, and the sum.
fn tax_of_lines(
    border: &AtBorder,
    net: &[i64],
    shipping: &[i64],
) -> Result<(Vec<i64>, i64), MoneyError> {
    let tax = border.tax;
    let taxable: Vec<i64> = (net.iter().zip(shipping))
        .map(|(net, shipping)| if tax.on_shipping { net + shipping } else { *net })
        .collect();
    let tax_minor = tax_on(sum(&taxable)?, tax);
    Ok((shares(tax_minor, &taxable), tax_minor))
}

/// An order may cost at most this many minor units, so that no sum of shares can come near 64 bits.
pub const MOST_MINOR: i64 = 1_000_000_000_000_000;

fn goods_of(lines: &[LineAsked]) -> Result<Vec<i64>, MoneyError> {
    let mut goods = Vec::with_capacity(lines.len());
    for line in lines {
        let minor = line.unit_minor.checked_mul(line.quantity).ok_or(MoneyError::TooLarge)?;
        if minor > MOST_MINOR {
            return Err(MoneyError::TooLarge);
        }
        goods.push(minor);
    }
    Ok(goods)
}

fn sum(parts: &[i64]) -> Result<i64, MoneyError> {
    let total = parts.iter().try_fold(0_i64, |sum, part| sum.checked_add(*part));
    total.filter(|total| *total <= MOST_MINOR).ok_or(MoneyError::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkout::discounts::FundedBy;
    use crate::ids::PromotionId;

    fn line(unit_minor: i64, quantity: i64) -> LineAsked {
        LineAsked {
            sku: SkuId::new(1),
            product: ProductId::new(1),
            hs_code: String::new(),
            unit_minor,
            quantity,
            commission_bp: 500,
        }
    }

    fn promotion(
        funded_by: FundedBy,
        percent_bp: i64,
        minimum_minor: i64,
        maximum_minor: i64,
    ) -> Promotion {
        let id = PromotionId::new(1);
        Promotion { id, funded_by, house_bp: 0, percent_bp, minimum_minor, maximum_minor }
    }

    fn priced(
        lines: &[LineAsked],
        shipping_minor: i64,
        promotions: &[Promotion],
        tax: Tax,
    ) -> OrderPrice {
        let currency = Currency::parse("USD").unwrap();
        let asked = ShopAsked { currency, lines, shipping_minor, promotions, tax, border: None };
        price(&asked).unwrap()
    }

    const US: Tax = Tax { kind: TaxKind::Exclusive, rate_bp: 825, on_shipping: false };
    const GB: Tax = Tax { kind: TaxKind::Inclusive, rate_bp: 2_000, on_shipping: true };

    #[test]
    fn tax_is_added_where_prices_come_without_it() {
        let price = priced(&[line(1_999, 2)], 499, &[], US);
        assert_eq!(
            (price.goods_minor, price.tax_minor, price.total_minor),
            (3_998, 330, 3_998 + 499 + 330)
        );
        assert_eq!(price.commission_minor, part_bp(3_998 + 499, 500));
    }

    #[test]
    fn tax_is_found_inside_where_prices_contain_it() {
        let price = priced(&[line(1_200, 1)], 0, &[], GB);
        assert_eq!((price.tax_minor, price.total_minor), (200, 1_200));
        assert_eq!(price.commission_minor, 50);
    }

    #[test]
    fn lines_always_sum_to_their_order() {
        let promotions =
            [promotion(FundedBy::Shop, 1_000, 0, 0), promotion(FundedBy::House, 700, 1_000, 333)];
        for tax in [US, GB] {
            let price = priced(&[line(333, 3), line(1, 1), line(12_345, 2)], 777, &promotions, tax);
            let of = |part: fn(&LinePrice) -> i64| price.lines.iter().map(part).sum::<i64>();
            assert_eq!(of(|l| l.goods_minor), price.goods_minor);
            assert_eq!(of(|l| l.shop_discount_minor), price.shop_discount_minor);
            assert_eq!(of(|l| l.house_discount_minor), price.house_discount_minor);
            assert_eq!(of(|l| l.shipping_minor), 777);
            assert_eq!(of(|l| l.tax_minor), price.tax_minor);
            assert_eq!(price.house_discount_minor, 333);
        }
    }

    #[test]
    fn a_discount_waits_for_its_minimum_and_stops_at_its_maximum() {
        let promotions = [promotion(FundedBy::Shop, 5_000, 10_000, 2_000)];
        assert_eq!(priced(&[line(9_999, 1)], 0, &promotions, GB).shop_discount_minor, 0);
        assert_eq!(priced(&[line(10_000, 1)], 0, &promotions, GB).shop_discount_minor, 2_000);
    }

    #[test]
    fn amounts_out_of_all_reason_are_refused() {
        let currency = Currency::parse("USD").unwrap();
        let lines = [line(i64::MAX / 2, 3)];
        let asked = ShopAsked {
            currency,
            lines: &lines,
            shipping_minor: 0,
            promotions: &[],
            tax: US,
            border: None,
        };
        assert_eq!(price(&asked), Err(MoneyError::TooLarge));
    }
}
