//! The money of a shortage: what is missing goes back, what is put in instead may cost more or less.

use rules::ids::PaymentId;
use rules::ledger::{Account, TransferCode, transfer};
use rules::money::Money;
use rules::orders::liability::Refund;
use rules::orders::refunds::{BackReason, Shares, of_more, of_price, of_units};
use rules::orders::shortages::{ShortageCommand, ShortageState, dearer, divided};
use rules::orders::{CancelledBy, Order, OrderCommand};
use rules::payments::PaymentState;
use rules::time::Timestamp;
use serde_json::json;
use store::ledger::Occasion;
use store::orders::{LineRow, OrderForDecision};
use store::payments::{ExtraFor, OrderRef, Payment};
use store::shortages::{self as rows, Shortage};
use store::{Tx, events, ledger, orders, payments};

use super::{line_of, open, read_substitute, step, text};
use crate::failure::Failure;
use crate::id_maker::IdRun;
use crate::market::{Actor, Market};
use crate::orders::{Setting, ask_for_refund, carry_out, happened};

/// The missing units go back with their frozen shares; when nothing else is left, the order ends.
pub(super) async fn refund_missing(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    loaded: &OrderForDecision,
    shortage: &Shortage,
    by: CancelledBy,
) -> Result<(), Failure> {
    let order = &loaded.order;
    orders::hold(tx, order).await?;
    let lines = orders::lines(tx, order.shop, order.id).await?;
    let units: i64 = lines.iter().map(|line| line.price.quantity - line.back_count).sum();
    let mut line =
        lines.into_iter().find(|line| line.id == shortage.line).ok_or(Failure::NotFound)?;
    let count = shortage.missing_count;
    line.short_count -= count;
    if units == count {
        orders::give_line_back(tx, order.shop, &line).await?;
        let command = OrderCommand::CancelForShortage { by };
        return carry_out(tx, setting, ids, loaded, command).await.map(drop);
    }
    give_units_back(tx, setting, ids, loaded, (line, count, BackReason::Shortage)).await.map(drop)
}

/// `count` units of a line go back; their pieces are off the line already.
pub(crate) async fn give_units_back(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    loaded: &OrderForDecision,
    (mut line, count, reason): (LineRow, i64, BackReason),
) -> Result<Order, Failure> {
    let part = of_units(&line.left(loaded.tax_included), count);
    line.back_count += count;
    line.back = line.back.plus(part);
    orders::give_line_back(tx, loaded.order.shop, &line).await?;
    let refund = Refund::before_settlement(part, 0);
    let command = OrderCommand::GiveBack { refund, reason };
    carry_out(tx, setting, ids, loaded, command).await
}

/// The substitute takes the place of the missing units, with their frozen price, less or more the difference.
pub(super) async fn put_in(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    loaded: &OrderForDecision,
    shortage: &Shortage,
) -> Result<(), Failure> {
    let order = &loaded.order;
    orders::hold(tx, order).await?;
    let mut line = line_of(tx, order.shop, order.id, shortage.line).await?;
    let (count, included) = (shortage.missing_count, loaded.tax_included);
    line.short_count -= count;
    let whole = count == line.price.quantity;
    let mut instead = if whole {
        line.clone()
    } else {
        let part = of_units(&line.left(included), count);
        let (price, rest) = divided(&line.price, part, count, included);
        line.price = rest;
        orders::change_line(tx, order.shop, &line).await?;
        LineRow {
            id: ids.take(),
            price,
            back_count: 0,
            short_count: 0,
            back: Shares::NOTHING,
            batches: "[]".to_owned(),
            ..line.clone()
        }
    };
    let left = instead.left(included).shares;
    let difference = shortage.difference_minor;
    let command = if difference < 0 {
        let less = difference.unsigned_abs().min(left.paid_minor.unsigned_abs());
        let less = i64::try_from(less).unwrap_or(left.paid_minor);
        let part = of_price(&instead.left(included), less);
        instead.back = instead.back.plus(part);
        let refund = Refund::before_settlement(part, 0);
        (less > 0).then_some(OrderCommand::GiveBack { refund, reason: BackReason::Substitute })
    } else if difference > 0 && !shortage.waived {
        let part = of_more(left, difference);
        instead.price = dearer(&instead.price, part, included);
        Some(OrderCommand::AddPaid { part })
    } else {
        None
    };
    let substitute = read_substitute(&shortage.substitute)?;
    instead.instead_of = Some(line.sku);
    instead.instead_of_code = line.sku_code.clone();
    instead.product = substitute.product;
    instead.sku = substitute.sku;
    instead.listing_version = substitute.listing_version;
    instead.title_en = substitute.title_en;
    instead.title_zh = substitute.title_zh;
    instead.options = substitute.options;
    instead.sku_code = substitute.sku_code;
    instead.picture = substitute.picture;
    instead.category = substitute.category;
    instead.nature = substitute.nature;
    instead.parts = text(&substitute.parts)?;
    if whole {
        orders::change_line(tx, order.shop, &instead).await?;
    } else {
        orders::insert_line(tx, order.shop, order.id, &instead, setting.now).await?;
    }
    if let Some(command) = command {
        carry_out(tx, setting, ids, loaded, command).await?;
    }
    Ok(())
}

/// The payment of what a substitute costs more: an ordinary one, with the buyer's time to answer as its time to pay.
pub(super) async fn ask_for_extra(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    loaded: &OrderForDecision,
    shortage: &Shortage,
    pay_by: Timestamp,
) -> Result<PaymentId, Failure> {
    let order = &loaded.order;
    let checkout =
        payments::load(tx, order.buyer, order.payment).await?.ok_or(Failure::NotFound)?;
    let payment = Payment {
        id: ids.take(),
        state: PaymentState::Requested { pay_by },
        method: String::new(),
        amount: Money::new(shortage.difference_minor, order.amounts.currency),
        orders: vec![OrderRef { shop: order.shop, order: order.id }],
        failure: String::new(),
        captured_at: None,
        extra: Some(ExtraFor { shop: order.shop, shortage: shortage.id }),
        declined_count: 0,
        version: 1,
        created_at: setting.now,
        ..checkout
    };
    payments::insert(tx, &payment).await?;
    Ok(payment.id)
}

/// The buyer has paid what the substitute costs more; when the time for that was over, the money goes back.
pub(crate) async fn extra_paid(
    tx: &mut Tx,
    market: &Market,
    ids: &mut IdRun,
    payment: &Payment,
    extra: ExtraFor,
    now: Timestamp,
) -> Result<(), Failure> {
    let (before, loaded) = open(tx, extra.shop, extra.shortage).await?;
    let setting = Setting::of(market, &loaded, Actor::Provider, now);
    let Ok(state) = step(&setting, &loaded, &before, ShortageCommand::Paid) else {
        return return_extra(tx, &setting, ids, &loaded, payment).await;
    };
    let mut after = Shortage { state, answered_at: Some(now), ..before.clone() };
    after.answered_by = Actor::Buyer(loaded.order.buyer).code();
    debug_assert!(matches!(after.state, ShortageState::Accepted));
    rows::record(tx, &before, &after).await?;
    put_in(tx, &setting, ids, &loaded, &after).await
}

async fn return_extra(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    loaded: &OrderForDecision,
    payment: &Payment,
) -> Result<(), Failure> {
    let (order, amount) = (&loaded.order, payment.amount);
    let occasion = Occasion {
        home_id: order.shop.number(),
        currency: amount.currency,
        subject: "order",
        subject_id: order.id.number(),
        // A payment has an id of its own: as a step it cannot meet an order's version.
        step: payment.id.number(),
        now: setting.now,
    };
    let code = TransferCode::LatePaymentReturned;
    let back = transfer(code, Account::ProviderClearing, Account::RefundTransit, amount.minor);
    ledger::post(tx, &occasion, &[back], &[ids.take()]).await?;
    let paid_by = Order { payment: payment.id, ..order.clone() };
    ask_for_refund(tx, setting, ids, &paid_by, amount, "paid_too_late").await?;
    let body = json!({ "refund": amount });
    let mut event = happened(ids, order, "paid_too_late", Actor::Provider, body, setting.now);
    event.relay = true;
    Ok(events::insert(tx, &[event]).await?)
}
