//! What the order machine does, as a table and as stories.

use std::collections::BTreeMap;

use super::*;
use crate::ledger::{Account, Balance, TransferKind, effect};

const DAY: Span = Span::from_days(1);

pub(super) fn terms() -> OrderTerms {
    OrderTerms {
        pay_by: DAY,
        cancel_free: Span::from_hours(1),
        confirm_by: Span::from_days(2),
        dispatch_by: Span::from_days(2),
        dispatch_grace: Span::from_days(3),
        collect_by: Span::from_days(7),
        deliver_by: Span::from_days(6),
        lost_after: Span::from_days(7),
        give_up_after: Span::from_days(30),
        auto_complete: Span::from_days(15),
        settle_after: Span::from_days(8),
        reserve_bp: 500,
        reserve_for: Span::from_days(30),
        confirm_all: false,
        cancel_when_late: false,
    }
}

fn at(ms: i64) -> Timestamp {
    Timestamp::from_ms(ms)
}

pub(crate) fn order_in(state: OrderState) -> Order {
    let currency = Currency::parse("USD").unwrap();
    Order {
        id: OrderId::new(1),
        shop: ShopId::new(2),
        buyer: PersonId::new(3),
        payment: PaymentId::new(4),
        state,
        amounts: OrderAmounts {
            currency,
            total_minor: 10_000,
            tax_minor: 800,
            duty_minor: 0,
            house_discount_minor: 300,
            shipping_minor: 0,
            commission_minor: 475,
            fee_minor: 0,
        },
        given: GivenBack::default(),
        flagged: false,
        ship_by: None,
        cases_count: 0,
        version: 1,
    }
}

/// One example of every state, each due at moment 100.
fn every_state() -> [OrderState; 11] {
    let due = at(100);
    [
        OrderState::Unpaid { pay_by: due },
        OrderState::OnHold { cancel_free_until: due },
        OrderState::AwaitingConfirmation { confirm_by: due },
        OrderState::AwaitingShipment { ship_by: due, cancel_at: at(200), late: false },
        OrderState::PartiallyShipped { ship_by: due, cancel_at: at(200), late: false },
        OrderState::AwaitingCollection { collect_by: due },
        OrderState::InTransit { deliver_by: due, lost_at: at(200), overdue: false },
        OrderState::Delivered { complete_at: due },
        OrderState::Completed { settle_at: due },
        OrderState::Settled,
        OrderState::Cancelled {
            by: CancelledBy::Buyer,
            reason: CancelReason::ChangedMind,
            fault: Fault::Nobody,
        },
    ]
}

#[test]
fn what_each_command_does_in_each_state() {
    let expected = "
        unpaid: pay=paid cancel_by_buyer=cancelled cancel_by_shop=cancelled cancel_by_house=cancelled cancel_for_shortage=cancelled pass_deadline=cancelled
        on_hold: cancel_by_buyer=cancelled cancel_by_shop=cancelled cancel_by_house=cancelled cancel_for_shortage=cancelled give_back=partly_refunded add_paid=paid_more pass_deadline=confirmed
        awaiting_confirmation: confirm=confirmed cancel_agreed=cancelled cancel_for_shortage=cancelled give_back=partly_refunded add_paid=paid_more cancel_by_shop=cancelled cancel_by_house=cancelled pass_deadline=cancelled
        awaiting_shipment: ship=shipped ship_part=part_shipped cancel_agreed=cancelled cancel_for_shortage=cancelled give_back=partly_refunded add_paid=paid_more cancel_by_shop=cancelled cancel_by_house=cancelled pass_deadline=dispatch_late
        partially_shipped: ship=shipped ship_part=part_shipped drop_rest=rest_dropped give_back=partly_refunded pass_deadline=dispatch_late
        awaiting_collection: give_back=partly_refunded deliver=delivered confirm_receipt=completed collect=collected cancel_by_carrier=cancelled pass_deadline=cancelled open_case=case_opened
        in_transit: progress=progressed cancel_by_carrier=cancelled give_back=partly_refunded deliver=delivered confirm_receipt=completed pass_deadline=delivery_overdue open_case=case_opened
        delivered: give_back=partly_refunded confirm_receipt=completed pass_deadline=completed open_case=case_opened
        completed: give_back=partly_refunded pass_deadline=settled open_case=case_opened
        settled: give_back=partly_refunded open_case=case_opened
        cancelled:
    ";
    let mut table: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in expected.lines().filter(|line| !line.trim().is_empty()) {
        let (state, cells) = line.trim().split_once(':').unwrap();
        table.insert(state, cells.split_whitespace().collect());
    }
    for state in every_state() {
        let order = order_in(state);
        for command in OrderCommand::ALL {
            let outcome = decide(&order, command, &terms(), at(100));
            let cell = outcome
                .ok()
                .map(|decision| format!("{}={}", command.code(), decision.event.code()));
            let wanted = table[state.name().code()]
                .iter()
                .find(|cell| cell.starts_with(&format!("{}=", command.code())))
                .map(|cell| (*cell).to_owned());
            assert_eq!(cell, wanted, "{} in {}", command.code(), state.name().code());
        }
    }
}

#[test]
fn no_deadline_acts_early() {
    for state in every_state().into_iter().filter(|state| state.due_at().is_some()) {
        let early = decide(&order_in(state), OrderCommand::PassDeadline, &terms(), at(99));
        assert_eq!(early, Err(OrderRefusal::NotDueYet { due: at(100) }), "{}", state.name().code());
    }
}

#[test]
fn an_open_case_holds_the_order_until_it_is_closed() {
    let delivered = order_in(OrderState::Delivered { complete_at: at(100) });
    let opened = decide(&delivered, OrderCommand::OpenCase, &terms(), at(50)).unwrap();
    let held = apply(delivered, opened.event);
    assert_eq!((held.due_at(), held.then_at()), (None, Some(at(100))), "its time is kept");
    let late = decide(&held, OrderCommand::PassDeadline, &terms(), at(300));
    assert_eq!(late, Err(OrderRefusal::HeldByCase { count: 1 }));
    let closed = decide(&held, OrderCommand::CloseCase, &terms(), at(300)).unwrap();
    let free = apply(held, closed.event);
    assert_eq!(free.due_at(), Some(at(100)));
    assert!(decide(&free, OrderCommand::PassDeadline, &terms(), at(300)).is_ok());
    assert!(decide(&free, OrderCommand::CloseCase, &terms(), at(300)).is_err(), "none is open");
}

#[test]
fn a_waiting_state_always_has_a_deadline() {
    for state in every_state() {
        let ended = matches!(state, OrderState::Settled | OrderState::Cancelled { .. });
        assert_eq!(state.due_at().is_none(), ended, "{}", state.name().code());
    }
}

#[test]
fn a_shop_cannot_give_a_deadline_as_its_reason() {
    let order = order_in(every_state()[1]);
    let reason = CancelReason::NotPaidInTime;
    let refused = decide(&order, OrderCommand::CancelByShop { reason }, &terms(), at(1));
    assert_eq!(refused, Err(OrderRefusal::NotAReasonForShops { reason }));
}

/// An order walked through days, with the balances of its shop.
struct Story {
    order: Order,
    now: Timestamp,
    balances: BTreeMap<Account, Balance>,
    stock: Vec<StockEffect>,
}

fn story() -> Story {
    let order = order_in(OrderState::Unpaid { pay_by: at(0) + DAY });
    Story { order, now: at(0), balances: BTreeMap::new(), stock: Vec::new() }
}

impl Story {
    fn after(mut self, span: Span, command: OrderCommand) -> Self {
        self.now = self.now + span;
        let decision = decide(&self.order, command, &terms(), self.now).unwrap();
        for transfer in &decision.transfers {
            assert!(transfer.amount_minor > 0);
            let (debit, credit) = effect(TransferKind::Posted, transfer.amount_minor, 0);
            self.balances.entry(transfer.debit).or_default().add(debit);
            self.balances.entry(transfer.credit).or_default().add(credit);
        }
        for (account, balance) in &self.balances {
            let below = balance.spendable(*account) < 0 && !account.may_go_below_zero();
            assert!(!below, "{} below zero", account.code());
        }
        self.stock.push(decision.stock);
        self.order = apply(self.order, decision.event);
        self
    }

    fn holds(self, account: Account, minor: i64) -> Self {
        let balance = self.balances.get(&account).copied().unwrap_or_default();
        assert_eq!(balance.posted(account), minor, "{}", account.code());
        self
    }

    fn is(self, name: OrderStateName) -> Self {
        assert_eq!(self.order.state.name(), name);
        self
    }
}

#[test]
fn a_sale_pays_the_shop_what_the_house_and_the_tax_office_do_not_keep() {
    story()
        .after(Span::from_minutes(5), OrderCommand::Pay)
        .holds(Account::Escrow, 9_500)
        .holds(Account::TaxPayable, 800)
        .holds(Account::Promotion, 300)
        .after(Span::from_hours(1), OrderCommand::PassDeadline)
        .is(OrderStateName::AwaitingShipment)
        .after(DAY, OrderCommand::Ship)
        .after(DAY, OrderCommand::Collect)
        .after(DAY, OrderCommand::Deliver)
        .after(Span::from_days(15), OrderCommand::PassDeadline)
        .is(OrderStateName::Completed)
        .after(Span::from_days(0), OrderCommand::PassDeadline)
        .is(OrderStateName::Settled)
        .holds(Account::Escrow, 0)
        .holds(Account::Commission, 475)
        .holds(Account::Reserve, 451)
        .holds(Account::Available, 9_500 - 475 - 451);
}

#[test]
fn a_buyer_who_confirms_early_starts_the_settlement_clock() {
    let story = story()
        .after(Span::from_minutes(5), OrderCommand::Pay)
        .after(Span::from_hours(1), OrderCommand::PassDeadline)
        .after(DAY, OrderCommand::Ship)
        .after(DAY, OrderCommand::Deliver)
        .after(DAY, OrderCommand::ConfirmReceipt);
    let settle_at = story.now + Span::from_days(8);
    assert_eq!(story.order.state, OrderState::Completed { settle_at });
}

#[test]
fn cancelling_in_the_free_hour_leaves_nothing_behind() {
    let story = story()
        .after(Span::from_minutes(5), OrderCommand::Pay)
        .after(Span::from_minutes(59), OrderCommand::CancelByBuyer)
        .holds(Account::Escrow, 0)
        .holds(Account::TaxPayable, 0)
        .holds(Account::Promotion, 0)
        .holds(Account::RefundTransit, 10_000);
    assert_eq!(story.stock.last(), Some(&StockEffect::Release));
}

#[test]
fn a_shop_which_never_ships_is_late_first_and_cancelled_after_the_grace() {
    let story = story()
        .after(Span::from_minutes(5), OrderCommand::Pay)
        .after(Span::from_hours(1), OrderCommand::PassDeadline)
        .after(Span::from_days(2), OrderCommand::PassDeadline);
    assert!(matches!(story.order.state, OrderState::AwaitingShipment { late: true, .. }));
    let story = story.after(Span::from_days(3), OrderCommand::PassDeadline);
    let fault = Fault::Shop;
    let (by, reason) = (CancelledBy::Deadline, CancelReason::NotShippedInTime);
    assert_eq!(story.order.state, OrderState::Cancelled { by, reason, fault });
}

#[test]
fn goods_which_no_carrier_collected_go_back_to_stock() {
    let story = story()
        .after(Span::from_minutes(5), OrderCommand::Pay)
        .after(Span::from_hours(1), OrderCommand::PassDeadline)
        .after(DAY, OrderCommand::Ship)
        .after(Span::from_days(30), OrderCommand::PassDeadline)
        .holds(Account::RefundTransit, 10_000)
        .holds(Account::Escrow, 0);
    let (by, reason) = (CancelledBy::Deadline, CancelReason::NeverCollected);
    assert_eq!(story.order.state, OrderState::Cancelled { by, reason, fault: Fault::Shop });
    let (out, back) = (StockEffect::TakeOut, StockEffect::PutBack);
    assert_eq!(story.stock[2..], [out, back]);
}

#[test]
fn a_parcel_lost_after_its_scan_costs_the_carrier_not_the_shop() {
    let story = story()
        .after(Span::from_minutes(5), OrderCommand::Pay)
        .after(Span::from_hours(1), OrderCommand::PassDeadline)
        .after(DAY, OrderCommand::Ship)
        .after(DAY, OrderCommand::Collect)
        .after(Span::from_days(6), OrderCommand::PassDeadline)
        .after(Span::from_days(30), OrderCommand::PassDeadline)
        .is(OrderStateName::Cancelled)
        .holds(Account::CarrierClaims, 10_000)
        .holds(Account::RefundTransit, 10_000)
        .holds(Account::Escrow, 0)
        .holds(Account::Available, 9_500 - 475);
    assert_eq!(story.stock.last(), Some(&StockEffect::Nothing), "what is lost cannot be sold");
}

fn on_its_way() -> Story {
    story()
        .after(Span::from_minutes(5), OrderCommand::Pay)
        .after(Span::from_hours(1), OrderCommand::PassDeadline)
        .after(DAY, OrderCommand::Ship)
        .after(DAY, OrderCommand::Collect)
}

#[test]
fn silence_counts_from_the_last_scan_and_not_from_the_promise() {
    let story = on_its_way();
    let scanned = story.now + Span::from_days(4);
    let story = story.after(Span::from_days(4), OrderCommand::Progress { at: scanned });
    let story = story.after(Span::from_days(2), OrderCommand::PassDeadline);
    assert!(matches!(story.order.state, OrderState::InTransit { overdue: true, .. }));
    assert_eq!(story.order.state.due_at(), Some(scanned + Span::from_days(7)));
    // Late, but scanned again: it lives another week.
    let scanned = story.now + Span::from_days(1);
    let story = story.after(Span::from_days(1), OrderCommand::Progress { at: scanned });
    assert!(matches!(story.order.state, OrderState::InTransit { overdue: true, .. }));
    let story = story.after(Span::from_days(7), OrderCommand::PassDeadline);
    let (by, reason) = (CancelledBy::Deadline, CancelReason::LostInTransit);
    assert_eq!(story.order.state, OrderState::Cancelled { by, reason, fault: Fault::Carrier });
}

#[test]
fn a_parcel_which_stops_is_lost_before_its_promise_is_over() {
    let state = OrderState::InTransit { deliver_by: at(500), lost_at: at(100), overdue: false };
    assert_eq!(state.due_at(), Some(at(100)));
    let decision = decide(&order_in(state), OrderCommand::PassDeadline, &terms(), at(100)).unwrap();
    let (by, reason) = (CancelledBy::Deadline, CancelReason::LostInTransit);
    assert_eq!(decision.event, OrderEvent::Cancelled { by, reason, fault: Fault::Carrier });
}

#[test]
fn old_news_moves_nothing_back_and_scans_do_not_keep_a_parcel_alive_for_ever() {
    let story = on_its_way();
    let collected = story.now;
    let before = story.order.state;
    let story = story.after(DAY, OrderCommand::Progress { at: collected - DAY });
    assert_eq!(story.order.state, before);
    let end = collected + Span::from_days(6 + 30);
    let story = story.after(Span::from_days(35), OrderCommand::Progress { at: end });
    let OrderState::InTransit { lost_at, .. } = story.order.state else { panic!("on its way") };
    assert_eq!(lost_at, end);
}

#[test]
fn what_the_carrier_breaks_it_pays_and_what_comes_back_is_refunded_from_escrow() {
    let reason = CancelReason::DamagedInTransit;
    on_its_way()
        .after(DAY, OrderCommand::CancelByCarrier { reason })
        .holds(Account::CarrierClaims, 10_000)
        .holds(Account::RefundTransit, 10_000)
        .holds(Account::Available, 9_500 - 475);
    let reason = CancelReason::ReturnedToSender;
    on_its_way()
        .after(DAY, OrderCommand::CancelByCarrier { reason })
        .holds(Account::CarrierClaims, 0)
        .holds(Account::Available, 0)
        .holds(Account::Escrow, 0)
        .holds(Account::RefundTransit, 10_000);
    let order = order_in(every_state()[5]);
    let reason = CancelReason::OutOfStock;
    let refused = decide(&order, OrderCommand::CancelByCarrier { reason }, &terms(), at(1));
    assert_eq!(refused, Err(OrderRefusal::NotAReasonForCarriers { reason }));
}

#[test]
fn duty_goes_to_the_authority_and_comes_back_only_while_the_goods_are_here() {
    let paid = || {
        let mut story = story();
        story.order.amounts.duty_minor = 1_400;
        story.after(Span::from_minutes(5), OrderCommand::Pay)
    };
    paid()
        .holds(Account::DutyPayable, 1_400)
        .holds(Account::Escrow, 9_500 - 1_400)
        .after(Span::from_minutes(5), OrderCommand::CancelByBuyer)
        .holds(Account::DutyPayable, 0)
        .holds(Account::RefundTransit, 10_000);
    paid()
        .after(Span::from_hours(1), OrderCommand::PassDeadline)
        .after(DAY, OrderCommand::Ship)
        .after(DAY, OrderCommand::Collect)
        .after(DAY, OrderCommand::Deliver)
        .after(DAY, OrderCommand::ConfirmReceipt)
        .after(Span::from_days(30), OrderCommand::PassDeadline)
        .is(OrderStateName::Settled)
        .holds(Account::DutyPayable, 1_400)
        .holds(Account::Escrow, 0);
}

#[test]
fn a_discount_larger_than_the_net_price_still_pays_the_tax() {
    let currency = Currency::parse("GBP").unwrap();
    let amounts = OrderAmounts {
        currency,
        total_minor: 100,
        tax_minor: 200,
        duty_minor: 150,
        house_discount_minor: 1_100,
        shipping_minor: 0,
        commission_minor: 50,
        fee_minor: 0,
    };
    let mut order = order_in(OrderState::Unpaid { pay_by: at(0) + DAY });
    order.amounts = amounts;
    let story = Story { order, now: at(0), balances: BTreeMap::new(), stock: Vec::new() };
    story
        .after(Span::from_minutes(1), OrderCommand::Pay)
        .holds(Account::TaxPayable, 200)
        .holds(Account::Escrow, amounts.escrow_minor())
        .after(Span::from_minutes(1), OrderCommand::CancelByBuyer)
        .holds(Account::TaxPayable, 0)
        .holds(Account::DutyPayable, 0)
        .holds(Account::Escrow, 0)
        .holds(Account::Promotion, 0)
        .holds(Account::RefundTransit, 100);
}

#[test]
fn without_any_grace_an_order_is_cancelled_when_it_would_become_late() {
    let due = at(100);
    let state = OrderState::AwaitingShipment { ship_by: due, cancel_at: due, late: false };
    let decision = decide(&order_in(state), OrderCommand::PassDeadline, &terms(), due).unwrap();
    let (by, reason) = (CancelledBy::Deadline, CancelReason::NotShippedInTime);
    assert_eq!(decision.event, OrderEvent::Cancelled { by, reason, fault: Fault::Shop });
    assert_eq!(decision.refund_minor, 10_000);
}
