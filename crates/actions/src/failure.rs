//! Why an act did not happen. One enum for all acts; `web::problem` turns it into an answer once.

use store::{ActFailure, DbError};

/// The market said no, for a reason with facts in it. `code` is stable: programs rely on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: &'static str,
    /// What a person needs to understand it, by name; the pages' texts use the same names.
    pub facts: Vec<(&'static str, String)>,
    /// English, for logs and for programs.
    pub sentence: String,
}

impl Refusal {
    pub fn new(code: &'static str, sentence: impl Into<String>) -> Self {
        Self { code, facts: Vec::new(), sentence: sentence.into() }
    }

    #[must_use]
    pub fn fact(mut self, name: &'static str, value: impl ToString) -> Self {
        self.facts.push((name, value.to_string()));
        self
    }
}

/// One field of a form or a body which cannot be taken as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    /// As in the body: `address.postcode`, `lines[0].quantity`.
    pub field: String,
    pub code: &'static str,
    pub sentence: String,
}

impl FieldFault {
    pub fn new(field: impl Into<String>, code: &'static str, sentence: impl Into<String>) -> Self {
        Self { field: field.into(), code, sentence: sentence.into() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    #[error("{}", .0.sentence)]
    Refused(Refusal),
    #[error("some fields cannot be taken as they are")]
    Invalid(Vec<FieldFault>),
    /// Not there, or not yours: from outside both look the same.
    #[error("not found")]
    NotFound,
    #[error("sign in first")]
    NotSignedIn,
    #[error("your role does not allow this")]
    NotAllowed,
    /// The same idempotency key came with another body.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    /// Somebody has changed it since it was read (`If-Match`).
    #[error("it was changed in the meantime")]
    Stale,
    #[error("too many at once; try again in a moment")]
    Busy,
    #[error("the disk is full; nothing was changed")]
    Full,
    /// Somebody was quicker between load and record: the store runs the whole act again.
    #[error("somebody was quicker")]
    Again,
    /// Our fault. The text is for the log, never for the answer.
    #[error("something broke: {0}")]
    Broken(String),
}

impl Failure {
    pub fn refused(code: &'static str, sentence: impl Into<String>) -> Self {
        Failure::Refused(Refusal::new(code, sentence))
    }

    pub fn invalid(
        field: impl Into<String>,
        code: &'static str,
        sentence: impl Into<String>,
    ) -> Self {
        Failure::Invalid(vec![FieldFault::new(field, code, sentence)])
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Failure::Refused(refusal)
    }
}

impl From<DbError> for Failure {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Again => Failure::Again,
            DbError::Busy => Failure::Busy,
            DbError::Full => Failure::Full,
            DbError::Unreachable(_) => Failure::Busy,
            // Two acts wrote the same unique key at the same moment: the second one looks again.
            DbError::Conflict { .. } => Failure::Again,
            DbError::Newer { .. } | DbError::Broken(_) => Failure::Broken(error.to_string()),
        }
    }
}

impl ActFailure for Failure {
    fn again(&self) -> bool {
        matches!(self, Failure::Again)
    }
}

impl From<rules::orders::OrderRefusal> for Failure {
    fn from(refusal: rules::orders::OrderRefusal) -> Self {
        use rules::orders::OrderRefusal;
        let base = Refusal::new(refusal.code(), refusal.to_string());
        Failure::Refused(match refusal {
            OrderRefusal::NotInThisState { command, state } => {
                base.fact("command", command.code()).fact("state", state.code())
            }
            OrderRefusal::NotDueYet { due } => base.fact("due", due),
            OrderRefusal::NotAReasonForShops { reason }
            | OrderRefusal::NotAReasonForBuyers { reason }
            | OrderRefusal::NotAReasonForCarriers { reason } => base.fact("reason", reason.code()),
            OrderRefusal::HeldByCase { count } => base.fact("count", count),
            OrderRefusal::MoreThanIsLeft { asked, left } => {
                base.fact("asked", asked).fact("left", left)
            }
        })
    }
}

impl From<rules::shipping::parcels::ChangeRefusal> for Failure {
    fn from(refusal: rules::shipping::parcels::ChangeRefusal) -> Self {
        use rules::shipping::parcels::ChangeRefusal;
        let base = Refusal::new(refusal.code(), refusal.to_string());
        Failure::Refused(match refusal {
            ChangeRefusal::NotShipped | ChangeRefusal::Ended => base,
            ChangeRefusal::ChangedBefore { most } => base.fact("most", most),
            ChangeRefusal::TooLate { until } => base.fact("until", until),
        })
    }
}

impl From<rules::settlement::payouts::PayoutRefusal> for Failure {
    fn from(refusal: rules::settlement::payouts::PayoutRefusal) -> Self {
        use rules::settlement::payouts::PayoutRefusal;
        let sentence = refusal.to_string();
        Failure::Refused(match refusal {
            PayoutRefusal::NotDueYet { due } => {
                Refusal::new("not_due_yet", sentence).fact("due", due)
            }
            PayoutRefusal::AlreadyDone => Refusal::new("payout_answered_already", sentence),
            PayoutRefusal::Ended(state) => {
                Refusal::new("payout_ended", sentence).fact("state", state)
            }
            PayoutRefusal::NotSent => Refusal::new("payout_not_sent", sentence),
        })
    }
}

impl From<rules::money::MoneyError> for Failure {
    fn from(error: rules::money::MoneyError) -> Self {
        Failure::refused("amount_too_large", error.to_string())
    }
}
