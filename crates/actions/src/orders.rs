//! What happens to an order after it was placed. Every command, a passed deadline included, goes through [`carry_out`].

mod give_back;
mod lines;
mod purse;
mod rest;
mod traces;

use rules::ids::{OrderId, ParcelId, PersonId, ShopId, SkuId};
use rules::money::Money;
use rules::orders::{
    CancelReason, CancelledBy, Decision, Order, OrderCommand, OrderEvent, OrderState, OrderTerms,
    StockEffect, apply, decide,
};
use rules::policy::{MarketCode, Policies, Tier};
use rules::shipping::overrides::ServiceOverride;
use rules::shipping::parcels::ParcelState;
use rules::shipping::rates::{ParcelFacts, rank};
use rules::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::events::EventRow;
use store::ledger::{Occasion, ReservePart};
use store::orders::{OrderForDecision, OrderRow};
use store::parcels::Parcel;
use store::{Tx, catalog, ledger, orders, stock};

pub use give_back::{GiveBack, LineBack, PartGiven, give_back};
pub(crate) use give_back::{PartBack, give_part_back};
pub use lines::{CancelLine, cancel_line};
pub use rest::drop_rest;
pub(crate) use traces::{ask_for_refund, told};
use traces::{note, shrink_payment};

use crate::failure::Failure;
use crate::id_maker::IdRun;
use crate::market::{Actor, Market};
use crate::packing::{self, Together};
use crate::requests::{self, Answered, RequestKey};
use crate::{after_sales, cancellations, checks, debts, figures, shop_desk, shortages, tracking};

/// More ids than any one command on one order takes.
pub(crate) const IDS_A_COMMAND: i64 = 48;

/// More ids than packing an order or sending off a box of orders takes.
pub(crate) const IDS_A_BOX: i64 = 2_048;

/// What an act answers about an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderAnswer {
    pub id: OrderId,
    pub shop: ShopId,
    pub state: String,
    pub version: i64,
    pub due_at: Option<Timestamp>,
}

impl OrderAnswer {
    fn of(order: &Order) -> Self {
        Self {
            id: order.id,
            shop: order.shop,
            state: order.state.name().code().to_owned(),
            version: order.version,
            due_at: order.state.due_at(),
        }
    }
}

/// One order, named by its shop; `expected` is the version which the caller saw (`If-Match`).
#[derive(Clone, Debug)]
pub struct OrderAsk {
    pub shop: ShopId,
    pub order: OrderId,
    pub actor: Actor,
    pub expected: Option<i64>,
    pub request: Option<RequestKey>,
}

/// What [`carry_out`] needs besides the order: taken once, before the act.
pub(crate) struct Setting {
    pub now: Timestamp,
    pub policies: Policies,
    pub actor: Actor,
}

impl Setting {
    /// The order's own policy version governs it for ever.
    pub(crate) fn of(
        market: &Market,
        loaded: &OrderForDecision,
        actor: Actor,
        now: Timestamp,
    ) -> Self {
        let book = market.policy_book();
        let policies =
            book.version(loaded.policy_version).unwrap_or_else(|| book.in_force(now).1).clone();
        Self { now, policies, actor }
    }
}

/// The buyer has the parcel.
pub async fn confirm_receipt(
    market: &Market,
    buyer: PersonId,
    order: OrderId,
    request: Option<RequestKey>,
) -> Result<Answered<OrderAnswer>, Failure> {
    let shop = shop_of(market, buyer, order).await?;
    let ask = OrderAsk { shop, order, actor: Actor::Buyer(buyer), expected: None, request };
    command(market, ask, OrderCommand::ConfirmReceipt).await
}

/// The buyer cancels: without asking while the order is unpaid or in its free hour.
pub async fn cancel_by_buyer(
    market: &Market,
    buyer: PersonId,
    order: OrderId,
    request: Option<RequestKey>,
) -> Result<Answered<OrderAnswer>, Failure> {
    let shop = shop_of(market, buyer, order).await?;
    let ask = OrderAsk { shop, order, actor: Actor::Buyer(buyer), expected: None, request };
    command(market, ask, OrderCommand::CancelByBuyer).await
}

/// The shop has looked at the flags and stands by the order.
pub async fn confirm_order(
    market: &Market,
    ask: OrderAsk,
) -> Result<Answered<OrderAnswer>, Failure> {
    command(market, ask, OrderCommand::Confirm).await
}

/// The shop cannot deliver. Counts against it unless the address was at fault.
pub async fn cancel_by_shop(
    market: &Market,
    ask: OrderAsk,
    reason: CancelReason,
) -> Result<Answered<OrderAnswer>, Failure> {
    command(market, ask, OrderCommand::CancelByShop { reason }).await
}

/// The operator stops an order before it is shipped.
pub async fn cancel_by_house(
    market: &Market,
    ask: OrderAsk,
) -> Result<Answered<OrderAnswer>, Failure> {
    command(market, ask, OrderCommand::CancelByHouse { reason: CancelReason::FraudRisk }).await
}

/// A passed deadline is a command like any other.
pub async fn pass_deadline(
    market: &Market,
    shop: ShopId,
    order: OrderId,
) -> Result<OrderAnswer, Failure> {
    let ask = OrderAsk { shop, order, actor: Actor::Clock, expected: None, request: None };
    command(market, ask, OrderCommand::PassDeadline).await.map(|answered| answered.answer)
}

/// In which shop a buyer's order is; not found where it is not theirs.
pub async fn shop_of(market: &Market, buyer: PersonId, order: OrderId) -> Result<ShopId, Failure> {
    let found = market
        .store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(orders::shop_of(tx, buyer, order).await?))
        .await?;
    found.ok_or(Failure::NotFound)
}

async fn command(
    market: &Market,
    ask: OrderAsk,
    command: OrderCommand,
) -> Result<Answered<OrderAnswer>, Failure> {
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            if let Some(answered) = requests::kept(tx, ask.request.as_ref()).await? {
                return Ok(answered);
            }
            let loaded = load(tx, &ask).await?;
            let setting = Setting::of(&here, &loaded, ask.actor, now);
            let mut ids = block.start();
            let order = match rest::over(tx, &loaded, command, now).await? {
                Some(rest) => {
                    rest::give_up(tx, &setting, &mut ids, &loaded, (rest, CancelledBy::Deadline))
                        .await?
                }
                None => carry_out(tx, &setting, &mut ids, &loaded, command).await?,
            };
            let answer = OrderAnswer::of(&order);
            requests::keep(tx, ask.request.as_ref(), &answer, now).await?;
            Ok(Answered::new(answer))
        })
        .await
}

pub(crate) async fn load(tx: &mut Tx, ask: &OrderAsk) -> Result<OrderForDecision, Failure> {
    let loaded = orders::load(tx, ask.shop, ask.order).await?.ok_or(Failure::NotFound)?;
    if ask.expected.is_some_and(|expected| expected != loaded.order.version) {
        return Err(Failure::Stale);
    }
    Ok(loaded)
}

/// Decide and record: the one path on which an order changes. Answers the order as it is then.
pub(crate) async fn carry_out(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    loaded: &OrderForDecision,
    command: OrderCommand,
) -> Result<Order, Failure> {
    let before = &loaded.order;
    let terms = terms_of(tx, setting, loaded).await?;
    let looked;
    let before = match (command, before.state) {
        // The free hour is over: now the order is compared with what is true today.
        (OrderCommand::PassDeadline, OrderState::OnHold { cancel_free_until })
            if cancel_free_until <= setting.now =>
        {
            let flagged = checks::look(tx, setting, ids, loaded).await?;
            looked = Order { flagged, ..before.clone() };
            &looked
        }
        (OrderCommand::Ship | OrderCommand::ShipPart, _) => {
            cancellations::nothing_asked(tx, before.shop, before.id).await?;
            shortages::nothing_short(tx, before.shop, before.id).await?;
            before
        }
        _ => before,
    };
    let decision = decide(before, command, &terms, setting.now)?;
    let after = apply(before.clone(), decision.event);
    orders::record(tx, before, decision.event, &after, setting.now).await?;
    move_stock(tx, before, decision.stock, setting.now).await?;
    if after.given.shares == after.amounts.shares() && before.given != after.given {
        orders::give_all_back(tx, before.shop, before.id, loaded.tax_included).await?;
    }
    let occasion = Occasion {
        home_id: before.shop.number(),
        currency: before.amounts.currency,
        subject: "order",
        subject_id: before.id.number(),
        step: after.version,
        now: setting.now,
    };
    debts::post(tx, ids, &occasion, decision.transfers.clone()).await?;
    purse::use_reserve(tx, before, &decision.transfers).await?;
    keep_reserve(tx, setting, ids, before, &decision).await?;
    if decision.refund_minor > 0 {
        let amount = Money::new(decision.refund_minor, before.amounts.currency);
        ask_for_refund(tx, setting, ids, before, amount, decision.event.code()).await?;
    }
    note(tx, setting, ids, before, &decision).await?;
    shrink_payment(tx, setting, before, &decision).await?;
    end_what_hangs_on(tx, setting, ids, &after, decision.event).await?;
    figures::order_moved(tx, before, decision.event, setting.now).await?;
    Ok(after)
}

/// Flags, requests, shortages and cases end with what they are about.
async fn end_what_hangs_on(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    order: &Order,
    event: OrderEvent,
) -> Result<(), Failure> {
    match event {
        OrderEvent::Confirmed { .. } => checks::settle_all(tx, setting, order, "confirmed").await,
        OrderEvent::Cancelled { .. } => {
            checks::settle_all(tx, setting, order, "cancelled").await?;
            cancellations::order_ended(tx, setting, order.shop, order.id).await?;
            shortages::order_ended(tx, setting, order.shop, order.id).await?;
            after_sales::order_ended(tx, setting, ids, order).await
        }
        OrderEvent::Paid { .. }
        | OrderEvent::CheckNeeded { .. }
        | OrderEvent::DispatchLate { .. }
        | OrderEvent::PartShipped { .. }
        | OrderEvent::Shipped { .. }
        | OrderEvent::Collected { .. }
        | OrderEvent::Progressed { .. }
        | OrderEvent::DeliveryOverdue { .. }
        | OrderEvent::Delivered { .. }
        | OrderEvent::Completed { .. }
        | OrderEvent::Settled { .. }
        | OrderEvent::PartlyRefunded { .. }
        | OrderEvent::RestDropped { .. }
        | OrderEvent::PaidMore { .. }
        | OrderEvent::CaseOpened
        | OrderEvent::CaseClosed => Ok(()),
    }
}

async fn terms_of(
    tx: &mut Tx,
    setting: &Setting,
    loaded: &OrderForDecision,
) -> Result<OrderTerms, Failure> {
    let code =
        MarketCode::parse(&loaded.market).map_err(|error| Failure::Broken(error.to_string()))?;
    let tier = orders::tier_of_shop(tx, loaded.order.shop, setting.now).await?;
    let tier = Tier::parse(&tier).ok_or_else(|| Failure::Broken(format!("tier {tier}")))?;
    let settlement = setting.policies.settlement(code);
    Ok(OrderTerms::of(setting.policies.orders(code), settlement.tier(tier)))
}

async fn move_stock(
    tx: &mut Tx,
    order: &Order,
    effect: StockEffect,
    now: Timestamp,
) -> Result<(), Failure> {
    match effect {
        StockEffect::Nothing => Ok(()),
        StockEffect::Release => {
            let need = crate::goods::parts_still_here(tx, order.shop, order.id).await?;
            Ok(stock::release(tx, order.shop, &need).await?)
        }
        StockEffect::TakeOut => crate::goods::take_out(tx, order, now).await,
        StockEffect::PutBack => crate::goods::put_back(tx, order).await,
    }
}

async fn keep_reserve(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    order: &Order,
    decision: &Decision,
) -> Result<(), Failure> {
    let OrderEvent::Settled { reserve_minor, reserve_until } = decision.event else {
        return Ok(());
    };
    if reserve_minor == 0 {
        return Ok(());
    }
    let part = ReservePart {
        id: ids.take(),
        home_id: order.shop.number(),
        order: order.id,
        currency: order.amounts.currency,
        amount_minor: reserve_minor,
        taken_minor: 0,
        release_at: Some(reserve_until),
        version: 1,
    };
    Ok(ledger::insert_reserve_part(tx, &part, setting.now).await?)
}

/// The shop has packed the goods.
#[derive(Clone, Debug)]
pub struct PackOrder {
    pub ask: OrderAsk,
    pub weight_grams: i64,
}

/// Packs the order by list: all of it which is in no parcel yet goes into one. The caller has compared the goods with
/// the order's list of SKUs; a shop which scans each piece refuses this.
pub async fn pack_order(market: &Market, ask: PackOrder) -> Result<Answered<ParcelId>, Failure> {
    if ask.weight_grams < 1 || ask.weight_grams > 1_000_000 {
        return Err(Failure::invalid(
            "weight_grams",
            "out_of_range",
            "a parcel weighs 1 to 1000000 grams",
        ));
    }
    let (now, block) = (market.now(), market.ids.block(IDS_A_BOX));
    market
        .store
        .write(async move |tx: &mut Tx| {
            let request = ask.ask.request.as_ref();
            if let Some(answered) = requests::kept(tx, request).await? {
                return Ok(answered);
            }
            let mut ids = block.start();
            let loaded = load(tx, &ask.ask).await?;
            let together = Together { weight_grams: ask.weight_grams, actor: ask.ask.actor, now };
            let parcel = packing::pack_whole(tx, &mut ids, &loaded, together).await?;
            requests::keep(tx, request, &parcel, now).await?;
            Ok(Answered::new(parcel))
        })
        .await
}

pub(crate) fn happened(
    ids: &mut IdRun,
    order: &Order,
    kind: &'static str,
    actor: Actor,
    body: serde_json::Value,
    now: Timestamp,
) -> EventRow {
    EventRow {
        id: ids.take(),
        home_id: order.shop.number(),
        subject: "order",
        subject_id: order.id.number(),
        kind,
        actor: actor.code(),
        body: body.to_string(),
        relay: false,
        created_at: now,
    }
}

/// The shop hands the parcel to a carrier.
#[derive(Clone, Debug)]
pub struct ShipOrder {
    pub ask: OrderAsk,
    /// The service's code; empty takes the one which the buyer was promised.
    pub service: String,
    /// Empty lets the sandbox carrier make one; a live market refuses that.
    pub tracking_number: String,
    /// Why it goes by another service than the promised one; needed then, and kept.
    pub instead: Option<ServiceOverride>,
}

/// Ships a packed order: the number must look like one of the carrier's, and the goods leave stock.
pub async fn ship_order(market: &Market, ask: ShipOrder) -> Result<Answered<OrderAnswer>, Failure> {
    ship_parcel(market, ask, None).await
}

/// As [`ship_order`], for one of several parcels: the order waits for the last of them.
pub async fn ship_parcel(
    market: &Market,
    ask: ShipOrder,
    parcel: Option<ParcelId>,
) -> Result<Answered<OrderAnswer>, Failure> {
    let (now, block) = (market.now(), market.ids.block(IDS_A_BOX));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            let request = ask.ask.request.as_ref();
            if let Some(answered) = requests::kept(tx, request).await? {
                return Ok(answered);
            }
            let mut ids = block.start();
            let loaded = load(tx, &ask.ask).await?;
            let setting = Setting::of(&here, &loaded, ask.ask.actor, now);
            let parcel = packing::to_leave(tx, &loaded.order, parcel).await?;
            let shipped = shipped_parcel(tx, &here, &setting, &loaded, &ask, &parcel).await?;
            let order =
                packing::send_off(tx, &here, &setting, &mut ids, (&loaded, &parcel, &shipped))
                    .await?;
            let answer = OrderAnswer::of(&order);
            requests::keep(tx, request, &answer, now).await?;
            Ok(Answered::new(answer))
        })
        .await
}

/// The parcel with carrier, service and number, or what is wrong with them.
pub(crate) async fn shipped_parcel(
    tx: &mut Tx,
    market: &Market,
    setting: &Setting,
    loaded: &OrderForDecision,
    ask: &ShipOrder,
    parcel: &Parcel,
) -> Result<Parcel, Failure> {
    let promised =
        orders::show(tx, loaded.order.shop, loaded.order.id).await?.ok_or(Failure::NotFound)?;
    // A label which was bought names its service.
    let wanted = match (ask.service.as_str(), parcel.service.as_str()) {
        ("", "") => promised.service.as_str(),
        ("", bought) => bought,
        (wanted, _) => wanted,
    };
    let typed = ask.tracking_number.trim();
    let number = if typed.is_empty() { parcel.tracking_number.as_str() } else { typed };
    let chosen = tracking::Chosen { service: wanted, number };
    let named = tracking::named(market, &setting.policies, &loaded.market, &chosen, parcel.id)?;
    can_go(tx, setting, &promised, wanted, parcel).await?;
    let override_reason = if parcel.service == wanted {
        // The reason was given with the label.
        parcel.override_reason.clone()
    } else {
        ServiceOverride::kept(ask.instead.as_ref(), wanted != promised.service)
            .map_err(|fault| Failure::invalid("override_reason", fault.code(), fault.to_string()))?
    };
    Ok(Parcel {
        state: ParcelState::HandedOver,
        carrier: named.carrier,
        service: named.service,
        tracking_number: named.number,
        progress_at: setting.now,
        handed_over_at: Some(setting.now),
        news_at: setting.now,
        override_reason,
        ..parcel.clone()
    })
}

/// A service which does not take what was packed is refused with its reason: the ranking may be overridden, not what a
/// carrier takes.
async fn can_go(
    tx: &mut Tx,
    setting: &Setting,
    order: &OrderRow,
    wanted: &str,
    parcel: &Parcel,
) -> Result<(), Failure> {
    let code =
        MarketCode::parse(&order.market).map_err(|error| Failure::Broken(error.to_string()))?;
    let lines = orders::lines(tx, order.shop, order.id).await?;
    let ids: Vec<SkuId> = lines.iter().map(|line| line.sku).collect();
    let skus = catalog::load_for_sale(tx, order.shop, &ids).await?;
    let (_, nature) = shop_desk::weigh(&lines, &skus)?;
    let facts = shop_desk::facts_of(tx, order, code, (&lines, &skus), nature).await?;
    let facts = ParcelFacts { weight_grams: parcel.weight_grams, ..facts };
    let ranking = rank(&setting.policies, code, &facts);
    match ranking.excluded.iter().find(|(service, _)| service == wanted) {
        Some((_, why)) => {
            let says = format!("this service does not take the parcel: {why}");
            Err(Failure::invalid("service", "service_excluded", says))
        }
        None => Ok(()),
    }
}
