//! Runs one job. What a job does must be safe to do again: it may be stopped between its work and its "done".

use rules::ids::{JobId, PaymentId, PayoutId, PersonId, ShopId};
use rules::time::{Span, Timestamp};
use serde_json::json;
use store::events::EventRow;
use store::jobs::Job;
use store::{Tx, events, jobs};

use crate::failure::{Failure, Refusal};
use crate::market::{Actor, Market};
use crate::requests::{self, Answered, RequestKey};
use crate::{payments, payouts, pictures, sandbox_bank, sandbox_carrier, sandbox_provider};

/// After this many failed attempts a job is left to the operator.
const MOST_ATTEMPTS: i64 = 10;

/// Runs a claimed job and records how it ended. A failure waits, doubling from 30 seconds to about four hours.
pub async fn run(market: &Market, home_id: i64, id: JobId) -> Result<(), Failure> {
    let found = market
        .store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(jobs::load(tx, home_id, id).await?))
        .await?;
    let job = found.ok_or(Failure::NotFound)?;
    if job.due_at.is_none() {
        return Ok(());
    }
    let outcome = work(market, &job).await;
    let now = market.now();
    market
        .store
        .write(async move |tx: &mut Tx| match &outcome {
            Ok(Next::Done) => Ok::<_, Failure>(jobs::done(tx, &job).await?),
            Ok(Next::Later(at)) => Ok(jobs::go_on(tx, &job, &job.body, *at).await?),
            Ok(Next::GoOn { body, at }) => Ok(jobs::go_on(tx, &job, body, *at).await?),
            Err(failure) => {
                tracing::warn!(job.id = %job.id, job.kind = job.kind, %failure, "a job failed");
                let again = (job.attempts + 1 < MOST_ATTEMPTS).then(|| now + wait(job.attempts));
                Ok(jobs::failed(tx, &job, &failure.to_string(), again).await?)
            }
        })
        .await
}

/// An operator gives a job which gave up another round of attempts, the first at once.
pub async fn retry(
    market: &Market,
    by: PersonId,
    home_id: i64,
    id: JobId,
    request: Option<RequestKey>,
) -> Result<Answered<JobId>, Failure> {
    let (now, block) = (market.now(), market.ids.block(1));
    market
        .store
        .write(async move |tx: &mut Tx| {
            if let Some(answered) = requests::kept(tx, request.as_ref()).await? {
                return Ok(answered);
            }
            let job = jobs::load(tx, home_id, id).await?.ok_or(Failure::NotFound)?;
            if job.state != "failed" {
                let sentence = "this job has not given up; it runs again by itself";
                return Err(Refusal::new("job_not_given_up", sentence).fact("job", id).into());
            }
            jobs::try_anew(tx, &job, now).await?;
            let event = EventRow {
                id: block.start().take(),
                home_id,
                subject: "job",
                subject_id: id.number(),
                kind: "job_retried",
                actor: Actor::House(by).code(),
                body:
                    json!({ "kind": job.kind, "attempts": job.attempts, "error": job.last_error })
                        .to_string(),
                relay: false,
                created_at: now,
            };
            events::insert(tx, &[event]).await?;
            requests::keep(tx, request.as_ref(), &id, now).await?;
            Ok(Answered::new(id))
        })
        .await
}

fn wait(attempts: i64) -> Span {
    Span::from_seconds(30_i64 << attempts.clamp(0, 9))
}

/// What follows for a job whose run went well.
pub(crate) enum Next {
    Done,
    Later(Timestamp),
    /// The same job has a next step.
    GoOn {
        body: String,
        at: Timestamp,
    },
}

async fn work(market: &Market, job: &Job) -> Result<Next, Failure> {
    match job.kind.as_str() {
        "payment_notice" => {
            let outcome = sandbox_provider::read_notice(&job.body)?;
            let buyer = PersonId::new(job.home_id);
            payments::take_notice(market, buyer, PaymentId::new(job.subject_id), outcome).await?;
            Ok(Next::Done)
        }
        "payment_attempt" => payments::attempts::attempt_job(market, job).await,
        "refund" => payments::refunds::refund_job(market, job).await,
        "return_attempt" => payments::refunds::return_job(market, job).await,
        "bank_answer" => {
            let answer = sandbox_bank::read_answer(&job.body)?;
            let (shop, payout) = (ShopId::new(job.home_id), PayoutId::new(job.subject_id));
            payouts::take_answer(market, shop, payout, answer, Actor::Bank).await?;
            Ok(Next::Done)
        }
        "carrier_report" => carrier_report(market, job).await,
        "fetch_picture" => {
            pictures::fetch_pictures(market, &job.body).await?;
            Ok(Next::Done)
        }
        other => Err(Failure::Broken(format!("no job is called {other}"))),
    }
}

async fn carrier_report(market: &Market, job: &Job) -> Result<Next, Failure> {
    let broken = |error: serde_json::Error| Failure::Broken(error.to_string());
    let round: sandbox_carrier::Round = serde_json::from_str(&job.body).map_err(broken)?;
    let due_at = job.due_at.unwrap_or_else(|| market.now());
    let told = sandbox_carrier::tell(market, job.id.number(), &round, due_at).await?;
    let Some((next, after)) = told else { return Ok(Next::Done) };
    let body = serde_json::to_string(&next).map_err(broken)?;
    Ok(Next::GoOn { body, at: due_at + after })
}
