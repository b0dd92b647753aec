//! Refunds: the job which asks the provider to send money back, and what confirms that it did.
//!
//! A refund's id is its name at the provider, so asking again sends nothing more. The sandbox's provider confirms by itself;
//! the others by their answer, by a query or by a notice, whichever comes first.

use gateways::{GatewayError, PaymentRef, RefundAsk, RefundNews};
use rules::ids::{Id, PaymentAttemptId, PersonId, RefundId, ShopId};
use rules::ledger::{Account, TransferCode, transfer};
use rules::money::Money;
use rules::payments::attempts::AttemptState;
use rules::payments::references::Reference;
use rules::time::{Span, Timestamp};
use serde_json::json;
use store::events::EventRow;
use store::jobs::Job;
use store::ledger::Occasion;
use store::payment_attempts::PaymentAttempt;
use store::payments::Refund;
use store::{Tx, events, ledger, orders, payment_attempts, payments};

use super::attempts::{failed_at, provider_of};
use crate::failure::Failure;
use crate::jobs::Next;
use crate::market::{Actor, Market};
use crate::orders::IDS_A_COMMAND;
use crate::sandbox_provider;

/// The body of a refund job which has asked its provider.
const ASKED: &str = "{\"asked\":true}";

/// The job `refund`: an order's refund is asked for, or looked after.
pub(crate) async fn refund_job(market: &Market, job: &Job) -> Result<Next, Failure> {
    let (shop, id): (ShopId, RefundId) = (Id::new(job.home_id), Id::new(job.subject_id));
    let Some((refund, paid_by)) = refund_with_attempt(market, shop, id).await? else {
        return Ok(Next::Done);
    };
    let Some(attempt) = paid_by else {
        // The sandbox's provider: the first run asks it, a later one finds the answer.
        let answered_at = id.made_at() + sandbox_provider::REFUND_TAKES;
        if market.now() < answered_at {
            return Ok(Next::Later(answered_at));
        }
        confirm_refund(market, shop, id).await?;
        return Ok(Next::Done);
    };
    let reference = Reference::Refund { shop, refund: id };
    let ask = ask_of(market, &attempt, reference, refund.amount, &refund.reason)?;
    match send(market, &attempt, &ask, job).await? {
        Sent::Confirmed => {
            confirm_refund(market, shop, id).await?;
            Ok(Next::Done)
        }
        Sent::Later => Ok(look_again(market, refund.created_at)),
    }
}

/// The job `return_attempt`: all of an attempt which paid for nothing goes back.
pub(crate) async fn return_job(market: &Market, job: &Job) -> Result<Next, Failure> {
    let (buyer, id): (PersonId, PaymentAttemptId) = (Id::new(job.home_id), Id::new(job.subject_id));
    let read = async move |tx: &mut Tx| -> Result<PaymentAttempt, Failure> {
        payment_attempts::load(tx, buyer, id).await?.ok_or(Failure::NotFound)
    };
    let attempt = market.store.read(read).await?;
    if attempt.state != AttemptState::Returning {
        return Ok(Next::Done);
    }
    let all = Money::new(attempt.captured_minor, attempt.amount.currency);
    let reference = Reference::Return { buyer, attempt: id };
    let ask = ask_of(market, &attempt, reference, all, "paid_for_nothing")?;
    match send(market, &attempt, &ask, job).await? {
        Sent::Confirmed => {
            confirm_return(market, buyer, id).await?;
            Ok(Next::Done)
        }
        Sent::Later => Ok(look_again(market, job.id.made_at())),
    }
}

enum Sent {
    Confirmed,
    Later,
}

/// Asks once; afterwards looks, and asks anew only when the provider has never heard of it.
async fn send(
    market: &Market,
    attempt: &PaymentAttempt,
    ask: &RefundAsk,
    job: &Job,
) -> Result<Sent, Failure> {
    let providers = market.providers();
    let provider = provider_of(&providers, attempt)?;
    let mut news = RefundNews::Unknown;
    if job.body == ASKED || job.attempts > 0 {
        news = provider.query_refund(ask, market.moment()).await.map_err(failed_at)?;
    }
    if news == RefundNews::Unknown {
        news = provider.refund(ask, market.moment()).await.map_err(failed_at)?;
    }
    match news {
        RefundNews::Confirmed => Ok(Sent::Confirmed),
        RefundNews::Waiting | RefundNews::Unknown => Ok(Sent::Later),
        RefundNews::Failed { reason } => Err(failed_at(GatewayError::Refused {
            code: "refund_failed".to_owned(),
            message: reason,
        })),
    }
}

/// First after a minute, then less and less often, at most four times a day.
fn look_again(market: &Market, since: Timestamp) -> Next {
    let age = market.now().since(since);
    let wait = Span::from_ms(age.ms() / 2).max(Span::from_minutes(1)).min(Span::from_hours(6));
    Next::GoOn { body: ASKED.to_owned(), at: market.now() + wait }
}

fn ask_of(
    market: &Market,
    attempt: &PaymentAttempt,
    reference: Reference,
    amount: Money,
    reason: &str,
) -> Result<RefundAsk, Failure> {
    let providers = market.providers();
    let name = provider_of(&providers, attempt)?.name();
    let paid = Reference::Attempt { buyer: attempt.buyer, attempt: attempt.id };
    Ok(RefundAsk {
        reference: reference.to_string(),
        payment: PaymentRef {
            reference: paid.to_string(),
            provider_ref: attempt.provider_ref.clone(),
        },
        amount,
        captured: Money::new(attempt.captured_minor, attempt.amount.currency),
        reason: reason.to_owned(),
        notify_at: providers.notify_at(name),
    })
}

/// A refund which waits, with the attempt whose money it sends back; `None` when it is confirmed already.
async fn refund_with_attempt(
    market: &Market,
    shop: ShopId,
    id: RefundId,
) -> Result<Option<(Refund, Option<PaymentAttempt>)>, Failure> {
    let read = async move |tx: &mut Tx| -> Result<_, Failure> {
        let refund = payments::refund(tx, shop, id).await?.ok_or(Failure::NotFound)?;
        if refund.confirmed_at.is_some() {
            return Ok(None);
        }
        let paid_by = paid_by(tx, &refund).await?;
        Ok(Some((refund, paid_by)))
    };
    market.store.read(read).await
}

async fn paid_by(tx: &mut Tx, refund: &Refund) -> Result<Option<PaymentAttempt>, Failure> {
    let order = orders::load(tx, refund.shop, refund.order).await?.ok_or(Failure::NotFound)?;
    let all = payment_attempts::of_payment(tx, order.order.buyer, refund.payment).await?;
    Ok(all.into_iter().find(|attempt| attempt.state == AttemptState::Captured))
}

/// A provider's notice about an order's refund. A refund of another provider's payment is not its business.
pub(crate) async fn take_refund_news(
    market: &Market,
    provider: &'static str,
    (shop, id): (ShopId, RefundId),
    news: &RefundNews,
) -> Result<(), Failure> {
    let Some((_, paid_by)) = refund_with_attempt(market, shop, id).await? else { return Ok(()) };
    if paid_by.is_none_or(|attempt| attempt.provider != provider) {
        return Err(Failure::NotFound);
    }
    match news {
        RefundNews::Confirmed => confirm_refund(market, shop, id).await,
        // Its job asks, fails for the same reason, and shows it to the operator.
        RefundNews::Failed { reason } => {
            tracing::warn!(refund.id = %id, reason, "the provider says that a refund failed");
            Ok(())
        }
        RefundNews::Waiting | RefundNews::Unknown => Ok(()),
    }
}

/// A provider's notice about an attempt which goes back.
pub(crate) async fn take_return_news(
    market: &Market,
    provider: &'static str,
    (buyer, id): (PersonId, PaymentAttemptId),
    news: &RefundNews,
) -> Result<(), Failure> {
    let read = async move |tx: &mut Tx| -> Result<PaymentAttempt, Failure> {
        payment_attempts::load(tx, buyer, id).await?.ok_or(Failure::NotFound)
    };
    if market.store.read(read).await?.provider != provider {
        return Err(Failure::NotFound);
    }
    match news {
        RefundNews::Confirmed => confirm_return(market, buyer, id).await,
        RefundNews::Failed { .. } | RefundNews::Waiting | RefundNews::Unknown => Ok(()),
    }
}

async fn confirm_return(
    market: &Market,
    buyer: PersonId,
    id: PaymentAttemptId,
) -> Result<(), Failure> {
    let write = async move |tx: &mut Tx| -> Result<(), Failure> {
        let attempt = payment_attempts::load(tx, buyer, id).await?.ok_or(Failure::NotFound)?;
        if attempt.state != AttemptState::Returning {
            return Ok(());
        }
        let after = PaymentAttempt { state: AttemptState::Returned, ..attempt.clone() };
        Ok(payment_attempts::record(tx, &attempt, &after).await?)
    };
    market.store.write(write).await
}

/// The provider has sent a refund on its way: the money has left the house.
pub async fn confirm_refund(market: &Market, shop: ShopId, id: RefundId) -> Result<(), Failure> {
    let (now, block) = (market.now(), market.ids.block(4 + IDS_A_COMMAND));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            let mut ids = block.start();
            let refund = payments::refund(tx, shop, id).await?.ok_or(Failure::NotFound)?;
            if refund.confirmed_at.is_some() {
                return Ok(());
            }
            payments::confirm_refund(tx, &refund, now).await?;
            let occasion = Occasion {
                home_id: shop.number(),
                currency: refund.amount.currency,
                subject: "order",
                subject_id: refund.order.number(),
                // Refunds have ids of their own: as a step the id cannot meet an order's version.
                step: refund.id.number(),
                now,
            };
            let out = transfer(
                TransferCode::RefundConfirmed,
                Account::RefundTransit,
                Account::ProviderClearing,
                refund.amount.minor,
            );
            ledger::post(tx, &occasion, &[out], &[ids.take()]).await?;
            let event = EventRow {
                id: ids.take(),
                home_id: shop.number(),
                subject: "order",
                subject_id: refund.order.number(),
                kind: "refunded",
                actor: Actor::Provider.code(),
                body: json!({ "refund": refund.amount }).to_string(),
                relay: true,
                created_at: now,
            };
            events::insert(tx, &[event]).await?;
            let of = (shop, refund.order);
            crate::after_sales::refunds_confirmed(tx, &here, &mut ids, of, now).await
        })
        .await
}
