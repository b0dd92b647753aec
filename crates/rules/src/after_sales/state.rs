//! The states of an after-sales case. A waiting state holds its own deadline.

use serde::{Deserialize, Serialize};

use super::reasons::Party;
use crate::time::{Span, Timestamp};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseState {
    /// The shop has to answer; silence approves as asked.
    Requested {
        answer_by: Timestamp,
    },
    /// The buyer has to answer an offer; silence lets it lapse. `rest` is what the shop then still has.
    Offered {
        buyer_answers_by: Timestamp,
        rest: Span,
    },
    /// The buyer may ask the house to decide; silence closes.
    Rejected {
        escalate_by: Timestamp,
    },
    /// The buyer has to hand the goods in; silence closes.
    AwaitingReturn {
        ship_back_by: Timestamp,
    },
    /// On the way back. Without any news of it until then it counts as received.
    ReturnInTransit {
        arrive_by: Timestamp,
    },
    /// The shop has to look at what came back; silence accepts.
    Inspecting {
        inspect_by: Timestamp,
    },
    /// A part was refunded, the rest refused; silence leaves it at that.
    PartlyAccepted {
        escalate_by: Timestamp,
    },
    /// Both may hand in evidence; `None` is a side which has closed or whose time is over.
    GatheringEvidence {
        buyer_by: Option<Timestamp>,
        shop_by: Option<Timestamp>,
    },
    /// The house has to decide. Its silence decides nothing: the case is overdue then.
    UnderReview {
        decide_by: Timestamp,
        overdue: bool,
    },
    /// Decided, and carried out; the side which lost may appeal.
    Decided {
        appeal_by: Timestamp,
        in_favour_of: Party,
    },
    UnderAppeal {
        decide_by: Timestamp,
        overdue: bool,
        /// As it was decided first.
        in_favour_of: Party,
    },
    /// The new goods are on their way, as an order of their own. What has not come until then is refunded.
    Replacing {
        replaced_by: Timestamp,
    },
    /// The provider has to confirm. Its silence is looked into by the house: the case is overdue then.
    Refunding {
        confirm_by: Timestamp,
        overdue: bool,
    },
    Closed {
        outcome: Outcome,
    },
}

/// How a case has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Refunded,
    /// New goods have come.
    Replaced,
    Withdrawn,
    /// The shop said no and the buyer left it at that, or the house decided for the shop.
    Rejected,
    /// The goods were never sent back.
    Lapsed,
    /// The order ended for another reason first.
    Moot,
}

/// Who has to act now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    Buyer,
    Shop,
    Both,
    House,
    Carrier,
    Provider,
    Nobody,
}

impl Outcome {
    pub const ALL: [Outcome; 6] = [
        Outcome::Refunded,
        Outcome::Replaced,
        Outcome::Withdrawn,
        Outcome::Rejected,
        Outcome::Lapsed,
        Outcome::Moot,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Outcome::Refunded => "refunded",
            Outcome::Replaced => "replaced",
            Outcome::Withdrawn => "withdrawn",
            Outcome::Rejected => "rejected",
            Outcome::Lapsed => "lapsed",
            Outcome::Moot => "moot",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

impl WaitsFor {
    pub const ALL: [WaitsFor; 7] = [
        WaitsFor::Buyer,
        WaitsFor::Shop,
        WaitsFor::Both,
        WaitsFor::House,
        WaitsFor::Carrier,
        WaitsFor::Provider,
        WaitsFor::Nobody,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            WaitsFor::Buyer => "buyer",
            WaitsFor::Shop => "shop",
            WaitsFor::Both => "both",
            WaitsFor::House => "house",
            WaitsFor::Carrier => "carrier",
            WaitsFor::Provider => "provider",
            WaitsFor::Nobody => "nobody",
        }
    }
}

/// The names of the states, in the order of a case; for lists, tabs and the generated table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseStateName {
    Requested,
    Offered,
    Rejected,
    AwaitingReturn,
    ReturnInTransit,
    Inspecting,
    PartlyAccepted,
    GatheringEvidence,
    UnderReview,
    Decided,
    UnderAppeal,
    Replacing,
    Refunding,
    Closed,
}

impl CaseStateName {
    pub const ALL: [CaseStateName; 14] = [
        CaseStateName::Requested,
        CaseStateName::Offered,
        CaseStateName::Rejected,
        CaseStateName::AwaitingReturn,
        CaseStateName::ReturnInTransit,
        CaseStateName::Inspecting,
        CaseStateName::PartlyAccepted,
        CaseStateName::GatheringEvidence,
        CaseStateName::UnderReview,
        CaseStateName::Decided,
        CaseStateName::UnderAppeal,
        CaseStateName::Replacing,
        CaseStateName::Refunding,
        CaseStateName::Closed,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            CaseStateName::Requested => "requested",
            CaseStateName::Offered => "offered",
            CaseStateName::Rejected => "rejected",
            CaseStateName::AwaitingReturn => "awaiting_return",
            CaseStateName::ReturnInTransit => "return_in_transit",
            CaseStateName::Inspecting => "inspecting",
            CaseStateName::PartlyAccepted => "partly_accepted",
            CaseStateName::GatheringEvidence => "gathering_evidence",
            CaseStateName::UnderReview => "under_review",
            CaseStateName::Decided => "decided",
            CaseStateName::UnderAppeal => "under_appeal",
            CaseStateName::Replacing => "replacing",
            CaseStateName::Refunding => "refunding",
            CaseStateName::Closed => "closed",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

/// A state as the columns of a row: see [`CaseState::columns`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaseColumns {
    pub state: &'static str,
    pub due_at: Option<Timestamp>,
    /// The deadline which has passed, of a state which then is overdue.
    pub missed_at: Option<Timestamp>,
    /// Of an offer: what of the shop's time is left.
    pub rest: Span,
    pub buyer_by: Option<Timestamp>,
    pub shop_by: Option<Timestamp>,
    /// A party or an outcome; empty where there is none.
    pub result: &'static str,
}

impl CaseState {
    pub const fn name(self) -> CaseStateName {
        match self {
            CaseState::Requested { .. } => CaseStateName::Requested,
            CaseState::Offered { .. } => CaseStateName::Offered,
            CaseState::Rejected { .. } => CaseStateName::Rejected,
            CaseState::AwaitingReturn { .. } => CaseStateName::AwaitingReturn,
            CaseState::ReturnInTransit { .. } => CaseStateName::ReturnInTransit,
            CaseState::Inspecting { .. } => CaseStateName::Inspecting,
            CaseState::PartlyAccepted { .. } => CaseStateName::PartlyAccepted,
            CaseState::GatheringEvidence { .. } => CaseStateName::GatheringEvidence,
            CaseState::UnderReview { .. } => CaseStateName::UnderReview,
            CaseState::Decided { .. } => CaseStateName::Decided,
            CaseState::UnderAppeal { .. } => CaseStateName::UnderAppeal,
            CaseState::Replacing { .. } => CaseStateName::Replacing,
            CaseState::Refunding { .. } => CaseStateName::Refunding,
            CaseState::Closed { .. } => CaseStateName::Closed,
        }
    }

    /// When something happens by itself: the column `due_at`. An overdue state waits for a person, however long.
    pub fn due_at(self) -> Option<Timestamp> {
        match self {
            CaseState::Requested { answer_by: at }
            | CaseState::Offered { buyer_answers_by: at, .. }
            | CaseState::Rejected { escalate_by: at }
            | CaseState::AwaitingReturn { ship_back_by: at }
            | CaseState::ReturnInTransit { arrive_by: at }
            | CaseState::Inspecting { inspect_by: at }
            | CaseState::PartlyAccepted { escalate_by: at }
            | CaseState::UnderReview { decide_by: at, overdue: false }
            | CaseState::Decided { appeal_by: at, .. }
            | CaseState::UnderAppeal { decide_by: at, overdue: false, .. }
            | CaseState::Replacing { replaced_by: at }
            | CaseState::Refunding { confirm_by: at, overdue: false } => Some(at),
            CaseState::GatheringEvidence { buyer_by, shop_by } => match (buyer_by, shop_by) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            },
            CaseState::UnderReview { overdue: true, .. }
            | CaseState::UnderAppeal { overdue: true, .. }
            | CaseState::Refunding { overdue: true, .. }
            | CaseState::Closed { .. } => None,
        }
    }

    /// Who has to act until then.
    pub const fn waits_for(self) -> WaitsFor {
        match self {
            CaseState::Requested { .. } | CaseState::Inspecting { .. } => WaitsFor::Shop,
            CaseState::Offered { .. }
            | CaseState::Rejected { .. }
            | CaseState::AwaitingReturn { .. }
            | CaseState::PartlyAccepted { .. } => WaitsFor::Buyer,
            CaseState::ReturnInTransit { .. } | CaseState::Replacing { .. } => WaitsFor::Carrier,
            CaseState::GatheringEvidence { buyer_by: Some(_), shop_by: Some(_) } => WaitsFor::Both,
            CaseState::GatheringEvidence { buyer_by: Some(_), shop_by: None } => WaitsFor::Buyer,
            CaseState::GatheringEvidence { buyer_by: None, .. } => WaitsFor::Shop,
            CaseState::UnderReview { .. } | CaseState::UnderAppeal { .. } => WaitsFor::House,
            CaseState::Decided { in_favour_of: Party::Buyer, .. } => WaitsFor::Shop,
            CaseState::Decided { in_favour_of: Party::Shop, .. } => WaitsFor::Buyer,
            CaseState::Refunding { .. } => WaitsFor::Provider,
            CaseState::Closed { .. } => WaitsFor::Nobody,
        }
    }

    pub const fn is_open(self) -> bool {
        match self {
            CaseState::Closed { .. } => false,
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
            | CaseState::Refunding { .. } => true,
        }
    }

    /// Whether the house has to decide, now or next.
    pub const fn is_disputed(self) -> bool {
        match self {
            CaseState::GatheringEvidence { .. }
            | CaseState::UnderReview { .. }
            | CaseState::Decided { .. }
            | CaseState::UnderAppeal { .. } => true,
            CaseState::Requested { .. }
            | CaseState::Offered { .. }
            | CaseState::Rejected { .. }
            | CaseState::AwaitingReturn { .. }
            | CaseState::ReturnInTransit { .. }
            | CaseState::Inspecting { .. }
            | CaseState::PartlyAccepted { .. }
            | CaseState::Replacing { .. }
            | CaseState::Refunding { .. }
            | CaseState::Closed { .. } => false,
        }
    }

    /// As a row keeps it.
    pub fn columns(self) -> CaseColumns {
        let columns =
            CaseColumns { state: self.name().code(), due_at: self.due_at(), ..Default::default() };
        match self {
            CaseState::Requested { .. }
            | CaseState::Rejected { .. }
            | CaseState::AwaitingReturn { .. }
            | CaseState::ReturnInTransit { .. }
            | CaseState::Inspecting { .. }
            | CaseState::PartlyAccepted { .. }
            | CaseState::Replacing { .. } => columns,
            CaseState::Offered { rest, .. } => CaseColumns { rest, ..columns },
            CaseState::GatheringEvidence { buyer_by, shop_by } => {
                CaseColumns { buyer_by, shop_by, ..columns }
            }
            CaseState::UnderReview { decide_by: at, overdue }
            | CaseState::Refunding { confirm_by: at, overdue } => {
                CaseColumns { missed_at: overdue.then_some(at), ..columns }
            }
            CaseState::Decided { in_favour_of, .. } => {
                CaseColumns { result: in_favour_of.code(), ..columns }
            }
            CaseState::UnderAppeal { decide_by, overdue, in_favour_of } => CaseColumns {
                missed_at: overdue.then_some(decide_by),
                result: in_favour_of.code(),
                ..columns
            },
            CaseState::Closed { outcome } => CaseColumns { result: outcome.code(), ..columns },
        }
    }

    /// Reads what [`CaseState::columns`] has written; nothing for what it never writes.
    pub fn read(state: &str, result: &str, columns: &CaseColumns) -> Option<Self> {
        use CaseStateName as Name;
        let due = columns.due_at;
        let clock = || match (due, columns.missed_at) {
            (Some(at), None) => Some((at, false)),
            (None, Some(at)) => Some((at, true)),
            _ => None,
        };
        Some(match CaseStateName::parse(state)? {
            Name::Requested => CaseState::Requested { answer_by: due? },
            Name::Offered => CaseState::Offered { buyer_answers_by: due?, rest: columns.rest },
            Name::Rejected => CaseState::Rejected { escalate_by: due? },
            Name::AwaitingReturn => CaseState::AwaitingReturn { ship_back_by: due? },
            Name::ReturnInTransit => CaseState::ReturnInTransit { arrive_by: due? },
            Name::Inspecting => CaseState::Inspecting { inspect_by: due? },
            Name::PartlyAccepted => CaseState::PartlyAccepted { escalate_by: due? },
            Name::GatheringEvidence => {
                let (buyer_by, shop_by) = (columns.buyer_by, columns.shop_by);
                CaseState::GatheringEvidence { buyer_by, shop_by }
            }
            Name::UnderReview => {
                let (decide_by, overdue) = clock()?;
                CaseState::UnderReview { decide_by, overdue }
            }
            Name::Decided => {
                CaseState::Decided { appeal_by: due?, in_favour_of: Party::parse(result)? }
            }
            Name::UnderAppeal => {
                let ((decide_by, overdue), in_favour_of) = (clock()?, Party::parse(result)?);
                CaseState::UnderAppeal { decide_by, overdue, in_favour_of }
            }
            Name::Replacing => CaseState::Replacing { replaced_by: due? },
            Name::Refunding => {
                let (confirm_by, overdue) = clock()?;
                CaseState::Refunding { confirm_by, overdue }
            }
            Name::Closed => CaseState::Closed { outcome: Outcome::parse(result)? },
        })
    }
}
