//! The machine of a case: every state with every command, and what silence does.

use super::*;
use crate::time::{Span, Timestamp};

const NOW: Timestamp = Timestamp::from_ms(1_780_300_800_000);

fn terms() -> CaseTerms {
    CaseTerms {
        answer: Span::from_hours(48),
        offer_answer: Span::from_hours(47),
        offers_count: 2,
        ship_back: Span::from_days(7),
        arrive: Span::from_days(10),
        inspect: Span::from_hours(46),
        escalate: Span::from_hours(45),
        buyer_evidence: Span::from_hours(24),
        shop_evidence: Span::from_hours(12),
        decide: Span::from_hours(23),
        appeal: Span::from_days(6),
        replace: Span::from_days(40),
        confirm_refund: Span::from_days(14),
        disputes_count: 2,
    }
}

fn states() -> Vec<CaseState> {
    let (later, party) = (Some(NOW + Span::from_hours(1)), Party::Buyer);
    let mut all = vec![
        CaseState::Requested { answer_by: NOW },
        CaseState::Offered { buyer_answers_by: NOW, rest: Span::from_hours(3) },
        CaseState::Rejected { escalate_by: NOW },
        CaseState::AwaitingReturn { ship_back_by: NOW },
        CaseState::ReturnInTransit { arrive_by: NOW },
        CaseState::Inspecting { inspect_by: NOW },
        CaseState::PartlyAccepted { escalate_by: NOW },
        CaseState::GatheringEvidence { buyer_by: Some(NOW), shop_by: later },
        CaseState::GatheringEvidence { buyer_by: later, shop_by: Some(NOW) },
        CaseState::GatheringEvidence { buyer_by: None, shop_by: Some(NOW) },
        CaseState::GatheringEvidence { buyer_by: Some(NOW), shop_by: None },
        CaseState::UnderReview { decide_by: NOW, overdue: false },
        CaseState::UnderReview { decide_by: NOW, overdue: true },
        CaseState::Decided { appeal_by: NOW, in_favour_of: party },
        CaseState::Decided { appeal_by: NOW, in_favour_of: party.other() },
        CaseState::UnderAppeal { decide_by: NOW, overdue: false, in_favour_of: party },
        CaseState::UnderAppeal { decide_by: NOW, overdue: true, in_favour_of: party.other() },
        CaseState::Replacing { replaced_by: NOW },
        CaseState::Refunding { confirm_by: NOW, overdue: false },
        CaseState::Refunding { confirm_by: NOW, overdue: true },
    ];
    all.extend(Outcome::ALL.map(|outcome| CaseState::Closed { outcome }));
    all
}

fn case(state: CaseState, remedy: Remedy) -> Case {
    Case { state, remedy, offers_count: 0, disputes_count: 0, appealed: false, can_replace: true }
}

/// Which commands mean something in a state, in the order of [`CaseCommand::ALL`], by their codes.
fn allowed(state: CaseState) -> Vec<&'static str> {
    let does = |command: &CaseCommand| {
        let done = decide(&case(state, Remedy::RefundOnly), *command, &terms(), NOW);
        !matches!(done, Err(CaseRefusal::NotNow { .. }))
    };
    let mut codes: Vec<_> =
        CaseCommand::ALL.iter().filter(|command| does(command)).map(|one| one.code()).collect();
    codes.dedup();
    codes
}

#[test]
fn each_state_knows_its_commands() {
    let expected = |state: CaseStateName| -> &[&str] {
        use CaseStateName as Name;
        match state {
            Name::Requested => &[
                "approve",
                "offer",
                "reject",
                "take_over",
                "withdraw",
                "end_with_order",
                "pass_deadline",
            ],
            Name::Offered => &[
                "accept_offer",
                "refuse_offer",
                "take_over",
                "withdraw",
                "end_with_order",
                "pass_deadline",
            ],
            Name::Rejected => {
                &["escalate", "take_over", "withdraw", "end_with_order", "pass_deadline"]
            }
            Name::AwaitingReturn => &["withdraw", "send_back", "end_with_order", "pass_deadline"],
            Name::ReturnInTransit => &[
                "arrive",
                "accept_return",
                "accept_partly",
                "reject_return",
                "end_with_order",
                "pass_deadline",
            ],
            Name::Inspecting => &[
                "accept_return",
                "accept_partly",
                "reject_return",
                "end_with_order",
                "pass_deadline",
            ],
            Name::PartlyAccepted => {
                &["escalate", "take_over", "withdraw", "end_with_order", "pass_deadline"]
            }
            Name::GatheringEvidence => {
                &["withdraw", "finish_evidence", "end_with_order", "pass_deadline"]
            }
            Name::UnderReview => &["withdraw", "decide", "end_with_order", "pass_deadline"],
            Name::Decided => &["appeal", "end_with_order", "pass_deadline"],
            Name::UnderAppeal => &["decide_appeal", "end_with_order", "pass_deadline"],
            Name::Replacing => {
                &["deliver_replacement", "fail_replacement", "end_with_order", "pass_deadline"]
            }
            Name::Refunding => &["confirm_refund", "end_with_order", "pass_deadline"],
            Name::Closed => &[],
        }
    };
    for state in states() {
        let overdue = state.due_at().is_none();
        let codes: Vec<&str> = expected(state.name())
            .iter()
            .filter(|code| !overdue || **code != "pass_deadline")
            .copied()
            .collect();
        assert_eq!(allowed(state), codes, "{state:?}");
    }
}

#[test]
fn a_state_reads_back_as_it_is_written() {
    for state in states() {
        let columns = state.columns();
        assert_eq!(CaseState::read(columns.state, columns.result, &columns), Some(state));
        assert_eq!(columns.due_at, state.due_at());
    }
    assert_eq!(CaseState::read("requested", "", &CaseColumns::default()), None);
}

#[test]
fn no_deadline_acts_early() {
    for state in states() {
        let Some(due) = state.due_at() else { continue };
        let early = decide(
            &case(state, Remedy::RefundOnly),
            CaseCommand::PassDeadline,
            &terms(),
            due - Span::from_ms(1),
        );
        assert_eq!(early, Err(CaseRefusal::NotDueYet { due }), "{state:?}");
    }
}

fn silence(state: CaseState, remedy: Remedy) -> CaseDecision {
    decide(&case(state, remedy), CaseCommand::PassDeadline, &terms(), NOW).unwrap()
}

#[test]
fn a_silent_shop_has_agreed() {
    let asked = CaseState::Requested { answer_by: NOW };
    let money = silence(asked, Remedy::RefundOnly);
    assert_eq!(money.effect, Effect::Refund);
    assert!(matches!(money.state, CaseState::Refunding { .. }));
    let goods = silence(asked, Remedy::ReturnAndRefund);
    assert_eq!(goods.effect, Effect::Nothing, "first the goods go back");
    assert!(matches!(goods.state, CaseState::AwaitingReturn { .. }));
    assert_eq!(silence(asked, Remedy::Resend).effect, Effect::Replace);
    let back = CaseState::Inspecting { inspect_by: NOW };
    assert_eq!(silence(back, Remedy::ReturnAndRefund).effect, Effect::Refund);
    assert_eq!(silence(back, Remedy::Exchange).effect, Effect::Replace);
    let unseen = CaseState::ReturnInTransit { arrive_by: NOW };
    assert_eq!(silence(unseen, Remedy::ReturnAndRefund).effect, Effect::Refund);
}

#[test]
fn what_cannot_be_replaced_is_refunded() {
    let out = Case {
        can_replace: false,
        ..case(CaseState::Requested { answer_by: NOW }, Remedy::Resend)
    };
    let done = decide(&out, CaseCommand::Approve, &terms(), NOW).unwrap();
    assert_eq!(done.effect, Effect::Refund);
    let failed = silence(CaseState::Replacing { replaced_by: NOW }, Remedy::Exchange);
    assert_eq!((failed.event, failed.effect), (CaseEvent::ReplacementFailed, Effect::Refund));
}

#[test]
fn a_silent_buyer_leaves_it_at_that() {
    for (state, outcome) in [
        (CaseState::Rejected { escalate_by: NOW }, Outcome::Rejected),
        (CaseState::AwaitingReturn { ship_back_by: NOW }, Outcome::Lapsed),
        (CaseState::PartlyAccepted { escalate_by: NOW }, Outcome::Refunded),
        (CaseState::Decided { appeal_by: NOW, in_favour_of: Party::Shop }, Outcome::Rejected),
        (CaseState::Decided { appeal_by: NOW, in_favour_of: Party::Buyer }, Outcome::Refunded),
    ] {
        let done = silence(state, Remedy::ReturnAndRefund);
        assert_eq!(done.state, CaseState::Closed { outcome });
        assert_eq!(done.effect, Effect::Nothing, "no money moves for silence here");
    }
}

#[test]
fn the_houses_silence_decides_nothing() {
    for state in [
        CaseState::UnderReview { decide_by: NOW, overdue: false },
        CaseState::UnderAppeal { decide_by: NOW, overdue: false, in_favour_of: Party::Shop },
    ] {
        let done = silence(state, Remedy::RefundOnly);
        assert_eq!((done.event, done.effect), (CaseEvent::DecisionOverdue, Effect::Nothing));
        assert_eq!(done.state.due_at(), None, "it waits for a person");
        assert_eq!(done.state.waits_for(), WaitsFor::House);
    }
}

#[test]
fn an_offer_takes_nothing_of_the_shops_time_and_they_are_counted() {
    let requested = CaseState::Requested { answer_by: NOW + Span::from_hours(30) };
    let offer = CaseCommand::Offer { remedy: Remedy::RefundOnly, at_once: false };
    let mut asked = case(requested, Remedy::ReturnAndRefund);
    let offered = decide(&asked, offer, &terms(), NOW).unwrap();
    assert_eq!(offered.remedy, Remedy::ReturnAndRefund, "until it is accepted");
    let later = NOW + Span::from_hours(20);
    let waiting = case(offered.state, Remedy::ReturnAndRefund);
    let refused = decide(&waiting, CaseCommand::RefuseOffer, &terms(), later).unwrap();
    let answer_by = later + Span::from_hours(30);
    assert_eq!(refused.state, CaseState::Requested { answer_by });
    asked.offers_count = 2;
    assert_eq!(decide(&asked, offer, &terms(), NOW), Err(CaseRefusal::NoMoreOffers(2)));
    let better = CaseCommand::Offer { remedy: Remedy::RefundOnly, at_once: true };
    let taken = decide(&asked, better, &terms(), NOW).unwrap();
    assert_eq!((taken.remedy, taken.effect), (Remedy::RefundOnly, Effect::Refund));
}

#[test]
fn review_begins_when_both_sides_are_closed() {
    let rejected = case(CaseState::Rejected { escalate_by: NOW }, Remedy::RefundOnly);
    let gathering = decide(&rejected, CaseCommand::Escalate, &terms(), NOW).unwrap();
    let shop_by = NOW + terms().shop_evidence;
    assert_eq!(gathering.state.due_at(), Some(shop_by));
    let open = case(gathering.state, Remedy::RefundOnly);
    let one = decide(&open, CaseCommand::PassDeadline, &terms(), shop_by).unwrap();
    assert_eq!(one.event, CaseEvent::EvidenceClosed);
    assert_eq!(one.state.waits_for(), WaitsFor::Buyer);
    let open = case(one.state, Remedy::RefundOnly);
    let twice = CaseCommand::FinishEvidence { party: Party::Shop };
    assert!(decide(&open, twice, &terms(), shop_by).is_err());
    let both = CaseCommand::FinishEvidence { party: Party::Buyer };
    let both = decide(&open, both, &terms(), shop_by).unwrap();
    let decide_by = shop_by + terms().decide;
    assert_eq!(both.state, CaseState::UnderReview { decide_by, overdue: false });
    let third = Case { disputes_count: 2, ..rejected };
    let third = decide(&third, CaseCommand::Escalate, &terms(), NOW);
    assert_eq!(third, Err(CaseRefusal::NoMoreDisputes(2)));
}

#[test]
fn the_loser_appeals_once_and_the_house_makes_good_what_it_got_wrong() {
    let review =
        case(CaseState::UnderReview { decide_by: NOW, overdue: true }, Remedy::ReturnAndRefund);
    let say = |party, remedy| CaseCommand::Decide { in_favour_of: party, remedy };
    let paid = decide(&review, say(Party::Buyer, Remedy::RefundOnly), &terms(), NOW).unwrap();
    assert_eq!((paid.effect, paid.remedy), (Effect::Refund, Remedy::RefundOnly));
    let paid = case(paid.state, Remedy::RefundOnly);
    let winner = CaseCommand::Appeal { party: Party::Buyer };
    assert_eq!(decide(&paid, winner, &terms(), NOW), Err(CaseRefusal::NotTheLoser));
    let loser = CaseCommand::Appeal { party: Party::Shop };
    let appealed = decide(&paid, loser, &terms(), NOW).unwrap();
    let twice = Case { appealed: true, ..paid };
    assert_eq!(decide(&twice, loser, &terms(), NOW), Err(CaseRefusal::Final));
    let last = |state, party| {
        let command = CaseCommand::DecideAppeal { in_favour_of: party, remedy: Remedy::RefundOnly };
        decide(&case(state, Remedy::RefundOnly), command, &terms(), NOW).unwrap()
    };
    let wrong = last(appealed.state, Party::Shop);
    assert_eq!(wrong.effect, Effect::MakeWhole);
    assert_eq!(wrong.state, CaseState::Closed { outcome: Outcome::Refunded });
    assert_eq!(last(appealed.state, Party::Buyer).effect, Effect::Nothing, "it was paid before");
    let for_shop = decide(&review, say(Party::Shop, Remedy::RefundOnly), &terms(), NOW).unwrap();
    let buyer = CaseCommand::Appeal { party: Party::Buyer };
    let appealed = decide(&case(for_shop.state, Remedy::RefundOnly), buyer, &terms(), NOW).unwrap();
    assert_eq!(last(appealed.state, Party::Buyer).effect, Effect::Refund);
    let closed = last(appealed.state, Party::Shop);
    assert_eq!(closed.state, CaseState::Closed { outcome: Outcome::Rejected });
}

#[test]
fn every_waiting_state_says_who_must_act() {
    for state in states() {
        assert_eq!(state.is_open(), state.waits_for() != WaitsFor::Nobody, "{state:?}");
        let overdue = matches!(
            state,
            CaseState::UnderReview { overdue: true, .. }
                | CaseState::UnderAppeal { overdue: true, .. }
                | CaseState::Refunding { overdue: true, .. }
        );
        assert_eq!(state.due_at().is_some(), state.is_open() && !overdue, "{state:?}");
    }
}
