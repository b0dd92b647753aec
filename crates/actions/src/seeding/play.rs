//! One order's history, from its placement to the end or to now: what is planned happens at its moment, and deadlines
//! pass when nothing does.

use std::collections::BTreeMap;

use rules::checkout::border::DutyLine;
use rules::figures::{Facts, Figure, Move, of_order};
use rules::ids::{Id, NoticeId, OrderId};
use rules::ledger::{Account, TransferCode, transfer};
use rules::money::Money;
use rules::orders::refunds::GivenBack;
use rules::orders::{
    CancelReason, Decision, Order, OrderAmounts, OrderCommand, OrderEvent, OrderState,
    OrderStateName, StockEffect, apply, decide,
};
use rules::policy::Policies;
use rules::time::{Span, Timestamp};
use serde_json::{Value, json};
use store::bulk::WholeItem;
use store::checks::FlagRow;
use store::events::EventRow;
use store::jobs::NewJob;
use store::ledger::ReservePart;
use store::order_items::OrderPromotion;
use store::orders::{Moments, NewOrder, WholeOrder};
use store::payments::Refund;
use store::people::NoticeRow;

use super::Profile;
use super::buyers::Buyer;
use super::flags;
use super::goods::{ShopGoods, Stock};
use super::pool::Pool;
use super::travel::Travelling;
use crate::chance::Chance;
use crate::failure::Failure;
use crate::market::Actor;
use crate::orders::told;
use crate::sandbox_provider;

/// What one history is played with.
pub(super) struct Play<'a> {
    pub shop: &'a ShopGoods,
    pub policies: &'a Policies,
    pub buyer: &'a Buyer,
    pub stock: &'a mut Stock,
    pub pool: &'a mut Pool,
    pub chance: &'a Chance,
    pub profile: Profile,
    pub until: Timestamp,
}

/// An order which has just been placed.
pub(super) struct Placed {
    pub order: NewOrder,
    pub promotions: Vec<OrderPromotion>,
    pub duty: Vec<DutyLine>,
    /// What one piece of each line weighs.
    pub grams: Vec<i64>,
    pub at: Timestamp,
    /// Nothing: nobody ever pays.
    pub paid_at: Option<Timestamp>,
    pub declined: i64,
}

/// What is planned.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Order(OrderCommand, Actor),
    /// A parcel with the lines from the first on, and before the second.
    Pack(usize, usize),
    /// The parcel with this number.
    Ship(usize),
    News(usize),
    RefundConfirmed,
    ReserveReleased,
}

/// The history so far.
pub(super) struct History {
    pub placed: Placed,
    pub order: Order,
    moments: Moments,
    flags: Vec<FlagRow>,
    /// From which deliveries each line was filled.
    pub batches: Vec<Vec<Value>>,
    agenda: BTreeMap<(Timestamp, u32), Step>,
    planned: u32,
    pub parcels: Vec<Travelling>,
    /// When a carrier's scan first happened.
    pub first_scan: Option<Timestamp>,
    refund: Option<Refund>,
    reserve: Option<(ReservePart, Timestamp)>,
}

impl History {
    fn new(placed: Placed) -> History {
        let order = placed_order(&placed.order);
        let batches = vec![Vec::new(); placed.order.lines.len()];
        History {
            placed,
            order,
            moments: Moments::default(),
            flags: Vec::new(),
            batches,
            agenda: BTreeMap::new(),
            planned: 0,
            parcels: Vec::new(),
            first_scan: None,
            refund: None,
            reserve: None,
        }
    }

    pub fn plan(&mut self, at: Timestamp, step: Step) {
        self.planned += 1;
        self.agenda.insert((at, self.planned), step);
    }
}

/// As `figures::order_moved` has it: by the first scan, or when the last parcel left where that is later.
fn dispatched(history: &mut History, event: OrderEvent, at: Timestamp) {
    let scanned = history.first_scan.unwrap_or(at).min(at);
    let scanned_at = scanned.max(history.moments.shipped_at.unwrap_or(scanned));
    let facts = Facts { scanned_at, promise_by: history.placed.order.promise_by };
    let late = |step: &Move| matches!(step, Move::Count { figure: Figure::LateDispatch, .. });
    if of_order(&history.order, event, facts, at).iter().any(late) {
        history.moments.scanned_at.get_or_insert(scanned_at);
    }
}

fn placed_order(order: &NewOrder) -> Order {
    let price = &order.price;
    Order {
        id: order.id,
        shop: order.shop,
        buyer: order.buyer,
        payment: order.payment,
        state: OrderState::Unpaid { pay_by: order.pay_by },
        amounts: OrderAmounts {
            currency: price.currency,
            total_minor: price.total_minor,
            tax_minor: price.tax_minor,
            duty_minor: price.duty_minor,
            house_discount_minor: price.house_discount_minor,
            shipping_minor: price.shipping_minor,
            commission_minor: price.commission_minor,
            fee_minor: 0,
        },
        given: GivenBack::default(),
        flagged: false,
        ship_by: None,
        cases_count: 0,
        version: 1,
    }
}

impl Play<'_> {
    /// Plays it to the end or to now, and leaves its rows in the pool. Answers in which state it is then.
    pub fn run(mut self, placed: Placed) -> Result<OrderStateName, Failure> {
        let mut history = History::new(placed);
        self.begin(&mut history);
        loop {
            let planned = history.agenda.keys().next().copied();
            let due = history.order.state.due_at();
            match (planned, due) {
                (Some(key), due) if due.is_none_or(|due| key.0 <= due) => {
                    if key.0 > self.until {
                        break;
                    }
                    if let Some(step) = history.agenda.remove(&key) {
                        self.step(&mut history, step, key.0)?;
                    }
                }
                (_, Some(due)) if due <= self.until => self.deadline(&mut history, due)?,
                (_, _) => break,
            }
        }
        self.finish(history)
    }

    fn begin(&mut self, history: &mut History) {
        let placed = &history.placed;
        let (order, at) = (&placed.order, placed.at);
        let total = Money::new(order.price.total_minor, order.price.currency);
        let body = json!({ "total": total, "until": order.pay_by });
        let (id, paid_at) = (order.id, placed.paid_at);
        self.happened(id, "placed", Actor::Buyer(self.buyer.person), &body, false, at);
        if let Some(paid_at) = paid_at {
            history.plan(paid_at, Step::Order(OrderCommand::Pay, Actor::Provider));
        }
        let received_before_end = match self.profile {
            Profile::Life => return,
            Profile::ReceivedAtOnce => Span::from_minutes(1),
            Profile::ReceivedInTurn => Span::from_ms(60_000 + self.chance.below(3_540_000) as i64),
        };
        let received = Step::Order(OrderCommand::ConfirmReceipt, self.as_buyer());
        history.plan(self.until - received_before_end, received);
    }

    fn as_buyer(&self) -> Actor {
        Actor::Buyer(self.buyer.person)
    }

    fn step(&mut self, history: &mut History, step: Step, at: Timestamp) -> Result<(), Failure> {
        match step {
            Step::Order(command, actor) => self.carry_out(history, command, actor, at).map(drop),
            Step::Pack(from, to) => self.pack(history, (from, to), at),
            Step::Ship(parcel) => self.ship(history, parcel, at),
            Step::News(parcel) => self.news(history, parcel, at),
            Step::RefundConfirmed => self.refund_confirmed(history, at),
            Step::ReserveReleased => self.reserve_released(history, at),
        }
    }

    fn deadline(&mut self, history: &mut History, at: Timestamp) -> Result<(), Failure> {
        if matches!(history.order.state, OrderState::OnHold { .. }) {
            self.look(history, at)?;
        }
        match self.carry_out(history, OrderCommand::PassDeadline, Actor::Clock, at)? {
            true => Ok(()),
            false => {
                Err(Failure::Broken(format!("a deadline of {} did nothing", history.order.id)))
            }
        }
    }

    /// The look at the end of the free hour.
    fn look(&mut self, history: &mut History, at: Timestamp) -> Result<(), Failure> {
        let placed = &history.placed;
        let found = flags::look(self.shop, &placed.order, self.buyer, placed.declined, at);
        let mut ids = self.pool.ids(at, found.len() as i64);
        for flag in found {
            let facts =
                serde_json::to_string(&flag).map_err(|error| Failure::Broken(error.to_string()))?;
            history.flags.push(FlagRow {
                id: ids.take(),
                order: history.order.id,
                kind: flag.code().to_owned(),
                facts,
                open: true,
                resolution: String::new(),
                why: String::new(),
                resolved_by: String::new(),
                resolved_at: None,
                created_at: at,
            });
        }
        history.order.flagged = !history.flags.is_empty();
        Ok(())
    }

    /// As `orders::carry_out`; false when the rules do not allow it any more.
    pub fn carry_out(
        &mut self,
        history: &mut History,
        command: OrderCommand,
        actor: Actor,
        at: Timestamp,
    ) -> Result<bool, Failure> {
        let decided = decide(&history.order, command, &self.shop.terms, at);
        let Ok(decision) = decided else { return Ok(false) };
        let after = apply(history.order.clone(), decision.event);
        history.moments.note(decision.event, at);
        dispatched(history, decision.event, at);
        let before = &history.order;
        let of = (before.shop, before.id, before.amounts.currency);
        self.pool.post(of, after.version, &decision.transfers, at)?;
        let (id, currency) = (before.id, before.amounts.currency);
        self.move_stock(history, decision.stock, at);
        self.keep_reserve(history, &decision, at);
        self.ask_refund(history, &decision, at);
        let (body, relay) = told(&decision, currency);
        self.happened(id, decision.event.code(), actor, &body, relay, at);
        let resolution = match decision.event {
            OrderEvent::Confirmed { .. } => "confirmed",
            OrderEvent::Cancelled { .. } => "cancelled",
            _ => "",
        };
        for flag in history.flags.iter_mut().filter(|flag| flag.open && !resolution.is_empty()) {
            flag.open = false;
            flag.resolution = resolution.to_owned();
            flag.resolved_by = actor.code();
            flag.resolved_at = Some(at);
        }
        history.order = after;
        self.plan_on(history, decision.event, at);
        Ok(true)
    }

    /// What people will do next.
    fn plan_on(&mut self, history: &mut History, event: OrderEvent, at: Timestamp) {
        let life = self.profile == Profile::Life;
        let staff = self.shop.staff;
        match event {
            OrderEvent::Paid { .. } if life && self.chance.percent(2) => {
                let leaves = Step::Order(OrderCommand::CancelByBuyer, self.as_buyer());
                history.plan(self.minutes(at, 5, 50), leaves);
            }
            OrderEvent::CheckNeeded { confirm_by } => {
                // Somebody looks in good time, or nobody does.
                let most = confirm_by.since(at).ms() / 60_000 * 8 / 10;
                let looked_at = self.minutes(at, 60, most.max(120));
                let cancels = OrderCommand::CancelByShop { reason: CancelReason::OutOfStock };
                match self.chance.below(100) {
                    0..85 => {
                        let confirms = Step::Order(OrderCommand::Confirm, staff);
                        history.plan(looked_at, confirms);
                    }
                    85..93 => {
                        history.plan(looked_at, Step::Order(cancels, staff));
                    }
                    _ => {}
                }
            }
            OrderEvent::Confirmed { ship_by, cancel_at } => {
                self.plan_packing(history, at, (ship_by, cancel_at));
            }
            OrderEvent::Delivered { .. } if life && self.chance.percent(35) => {
                let received = Step::Order(OrderCommand::ConfirmReceipt, self.as_buyer());
                history.plan(self.minutes(at, 4 * 60, 80 * 60), received);
            }
            OrderEvent::Settled { reserve_minor, reserve_until } if reserve_minor > 0 => {
                history.plan(reserve_until, Step::ReserveReleased);
            }
            _ => {}
        }
    }

    fn plan_packing(
        &mut self,
        history: &mut History,
        at: Timestamp,
        (ship_by, cancel_at): (Timestamp, Timestamp),
    ) {
        let lines = history.placed.order.lines.len();
        let minutes = |from: Timestamp, to: Timestamp| to.since(from).ms() / 60_000;
        if self.profile != Profile::Life {
            return history.plan(self.minutes(at, 60, 5 * 60), Step::Pack(0, lines));
        }
        let packed_at = match self.chance.below(1_000) {
            0..6 => {
                let reason = CancelReason::OutOfStock;
                let cancels = Step::Order(OrderCommand::CancelByShop { reason }, self.shop.staff);
                return history.plan(self.minutes(at, 120, 720), cancels);
            }
            // Forgotten.
            6..11 => return,
            11..45 => self.minutes(ship_by, 30, minutes(ship_by, cancel_at) / 2),
            _ => self.minutes(at, 60, minutes(at, ship_by) * 6 / 10),
        };
        if lines > 1 && self.chance.percent(12) {
            let rest_at = self.minutes(packed_at, 18 * 60, 30 * 60);
            history.plan(packed_at, Step::Pack(0, 1));
            history.plan(rest_at, Step::Pack(1, lines));
        } else {
            history.plan(packed_at, Step::Pack(0, lines));
        }
    }

    /// Some minutes later, between the two.
    pub fn minutes(&self, at: Timestamp, least: i64, most: i64) -> Timestamp {
        let spread = (most - least).max(1) as u64 * 60_000;
        at + Span::from_minutes(least) + Span::from_ms(self.chance.below(spread) as i64)
    }

    fn move_stock(&mut self, history: &mut History, effect: StockEffect, at: Timestamp) {
        match effect {
            // What an order holds is counted at the end.
            StockEffect::Nothing | StockEffect::Release => {}
            StockEffect::TakeOut => self.goods_leave(history, at),
            StockEffect::PutBack => {
                let lines =
                    history.placed.order.lines.iter().zip(&history.placed.order.price.lines);
                for ((line, price), batches) in lines.zip(&mut history.batches) {
                    for taken in std::mem::take(batches) {
                        self.stock.put_back(line.sku, line.product, price.quantity, &taken);
                    }
                }
            }
        }
    }

    fn keep_reserve(&mut self, history: &mut History, decision: &Decision, at: Timestamp) {
        let OrderEvent::Settled { reserve_minor, reserve_until } = decision.event else { return };
        if reserve_minor == 0 {
            return;
        }
        let part = ReservePart {
            id: self.pool.ids(at, 1).take(),
            home_id: history.order.shop.number(),
            order: history.order.id,
            currency: history.order.amounts.currency,
            amount_minor: reserve_minor,
            taken_minor: 0,
            release_at: Some(reserve_until),
            version: 1,
        };
        history.reserve = Some((part, at));
    }

    fn reserve_released(&mut self, history: &mut History, at: Timestamp) -> Result<(), Failure> {
        let Some((part, _)) = &mut history.reserve else { return Ok(()) };
        part.release_at = None;
        part.version += 1;
        let (debit, credit) = (Account::Reserve, Account::Available);
        let out = transfer(TransferCode::ReserveReleased, debit, credit, part.amount_minor);
        let of = (history.order.shop, history.order.id, part.currency);
        self.pool.post(of, part.id.number(), &[out], at)
    }

    fn ask_refund(&mut self, history: &mut History, decision: &Decision, at: Timestamp) {
        if decision.refund_minor == 0 {
            return;
        }
        let order = &history.order;
        history.refund = Some(Refund {
            id: self.pool.ids(at, 1).take(),
            shop: order.shop,
            order: order.id,
            payment: order.payment,
            amount: Money::new(decision.refund_minor, order.amounts.currency),
            reason: decision.event.code().to_owned(),
            confirmed_at: None,
            version: 1,
            created_at: at,
        });
        history.plan(at + sandbox_provider::REFUND_TAKES, Step::RefundConfirmed);
    }

    fn refund_confirmed(&mut self, history: &mut History, at: Timestamp) -> Result<(), Failure> {
        let Some(refund) = &mut history.refund else { return Ok(()) };
        refund.confirmed_at = Some(at);
        refund.version += 1;
        let (debit, credit) = (Account::RefundTransit, Account::ProviderClearing);
        let out = transfer(TransferCode::RefundConfirmed, debit, credit, refund.amount.minor);
        let of = (refund.shop, refund.order, refund.amount.currency);
        self.pool.post(of, refund.id.number(), &[out], at)?;
        let body = json!({ "refund": refund.amount });
        let order = refund.order;
        self.happened(order, "refunded", Actor::Provider, &body, true, at);
        Ok(())
    }

    /// A line of the timeline; what buyers are told of has been carried to them.
    pub fn happened(
        &mut self,
        order: OrderId,
        kind: &'static str,
        actor: Actor,
        body: &Value,
        told: bool,
        at: Timestamp,
    ) {
        let id = self.pool.ids(at, 1).take();
        let (shop, body) = (self.shop.ask.shop, body.to_string());
        let rows = self.pool.rows(at);
        if told {
            rows.notices.push(NoticeRow {
                id: NoticeId::new(rules::ids::EventId::number(id)),
                person: self.buyer.person,
                home: shop,
                kind: kind.to_owned(),
                subject: "order".to_owned(),
                subject_id: order.number(),
                body: body.clone(),
                read_at: None,
                created_at: at,
            });
        }
        rows.events.push(EventRow {
            id,
            home_id: shop.number(),
            subject: "order",
            subject_id: order.number(),
            kind,
            actor: actor.code(),
            body,
            relay: false,
            created_at: at,
        });
    }

    /// Leaves the rows of the history behind.
    fn finish(mut self, mut history: History) -> Result<OrderStateName, Failure> {
        let name = history.order.state.name();
        self.hold(&history);
        self.leave_parcels(&mut history)?;
        let History { placed, order, moments, flags, batches, refund, reserve, .. } = history;
        let (shop, id, at) = (order.shop, order.id, placed.at);
        let kinds: Vec<Value> = flags
            .iter()
            .map(|flag| serde_json::from_str(&flag.facts))
            .collect::<Result<_, _>>()
            .map_err(|error| Failure::Broken(error.to_string()))?;
        for flag in flags {
            self.pool.rows(flag.created_at).flags.push((shop, flag));
        }
        if let Some(refund) = refund {
            if refund.confirmed_at.is_none() {
                self.ask_later(&refund);
            }
            self.pool.rows(refund.created_at).refunds.push(refund);
        }
        if let Some((part, kept_at)) = reserve {
            self.pool.rows(kept_at).reserve_parts.push((part, kept_at));
        }
        let mut ids = self.pool.ids(at, (placed.promotions.len() + placed.duty.len()) as i64);
        let rows = self.pool.rows(at);
        for line in placed.duty {
            let charge: OrderId = ids.take();
            rows.charges.push((charge.number(), shop, id, line, at));
        }
        for promotion in placed.promotions {
            let kept: OrderId = ids.take();
            rows.promotions.push((kept.number(), shop, id, promotion, at));
        }
        rows.orders.push(WholeOrder {
            placed: placed.order,
            now: order,
            moments,
            flags: Value::from(kinds).to_string(),
            batches: batches.into_iter().map(|taken| Value::from(taken).to_string()).collect(),
            created_at: at,
        });
        Ok(name)
    }

    /// What the order still holds of the stock.
    fn hold(&mut self, history: &History) {
        let holds = match history.order.state.name() {
            OrderStateName::Unpaid
            | OrderStateName::OnHold
            | OrderStateName::AwaitingConfirmation
            | OrderStateName::AwaitingShipment
            | OrderStateName::PartiallyShipped => true,
            OrderStateName::AwaitingCollection
            | OrderStateName::InTransit
            | OrderStateName::Delivered
            | OrderStateName::Completed
            | OrderStateName::Settled
            | OrderStateName::Cancelled => false,
        };
        let placed = &history.placed.order;
        let lines = placed.lines.iter().zip(&placed.price.lines).zip(&history.batches);
        for ((line, price), taken) in lines {
            if holds && taken.is_empty() {
                self.stock.hold(line.sku, price.quantity);
            }
        }
    }

    /// The job which looks after a refund that is not confirmed yet.
    fn ask_later(&mut self, refund: &Refund) {
        let at = refund.created_at;
        let job = NewJob {
            id: self.pool.ids(at, 1).take(),
            home_id: refund.shop.number(),
            kind: "refund",
            subject_id: refund.id.number(),
            body: "{}".to_owned(),
            due_at: at + sandbox_provider::REFUND_TAKES,
        };
        self.pool.rows(at).jobs.push((job, at));
    }

    /// An id of a moment, for rows of any kind.
    pub fn id<K>(&mut self, at: Timestamp) -> Id<K> {
        self.pool.ids(at, 1).take()
    }

    pub fn put_item(&mut self, item: WholeItem) {
        self.pool.rows(item.at).items.push(item);
    }
}
