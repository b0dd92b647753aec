//! The check step: what is looked at when the free hour ends, how flags are resolved, and what buyer and shop write to
//! each other about it.

mod look;

use rules::checkout::address::{self, Address, AddressUse};
use rules::ids::{OrderFlagId, OrderId, OrderMessageId, PersonId, ShopId};
use rules::orders::flags::Flag;
use rules::orders::liability::Refund;
use rules::orders::refunds::{BackReason, Shares, of_price};
use rules::orders::shortages::difference;
use rules::orders::{Order, OrderCommand, OrderState};
use serde_json::json;
use store::cancellations::CancelRequest;
use store::checks::{self as rows, FlagRow, MessageRow};
use store::orders::{LineRow, OrderForDecision};
use store::shortages::Shortage;
use store::{Tx, events, orders};

use crate::cancellations::words;
use crate::checkout::address_faults;
use crate::failure::{Failure, Refusal};
use crate::id_maker::IdRun;
use crate::market::{Actor, Market};
use crate::orders::{IDS_A_COMMAND, OrderAsk, Setting, carry_out, happened, shop_of};
use crate::requests::{self, Answered};

pub(crate) use look::look;

/// What an act of the check step does.
enum Doing {
    Resolve { flag: OrderFlagId, why: String },
    Write { text: String, proposal: String },
    Answer { message: OrderMessageId, accepted: bool },
    Correct { address: String },
    HonourPrice,
}

/// Whom and what it is about, inside its transaction.
struct Step<'a> {
    setting: &'a Setting,
    loaded: &'a OrderForDecision,
}

/// Resolves one flag: the shop has looked at it and says why it is no obstacle. The last one confirms the order.
pub async fn resolve_flag(
    market: &Market,
    ask: OrderAsk,
    flag: OrderFlagId,
    why: &str,
) -> Result<Answered<OrderId>, Failure> {
    let why = words("why", why, 1)?;
    act(market, ask, Doing::Resolve { flag, why }).await
}

/// Shop, buyer or house writes something about an order; the other side reads it on the order's page.
pub async fn write_message(
    market: &Market,
    ask: OrderAsk,
    text: &str,
) -> Result<Answered<OrderId>, Failure> {
    let text = words("message", text, 1)?;
    act(market, ask, Doing::Write { text, proposal: String::new() }).await
}

/// The buyer writes; the order is found through its buyer.
pub async fn write_as_buyer(
    market: &Market,
    buyer: PersonId,
    order: OrderId,
    text: &str,
    request: Option<requests::RequestKey>,
) -> Result<Answered<OrderId>, Failure> {
    write_message(market, of_buyer(market, buyer, order, request).await?, text).await
}

/// The shop proposes a corrected address. It counts only once the buyer has accepted it.
pub async fn propose_address(
    market: &Market,
    ask: OrderAsk,
    proposed: Address,
    note: &str,
) -> Result<Answered<OrderId>, Failure> {
    let note = words("note", note, 0)?;
    let proposal = json(&sound(market, &proposed)?)?;
    act(market, ask, Doing::Write { text: note, proposal }).await
}

/// The buyer accepts or refuses a proposed address.
pub async fn answer_address(
    market: &Market,
    buyer: PersonId,
    order: OrderId,
    (message, accepted): (OrderMessageId, bool),
    request: Option<requests::RequestKey>,
) -> Result<Answered<OrderId>, Failure> {
    let ask = of_buyer(market, buyer, order, request).await?;
    act(market, ask, Doing::Answer { message, accepted }).await
}

/// The buyer corrects the address of an order which is not packed yet; nobody else has to agree.
pub async fn correct_address(
    market: &Market,
    buyer: PersonId,
    order: OrderId,
    corrected: Address,
    request: Option<requests::RequestKey>,
) -> Result<Answered<OrderId>, Failure> {
    let address = json(&sound(market, &corrected)?)?;
    let ask = of_buyer(market, buyer, order, request).await?;
    act(market, ask, Doing::Correct { address }).await
}

/// The shop gives back by how much the price has fallen since: the buyer pays what others pay today.
pub async fn honour_price(market: &Market, ask: OrderAsk) -> Result<Answered<OrderId>, Failure> {
    act(market, ask, Doing::HonourPrice).await
}

/// Every open flag of an order which goes on, or has ended, is settled by that.
pub(crate) async fn settle_all(
    tx: &mut Tx,
    setting: &Setting,
    order: &Order,
    resolution: &str,
) -> Result<(), Failure> {
    let by = setting.actor.code();
    for flag in rows::flags_of(tx, order.shop, order.id).await?.iter().filter(|flag| flag.open) {
        let how = (resolution, "", by.as_str());
        rows::resolve_flag(tx, order.shop, flag.id, how, setting.now).await?;
    }
    Ok(())
}

async fn of_buyer(
    market: &Market,
    buyer: PersonId,
    order: OrderId,
    request: Option<requests::RequestKey>,
) -> Result<OrderAsk, Failure> {
    let shop = shop_of(market, buyer, order).await?;
    Ok(OrderAsk { shop, order, actor: Actor::Buyer(buyer), expected: None, request })
}

/// One act of the check step: load, do, keep the answer.
async fn act(market: &Market, ask: OrderAsk, doing: Doing) -> Result<Answered<OrderId>, Failure> {
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND * 2));
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
            let step = Step { setting: &setting, loaded: &loaded };
            match &doing {
                Doing::Resolve { flag, why } => resolve(tx, &step, &mut ids, *flag, why).await?,
                Doing::Write { text, proposal } => {
                    put_message(tx, &step, &mut ids, (text, proposal)).await?;
                }
                Doing::Answer { message, accepted } => {
                    answer(tx, &step, &mut ids, (*message, *accepted)).await?;
                }
                Doing::Correct { address } => {
                    take_address(tx, &step, &mut ids, address).await?;
                }
                Doing::HonourPrice => lower(tx, &step, &mut ids).await?,
            }
            requests::keep(tx, ask.request.as_ref(), &ask.order, now).await?;
            Ok(Answered::new(ask.order))
        })
        .await
}

async fn resolve(
    tx: &mut Tx,
    step: &Step<'_>,
    ids: &mut IdRun,
    flag: OrderFlagId,
    why: &str,
) -> Result<(), Failure> {
    let (order, actor, now) = (&step.loaded.order, step.setting.actor, step.setting.now);
    let found = rows::flags_of(tx, order.shop, order.id).await?;
    let flag = found.into_iter().find(|row| row.id == flag).ok_or(Failure::NotFound)?;
    let by = actor.code();
    if !rows::resolve_flag(tx, order.shop, flag.id, ("looked_at", why, &by), now).await? {
        return Err(Failure::refused("already_resolved", "this flag is resolved already"));
    }
    let body = json!({ "flag": flag.kind, "why": why });
    let event = happened(ids, order, "flag_resolved", actor, body, now);
    events::insert(tx, &[event]).await?;
    confirm_when_clear(tx, step, ids).await
}

async fn answer(
    tx: &mut Tx,
    step: &Step<'_>,
    ids: &mut IdRun,
    (message, accepted): (OrderMessageId, bool),
) -> Result<(), Failure> {
    let (order, now) = (&step.loaded.order, step.setting.now);
    still_here(order)?;
    let all = rows::messages_of(tx, order.shop, order.id).await?;
    let found = all.into_iter().find(|row| row.id == message && row.kind == "address");
    let found = found.ok_or(Failure::NotFound)?;
    let answer = if accepted { "accepted" } else { "refused" };
    if !rows::answer_proposal(tx, order.shop, message, answer, now).await? {
        return Err(Failure::refused("already_answered", "this was answered already"));
    }
    if accepted {
        return take_address(tx, step, ids, &found.proposal).await;
    }
    let event = happened(ids, order, "address_refused", step.setting.actor, json!({}), now);
    Ok(events::insert(tx, &[event]).await?)
}

/// What the fallen prices give back, line by line.
async fn lower(tx: &mut Tx, step: &Step<'_>, ids: &mut IdRun) -> Result<(), Failure> {
    let order = &step.loaded.order;
    still_here(order)?;
    orders::hold(tx, order).await?;
    let mut lines = orders::lines(tx, order.shop, order.id).await?;
    let mut part = Shares::NOTHING;
    let mut settled = Vec::new();
    for row in rows::flags_of(tx, order.shop, order.id).await?.iter().filter(|row| row.open) {
        let Ok(Flag::PriceChanged { sku, ordered_minor, now_minor }) =
            serde_json::from_str(&row.facts)
        else {
            continue;
        };
        if now_minor >= ordered_minor {
            continue;
        }
        settled.push(row.id);
        let same = |line: &&mut LineRow| line.sku == sku && line.price.unit_minor == ordered_minor;
        for line in lines.iter_mut().filter(same) {
            let left = line.left(step.loaded.tax_included);
            let less = -difference(&left, left.units, ordered_minor, now_minor);
            let back = of_price(&left, less.clamp(0, left.shares.paid_minor));
            line.back = line.back.plus(back);
            orders::give_line_back(tx, order.shop, line).await?;
            part = part.plus(back);
        }
    }
    if part.paid_minor == 0 {
        let says = "no price of this order has fallen since it was placed";
        return Err(Failure::refused("no_lower_price", says));
    }
    let command = OrderCommand::GiveBack {
        refund: Refund::before_settlement(part, 0),
        reason: BackReason::PriceLowered,
    };
    let order = carry_out(tx, step.setting, ids, step.loaded, command).await?;
    let by = step.setting.actor.code();
    for flag in settled {
        let how = ("price_honoured", "", by.as_str());
        rows::resolve_flag(tx, order.shop, flag, how, step.setting.now).await?;
    }
    let after = OrderForDecision { order, ..step.loaded.clone() };
    confirm_when_clear(tx, &Step { setting: step.setting, loaded: &after }, ids).await
}

/// As [`write_message`], within another act on the order.
pub(crate) async fn say(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    loaded: &OrderForDecision,
    text: &str,
) -> Result<(), Failure> {
    put_message(tx, &Step { setting, loaded }, ids, (text, "")).await
}

async fn put_message(
    tx: &mut Tx,
    step: &Step<'_>,
    ids: &mut IdRun,
    (body, proposal): (&str, &str),
) -> Result<(), Failure> {
    let (order, setting) = (&step.loaded.order, step.setting);
    if !proposal.is_empty() {
        still_here(order)?;
    }
    let author = match setting.actor {
        Actor::Buyer(_) => "buyer",
        Actor::House(_) => "house",
        Actor::Staff { .. } | Actor::Clock | Actor::Carrier | Actor::Provider | Actor::Bank => {
            "shop"
        }
    };
    let message = MessageRow {
        id: ids.take(),
        order: order.id,
        author: author.to_owned(),
        actor: setting.actor.code(),
        kind: if proposal.is_empty() { "words" } else { "address" }.to_owned(),
        body: body.to_owned(),
        proposal: proposal.to_owned(),
        answer: String::new(),
        answered_at: None,
        created_at: setting.now,
    };
    rows::insert_message(tx, order.shop, &message).await?;
    let kind = match (author, message.kind.as_str()) {
        (_, "address") => "address_proposed",
        ("buyer", _) => "buyer_wrote",
        _ => "shop_wrote",
    };
    let body = json!({ "message": message.id });
    let mut event = happened(ids, order, kind, setting.actor, body, setting.now);
    event.relay = author != "buyer";
    Ok(events::insert(tx, &[event]).await?)
}

/// The order goes to another address from now on; flags about the old one are settled by it.
async fn take_address(
    tx: &mut Tx,
    step: &Step<'_>,
    ids: &mut IdRun,
    address: &str,
) -> Result<(), Failure> {
    let (order, setting) = (&step.loaded.order, step.setting);
    still_here(order)?;
    orders::hold(tx, order).await?;
    same_country(tx, order, address).await?;
    rows::record_address(tx, order.shop, order.id, address).await?;
    let actor = setting.actor;
    let event = happened(ids, order, "address_corrected", actor, json!({}), setting.now);
    events::insert(tx, &[event]).await?;
    let by = actor.code();
    for row in rows::flags_of(tx, order.shop, order.id).await?.iter().filter(|row| row.open) {
        let of_address = serde_json::from_str(&row.facts).is_ok_and(|f: Flag| f.is_of_address());
        if of_address {
            let how = ("address_corrected", "", by.as_str());
            rows::resolve_flag(tx, order.shop, row.id, how, setting.now).await?;
        }
    }
    confirm_when_clear(tx, step, ids).await
}

/// Taxes, charges at the border and the service were frozen for one country.
async fn same_country(tx: &mut Tx, order: &Order, address: &str) -> Result<(), Failure> {
    let row = orders::show(tx, order.shop, order.id).await?.ok_or(Failure::NotFound)?;
    let read = |json: &str| serde_json::from_str::<Address>(json);
    let broken = |error: serde_json::Error| Failure::Broken(error.to_string());
    let (kept, wanted) = (read(&row.address).map_err(broken)?, read(address).map_err(broken)?);
    if kept.country == wanted.country {
        return Ok(());
    }
    let says = "the order was priced for another country: cancel it and order anew";
    Err(Failure::invalid("country", "other_country", says))
}

/// Nothing stands against the order any more: it is confirmed, whoever resolved the last flag.
async fn confirm_when_clear(tx: &mut Tx, step: &Step<'_>, ids: &mut IdRun) -> Result<(), Failure> {
    let order = &step.loaded.order;
    let waits = matches!(order.state, OrderState::AwaitingConfirmation { .. });
    let flags = rows::flags_of(tx, order.shop, order.id).await?;
    if !waits || flags.is_empty() || flags.iter().any(|flag| flag.open) {
        return Ok(());
    }
    carry_out(tx, step.setting, ids, step.loaded, OrderCommand::Confirm).await.map(drop)
}

/// Not shipped, and not ended.
fn still_here(order: &Order) -> Result<(), Failure> {
    match order.state {
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
            let code = order.state.name().code();
            let says = format!("correct is not possible while the order is {code}");
            let refusal = Refusal::new("not_in_this_state", says);
            Err(refusal.fact("command", "correct").fact("state", code).into())
        }
    }
}

fn sound(market: &Market, typed: &Address) -> Result<Address, Failure> {
    let (_, policies) = market.policies();
    address::check(typed, &policies, AddressUse::Deliver).map_err(address_faults)
}

fn json(address: &Address) -> Result<String, Failure> {
    serde_json::to_string(address).map_err(|error| Failure::Broken(error.to_string()))
}

/// What hangs on an order beside its state: for its pages and the API.
#[derive(Clone, Debug, Default)]
pub struct Care {
    pub flags: Vec<FlagRow>,
    pub messages: Vec<MessageRow>,
    pub requests: Vec<CancelRequest>,
    pub shortages: Vec<Shortage>,
}

impl Care {
    /// The request which waits for the shop, if there is one.
    pub fn asked(&self) -> Option<&CancelRequest> {
        self.requests.iter().find(|request| request.state.due_at().is_some())
    }
}

/// Reads it in the caller's own snapshot.
pub async fn care_of(tx: &mut Tx, shop: ShopId, order: OrderId) -> Result<Care, Failure> {
    Ok(Care {
        flags: rows::flags_of(tx, shop, order).await?,
        messages: rows::messages_of(tx, shop, order).await?,
        requests: store::cancellations::of_order(tx, shop, order).await?,
        shortages: store::shortages::of_order(tx, shop, order).await?,
    })
}

/// As [`care_of`], in a snapshot of its own.
pub async fn of_order(market: &Market, shop: ShopId, order: OrderId) -> Result<Care, Failure> {
    market.store.read(async move |tx: &mut Tx| care_of(tx, shop, order).await).await
}
