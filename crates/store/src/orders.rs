//! Orders: what is written at placement, what a decision loads, what it records.

use rules::checkout::border::TaxCollection;
use rules::checkout::pricing::OrderPrice;
use rules::ids::{OrderId, OrderLineId, PaymentId, PersonId, ProductId, ShopId, SkuId};
use rules::money::Currency;
use rules::orders::refunds::{GivenBack, Shares};
use rules::orders::{
    CancelReason, CancelledBy, Fault, Order, OrderAmounts, OrderEvent, OrderState, OrderStateName,
};
use rules::time::Timestamp;

mod lines;
mod whole;

pub use lines::{
    LineRow, change_line, give_all_back, give_line_back, insert_line, keep_batches, lines, short_of,
};

pub(crate) use whole::insert_whole;
pub use whole::{Moments, WholeOrder};

use crate::db::{DbError, FromRow, P, Row, Tx};
use crate::p;

/// Everything a new order keeps of the moment it was placed.
#[derive(Clone, Debug)]
pub struct NewOrder {
    pub id: OrderId,
    pub shop: ShopId,
    pub buyer: PersonId,
    pub payment: PaymentId,
    pub market: String,
    pub price: OrderPrice,
    /// JSON array of `rules::orders::flags::Flag`.
    pub flags: String,
    pub carrier: String,
    pub service: String,
    pub promise_from: Timestamp,
    pub promise_by: Timestamp,
    /// JSON of `rules::checkout::address::Address`.
    pub address: String,
    pub buyer_name: String,
    pub policy_version: i64,
    pub pay_by: Timestamp,
    pub lines: Vec<NewLine>,
}

#[derive(Clone, Debug)]
pub struct NewLine {
    pub id: OrderLineId,
    pub product: ProductId,
    pub sku: SkuId,
    pub listing_version: i64,
    pub title_en: String,
    pub title_zh: String,
    /// JSON array of option values, as `["Blue", "M"]`.
    pub options: String,
    pub sku_code: String,
    pub picture: String,
    pub category: String,
    /// JSON of the goods' nature.
    pub nature: String,
    /// JSON array of `{sku, quantity}`: what the line takes from stock.
    pub parts: String,
    /// The tariff number of the listing version, or empty.
    pub hs_code: String,
}

pub async fn insert(tx: &mut Tx, order: &NewOrder, now: Timestamp) -> Result<(), DbError> {
    let price = &order.price;
    let pieces: i64 = price.lines.iter().map(|line| line.quantity).sum();
    tx.put(
        "insert into orders (id, shop_id, buyer_id, payment_id, market, currency, state, flags, cancelled_by, cancel_reason, fault,
            goods_minor, shop_discount_minor, house_discount_minor, shipping_minor, tax_minor, tax_included, total_minor, commission_minor,
            carrier, service, promise_from_at, promise_by_at, address, buyer_name, policy_version, pieces_count, due_at, claimed_until, version, created_at, duty_minor, tax_collection)
         values ($1, $2, $3, $4, $5, $6, 'unpaid', $7, '', '', '', $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, 0, 1, $25, $26, $27)",
        p![
            order.id, order.shop, order.buyer, order.payment, &order.market, price.currency.code(), &order.flags,
            price.goods_minor, price.shop_discount_minor, price.house_discount_minor, price.shipping_minor,
            price.tax_minor, price.tax_included, price.total_minor, price.commission_minor,
            &order.carrier, &order.service, order.promise_from, order.promise_by,
            &order.address, &order.buyer_name, order.policy_version, pieces, order.pay_by, now,
            price.duty_minor, price.tax_collection.code()
        ],
    )
    .await?;
    insert_lines(tx, order, now).await?;
    tx.put(
        "insert into buyer_orders (id, buyer_id, shop_id, payment_id, created_at) values ($1, $2, $3, $4, $5)",
        p![order.id, order.buyer, order.shop, order.payment, now],
    )
    .await
}

/// Columns of one inserted line.
const LINE_COLUMNS: usize = 26;

const LINE_HEAD: &str = "insert into order_lines (id, shop_id, order_id, product_id, sku_id, listing_version, title_en, title_zh, options, sku_code, picture, category, nature, quantity, unit_minor, goods_minor, shop_discount_minor, house_discount_minor, shipping_minor, tax_minor, commission_minor, parts, batches, created_at, hs_code, duty_minor) values";

async fn insert_lines(tx: &mut Tx, order: &NewOrder, now: Timestamp) -> Result<(), DbError> {
    let mut values: Vec<P<'_>> = Vec::with_capacity(order.lines.len() * LINE_COLUMNS);
    for (place, line) in order.lines.iter().enumerate() {
        line_values(order, place, line, "[]", now, &mut values);
    }
    tx.rows(LINE_HEAD, LINE_COLUMNS, "", &values).await?;
    Ok(())
}

/// The values of one line; `place` is its place in the order, where its price stands.
fn line_values<'a>(
    order: &'a NewOrder,
    place: usize,
    line: &'a NewLine,
    batches: &'a str,
    now: Timestamp,
    values: &mut Vec<P<'a>>,
) {
    let Some(price) = order.price.lines.get(place) else { return };
    values.extend([
        P::from(line.id),
        order.shop.into(),
        order.id.into(),
        line.product.into(),
        line.sku.into(),
        line.listing_version.into(),
        P::from(&line.title_en),
        P::from(&line.title_zh),
        P::from(&line.options),
        P::from(&line.sku_code),
        P::from(&line.picture),
        P::from(&line.category),
        P::from(&line.nature),
        price.quantity.into(),
        price.unit_minor.into(),
        price.goods_minor.into(),
        price.shop_discount_minor.into(),
        price.house_discount_minor.into(),
        price.shipping_minor.into(),
        price.tax_minor.into(),
        price.commission_minor.into(),
        P::from(&line.parts),
        batches.into(),
        now.into(),
        P::from(&line.hs_code),
        price.duty_minor.into(),
    ]);
}

/// The order for a decision, with the market and policy version which govern it and the shop's tier.
#[derive(Clone, Debug)]
pub struct OrderForDecision {
    pub order: Order,
    pub market: String,
    pub policy_version: i64,
    pub flags: String,
    pub tax_included: bool,
}

struct DecisionRow(OrderForDecision);

impl FromRow for DecisionRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let flags: String = row.get(27)?;
        let order = Order {
            id: row.get(0)?,
            shop: row.get(1)?,
            buyer: row.get(2)?,
            payment: row.get(3)?,
            state: state_of(row, 6, 30)?,
            amounts: OrderAmounts {
                currency: currency(&row.get::<String>(5)?)?,
                total_minor: row.get(13)?,
                tax_minor: row.get(14)?,
                house_discount_minor: row.get(15)?,
                shipping_minor: row.get(16)?,
                commission_minor: row.get(17)?,
                fee_minor: 0,
                duty_minor: row.get(29)?,
            },
            given: given_of(row, 18, 31)?,
            flagged: flags != "[]",
            ship_by: row.get(12)?,
            cases_count: row.get(37)?,
            version: row.get(25)?,
        };
        let market = row.get(4)?;
        let (policy_version, tax_included) = (row.get(26)?, row.get(28)?);
        Ok(Self(OrderForDecision { order, market, policy_version, flags, tax_included }))
    }
}

/// The columns which [`given_of`] reads.
const GIVEN: &str = "back_minor, back_tax_minor, back_house_discount_minor, back_shipping_minor, back_commission_minor, back_duty_minor, refund_fee_minor";

/// What of it others bore, in the same order; read by [`given_of`] too.
const BORNE: &str = "borne_minor, borne_tax_minor, borne_house_discount_minor, borne_shipping_minor, borne_commission_minor, borne_duty_minor";

/// Reads seven columns from `at` on, [`GIVEN`], and six from `borne_at` on, [`BORNE`].
fn given_of(row: &Row<'_>, at: usize, borne_at: usize) -> Result<GivenBack, DbError> {
    let (shares, borne) = (shares_of(row, at)?, shares_of(row, borne_at)?);
    Ok(GivenBack { shares, fee_minor: row.get(at + 6)?, borne })
}

/// Reads six columns from `at` on: what went back to the buyer, and its tax, house discount, shipping, commission, duty.
fn shares_of(row: &Row<'_>, at: usize) -> Result<Shares, DbError> {
    Ok(Shares {
        paid_minor: row.get(at)?,
        tax_minor: row.get(at + 1)?,
        house_discount_minor: row.get(at + 2)?,
        shipping_minor: row.get(at + 3)?,
        commission_minor: row.get(at + 4)?,
        duty_minor: row.get(at + 5)?,
    })
}

fn currency(code: &str) -> Result<Currency, DbError> {
    Currency::parse(code).map_err(|error| DbError::Broken(error.to_string()))
}

/// Reads seven columns from `at` on (state, due_at, then_at, cancelled_by, cancel_reason, fault, ship_by_at), and
/// deliver_by_at at `deliver_by`.
fn state_of(row: &Row<'_>, at: usize, deliver_by: usize) -> Result<OrderState, DbError> {
    let state: String = row.get(at)?;
    let due: Option<Timestamp> = row.get(at + 1)?;
    let then: Option<Timestamp> = row.get(at + 2)?;
    let ship_by: Option<Timestamp> = row.get(at + 6)?;
    let broken = || DbError::Broken(format!("order state {state} due {due:?} then {then:?}"));
    let name = OrderStateName::parse(&state).ok_or_else(broken)?;
    let due_at = || due.ok_or_else(broken);
    Ok(match name {
        OrderStateName::Unpaid => OrderState::Unpaid { pay_by: due_at()? },
        OrderStateName::OnHold => OrderState::OnHold { cancel_free_until: due_at()? },
        OrderStateName::AwaitingConfirmation => {
            OrderState::AwaitingConfirmation { confirm_by: due_at()? }
        }
        OrderStateName::AwaitingShipment => {
            let cancel_at = then.ok_or_else(broken)?;
            let ship_by = ship_by.ok_or_else(broken)?;
            // Late is not a column of its own: the row then waits for the second deadline.
            OrderState::AwaitingShipment { ship_by, cancel_at, late: due_at()? != ship_by }
        }
        OrderStateName::PartiallyShipped => {
            let cancel_at = then.ok_or_else(broken)?;
            let ship_by = ship_by.ok_or_else(broken)?;
            OrderState::PartiallyShipped { ship_by, cancel_at, late: due_at()? != ship_by }
        }
        OrderStateName::AwaitingCollection => {
            OrderState::AwaitingCollection { collect_by: due_at()? }
        }
        OrderStateName::InTransit => {
            let lost_at = then.ok_or_else(broken)?;
            let due = due_at()?;
            let deliver_by = row.get::<Option<Timestamp>>(deliver_by)?.unwrap_or(due);
            // Overdue is not a column of its own: the row then waits for the second deadline.
            OrderState::InTransit {
                deliver_by,
                lost_at,
                overdue: due == lost_at && deliver_by < due,
            }
        }
        // Held by a case, the deadline waits in the second column.
        OrderStateName::Delivered => {
            OrderState::Delivered { complete_at: due.or(then).ok_or_else(broken)? }
        }
        OrderStateName::Completed => {
            OrderState::Completed { settle_at: due.or(then).ok_or_else(broken)? }
        }
        OrderStateName::Settled => OrderState::Settled,
        OrderStateName::Cancelled => OrderState::Cancelled {
            by: CancelledBy::parse(&row.get::<String>(at + 3)?).ok_or_else(broken)?,
            reason: CancelReason::parse(&row.get::<String>(at + 4)?).ok_or_else(broken)?,
            fault: Fault::parse(&row.get::<String>(at + 5)?).ok_or_else(broken)?,
        },
    })
}

pub async fn load(
    tx: &mut Tx,
    shop: ShopId,
    order: OrderId,
) -> Result<Option<OrderForDecision>, DbError> {
    let row: Option<DecisionRow> = tx
        .maybe(
            &format!(
                "select id, shop_id, buyer_id, payment_id, market, currency, state, due_at, then_at, cancelled_by, cancel_reason, fault, ship_by_at,
                        total_minor, tax_minor, house_discount_minor, shipping_minor, commission_minor, {GIVEN}, version, policy_version, flags, tax_included, duty_minor, deliver_by_at, {BORNE}, cases_count
                   from orders
                  where shop_id = $1
                    and id = $2"
            ),
            p![shop, order],
        )
        .await?;
    Ok(row.map(|row| row.0))
}

/// Holds the order's row until the act ends, at the version which was loaded: its lines change with it only.
pub async fn hold(tx: &mut Tx, order: &Order) -> Result<(), DbError> {
    let held = tx
        .run(
            "update orders set claimed_until = 0 where shop_id = $1 and id = $2 and version = $3",
            p![order.shop, order.id, order.version],
        )
        .await?;
    if held == 1 { Ok(()) } else { Err(DbError::Again) }
}

/// In which shop a buyer's order is. Not found and not yours look the same.
pub async fn shop_of(
    tx: &mut Tx,
    buyer: PersonId,
    order: OrderId,
) -> Result<Option<ShopId>, DbError> {
    tx.maybe("select shop_id from buyer_orders where buyer_id = $1 and id = $2", p![buyer, order])
        .await
}

/// The column `deliver_by_at`: only an order on its way has one.
const fn deliver_by_of(state: OrderState) -> Option<Timestamp> {
    match state {
        OrderState::InTransit { deliver_by, .. } => Some(deliver_by),
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => None,
    }
}

/// The columns `cancelled_by`, `cancel_reason` and `fault`.
const fn cancelled_words(state: OrderState) -> (&'static str, &'static str, &'static str) {
    match state {
        OrderState::Cancelled { by, reason, fault } => (by.code(), reason.code(), fault.code()),
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled => ("", "", ""),
    }
}

/// Writes what a decision made of the order, whole row by version.
///
/// # Panics
/// When `after` is not what follows from `before` and `event`: a mistake in the act which calls.
pub async fn record(
    tx: &mut Tx,
    before: &Order,
    event: OrderEvent,
    after: &Order,
    now: Timestamp,
) -> Result<(), DbError> {
    assert_eq!(
        rules::orders::apply(before.clone(), event),
        *after,
        "the row follows from the event"
    );
    let (by, reason, fault) = cancelled_words(after.state);
    let deliver_by = deliver_by_of(after.state);
    let at = |kind: &str| (event.code() == kind).then_some(now);
    let changed = tx
        .run(
            "update orders
                set state = $1, due_at = $2, then_at = $3, ship_by_at = $4, cancelled_by = $5, cancel_reason = $6, fault = $7,
                    claimed_until = 0, version = $8,
                    paid_at = coalesce(paid_at, $9), shipped_at = coalesce(shipped_at, $10), delivered_at = coalesce(delivered_at, $11),
                    completed_at = coalesce(completed_at, $12), settled_at = coalesce(settled_at, $13), cancelled_at = coalesce(cancelled_at, $14),
                    deliver_by_at = $15, cases_count = $16
              where shop_id = $17 and id = $18 and version = $19",
            p![
                after.state.name().code(),
                after.due_at(),
                after.then_at(),
                after.ship_by,
                by,
                reason,
                fault,
                after.version,
                at("paid"),
                // Given up, the rest is shipped as far as it ever will be.
                at("shipped").or(at("rest_dropped")),
                at("delivered"),
                at("completed"),
                at("settled"),
                at("cancelled"),
                deliver_by,
                after.cases_count,
                before.shop,
                before.id,
                before.version
            ],
        )
        .await?;
    if changed != 1 {
        return Err(DbError::Again);
    }
    if before.amounts == after.amounts && before.given == after.given {
        return Ok(());
    }
    record_money(tx, after).await
}

/// What was paid and what went back; in the act in which the row's version was compared.
async fn record_money(tx: &mut Tx, after: &Order) -> Result<(), DbError> {
    let (paid, back, borne) = (&after.amounts, after.given.shares, after.given.borne);
    tx.put(
        "update orders
            set goods_minor = goods_minor + $1 - total_minor - (1 - tax_included) * ($2 - tax_minor), total_minor = $1, tax_minor = $2, house_discount_minor = $3, commission_minor = $4, back_minor = $5, back_tax_minor = $6,
                back_house_discount_minor = $7, back_shipping_minor = $8, back_commission_minor = $9, back_duty_minor = $10, refund_fee_minor = $11,
                borne_minor = $12, borne_tax_minor = $13, borne_house_discount_minor = $14, borne_shipping_minor = $15, borne_commission_minor = $16,
                borne_duty_minor = $17
          where shop_id = $18 and id = $19",
        p![
            paid.total_minor,
            paid.tax_minor,
            paid.house_discount_minor,
            paid.commission_minor,
            back.paid_minor,
            back.tax_minor,
            back.house_discount_minor,
            back.shipping_minor,
            back.commission_minor,
            back.duty_minor,
            after.given.fee_minor,
            borne.paid_minor,
            borne.tax_minor,
            borne.house_discount_minor,
            borne.shipping_minor,
            borne.commission_minor,
            borne.duty_minor,
            after.shop,
            after.id
        ],
    )
    .await
}

/// The whole order row, for pages and the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRow {
    pub id: OrderId,
    pub shop: ShopId,
    pub buyer: PersonId,
    pub payment: PaymentId,
    pub market: String,
    pub currency: Currency,
    pub state: OrderState,
    pub flags: String,
    pub goods_minor: i64,
    pub shop_discount_minor: i64,
    pub house_discount_minor: i64,
    pub shipping_minor: i64,
    pub tax_minor: i64,
    pub tax_included: bool,
    /// Under what the tax is collected.
    pub tax_collection: TaxCollection,
    /// The sum of the order's charges at the border.
    pub duty_minor: i64,
    pub total_minor: i64,
    pub commission_minor: i64,
    /// What has gone back to the buyer, and what the house keeps for it.
    pub given: GivenBack,
    pub carrier: String,
    pub service: String,
    pub promise_from: Timestamp,
    pub promise_by: Timestamp,
    pub address: String,
    pub buyer_name: String,
    pub policy_version: i64,
    pub pieces_count: i64,
    /// The shop's own mark: a colour's code or nothing, and a few words. The buyer never sees either.
    pub mark: String,
    pub mark_word: String,
    pub paid_at: Option<Timestamp>,
    pub ship_by: Option<Timestamp>,
    pub shipped_at: Option<Timestamp>,
    pub delivered_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    pub settled_at: Option<Timestamp>,
    pub cancelled_at: Option<Timestamp>,
    pub version: i64,
    pub created_at: Timestamp,
}

impl OrderRow {
    /// What was frozen, and what the buyer has paid since.
    pub const fn amounts(&self) -> OrderAmounts {
        OrderAmounts {
            currency: self.currency,
            total_minor: self.total_minor,
            tax_minor: self.tax_minor,
            duty_minor: self.duty_minor,
            house_discount_minor: self.house_discount_minor,
            shipping_minor: self.shipping_minor,
            commission_minor: self.commission_minor,
            fee_minor: 0,
        }
    }

    /// What is left of it after refunds.
    pub const fn left(&self) -> OrderAmounts {
        self.amounts().less(self.given)
    }
}

/// The columns of [`OrderRow`], in its order.
pub(crate) const ORDER: &str = "id, shop_id, buyer_id, payment_id, market, currency, state, due_at, then_at, cancelled_by, cancel_reason, fault, ship_by_at, \
    flags, goods_minor, shop_discount_minor, house_discount_minor, shipping_minor, tax_minor, tax_included, total_minor, commission_minor, \
    carrier, service, promise_from_at, promise_by_at, address, buyer_name, policy_version, pieces_count, \
    paid_at, shipped_at, delivered_at, completed_at, settled_at, cancelled_at, version, created_at, duty_minor, tax_collection, deliver_by_at, \
    back_minor, back_tax_minor, back_house_discount_minor, back_shipping_minor, back_commission_minor, back_duty_minor, refund_fee_minor, mark, mark_word, \
    borne_minor, borne_tax_minor, borne_house_discount_minor, borne_shipping_minor, borne_commission_minor, borne_duty_minor";

impl FromRow for OrderRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(0)?,
            shop: row.get(1)?,
            buyer: row.get(2)?,
            payment: row.get(3)?,
            market: row.get(4)?,
            currency: currency(&row.get::<String>(5)?)?,
            state: state_of(row, 6, 40)?,
            ship_by: row.get(12)?,
            flags: row.get(13)?,
            goods_minor: row.get(14)?,
            shop_discount_minor: row.get(15)?,
            house_discount_minor: row.get(16)?,
            shipping_minor: row.get(17)?,
            tax_minor: row.get(18)?,
            tax_included: row.get(19)?,
            total_minor: row.get(20)?,
            commission_minor: row.get(21)?,
            given: given_of(row, 41, 50)?,
            carrier: row.get(22)?,
            service: row.get(23)?,
            promise_from: row.get(24)?,
            promise_by: row.get(25)?,
            address: row.get(26)?,
            buyer_name: row.get(27)?,
            policy_version: row.get(28)?,
            pieces_count: row.get(29)?,
            mark: row.get(48)?,
            mark_word: row.get(49)?,
            paid_at: row.get(30)?,
            shipped_at: row.get(31)?,
            delivered_at: row.get(32)?,
            completed_at: row.get(33)?,
            settled_at: row.get(34)?,
            cancelled_at: row.get(35)?,
            version: row.get(36)?,
            created_at: row.get(37)?,
            duty_minor: row.get(38)?,
            tax_collection: TaxCollection::parse(&row.get::<String>(39)?),
        })
    }
}

pub async fn show(tx: &mut Tx, shop: ShopId, order: OrderId) -> Result<Option<OrderRow>, DbError> {
    tx.maybe(&format!("select {ORDER} from orders where shop_id = $1 and id = $2"), p![shop, order])
        .await
}

/// The standing of an order's shop with the till: it governs when the order settles.
pub async fn tier_of_shop(tx: &mut Tx, shop: ShopId, now: Timestamp) -> Result<String, DbError> {
    tx.one(
        "select case when next_tier <> '' and next_tier_at <= $2 then next_tier else tier end from shops where id = $1",
        p![shop, now],
    )
    .await
}
