//! A buyer's request to cancel after the free hour: the shop answers, or its silence approves.

use crate::orders::CancelReason;
use crate::time::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestState {
    /// The shop has until then; the order is not shipped meanwhile.
    Asked {
        answer_by: Timestamp,
    },
    /// The order was cancelled for it.
    Approved,
    Refused,
    /// The buyer thought better of it.
    Withdrawn,
    /// The order ended for another reason first.
    Moot,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestCommand {
    Approve,
    Refuse,
    Withdraw,
    OrderEnded,
    PassDeadline,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestRefusal {
    #[error("the deadline is {due}")]
    NotDueYet { due: Timestamp },
    #[error("this request has been answered")]
    Answered,
    #[error("{} is not a reason which a buyer may give", reason.code())]
    NotAReasonForBuyers { reason: CancelReason },
}

impl RequestRefusal {
    pub const fn code(self) -> &'static str {
        match self {
            RequestRefusal::NotDueYet { .. } => "not_due_yet",
            RequestRefusal::Answered => "already_answered",
            RequestRefusal::NotAReasonForBuyers { .. } => "not_a_reason_for_buyers",
        }
    }
}

impl RequestCommand {
    pub const ALL: [RequestCommand; 5] = [
        RequestCommand::Approve,
        RequestCommand::Refuse,
        RequestCommand::Withdraw,
        RequestCommand::OrderEnded,
        RequestCommand::PassDeadline,
    ];
}

impl RequestState {
    pub const fn code(self) -> &'static str {
        match self {
            RequestState::Asked { .. } => "asked",
            RequestState::Approved => "approved",
            RequestState::Refused => "refused",
            RequestState::Withdrawn => "withdrawn",
            RequestState::Moot => "moot",
        }
    }

    pub const fn due_at(self) -> Option<Timestamp> {
        match self {
            RequestState::Asked { answer_by } => Some(answer_by),
            RequestState::Approved
            | RequestState::Refused
            | RequestState::Withdrawn
            | RequestState::Moot => None,
        }
    }

    /// Reads the columns `state` and `due_at`.
    pub fn read(code: &str, due_at: Option<Timestamp>) -> Option<Self> {
        match (code, due_at) {
            ("asked", Some(answer_by)) => Some(RequestState::Asked { answer_by }),
            ("approved", None) => Some(RequestState::Approved),
            ("refused", None) => Some(RequestState::Refused),
            ("withdrawn", None) => Some(RequestState::Withdrawn),
            ("moot", None) => Some(RequestState::Moot),
            _ => None,
        }
    }
}

/// What a command makes of a request. `Approved` means that the order is cancelled in the same act.
pub fn decide(
    state: RequestState,
    command: RequestCommand,
    now: Timestamp,
) -> Result<RequestState, RequestRefusal> {
    let RequestState::Asked { answer_by } = state else {
        return Err(RequestRefusal::Answered);
    };
    match command {
        RequestCommand::Approve => Ok(RequestState::Approved),
        RequestCommand::Refuse => Ok(RequestState::Refused),
        RequestCommand::Withdraw => Ok(RequestState::Withdrawn),
        RequestCommand::OrderEnded => Ok(RequestState::Moot),
        RequestCommand::PassDeadline if now < answer_by => {
            Err(RequestRefusal::NotDueYet { due: answer_by })
        }
        RequestCommand::PassDeadline => Ok(RequestState::Approved),
    }
}

/// Whether a buyer may ask for this reason.
pub fn reason_for_buyers(reason: CancelReason) -> Result<CancelReason, RequestRefusal> {
    if CancelReason::OF_BUYER.contains(&reason) {
        Ok(reason)
    } else {
        Err(RequestRefusal::NotAReasonForBuyers { reason })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DUE: Timestamp = Timestamp::from_ms(1_000);

    #[test]
    fn silence_approves_and_not_a_moment_early() {
        let asked = RequestState::Asked { answer_by: DUE };
        let early = Timestamp::from_ms(999);
        let pass = RequestCommand::PassDeadline;
        assert_eq!(decide(asked, pass, early), Err(RequestRefusal::NotDueYet { due: DUE }));
        assert_eq!(decide(asked, pass, DUE), Ok(RequestState::Approved));
        assert_eq!(decide(asked, RequestCommand::Refuse, early), Ok(RequestState::Refused));
    }

    #[test]
    fn an_answered_request_is_answered() {
        let ended = [
            RequestState::Approved,
            RequestState::Refused,
            RequestState::Withdrawn,
            RequestState::Moot,
        ];
        for state in ended {
            for command in RequestCommand::ALL {
                assert_eq!(decide(state, command, DUE), Err(RequestRefusal::Answered));
            }
            assert_eq!(RequestState::read(state.code(), None), Some(state));
        }
        let asked = RequestState::Asked { answer_by: DUE };
        assert_eq!(RequestState::read("asked", Some(DUE)), Some(asked));
    }

    #[test]
    fn a_buyer_cannot_give_the_shops_reasons() {
        let reason = CancelReason::OutOfStock;
        assert_eq!(reason_for_buyers(reason), Err(RequestRefusal::NotAReasonForBuyers { reason }));
        assert!(reason_for_buyers(CancelReason::ChangedMind).is_ok());
    }
}
