//! `docs/machines/`: what every command does in every state, written from the machines themselves.
//!
//! `./check fresh` rewrites the pages; otherwise this test compares them.

use rules::ids::{OrderId, PaymentId, PersonId, ShopId};
use rules::money::Currency;
use rules::orders::refunds::GivenBack;
use rules::orders::{
    CancelReason, CancelledBy, Fault, Order, OrderAmounts, OrderCommand, OrderState, OrderTerms,
    apply, decide,
};
use rules::payments::{PaymentCommand, PaymentState};
use rules::policy::{MarketCode, PayoutPolicy, Policies, Tier};
use rules::settlement::payouts::{
    self, BankAnswer, FailureReason, Obstacle, Payout, PayoutCommand, PayoutEvent, PayoutState,
    Standing,
};
use rules::time::Timestamp;

const DUE: Timestamp = Timestamp::from_ms(1_000_000_000_000);

fn order_states() -> Vec<OrderState> {
    let later = DUE + rules::time::Span::from_days(1);
    vec![
        OrderState::Unpaid { pay_by: DUE },
        OrderState::OnHold { cancel_free_until: DUE },
        OrderState::AwaitingConfirmation { confirm_by: DUE },
        OrderState::AwaitingShipment { ship_by: DUE, cancel_at: later, late: false },
        OrderState::AwaitingShipment { ship_by: DUE, cancel_at: DUE, late: true },
        OrderState::PartiallyShipped { ship_by: DUE, cancel_at: later, late: false },
        OrderState::PartiallyShipped { ship_by: DUE, cancel_at: DUE, late: true },
        OrderState::AwaitingCollection { collect_by: DUE },
        OrderState::InTransit { deliver_by: DUE, lost_at: later, overdue: false },
        OrderState::InTransit {
            deliver_by: DUE - rules::time::Span::from_days(1),
            lost_at: DUE,
            overdue: true,
        },
        OrderState::Delivered { complete_at: DUE },
        OrderState::Completed { settle_at: DUE },
        OrderState::Settled,
        OrderState::Cancelled {
            by: CancelledBy::Buyer,
            reason: CancelReason::ChangedMind,
            fault: Fault::Nobody,
        },
    ]
}

fn order_in(state: OrderState, flagged: bool) -> Order {
    Order {
        id: OrderId::new(1),
        shop: ShopId::new(2),
        buyer: PersonId::new(3),
        payment: PaymentId::new(4),
        state,
        amounts: OrderAmounts {
            currency: Currency::parse("USD").unwrap(),
            total_minor: 10_000,
            tax_minor: 800,
            duty_minor: 0,
            house_discount_minor: 300,
            shipping_minor: 0,
            commission_minor: 500,
            fee_minor: 0,
        },
        given: GivenBack::default(),
        flagged,
        ship_by: Some(DUE),
        cases_count: 0,
        version: 1,
    }
}

fn terms() -> OrderTerms {
    let policies = Policies::shipped();
    let us = MarketCode::parse("US").unwrap();
    OrderTerms::of(policies.orders(us), policies.settlement(us).tier(Tier::Standard))
}

fn state_name(state: OrderState) -> String {
    let suffix = match state {
        OrderState::AwaitingShipment { late: true, .. }
        | OrderState::PartiallyShipped { late: true, .. } => " (late)",
        OrderState::InTransit { overdue: true, .. } => " (overdue)",
        _ => "",
    };
    format!("{}{suffix}", state.name().code())
}

fn order_page() -> String {
    let mut page = String::from(
        "# The order machine\n\nWritten by a test from `crates/rules/src/orders`; `./check fresh` writes it anew.\n\
         A cell says the event and the state after it; an empty one is a refusal. Deadlines come from `policies/orders.toml`.\n\n",
    );
    page.push_str("| state | command | event | state after it |\n| --- | --- | --- | --- |\n");
    for state in order_states() {
        for command in OrderCommand::ALL {
            for flagged in [false, true] {
                let order = order_in(state, flagged);
                let Ok(decision) = decide(&order, command, &terms(), DUE) else { continue };
                let plain = decide(&order_in(state, false), command, &terms(), DUE);
                if flagged && plain.is_ok_and(|plain| plain.event.code() == decision.event.code()) {
                    continue;
                }
                let note = if flagged { " (flagged)" } else { "" };
                let after = apply(order, decision.event);
                page.push_str(&format!(
                    "| {}{note} | {} | {} | {} |\n",
                    state_name(state),
                    command.code(),
                    decision.event.code(),
                    state_name(after.state)
                ));
            }
        }
    }
    page
}

fn payment_page() -> String {
    let mut page = String::from(
        "# The payment machine\n\nWritten by a test from `crates/rules/src/payments`; `./check fresh` writes it anew.\n\n\
         | state | command | outcome |\n| --- | --- | --- |\n",
    );
    let states = [
        PaymentState::Requested { pay_by: DUE },
        PaymentState::Captured,
        PaymentState::Expired,
        PaymentState::ReturnedLate,
    ];
    for state in states {
        for command in PaymentCommand::ALL {
            let outcome = match rules::payments::decide(state, command, DUE) {
                Ok((event, after)) => format!("{event:?} → {}", after.code()),
                Err(refusal) => format!("refused: {refusal}"),
            };
            page.push_str(&format!("| {} | {command:?} | {outcome} |\n", state.code()));
        }
    }
    page
}

const PAYOUT_MINOR: i64 = 10_000;

/// Each state once, an ended one with each reason it can have.
fn payout_states() -> Vec<(String, PayoutState)> {
    let mut states = vec![
        PayoutState::Scheduled { send_at: DUE },
        PayoutState::Sent { answer_by: DUE },
        PayoutState::Paid,
    ];
    states.extend(FailureReason::ALL.map(|reason| PayoutState::Failed { reason }));
    let named = |state: PayoutState| (payout_state_name(state), state);
    states.into_iter().map(named).collect()
}

fn payout_state_name(state: PayoutState) -> String {
    match state {
        PayoutState::Failed { reason } => format!("{} ({})", state.code(), reason.code()),
        PayoutState::Scheduled { .. } | PayoutState::Sent { .. } | PayoutState::Paid => {
            state.code().to_owned()
        }
    }
}

/// What can come, and how the shop stands when the deadline passes.
fn payout_commands() -> Vec<(String, PayoutCommand)> {
    let passes = |available_minor, obstacles| {
        PayoutCommand::PassDeadline(Standing { available_minor, obstacles })
    };
    let mut commands = vec![
        ("pass_deadline".to_owned(), passes(PAYOUT_MINOR, vec![])),
        ("pass_deadline, less available".to_owned(), passes(PAYOUT_MINOR - 1, vec![])),
    ];
    commands.extend(Obstacle::ALL.map(|obstacle| {
        let named = format!("pass_deadline, {}", obstacle.code());
        (named, passes(PAYOUT_MINOR, vec![obstacle]))
    }));
    commands.push(("answer paid".to_owned(), PayoutCommand::TakeAnswer(BankAnswer::Paid)));
    commands.extend(FailureReason::OF_BANK.map(|reason| {
        let answer = BankAnswer::Failed { reason };
        (format!("answer failed, {}", reason.code()), PayoutCommand::TakeAnswer(answer))
    }));
    commands
}

fn payout_policy() -> PayoutPolicy {
    let us = MarketCode::parse("US").unwrap();
    Policies::shipped().settlement(us).payout.clone()
}

fn payout_row(state: PayoutState, attempt: i64, command: &PayoutCommand) -> Option<String> {
    let payout = Payout { state, amount_minor: PAYOUT_MINOR, attempt };
    let decision = payouts::decide(&payout, command, &payout_policy(), DUE).ok()?;
    let moved: Vec<String> = decision
        .transfers
        .iter()
        .map(|one| format!("{} → {}", one.debit.code(), one.credit.code()))
        .collect();
    let again = match &decision.event {
        PayoutEvent::Failed { again_at: Some(_), .. } => ", and planned again",
        PayoutEvent::Failed { again_at: None, .. }
        | PayoutEvent::Sent { .. }
        | PayoutEvent::Stopped { .. }
        | PayoutEvent::AnswerOverdue { .. }
        | PayoutEvent::Paid => "",
    };
    let after = payout_state_name(payouts::apply(&decision.event));
    Some(format!("{} | {after}{again} | {} |", decision.event.code(), moved.join(", ")))
}

fn payout_page() -> String {
    let mut page = String::from(
        "# The payout machine\n\nWritten by a test from `crates/rules/src/settlement/payouts.rs`; `./check fresh` writes it anew.\n\
         What is not here is refused, and changes nothing. Deadlines and tries come from `policies/settlement.toml`. A row\n\
         says \"last try\" where the last one which the policy gives ends otherwise than those before it.\n\n\
         | state | command | event | state after it | money moved |\n| --- | --- | --- | --- | --- |\n",
    );
    let last = payout_policy().attempts_count;
    for (name, state) in payout_states() {
        for (command_name, command) in payout_commands() {
            let Some(first) = payout_row(state, 1, &command) else { continue };
            page.push_str(&format!("| {name} | {command_name} | {first}\n"));
            let at_last = payout_row(state, last, &command);
            if let Some(other) = at_last.filter(|other| *other != first) {
                page.push_str(&format!("| {name} | {command_name}, last try | {other}\n"));
            }
        }
    }
    page
}

#[expect(clippy::disallowed_methods, reason = "a test may read whether pages are to be rewritten")]
fn fresh(name: &str, page: &str) {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/machines").join(name);
    if std::env::var("UPDATE_FRESH").is_ok() {
        std::fs::write(&path, page).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, page, "docs/machines/{name} is stale: run ./check fresh");
}

#[test]
fn the_page_of_orders_is_fresh() {
    fresh("orders.md", &order_page());
}

#[test]
fn the_page_of_payments_is_fresh() {
    fresh("payments.md", &payment_page());
}

#[test]
fn the_page_of_payouts_is_fresh() {
    fresh("payouts.md", &payout_page());
}
