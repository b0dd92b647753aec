//! The built-in bank of a sandbox: it pays, delays, refuses and is silent, as the account's last four digits ask it to.
//!
//! It plays an outside party. Its answers are jobs which come back through `payouts::take_answer`, the way on which a
//! real bank's answers come.

use rules::settlement::payouts::{BankAnswer, FailureReason};
use rules::time::{Span, Timestamp};
use store::bank_accounts::BankAccount;
use store::jobs::NewJob;
use store::payouts::PayoutRow;
use store::{Tx, jobs};

use crate::failure::Failure;
use crate::id_maker::IdRun;

/// What the last four digits of an account do. Any other account is paid after [`USUAL`].
pub const ENDINGS: [(&str, &str); 6] = [
    ("0001", "the bank cannot be reached at the first try"),
    ("0002", "the account is closed"),
    ("0003", "paid after three days"),
    ("0004", "paid, and told three times"),
    ("0005", "the bank says nothing"),
    ("0006", "rejected by the bank"),
];

/// How long the bank takes: until the next morning.
const USUAL: Span = Span::from_hours(20);

/// More ids than one payout's answers take.
pub(crate) const IDS: i64 = 3;

/// Hands a payout to the bank. What it will say is decided here, and comes later.
pub(crate) async fn send(
    tx: &mut Tx,
    ids: &mut IdRun,
    payout: &PayoutRow,
    account: &BankAccount,
    now: Timestamp,
) -> Result<(), Failure> {
    let failed = |reason| BankAnswer::Failed { reason };
    let number = &account.account.number;
    let ending = number.get(number.len().saturating_sub(4)..).unwrap_or_default();
    let answers: Vec<(BankAnswer, Span)> = match ending {
        "0001" if payout.attempt == 1 => {
            vec![(failed(FailureReason::BankUnavailable), Span::from_hours(2))]
        }
        "0002" => vec![(failed(FailureReason::AccountClosed), USUAL)],
        "0003" => vec![(BankAnswer::Paid, Span::from_days(3))],
        "0004" => [20, 21, 44].map(|hours| (BankAnswer::Paid, Span::from_hours(hours))).to_vec(),
        "0005" => Vec::new(),
        "0006" => vec![(failed(FailureReason::RejectedByBank), USUAL)],
        _ => vec![(BankAnswer::Paid, USUAL)],
    };
    for (answer, after) in answers {
        let job = NewJob {
            id: ids.take(),
            home_id: payout.shop.number(),
            kind: "bank_answer",
            subject_id: payout.id.number(),
            body: serde_json::to_string(&answer)
                .map_err(|error| Failure::Broken(error.to_string()))?,
            due_at: now + after,
        };
        jobs::insert(tx, &job, now).await?;
    }
    Ok(())
}

/// Reads the body of an answer's job.
pub(crate) fn read_answer(body: &str) -> Result<BankAnswer, Failure> {
    serde_json::from_str(body).map_err(|error| Failure::Broken(error.to_string()))
}
