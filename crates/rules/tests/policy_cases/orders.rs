//! Questions about the course of an order, its size, and access to the house.

use rules::checkout::limits;
use rules::ids::{OrderId, PaymentId, PersonId, ShopId, SkuId};
use rules::orders::flags::{self, CheckFacts, LineFacts, OfferedFacts};
use rules::orders::refunds::GivenBack;
use rules::orders::{Order, OrderAmounts, OrderCommand, OrderEvent, OrderState, OrderTerms};
use rules::orders::{apply, decide};
use rules::people::{LoginName, lockout, names};
use rules::policy::{Policies, Tier};
use rules::shipping::parcels::{ParcelState, may_change};
use rules::time::{Span, Timestamp};
use serde::Deserialize;
use toml::{Table, Value};

use super::money::{amount, minor};
use super::{Answer, Case, said, text};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Course {
    tier: Tier,
    /// What the buyer pays; no tax, discount or commission.
    total: String,
    placed_at: Timestamp,
    #[serde(default)]
    flagged: bool,
    /// "pay 2026-03-02T09:10:00Z": a command and its time; "deadline": nobody acts until the next deadline has passed.
    steps: Vec<String>,
}

/// Every date which the order gets on its way, and where it ends.
pub fn course(policies: &Policies, case: &Case) -> Answer {
    let facts: Course = case.facts()?;
    let currency = case.market(policies)?.currency;
    let orders = policies.orders(case.market);
    let terms = OrderTerms::of(orders, policies.settlement(case.market).tier(facts.tier));
    let pay_by = facts.placed_at + terms.pay_by;
    let mut answer = said([("pay_by", text(pay_by))]);
    let mut order = Order {
        id: OrderId::new(1),
        shop: ShopId::new(2),
        buyer: PersonId::new(3),
        payment: PaymentId::new(4),
        state: OrderState::Unpaid { pay_by },
        amounts: OrderAmounts {
            currency,
            total_minor: minor(&facts.total, currency)?,
            tax_minor: 0,
            duty_minor: 0,
            house_discount_minor: 0,
            shipping_minor: 0,
            commission_minor: 0,
            fee_minor: 0,
        },
        given: GivenBack::default(),
        flagged: facts.flagged,
        ship_by: None,
        cases_count: 0,
        version: 1,
    };
    for step in &facts.steps {
        let (command, at) = command(step, &order)?;
        let decision = decide(&order, command, &terms, at).map_err(|no| format!("{step}: {no}"))?;
        answer.extend(dates(decision.event));
        if let OrderEvent::Settled { reserve_minor, .. } = decision.event {
            answer.extend(said([("reserve", amount(reserve_minor, currency))]));
        }
        order = apply(order, decision.event);
    }
    answer.extend(said([("state", text(order.state.name().code()))]));
    Ok(answer)
}

fn command(step: &str, order: &Order) -> Result<(OrderCommand, Timestamp), String> {
    if step == "deadline" {
        let due = order.state.due_at().ok_or("no deadline is left")?;
        return Ok((OrderCommand::PassDeadline, due));
    }
    let (word, at) = step.split_once(' ').ok_or_else(|| format!("{step:?} has no time"))?;
    let known = OrderCommand::ALL.into_iter().find(|command| command.code() == word);
    let command = known.ok_or_else(|| format!("{word:?} is no command"))?;
    let at = Timestamp::parse(at).map_err(|error| format!("{step:?}: {error}"))?;
    let command = match command {
        OrderCommand::Progress { .. } => OrderCommand::Progress { at },
        other => other,
    };
    Ok((command, at))
}

/// The dates of an event under the names they have in the code.
fn dates(event: OrderEvent) -> Table {
    match event {
        OrderEvent::Paid { cancel_free_until } => {
            said([("cancel_free_until", text(cancel_free_until))])
        }
        OrderEvent::CheckNeeded { confirm_by } => said([("confirm_by", text(confirm_by))]),
        OrderEvent::Confirmed { ship_by, cancel_at } => {
            said([("ship_by", text(ship_by)), ("cancel_at", text(cancel_at))])
        }
        OrderEvent::DispatchLate { cancel_at } => said([("cancel_at", text(cancel_at))]),
        OrderEvent::PartShipped { ship_by, .. } => said([("ship_by", text(ship_by))]),
        OrderEvent::Shipped { collect_by } => said([("collect_by", text(collect_by))]),
        OrderEvent::Collected { deliver_by, lost_at } => {
            said([("deliver_by", text(deliver_by)), ("lost_at", text(lost_at))])
        }
        OrderEvent::Progressed { lost_at } => said([("lost_at", text(lost_at))]),
        OrderEvent::DeliveryOverdue { lost_at } => said([("lost_at", text(lost_at))]),
        OrderEvent::Delivered { complete_at } => said([("complete_at", text(complete_at))]),
        OrderEvent::Completed { settle_at, .. } => said([("settle_at", text(settle_at))]),
        OrderEvent::Settled { reserve_until, .. } => said([("reserve_until", text(reserve_until))]),
        OrderEvent::Cancelled { by, reason, fault } => said([
            ("cancelled_by", text(by.code())),
            ("reason", text(reason.code())),
            ("fault", text(fault.code())),
        ]),
        OrderEvent::RestDropped { collect_by, .. } => said([("collect_by", text(collect_by))]),
        OrderEvent::PartlyRefunded { .. }
        | OrderEvent::PaidMore { .. }
        | OrderEvent::CaseOpened
        | OrderEvent::CaseClosed => said([]),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    asked_at: Timestamp,
}

/// Until when a request or an offer is to be answered, and what a market allows without asking.
pub fn answers(policies: &Policies, case: &Case) -> Answer {
    let facts: Asked = case.facts()?;
    let policy = policies.orders(case.market);
    Ok(said([
        ("cancel_answer_by", text(facts.asked_at + policy.cancel_answered_within())),
        ("shortage_offer_by", text(facts.asked_at + policy.shortage_terms().offer_within)),
        ("substitute_answer_by", text(facts.asked_at + policy.shortage_terms().answer_within)),
        ("cancel_by_line", Some(Value::Boolean(policy.cancel_by_line))),
        ("cancel_when_late", Some(Value::Boolean(policy.cancel_when_late))),
    ]))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Size {
    lines_count: i64,
    #[serde(default = "one")]
    quantity_count: i64,
}

fn one() -> i64 {
    1
}

/// Whether an order of this size is taken, and whether the shop looks at it first.
pub fn size(policies: &Policies, case: &Case) -> Answer {
    let facts: Size = case.facts()?;
    let policy = policies.orders(case.market);
    let checked = limits::order_lines(facts.lines_count, policy)
        .and_then(|()| limits::quantity(facts.quantity_count, policy));
    let looked = Looked { quantity: facts.quantity_count, ..Looked::ordinary() };
    let flags = flags::check(&looked.facts(), &policy.check_terms());
    Ok(said([
        ("taken", Some(Value::Boolean(checked.is_ok()))),
        ("refused_for", checked.err().and_then(|over| text(over.code()))),
        ("flagged", Some(Value::Boolean(!flags.is_empty()))),
    ]))
}

/// An order as the check sees it; what is not said is ordinary.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Looked {
    quantity: i64,
    ordered_price: i64,
    price_now: i64,
    declined_tries: i64,
    buyer_days: i64,
    total_minor: i64,
    postcode: String,
}

impl Default for Looked {
    fn default() -> Self {
        Looked::ordinary()
    }
}

impl Looked {
    fn ordinary() -> Looked {
        Looked {
            quantity: 1,
            ordered_price: 1_000,
            price_now: 1_000,
            declined_tries: 0,
            buyer_days: 400,
            total_minor: 1_000,
            postcode: "00000".to_owned(),
        }
    }

    fn facts(&self) -> CheckFacts {
        let now = Timestamp::from_ms(0) + Span::from_days(1_000);
        let says = String::new();
        let offered =
            OfferedFacts { unit_minor: self.price_now, listing_version: 1, says: says.clone() };
        let line = LineFacts {
            sku: SkuId::new(1),
            quantity: self.quantity,
            missing: 0,
            unit_minor: self.ordered_price,
            listing_version: 1,
            ordered: says,
            offered: Some(offered),
        };
        CheckFacts {
            lines: vec![line],
            total_minor: self.total_minor,
            address_faults: Vec::new(),
            country: String::new(),
            postcode: self.postcode.clone(),
            usual_country: None,
            declined_tries: self.declined_tries,
            buyer_since: now - Span::from_days(self.buyer_days),
            now,
        }
    }
}

/// Which flags an order gets at the end of the free hour.
pub fn look(policies: &Policies, case: &Case) -> Answer {
    let facts: Looked = case.facts()?;
    let flags = flags::check(&facts.facts(), &policies.orders(case.market).check_terms());
    let codes: Vec<&str> = flags.iter().map(flags::Flag::code).collect();
    Ok(said([("flags", text(codes.join(" ")))]))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Basket {
    lines_count: i64,
    changed_at: Timestamp,
}

/// Whether a basket of this size is taken, and when it is forgotten.
pub fn basket(policies: &Policies, case: &Case) -> Answer {
    let facts: Basket = case.facts()?;
    let policy = policies.orders(case.market);
    let checked = limits::basket_lines(facts.lines_count, policy);
    Ok(said([
        ("taken", Some(Value::Boolean(checked.is_ok()))),
        ("refused_for", checked.err().and_then(|over| text(over.code()))),
        ("forgotten_at", text(facts.changed_at + policy.basket_kept())),
    ]))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrongPasswords {
    before_count: i64,
    before_at: Option<Timestamp>,
    again_at: Timestamp,
}

/// How long somebody waits after one more wrong password.
pub fn wrong_passwords(policies: &Policies, case: &Case) -> Answer {
    let facts: WrongPasswords = case.facts()?;
    let (access, now) = (policies.access(), facts.again_at);
    let count = lockout::count_after_failure(facts.before_count, facts.before_at, access, now);
    let until = lockout::locked_until(count, now, access, now);
    Ok(said([
        ("count", Some(Value::Integer(count))),
        ("locked", Some(Value::Boolean(until.is_some()))),
        ("locked_until", until.and_then(text)),
    ]))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Password {
    password: String,
}

/// Whether a password is taken.
pub fn password(policies: &Policies, case: &Case) -> Answer {
    let facts: Password = case.facts()?;
    let email = LoginName::parse("ada@example.org").map_err(|error| error.to_string())?;
    let least = usize::try_from(policies.access().password_min_length_count);
    let least = least.map_err(|error| error.to_string())?;
    let checked = names::new_password(&facts.password, &email, least);
    Ok(said([("taken", Some(Value::Boolean(checked.is_ok())))]))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Remembered {
    at: Timestamp,
}

/// Until when a session, a sign-in link, the answer to an `Idempotency-Key`, a carrier's signature and its old key hold.
pub fn remembered(policies: &Policies, case: &Case) -> Answer {
    let facts: Remembered = case.facts()?;
    let access = policies.access();
    let until = |span: Span| text(facts.at + span);
    Ok(said([
        ("session_until", until(access.session_lasts())),
        ("sign_in_link_until", until(access.sign_in_link_lasts())),
        ("answer_until", until(access.idempotency_kept())),
        ("report_until", until(access.carrier_signature_holds())),
        ("old_carrier_key_until", until(access.carrier_old_key_lasts())),
    ]))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Correction {
    handed_over_at: Timestamp,
    at: Timestamp,
    #[serde(default)]
    changes_count: i64,
}

/// Whether carrier and tracking number of a parcel on its way may be changed then.
pub fn tracking_change(policies: &Policies, case: &Case) -> Answer {
    let facts: Correction = case.facts()?;
    let allowed = policies.orders(case.market).tracking_change();
    let (from, changes) = (Some(facts.handed_over_at), facts.changes_count);
    let may = may_change(ParcelState::HandedOver, from, changes, allowed, facts.at);
    Ok(said([
        ("allowed", Some(Value::Boolean(may.is_ok()))),
        ("until", may.ok().and_then(text)),
        ("refused_for", may.err().and_then(|refusal| text(refusal.code()))),
    ]))
}
