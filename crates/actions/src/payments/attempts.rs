//! Attempts to pay with a provider outside: recorded, asked, recorded again, and looked after until they are over.
//!
//! The provider is asked between two transactions, never inside one. If the program dies in between, the attempt's row is
//! there, its job asks the provider what became of it, and the buyer's next try asks with the same reference.

use gateways::{
    GatewayError, Opened, PaymentAsk, PaymentNews, PaymentRef, Provider, ProviderName, Providers,
};
use rules::ids::{Id, PaymentAttemptId, PaymentId, PersonId};
use rules::money::Money;
use rules::payments::PaymentState;
use rules::payments::attempts::{AttemptMeaning, AttemptNews, AttemptState, meaning};
use rules::payments::references::Reference;
use rules::time::{Span, Timestamp};
use serde_json::json;
use store::events::EventRow;
use store::jobs::{Job, NewJob};
use store::payment_attempts::PaymentAttempt;
use store::payments::Payment;
use store::{Tx, events, jobs, payment_attempts, payments};

use super::{Outcome, PaymentAnswer, asked_for, no_provider, payable, take_in};
use crate::failure::{Failure, Refusal};
use crate::id_maker::{IdBlock, IdRun};
use crate::jobs::Next;
use crate::market::{Actor, Market};
use crate::orders::IDS_A_COMMAND;
use crate::requests::{self, Answered, RequestKey};

/// After the time to pay, and this long, a provider which still knows nothing of an attempt will not hear of it any more:
/// the codes to scan have ended with the time to pay.
const GRACE: Span = Span::from_hours(1);
/// A provider which does not answer is asked for so long after the time to pay before the operator is told.
const PATIENCE: Span = Span::from_days(3);

/// A buyer wants to pay with a provider outside.
#[derive(Clone, Debug)]
pub struct AskProvider {
    pub buyer: PersonId,
    pub payment: PaymentId,
    pub provider: ProviderName,
    pub request: Option<RequestKey>,
}

/// What the first of the two transactions found.
enum Begun {
    /// The answer is known without the provider.
    Known(Answered<PaymentAnswer>),
    Ask(Box<PaymentAttempt>),
}

/// Opens a payment at the provider; the answer says what the buyer has to do there. Asked again for the same amount, it
/// answers the attempt which is open.
pub async fn ask_provider(
    market: &Market,
    ask: AskProvider,
) -> Result<Answered<PaymentAnswer>, Failure> {
    let providers = market.providers();
    let provider = providers.get(ask.provider).ok_or_else(no_provider)?;
    let attempt = match begin(market, &ask).await? {
        Begun::Known(answer) => return Ok(answer),
        Begun::Ask(attempt) => *attempt,
    };
    let wanted = PaymentAsk {
        reference: reference_of(&attempt).to_string(),
        amount: attempt.amount,
        description: format!("Guildhall {}", attempt.payment),
        return_to: providers.page(&format!("/payments/{}", attempt.payment)),
        notify_at: providers.notify_at(ask.provider),
        asked_at: attempt.created_at,
        pay_by: attempt.pay_by,
    };
    match provider.ask(&wanted, market.moment()).await {
        Ok(opened) => record_opened(market, &ask, attempt.id, opened).await,
        Err(error) => {
            // A refusal is final; without an answer the attempt stays, and its job finds out.
            if matches!(error, GatewayError::Refused { .. } | GatewayError::Amount(_)) {
                record_refused(market, &attempt, &error).await?;
            }
            tracing::warn!(attempt.id = %attempt.id, attempt.provider, %error, "a payment could not be opened");
            Err(failed_at(error))
        }
    }
}

/// The first transaction: the attempt's row and its job, before anybody outside is asked.
async fn begin(market: &Market, ask: &AskProvider) -> Result<Begun, Failure> {
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND * 50));
    let (here, ask) = (market.clone(), ask.clone());
    let write = async move |tx: &mut Tx| -> Result<Begun, Failure> {
        if let Some(answered) = requests::kept(tx, ask.request.as_ref()).await? {
            return Ok(Begun::Known(answered));
        }
        let mut ids = block.start();
        let payment = payments::load(tx, ask.buyer, ask.payment).await?.ok_or(Failure::NotFound)?;
        payable(&payment)?;
        if !ask.provider.takes(payment.amount.currency) {
            let says = "this payment provider does not take the payment's currency";
            let refusal = Refusal::new("provider_other_currency", says);
            return Err(refusal.fact("currency", payment.amount.currency).into());
        }
        if payment.amount.minor == 0 {
            // There is nothing to ask a provider for.
            let nothing = Outcome::Captured { amount: payment.amount, orders: Vec::new() };
            let after = take_in(tx, &here, &mut ids, &payment, &nothing, now).await?;
            return Ok(Begun::Known(Answered::new(PaymentAnswer::of(&after, false))));
        }
        if let Some(open) = open_attempt(tx, &payment).await?
            && open.provider == ask.provider.code()
        {
            if open.state == AttemptState::Asked {
                return Ok(Begun::Ask(Box::new(open)));
            }
            return Ok(Begun::Known(Answered::new(answer(&payment, &open)?)));
        }
        let mut attempt = new_attempt(&payment, ask.provider, &mut ids, now);
        attempt.orders = asked_for(tx, &payment).await?;
        payment_attempts::insert(tx, &attempt).await?;
        let due_at = now + next_look(Span::from_ms(0));
        jobs::insert(tx, &job_of(&attempt, "payment_attempt", &mut ids, due_at), now).await?;
        Ok(Begun::Ask(Box::new(attempt)))
    };
    market.store.write(write).await
}

fn new_attempt(
    payment: &Payment,
    provider: ProviderName,
    ids: &mut IdRun,
    now: Timestamp,
) -> PaymentAttempt {
    PaymentAttempt {
        id: ids.take(),
        buyer: payment.buyer,
        payment: payment.id,
        provider: provider.code().to_owned(),
        state: AttemptState::Asked,
        amount: payment.amount,
        captured_minor: 0,
        provider_ref: String::new(),
        orders: Vec::new(),
        next_step: String::new(),
        failure: String::new(),
        pay_by: payment.state.due_at().unwrap_or(now),
        version: 1,
        created_at: now,
    }
}

fn job_of(
    attempt: &PaymentAttempt,
    kind: &'static str,
    ids: &mut IdRun,
    due_at: Timestamp,
) -> NewJob {
    NewJob {
        id: ids.take(),
        home_id: attempt.buyer.number(),
        kind,
        subject_id: attempt.id.number(),
        body: "{}".to_owned(),
        due_at,
    }
}

/// The second transaction. A notice may have been quicker: then only the answer is left to give.
async fn record_opened(
    market: &Market,
    ask: &AskProvider,
    id: PaymentAttemptId,
    opened: Opened,
) -> Result<Answered<PaymentAnswer>, Failure> {
    let (now, ask) = (market.now(), ask.clone());
    let write = async move |tx: &mut Tx| -> Result<Answered<PaymentAnswer>, Failure> {
        let payment = payments::load(tx, ask.buyer, ask.payment).await?.ok_or(Failure::NotFound)?;
        let before = payment_attempts::load(tx, ask.buyer, id).await?.ok_or(Failure::NotFound)?;
        let mut after = before.clone();
        if before.state == AttemptState::Asked {
            after.state = AttemptState::Open;
            after.provider_ref.clone_from(&opened.provider_ref);
            after.next_step = serde_json::to_string(&opened.next)
                .map_err(|error| Failure::Broken(error.to_string()))?;
            payment_attempts::record(tx, &before, &after).await?;
        }
        let told = match after.state {
            AttemptState::Open => answer(&payment, &after)?,
            _ => PaymentAnswer::of(&payment, false),
        };
        requests::keep(tx, ask.request.as_ref(), &told, now).await?;
        Ok(Answered::new(told))
    };
    market.store.write(write).await
}

async fn record_refused(
    market: &Market,
    attempt: &PaymentAttempt,
    error: &GatewayError,
) -> Result<(), Failure> {
    let (buyer, id, failure) = (attempt.buyer, attempt.id, error.to_string());
    let write = async move |tx: &mut Tx| -> Result<(), Failure> {
        let before = payment_attempts::load(tx, buyer, id).await?.ok_or(Failure::NotFound)?;
        if before.state != AttemptState::Asked {
            return Ok(());
        }
        let after = PaymentAttempt {
            state: AttemptState::Closed,
            failure: failure.clone(),
            ..before.clone()
        };
        Ok(payment_attempts::record(tx, &before, &after).await?)
    };
    market.store.write(write).await
}

/// The latest attempt, when it asks for what the payment asks for and can still be paid.
pub(super) async fn open_attempt(
    tx: &mut Tx,
    payment: &Payment,
) -> Result<Option<PaymentAttempt>, Failure> {
    let all = payment_attempts::of_payment(tx, payment.buyer, payment.id).await?;
    let fits =
        |attempt: &PaymentAttempt| attempt.state.is_open() && attempt.amount == payment.amount;
    Ok(all.into_iter().next_back().filter(fits))
}

/// What the buyer is told while an attempt is open.
pub(super) fn answer(
    payment: &Payment,
    attempt: &PaymentAttempt,
) -> Result<PaymentAnswer, Failure> {
    let next_step = if attempt.next_step.is_empty() {
        None
    } else {
        let read = serde_json::from_str(&attempt.next_step);
        Some(read.map_err(|error| Failure::Broken(error.to_string()))?)
    };
    Ok(PaymentAnswer {
        provider: attempt.provider.clone(),
        // Without a step there is nothing to wait for: the provider has not taken it on, and the buyer tries again.
        waiting: next_step.is_some(),
        next_step,
        ..PaymentAnswer::of(payment, false)
    })
}

/// News of a provider about an attempt, from a notice, a query or an answer.
pub(crate) async fn take_attempt_news(
    market: &Market,
    (buyer, id): (PersonId, PaymentAttemptId),
    provider: &str,
    news: PaymentNews,
) -> Result<(), Failure> {
    let taken = take_news(market, (buyer, id), provider, news.clone()).await;
    match (taken, news) {
        // The money is there, and fits nothing it was asked for. It does not stay.
        (Err(Failure::Refused(refusal)), PaymentNews::Captured { amount, provider_ref })
            if matches!(refusal.code, "wrong_amount" | "other_currency") =>
        {
            tracing::error!(attempt.id = %id, ?amount, "a provider took another amount than it was asked for");
            return_whole(market, (buyer, id), amount, provider_ref).await
        }
        (taken, _) => taken,
    }
}

async fn take_news(
    market: &Market,
    (buyer, id): (PersonId, PaymentAttemptId),
    provider: &str,
    news: PaymentNews,
) -> Result<(), Failure> {
    let kind = match &news {
        PaymentNews::Captured { .. } => AttemptNews::Captured,
        PaymentNews::Declined { .. } => AttemptNews::Declined,
        PaymentNews::Closed => AttemptNews::Closed,
        PaymentNews::Waiting | PaymentNews::Unknown => return Ok(()),
    };
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND * 50));
    let (here, provider) = (market.clone(), provider.to_owned());
    let write = async move |tx: &mut Tx| -> Result<(), Failure> {
        let mut ids = block.start();
        let attempt = payment_attempts::load(tx, buyer, id).await?.ok_or(Failure::NotFound)?;
        // Another provider's word about it is worth nothing.
        if attempt.provider != provider {
            return Err(Failure::NotFound);
        }
        let payment = payments::load(tx, buyer, attempt.payment).await?.ok_or(Failure::NotFound)?;
        match (meaning(attempt.state, kind, payment.state), &news) {
            (AttemptMeaning::Pay, PaymentNews::Captured { amount, provider_ref }) => {
                let after = captured(&attempt, AttemptState::Captured, *amount, provider_ref);
                payment_attempts::record(tx, &attempt, &after).await?;
                let taken_by = Payment {
                    provider: attempt.provider.clone(),
                    method: attempt.provider.clone(),
                    ..payment
                };
                let orders = attempt.orders.clone();
                let outcome = Outcome::Captured { amount: *amount, orders };
                take_in(tx, &here, &mut ids, &taken_by, &outcome, now).await?;
            }
            (AttemptMeaning::ReturnAll, PaymentNews::Captured { amount, provider_ref }) => {
                let came = (*amount, provider_ref.as_str());
                send_back(tx, &mut ids, &attempt, came, "paid_twice", now).await?;
            }
            (AttemptMeaning::Decline, PaymentNews::Declined { reason }) => {
                if payment.failure != *reason {
                    let outcome = Outcome::Declined { reason: reason.clone() };
                    take_in(tx, &here, &mut ids, &payment, &outcome, now).await?;
                }
            }
            (AttemptMeaning::Close, _) => {
                let after = PaymentAttempt { state: AttemptState::Closed, ..attempt.clone() };
                payment_attempts::record(tx, &attempt, &after).await?;
            }
            (
                AttemptMeaning::Nothing
                | AttemptMeaning::Pay
                | AttemptMeaning::ReturnAll
                | AttemptMeaning::Decline,
                _,
            ) => {}
        }
        Ok(())
    };
    market.store.write(write).await
}

fn captured(
    attempt: &PaymentAttempt,
    state: AttemptState,
    amount: Money,
    provider_ref: &str,
) -> PaymentAttempt {
    PaymentAttempt {
        state,
        captured_minor: amount.minor,
        provider_ref: provider_ref.to_owned(),
        ..attempt.clone()
    }
}

/// The whole of an attempt goes back. No order was paid by it, so no ledger knows of it: what came in at the provider leaves
/// it again.
async fn send_back(
    tx: &mut Tx,
    ids: &mut IdRun,
    attempt: &PaymentAttempt,
    (amount, provider_ref): (Money, &str),
    why: &'static str,
    now: Timestamp,
) -> Result<(), Failure> {
    let after = captured(attempt, AttemptState::Returning, amount, provider_ref);
    payment_attempts::record(tx, attempt, &after).await?;
    jobs::insert(tx, &job_of(attempt, "return_attempt", ids, now), now).await?;
    let event = EventRow {
        id: ids.take(),
        home_id: attempt.buyer.number(),
        subject: "payment",
        subject_id: attempt.payment.number(),
        kind: why,
        actor: Actor::Provider.code(),
        body: json!({ "refund": amount, "provider": attempt.provider }).to_string(),
        relay: false,
        created_at: now,
    };
    Ok(events::insert(tx, &[event]).await?)
}

async fn return_whole(
    market: &Market,
    (buyer, id): (PersonId, PaymentAttemptId),
    amount: Money,
    provider_ref: String,
) -> Result<(), Failure> {
    let (now, block): (Timestamp, IdBlock) = (market.now(), market.ids.block(4));
    let write = async move |tx: &mut Tx| -> Result<(), Failure> {
        let attempt = payment_attempts::load(tx, buyer, id).await?.ok_or(Failure::NotFound)?;
        match attempt.state {
            AttemptState::Asked | AttemptState::Open | AttemptState::Closed => {
                let came = (amount, provider_ref.as_str());
                send_back(tx, &mut block.start(), &attempt, came, "paid_wrong_amount", now).await
            }
            AttemptState::Captured | AttemptState::Returning | AttemptState::Returned => Ok(()),
        }
    };
    market.store.write(write).await
}

/// Asks the provider about the attempt which is open: the buyer has come back from its page.
pub async fn look_after_payment(
    market: &Market,
    buyer: PersonId,
    payment: PaymentId,
) -> Result<(), Failure> {
    let read = async move |tx: &mut Tx| -> Result<Option<PaymentAttempt>, Failure> {
        let payment = payments::load(tx, buyer, payment).await?.ok_or(Failure::NotFound)?;
        match payment.state {
            PaymentState::Requested { .. } => open_attempt(tx, &payment).await,
            PaymentState::Captured | PaymentState::Expired | PaymentState::ReturnedLate => Ok(None),
        }
    };
    let Some(attempt) = market.store.read(read).await? else { return Ok(()) };
    let providers = market.providers();
    let provider = provider_of(&providers, &attempt)?;
    let news = provider.query(&ref_of(&attempt), market.moment()).await.map_err(failed_at)?;
    take_attempt_news(market, (buyer, attempt.id), &attempt.provider, news).await
}

/// The job `payment_attempt`: asks until the attempt is over, and ends what nobody needs any more.
pub(crate) async fn attempt_job(market: &Market, job: &Job) -> Result<Next, Failure> {
    let (buyer, id): (PersonId, PaymentAttemptId) = (Id::new(job.home_id), Id::new(job.subject_id));
    let (attempt, _) = load_with_need(market, buyer, id).await?;
    if !attempt.state.is_open() {
        return Ok(Next::Done);
    }
    let now = market.now();
    let later = Next::Later(now + next_look(now.since(attempt.created_at)));
    let providers = market.providers();
    let provider = provider_of(&providers, &attempt)?;
    let news = match ask_and_close(market, provider, &attempt).await {
        Ok(news) => news,
        Err(Failure::Refused(refusal))
            if refusal.code == "provider_unreachable" && now < attempt.pay_by + PATIENCE =>
        {
            tracing::warn!(attempt.id = %id, says = refusal.sentence, "asked again later");
            return Ok(later);
        }
        Err(failure) => return Err(failure),
    };
    if news == PaymentNews::Unknown && now >= attempt.pay_by + GRACE {
        take_attempt_news(market, (buyer, id), &attempt.provider, PaymentNews::Closed).await?;
        return Ok(Next::Done);
    }
    let (attempt, _) = load_with_need(market, buyer, id).await?;
    Ok(if attempt.state.is_open() { later } else { Next::Done })
}

/// What the provider says; when the attempt is not needed any more, what it says after it was told to end it.
async fn ask_and_close(
    market: &Market,
    provider: &Provider,
    attempt: &PaymentAttempt,
) -> Result<PaymentNews, Failure> {
    let (payment, whose) = (ref_of(attempt), (attempt.buyer, attempt.id));
    let mut news = provider.query(&payment, market.moment()).await.map_err(failed_at)?;
    take_attempt_news(market, whose, &attempt.provider, news.clone()).await?;
    let (now_is, needed) = load_with_need(market, attempt.buyer, attempt.id).await?;
    if now_is.state.is_open() && !needed {
        news = provider.close(&payment, market.moment()).await.map_err(failed_at)?;
        take_attempt_news(market, whose, &attempt.provider, news.clone()).await?;
    }
    Ok(news)
}

/// The attempt, and whether it is still the one by which the buyer would pay.
async fn load_with_need(
    market: &Market,
    buyer: PersonId,
    id: PaymentAttemptId,
) -> Result<(PaymentAttempt, bool), Failure> {
    let read = async move |tx: &mut Tx| -> Result<_, Failure> {
        let attempt = payment_attempts::load(tx, buyer, id).await?.ok_or(Failure::NotFound)?;
        let payment = payments::load(tx, buyer, attempt.payment).await?.ok_or(Failure::NotFound)?;
        let waits = matches!(payment.state, PaymentState::Requested { .. });
        let latest = open_attempt(tx, &payment).await?.is_some_and(|open| open.id == id);
        Ok((attempt, waits && latest))
    };
    market.store.read(read).await
}

/// Often at first, while the buyer stands at the till; then less and less.
fn next_look(age: Span) -> Span {
    Span::from_ms(age.ms() / 4).max(Span::from_seconds(15)).min(Span::from_minutes(10))
}

fn reference_of(attempt: &PaymentAttempt) -> Reference {
    Reference::Attempt { buyer: attempt.buyer, attempt: attempt.id }
}

fn ref_of(attempt: &PaymentAttempt) -> PaymentRef {
    PaymentRef {
        reference: reference_of(attempt).to_string(),
        provider_ref: attempt.provider_ref.clone(),
    }
}

/// The provider of an attempt, which may have been taken out of the settings since.
pub(super) fn provider_of<'a>(
    providers: &'a Providers,
    attempt: &PaymentAttempt,
) -> Result<&'a Provider, Failure> {
    let found = ProviderName::parse(&attempt.provider).and_then(|name| providers.get(name));
    found.ok_or_else(no_provider)
}

/// A call which failed, in words for the buyer (who chooses another way) and the operator.
pub(super) fn failed_at(error: GatewayError) -> Failure {
    match &error {
        GatewayError::Unreachable(_) => Failure::refused("provider_unreachable", error.to_string()),
        GatewayError::Refused { .. }
        | GatewayError::Amount(_)
        | GatewayError::Forged(_)
        | GatewayError::Unreadable(_) => Failure::refused("provider_refused", error.to_string()),
    }
}
