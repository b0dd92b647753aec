//! The way of a shop's money to its bank: planned, sent, answered, failed, stopped, and what each day's statement says.

use crate::finance::{House, house};
use actions::payouts::{look_again, of_shop, pay_out_now, payout_file, record_answer, take_answer};
use actions::statements::{self, StatementPage};
use actions::{Actor, Failure};
use rules::ledger::Account;
use rules::settlement::payouts::{BankAnswer, FailureReason, Obstacle, PayoutState};
use rules::settlement::statements::{StatementLine, moved_by};
use store::payouts::PayoutRow;
use store::testing::on_both_databases;

async fn payouts(house: &House) -> Vec<PayoutRow> {
    of_shop(&house.stage.market, house.stage.first, i64::MAX, 50).await.unwrap().payouts
}

fn states(payouts: &[PayoutRow]) -> Vec<&'static str> {
    payouts.iter().rev().map(|payout| payout.state.code()).collect()
}

#[test]
fn a_sale_reaches_the_bank_by_itself() {
    on_both_databases(async |store| {
        let house = house(store, "9000").await;
        let share = house.sells_and_settles().await;
        house.stage.days_pass(8).await.unwrap();
        let all = payouts(&house).await;
        assert_eq!(states(&all), ["paid"]);
        assert_eq!(all[0].amount.minor, share);
        assert_eq!(house.holds(Account::Available).await, 0);
        assert_eq!(house.holds(Account::PayoutTransit).await, 0);
        let file = payout_file(&house.stage.market, house.stage.first, all[0].id).await.unwrap();
        let kinds: Vec<&str> = file.events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["payout_scheduled", "payout_sent", "payout_paid"]);
        assert_eq!(file.transfers.len(), 2);
        assert_eq!(house.stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn without_an_account_nothing_is_planned_and_with_one_everything_is() {
    on_both_databases(async |store| {
        let house = house(store, "").await;
        let share = house.sells_and_settles().await;
        house.stage.days_pass(8).await.unwrap();
        assert!(payouts(&house).await.is_empty());
        assert_eq!(house.holds(Account::Available).await, share);
        house.registers("9000").await.unwrap();
        house.stage.days_pass(9).await.unwrap();
        assert_eq!(states(&payouts(&house).await), ["paid"]);
    });
}

#[test]
fn a_bank_out_of_reach_is_tried_again_and_a_closed_account_is_not() {
    on_both_databases(async |store| {
        let house = house(store, "0001").await;
        let share = house.sells_and_settles().await;
        house.stage.days_pass(8).await.unwrap();
        let all = payouts(&house).await;
        assert_eq!(states(&all), ["failed", "paid"]);
        assert_eq!((all[0].amount, all[0].attempt, all[0].first), (all[1].amount, 2, all[1].id));
        assert_eq!(all[0].amount.minor, share, "tried again whole");
        house.changes_account_to("0002").await;
        house.sells_and_settles().await;
        house.stage.days_pass(8).await.unwrap();
        let all = payouts(&house).await;
        let closed = PayoutState::Failed { reason: FailureReason::AccountClosed };
        assert_eq!((all.len(), all[0].state), (3, closed));
        assert_eq!(house.holds(Account::Available).await, all[0].amount.minor, "it came back");
        // It went nowhere else either: the account before was given up by the shop itself.
        let seen = of_shop(&house.stage.market, house.stage.first, i64::MAX, 1).await.unwrap();
        assert_eq!(seen.accounts.obstacle(), Some(Obstacle::AccountRefused));
        house.registers("9000").await.unwrap();
        house.stage.days_pass(8).await.unwrap();
        assert_eq!(states(&payouts(&house).await), ["failed", "paid", "failed", "paid"]);
        assert_eq!(house.stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn what_a_bank_rejects_waits_for_another_account_however_long() {
    on_both_databases(async |store| {
        let house = house(store, "0006").await;
        let share = house.sells_and_settles().await;
        house.stage.days_pass(30).await.unwrap();
        assert_eq!(states(&payouts(&house).await), ["failed"], "it was asked once");
        let (market, shop) = (&house.stage.market, house.stage.first);
        let asked = pay_out_now(market, &house.owner, shop, None).await.unwrap_err();
        assert!(matches!(asked, Failure::Refused(refusal) if refusal.code == "account_refused"));
        // With what the reserve has set free since.
        assert!(house.holds(Account::Available).await >= share);
        house.registers("9000").await.unwrap();
        pay_out_now(market, &house.owner, shop, None).await.unwrap();
        house.stage.days_pass(2).await.unwrap();
        assert_eq!(states(&payouts(&house).await), ["failed", "paid"]);
    });
}

#[test]
fn a_bank_which_tells_twice_pays_once_and_a_silent_one_is_asked() {
    on_both_databases(async |store| {
        let house = house(store, "0004").await;
        house.sells_and_settles().await;
        house.stage.days_pass(10).await.unwrap();
        let all = payouts(&house).await;
        assert_eq!(states(&all), ["paid"]);
        assert_eq!(all[0].version, 3, "scheduled, sent, paid: told again changes nothing");
        let (market, shop) = (&house.stage.market, house.stage.first);
        let other = BankAnswer::Failed { reason: FailureReason::RejectedByBank };
        let told = take_answer(market, shop, all[0].id, other, Actor::Bank).await;
        assert!(matches!(told, Err(Failure::Refused(refusal)) if refusal.code == "payout_ended"));

        house.changes_account_to("0005").await;
        house.sells_and_settles().await;
        house.stage.days_pass(14).await.unwrap();
        let silent = payouts(&house).await.remove(0);
        assert_eq!(silent.state.code(), "sent");
        assert_eq!(house.holds(Account::PayoutTransit).await, silent.amount.minor);
        let file = payout_file(market, shop, silent.id).await.unwrap();
        assert!(file.events.iter().any(|event| event.kind == "payout_answer_overdue"));
        let nobody = record_answer(market, &house.owner, shop, silent.id, BankAnswer::Paid).await;
        assert_eq!(nobody.unwrap_err(), Failure::NotAllowed);
        record_answer(market, &house.ann, shop, silent.id, BankAnswer::Paid).await.unwrap();
        assert_eq!(house.holds(Account::PayoutTransit).await, 0);
    });
}

#[test]
fn a_changed_account_waits_needs_the_password_and_can_be_taken_back() {
    on_both_databases(async |store| {
        let house = house(store, "9000").await;
        let (market, shop) = (&house.stage.market, house.stage.first);
        let wrong = house.registers_with("9111", "not the password").await.unwrap_err();
        assert!(matches!(wrong, Failure::Invalid(faults) if faults[0].code == "wrong_password"));
        house.registers("9111").await.unwrap();
        let accounts = actions::bank_accounts::of_shop(market, shop).await.unwrap();
        assert!(
            accounts.in_use.unwrap().account.number.ends_with("9000"),
            "the old one until then"
        );
        let waiting = accounts.waiting.unwrap();
        actions::bank_accounts::withdraw(market, &house.owner, shop, waiting.id).await.unwrap();
        house.stage.days_pass(3).await.unwrap();
        let accounts = actions::bank_accounts::of_shop(market, shop).await.unwrap();
        assert!(accounts.in_use.unwrap().account.number.ends_with("9000"));
        house.registers("9222").await.unwrap();
        house.stage.hours_pass(49).await.unwrap();
        let accounts = actions::bank_accounts::of_shop(market, shop).await.unwrap();
        assert!(accounts.in_use.unwrap().account.number.ends_with("9222"));
        let late = actions::bank_accounts::withdraw(market, &house.owner, shop, waiting.id).await;
        assert!(matches!(late, Err(Failure::Refused(_))));
    });
}

#[test]
fn an_account_out_of_order_stops_payouts_with_the_reason() {
    on_both_databases(async |store| {
        let house = house(store, "9000").await;
        house.sells_and_settles().await;
        // Somebody has tampered with a balance: the books no longer agree with themselves.
        house.tampers(1).await;
        house.stage.days_pass(8).await.unwrap();
        let stopped = payouts(&house).await.remove(0);
        assert_eq!((stopped.state.code(), stopped.sent_at), ("scheduled", None));
        assert_eq!(stopped.obstacles, [Obstacle::BooksUnequal]);
        house.tampers(-1).await;
        look_again(&house.stage.market, &house.ann, house.stage.first).await.unwrap();
        house.stage.hours_pass(1).await.unwrap();
        assert_eq!(payouts(&house).await[0].state.code(), "sent");
    });
}

#[test]
fn each_days_lines_sum_to_what_the_accounts_changed_by() {
    on_both_databases(async |store| {
        let house = house(store, "9000").await;
        house.sells_and_settles().await;
        house.stage.buys(house.stage.earbuds_blue, 2).await.unwrap();
        house.stage.days_pass(9).await.unwrap();
        let (market, shop) = (&house.stage.market, house.stage.first);
        let all = statements::of_shop(market, shop, i64::MAX, 100).await.unwrap();
        assert!(all.len() >= 4, "sale, settlement, payout: {}", all.len());
        let mut seen = std::collections::BTreeSet::new();
        let mut before: Option<StatementPage> = None;
        for statement in all.iter().rev() {
            let page = statements::show(market, shop, statement.id).await.unwrap();
            assert_eq!(moved_by(&statement.opening, &page.change, 1), statement.closing);
            if let Some(before) = &before {
                assert_eq!(before.statement.closing, statement.opening, "no cent between two days");
                assert_eq!(before.statement.number + 1, statement.number);
            }
            for line in &page.lines {
                seen.insert(line.line);
                let parts = statements::transfers(market, shop, statement.id, Some(line.line), 500);
                let parts = parts.await.unwrap();
                let sum: i64 =
                    parts.iter().flat_map(|part| &part.by_account).map(|(_, minor)| minor).sum();
                assert_eq!(sum, line.total_minor(), "every line leads to its transfers: {line:?}");
                assert!(!parts.is_empty());
            }
            before = Some(page);
        }
        for line in [
            StatementLine::Sales,
            StatementLine::Shipping,
            StatementLine::Fees,
            StatementLine::Reserve,
            StatementLine::Settled,
            StatementLine::Payouts,
        ] {
            assert!(seen.contains(&line), "{line:?} of {seen:?}");
        }
        let closing = &all[0].closing;
        for account in [Account::Escrow, Account::Reserve, Account::Available] {
            let stands = closing.get(&account).copied().unwrap_or(0);
            assert_eq!(stands, house.holds(account).await, "{account:?}");
        }
        house.stage.sweeps().await.unwrap();
        let again = statements::of_shop(market, shop, i64::MAX, 100).await.unwrap();
        assert_eq!(again, all, "a day is closed once");
        assert_eq!(house.stage.faults().await.unwrap(), Vec::<String>::new());
    });
}
