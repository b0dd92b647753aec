//! Payments: from a checkout's request to captured money, or to a clear end without it.
//!
//! One payment pays all orders of one checkout. The provider's notice and the buyer's browser race; whoever
//! comes second finds the payment captured and changes nothing.

pub mod attempts;
pub mod references;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentState {
    /// The buyer may try, and try again, until `pay_by`.
    Requested {
        pay_by: Timestamp,
    },
    Captured,
    /// Never paid in time. The orders are cancelled and their stock is back.
    Expired,
    /// The money came after the end; it is on its way back, whole.
    ReturnedLate,
}

impl PaymentState {
    pub const fn code(self) -> &'static str {
        match self {
            PaymentState::Requested { .. } => "requested",
            PaymentState::Captured => "captured",
            PaymentState::Expired => "expired",
            PaymentState::ReturnedLate => "returned_late",
        }
    }

    pub const fn due_at(self) -> Option<Timestamp> {
        match self {
            PaymentState::Requested { pay_by } => Some(pay_by),
            PaymentState::Captured | PaymentState::Expired | PaymentState::ReturnedLate => None,
        }
    }

    /// Reads the columns `state` and `due_at`.
    pub fn read(code: &str, due_at: Option<Timestamp>) -> Option<Self> {
        match (code, due_at) {
            ("requested", Some(pay_by)) => Some(PaymentState::Requested { pay_by }),
            ("captured", None) => Some(PaymentState::Captured),
            ("expired", None) => Some(PaymentState::Expired),
            ("returned_late", None) => Some(PaymentState::ReturnedLate),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentCommand {
    /// The provider says it holds the money.
    Capture,
    /// The provider says no; the buyer may try again until the deadline.
    Decline,
    PassDeadline,
}

impl PaymentCommand {
    pub const ALL: [PaymentCommand; 3] =
        [PaymentCommand::Capture, PaymentCommand::Decline, PaymentCommand::PassDeadline];
}

/// What follows for the payment and for its orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentEvent {
    Captured,
    Declined,
    Expired,
    /// Money for orders which have ended: each order's part goes back.
    CameLate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaymentRefusal {
    /// The same news again. Not an error for the sender: nothing is left to do.
    #[error("this was already taken in")]
    AlreadyDone,
    #[error("the payment is not due yet")]
    NotDueYet { due: Timestamp },
    #[error("the payment has ended")]
    Ended,
}

pub fn decide(
    state: PaymentState,
    command: PaymentCommand,
    now: Timestamp,
) -> Result<(PaymentEvent, PaymentState), PaymentRefusal> {
    match (command, state) {
        // Until the deadline has really been passed the money counts, even a moment after `pay_by`.
        (PaymentCommand::Capture, PaymentState::Requested { .. }) => {
            Ok((PaymentEvent::Captured, PaymentState::Captured))
        }
        (PaymentCommand::Capture, PaymentState::Expired) => {
            Ok((PaymentEvent::CameLate, PaymentState::ReturnedLate))
        }
        (PaymentCommand::Capture, PaymentState::Captured | PaymentState::ReturnedLate) => {
            Err(PaymentRefusal::AlreadyDone)
        }
        (PaymentCommand::Decline, state @ PaymentState::Requested { .. }) => {
            Ok((PaymentEvent::Declined, state))
        }
        (
            PaymentCommand::Decline,
            PaymentState::Captured | PaymentState::Expired | PaymentState::ReturnedLate,
        ) => Err(PaymentRefusal::Ended),
        (PaymentCommand::PassDeadline, PaymentState::Requested { pay_by }) if now < pay_by => {
            Err(PaymentRefusal::NotDueYet { due: pay_by })
        }
        (PaymentCommand::PassDeadline, PaymentState::Requested { .. }) => {
            Ok((PaymentEvent::Expired, PaymentState::Expired))
        }
        (
            PaymentCommand::PassDeadline,
            PaymentState::Captured | PaymentState::Expired | PaymentState::ReturnedLate,
        ) => Err(PaymentRefusal::Ended),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAY_BY: Timestamp = Timestamp::from_ms(1_000);
    const BEFORE: Timestamp = Timestamp::from_ms(999);

    #[test]
    fn what_each_command_does_in_each_state() {
        use PaymentCommand::{Capture, Decline, PassDeadline};
        use PaymentState::{Captured, Expired, Requested, ReturnedLate};
        let open = Requested { pay_by: PAY_BY };
        let end = |state, command| decide(state, command, PAY_BY).map(|(_, state)| state);
        assert_eq!(end(open, Capture), Ok(Captured));
        assert_eq!(end(open, Decline), Ok(open));
        assert_eq!(end(open, PassDeadline), Ok(Expired));
        assert_eq!(end(Captured, Capture), Err(PaymentRefusal::AlreadyDone));
        assert_eq!(end(Expired, Capture), Ok(ReturnedLate));
        assert_eq!(end(ReturnedLate, Capture), Err(PaymentRefusal::AlreadyDone));
        for ended in [Captured, Expired, ReturnedLate] {
            assert_eq!(end(ended, Decline), Err(PaymentRefusal::Ended));
            assert_eq!(end(ended, PassDeadline), Err(PaymentRefusal::Ended));
        }
    }

    #[test]
    fn no_payment_expires_early() {
        let early = decide(
            PaymentState::Requested { pay_by: PAY_BY },
            PaymentCommand::PassDeadline,
            BEFORE,
        );
        assert_eq!(early, Err(PaymentRefusal::NotDueYet { due: PAY_BY }));
    }

    #[test]
    fn a_state_reads_back_from_its_columns() {
        for state in [
            PaymentState::Requested { pay_by: PAY_BY },
            PaymentState::Captured,
            PaymentState::Expired,
            PaymentState::ReturnedLate,
        ] {
            assert_eq!(PaymentState::read(state.code(), state.due_at()), Some(state));
        }
        assert_eq!(PaymentState::read("captured", Some(PAY_BY)), None);
    }
}
