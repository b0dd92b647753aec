//! Payouts: a shop's available money on its way to the shop's bank.
//!
//! A payout is never shortened: it goes whole, waits and says why, or ends and says why. While the books of the shop
//! disagree with themselves or with a provider's report, nothing is sent.

use serde::{Deserialize, Serialize};

use crate::ledger::{Account, Transfer, TransferCode, transfer};
use crate::policy::PayoutPolicy;
use crate::time::{Span, Timestamp};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayoutState {
    /// Planned; the money is still available. At `send_at` it is sent, or says why not and looks again later.
    Scheduled {
        send_at: Timestamp,
    },
    /// With the bank, which has to answer until `answer_by`.
    Sent {
        answer_by: Timestamp,
    },
    Paid,
    Failed {
        reason: FailureReason,
    },
}

/// Why a payout did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureReason {
    /// The bank could not be reached or had no answer of its own: the same again may arrive.
    BankUnavailable,
    RejectedByBank,
    AccountClosed,
    WrongDetails,
    /// Less is available than the payout was planned for. Nothing was sent.
    BalanceTooLow,
}

impl FailureReason {
    pub const ALL: [FailureReason; 5] = [
        FailureReason::BankUnavailable,
        FailureReason::RejectedByBank,
        FailureReason::AccountClosed,
        FailureReason::WrongDetails,
        FailureReason::BalanceTooLow,
    ];

    /// What a bank may answer.
    pub const OF_BANK: [FailureReason; 4] = [
        FailureReason::BankUnavailable,
        FailureReason::RejectedByBank,
        FailureReason::AccountClosed,
        FailureReason::WrongDetails,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            FailureReason::BankUnavailable => "bank_unavailable",
            FailureReason::RejectedByBank => "rejected_by_bank",
            FailureReason::AccountClosed => "account_closed",
            FailureReason::WrongDetails => "wrong_details",
            FailureReason::BalanceTooLow => "balance_too_low",
        }
    }

    pub fn parse(code: &str) -> Option<FailureReason> {
        FailureReason::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// Whether the same account may be tried again.
    pub const fn may_be_retried(self) -> bool {
        match self {
            FailureReason::BankUnavailable => true,
            FailureReason::RejectedByBank
            | FailureReason::AccountClosed
            | FailureReason::WrongDetails
            | FailureReason::BalanceTooLow => false,
        }
    }

    /// Whether the bank account itself is no good: nothing more goes there until the shop registers one anew. A bank
    /// which rejects without a word more is believed too: the same again would come back the same way for ever.
    pub const fn blames_account(self) -> bool {
        match self {
            FailureReason::RejectedByBank
            | FailureReason::AccountClosed
            | FailureReason::WrongDetails => true,
            FailureReason::BankUnavailable | FailureReason::BalanceTooLow => false,
        }
    }
}

impl PayoutState {
    pub const fn code(self) -> &'static str {
        match self {
            PayoutState::Scheduled { .. } => "scheduled",
            PayoutState::Sent { .. } => "sent",
            PayoutState::Paid => "paid",
            PayoutState::Failed { .. } => "failed",
        }
    }

    pub const fn due_at(self) -> Option<Timestamp> {
        match self {
            PayoutState::Scheduled { send_at } => Some(send_at),
            PayoutState::Sent { answer_by } => Some(answer_by),
            PayoutState::Paid | PayoutState::Failed { .. } => None,
        }
    }

    /// Reads the columns `state`, `due_at` and `reason`.
    pub fn read(code: &str, due_at: Option<Timestamp>, reason: &str) -> Option<Self> {
        match (code, due_at) {
            ("scheduled", Some(send_at)) => Some(PayoutState::Scheduled { send_at }),
            ("sent", Some(answer_by)) => Some(PayoutState::Sent { answer_by }),
            ("paid", None) => Some(PayoutState::Paid),
            ("failed", None) => {
                FailureReason::parse(reason).map(|reason| PayoutState::Failed { reason })
            }
            _ => None,
        }
    }
}

/// Why a payout is not sent now. The code is in the API, the facts are in the shop's books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    NoBankAccount,
    /// The bank refused the shop's account, and the shop has not registered another one since.
    AccountRefused,
    /// Invariant 1: balances and transfers, or debits and credits, of the shop differ.
    BooksUnequal,
    /// Invariant 2: an account of the shop is below zero which may not be.
    BelowZero,
    /// Invariant 7: a provider's or the bank's report differs from the books.
    ReportDiffers,
}

impl Obstacle {
    pub const ALL: [Obstacle; 5] = [
        Obstacle::NoBankAccount,
        Obstacle::AccountRefused,
        Obstacle::BooksUnequal,
        Obstacle::BelowZero,
        Obstacle::ReportDiffers,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Obstacle::NoBankAccount => "no_bank_account",
            Obstacle::AccountRefused => "account_refused",
            Obstacle::BooksUnequal => "books_unequal",
            Obstacle::BelowZero => "below_zero",
            Obstacle::ReportDiffers => "report_differs",
        }
    }

    pub fn parse(code: &str) -> Option<Obstacle> {
        Obstacle::ALL.into_iter().find(|obstacle| obstacle.code() == code)
    }
}

/// A payout as a decision needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payout {
    pub state: PayoutState,
    pub amount_minor: i64,
    /// 1 for the first try of a sum.
    pub attempt: i64,
}

/// What stands about the shop at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub available_minor: i64,
    pub obstacles: Vec<Obstacle>,
}

/// What the bank says about a payout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum BankAnswer {
    Paid,
    Failed { reason: FailureReason },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayoutCommand {
    /// The time to send has come, or the time in which the bank had to answer is over.
    PassDeadline(Standing),
    TakeAnswer(BankAnswer),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayoutEvent {
    Sent {
        answer_by: Timestamp,
    },
    /// Not sent, with the reasons; looked at again at `send_at`.
    Stopped {
        obstacles: Vec<Obstacle>,
        send_at: Timestamp,
    },
    /// The bank is silent. The money is neither back nor there: a person asks.
    AnswerOverdue {
        answer_by: Timestamp,
    },
    Paid,
    Failed {
        reason: FailureReason,
        /// When the same sum is tried again, where that may help.
        again_at: Option<Timestamp>,
    },
}

impl PayoutEvent {
    pub const fn code(&self) -> &'static str {
        match self {
            PayoutEvent::Sent { .. } => "payout_sent",
            PayoutEvent::Stopped { .. } => "payout_stopped",
            PayoutEvent::AnswerOverdue { .. } => "payout_answer_overdue",
            PayoutEvent::Paid => "payout_paid",
            PayoutEvent::Failed { .. } => "payout_failed",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayoutRefusal {
    #[error("the payout is not due yet")]
    NotDueYet { due: Timestamp },
    /// The same answer again: nothing is left to do.
    #[error("this was already taken in")]
    AlreadyDone,
    #[error("the payout has ended as {0}")]
    Ended(&'static str),
    #[error("the payout was not sent yet")]
    NotSent,
}

/// An event and the transfers which it moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutDecision {
    pub event: PayoutEvent,
    pub transfers: Vec<Transfer>,
}

/// What a command does to a payout at this moment.
pub fn decide(
    payout: &Payout,
    command: &PayoutCommand,
    policy: &PayoutPolicy,
    now: Timestamp,
) -> Result<PayoutDecision, PayoutRefusal> {
    match (payout.state, command) {
        (PayoutState::Scheduled { send_at }, PayoutCommand::PassDeadline(standing)) => {
            due(send_at, now)?;
            Ok(send_or_say_why(payout, standing, policy, now))
        }
        (PayoutState::Sent { answer_by }, PayoutCommand::PassDeadline(_)) => {
            due(answer_by, now)?;
            let answer_by = now + Span::from_hours(policy.answer_hours);
            Ok(only(PayoutEvent::AnswerOverdue { answer_by }))
        }
        (PayoutState::Sent { .. }, PayoutCommand::TakeAnswer(BankAnswer::Paid)) => {
            Ok(PayoutDecision {
                event: PayoutEvent::Paid,
                transfers: vec![transfer(
                    TransferCode::PayoutConfirmed,
                    Account::PayoutTransit,
                    Account::ProviderClearing,
                    payout.amount_minor,
                )],
            })
        }
        (PayoutState::Sent { .. }, PayoutCommand::TakeAnswer(BankAnswer::Failed { reason })) => {
            let again = reason.may_be_retried() && payout.attempt < policy.attempts_count;
            let again_at = again.then(|| now + Span::from_hours(policy.retry_hours));
            Ok(PayoutDecision {
                event: PayoutEvent::Failed { reason: *reason, again_at },
                transfers: vec![transfer(
                    TransferCode::PayoutFailed,
                    Account::PayoutTransit,
                    Account::Available,
                    payout.amount_minor,
                )],
            })
        }
        (PayoutState::Scheduled { .. }, PayoutCommand::TakeAnswer(_)) => {
            Err(PayoutRefusal::NotSent)
        }
        (PayoutState::Paid, PayoutCommand::TakeAnswer(BankAnswer::Paid)) => {
            Err(PayoutRefusal::AlreadyDone)
        }
        (
            PayoutState::Failed { reason },
            PayoutCommand::TakeAnswer(BankAnswer::Failed { reason: told }),
        ) if reason == *told => Err(PayoutRefusal::AlreadyDone),
        (PayoutState::Paid, PayoutCommand::PassDeadline(_))
        | (PayoutState::Paid, PayoutCommand::TakeAnswer(BankAnswer::Failed { .. }))
        | (PayoutState::Failed { .. }, PayoutCommand::PassDeadline(_))
        | (PayoutState::Failed { .. }, PayoutCommand::TakeAnswer(_)) => {
            Err(PayoutRefusal::Ended(payout.state.code()))
        }
    }
}

fn send_or_say_why(
    payout: &Payout,
    standing: &Standing,
    policy: &PayoutPolicy,
    now: Timestamp,
) -> PayoutDecision {
    if !standing.obstacles.is_empty() {
        let send_at = now + Span::from_hours(policy.look_again_hours);
        return only(PayoutEvent::Stopped { obstacles: standing.obstacles.clone(), send_at });
    }
    if standing.available_minor < payout.amount_minor {
        let reason = FailureReason::BalanceTooLow;
        return only(PayoutEvent::Failed { reason, again_at: None });
    }
    PayoutDecision {
        event: PayoutEvent::Sent { answer_by: now + Span::from_hours(policy.answer_hours) },
        transfers: vec![transfer(
            TransferCode::PayoutSent,
            Account::Available,
            Account::PayoutTransit,
            payout.amount_minor,
        )],
    }
}

const fn only(event: PayoutEvent) -> PayoutDecision {
    PayoutDecision { event, transfers: Vec::new() }
}

fn due(at: Timestamp, now: Timestamp) -> Result<(), PayoutRefusal> {
    if at <= now { Ok(()) } else { Err(PayoutRefusal::NotDueYet { due: at }) }
}

/// The state after an event.
pub fn apply(event: &PayoutEvent) -> PayoutState {
    match event {
        PayoutEvent::Sent { answer_by } | PayoutEvent::AnswerOverdue { answer_by } => {
            PayoutState::Sent { answer_by: *answer_by }
        }
        PayoutEvent::Stopped { send_at, .. } => PayoutState::Scheduled { send_at: *send_at },
        PayoutEvent::Paid => PayoutState::Paid,
        PayoutEvent::Failed { reason, .. } => PayoutState::Failed { reason: *reason },
    }
}

/// Whether a tier's payouts are planned on the day which begins at `day`. With 7 it is each Monday, with 1 each day.
pub fn is_payout_day(day: Timestamp, every_days: i64) -> bool {
    // 1970-01-05 was a Monday.
    (day.ms().div_euclid(DAY_MS) - 4).rem_euclid(every_days.max(1)) == 0
}

/// The first day, from the one which begins at `day` on, on which payouts are planned.
pub fn next_payout_day(day: Timestamp, every_days: i64) -> Timestamp {
    let mut next = day;
    while !is_payout_day(next, every_days) {
        next = next + Span::from_days(1);
    }
    next
}

const DAY_MS: i64 = 86_400_000;

/// When the day in which a moment lies began, UTC.
pub const fn day_of(at: Timestamp) -> Timestamp {
    Timestamp::from_ms(at.ms().div_euclid(DAY_MS) * DAY_MS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policies;

    const NOW: Timestamp = Timestamp::from_ms(1_780_300_800_000);

    fn policy() -> PayoutPolicy {
        let us = crate::policy::MarketCode::parse("US").unwrap();
        Policies::shipped().settlement(us).payout.clone()
    }

    fn sound(available_minor: i64) -> PayoutCommand {
        let obstacles = Vec::new();
        PayoutCommand::PassDeadline(Standing { available_minor, obstacles })
    }

    fn payout(state: PayoutState, attempt: i64) -> Payout {
        Payout { state, amount_minor: 500, attempt }
    }

    #[test]
    fn what_is_sent_stands_between_shop_and_bank() {
        let scheduled = payout(PayoutState::Scheduled { send_at: NOW }, 1);
        let sent = decide(&scheduled, &sound(500), &policy(), NOW).unwrap();
        let moved = &sent.transfers[0];
        assert_eq!((moved.debit, moved.credit), (Account::Available, Account::PayoutTransit));
        assert!(matches!(apply(&sent.event), PayoutState::Sent { .. }));
        let early = decide(&scheduled, &sound(500), &policy(), NOW - Span::from_ms(1));
        assert_eq!(early, Err(PayoutRefusal::NotDueYet { due: NOW }));
    }

    #[test]
    fn a_payout_is_refused_and_never_shortened() {
        let scheduled = payout(PayoutState::Scheduled { send_at: NOW }, 1);
        let short = decide(&scheduled, &sound(499), &policy(), NOW).unwrap();
        let too_low = FailureReason::BalanceTooLow;
        assert_eq!(short.event, PayoutEvent::Failed { reason: too_low, again_at: None });
        assert_eq!(short.transfers, []);
        let obstacles = vec![Obstacle::ReportDiffers, Obstacle::BelowZero];
        let standing = Standing { available_minor: 9_999, obstacles };
        let command = PayoutCommand::PassDeadline(standing.clone());
        let stopped = decide(&scheduled, &command, &policy(), NOW).unwrap();
        assert_eq!(stopped.transfers, []);
        let PayoutEvent::Stopped { obstacles, send_at } = stopped.event else { panic!() };
        assert_eq!(obstacles, standing.obstacles, "every reason is told");
        assert!(send_at > NOW);
    }

    #[test]
    fn a_silent_bank_neither_pays_nor_gives_back() {
        let sent = payout(PayoutState::Sent { answer_by: NOW }, 1);
        let overdue = decide(&sent, &sound(0), &policy(), NOW).unwrap();
        assert!(matches!(overdue.event, PayoutEvent::AnswerOverdue { .. }));
        assert_eq!(overdue.transfers, []);
    }

    #[test]
    fn what_failed_comes_back_and_is_tried_again_only_where_that_helps() {
        let tell = |reason, attempt| {
            let sent = payout(PayoutState::Sent { answer_by: NOW }, attempt);
            let answer = PayoutCommand::TakeAnswer(BankAnswer::Failed { reason });
            decide(&sent, &answer, &policy(), NOW).unwrap()
        };
        for reason in FailureReason::OF_BANK {
            let decision = tell(reason, 1);
            let back = &decision.transfers[0];
            assert_eq!((back.debit, back.credit), (Account::PayoutTransit, Account::Available));
            let PayoutEvent::Failed { again_at, .. } = decision.event else { panic!() };
            assert_eq!(again_at.is_some(), reason == FailureReason::BankUnavailable, "{reason:?}");
        }
        let last = tell(FailureReason::BankUnavailable, policy().attempts_count);
        let PayoutEvent::Failed { again_at, .. } = last.event else { panic!() };
        assert_eq!(again_at, None, "the tries are counted");
    }

    #[test]
    fn the_same_answer_again_changes_nothing_and_another_one_is_refused() {
        let paid = payout(PayoutState::Paid, 1);
        let say = |payout: &Payout, answer| {
            decide(payout, &PayoutCommand::TakeAnswer(answer), &policy(), NOW).unwrap_err()
        };
        assert_eq!(say(&paid, BankAnswer::Paid), PayoutRefusal::AlreadyDone);
        let closed = BankAnswer::Failed { reason: FailureReason::AccountClosed };
        assert_eq!(say(&paid, closed), PayoutRefusal::Ended("paid"));
        let scheduled = payout(PayoutState::Scheduled { send_at: NOW }, 1);
        assert_eq!(say(&scheduled, BankAnswer::Paid), PayoutRefusal::NotSent);
    }

    #[test]
    fn a_week_begins_on_monday() {
        // NOW is 2026-06-01, a Monday.
        let monday = day_of(NOW);
        assert!(is_payout_day(monday, 7) && is_payout_day(monday, 1));
        let tuesday = monday + Span::from_days(1);
        assert!(!is_payout_day(tuesday, 7));
        assert_eq!(next_payout_day(tuesday, 7), monday + Span::from_days(7));
        assert_eq!(next_payout_day(tuesday, 1), tuesday);
    }

    #[test]
    fn states_read_back_as_they_are_written() {
        let states = [
            PayoutState::Scheduled { send_at: NOW },
            PayoutState::Sent { answer_by: NOW },
            PayoutState::Paid,
            PayoutState::Failed { reason: FailureReason::WrongDetails },
        ];
        for state in states {
            assert_eq!(
                PayoutState::read(state.code(), state.due_at(), "wrong_details"),
                Some(state)
            );
        }
        assert_eq!(PayoutState::read("sent", None, ""), None);
    }
}
