//! What can be asked of a case, and the facts which follow.

use serde::{Deserialize, Serialize};

use super::reasons::{Party, Remedy};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseCommand {
    /// The shop agrees to what was asked.
    Approve,
    /// The shop offers something else. `at_once` when it is no worse than what was asked: nobody has to be asked then.
    Offer {
        remedy: Remedy,
        at_once: bool,
    },
    AcceptOffer {
        remedy: Remedy,
    },
    RefuseOffer,
    Reject,
    /// The buyer asks the house to decide.
    Escalate,
    /// The house takes the case over without being asked.
    TakeOver,
    Withdraw,
    /// The goods are on their way back.
    SendBack,
    /// They are there.
    Arrive,
    AcceptReturn,
    /// The shop refunds a part and says why not the rest.
    AcceptPartly,
    RejectReturn,
    /// A side has nothing more to hand in.
    FinishEvidence {
        party: Party,
    },
    /// The house decides; for the buyer by this remedy.
    Decide {
        in_favour_of: Party,
        remedy: Remedy,
    },
    Appeal {
        party: Party,
    },
    DecideAppeal {
        in_favour_of: Party,
        remedy: Remedy,
    },
    /// The provider has paid.
    ConfirmRefund,
    /// The new goods have come.
    DeliverReplacement,
    /// The new goods will not come.
    FailReplacement,
    /// The order has ended by itself: cancelled, lost and refunded.
    EndWithOrder,
    PassDeadline,
}

/// What has happened to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseEvent {
    Approved,
    Offered,
    OfferAccepted,
    OfferRefused,
    OfferLapsed,
    Rejected,
    Escalated,
    TakenOver,
    Withdrawn,
    SentBack,
    ReturnArrived,
    ReturnAccepted,
    ReturnPartlyAccepted,
    ReturnRejected,
    /// One side has closed its evidence, or its time is over.
    EvidenceClosed,
    ReviewBegan,
    DecisionOverdue,
    Decided,
    DecisionFinal,
    Appealed,
    AppealDecided,
    RefundConfirmed,
    RefundOverdue,
    ReplacementDelivered,
    ReplacementFailed,
    /// Nobody did what had to be done in time, and the case is over.
    Lapsed,
    OrderEnded,
}

/// What a step does beside changing the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Nothing,
    /// What was agreed or decided goes back to the buyer.
    Refund,
    /// A part of it goes back, as the shop has worked it out.
    RefundPart,
    /// An order of its own brings the new goods at no charge.
    Replace,
    /// The refund was wrong, and stays with the buyer: the house makes the shop whole.
    MakeWhole,
}

impl CaseCommand {
    /// One of each, for tables and tests.
    pub const ALL: [CaseCommand; 30] = [
        CaseCommand::Approve,
        CaseCommand::Offer { remedy: Remedy::RefundOnly, at_once: false },
        CaseCommand::Offer { remedy: Remedy::RefundOnly, at_once: true },
        CaseCommand::AcceptOffer { remedy: Remedy::RefundOnly },
        CaseCommand::AcceptOffer { remedy: Remedy::ReturnAndRefund },
        CaseCommand::AcceptOffer { remedy: Remedy::Resend },
        CaseCommand::RefuseOffer,
        CaseCommand::Reject,
        CaseCommand::Escalate,
        CaseCommand::TakeOver,
        CaseCommand::Withdraw,
        CaseCommand::SendBack,
        CaseCommand::Arrive,
        CaseCommand::AcceptReturn,
        CaseCommand::AcceptPartly,
        CaseCommand::RejectReturn,
        CaseCommand::FinishEvidence { party: Party::Buyer },
        CaseCommand::FinishEvidence { party: Party::Shop },
        CaseCommand::Decide { in_favour_of: Party::Buyer, remedy: Remedy::RefundOnly },
        CaseCommand::Decide { in_favour_of: Party::Buyer, remedy: Remedy::ReturnAndRefund },
        CaseCommand::Decide { in_favour_of: Party::Shop, remedy: Remedy::RefundOnly },
        CaseCommand::Appeal { party: Party::Buyer },
        CaseCommand::Appeal { party: Party::Shop },
        CaseCommand::DecideAppeal { in_favour_of: Party::Buyer, remedy: Remedy::RefundOnly },
        CaseCommand::DecideAppeal { in_favour_of: Party::Shop, remedy: Remedy::RefundOnly },
        CaseCommand::ConfirmRefund,
        CaseCommand::DeliverReplacement,
        CaseCommand::FailReplacement,
        CaseCommand::EndWithOrder,
        CaseCommand::PassDeadline,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            CaseCommand::Approve => "approve",
            CaseCommand::Offer { .. } => "offer",
            CaseCommand::AcceptOffer { .. } => "accept_offer",
            CaseCommand::RefuseOffer => "refuse_offer",
            CaseCommand::Reject => "reject",
            CaseCommand::Escalate => "escalate",
            CaseCommand::TakeOver => "take_over",
            CaseCommand::Withdraw => "withdraw",
            CaseCommand::SendBack => "send_back",
            CaseCommand::Arrive => "arrive",
            CaseCommand::AcceptReturn => "accept_return",
            CaseCommand::AcceptPartly => "accept_partly",
            CaseCommand::RejectReturn => "reject_return",
            CaseCommand::FinishEvidence { .. } => "finish_evidence",
            CaseCommand::Decide { .. } => "decide",
            CaseCommand::Appeal { .. } => "appeal",
            CaseCommand::DecideAppeal { .. } => "decide_appeal",
            CaseCommand::ConfirmRefund => "confirm_refund",
            CaseCommand::DeliverReplacement => "deliver_replacement",
            CaseCommand::FailReplacement => "fail_replacement",
            CaseCommand::EndWithOrder => "end_with_order",
            CaseCommand::PassDeadline => "pass_deadline",
        }
    }
}

impl CaseEvent {
    pub const ALL: [CaseEvent; 27] = [
        CaseEvent::Approved,
        CaseEvent::Offered,
        CaseEvent::OfferAccepted,
        CaseEvent::OfferRefused,
        CaseEvent::OfferLapsed,
        CaseEvent::Rejected,
        CaseEvent::Escalated,
        CaseEvent::TakenOver,
        CaseEvent::Withdrawn,
        CaseEvent::SentBack,
        CaseEvent::ReturnArrived,
        CaseEvent::ReturnAccepted,
        CaseEvent::ReturnPartlyAccepted,
        CaseEvent::ReturnRejected,
        CaseEvent::EvidenceClosed,
        CaseEvent::ReviewBegan,
        CaseEvent::DecisionOverdue,
        CaseEvent::Decided,
        CaseEvent::DecisionFinal,
        CaseEvent::Appealed,
        CaseEvent::AppealDecided,
        CaseEvent::RefundConfirmed,
        CaseEvent::RefundOverdue,
        CaseEvent::ReplacementDelivered,
        CaseEvent::ReplacementFailed,
        CaseEvent::Lapsed,
        CaseEvent::OrderEnded,
    ];

    /// As the kind of an event's row.
    pub const fn code(self) -> &'static str {
        match self {
            CaseEvent::Approved => "case_approved",
            CaseEvent::Offered => "case_offered",
            CaseEvent::OfferAccepted => "case_offer_accepted",
            CaseEvent::OfferRefused => "case_offer_refused",
            CaseEvent::OfferLapsed => "case_offer_lapsed",
            CaseEvent::Rejected => "case_rejected",
            CaseEvent::Escalated => "case_escalated",
            CaseEvent::TakenOver => "case_taken_over",
            CaseEvent::Withdrawn => "case_withdrawn",
            CaseEvent::SentBack => "case_sent_back",
            CaseEvent::ReturnArrived => "case_return_arrived",
            CaseEvent::ReturnAccepted => "case_return_accepted",
            CaseEvent::ReturnPartlyAccepted => "case_return_partly_accepted",
            CaseEvent::ReturnRejected => "case_return_rejected",
            CaseEvent::EvidenceClosed => "case_evidence_closed",
            CaseEvent::ReviewBegan => "case_review_began",
            CaseEvent::DecisionOverdue => "case_decision_overdue",
            CaseEvent::Decided => "case_decided",
            CaseEvent::DecisionFinal => "case_decision_final",
            CaseEvent::Appealed => "case_appealed",
            CaseEvent::AppealDecided => "case_appeal_decided",
            CaseEvent::RefundConfirmed => "case_refund_confirmed",
            CaseEvent::RefundOverdue => "case_refund_overdue",
            CaseEvent::ReplacementDelivered => "case_replacement_delivered",
            CaseEvent::ReplacementFailed => "case_replacement_failed",
            CaseEvent::Lapsed => "case_lapsed",
            CaseEvent::OrderEnded => "case_order_ended",
        }
    }
}
