//! Attempts: a payment may be tried with several providers, and only one of the tries may pay for it.
//!
//! A notice, a query and the buyer's return bring the same news several times and in any order. What they mean depends on
//! the attempt's state and the payment's only.

use super::PaymentState;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptState {
    /// Recorded before the provider is asked, so that whatever it answers finds its row.
    Asked,
    /// The buyer can pay at the provider.
    Open,
    /// It has paid for its payment.
    Captured,
    /// It cannot be paid any more, and never was.
    Closed,
    /// It was paid, and paid for nothing: all of it goes back.
    Returning,
    Returned,
}

impl AttemptState {
    pub const ALL: [AttemptState; 6] = [
        AttemptState::Asked,
        AttemptState::Open,
        AttemptState::Captured,
        AttemptState::Closed,
        AttemptState::Returning,
        AttemptState::Returned,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            AttemptState::Asked => "asked",
            AttemptState::Open => "open",
            AttemptState::Captured => "captured",
            AttemptState::Closed => "closed",
            AttemptState::Returning => "returning",
            AttemptState::Returned => "returned",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// Whether the provider may still have something to tell about it.
    pub const fn is_open(self) -> bool {
        match self {
            AttemptState::Asked | AttemptState::Open => true,
            AttemptState::Captured
            | AttemptState::Closed
            | AttemptState::Returning
            | AttemptState::Returned => false,
        }
    }
}

/// What a provider says about an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptNews {
    Captured,
    Declined,
    Closed,
}

/// What is to be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptMeaning {
    /// Old news.
    Nothing,
    /// The attempt pays: the payment's own machine decides how (`super::decide`).
    Pay,
    /// The buyer has paid twice. The money of this attempt goes back.
    ReturnAll,
    /// The payment hears why; the attempt stays open.
    Decline,
    /// The attempt is over.
    Close,
}

/// Money which came is never passed over: not after the attempt was closed, and not when another one has paid.
pub const fn meaning(
    attempt: AttemptState,
    news: AttemptNews,
    payment: PaymentState,
) -> AttemptMeaning {
    match (news, attempt) {
        (
            AttemptNews::Captured | AttemptNews::Declined | AttemptNews::Closed,
            AttemptState::Captured | AttemptState::Returning | AttemptState::Returned,
        )
        | (AttemptNews::Declined | AttemptNews::Closed, AttemptState::Closed) => {
            AttemptMeaning::Nothing
        }
        (
            AttemptNews::Captured,
            AttemptState::Asked | AttemptState::Open | AttemptState::Closed,
        ) => match payment {
            PaymentState::Requested { .. } | PaymentState::Expired => AttemptMeaning::Pay,
            PaymentState::Captured | PaymentState::ReturnedLate => AttemptMeaning::ReturnAll,
        },
        (AttemptNews::Declined, AttemptState::Asked | AttemptState::Open) => match payment {
            PaymentState::Requested { .. } => AttemptMeaning::Decline,
            PaymentState::Captured | PaymentState::Expired | PaymentState::ReturnedLate => {
                AttemptMeaning::Nothing
            }
        },
        (AttemptNews::Closed, AttemptState::Asked | AttemptState::Open) => AttemptMeaning::Close,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    const OPEN: PaymentState = PaymentState::Requested { pay_by: Timestamp::from_ms(1) };

    #[test]
    fn one_attempt_pays_and_the_money_of_another_goes_back() {
        use AttemptNews::Captured as Came;
        for attempt in [AttemptState::Asked, AttemptState::Open, AttemptState::Closed] {
            assert_eq!(meaning(attempt, Came, OPEN), AttemptMeaning::Pay);
            assert_eq!(meaning(attempt, Came, PaymentState::Expired), AttemptMeaning::Pay);
            for paid in [PaymentState::Captured, PaymentState::ReturnedLate] {
                assert_eq!(meaning(attempt, Came, paid), AttemptMeaning::ReturnAll);
            }
        }
    }

    #[test]
    fn news_of_an_attempt_which_has_its_money_changes_nothing() {
        for attempt in [AttemptState::Captured, AttemptState::Returning, AttemptState::Returned] {
            for news in [AttemptNews::Captured, AttemptNews::Declined, AttemptNews::Closed] {
                for payment in [OPEN, PaymentState::Captured, PaymentState::Expired] {
                    assert_eq!(meaning(attempt, news, payment), AttemptMeaning::Nothing);
                }
            }
        }
    }

    #[test]
    fn a_declined_try_is_told_while_the_payment_waits() {
        let told = |payment| meaning(AttemptState::Open, AttemptNews::Declined, payment);
        assert_eq!(told(OPEN), AttemptMeaning::Decline);
        assert_eq!(told(PaymentState::Captured), AttemptMeaning::Nothing);
        let closed = meaning(AttemptState::Closed, AttemptNews::Declined, OPEN);
        assert_eq!(closed, AttemptMeaning::Nothing);
    }

    #[test]
    fn a_state_reads_back_from_its_code() {
        for state in AttemptState::ALL {
            assert_eq!(AttemptState::parse(state.code()), Some(state));
        }
        assert_eq!(AttemptState::parse("paid"), None);
    }
}
