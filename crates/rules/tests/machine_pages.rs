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
use rules::policy::{MarketCode, Policies, Tier};
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
