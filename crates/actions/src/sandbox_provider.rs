//! The built-in payment provider of a sandbox: it behaves as badly as real ones do, on request.
//!
//! It plays an outside party. What it "sends" later are jobs which come back through `payments::take_notice`,
//! the same way in which a real provider's notices will come.

use rules::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use store::jobs::NewJob;
use store::payments::Payment;
use store::{Tx, jobs};

use crate::failure::Failure;
use crate::id_maker::IdRun;
use crate::payments::Outcome;

/// A test card. The name says how the provider will behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Instrument {
    /// Pays at once.
    CardOk,
    /// Says no; another try may follow.
    CardDeclined,
    /// Answers by a notice half a minute later.
    CardSlow,
    /// Pays at once, and its notice comes three times, the last one a day later.
    CardTwice,
    /// Pays only when the time to pay is over.
    CardLate,
}

impl Instrument {
    pub const ALL: [Instrument; 5] = [
        Instrument::CardOk,
        Instrument::CardDeclined,
        Instrument::CardSlow,
        Instrument::CardTwice,
        Instrument::CardLate,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Instrument::CardOk => "card_ok",
            Instrument::CardDeclined => "card_declined",
            Instrument::CardSlow => "card_slow",
            Instrument::CardTwice => "card_twice",
            Instrument::CardLate => "card_late",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

/// Asks for the payment's amount. `None` means that the answer comes later, by notice.
pub(crate) async fn ask(
    tx: &mut Tx,
    ids: &mut IdRun,
    payment: &Payment,
    instrument: Instrument,
    now: Timestamp,
) -> Result<Option<Outcome>, Failure> {
    if instrument == Instrument::CardOk {
        // Nothing can happen between the question and the answer, so it need not say what it was asked for.
        return Ok(Some(Outcome::Captured { amount: payment.amount, orders: Vec::new() }));
    }
    let orders = crate::payments::asked_for(tx, payment).await?;
    let captured = Outcome::Captured { amount: payment.amount, orders };
    match instrument {
        Instrument::CardOk => Ok(Some(captured)),
        Instrument::CardDeclined => {
            Ok(Some(Outcome::Declined { reason: "card_declined".to_owned() }))
        }
        Instrument::CardSlow => {
            notice(tx, ids, payment, &captured, Span::from_seconds(30), now).await?;
            Ok(None)
        }
        Instrument::CardTwice => {
            for after in [Span::from_ms(0), Span::from_seconds(5), Span::from_days(1)] {
                notice(tx, ids, payment, &captured, after, now).await?;
            }
            Ok(Some(captured))
        }
        Instrument::CardLate => {
            let pay_by = payment.state.due_at().unwrap_or(now);
            notice(tx, ids, payment, &captured, pay_by.since(now), now).await?;
            Ok(None)
        }
    }
}

async fn notice(
    tx: &mut Tx,
    ids: &mut IdRun,
    payment: &Payment,
    outcome: &Outcome,
    after: Span,
    now: Timestamp,
) -> Result<(), Failure> {
    // An hour past the moment for the late one: the sweep of deadlines must have come first.
    let late = if after > Span::from_minutes(1) { Span::from_hours(1) } else { Span::from_ms(0) };
    let job = NewJob {
        id: ids.take(),
        home_id: payment.buyer.number(),
        kind: "payment_notice",
        subject_id: payment.id.number(),
        body: serde_json::to_string(outcome).map_err(|error| Failure::Broken(error.to_string()))?,
        due_at: now + after + late,
    };
    Ok(jobs::insert(tx, &job, now).await?)
}

/// Reads the body of a notice job.
pub(crate) fn read_notice(body: &str) -> Result<Outcome, Failure> {
    serde_json::from_str(body).map_err(|error| Failure::Broken(error.to_string()))
}

/// How long the sandbox lets a refund take before it confirms it.
pub(crate) const REFUND_TAKES: Span = Span::from_hours(2);
