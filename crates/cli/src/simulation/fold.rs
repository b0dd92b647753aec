//! An order's timeline, folded: what its events say must be what its row says.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use rules::ids::ShortageId;
use rules::money::Money;
use rules::orders::liability::Liable;
use rules::orders::refunds::{BackReason, GivenBack, Shares};
use rules::orders::{
    CancelReason, CancelledBy, Fault, Order, OrderAmounts, OrderEvent, OrderState, OrderTerms,
    apply,
};
use rules::time::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::events::EventSeen;
use store::orders::OrderRow;

/// Folds the events and compares with the row. Deadlines which the clock passed must have been over.
pub(super) fn check(
    row: &OrderRow,
    events: &[EventSeen],
    terms: &OrderTerms,
) -> anyhow::Result<()> {
    let (placed, rest) = events.split_first().context("it has no events")?;
    if placed.kind != "placed" {
        bail!("its first event is {}", placed.kind);
    }
    let pay_by: Timestamp = field(&read_body(placed)?, "until")?;
    let mut more = Shares::NOTHING;
    for seen in rest.iter().filter(|seen| seen.kind == "paid_more") {
        more = more.plus(field(&read_body(seen)?, "part")?);
    }
    let mut order = unpaid(row, pay_by, more);
    let mut asked = Asked::default();
    for seen in rest {
        asked.hears(seen)?;
        let Some(event) = event_of(seen, &order, terms)? else { continue };
        if seen.actor == "clock" {
            let due = asked.due_of(event).unwrap_or(order.state.due_at());
            if due.is_none_or(|due| seen.created_at < due) {
                let at = seen.created_at;
                bail!("its deadline {due:?} was passed early, at {at}: {}", seen.kind);
            }
        }
        as_the_terms_say(event, seen.created_at, terms)?;
        order = apply(order, event);
    }
    if order.amounts != row.amounts() || order.given != row.given {
        let (said, kept) = (order.left(), row.left());
        bail!("its events leave {said:?} of its money, its row {kept:?}");
    }
    if order.state != row.state || order.version != row.version || order.ship_by != row.ship_by {
        bail!(
            "its events end in {:?}, version {}, but its row is {:?}, version {}",
            order.state,
            order.version,
            row.state,
            row.version
        );
    }
    Ok(())
}

/// What waits beside the order: a request to cancel, pieces which are missing. Its deadlines are not the order's.
#[derive(Default)]
struct Asked {
    cancel: Option<Timestamp>,
    short: BTreeMap<ShortageId, Timestamp>,
    /// Of the shortage which ended last with the money.
    refunded: Option<Timestamp>,
}

impl Asked {
    fn hears(&mut self, seen: &EventSeen) -> anyhow::Result<()> {
        match seen.kind.as_str() {
            "cancel_asked" => self.cancel = Some(field(&read_body(seen)?, "until")?),
            "cancel_refused" | "cancel_withdrawn" => self.cancel = None,
            "shortage_found" | "substitute_offered" => {
                let body = read_body(seen)?;
                self.short.insert(field(&body, "shortage")?, field(&body, "until")?);
            }
            "shortage_refunded" => {
                self.refunded = self.short.remove(&field(&read_body(seen)?, "shortage")?);
            }
            _ => {}
        }
        Ok(())
    }

    /// By when this was due, if the clock does it because of something beside the order.
    fn due_of(&self, event: OrderEvent) -> Option<Option<Timestamp>> {
        match event {
            OrderEvent::PartlyRefunded { reason: BackReason::Shortage, .. }
            | OrderEvent::Cancelled { reason: CancelReason::OutOfStock, .. } => Some(self.refunded),
            OrderEvent::Cancelled { reason, .. } => {
                CancelReason::OF_BUYER.contains(&reason).then_some(self.cancel)
            }
            OrderEvent::Paid { .. }
            | OrderEvent::CheckNeeded { .. }
            | OrderEvent::Confirmed { .. }
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
            | OrderEvent::CaseClosed => None,
        }
    }
}

fn unpaid(row: &OrderRow, pay_by: Timestamp, more: Shares) -> Order {
    Order {
        id: row.id,
        shop: row.shop,
        buyer: row.buyer,
        payment: row.payment,
        state: OrderState::Unpaid { pay_by },
        // Less what was paid later: the events add it again.
        amounts: OrderAmounts {
            total_minor: row.total_minor - more.paid_minor,
            tax_minor: row.tax_minor - more.tax_minor,
            commission_minor: row.commission_minor - more.commission_minor,
            ..row.amounts()
        },
        given: GivenBack::default(),
        flagged: row.flags != "[]",
        ship_by: None,
        cases_count: 0,
        version: 1,
    }
}

/// The event as the rules know it; `None` for what happened beside the order's states (packed, refunded, …).
fn event_of(
    seen: &EventSeen,
    order: &Order,
    terms: &OrderTerms,
) -> anyhow::Result<Option<OrderEvent>> {
    let body = read_body(seen)?;
    let until = || field::<Timestamp>(&body, "until");
    Ok(Some(match seen.kind.as_str() {
        "paid" => OrderEvent::Paid { cancel_free_until: until()? },
        "check_needed" => OrderEvent::CheckNeeded { confirm_by: until()? },
        "confirmed" => {
            let ship_by = until()?;
            OrderEvent::Confirmed { ship_by, cancel_at: ship_by + terms.dispatch_grace }
        }
        "dispatch_late" => OrderEvent::DispatchLate { cancel_at: until()? },
        "shipped" => OrderEvent::Shipped { collect_by: until()? },
        "collected" => {
            let deliver_by = until()?;
            OrderEvent::Collected { deliver_by, lost_at: field(&body, "lost_at")? }
        }
        "part_shipped" => {
            let cancel_at = order.state.then_at().context("a part left in a wrong state")?;
            OrderEvent::PartShipped { ship_by: until()?, cancel_at }
        }
        "progressed" => OrderEvent::Progressed { lost_at: until()? },
        "delivery_overdue" => OrderEvent::DeliveryOverdue { lost_at: until()? },
        "delivered" => OrderEvent::Delivered { complete_at: until()? },
        "completed" => {
            OrderEvent::Completed { settle_at: until()?, by_buyer: field(&body, "by_buyer")? }
        }
        "settled" => {
            let reserve: Money = field(&body, "reserve")?;
            if reserve.currency != order.amounts.currency {
                bail!("its reserve is in another currency: {reserve}");
            }
            OrderEvent::Settled { reserve_minor: reserve.minor, reserve_until: until()? }
        }
        "partly_refunded" => OrderEvent::PartlyRefunded {
            part: field(&body, "part")?,
            fee_minor: field::<Money>(&body, "fee")?.minor,
            reason: field(&body, "reason")?,
            // Events from before there was a choice: the shop bore them.
            liable: body.get("liable").map_or(Ok(Liable::Shop), |_| field(&body, "liable"))?,
        },
        "rest_dropped" => OrderEvent::RestDropped {
            part: field(&body, "part")?,
            by: field(&body, "by")?,
            collect_by: until()?,
        },
        "case_opened" => OrderEvent::CaseOpened,
        "case_closed" => OrderEvent::CaseClosed,
        "paid_more" => OrderEvent::PaidMore { part: field(&body, "part")? },
        "cancelled" => OrderEvent::Cancelled {
            by: field::<CancelledBy>(&body, "by")?,
            reason: field::<CancelReason>(&body, "reason")?,
            fault: field::<Fault>(&body, "fault")?,
        },
        _ => return Ok(None),
    }))
}

/// Each deadline is as long as the order's own policy version says, whatever was published since.
fn as_the_terms_say(event: OrderEvent, at: Timestamp, terms: &OrderTerms) -> anyhow::Result<()> {
    let (found, expected) = match event {
        OrderEvent::Paid { cancel_free_until } => (cancel_free_until, at + terms.cancel_free),
        OrderEvent::CheckNeeded { confirm_by } => (confirm_by, at + terms.confirm_by),
        OrderEvent::Confirmed { ship_by, .. } => (ship_by, at + terms.dispatch_by),
        OrderEvent::Shipped { collect_by } | OrderEvent::RestDropped { collect_by, .. } => {
            (collect_by, at + terms.collect_by)
        }
        OrderEvent::Collected { deliver_by, .. } => (deliver_by, at + terms.deliver_by),
        OrderEvent::Delivered { complete_at } => (complete_at, at + terms.auto_complete),
        OrderEvent::Settled { reserve_until, .. } => (reserve_until, at + terms.reserve_for),
        OrderEvent::DispatchLate { .. }
        | OrderEvent::PartShipped { .. }
        | OrderEvent::Progressed { .. }
        | OrderEvent::DeliveryOverdue { .. }
        | OrderEvent::Completed { .. }
        | OrderEvent::PartlyRefunded { .. }
        | OrderEvent::CaseOpened
        | OrderEvent::CaseClosed
        | OrderEvent::PaidMore { .. }
        | OrderEvent::Cancelled { .. } => return Ok(()),
    };
    if found != expected {
        bail!(
            "after {} its deadline is {found}, but its policy version says {expected}",
            event.code()
        );
    }
    Ok(())
}

fn read_body(seen: &EventSeen) -> anyhow::Result<Value> {
    serde_json::from_str(&seen.body)
        .with_context(|| format!("the body of {} is no JSON", seen.kind))
}

fn field<T: DeserializeOwned>(body: &Value, name: &str) -> anyhow::Result<T> {
    let value = body.get(name).with_context(|| format!("an event has no {name}: {body}"))?;
    serde_json::from_value(value.clone()).with_context(|| format!("{name} cannot be read: {value}"))
}
