//! The limit: the rows of a placed and paid order, written by the store's prepared statements and nothing else.
//!
//! No HTTP, no queue, no reading, no deciding; 500 orders a transaction. What the market reaches is a share of this.

use std::collections::BTreeMap;
use std::time::Instant;

use actions::Failure;
use rules::checkout::border::TaxCollection;
use rules::checkout::pricing::{LinePrice, OrderPrice};
use rules::ids::{OrderId, PaymentId, PersonId, ProductId, ShopId, SkuId, TransferId};
use rules::money::{Currency, Money};
use rules::orders::refunds::GivenBack;
use rules::orders::{Order, OrderAmounts, OrderEvent, OrderState, apply, captured};
use rules::payments::PaymentState;
use rules::time::{Span, Timestamp};
use store::events::EventRow;
use store::ledger::Occasion;
use store::orders::{NewLine, NewOrder};
use store::payments::{OrderRef, Payment};
use store::requests::Kept;
use store::{Tx, events, ledger, orders, payments, requests, stock};

use super::stand::Stand;

const A_TRANSACTION: usize = 500;

/// Orders a second, over `count` orders.
pub async fn measure(stand: &Stand, count: usize) -> anyhow::Result<f64> {
    let began = Instant::now();
    for part in 0..count / A_TRANSACTION {
        let rows: Vec<Row> =
            (0..A_TRANSACTION).map(|place| row(stand, part * A_TRANSACTION + place)).collect();
        stand
            .market
            .store
            .write(async move |tx: &mut Tx| {
                for row in &rows {
                    write(tx, row).await?;
                }
                Ok::<_, Failure>(())
            })
            .await?;
    }
    Ok((count / A_TRANSACTION * A_TRANSACTION) as f64 / began.elapsed().as_secs_f64())
}

/// One order's rows, made before the clock of the transaction runs.
struct Row {
    order: NewOrder,
    payment: Payment,
    events: [EventRow; 2],
    kept: Kept,
    keys: [String; 2],
    need: BTreeMap<SkuId, i64>,
    transfers: Vec<TransferId>,
    now: Timestamp,
}

fn row(stand: &Stand, turn: usize) -> Row {
    let market = &stand.market;
    let now = market.now();
    let (shop, skus) = &stand.shops[turn % stand.shops.len()];
    let (person, _) = &stand.keys[turn % stand.keys.len()];
    let chosen = [skus[turn % skus.len()], skus[(turn + 1) % skus.len()]];
    let currency = Currency::parse("USD").expect("USD is a currency");
    let (order_id, payment_id): (OrderId, PaymentId) = (market.id(), market.id());
    let pay_by = now + Span::from_days(1);
    let answer = format!(
        "{{\"payment\":\"{payment_id}\",\"orders\":[{{\"id\":\"{order_id}\",\"shop\":\"{shop}\"}}]}}"
    );
    Row {
        order: NewOrder {
            id: order_id,
            shop: *shop,
            buyer: *person,
            payment: payment_id,
            market: "US".to_owned(),
            price: price(currency),
            flags: "[]".to_owned(),
            carrier: "usps".to_owned(),
            service: "usps_ground_advantage".to_owned(),
            promise_from: now,
            promise_by: pay_by,
            address: super::stand::address().to_string(),
            buyer_name: "Robin Reader".to_owned(),
            policy_version: 1,
            pay_by,
            lines: chosen.map(|sku| new_line(stand, sku)).to_vec(),
        },
        payment: Payment {
            id: payment_id,
            buyer: *person,
            provider: "sandbox".to_owned(),
            method: String::new(),
            state: PaymentState::Requested { pay_by },
            amount: Money::new(11_100, currency),
            orders: vec![OrderRef { shop: *shop, order: order_id }],
            failure: String::new(),
            captured_at: None,
            extra: None,
            declined_count: 0,
            version: 1,
            created_at: now,
        },
        events: ["placed", "paid"].map(|kind| event(stand, *shop, order_id, *person, kind, now)),
        kept: Kept {
            body_hash: "0123456789abcdef0123456789abcdef".to_owned(),
            status: 200,
            answer,
        },
        keys: [format!("raw-place-{turn}"), format!("raw-pay-{turn}")],
        need: chosen.into_iter().map(|sku| (sku, 1)).collect(),
        transfers: (0..2).map(|_| market.id()).collect(),
        now,
    }
}

/// Two lines of one piece each.
fn price(currency: Currency) -> OrderPrice {
    let line = LinePrice {
        unit_minor: 4_900,
        quantity: 1,
        goods_minor: 4_900,
        shipping_minor: 250,
        tax_minor: 400,
        commission_minor: 255,
        ..LinePrice::default()
    };
    OrderPrice {
        currency,
        lines: vec![line.clone(), line],
        goods_minor: 9_800,
        shop_discount_minor: 0,
        house_discount_minor: 0,
        shipping_minor: 500,
        tax_minor: 800,
        tax_included: false,
        tax_collection: TaxCollection::Domestic,
        duty_minor: 0,
        duty: Vec::new(),
        promotions: Vec::new(),
        total_minor: 11_100,
        commission_minor: 510,
    }
}

fn new_line(stand: &Stand, sku: SkuId) -> NewLine {
    NewLine {
        id: stand.market.id(),
        product: ProductId::new(sku.number()),
        sku,
        listing_version: 1,
        title_en: "Wireless earbuds with charging case".to_owned(),
        title_zh: "蓝牙耳机 无线充电盒".to_owned(),
        options: "[{\"name\":\"Colour\",\"value\":\"ink\"}]".to_owned(),
        sku_code: "1-EARBUDS-INK".to_owned(),
        picture: "drawn:earbuds/ink/front".to_owned(),
        category: "electronics".to_owned(),
        nature: "{\"battery\":true}".to_owned(),
        parts: format!("[{{\"sku\":\"{sku}\",\"quantity\":1}}]"),
        hs_code: "851830".to_owned(),
    }
}

fn event(
    stand: &Stand,
    shop: ShopId,
    order: OrderId,
    buyer: PersonId,
    kind: &'static str,
    now: Timestamp,
) -> EventRow {
    EventRow {
        id: stand.market.id(),
        home_id: shop.number(),
        subject: "order",
        subject_id: order.number(),
        kind,
        actor: format!("buyer:{buyer}"),
        body: "{\"until\":\"2026-11-23T08:00:00Z\"}".to_owned(),
        relay: false,
        created_at: now,
    }
}

/// The writes of placing and of paying, in their order.
async fn write(tx: &mut Tx, row: &Row) -> Result<(), Failure> {
    let (shop, now) = (row.order.shop, row.now);
    stock::reserve_looked_at(tx, shop, &row.need).await?;
    orders::insert(tx, &row.order, now).await?;
    payments::insert(tx, &row.payment).await?;
    events::insert(tx, &row.events[..1]).await?;
    requests::keep(tx, row.order.buyer, &row.keys[0], &row.kept, now).await?;
    let paid = Payment {
        method: "card_ok".to_owned(),
        state: PaymentState::Captured,
        captured_at: Some(now),
        ..row.payment.clone()
    };
    payments::record(tx, &row.payment, &paid).await?;
    let before = placed(&row.order);
    let event = OrderEvent::Paid { cancel_free_until: now + Span::from_hours(1) };
    let after = apply(before.clone(), event);
    orders::record(tx, &before, event, &after, now).await?;
    let occasion = Occasion {
        home_id: shop.number(),
        currency: row.order.price.currency,
        subject: "order",
        subject_id: row.order.id.number(),
        step: after.version,
        now,
    };
    ledger::post(tx, &occasion, &captured(&before.amounts), &row.transfers).await?;
    events::insert(tx, &row.events[1..]).await?;
    requests::keep(tx, row.order.buyer, &row.keys[1], &row.kept, now).await?;
    Ok(())
}

fn placed(order: &NewOrder) -> Order {
    Order {
        id: order.id,
        shop: order.shop,
        buyer: order.buyer,
        payment: order.payment,
        state: OrderState::Unpaid { pay_by: order.pay_by },
        amounts: OrderAmounts {
            currency: order.price.currency,
            total_minor: order.price.total_minor,
            tax_minor: order.price.tax_minor,
            duty_minor: order.price.duty_minor,
            house_discount_minor: order.price.house_discount_minor,
            shipping_minor: order.price.shipping_minor,
            commission_minor: order.price.commission_minor,
            fee_minor: 0,
        },
        given: GivenBack::default(),
        flagged: false,
        ship_by: None,
        cases_count: 0,
        version: 1,
    }
}
