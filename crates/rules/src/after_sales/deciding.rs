//! What a command does to a case, or why it does not.
//!
//! The states are few, the sides three: for each command the states in which it means something are named, and every
//! other state is named too, so that a new one has to be answered for.

use super::commands::{CaseCommand, CaseEvent, Effect};
use super::reasons::{Party, Remedy};
use super::state::{CaseState, CaseStateName, Outcome};
use crate::time::{Span, Timestamp};

/// A case as a decision needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case {
    pub state: CaseState,
    /// What is to be done where nothing else is said: as asked, agreed or decided.
    pub remedy: Remedy,
    /// Offers which the shop has made.
    pub offers_count: i64,
    /// Times at which the house was asked about the same item before, this case included.
    pub disputes_count: i64,
    /// Whether the decision which is being carried out was one on an appeal, or there was one before it.
    pub appealed: bool,
    /// Whether the goods which a replacement needs are there; asked only where goods are to be sent.
    pub can_replace: bool,
}

/// The lengths of time and the counts which govern one case, out of the policy version of its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseTerms {
    pub answer: Span,
    pub offer_answer: Span,
    pub offers_count: i64,
    pub ship_back: Span,
    /// From the hand-in of a return; without any scan it then counts as received.
    pub arrive: Span,
    pub inspect: Span,
    pub escalate: Span,
    pub buyer_evidence: Span,
    pub shop_evidence: Span,
    pub decide: Span,
    pub appeal: Span,
    pub replace: Span,
    pub confirm_refund: Span,
    /// Times at which the house decides about one item.
    pub disputes_count: i64,
}

/// What a step has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseDecision {
    pub event: CaseEvent,
    pub state: CaseState,
    /// What holds from now on.
    pub remedy: Remedy,
    pub effect: Effect,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CaseRefusal {
    #[error("{} is not possible while the case is {}", command.code(), state.code())]
    NotNow { command: CaseCommand, state: CaseStateName },
    #[error("the deadline is {due}")]
    NotDueYet { due: Timestamp },
    #[error("{0} offers were made; approve or reject the request")]
    NoMoreOffers(i64),
    #[error("the house has decided about this item {0} times, and does not again")]
    NoMoreDisputes(i64),
    #[error("only the side which lost may appeal")]
    NotTheLoser,
    #[error("a decision on an appeal is final")]
    Final,
}

impl CaseRefusal {
    pub const fn code(self) -> &'static str {
        match self {
            CaseRefusal::NotNow { .. } => "case_not_now",
            CaseRefusal::NotDueYet { .. } => "not_due_yet",
            CaseRefusal::NoMoreOffers(_) => "no_more_offers",
            CaseRefusal::NoMoreDisputes(_) => "no_more_disputes",
            CaseRefusal::NotTheLoser => "not_the_loser",
            CaseRefusal::Final => "decision_is_final",
        }
    }
}

pub(super) type Decided = Result<CaseDecision, CaseRefusal>;

/// What a command does to a case at this moment.
pub fn decide(case: &Case, command: CaseCommand, terms: &CaseTerms, now: Timestamp) -> Decided {
    let step = Step { case, command, terms, now };
    match command {
        CaseCommand::Approve => step.while_requested(|step| Ok(step.agree(CaseEvent::Approved))),
        CaseCommand::Offer { remedy, at_once } => step.offer(remedy, at_once),
        CaseCommand::AcceptOffer { remedy } => {
            step.while_offered(|step, _| Ok(step.carry_out(remedy, CaseEvent::OfferAccepted)))
        }
        CaseCommand::RefuseOffer => {
            step.while_offered(|step, rest| Ok(step.requested_again(CaseEvent::OfferRefused, rest)))
        }
        CaseCommand::Reject => step.while_requested(|step| Ok(step.reject(CaseEvent::Rejected))),
        CaseCommand::Escalate => step.escalate(),
        CaseCommand::TakeOver => step.take_over(),
        CaseCommand::Withdraw => step.withdraw(),
        CaseCommand::SendBack => step.send_back(),
        CaseCommand::Arrive => step.arrive(),
        CaseCommand::AcceptReturn => {
            step.while_here(|step| step.returned(CaseEvent::ReturnAccepted))
        }
        CaseCommand::AcceptPartly => step.while_here(Step::accept_partly),
        CaseCommand::RejectReturn => step.while_here(|step| step.reject(CaseEvent::ReturnRejected)),
        CaseCommand::FinishEvidence { party } => step.finish_evidence(party),
        CaseCommand::Decide { in_favour_of, remedy } => step.decide_first(in_favour_of, remedy),
        CaseCommand::Appeal { party } => step.appeal(party),
        CaseCommand::DecideAppeal { in_favour_of, remedy } => {
            step.decide_appeal(in_favour_of, remedy)
        }
        CaseCommand::ConfirmRefund => step.confirm_refund(),
        CaseCommand::DeliverReplacement => step
            .while_replacing(|step| step.close(CaseEvent::ReplacementDelivered, Outcome::Replaced)),
        CaseCommand::FailReplacement => {
            step.while_replacing(|step| step.refund(CaseEvent::ReplacementFailed))
        }
        CaseCommand::EndWithOrder => step.end_with_order(),
        CaseCommand::PassDeadline => step.pass_deadline(),
    }
}

#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    pub(super) case: &'a Case,
    pub(super) command: CaseCommand,
    pub(super) terms: &'a CaseTerms,
    pub(super) now: Timestamp,
}

impl Step<'_> {
    pub(super) fn refuse(self) -> Decided {
        let state = self.case.state.name();
        Err(CaseRefusal::NotNow { command: self.command, state })
    }

    pub(super) fn to(self, event: CaseEvent, state: CaseState) -> CaseDecision {
        CaseDecision { event, state, remedy: self.case.remedy, effect: Effect::Nothing }
    }

    pub(super) fn close(self, event: CaseEvent, outcome: Outcome) -> CaseDecision {
        self.to(event, CaseState::Closed { outcome })
    }

    pub(super) fn refund(self, event: CaseEvent) -> CaseDecision {
        let confirm_by = self.now + self.terms.confirm_refund;
        let state = CaseState::Refunding { confirm_by, overdue: false };
        CaseDecision { effect: Effect::Refund, ..self.to(event, state) }
    }

    /// New goods, or the money where there are none.
    fn replace(self, event: CaseEvent) -> CaseDecision {
        if !self.case.can_replace {
            return self.refund(event);
        }
        let state = CaseState::Replacing { replaced_by: self.now + self.terms.replace };
        CaseDecision { effect: Effect::Replace, ..self.to(event, state) }
    }

    pub(super) fn agree(self, event: CaseEvent) -> CaseDecision {
        self.carry_out(self.case.remedy, event)
    }

    /// Begins to do what was agreed or decided.
    pub(super) fn carry_out(self, remedy: Remedy, event: CaseEvent) -> CaseDecision {
        let begun = match remedy {
            Remedy::RefundOnly => self.refund(event),
            Remedy::Resend => self.replace(event),
            Remedy::ReturnAndRefund | Remedy::Exchange => {
                let ship_back_by = self.now + self.terms.ship_back;
                self.to(event, CaseState::AwaitingReturn { ship_back_by })
            }
        };
        CaseDecision { remedy, ..begun }
    }

    /// The goods are back and as they should be.
    pub(super) fn returned(self, event: CaseEvent) -> CaseDecision {
        match self.case.remedy {
            Remedy::Exchange | Remedy::Resend => self.replace(event),
            Remedy::ReturnAndRefund | Remedy::RefundOnly => self.refund(event),
        }
    }

    fn reject(self, event: CaseEvent) -> CaseDecision {
        self.to(event, CaseState::Rejected { escalate_by: self.now + self.terms.escalate })
    }

    pub(super) fn requested_again(self, event: CaseEvent, rest: Span) -> CaseDecision {
        self.to(event, CaseState::Requested { answer_by: self.now + rest })
    }

    fn gather(self, event: CaseEvent) -> CaseDecision {
        let state = CaseState::GatheringEvidence {
            buyer_by: Some(self.now + self.terms.buyer_evidence),
            shop_by: Some(self.now + self.terms.shop_evidence),
        };
        self.to(event, state)
    }

    pub(super) fn review(self, event: CaseEvent) -> CaseDecision {
        let decide_by = self.now + self.terms.decide;
        self.to(event, CaseState::UnderReview { decide_by, overdue: false })
    }

    fn accept_partly(self) -> CaseDecision {
        let state = CaseState::PartlyAccepted { escalate_by: self.now + self.terms.escalate };
        CaseDecision {
            effect: Effect::RefundPart,
            ..self.to(CaseEvent::ReturnPartlyAccepted, state)
        }
    }

    fn while_requested(self, then: impl FnOnce(Self) -> Decided) -> Decided {
        match self.case.state {
            CaseState::Requested { .. } => then(self),
            CaseState::Offered { .. }
            | CaseState::Rejected { .. }
            | CaseState::AwaitingReturn { .. }
            | CaseState::ReturnInTransit { .. }
            | CaseState::Inspecting { .. }
            | CaseState::PartlyAccepted { .. }
            | CaseState::GatheringEvidence { .. }
            | CaseState::UnderReview { .. }
            | CaseState::Decided { .. }
            | CaseState::UnderAppeal { .. }
            | CaseState::Replacing { .. }
            | CaseState::Refunding { .. }
            | CaseState::Closed { .. } => self.refuse(),
        }
    }

    fn while_offered(self, then: impl FnOnce(Self, Span) -> Decided) -> Decided {
        match self.case.state {
            CaseState::Offered { rest, .. } => then(self, rest),
            CaseState::Requested { .. }
            | CaseState::Rejected { .. }
            | CaseState::AwaitingReturn { .. }
            | CaseState::ReturnInTransit { .. }
            | CaseState::Inspecting { .. }
            | CaseState::PartlyAccepted { .. }
            | CaseState::GatheringEvidence { .. }
            | CaseState::UnderReview { .. }
            | CaseState::Decided { .. }
            | CaseState::UnderAppeal { .. }
            | CaseState::Replacing { .. }
            | CaseState::Refunding { .. }
            | CaseState::Closed { .. } => self.refuse(),
        }
    }

    /// The shop may look at a return as soon as it is sent: the carrier's word may come later than the parcel.
    fn while_here(self, then: impl FnOnce(Self) -> CaseDecision) -> Decided {
        match self.case.state {
            CaseState::ReturnInTransit { .. } | CaseState::Inspecting { .. } => Ok(then(self)),
            CaseState::Requested { .. }
            | CaseState::Offered { .. }
            | CaseState::Rejected { .. }
            | CaseState::AwaitingReturn { .. }
            | CaseState::PartlyAccepted { .. }
            | CaseState::GatheringEvidence { .. }
            | CaseState::UnderReview { .. }
            | CaseState::Decided { .. }
            | CaseState::UnderAppeal { .. }
            | CaseState::Replacing { .. }
            | CaseState::Refunding { .. }
            | CaseState::Closed { .. } => self.refuse(),
        }
    }

    fn while_replacing(self, then: impl FnOnce(Self) -> CaseDecision) -> Decided {
        match self.case.state {
            CaseState::Replacing { .. } => Ok(then(self)),
            CaseState::Requested { .. }
            | CaseState::Offered { .. }
            | CaseState::Rejected { .. }
            | CaseState::AwaitingReturn { .. }
            | CaseState::ReturnInTransit { .. }
            | CaseState::Inspecting { .. }
            | CaseState::PartlyAccepted { .. }
            | CaseState::GatheringEvidence { .. }
            | CaseState::UnderReview { .. }
            | CaseState::Decided { .. }
            | CaseState::UnderAppeal { .. }
            | CaseState::Refunding { .. }
            | CaseState::Closed { .. } => self.refuse(),
        }
    }

    fn offer(self, remedy: Remedy, at_once: bool) -> Decided {
        let CaseState::Requested { answer_by } = self.case.state else {
            return self.refuse();
        };
        if at_once {
            return Ok(self.carry_out(remedy, CaseEvent::OfferAccepted));
        }
        if self.case.offers_count >= self.terms.offers_count {
            return Err(CaseRefusal::NoMoreOffers(self.case.offers_count));
        }
        let rest = Span::from_ms((answer_by.ms() - self.now.ms()).max(0));
        let buyer_answers_by = self.now + self.terms.offer_answer;
        Ok(self.to(CaseEvent::Offered, CaseState::Offered { buyer_answers_by, rest }))
    }

    fn escalate(self) -> Decided {
        match self.case.state {
            CaseState::Rejected { .. } | CaseState::PartlyAccepted { .. } => {
                if self.case.disputes_count >= self.terms.disputes_count {
                    return Err(CaseRefusal::NoMoreDisputes(self.case.disputes_count));
                }
                Ok(self.gather(CaseEvent::Escalated))
            }
            CaseState::Requested { .. }
            | CaseState::Offered { .. }
            | CaseState::AwaitingReturn { .. }
            | CaseState::ReturnInTransit { .. }
            | CaseState::Inspecting { .. }
            | CaseState::GatheringEvidence { .. }
            | CaseState::UnderReview { .. }
            | CaseState::Decided { .. }
            | CaseState::UnderAppeal { .. }
            | CaseState::Replacing { .. }
            | CaseState::Refunding { .. }
            | CaseState::Closed { .. } => self.refuse(),
        }
    }

    fn take_over(self) -> Decided {
        match self.case.state {
            CaseState::Requested { .. }
            | CaseState::Offered { .. }
            | CaseState::Rejected { .. }
            | CaseState::PartlyAccepted { .. } => Ok(self.gather(CaseEvent::TakenOver)),
            CaseState::AwaitingReturn { .. }
            | CaseState::ReturnInTransit { .. }
            | CaseState::Inspecting { .. }
            | CaseState::GatheringEvidence { .. }
            | CaseState::UnderReview { .. }
            | CaseState::Decided { .. }
            | CaseState::UnderAppeal { .. }
            | CaseState::Replacing { .. }
            | CaseState::Refunding { .. }
            | CaseState::Closed { .. } => self.refuse(),
        }
    }

    /// Until something has been done for the buyer.
    fn withdraw(self) -> Decided {
        match self.case.state {
            CaseState::Requested { .. }
            | CaseState::Offered { .. }
            | CaseState::Rejected { .. }
            | CaseState::AwaitingReturn { .. }
            | CaseState::GatheringEvidence { .. }
            | CaseState::UnderReview { .. } => {
                Ok(self.close(CaseEvent::Withdrawn, Outcome::Withdrawn))
            }
            CaseState::PartlyAccepted { .. } => {
                Ok(self.close(CaseEvent::Withdrawn, Outcome::Refunded))
            }
            CaseState::ReturnInTransit { .. }
            | CaseState::Inspecting { .. }
            | CaseState::Decided { .. }
            | CaseState::UnderAppeal { .. }
            | CaseState::Replacing { .. }
            | CaseState::Refunding { .. }
            | CaseState::Closed { .. } => self.refuse(),
        }
    }

    fn send_back(self) -> Decided {
        match self.case.state {
            CaseState::AwaitingReturn { .. } => {
                let arrive_by = self.now + self.terms.arrive;
                Ok(self.to(CaseEvent::SentBack, CaseState::ReturnInTransit { arrive_by }))
            }
            CaseState::Requested { .. }
            | CaseState::Offered { .. }
            | CaseState::Rejected { .. }
            | CaseState::ReturnInTransit { .. }
            | CaseState::Inspecting { .. }
            | CaseState::PartlyAccepted { .. }
            | CaseState::GatheringEvidence { .. }
            | CaseState::UnderReview { .. }
            | CaseState::Decided { .. }
            | CaseState::UnderAppeal { .. }
            | CaseState::Replacing { .. }
            | CaseState::Refunding { .. }
            | CaseState::Closed { .. } => self.refuse(),
        }
    }

    fn arrive(self) -> Decided {
        match self.case.state {
            CaseState::ReturnInTransit { .. } => {
                let inspect_by = self.now + self.terms.inspect;
                Ok(self.to(CaseEvent::ReturnArrived, CaseState::Inspecting { inspect_by }))
            }
            CaseState::Requested { .. }
            | CaseState::Offered { .. }
            | CaseState::Rejected { .. }
            | CaseState::AwaitingReturn { .. }
            | CaseState::Inspecting { .. }
            | CaseState::PartlyAccepted { .. }
            | CaseState::GatheringEvidence { .. }
            | CaseState::UnderReview { .. }
            | CaseState::Decided { .. }
            | CaseState::UnderAppeal { .. }
            | CaseState::Replacing { .. }
            | CaseState::Refunding { .. }
            | CaseState::Closed { .. } => self.refuse(),
        }
    }

    fn finish_evidence(self, party: Party) -> Decided {
        let CaseState::GatheringEvidence { buyer_by, shop_by } = self.case.state else {
            return self.refuse();
        };
        let (mine, others) = match party {
            Party::Buyer => (buyer_by, shop_by),
            Party::Shop => (shop_by, buyer_by),
        };
        if mine.is_none() {
            return self.refuse();
        }
        Ok(self.evidence_closed(party, others))
    }

    /// The review begins when both sides are closed.
    pub(super) fn evidence_closed(self, party: Party, others: Option<Timestamp>) -> CaseDecision {
        if others.is_none() {
            return self.review(CaseEvent::ReviewBegan);
        }
        let state = match party {
            Party::Buyer => CaseState::GatheringEvidence { buyer_by: None, shop_by: others },
            Party::Shop => CaseState::GatheringEvidence { buyer_by: others, shop_by: None },
        };
        self.to(CaseEvent::EvidenceClosed, state)
    }
}
