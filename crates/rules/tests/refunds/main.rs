//! Refunds: whatever is given back in whichever order, it sums to the line and to the order, and never to more.

mod after_settlement;
mod sales;

use proptest::collection::vec;
use proptest::prelude::*;
use rules::ledger::Account;
use rules::money::Currency;
use rules::orders::liability::Refund;
use rules::orders::refunds::{
    BackReason, LineLeft, Shares, administration_fee, of_price, of_units,
};
use rules::orders::{CancelReason, Order, OrderCommand, OrderRefusal, OrderState, apply, decide};
use rules::policy::{MarketCode, Policies};
use rules::time::Timestamp;
use sales::{Sale, Till, lefts, paid_order, sale, terms};

fn doing(order: &Order, till: &mut Till, command: OrderCommand) -> Result<Order, OrderRefusal> {
    let now = Timestamp::from_ms(10);
    let decision = decide(order, command, &terms(), now)?;
    till.take(&decision.transfers);
    Ok(apply(order.clone(), decision.event))
}

/// Plays the steps; answers what the buyer has back besides the order as it is then.
fn played(sale: &Sale, fee_each: i64) -> (Order, Till, Vec<LineLeft>) {
    let mut till = Till::default();
    let mut order = doing(&paid_order(&sale.price), &mut till, OrderCommand::Pay).unwrap();
    let mut lines = lefts(&sale.price);
    for (place, many, units) in &sale.steps {
        let place = place % lines.len();
        let left = lines[place];
        let (k, part) = if *units && left.units > 0 {
            let k = (*many).min(left.units);
            (k, of_units(&left, k))
        } else {
            (0, of_price(&left, left.shares.paid_minor / (many + 1)))
        };
        let reason = BackReason::Goodwill;
        let command =
            OrderCommand::GiveBack { refund: Refund::before_settlement(part, fee_each), reason };
        order = doing(&order, &mut till, command).unwrap();
        lines[place] = LineLeft { units: left.units - k, shares: left.shares.less(part) };
        let of_lines = lines.iter().fold(Shares::NOTHING, |sum, line| sum.plus(line.shares));
        assert_eq!(of_lines, order.left().shares(), "the order is the sum of its lines");
    }
    (order, till, lines)
}

proptest! {
    #[test]
    fn any_sequence_of_refunds_then_the_rest_gives_back_exactly_what_was_paid(sale in sale()) {
        let (order, mut till, _) = played(&sale, 0);
        let back = till.holds(Account::RefundTransit);
        prop_assert_eq!(back, order.given.shares.paid_minor);
        prop_assert!(back <= sale.price.total_minor);
        let cancel = OrderCommand::CancelByShop { reason: CancelReason::OutOfStock };
        let order = doing(&order, &mut till, cancel).unwrap();
        prop_assert_eq!(till.holds(Account::RefundTransit), sale.price.total_minor);
        prop_assert_eq!(order.given.shares, order.amounts.shares());
        for account in [Account::Escrow, Account::TaxPayable, Account::DutyPayable, Account::Promotion] {
            prop_assert_eq!(till.holds(account), 0, "{}", account.code());
        }
    }

    #[test]
    fn any_sequence_of_refunds_then_settlement_leaves_nothing_in_escrow(sale in sale(), fee in 0..50_i64) {
        let (order, mut till, _) = played(&sale, fee);
        let state = OrderState::Completed { settle_at: Timestamp::from_ms(5) };
        let order = Order { state, ..order };
        let left = order.left();
        doing(&order, &mut till, OrderCommand::PassDeadline).unwrap();
        prop_assert_eq!(till.holds(Account::Escrow), 0);
        prop_assert_eq!(till.holds(Account::Commission), left.commission_minor);
        prop_assert_eq!(till.holds(Account::Fees), left.fee_minor);
        let kept: i64 = [Account::Available, Account::Reserve, Account::Commission, Account::Fees,
            Account::Debt, Account::RefundTransit, Account::DutyPayable, Account::TaxPayable, Account::Promotion]
            .into_iter().map(|account| till.holds(account)).sum();
        prop_assert_eq!(kept, sale.price.total_minor, "what was paid is somewhere");
    }

    #[test]
    fn units_in_any_order_and_grouping_give_the_same(sale in sale(), cuts in vec(1..6_i64, 1..12)) {
        for line in lefts(&sale.price) {
            let at_once = of_units(&line, line.units);
            prop_assert_eq!(at_once, line.shares);
            let (mut left, mut back) = (line, Shares::NOTHING);
            for cut in cuts.iter().copied().chain([line.units]) {
                let k = cut.min(left.units);
                if k == 0 { break; }
                let part = of_units(&left, k);
                prop_assert!(part.fits_in(left.shares));
                left = LineLeft { units: left.units - k, shares: left.shares.less(part) };
                back = back.plus(part);
                let together = of_units(&line, line.units - left.units);
                prop_assert_eq!(back.paid_minor, together.paid_minor);
                prop_assert_eq!(back.tax_minor, together.tax_minor);
                prop_assert_eq!(back.duty_minor, together.duty_minor);
                prop_assert_eq!(back.house_discount_minor, together.house_discount_minor);
            }
            prop_assert_eq!(back, line.shares);
        }
    }

    #[test]
    fn once_the_goods_have_left_all_but_the_charges_at_the_border_comes_back(sale in sale()) {
        let mut till = Till::default();
        let mut order = doing(&paid_order(&sale.price), &mut till, OrderCommand::Pay).unwrap();
        let mut lines = lefts(&sale.price);
        let all = (0..lines.len()).map(|place| (place, i64::MAX, true));
        for (place, many, units) in sale.steps.iter().copied().chain(all) {
            let place = place % lines.len();
            let left = lines[place].having_left();
            let (k, part) = match units {
                true if left.units == 0 => continue,
                true => (many.min(left.units), of_units(&left, many.min(left.units))),
                false => (0, of_price(&left, left.shares.paid_minor / (many + 1))),
            };
            let reason = BackReason::Damaged;
            let command = OrderCommand::GiveBack { refund: Refund::before_settlement(part, 0), reason };
            order = doing(&order, &mut till, command).unwrap();
            let LineLeft { units, shares } = lines[place];
            lines[place] = LineLeft { units: units - k, shares: shares.less(part) };
        }
        prop_assert_eq!(order.left().total_minor, sale.price.duty_minor);
        prop_assert_eq!(till.holds(Account::RefundTransit), sale.price.total_minor - sale.price.duty_minor);
        prop_assert_eq!(till.holds(Account::DutyPayable), sale.price.duty_minor);
        for account in [Account::Escrow, Account::TaxPayable, Account::Promotion] {
            prop_assert_eq!(till.holds(account), 0, "{}", account.code());
        }
    }

    #[test]
    fn no_unit_gets_a_whole_minor_unit_more_than_another(sale in sale()) {
        for line in lefts(&sale.price) {
            let of = |k| of_units(&line, k).paid_minor + of_units(&line, k).house_discount_minor;
            let each: Vec<i64> = (1..=line.units).map(|k| of(k) - of(k - 1)).collect();
            let (least, most) = (each.iter().min().unwrap(), each.iter().max().unwrap());
            prop_assert!(most - least <= 1);
        }
    }

    #[test]
    fn more_than_is_left_is_refused(sale in sale(), more in 1..1_000_i64) {
        let (order, mut till, _) = played(&sale, 0);
        let asked = order.left().total_minor + more;
        let part = Shares { paid_minor: asked, ..Shares::NOTHING };
        let reason = BackReason::Goodwill;
        let refused = doing(&order, &mut till, OrderCommand::GiveBack { refund: Refund::before_settlement(part, 0), reason });
        let left = order.left().total_minor;
        prop_assert_eq!(refused.err(), Some(OrderRefusal::MoreThanIsLeft { asked, left }));
    }

    #[test]
    fn more_paid_for_a_substitute_comes_back_whole_too(sale in sale(), paid in 0..9_999_i64, bp in 0..3_000_i64) {
        let tax_minor = rules::money::included_bp(paid, bp);
        let part = Shares { paid_minor: paid, tax_minor, ..Shares::NOTHING };
        let (order, mut till, _) = played(&sale, 0);
        let order = doing(&order, &mut till, OrderCommand::AddPaid { part }).unwrap();
        let order = doing(&order, &mut till, OrderCommand::CancelByBuyer).unwrap();
        prop_assert_eq!(till.holds(Account::RefundTransit), sale.price.total_minor + paid);
        prop_assert_eq!(till.holds(Account::Escrow), 0);
        prop_assert_eq!(order.left().total_minor, 0);
    }
}

#[test]
fn three_at_ten_dollars_with_tax_come_back_as_four_four_and_two_cents_of_rounding() {
    let line = LineLeft {
        units: 3,
        shares: Shares {
            paid_minor: 1_000,
            tax_minor: 82,
            commission_minor: 55,
            ..Shares::NOTHING
        },
    };
    let first = of_units(&line, 1);
    assert_eq!((first.paid_minor, first.tax_minor, first.commission_minor), (333, 27, 18));
    let rest = LineLeft { units: 2, shares: line.shares.less(first) };
    let second = of_units(&rest, 1);
    assert_eq!((second.paid_minor, second.tax_minor, second.commission_minor), (333, 27, 18));
    let last = of_units(&LineLeft { units: 1, shares: rest.shares.less(second) }, 1);
    assert_eq!((last.paid_minor, last.tax_minor, last.commission_minor), (334, 28, 19));
}

#[test]
fn the_house_keeps_a_fee_only_for_what_was_shipped() {
    let policies = Policies::shipped();
    let us = MarketCode::parse("US").unwrap();
    let usd = Currency::parse("USD").unwrap();
    let settlement = policies.settlement(us);
    let part = Shares { paid_minor: 10_000, commission_minor: 600, ..Shares::NOTHING };
    assert_eq!(administration_fee(settlement, part, usd, false), 0);
    assert_eq!(administration_fee(settlement, part, usd, true), 120);
    let large = Shares { paid_minor: 1_000_000, commission_minor: 60_000, ..Shares::NOTHING };
    assert_eq!(administration_fee(settlement, large, usd, true), 500, "the most it may be");
}
