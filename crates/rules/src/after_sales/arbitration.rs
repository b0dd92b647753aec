//! The house's part of a case: decisions, appeals, and what time does to every state.

use super::commands::{CaseEvent, Effect};
use super::deciding::{CaseDecision, CaseRefusal, Decided, Step};
use super::reasons::{Party, Remedy};
use super::state::{CaseState, Outcome};
use crate::time::Timestamp;

impl Step<'_> {
    pub(super) fn decide_first(self, in_favour_of: Party, remedy: Remedy) -> Decided {
        match self.case.state {
            CaseState::UnderReview { .. } => Ok(self.decided(in_favour_of, remedy)),
            CaseState::Requested { .. }
            | CaseState::Offered { .. }
            | CaseState::Rejected { .. }
            | CaseState::AwaitingReturn { .. }
            | CaseState::ReturnInTransit { .. }
            | CaseState::Inspecting { .. }
            | CaseState::PartlyAccepted { .. }
            | CaseState::GatheringEvidence { .. }
            | CaseState::Decided { .. }
            | CaseState::UnderAppeal { .. }
            | CaseState::Replacing { .. }
            | CaseState::Refunding { .. }
            | CaseState::Closed { .. } => self.refuse(),
        }
    }

    /// A refund goes out at once and may be appealed against; the house makes good what it got wrong. Goods which go
    /// back or come anew cannot be called back, so there the shop's word is its inspection, and the house's the last.
    fn decided(self, in_favour_of: Party, remedy: Remedy) -> CaseDecision {
        let appeal_by = self.now + self.terms.appeal;
        let waits = CaseState::Decided { appeal_by, in_favour_of };
        match (in_favour_of, remedy) {
            (Party::Shop, _) => self.to(CaseEvent::Decided, waits),
            (Party::Buyer, Remedy::RefundOnly) => CaseDecision {
                remedy,
                effect: Effect::Refund,
                ..self.to(CaseEvent::Decided, waits)
            },
            (Party::Buyer, Remedy::ReturnAndRefund | Remedy::Exchange | Remedy::Resend) => {
                self.carry_out(remedy, CaseEvent::Decided)
            }
        }
    }

    pub(super) fn appeal(self, party: Party) -> Decided {
        match self.case.state {
            CaseState::Decided { .. } if self.case.appealed => Err(CaseRefusal::Final),
            CaseState::Decided { in_favour_of, .. } if in_favour_of == party => {
                Err(CaseRefusal::NotTheLoser)
            }
            CaseState::Decided { in_favour_of, .. } => {
                let decide_by = self.now + self.terms.decide;
                let state = CaseState::UnderAppeal { decide_by, overdue: false, in_favour_of };
                Ok(self.to(CaseEvent::Appealed, state))
            }
            CaseState::Requested { .. }
            | CaseState::Offered { .. }
            | CaseState::Rejected { .. }
            | CaseState::AwaitingReturn { .. }
            | CaseState::ReturnInTransit { .. }
            | CaseState::Inspecting { .. }
            | CaseState::PartlyAccepted { .. }
            | CaseState::GatheringEvidence { .. }
            | CaseState::UnderReview { .. }
            | CaseState::UnderAppeal { .. }
            | CaseState::Replacing { .. }
            | CaseState::Refunding { .. }
            | CaseState::Closed { .. } => self.refuse(),
        }
    }

    pub(super) fn decide_appeal(self, in_favour_of: Party, remedy: Remedy) -> Decided {
        match self.case.state {
            CaseState::UnderAppeal { in_favour_of: first, .. } => {
                Ok(self.appeal_decided((first, in_favour_of), remedy))
            }
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
            | CaseState::Replacing { .. }
            | CaseState::Refunding { .. }
            | CaseState::Closed { .. } => self.refuse(),
        }
    }

    fn appeal_decided(self, (first, last): (Party, Party), remedy: Remedy) -> CaseDecision {
        let event = CaseEvent::AppealDecided;
        match (first, last) {
            (Party::Buyer, Party::Buyer) => self.close(event, Outcome::Refunded),
            (Party::Shop, Party::Shop) => self.close(event, Outcome::Rejected),
            // The buyer keeps what the house has wrongly given.
            (Party::Buyer, Party::Shop) => {
                CaseDecision { effect: Effect::MakeWhole, ..self.close(event, Outcome::Refunded) }
            }
            (Party::Shop, Party::Buyer) => self.carry_out(remedy, event),
        }
    }

    pub(super) fn confirm_refund(self) -> Decided {
        match self.case.state {
            CaseState::Refunding { .. } => {
                Ok(self.close(CaseEvent::RefundConfirmed, Outcome::Refunded))
            }
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
            | CaseState::Replacing { .. }
            | CaseState::Closed { .. } => self.refuse(),
        }
    }

    pub(super) fn end_with_order(self) -> Decided {
        match self.case.state {
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
            | CaseState::Replacing { .. }
            | CaseState::Refunding { .. } => Ok(self.close(CaseEvent::OrderEnded, Outcome::Moot)),
            CaseState::Closed { .. } => self.refuse(),
        }
    }

    /// Silence is an answer too: what happens when nobody acted in time.
    pub(super) fn pass_deadline(self) -> Decided {
        match self.case.state.due_at() {
            Some(due) if self.now < due => return Err(CaseRefusal::NotDueYet { due }),
            Some(_) | None => {}
        }
        match self.case.state {
            CaseState::Requested { .. } => Ok(self.agree(CaseEvent::Approved)),
            CaseState::Offered { rest, .. } => {
                Ok(self.requested_again(CaseEvent::OfferLapsed, rest))
            }
            CaseState::Rejected { .. } => Ok(self.close(CaseEvent::Lapsed, Outcome::Rejected)),
            CaseState::AwaitingReturn { .. } => Ok(self.close(CaseEvent::Lapsed, Outcome::Lapsed)),
            CaseState::ReturnInTransit { .. } | CaseState::Inspecting { .. } => {
                Ok(self.returned(CaseEvent::ReturnAccepted))
            }
            CaseState::PartlyAccepted { .. } => {
                Ok(self.close(CaseEvent::Lapsed, Outcome::Refunded))
            }
            CaseState::GatheringEvidence { buyer_by, shop_by } => {
                Ok(self.evidence_over(buyer_by, shop_by))
            }
            CaseState::UnderReview { decide_by, overdue: false } => {
                let state = CaseState::UnderReview { decide_by, overdue: true };
                Ok(self.to(CaseEvent::DecisionOverdue, state))
            }
            CaseState::UnderAppeal { decide_by, overdue: false, in_favour_of } => {
                let state = CaseState::UnderAppeal { decide_by, overdue: true, in_favour_of };
                Ok(self.to(CaseEvent::DecisionOverdue, state))
            }
            CaseState::Refunding { confirm_by, overdue: false } => {
                let state = CaseState::Refunding { confirm_by, overdue: true };
                Ok(self.to(CaseEvent::RefundOverdue, state))
            }
            CaseState::Decided { in_favour_of, .. } => {
                let outcome = match in_favour_of {
                    Party::Buyer => Outcome::Refunded,
                    Party::Shop => Outcome::Rejected,
                };
                Ok(self.close(CaseEvent::DecisionFinal, outcome))
            }
            CaseState::Replacing { .. } => Ok(self.refund(CaseEvent::ReplacementFailed)),
            CaseState::UnderReview { overdue: true, .. }
            | CaseState::UnderAppeal { overdue: true, .. }
            | CaseState::Refunding { overdue: true, .. }
            | CaseState::Closed { .. } => self.refuse(),
        }
    }

    fn evidence_over(
        self,
        buyer_by: Option<Timestamp>,
        shop_by: Option<Timestamp>,
    ) -> CaseDecision {
        let open = |by: Option<Timestamp>| by.filter(|by| *by > self.now);
        match (open(buyer_by), open(shop_by)) {
            (None, None) => self.review(CaseEvent::ReviewBegan),
            (Some(buyer_by), None) => self.evidence_closed(Party::Shop, Some(buyer_by)),
            (None, Some(shop_by)) => self.evidence_closed(Party::Buyer, Some(shop_by)),
            // The sooner of the two is what was due, so this is not met; both stay as they are.
            (Some(_), Some(_)) => self.to(CaseEvent::EvidenceClosed, self.case.state),
        }
    }
}
