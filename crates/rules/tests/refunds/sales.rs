//! Sales of every kind, and the steps of giving them back.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use rules::checkout::discounts::{FundedBy, Promotion};
use rules::checkout::pricing::{LineAsked, OrderPrice, ShopAsked, price};
use rules::checkout::tax::{Tax, TaxKind};
use rules::ids::{OrderId, PaymentId, PersonId, ProductId, PromotionId, ShopId, SkuId};
use rules::ledger::{Account, Transfer};
use rules::money::Currency;
use rules::orders::refunds::{GivenBack, LineLeft, Shares};
use rules::orders::{Order, OrderAmounts, OrderState, OrderTerms};
use rules::policy::{MarketCode, Policies, Tier};
use rules::time::Timestamp;

/// One step of a story: which line, how much, and whether units or a part of the price.
pub type Step = (usize, i64, bool);

#[derive(Debug, Clone)]
pub struct Sale {
    pub price: OrderPrice,
    pub steps: Vec<Step>,
}

pub fn sale() -> impl Strategy<Value = Sale> {
    let currency = prop_oneof![Just("JPY"), Just("USD"), Just("KWD"), Just("IDR")];
    let lines = vec((0..200_000_i64, 1..12_i64, 0..=5_000_i64), 1..6);
    let tax = (any::<bool>(), 0..=3_000_i64, any::<bool>());
    let promotions = vec((any::<bool>(), 0..=10_000_i64, 0..5_000_i64), 0..3);
    let steps = vec((0..6_usize, 1..12_i64, any::<bool>()), 0..40);
    let duties = vec(prop_oneof![Just(0), 1..20_i64, 0..90_000_i64], 6);
    (currency, lines, tax, promotions, (0..5_000_i64, duties), steps).prop_map(
        |(
            currency,
            lines,
            (inclusive, rate_bp, on_shipping),
            promotions,
            (shipping, duties),
            steps,
        )| {
            let lines: Vec<LineAsked> = (lines.iter().enumerate())
                .map(|(place, (unit_minor, quantity, commission_bp))| LineAsked {
                    sku: SkuId::new(place as i64 + 1),
                    product: ProductId::new(place as i64 + 1),
                    hs_code: String::new(),
                    unit_minor: *unit_minor,
                    quantity: *quantity,
                    commission_bp: *commission_bp,
                })
                .collect();
            let promotions: Vec<Promotion> = (promotions.iter())
                .map(|(house, percent_bp, maximum_minor)| Promotion {
                    id: PromotionId::new(1),
                    house_bp: 0,
                    funded_by: if *house { FundedBy::House } else { FundedBy::Shop },
                    percent_bp: *percent_bp,
                    minimum_minor: 0,
                    maximum_minor: *maximum_minor,
                })
                .collect();
            let kind = if inclusive { TaxKind::Inclusive } else { TaxKind::Exclusive };
            let asked = ShopAsked {
                currency: Currency::parse(currency).unwrap(),
                lines: &lines,
                shipping_minor: shipping,
                promotions: &promotions,
                tax: Tax { kind, rate_bp, on_shipping },
                border: None,
            };
            let mut price = price(&asked).unwrap();
            // Each line has charges at the border of its own: none, a few minor units, or more than it costs.
            for (line, duty_minor) in price.lines.iter_mut().zip(duties) {
                line.duty_minor = duty_minor;
                price.duty_minor += duty_minor;
                price.total_minor += duty_minor;
            }
            Sale { price, steps }
        },
    )
}

pub fn lefts(price: &OrderPrice) -> Vec<LineLeft> {
    (price.lines.iter())
        .map(|line| LineLeft {
            units: line.quantity,
            shares: Shares::of_line(line, price.tax_included),
        })
        .collect()
}

pub fn paid_order(price: &OrderPrice) -> Order {
    Order {
        id: OrderId::new(1),
        shop: ShopId::new(2),
        buyer: PersonId::new(3),
        payment: PaymentId::new(4),
        state: OrderState::Unpaid { pay_by: Timestamp::from_ms(1_000) },
        amounts: OrderAmounts {
            currency: price.currency,
            total_minor: price.total_minor,
            tax_minor: price.tax_minor,
            duty_minor: price.duty_minor,
            house_discount_minor: price.house_discount_minor,
            shipping_minor: price.shipping_minor,
            commission_minor: price.commission_minor,
            fee_minor: 0,
        },
        given: GivenBack::default(),
        flagged: false,
        ship_by: None,
        cases_count: 0,
        version: 1,
    }
}

pub fn terms() -> OrderTerms {
    let policies = Policies::shipped();
    let us = MarketCode::parse("US").unwrap();
    OrderTerms::of(policies.orders(us), policies.settlement(us).tier(Tier::Standard))
}

/// Balances of the order alone, credits positive.
#[derive(Default)]
pub struct Till(pub BTreeMap<Account, i64>);

impl Till {
    pub fn take(&mut self, transfers: &[Transfer]) {
        for transfer in transfers {
            assert!(transfer.amount_minor > 0);
            *self.0.entry(transfer.debit).or_default() -= transfer.amount_minor;
            *self.0.entry(transfer.credit).or_default() += transfer.amount_minor;
        }
        for account in
            [Account::Escrow, Account::TaxPayable, Account::DutyPayable, Account::RefundTransit]
        {
            assert!(self.holds(account) >= 0, "{} below zero", account.code());
        }
    }

    pub fn holds(&self, account: Account) -> i64 {
        self.0.get(&account).copied().unwrap_or(0)
    }
}
