//! Paying a checkout: the buyer's try, the provider's notices, and money which comes too late.
//!
//! A notice, a query and the buyer's browser may race; notices may come twice, late or never. All of them end in
//! [`take_in`], which decides by the payment's own state; whoever comes second changes nothing. The sandbox's provider
//! lives inside the transaction; the others are asked outside of it, as attempts (`attempts`).

pub mod attempts;
pub mod notices;
pub mod refunds;

use gateways::NextStep;
use rules::ids::{PaymentId, PersonId};
use rules::ledger::{Account, TransferCode, transfer};
use rules::money::Money;
use rules::orders::{Order, OrderCommand, OrderState};
use rules::payments::{PaymentCommand, PaymentEvent, PaymentRefusal, PaymentState, decide};
use rules::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::events::EventRow;
use store::ledger::Occasion;
use store::orders::OrderForDecision;
use store::payments::{OrderRef, Payment};
use store::{Tx, events, ledger, orders, payments};

use crate::failure::{Failure, Refusal};
use crate::id_maker::IdRun;
use crate::market::{Actor, Market, Mode};
use crate::orders::{IDS_A_COMMAND, Setting, ask_for_refund, carry_out};
use crate::requests::{self, Answered, RequestKey};
use crate::sandbox_provider::{self, Instrument};

/// What the buyer is told about a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentAnswer {
    pub id: PaymentId,
    /// `requested`, `captured`, `expired` or `returned_late`.
    pub state: String,
    pub amount: Money,
    /// Why the last try was declined; empty where none was.
    pub failure: String,
    /// Whether the provider still has to answer.
    pub waiting: bool,
    pub pay_by: Option<Timestamp>,
    pub orders: Vec<OrderRef>,
    /// Who was asked last, or took the money: `sandbox`, `stripe`, `alipay`, `wechat_pay`.
    #[serde(default)]
    pub provider: String,
    /// What the buyer has to do at the provider; null where nothing.
    #[serde(default)]
    pub next_step: Option<NextStep>,
}

impl PaymentAnswer {
    pub fn of(payment: &Payment, waiting: bool) -> Self {
        Self {
            id: payment.id,
            state: payment.state.code().to_owned(),
            amount: payment.amount,
            failure: payment.failure.clone(),
            waiting,
            pay_by: payment.state.due_at(),
            orders: payment.orders.clone(),
            provider: payment.provider.clone(),
            next_step: None,
        }
    }
}

/// A buyer's try to pay.
#[derive(Clone, Debug)]
pub struct Pay {
    pub buyer: PersonId,
    pub payment: PaymentId,
    /// The sandbox provider's test instrument.
    pub instrument: Instrument,
    pub request: Option<RequestKey>,
}

/// What a provider says about a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    Captured {
        amount: Money,
        /// The orders which the provider was asked for, as it gives them back; empty where it gives nothing back.
        #[serde(default)]
        orders: Vec<OrderRef>,
    },
    Declined {
        reason: String,
    },
}

/// Asks the provider and takes its answer in. With an instrument which answers later the payment stays requested.
pub async fn pay(market: &Market, ask: Pay) -> Result<Answered<PaymentAnswer>, Failure> {
    if market.mode != Mode::Sandbox {
        return Err(no_provider());
    }
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND * 50));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            if let Some(answered) = requests::kept(tx, ask.request.as_ref()).await? {
                return Ok(answered);
            }
            let mut ids = block.start();
            let mut payment =
                payments::load(tx, ask.buyer, ask.payment).await?.ok_or(Failure::NotFound)?;
            payable(&payment)?;
            let reply = sandbox_provider::ask(tx, &mut ids, &payment, ask.instrument, now).await?;
            ask.instrument.code().clone_into(&mut payment.method);
            let after = match &reply {
                Some(outcome) => take_in(tx, &here, &mut ids, &payment, outcome, now).await?,
                None => {
                    payments::choose_method(tx, &payment, &payment.method).await?;
                    payment
                }
            };
            let answer = PaymentAnswer::of(&after, reply.is_none());
            requests::keep(tx, ask.request.as_ref(), &answer, now).await?;
            Ok(Answered::new(answer))
        })
        .await
}

/// The way to pay which was asked for is not one of this market.
fn no_provider() -> Failure {
    Failure::refused("no_provider", "this market has no such payment provider set up")
}

fn payable(payment: &Payment) -> Result<(), Failure> {
    let refusal = match payment.state {
        PaymentState::Requested { .. } => return Ok(()),
        PaymentState::Captured => Refusal::new("already_paid", "this checkout is paid already"),
        PaymentState::Expired => {
            Refusal::new("payment_expired", "the time to pay is over; nothing was charged")
        }
        PaymentState::ReturnedLate => Refusal::new(
            "payment_expired",
            "the time to pay was over; the money is on its way back",
        ),
    };
    Err(refusal.fact("payment", payment.id).into())
}

/// A provider's notice. The same news again, however late, answers what is already true.
pub async fn take_notice(
    market: &Market,
    buyer: PersonId,
    payment: PaymentId,
    outcome: Outcome,
) -> Result<PaymentAnswer, Failure> {
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND * 50));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            let loaded = payments::load(tx, buyer, payment).await?.ok_or(Failure::NotFound)?;
            let after = take_in(tx, &here, &mut block.start(), &loaded, &outcome, now).await?;
            Ok(PaymentAnswer::of(&after, false))
        })
        .await
}

/// The time to pay is over: the payment ends, its unpaid orders are cancelled and their stock is free again.
pub async fn pass_deadline(
    market: &Market,
    buyer: PersonId,
    payment: PaymentId,
) -> Result<(), Failure> {
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND * 50));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            let mut ids = block.start();
            let loaded = payments::load(tx, buyer, payment).await?.ok_or(Failure::NotFound)?;
            let decided = decide(loaded.state, PaymentCommand::PassDeadline, now);
            let (_, state) = decided.map_err(refused)?;
            // First the payment: cancelling the orders would otherwise take them off it one by one.
            let ended = Payment { state, failure: String::new(), ..loaded.clone() };
            payments::record(tx, &loaded, &ended).await?;
            for order in open_orders(tx, &loaded).await? {
                let setting = Setting::of(&here, &order, Actor::Clock, now);
                carry_out(tx, &setting, &mut ids, &order, OrderCommand::PassDeadline).await?;
            }
            Ok(())
        })
        .await
}

fn refused(refusal: PaymentRefusal) -> Failure {
    match refusal {
        PaymentRefusal::NotDueYet { due } => {
            Refusal::new("not_due_yet", refusal.to_string()).fact("due", due).into()
        }
        PaymentRefusal::AlreadyDone | PaymentRefusal::Ended => {
            Failure::refused("payment_ended", refusal.to_string())
        }
    }
}

/// The orders for which a provider is asked now.
pub(crate) async fn asked_for(tx: &mut Tx, payment: &Payment) -> Result<Vec<OrderRef>, Failure> {
    let open = open_orders(tx, payment).await?;
    Ok(open
        .iter()
        .map(|loaded| OrderRef { shop: loaded.order.shop, order: loaded.order.id })
        .collect())
}

/// The orders of a payment which are still unpaid.
async fn open_orders(tx: &mut Tx, payment: &Payment) -> Result<Vec<OrderForDecision>, Failure> {
    let mut open = Vec::with_capacity(payment.orders.len());
    for reference in &payment.orders {
        let order =
            orders::load(tx, reference.shop, reference.order).await?.ok_or(Failure::NotFound)?;
        if matches!(order.order.state, OrderState::Unpaid { .. }) {
            open.push(order);
        }
    }
    Ok(open)
}

/// Decides what news of the provider means, and records it with all that follows for the orders.
async fn take_in(
    tx: &mut Tx,
    market: &Market,
    ids: &mut IdRun,
    payment: &Payment,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<Payment, Failure> {
    let command = match outcome {
        Outcome::Captured { .. } => PaymentCommand::Capture,
        Outcome::Declined { .. } => PaymentCommand::Decline,
    };
    let (event, state) = match decide(payment.state, command, now) {
        Ok(decided) => decided,
        // Told twice: nothing is left to do, and the teller hears that all is well.
        Err(PaymentRefusal::AlreadyDone | PaymentRefusal::Ended) => return Ok(payment.clone()),
        Err(refusal @ PaymentRefusal::NotDueYet { .. }) => return Err(refused(refusal)),
    };
    let (failure, captured_at) = match (event, outcome) {
        (PaymentEvent::Declined, Outcome::Declined { reason }) => (reason.as_str(), None),
        (PaymentEvent::Captured | PaymentEvent::CameLate, _) => ("", Some(now)),
        (PaymentEvent::Declined | PaymentEvent::Expired, _) => ("", None),
    };
    let changed = Payment { state, failure: failure.to_owned(), captured_at, ..payment.clone() };
    payments::record(tx, payment, &changed).await?;
    match event {
        PaymentEvent::Captured | PaymentEvent::CameLate => {
            take_money(tx, market, ids, payment, outcome, now).await?;
        }
        PaymentEvent::Declined | PaymentEvent::Expired => {}
    }
    Ok(changed)
}

/// Money has arrived: open orders are paid by it, and what was meant for orders which have ended goes back.
async fn take_money(
    tx: &mut Tx,
    market: &Market,
    ids: &mut IdRun,
    payment: &Payment,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<(), Failure> {
    let Outcome::Captured { amount, orders: asked_for } = outcome else { return Ok(()) };
    if amount.currency != payment.amount.currency {
        return Err(Failure::refused(
            "other_currency",
            "the provider names another currency than the payment",
        ));
    }
    if let Some(extra) = payment.extra {
        if *amount != payment.amount {
            let says = "the provider's amount is not what the payment asked for";
            let refusal = Refusal::new("wrong_amount", says);
            return Err(refusal.fact("asked", payment.amount).fact("came", amount).into());
        }
        return crate::shortages::extra_paid(tx, market, ids, payment, extra, now).await;
    }
    let mut left = amount.minor;
    let mut ended = Vec::new();
    for reference in &payment.orders {
        let order =
            orders::load(tx, reference.shop, reference.order).await?.ok_or(Failure::NotFound)?;
        if !matches!(order.order.state, OrderState::Unpaid { .. }) {
            // What had been taken off before the provider was asked must not be given another one's money.
            if asked_for.is_empty() || asked_for.contains(reference) {
                ended.push(order);
            }
            continue;
        }
        left -= order.order.amounts.total_minor;
        let setting = Setting::of(market, &order, Actor::Provider, now);
        carry_out(tx, &setting, ids, &order, OrderCommand::Pay).await?;
    }
    for (_, order) in last_ended_first(tx, ended).await? {
        let due = order.order.amounts.total_minor;
        if due > left {
            break;
        }
        if due > 0 {
            left -= due;
            return_late(tx, market, ids, &order, now).await?;
        }
    }
    if left != 0 {
        let says = "the provider's amount is not what the payment asked for";
        let refusal = Refusal::new("wrong_amount", says);
        return Err(refusal.fact("asked", payment.amount).fact("came", amount).into());
    }
    Ok(())
}

/// A provider which does not say for which orders it was asked was asked at one moment: for those which had not ended by
/// then, so the last ended ones come first.
async fn last_ended_first(
    tx: &mut Tx,
    ended: Vec<OrderForDecision>,
) -> Result<Vec<(Option<Timestamp>, OrderForDecision)>, Failure> {
    let mut dated = Vec::with_capacity(ended.len());
    for order in ended {
        let row =
            orders::show(tx, order.order.shop, order.order.id).await?.ok_or(Failure::NotFound)?;
        dated.push((row.cancelled_at, order));
    }
    dated.sort_by_key(|(cancelled_at, order)| std::cmp::Reverse((*cancelled_at, order.order.id)));
    Ok(dated)
}

/// Money for an order which has ended without being paid: taken in, and sent back whole.
async fn return_late(
    tx: &mut Tx,
    market: &Market,
    ids: &mut IdRun,
    order: &OrderForDecision,
    now: Timestamp,
) -> Result<(), Failure> {
    let amount = Money::new(order.order.amounts.total_minor, order.order.amounts.currency);
    let occasion = Occasion {
        home_id: order.order.shop.number(),
        currency: amount.currency,
        subject: "order",
        subject_id: order.order.id.number(),
        // An ended order's version moves no further by itself: this occasion is the one after its end.
        step: order.order.version + 1,
        now,
    };
    let back = transfer(
        TransferCode::LatePaymentReturned,
        Account::ProviderClearing,
        Account::RefundTransit,
        amount.minor,
    );
    ledger::post(tx, &occasion, &[back], &[ids.take()]).await?;
    let setting = Setting::of(market, order, Actor::Provider, now);
    ask_for_refund(tx, &setting, ids, &order.order, amount, "paid_too_late").await?;
    let event = EventRow {
        id: ids.take(),
        home_id: order.order.shop.number(),
        subject: "order",
        subject_id: order.order.id.number(),
        kind: "paid_too_late",
        actor: Actor::Provider.code(),
        body: json!({ "refund": amount }).to_string(),
        relay: true,
        created_at: now,
    };
    Ok(events::insert(tx, &[event]).await?)
}

/// Takes a cancelled, unpaid order off its payment; the last one ends the payment.
pub(crate) async fn take_order_off(
    tx: &mut Tx,
    order: &Order,
    _now: Timestamp,
) -> Result<(), Failure> {
    let Some(payment) = payments::load(tx, order.buyer, order.payment).await? else {
        return Err(Failure::Broken(format!("order {} has no payment", order.id)));
    };
    let PaymentState::Requested { .. } = payment.state else { return Ok(()) };
    let rest = payment.amount.minor - order.amounts.total_minor;
    let open = open_orders(tx, &payment).await?.len();
    let state = if open == 0 { PaymentState::Expired } else { payment.state };
    Ok(payments::shrink(tx, &payment, rest, state).await?)
}

/// The buyer's payment, as it stands.
pub async fn show_payment(
    market: &Market,
    buyer: PersonId,
    id: PaymentId,
) -> Result<PaymentAnswer, Failure> {
    let read = async move |tx: &mut Tx| -> Result<_, Failure> {
        let payment = payments::load(tx, buyer, id).await?.ok_or(Failure::NotFound)?;
        let open = match payment.state {
            PaymentState::Requested { .. } => attempts::open_attempt(tx, &payment).await?,
            PaymentState::Captured | PaymentState::Expired | PaymentState::ReturnedLate => None,
        };
        Ok((payment, open))
    };
    let (payment, open) = market.store.read(read).await?;
    if let Some(attempt) = open {
        return attempts::answer(&payment, &attempt);
    }
    let waiting = matches!(payment.state, PaymentState::Requested { .. })
        && payment.method.ends_with("_slow");
    Ok(PaymentAnswer::of(&payment, waiting))
}
