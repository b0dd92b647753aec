//! One step of a case: what was decided, what money it moves, what is told.

use rules::after_sales::{Case, CaseCommand, CaseEvent, CaseState, Effect, Outcome, decide};
use rules::ids::{CaseId, OrderId, ShopId};
use rules::money::Money;
use rules::orders::{Order, OrderCommand};
use rules::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::after_sales::{self as rows, CaseRow, OfferState};
use store::events::EventRow;
use store::orders::OrderForDecision;
use store::{Tx, events, orders, payments};

use super::{CaseAsk, money, refused};
use crate::cancellations::{market_of, words};
use crate::failure::Failure;
use crate::id_maker::IdRun;
use crate::market::{Actor, Market};
use crate::orders::{IDS_A_COMMAND, Setting, carry_out};
use crate::requests::{self, Answered};

/// What an act answers about a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseAnswer {
    pub id: CaseId,
    pub order: OrderId,
    pub state: String,
    pub version: i64,
    pub due_at: Option<Timestamp>,
    pub refunded_minor: i64,
}

impl CaseAnswer {
    pub(super) fn of(case: &CaseRow) -> Self {
        Self {
            id: case.id,
            order: case.order,
            state: case.state.name().code().to_owned(),
            version: case.version,
            due_at: case.state.due_at(),
            refunded_minor: case.refunded_minor,
        }
    }
}

/// What a step works on: the case, its order, and the policies which govern both.
pub(super) struct Desk {
    pub case: CaseRow,
    pub loaded: OrderForDecision,
    pub setting: Setting,
}

impl Desk {
    pub(super) async fn open(
        tx: &mut Tx,
        market: &Market,
        (shop, case): (ShopId, CaseId),
        actor: Actor,
        now: Timestamp,
    ) -> Result<Desk, Failure> {
        let case = rows::load(tx, shop, case).await?.ok_or(Failure::NotFound)?;
        let loaded = orders::load(tx, shop, case.order).await?.ok_or(Failure::NotFound)?;
        let setting = Setting::of(market, &loaded, actor, now);
        Ok(Desk { case, loaded, setting })
    }
}

pub(super) async fn go(
    market: &Market,
    ask: CaseAsk,
    command: CaseCommand,
) -> Result<Answered<CaseAnswer>, Failure> {
    go_with(market, ask, command, |_| {}).await
}

/// As [`go`]; `change` writes what else the step says about the case.
pub(super) async fn go_with(
    market: &Market,
    ask: CaseAsk,
    command: CaseCommand,
    change: impl Fn(&mut CaseRow) + Send + Sync + Clone + 'static,
) -> Result<Answered<CaseAnswer>, Failure> {
    let said = words("words", &ask.words, 0)?;
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            if let Some(answered) = requests::kept(tx, ask.request.as_ref()).await? {
                return Ok(answered);
            }
            let mut ids = block.start();
            let desk = Desk::open(tx, &here, (ask.shop, ask.case), ask.actor, now).await?;
            if ask.expected.is_some_and(|expected| expected != desk.case.version) {
                return Err(Failure::Stale);
            }
            let mut changed = desk.case.clone();
            change(&mut changed);
            let after = step(tx, &mut ids, &desk, (command, changed), &said).await?;
            let answer = CaseAnswer::of(&after);
            requests::keep(tx, ask.request.as_ref(), &answer, now).await?;
            Ok(Answered::new(answer))
        })
        .await
}

/// Decide and record: the one path on which a case changes. `changed` is the row as it is, with what the step adds to it.
pub(super) async fn step(
    tx: &mut Tx,
    ids: &mut IdRun,
    desk: &Desk,
    (command, changed): (CaseCommand, CaseRow),
    said: &str,
) -> Result<CaseRow, Failure> {
    let (before, now) = (&desk.case, desk.setting.now);
    let policy = desk.setting.policies.after_sales(market_of(&desk.loaded)?);
    let facts = Case {
        state: before.state,
        remedy: changed.remedy,
        offers_count: before.offers_count,
        disputes_count: disputes(tx, before).await?,
        appealed: before.appealed,
        can_replace: false,
    };
    let decision = decide(&facts, command, &policy.terms(before.class), now).map_err(refused)?;
    let mut after = CaseRow { state: decision.state, remedy: decision.remedy, ..changed };
    count(&mut after, decision.event);
    if let Some(answer) = offer_answer(decision.event) {
        rows::answer_offer(tx, before.shop, before.id, answer, now).await?;
    }
    match decision.effect {
        Effect::Nothing => {}
        Effect::Refund | Effect::RefundPart => {
            let given = money::give_back(tx, ids, desk, &after).await?;
            after.refunded_minor += given.refunded_minor;
            after.cost_minor += given.cost_minor;
            if given.refunded_minor == 0 {
                nothing_was_left(&mut after);
            }
        }
        // No case says that it can replace anything: see `can_replace` above.
        Effect::Replace => return Err(Failure::Broken("a case replaced goods".to_owned())),
        Effect::MakeWhole => money::make_whole(tx, ids, desk, &after).await?,
    }
    if !after.state.is_open() {
        after.closed_at = Some(now);
        let order = &desk.loaded.order;
        let loaded = orders::load(tx, order.shop, order.id).await?.ok_or(Failure::NotFound)?;
        if loaded.order.cases_count > 0 {
            carry_out(tx, &desk.setting, ids, &loaded, OrderCommand::CloseCase).await?;
        }
    }
    // Where the order has ended with this step, the row was closed on the way.
    let current = rows::load(tx, before.shop, before.id).await?.ok_or(Failure::NotFound)?;
    rows::record(tx, &CaseRow { version: current.version, ..before.clone() }, &after).await?;
    note(tx, ids, &desk.setting, &after, (decision.event.code(), said)).await?;
    after.version = current.version + 1;
    Ok(after)
}

/// All of it went back before, in another way: there is nobody to wait for.
fn nothing_was_left(case: &mut CaseRow) {
    if matches!(case.state, CaseState::Refunding { .. }) {
        case.state = CaseState::Closed { outcome: Outcome::Refunded };
    }
}

fn count(case: &mut CaseRow, event: CaseEvent) {
    match event {
        CaseEvent::Offered => case.offers_count += 1,
        CaseEvent::Escalated | CaseEvent::TakenOver => {
            case.disputes_count += 1;
            // A new dispute begins on an empty desk.
            case.arbiter = None;
        }
        CaseEvent::Appealed => {
            case.appealed = true;
            case.arbiter = None;
        }
        CaseEvent::Approved
        | CaseEvent::OfferAccepted
        | CaseEvent::OfferRefused
        | CaseEvent::OfferLapsed
        | CaseEvent::Rejected
        | CaseEvent::Withdrawn
        | CaseEvent::SentBack
        | CaseEvent::ReturnArrived
        | CaseEvent::ReturnAccepted
        | CaseEvent::ReturnPartlyAccepted
        | CaseEvent::ReturnRejected
        | CaseEvent::EvidenceClosed
        | CaseEvent::ReviewBegan
        | CaseEvent::DecisionOverdue
        | CaseEvent::Decided
        | CaseEvent::DecisionFinal
        | CaseEvent::AppealDecided
        | CaseEvent::RefundConfirmed
        | CaseEvent::RefundOverdue
        | CaseEvent::ReplacementDelivered
        | CaseEvent::ReplacementFailed
        | CaseEvent::Lapsed
        | CaseEvent::OrderEnded => {}
    }
}

/// What becomes of an open offer.
fn offer_answer(event: CaseEvent) -> Option<OfferState> {
    match event {
        CaseEvent::OfferAccepted => Some(OfferState::Accepted),
        CaseEvent::OfferRefused => Some(OfferState::Refused),
        CaseEvent::OfferLapsed
        | CaseEvent::TakenOver
        | CaseEvent::Withdrawn
        | CaseEvent::OrderEnded => Some(OfferState::Lapsed),
        CaseEvent::Approved
        | CaseEvent::Offered
        | CaseEvent::Rejected
        | CaseEvent::Escalated
        | CaseEvent::SentBack
        | CaseEvent::ReturnArrived
        | CaseEvent::ReturnAccepted
        | CaseEvent::ReturnPartlyAccepted
        | CaseEvent::ReturnRejected
        | CaseEvent::EvidenceClosed
        | CaseEvent::ReviewBegan
        | CaseEvent::DecisionOverdue
        | CaseEvent::Decided
        | CaseEvent::DecisionFinal
        | CaseEvent::Appealed
        | CaseEvent::AppealDecided
        | CaseEvent::RefundConfirmed
        | CaseEvent::RefundOverdue
        | CaseEvent::ReplacementDelivered
        | CaseEvent::ReplacementFailed
        | CaseEvent::Lapsed => None,
    }
}

/// The most often the house was asked about any of the case's goods, in this case and in earlier ones.
async fn disputes(tx: &mut Tx, case: &CaseRow) -> Result<i64, Failure> {
    let mine = rows::lines(tx, case.shop, case.id).await?;
    let all = rows::open_of_order(tx, case.shop, case.order).await?;
    let of = |line| all.iter().filter(move |(other, ..)| *other == line).map(|(.., count)| *count);
    Ok(mine.iter().flat_map(|line| of(line.line)).max().unwrap_or(0))
}

/// A line of the case's own story, and a notice to the buyer where somebody else has acted.
pub(super) async fn note(
    tx: &mut Tx,
    ids: &mut IdRun,
    setting: &Setting,
    case: &CaseRow,
    (kind, said): (&'static str, &str),
) -> Result<(), Failure> {
    let refunded = Money::new(case.refunded_minor, case.asked.currency);
    let body = json!({
        "state": case.state.name(),
        "until": case.state.due_at(),
        "words": said,
        "order": case.order,
        "refunded": (refunded.minor > 0).then_some(refunded),
    });
    let row = EventRow {
        id: ids.take(),
        home_id: case.shop.number(),
        subject: "case",
        subject_id: case.id.number(),
        kind,
        actor: setting.actor.code(),
        body: body.to_string(),
        relay: !matches!(setting.actor, Actor::Buyer(_)),
        created_at: setting.now,
    };
    Ok(events::insert(tx, &[row]).await?)
}

/// The order has ended for another reason: what was asked is settled by that.
pub(crate) async fn order_ended(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    order: &Order,
) -> Result<(), Failure> {
    let now = setting.now;
    for case in rows::of_order(tx, order.shop, order.id).await? {
        if !case.state.is_open() {
            continue;
        }
        let state = CaseState::Closed { outcome: Outcome::Moot };
        let closed = CaseRow { state, closed_at: Some(now), ..case.clone() };
        rows::answer_offer(tx, case.shop, case.id, OfferState::Lapsed, now).await?;
        rows::record(tx, &case, &closed).await?;
        note(tx, ids, setting, &closed, (CaseEvent::OrderEnded.code(), "")).await?;
    }
    Ok(())
}

/// The provider has confirmed a refund of an order: cases which waited for it have ended, once all of it is confirmed.
pub(crate) async fn refunds_confirmed(
    tx: &mut Tx,
    market: &Market,
    ids: &mut IdRun,
    (shop, order): (ShopId, OrderId),
    now: Timestamp,
) -> Result<(), Failure> {
    let waiting: Vec<CaseRow> = rows::of_order(tx, shop, order)
        .await?
        .into_iter()
        .filter(|case| matches!(case.state, CaseState::Refunding { .. }))
        .collect();
    if waiting.is_empty() {
        return Ok(());
    }
    let open = payments::refunds_of(tx, shop, order).await?;
    if open.iter().any(|refund| refund.confirmed_at.is_none()) {
        return Ok(());
    }
    for case in waiting {
        let desk = Desk::open(tx, market, (shop, case.id), Actor::Provider, now).await?;
        step(tx, ids, &desk, (CaseCommand::ConfirmRefund, case), "").await?;
    }
    Ok(())
}
