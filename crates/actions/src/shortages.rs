//! Goods which are not there: the shop reports it, offers something else or the money, and the buyer chooses.
//!
//! What is missing leaves the line's pieces at once, so that it is neither packed nor given free twice; a substitute is
//! reserved while the buyer thinks.

mod money;
mod pieces;

use rules::ids::{OrderId, OrderLineId, PaymentId, PersonId, ShopId, ShortageId, SkuId};
use rules::orders::shortages::{
    ShortageCause, ShortageCommand, ShortageRefusal, ShortageState, decide, difference,
};
use rules::orders::{CancelledBy, OrderState};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::orders::OrderForDecision;
use store::shortages::{self as rows, Shortage};
use store::{Tx, events, orders, stock};

use crate::cancellations::market_of;
use crate::failure::{Failure, Refusal};
use crate::goods::Part;
use crate::id_maker::IdRun;
use crate::market::{Actor, Market};
use crate::orders::{IDS_A_COMMAND, Setting, happened, shop_of};
use crate::requests::{self, Answered, RequestKey};

use money::{ask_for_extra, put_in, refund_missing};
pub(crate) use money::{extra_paid, give_units_back};
pub use pieces::read_substitute;
pub(crate) use pieces::{divide_parts, read_parts, sum, text};
use pieces::{for_sale, found_again, line_of, not_packed, release_substitute, take_off_stock};

/// What is offered instead, as the order would keep it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Substitute {
    pub sku: SkuId,
    pub product: rules::ids::ProductId,
    pub listing_version: i64,
    pub title_en: String,
    pub title_zh: String,
    /// JSON, as on an order line.
    pub options: String,
    pub sku_code: String,
    pub picture: String,
    pub category: String,
    /// JSON, as on an order line.
    pub nature: String,
    pub unit_minor: i64,
    pub(crate) parts: Vec<Part>,
}

/// Pieces of a line are missing.
#[derive(Clone, Debug)]
pub struct ReportShortage {
    pub shop: ShopId,
    pub order: OrderId,
    pub line: OrderLineId,
    pub missing_count: i64,
    pub cause: ShortageCause,
    pub actor: Actor,
    pub request: Option<RequestKey>,
}

/// The shop offers another SKU for what is missing.
#[derive(Clone, Debug)]
pub struct OfferSubstitute {
    pub shop: ShopId,
    pub shortage: ShortageId,
    pub sku: SkuId,
    /// The shop does not ask for what it costs more.
    pub waived: bool,
    pub actor: Actor,
    pub request: Option<RequestKey>,
}

/// One step of a shortage, by the shop or by the buyer.
#[derive(Clone, Debug)]
pub struct StepShortage {
    pub shop: ShopId,
    pub shortage: ShortageId,
    pub actor: Actor,
    pub request: Option<RequestKey>,
}

/// What an act answers about a shortage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortageAnswer {
    pub id: ShortageId,
    pub order: OrderId,
    pub state: String,
    /// Where the buyer pays what the substitute costs more.
    pub payment: Option<PaymentId>,
}

impl ShortageAnswer {
    fn of(shortage: &Shortage) -> Self {
        let state = shortage.state.code().to_owned();
        Self { id: shortage.id, order: shortage.order, state, payment: shortage.payment }
    }
}

/// Reports missing pieces of a line which is not shipped yet. The stock's count goes down with them.
pub async fn report_shortage(
    market: &Market,
    ask: ReportShortage,
) -> Result<Answered<ShortageAnswer>, Failure> {
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            if let Some(answered) = requests::kept(tx, ask.request.as_ref()).await? {
                return Ok(answered);
            }
            let mut ids = block.start();
            let loaded = orders::load(tx, ask.shop, ask.order).await?.ok_or(Failure::NotFound)?;
            let setting = Setting::of(&here, &loaded, ask.actor, now);
            let short = (ask.line, ask.missing_count, ask.cause);
            let shortage = find(tx, &setting, &mut ids, &loaded, short).await?;
            take_off_stock(tx, ask.shop, &shortage).await?;
            let answer = ShortageAnswer::of(&shortage);
            requests::keep(tx, ask.request.as_ref(), &answer, now).await?;
            Ok(Answered::new(answer))
        })
        .await
}

/// The row of a shortage; the missing pieces are no longer promised to the line.
pub(crate) async fn find(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    loaded: &OrderForDecision,
    (line, missing_count, cause): (OrderLineId, i64, ShortageCause),
) -> Result<Shortage, Failure> {
    let order = &loaded.order;
    may_be_short(loaded)?;
    orders::hold(tx, order).await?;
    let mut line = line_of(tx, order.shop, order.id, line).await?;
    let most = line.to_pack_count();
    if missing_count < 1 || missing_count > most {
        let says = format!("1 to {most} pieces of this line can be missing");
        return Err(Failure::invalid("missing_count", "out_of_range", says));
    }
    let (taken, left) = divide_parts(&line, missing_count)?;
    not_packed(tx, &line, order.shop, order.id, &left).await?;
    stock::release(tx, order.shop, &sum(&taken)).await?;
    line.parts = text(&left)?;
    line.short_count += missing_count;
    orders::give_line_back(tx, order.shop, &line).await?;
    let terms = setting.policies.orders(market_of(loaded)?).shortage_terms();
    let shortage = Shortage {
        id: ids.take(),
        shop: order.shop,
        order: order.id,
        line: line.id,
        sku: line.sku,
        missing_count,
        cause,
        state: ShortageState::Found { offer_by: setting.now + terms.offer_within },
        substitute: String::new(),
        difference_minor: 0,
        waived: false,
        payment: None,
        answered_by: String::new(),
        answered_at: None,
        version: 1,
        created_at: setting.now,
    };
    rows::insert(tx, &shortage).await?;
    note(tx, setting, ids, loaded, ("shortage_found", false), &shortage).await?;
    Ok(shortage)
}

fn may_be_short(loaded: &OrderForDecision) -> Result<(), Failure> {
    let state = loaded.order.state;
    match state {
        OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. } => Ok(()),
        OrderState::Unpaid { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => {
            let code = state.name().code();
            let says = format!("report_shortage is not possible while the order is {code}");
            let refusal = Refusal::new("not_in_this_state", says);
            Err(refusal.fact("command", "report_shortage").fact("state", code).into())
        }
    }
}

/// Offers another SKU of the shop; its pieces are reserved until the buyer has answered.
pub async fn offer_substitute(
    market: &Market,
    ask: OfferSubstitute,
) -> Result<Answered<ShortageAnswer>, Failure> {
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            if let Some(answered) = requests::kept(tx, ask.request.as_ref()).await? {
                return Ok(answered);
            }
            let mut ids = block.start();
            let (before, loaded) = open(tx, ask.shop, ask.shortage).await?;
            let setting = Setting::of(&here, &loaded, ask.actor, now);
            let state = step(&setting, &loaded, &before, ShortageCommand::Offer)?;
            let line = line_of(tx, ask.shop, before.order, before.line).await?;
            if ask.sku == line.sku {
                let says = "this is what is missing; choose something else";
                return Err(Failure::invalid("sku", "same_sku", says));
            }
            let substitute = for_sale(tx, ask.shop, ask.sku, before.missing_count).await?;
            let left = line.left(loaded.tax_included);
            let costs = (line.price.unit_minor, substitute.unit_minor);
            let difference_minor = difference(&left, before.missing_count, costs.0, costs.1);
            let after = Shortage {
                state,
                substitute: text(&substitute)?,
                difference_minor,
                waived: ask.waived && difference_minor > 0,
                ..before.clone()
            };
            rows::record(tx, &before, &after).await?;
            note(tx, &setting, &mut ids, &loaded, ("substitute_offered", true), &after).await?;
            let answer = ShortageAnswer::of(&after);
            requests::keep(tx, ask.request.as_ref(), &answer, now).await?;
            Ok(Answered::new(answer))
        })
        .await
}

/// The shop has nothing to offer: the money goes back.
pub async fn give_up_shortage(
    market: &Market,
    ask: StepShortage,
) -> Result<Answered<ShortageAnswer>, Failure> {
    go(market, ask, ShortageCommand::GiveUp).await
}

/// The missing pieces were found after all; they are reserved again.
pub async fn withdraw_shortage(
    market: &Market,
    ask: StepShortage,
) -> Result<Answered<ShortageAnswer>, Failure> {
    go(market, ask, ShortageCommand::Withdraw).await
}

/// The buyer takes the substitute. Where it costs more and the shop asks for that, the answer names the payment.
pub async fn accept_substitute(
    market: &Market,
    buyer: PersonId,
    order: OrderId,
    shortage: ShortageId,
    request: Option<RequestKey>,
) -> Result<Answered<ShortageAnswer>, Failure> {
    let ask = of_buyer(market, buyer, order, shortage, request).await?;
    go(market, ask, ShortageCommand::Accept { to_pay: false }).await
}

/// The buyer would rather have the money.
pub async fn refuse_substitute(
    market: &Market,
    buyer: PersonId,
    order: OrderId,
    shortage: ShortageId,
    request: Option<RequestKey>,
) -> Result<Answered<ShortageAnswer>, Failure> {
    let ask = of_buyer(market, buyer, order, shortage, request).await?;
    go(market, ask, ShortageCommand::Refuse).await
}

/// Silence, of the shop or of the buyer: the money goes back.
pub(crate) async fn pass_deadline(
    market: &Market,
    shop: ShopId,
    shortage: ShortageId,
) -> Result<(), Failure> {
    let ask = StepShortage { shop, shortage, actor: Actor::Clock, request: None };
    go(market, ask, ShortageCommand::PassDeadline).await.map(drop)
}

/// A shortage of another order is not found.
async fn of_buyer(
    market: &Market,
    buyer: PersonId,
    order: OrderId,
    shortage: ShortageId,
    request: Option<RequestKey>,
) -> Result<StepShortage, Failure> {
    let shop = shop_of(market, buyer, order).await?;
    let found = market
        .store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(rows::load(tx, shop, shortage).await?))
        .await?;
    found.filter(|found| found.order == order).ok_or(Failure::NotFound)?;
    Ok(StepShortage { shop, shortage, actor: Actor::Buyer(buyer), request })
}

async fn go(
    market: &Market,
    ask: StepShortage,
    command: ShortageCommand,
) -> Result<Answered<ShortageAnswer>, Failure> {
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND * 2));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            if let Some(answered) = requests::kept(tx, ask.request.as_ref()).await? {
                return Ok(answered);
            }
            let mut ids = block.start();
            let (before, loaded) = open(tx, ask.shop, ask.shortage).await?;
            let setting = Setting::of(&here, &loaded, ask.actor, now);
            let to_pay = before.difference_minor > 0 && !before.waived;
            let command = match command {
                ShortageCommand::Accept { .. } => ShortageCommand::Accept { to_pay },
                other => other,
            };
            let state = step(&setting, &loaded, &before, command)?;
            let mut after = Shortage {
                state,
                answered_by: ask.actor.code(),
                answered_at: Some(now),
                ..before.clone()
            };
            follow(tx, &setting, &mut ids, &loaded, (&before, &mut after)).await?;
            let answer = ShortageAnswer::of(&after);
            requests::keep(tx, ask.request.as_ref(), &answer, now).await?;
            Ok(Answered::new(answer))
        })
        .await
}

/// What a step means for the line, the stock and the money.
async fn follow(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    loaded: &OrderForDecision,
    (before, after): (&Shortage, &mut Shortage),
) -> Result<(), Failure> {
    match after.state {
        ShortageState::Found { .. } | ShortageState::Offered { .. } => Ok(()),
        ShortageState::AwaitingPayment { pay_by } => {
            after.payment = Some(ask_for_extra(tx, setting, ids, loaded, after, pay_by).await?);
            Ok(rows::record(tx, before, after).await?)
        }
        ShortageState::Accepted => {
            rows::record(tx, before, after).await?;
            note(tx, setting, ids, loaded, ("substitute_accepted", false), after).await?;
            put_in(tx, setting, ids, loaded, after).await
        }
        ShortageState::Refunded => {
            rows::record(tx, before, after).await?;
            let by = match setting.actor {
                Actor::Buyer(_) => CancelledBy::Buyer,
                Actor::Staff { .. } => CancelledBy::Shop,
                Actor::House(_) => CancelledBy::House,
                Actor::Clock | Actor::Carrier | Actor::Provider | Actor::Bank => {
                    CancelledBy::Deadline
                }
            };
            release_substitute(tx, before).await?;
            note(tx, setting, ids, loaded, ("shortage_refunded", false), after).await?;
            refund_missing(tx, setting, ids, loaded, after, by).await
        }
        ShortageState::Withdrawn => {
            rows::record(tx, before, after).await?;
            release_substitute(tx, before).await?;
            note(tx, setting, ids, loaded, ("shortage_withdrawn", false), after).await?;
            found_again(tx, loaded, after).await
        }
        ShortageState::Moot => {
            rows::record(tx, before, after).await?;
            release_substitute(tx, before).await
        }
    }
}

/// The order has ended: what was offered is free again.
pub(crate) async fn order_ended(
    tx: &mut Tx,
    setting: &Setting,
    shop: ShopId,
    order: OrderId,
) -> Result<(), Failure> {
    for before in rows::of_order(tx, shop, order).await?.into_iter().filter(|s| s.state.is_open()) {
        let after = Shortage {
            state: ShortageState::Moot,
            answered_at: Some(setting.now),
            ..before.clone()
        };
        rows::record(tx, &before, &after).await?;
        release_substitute(tx, &before).await?;
    }
    Ok(())
}

/// Goods do not leave while it is open what is to be packed.
pub(crate) async fn nothing_short(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
) -> Result<(), Failure> {
    let all = rows::of_order(tx, shop, order).await?;
    if all.iter().all(|shortage| !shortage.state.is_open()) {
        return Ok(());
    }
    let says = "pieces are missing, and the buyer has not chosen yet";
    Err(Refusal::new("shortage_open", says).fact("order", order).into())
}

async fn open(
    tx: &mut Tx,
    shop: ShopId,
    shortage: ShortageId,
) -> Result<(Shortage, OrderForDecision), Failure> {
    let shortage = rows::load(tx, shop, shortage).await?.ok_or(Failure::NotFound)?;
    let loaded = orders::load(tx, shop, shortage.order).await?.ok_or(Failure::NotFound)?;
    Ok((shortage, loaded))
}

fn step(
    setting: &Setting,
    loaded: &OrderForDecision,
    shortage: &Shortage,
    command: ShortageCommand,
) -> Result<ShortageState, Failure> {
    let terms = setting.policies.orders(market_of(loaded)?).shortage_terms();
    decide(shortage.state, command, &terms, setting.now).map_err(|refusal| {
        let answer = Refusal::new(refusal.code(), refusal.to_string());
        match refusal {
            ShortageRefusal::NotDueYet { due } => answer.fact("due", due).into(),
            ShortageRefusal::NotNow { state } => answer.fact("state", state.code()).into(),
        }
    })
}

async fn note(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    loaded: &OrderForDecision,
    (kind, relay): (&'static str, bool),
    shortage: &Shortage,
) -> Result<(), Failure> {
    let body = json!({
        "shortage": shortage.id, "line": shortage.line, "sku": shortage.sku,
        "missing": shortage.missing_count, "cause": shortage.cause, "until": shortage.state.due_at(),
    });
    let mut event = happened(ids, &loaded.order, kind, setting.actor, body, setting.now);
    event.relay = relay;
    Ok(events::insert(tx, &[event]).await?)
}
