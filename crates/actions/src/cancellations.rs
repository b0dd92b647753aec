//! Cancelling after the free hour: the buyer asks, the shop answers, and its silence approves.

use rules::ids::{CancelRequestId, OrderId, PersonId, ShopId};
use rules::orders::cancellations::{
    RequestCommand, RequestRefusal, RequestState, decide, reason_for_buyers,
};
use rules::orders::{CancelReason, OrderCommand, OrderState};
use rules::policy::MarketCode;
use serde_json::json;
use store::cancellations::{self as rows, CancelRequest};
use store::orders::OrderForDecision;
use store::{Tx, events, orders};

use crate::failure::{Failure, Refusal};
use crate::id_maker::IdRun;
use crate::market::{Actor, Market};
use crate::orders::{IDS_A_COMMAND, Setting, carry_out, happened, shop_of};
use crate::requests::{self, Answered, RequestKey};

/// Characters of a buyer's note and of a shop's answer. [X] a few sentences.
pub(crate) const LONGEST_WORDS: usize = 1_000;

/// A buyer's wish to be rid of an order.
#[derive(Clone, Debug)]
pub struct AskToCancel {
    pub buyer: PersonId,
    pub order: OrderId,
    pub reason: CancelReason,
    /// The buyer's own words; may be empty.
    pub note: String,
    pub request: Option<RequestKey>,
}

/// A shop's answer to a request.
#[derive(Clone, Debug)]
pub struct AnswerRequest {
    pub shop: ShopId,
    pub id: CancelRequestId,
    pub actor: Actor,
    pub request: Option<RequestKey>,
}

/// Asks the shop. Refused in the free hour, in which nobody need be asked, and once the goods are on their way.
pub async fn ask_to_cancel(
    market: &Market,
    ask: AskToCancel,
) -> Result<Answered<CancelRequestId>, Failure> {
    let reason = reason_for_buyers(ask.reason).map_err(refused)?;
    let note = words("note", &ask.note, 0)?;
    let shop = shop_of(market, ask.buyer, ask.order).await?;
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            if let Some(answered) = requests::kept(tx, ask.request.as_ref()).await? {
                return Ok(answered);
            }
            let mut ids = block.start();
            let loaded = orders::load(tx, shop, ask.order).await?.ok_or(Failure::NotFound)?;
            let actor = Actor::Buyer(ask.buyer);
            let setting = Setting::of(&here, &loaded, actor, now);
            may_be_asked(&loaded)?;
            let asked = rows::of_order(tx, shop, ask.order).await?;
            if asked.iter().any(|request| request.state.due_at().is_some()) {
                let says = "you have asked already; the shop has not answered yet";
                return Err(Refusal::new("already_asked", says).fact("order", ask.order).into());
            }
            let within = setting.policies.orders(market_of(&loaded)?).cancel_answered_within();
            let row = CancelRequest {
                id: ids.take(),
                shop,
                order: ask.order,
                buyer: ask.buyer,
                reason,
                note: note.clone(),
                state: RequestState::Asked { answer_by: now + within },
                answer: String::new(),
                answered_by: String::new(),
                answered_at: None,
                version: 1,
                created_at: now,
            };
            rows::insert(tx, &row).await?;
            let body = json!({ "reason": reason, "until": now + within });
            let event = happened(&mut ids, &loaded.order, "cancel_asked", actor, body, now);
            events::insert(tx, &[event]).await?;
            requests::keep(tx, ask.request.as_ref(), &row.id, now).await?;
            Ok(Answered::new(row.id))
        })
        .await
}

fn may_be_asked(loaded: &OrderForDecision) -> Result<(), Failure> {
    let state = loaded.order.state;
    match state {
        OrderState::AwaitingConfirmation { .. } | OrderState::AwaitingShipment { .. } => Ok(()),
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => {
            let code = state.name().code();
            let says = format!("ask_to_cancel is not possible while the order is {code}");
            let refusal = Refusal::new("not_in_this_state", says);
            Err(refusal.fact("command", "ask_to_cancel").fact("state", code).into())
        }
    }
}

/// The shop agrees: the order is cancelled and refunded.
pub async fn approve(market: &Market, ask: AnswerRequest) -> Result<Answered<OrderId>, Failure> {
    answer(market, ask, RequestCommand::Approve, String::new()).await
}

/// The shop does not agree, and says why.
pub async fn refuse(
    market: &Market,
    ask: AnswerRequest,
    why: &str,
) -> Result<Answered<OrderId>, Failure> {
    let why = words("why", why, 1)?;
    answer(market, ask, RequestCommand::Refuse, why).await
}

/// The buyer thought better of it.
pub async fn withdraw(
    market: &Market,
    buyer: PersonId,
    order: OrderId,
    request: Option<RequestKey>,
) -> Result<Answered<OrderId>, Failure> {
    let shop = shop_of(market, buyer, order).await?;
    let open = market
        .store
        .read(async move |tx: &mut Tx| {
            let asked = rows::of_order(tx, shop, order).await?;
            Ok::<_, Failure>(asked.into_iter().next_back())
        })
        .await?;
    let id = open.ok_or(Failure::NotFound)?.id;
    let ask = AnswerRequest { shop, id, actor: Actor::Buyer(buyer), request };
    answer(market, ask, RequestCommand::Withdraw, String::new()).await
}

/// Nobody answered in time: approved.
pub(crate) async fn pass_deadline(
    market: &Market,
    shop: ShopId,
    id: CancelRequestId,
) -> Result<(), Failure> {
    let ask = AnswerRequest { shop, id, actor: Actor::Clock, request: None };
    answer(market, ask, RequestCommand::PassDeadline, String::new()).await.map(drop)
}

async fn answer(
    market: &Market,
    ask: AnswerRequest,
    command: RequestCommand,
    why: String,
) -> Result<Answered<OrderId>, Failure> {
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            if let Some(answered) = requests::kept(tx, ask.request.as_ref()).await? {
                return Ok(answered);
            }
            let mut ids = block.start();
            let before = rows::load(tx, ask.shop, ask.id).await?.ok_or(Failure::NotFound)?;
            let state = decide(before.state, command, now).map_err(refused)?;
            let loaded =
                orders::load(tx, ask.shop, before.order).await?.ok_or(Failure::NotFound)?;
            let setting = Setting::of(&here, &loaded, ask.actor, now);
            let after = CancelRequest {
                state,
                answer: why.clone(),
                answered_by: ask.actor.code(),
                answered_at: Some(now),
                ..before.clone()
            };
            rows::record(tx, &before, &after).await?;
            follow(tx, &setting, &mut ids, &loaded, &after).await?;
            requests::keep(tx, ask.request.as_ref(), &before.order, now).await?;
            Ok(Answered::new(before.order))
        })
        .await
}

/// What an answer means for the order.
async fn follow(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    loaded: &OrderForDecision,
    request: &CancelRequest,
) -> Result<(), Failure> {
    let kind = match request.state {
        RequestState::Approved => {
            let command = OrderCommand::CancelAgreed { reason: request.reason };
            return carry_out(tx, setting, ids, loaded, command).await.map(drop);
        }
        RequestState::Refused => "cancel_refused",
        RequestState::Withdrawn => "cancel_withdrawn",
        RequestState::Asked { .. } | RequestState::Moot => return Ok(()),
    };
    let body = json!({ "why": request.answer });
    let mut event = happened(ids, &loaded.order, kind, setting.actor, body, setting.now);
    event.relay = request.state == RequestState::Refused;
    Ok(events::insert(tx, &[event]).await?)
}

/// The order has ended for another reason: what was asked is settled by that.
pub(crate) async fn order_ended(
    tx: &mut Tx,
    setting: &Setting,
    shop: ShopId,
    order: OrderId,
) -> Result<(), Failure> {
    for before in rows::of_order(tx, shop, order).await? {
        let Ok(state) = decide(before.state, RequestCommand::OrderEnded, setting.now) else {
            continue;
        };
        let answered_at = Some(setting.now);
        let after = CancelRequest { state, answered_at, ..before.clone() };
        rows::record(tx, &before, &after).await?;
    }
    Ok(())
}

/// Goods do not leave while their buyer waits for an answer.
pub(crate) async fn nothing_asked(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
) -> Result<(), Failure> {
    let asked = rows::of_order(tx, shop, order).await?;
    if asked.iter().all(|request| request.state.due_at().is_none()) {
        return Ok(());
    }
    let says = "the buyer has asked to cancel: answer first";
    Err(Refusal::new("cancel_asked", says).fact("order", order).into())
}

pub(crate) fn market_of(loaded: &OrderForDecision) -> Result<MarketCode, Failure> {
    MarketCode::parse(&loaded.market).map_err(|error| Failure::Broken(error.to_string()))
}

/// What somebody wrote: trimmed, neither too short nor too long.
pub(crate) fn words(field: &str, text: &str, least: usize) -> Result<String, Failure> {
    let text = text.trim();
    let length = text.chars().count();
    if length < least {
        return Err(Failure::invalid(field, "missing", "say something here"));
    }
    if length > LONGEST_WORDS {
        let says = format!("at most {LONGEST_WORDS} characters");
        return Err(Failure::invalid(field, "too_long", says));
    }
    Ok(text.to_owned())
}

fn refused(refusal: RequestRefusal) -> Failure {
    let answer = Refusal::new(refusal.code(), refusal.to_string());
    match refusal {
        RequestRefusal::NotDueYet { due } => answer.fact("due", due).into(),
        RequestRefusal::Answered => answer.into(),
        RequestRefusal::NotAReasonForBuyers { reason } => {
            answer.fact("reason", reason.code()).into()
        }
    }
}
