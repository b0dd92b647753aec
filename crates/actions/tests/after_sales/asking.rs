//! Asking, answering, offers, returns, and what silence does.

use crate::scene::Scene;
use actions::Failure;
use actions::after_sales::{
    AnswerReturn, Offer, accept_offer, accept_partly, accept_return, approve, escalate, help,
    offer, receive_return, refuse_offer, reject, reject_return, send_back, withdraw,
};
use actions::shop_desk::home;
use rules::after_sales::{CaseReason, CaseState, CaseStateName, Outcome, Remedy};
use rules::ledger::Account;
use store::testing::on_both_databases;

fn code(failure: Result<impl std::fmt::Debug, Failure>) -> String {
    match failure.unwrap_err() {
        Failure::Refused(refusal) => refusal.code.to_owned(),
        Failure::Invalid(faults) => faults[0].code.to_owned(),
        other => panic!("{other:?}"),
    }
}

const CLOSED: fn(Outcome) -> CaseState = |outcome| CaseState::Closed { outcome };

#[test]
fn a_silent_shop_has_agreed_and_the_money_never_reached_it() {
    on_both_databases(async |store| {
        let scene = Scene::delivered(store).await;
        let case = scene.asks(CaseReason::OtherItem, Remedy::RefundOnly, 3).opened().await;
        let (market, shop) = (&scene.stage.market, scene.stage.first);
        let waits = home(market, shop, market.now()).await.unwrap().cases;
        assert_eq!(waits.iter().map(|case| case.id).collect::<Vec<_>>(), [case], "it is told");
        assert_eq!(actions::shop_desk::shop(market, shop).await.unwrap().1.cases, 1);
        scene.stage.hours_pass(95).await.unwrap();
        assert_eq!(scene.state(case).await.name(), CaseStateName::Requested);
        scene.stage.hours_pass(3).await.unwrap();
        let file = scene.file(case).await;
        assert_eq!(file.case.state, CLOSED(Outcome::Refunded));
        assert_eq!(file.case.refunded_minor, file.case.asked.minor);
        assert_eq!(scene.holds(Account::Escrow).await, 0);
        assert_eq!(scene.holds(Account::Available).await, 0);
        scene.stage.days_pass(40).await.unwrap();
        assert_eq!(scene.holds(Account::Available).await, 0, "nothing was left to settle");
        scene.in_order().await;
    });
}

#[test]
fn an_open_case_holds_its_order_and_no_other() {
    on_both_databases(async |store| {
        let scene = Scene::delivered(store).await;
        let case = scene.asks(CaseReason::Defective, Remedy::ReturnAndRefund, 1).opened().await;
        let rejected = reject(&scene.stage.market, scene.by_shop(case, "it works")).await.unwrap();
        assert_eq!(rejected.answer.state, "rejected");
        escalate(&scene.stage.market, scene.by_buyer(case, "it does not").await).await.unwrap();
        scene.stage.days_pass(40).await.unwrap();
        let row = scene.stage.order(scene.stage.first, scene.order).await.unwrap();
        assert!(row.settled_at.is_none() && row.completed_at.is_none(), "the case is open");
        assert_eq!(scene.state(case).await.due_at(), None, "the house is overdue");
        withdraw(&scene.stage.market, scene.by_buyer(case, "").await).await.unwrap();
        scene.stage.days_pass(2).await.unwrap();
        let row = scene.stage.order(scene.stage.first, scene.order).await.unwrap();
        assert!(row.settled_at.is_some(), "its time had come long ago");
        scene.in_order().await;
    });
}

#[test]
fn a_request_says_why_it_cannot_be_made() {
    on_both_databases(async |store| {
        let scene = Scene::shipped(store).await;
        let early = scene.asks(CaseReason::WrongOption, Remedy::RefundOnly, 1);
        assert_eq!(code(early.tried().await), "not_shipped_yet");
        scene.arrives().await;
        let too_many = scene.asks(CaseReason::WrongOption, Remedy::RefundOnly, 4);
        assert_eq!(code(too_many.tried().await), "out_of_range");
        let none = scene.asks(CaseReason::WrongOption, Remedy::RefundOnly, 0);
        assert_eq!(code(none.tried().await), "missing");
        let fake = scene.asks(CaseReason::Counterfeit, Remedy::ReturnAndRefund, 1);
        assert_eq!(code(fake.tried().await), "remedy_not_offered");
        let in_time = scene.asks(CaseReason::Late, Remedy::RefundOnly, 3);
        assert_eq!(code(in_time.tried().await), "not_late_yet");
        scene.asks(CaseReason::WrongOption, Remedy::RefundOnly, 1).opened().await;
        let twice = scene.asks(CaseReason::OtherItem, Remedy::RefundOnly, 2);
        assert_eq!(code(twice.tried().await), "already_asked");
        scene.stage.days_pass(31).await.unwrap();
        let late = scene.asks(CaseReason::WrongOption, Remedy::RefundOnly, 1);
        assert_eq!(code(late.tried().await), "window_over");
        let help = help(&scene.stage.market, scene.stage.buyer, scene.order).await.unwrap();
        let open: Vec<&str> = help.items[0]
            .choices
            .iter()
            .filter(|choice| choice.open.is_ok())
            .map(|choice| choice.reason.code())
            .collect();
        assert_eq!(open, ["counterfeit", "defective", "damaged_in_transit"], "90 days in the US");
        scene.in_order().await;
    });
}

#[test]
fn somebody_elses_case_is_not_found() {
    on_both_databases(async |store| {
        let scene = Scene::delivered(store).await;
        let case = scene.asks(CaseReason::WrongOption, Remedy::RefundOnly, 1).opened().await;
        let market = &scene.stage.market;
        let other = actions::after_sales::shop_of(market, scene.ann.person, case).await;
        assert_eq!(other, Err(Failure::NotFound));
        let wrong_shop = actions::after_sales::case_file(market, scene.stage.second, case).await;
        assert!(matches!(wrong_shop, Err(Failure::NotFound)));
    });
}

#[test]
fn an_offer_is_taken_refused_or_lapses_and_a_better_one_is_taken_at_once() {
    on_both_databases(async |store| {
        let scene = Scene::delivered(store).await;
        let market = &scene.stage.market;
        let ask = scene.asks(CaseReason::Defective, Remedy::ReturnAndRefund, 2);
        let case = ask.opened().await;
        let all = scene.file(case).await.case.asked.minor;
        let offers = |remedy, amount_minor| Offer {
            ask: scene.by_shop(case, "keep it, and have this back"),
            remedy,
            amount_minor,
        };
        assert_eq!(code(offer(market, offers(Remedy::RefundOnly, all + 1)).await), "out_of_range");
        offer(market, offers(Remedy::RefundOnly, all / 4)).await.unwrap();
        assert_eq!(code(offer(market, offers(Remedy::RefundOnly, 1)).await), "case_not_now");
        refuse_offer(market, scene.by_buyer(case, "").await).await.unwrap();
        offer(market, offers(Remedy::RefundOnly, all / 3)).await.unwrap();
        scene.stage.hours_pass(49).await.unwrap();
        assert_eq!(scene.state(case).await.name(), CaseStateName::Requested, "it has lapsed");
        let answer_by = scene.state(case).await.due_at().unwrap();
        assert!(answer_by > scene.stage.market.now(), "the shop has the rest of its time");
        offer(market, offers(Remedy::RefundOnly, all / 2)).await.unwrap();
        accept_offer(market, scene.by_buyer(case, "").await).await.unwrap();
        scene.stage.hours_pass(5).await.unwrap();
        let file = scene.file(case).await;
        assert_eq!(file.case.state, CLOSED(Outcome::Refunded));
        assert_eq!(file.case.refunded_minor, all / 2);
        let states: Vec<&str> = file.offers.iter().map(|offer| offer.state.code()).collect();
        assert_eq!(states, ["refused", "lapsed", "accepted"]);
        // Another piece of the same line: everything, and it need not come back.
        let case = scene.asks(CaseReason::Defective, Remedy::ReturnAndRefund, 1).opened().await;
        let all = scene.file(case).await.case.asked.minor;
        let better = Offer {
            ask: scene.by_shop(case, "keep it"),
            remedy: Remedy::RefundOnly,
            amount_minor: all,
        };
        offer(market, better).await.unwrap();
        assert_eq!(scene.file(case).await.case.refunded_minor, all, "nobody was asked");
        scene.in_order().await;
    });
}

#[test]
fn goods_go_back_are_looked_at_and_refunded_in_part_or_not() {
    on_both_databases(async |store| {
        let scene = Scene::delivered(store).await;
        let market = &scene.stage.market;
        let ask = scene.asks(CaseReason::ChangedMind, Remedy::ReturnAndRefund, 1);
        let case = ask.opened().await;
        approve(market, scene.by_shop(case, "")).await.unwrap();
        assert_eq!(scene.holds(Account::RefundTransit).await, 0, "first it has to come back");
        let nothing = send_back(market, scene.by_buyer(case, "").await, "UPS", " ").await;
        assert_eq!(code(nothing), "missing");
        let sent = scene.by_buyer(case, "").await;
        send_back(market, sent, "UPS", "1Z999AA10123456784").await.unwrap();
        receive_return(market, scene.by_shop(case, "")).await.unwrap();
        let all = scene.file(case).await.case.asked.minor;
        let half = AnswerReturn {
            ask: scene.by_shop(case, "one of the two is scratched"),
            amount_minor: all / 2,
        };
        let whole = AnswerReturn { amount_minor: all, ..half.clone() };
        assert_eq!(code(accept_partly(market, whole).await), "out_of_range");
        accept_partly(market, half).await.unwrap();
        assert_eq!(scene.file(case).await.case.refunded_minor, all / 2);
        scene.stage.days_pass(11).await.unwrap();
        assert_eq!(scene.state(case).await, CLOSED(Outcome::Refunded), "the buyer left it at that");
        scene.in_order().await;

        let case = scene.asks(CaseReason::Defective, Remedy::ReturnAndRefund, 1).opened().await;
        approve(market, scene.by_shop(case, "")).await.unwrap();
        let sent = scene.by_buyer(case, "").await;
        send_back(market, sent, "UPS", "1Z999AA10123456784").await.unwrap();
        reject_return(market, scene.by_shop(case, "a stone was in the box")).await.unwrap();
        assert_eq!(scene.state(case).await.name(), CaseStateName::Rejected);
        scene.stage.days_pass(11).await.unwrap();
        assert_eq!(scene.state(case).await, CLOSED(Outcome::Rejected));
        scene.in_order().await;
    });
}

#[test]
fn a_return_nobody_looks_at_is_accepted_and_one_never_sent_lapses() {
    on_both_databases(async |store| {
        let scene = Scene::delivered(store).await;
        let market = &scene.stage.market;
        let case = scene.asks(CaseReason::ChangedMind, Remedy::ReturnAndRefund, 1).opened().await;
        approve(market, scene.by_shop(case, "")).await.unwrap();
        scene.stage.days_pass(15).await.unwrap();
        assert_eq!(scene.state(case).await, CLOSED(Outcome::Lapsed));
        let case = scene.asks(CaseReason::ChangedMind, Remedy::ReturnAndRefund, 1).opened().await;
        approve(market, scene.by_shop(case, "")).await.unwrap();
        let sent = scene.by_buyer(case, "").await;
        send_back(market, sent, "UPS", "1Z999AA10123456784").await.unwrap();
        scene.stage.days_pass(11).await.unwrap();
        let file = scene.file(case).await;
        assert_eq!(file.case.refunded_minor, file.case.asked.minor, "no scan, and silence");
        let again = accept_return(market, scene.by_shop(case, "")).await;
        assert_eq!(code(again), "case_not_now");
        scene.in_order().await;
    });
}
