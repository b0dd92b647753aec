//! Refunds before and after settlement, whoever bears them: any sequence sums exactly, and nothing is overdrawn.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use rules::ledger::{Account, Transfer};
use rules::orders::liability::{Liable, Purse, Refund};
use rules::orders::refunds::{BackReason, LineLeft, Shares, of_price, of_units};
use rules::orders::{Order, OrderCommand, OrderEvent, OrderRefusal, OrderState, apply, decide};
use rules::settlement::debts::recovery;
use rules::time::Timestamp;

use crate::sales::{Sale, Till, lefts, paid_order, sale, terms};

const NOW: Timestamp = Timestamp::from_ms(10);

/// The shop's accounts, with what other orders brought; and what this order alone has moved.
struct Books {
    shop: BTreeMap<Account, i64>,
    order: Till,
}

impl Books {
    fn new(elsewhere: Purse) -> Books {
        let shop = BTreeMap::from([
            (Account::Available, elsewhere.available_minor),
            (Account::Reserve, elsewhere.reserve_minor),
            (Account::Deposit, elsewhere.deposit_minor),
        ]);
        Books { shop, order: Till::default() }
    }

    fn holds(&self, account: Account) -> i64 {
        self.shop.get(&account).copied().unwrap_or(0)
    }

    /// What is owed stands below zero here: credits are positive.
    fn debt(&self) -> i64 {
        -self.holds(Account::Debt)
    }

    fn purse(&self) -> Purse {
        Purse {
            escrow_minor: self.order.holds(Account::Escrow),
            available_minor: self.holds(Account::Available),
            reserve_minor: self.holds(Account::Reserve),
            held_minor: self.order.holds(Account::Held),
            deposit_minor: self.holds(Account::Deposit),
        }
    }

    fn post(&mut self, mut transfers: Vec<Transfer>) {
        let paid = recovery(self.holds(Account::Available), self.debt(), &transfers);
        transfers.extend(paid);
        for transfer in &transfers {
            *self.shop.entry(transfer.debit).or_default() -= transfer.amount_minor;
            *self.shop.entry(transfer.credit).or_default() += transfer.amount_minor;
        }
        self.order.take(&transfers);
        // `Debt` stands on the other side: it is below zero while something is owed, and never above.
        let never_below = Account::ALL.into_iter().filter(|account| {
            !account.may_go_below_zero()
                && !matches!(account, Account::Debt | Account::CarrierClaims)
        });
        for account in never_below {
            assert!(self.holds(account) >= 0, "{} below zero", account.code());
        }
        assert!(self.debt() >= 0, "less than nothing is owed");
        assert!(self.debt() == 0 || self.holds(Account::Available) == 0, "a debt beside money");
    }

    /// Invariant 4: what was paid, the house's share and what others bore is somewhere, and authorities and the house
    /// have of it what the order says.
    fn order_adds_up(&self, order: &Order) {
        let of = |account| self.order.holds(account);
        assert_eq!(of(Account::RefundTransit), order.given.shares.paid_minor);
        let kept = order.proceeds();
        let settled = matches!(order.state, OrderState::Settled);
        assert_eq!(of(Account::TaxPayable), kept.tax_minor);
        assert_eq!(of(Account::DutyPayable), kept.duty_minor);
        assert_eq!(of(Account::Promotion), -kept.house_discount_minor);
        assert_eq!(of(Account::Commission), if settled { kept.commission_minor } else { 0 });
        assert_eq!(of(Account::Fees), if settled { kept.fee_minor } else { 0 });
        assert_eq!(of(Account::Escrow), if settled { 0 } else { kept.escrow_minor() });
        let sum: i64 = Account::ALL.into_iter().map(of).sum();
        assert_eq!(sum, 0, "both sides are equal");
        assert_eq!(-of(Account::ProviderClearing), order.amounts.total_minor);
    }
}

fn doing(order: &Order, books: &mut Books, command: OrderCommand) -> Result<Order, OrderRefusal> {
    let decision = decide(order, command, &terms(), NOW)?;
    books.post(decision.transfers);
    let after = apply(order.clone(), decision.event);
    books.order_adds_up(&after);
    Ok(after)
}

/// A step's part of the line, and the line without it.
fn step_of(left: LineLeft, many: i64, units: bool) -> Option<(Shares, LineLeft)> {
    let can = left.having_left();
    let (k, part) = match units {
        true if can.units == 0 => return None,
        true => (many.min(can.units), of_units(&can, many.min(can.units))),
        false => (0, of_price(&can, can.shares.paid_minor / (many + 1))),
    };
    Some((part, LineLeft { units: left.units - k, shares: left.shares.less(part) }))
}

/// Pays, gives back until `settle_after` steps are done, settles, and gives back the other steps and then everything.
fn played(
    sale: &Sale,
    settle_after: usize,
    liable: &[Liable],
    (fee_minor, elsewhere): (i64, Purse),
) -> (Order, Books) {
    let mut books = Books::new(elsewhere);
    let order = doing(&paid_order(&sale.price), &mut books, OrderCommand::Pay).unwrap();
    let mut order = Order { state: OrderState::Completed { settle_at: NOW }, ..order };
    let mut lines = lefts(&sale.price);
    let all = (0..lines.len()).map(|place| (place, i64::MAX, true));
    let price_of_rest = (0..lines.len()).map(|place| (place, 0, false));
    let steps = sale.steps.iter().copied().chain(all).chain(price_of_rest);
    for (at, (place, many, units)) in steps.enumerate() {
        if at == settle_after.min(sale.steps.len()) {
            order = doing(&order, &mut books, OrderCommand::PassDeadline).unwrap();
        }
        let place = place % lines.len();
        let Some((part, left)) = step_of(lines[place], many, units) else { continue };
        let liable = liable.get(at % liable.len().max(1)).copied().unwrap_or_default();
        let refund = Refund { part, fee_minor, liable, purse: books.purse() };
        let command = OrderCommand::GiveBack { refund, reason: BackReason::Damaged };
        order = doing(&order, &mut books, command).unwrap();
        lines[place] = left;
    }
    (order, books)
}

fn elsewhere() -> impl Strategy<Value = Purse> {
    let some = || prop_oneof![Just(0), 0..50_000_i64, 0..9_000_000_i64];
    (some(), some(), some()).prop_map(|(available_minor, reserve_minor, deposit_minor)| Purse {
        available_minor,
        reserve_minor,
        deposit_minor,
        ..Purse::EMPTY
    })
}

fn liable() -> impl Strategy<Value = Vec<Liable>> {
    vec(prop_oneof![Just(Liable::Shop), Just(Liable::Carrier), Just(Liable::House)], 1..5)
}

proptest! {
    #[test]
    fn before_and_after_settlement_it_sums_to_what_was_paid(
        sale in sale(), settle_after in 0..40_usize, fee in 0..50_i64, elsewhere in elsewhere()
    ) {
        let (order, books) = played(&sale, settle_after, &[Liable::Shop], (fee, elsewhere));
        let (paid, duty) = (sale.price.total_minor, sale.price.duty_minor);
        prop_assert_eq!(books.order.holds(Account::RefundTransit), paid - duty);
        prop_assert_eq!(order.left().total_minor, duty);
        for account in [Account::TaxPayable, Account::Promotion, Account::Commission] {
            prop_assert_eq!(books.order.holds(account), 0, "{}", account.code());
        }
        // The shop has what it had elsewhere, less the fees; what that does not cover is its debt.
        let had = elsewhere.available_minor + elsewhere.reserve_minor + elsewhere.deposit_minor;
        let has: i64 = [Account::Available, Account::Reserve, Account::Deposit, Account::Held]
            .into_iter().map(|account| books.holds(account)).sum();
        prop_assert_eq!(has - books.debt(), had - order.given.fee_minor);
    }

    #[test]
    fn when_it_settles_changes_nothing_for_anybody(
        sale in sale(), first in 0..40_usize, second in 0..40_usize, elsewhere in elsewhere()
    ) {
        let (one, before) = played(&sale, first, &[Liable::Shop], (0, elsewhere));
        let (other, after) = played(&sale, second, &[Liable::Shop], (0, elsewhere));
        prop_assert_eq!(one.given, other.given);
        let own = |books: &Books| -> i64 {
            [Account::Available, Account::Reserve, Account::Deposit, Account::Debt]
                .into_iter().map(|account| books.holds(account)).sum()
        };
        prop_assert_eq!(own(&before), own(&after));
    }

    #[test]
    fn whoever_bears_it_the_buyer_has_the_same_and_the_order_adds_up(
        sale in sale(), settle_after in 0..40_usize, liable in liable(), fee in 0..50_i64, elsewhere in elsewhere()
    ) {
        let (order, books) = played(&sale, settle_after, &liable, (fee, elsewhere));
        prop_assert_eq!(order.left().total_minor, sale.price.duty_minor);
        let borne = -(books.order.holds(Account::CarrierClaims) + books.order.holds(Account::Guarantee));
        prop_assert_eq!(borne, order.given.borne.paid_minor);
        // The shop keeps its proceeds of what others bore.
        let had = elsewhere.available_minor + elsewhere.reserve_minor + elsewhere.deposit_minor;
        let has: i64 = [Account::Available, Account::Reserve, Account::Deposit]
            .into_iter().map(|account| books.holds(account)).sum();
        let proceeds = order.given.borne.escrow_minor() - order.given.borne.commission_minor;
        prop_assert_eq!(has - books.debt(), had + proceeds - order.given.fee_minor);
    }
}

fn settled_order() -> (Order, Books) {
    let purse =
        Purse { available_minor: 300, reserve_minor: 200, deposit_minor: 100, ..Purse::EMPTY };
    let mut books = Books::new(purse);
    let one = rules::checkout::pricing::LineAsked {
        sku: rules::ids::SkuId::new(1),
        product: rules::ids::ProductId::new(1),
        hs_code: String::new(),
        unit_minor: 10_000,
        quantity: 1,
        commission_bp: 500,
    };
    let asked = rules::checkout::pricing::ShopAsked {
        currency: rules::money::Currency::parse("USD").unwrap(),
        lines: &[one],
        shipping_minor: 0,
        promotions: &[],
        tax: rules::checkout::tax::Tax {
            kind: rules::checkout::tax::TaxKind::Exclusive,
            rate_bp: 800,
            on_shipping: false,
        },
        border: None,
    };
    let price = rules::checkout::pricing::price(&asked).unwrap();
    let order = doing(&paid_order(&price), &mut books, OrderCommand::Pay).unwrap();
    let order = Order { state: OrderState::Completed { settle_at: NOW }, ..order };
    let order = doing(&order, &mut books, OrderCommand::PassDeadline).unwrap();
    (order, books)
}

/// Account by account, as money.md lists them: available, reserve, the order's held money, deposit, debt.
#[test]
fn the_accounts_are_used_in_turn() {
    let (order, mut books) = settled_order();
    let (available, reserve) = (books.holds(Account::Available), books.holds(Account::Reserve));
    assert_eq!(available + reserve, 500 + 9_500, "its proceeds and what was there");
    let part = order.left().shares();
    let purse = Purse {
        available_minor: 5_000,
        reserve_minor: 3_000,
        held_minor: 400,
        deposit_minor: 100,
        escrow_minor: 7,
    };
    let refund = Refund { part, fee_minor: 20, liable: Liable::Shop, purse };
    let command = OrderCommand::GiveBack { refund, reason: BackReason::Damaged };
    let decision = decide(&order, command, &terms(), NOW).unwrap();
    let covered: Vec<(Account, i64)> = (decision.transfers.iter())
        .filter(|moved| moved.credit == Account::Escrow)
        .map(|moved| (moved.debit, moved.amount_minor))
        .collect();
    let debt = 9_500 + 20 - 7 - 5_000 - 3_000 - 400 - 100;
    assert_eq!(
        covered,
        [
            (Account::Commission, 500),
            (Account::Available, 5_000),
            (Account::Reserve, 3_000),
            (Account::Held, 400),
            (Account::Deposit, 100),
            (Account::Debt, debt),
        ]
    );
    assert_eq!(decision.refund_minor, 10_800);
    let tax = decision.transfers.iter().find(|moved| moved.debit == Account::TaxPayable).unwrap();
    assert_eq!((tax.credit, tax.amount_minor), (Account::RefundTransit, 800));
    // With what is really there, nothing is owed.
    let refund = Refund { purse: books.purse(), ..refund };
    let command = OrderCommand::GiveBack { refund, reason: BackReason::Damaged };
    let after = doing(&order, &mut books, command).unwrap();
    assert_eq!((books.debt(), after.state), (0, OrderState::Settled));
    let again = doing(&after, &mut books, command).unwrap_err();
    assert_eq!(again, OrderRefusal::MoreThanIsLeft { asked: 10_800, left: 0 });
}

#[test]
fn a_carrier_and_the_house_pay_only_for_what_arrived_and_no_fee() {
    let (order, _) = settled_order();
    let way = OrderState::InTransit { deliver_by: NOW, lost_at: NOW, overdue: false };
    for liable in [Liable::Carrier, Liable::House] {
        let part = order.left().shares();
        let refund = Refund { part, fee_minor: 20, liable, purse: Purse::EMPTY };
        let command = OrderCommand::GiveBack { refund, reason: BackReason::Damaged };
        let on_its_way = Order { state: way, ..order.clone() };
        let early = decide(&on_its_way, command, &terms(), NOW).unwrap_err();
        assert_eq!(early.code(), "not_in_this_state");
        let decision = decide(&order, command, &terms(), NOW).unwrap();
        let OrderEvent::PartlyRefunded { fee_minor, .. } = decision.event else { panic!() };
        assert_eq!((decision.transfers.len(), fee_minor), (1, 0));
        assert_eq!(decision.transfers[0].amount_minor, 10_800);
    }
}
