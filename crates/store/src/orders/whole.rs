//! Orders whose history is over when they are written: rows which were made up in bulk.

use rules::orders::{Order, OrderEvent};
use rules::time::Timestamp;

use super::{NewOrder, cancelled_words, deliver_by_of, give_all_back};
use crate::db::{DbError, P, Tx};

/// When an order first was what; see the columns of the same names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moments {
    pub paid_at: Option<Timestamp>,
    pub shipped_at: Option<Timestamp>,
    pub delivered_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    pub settled_at: Option<Timestamp>,
    pub cancelled_at: Option<Timestamp>,
    /// By which it is judged whether the order was dispatched in time.
    pub scanned_at: Option<Timestamp>,
}

impl Moments {
    /// Notes when an event first happened.
    pub fn note(&mut self, event: OrderEvent, now: Timestamp) {
        let place = match event {
            OrderEvent::Paid { .. } => &mut self.paid_at,
            // All that will leave has left.
            OrderEvent::Shipped { .. } | OrderEvent::RestDropped { .. } => &mut self.shipped_at,
            OrderEvent::Delivered { .. } => &mut self.delivered_at,
            OrderEvent::Completed { .. } => &mut self.completed_at,
            OrderEvent::Settled { .. } => &mut self.settled_at,
            OrderEvent::Cancelled { .. } => &mut self.cancelled_at,
            OrderEvent::CheckNeeded { .. }
            | OrderEvent::Confirmed { .. }
            | OrderEvent::DispatchLate { .. }
            | OrderEvent::PartShipped { .. }
            | OrderEvent::Collected { .. }
            | OrderEvent::Progressed { .. }
            | OrderEvent::DeliveryOverdue { .. }
            | OrderEvent::PartlyRefunded { .. }
            | OrderEvent::PaidMore { .. }
            | OrderEvent::CaseOpened
            | OrderEvent::CaseClosed => return,
        };
        place.get_or_insert(now);
    }
}

/// An order as it was placed, and as it is now.
#[derive(Clone, Debug)]
pub struct WholeOrder {
    pub placed: NewOrder,
    pub now: Order,
    pub moments: Moments,
    /// JSON array of the flags which were found.
    pub flags: String,
    /// From which batches each line was filled, JSON as [`super::keep_batches`] writes it.
    pub batches: Vec<String>,
    pub created_at: Timestamp,
}

/// Inserts orders with their lines and the buyers' own lists, as all their acts would have left them.
pub(crate) async fn insert_whole(tx: &mut Tx, orders: &[WholeOrder]) -> Result<(), DbError> {
    let mut values: Vec<P<'_>> = Vec::with_capacity(orders.len() * ORDER_COLUMNS);
    let mut lines: Vec<P<'_>> = Vec::new();
    let mut of_buyers: Vec<P<'_>> = Vec::with_capacity(orders.len() * 5);
    for order in orders {
        order_values(order, &mut values);
        line_values(order, &mut lines);
        let placed = &order.placed;
        of_buyers.extend([
            P::from(placed.id),
            placed.buyer.into(),
            placed.shop.into(),
            placed.payment.into(),
            order.created_at.into(),
        ]);
    }
    tx.rows(ORDER_HEAD, ORDER_COLUMNS, "", &values).await?;
    tx.rows(super::LINE_HEAD, super::LINE_COLUMNS, "", &lines).await?;
    let head = "insert into buyer_orders (id, buyer_id, shop_id, payment_id, created_at) values";
    tx.rows(head, 5, "", &of_buyers).await?;
    for order in orders {
        let now = &order.now;
        if now.given.shares == now.amounts.shares() {
            give_all_back(tx, now.shop, now.id, order.placed.price.tax_included).await?;
        }
    }
    Ok(())
}

const ORDER_COLUMNS: usize = 50;
const ORDER_HEAD: &str = "insert into orders (id, shop_id, buyer_id, payment_id, market, currency, state, flags, cancelled_by, cancel_reason, fault,
    goods_minor, shop_discount_minor, house_discount_minor, shipping_minor, tax_minor, tax_included, total_minor, commission_minor,
    carrier, service, promise_from_at, promise_by_at, address, buyer_name, policy_version, pieces_count, due_at, claimed_until,
    paid_at, then_at, ship_by_at, shipped_at, delivered_at, completed_at, settled_at, cancelled_at, version, created_at,
    back_minor, back_tax_minor, back_house_discount_minor, back_shipping_minor, back_commission_minor, back_duty_minor, refund_fee_minor,
    deliver_by_at, duty_minor, tax_collection, scanned_at) values";

fn order_values<'a>(order: &'a WholeOrder, values: &mut Vec<P<'a>>) {
    let WholeOrder { placed, now, moments, flags, batches: _, created_at } = order;
    let price = &placed.price;
    let (by, reason, fault) = cancelled_words(now.state);
    let pieces: i64 = price.lines.iter().map(|line| line.quantity).sum();
    let back = now.given.shares;
    values.extend([
        P::from(placed.id),
        placed.shop.into(),
        placed.buyer.into(),
        placed.payment.into(),
        P::from(&placed.market),
        price.currency.code().into(),
        now.state.name().code().into(),
        P::from(flags),
        by.into(),
        reason.into(),
        fault.into(),
        price.goods_minor.into(),
        price.shop_discount_minor.into(),
        price.house_discount_minor.into(),
        price.shipping_minor.into(),
        price.tax_minor.into(),
        price.tax_included.into(),
        price.total_minor.into(),
        price.commission_minor.into(),
        P::from(&placed.carrier),
        P::from(&placed.service),
        placed.promise_from.into(),
        placed.promise_by.into(),
        P::from(&placed.address),
        P::from(&placed.buyer_name),
        placed.policy_version.into(),
        pieces.into(),
        now.state.due_at().into(),
        0.into(),
        moments.paid_at.into(),
        now.state.then_at().into(),
        now.ship_by.into(),
        moments.shipped_at.into(),
        moments.delivered_at.into(),
        moments.completed_at.into(),
        moments.settled_at.into(),
        moments.cancelled_at.into(),
        now.version.into(),
        (*created_at).into(),
        back.paid_minor.into(),
        back.tax_minor.into(),
        back.house_discount_minor.into(),
        back.shipping_minor.into(),
        back.commission_minor.into(),
        back.duty_minor.into(),
        now.given.fee_minor.into(),
        deliver_by_of(now.state).into(),
        price.duty_minor.into(),
        price.tax_collection.code().into(),
        moments.scanned_at.into(),
    ]);
}

fn line_values<'a>(order: &'a WholeOrder, values: &mut Vec<P<'a>>) {
    for (place, line) in order.placed.lines.iter().enumerate() {
        let batches = order.batches.get(place).map_or("[]", String::as_str);
        super::line_values(&order.placed, place, line, batches, order.created_at, values);
    }
}
