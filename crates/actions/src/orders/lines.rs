//! Taking single lines off an order: by the shop, for want of stock, where the market's policy allows it.

use rules::ids::OrderLineId;
use rules::orders::refunds::BackReason;
use rules::orders::{CancelReason, OrderCommand, OrderState};
use store::{Tx, orders, parcels, stock};

use super::{IDS_A_COMMAND, OrderAnswer, OrderAsk, Setting, carry_out, load};
use crate::cancellations::market_of;
use crate::failure::{Failure, Refusal};
use crate::market::Market;
use crate::requests::{self, Answered};
use crate::shortages::{divide_parts, give_units_back, sum, text};

/// `count` pieces of a line which the shop cannot deliver.
#[derive(Clone, Debug)]
pub struct CancelLine {
    pub ask: OrderAsk,
    pub line: OrderLineId,
    pub count: i64,
}

/// The pieces leave the order and their money goes back; the last ones cancel the order. Counts as the shop's fault.
pub async fn cancel_line(
    market: &Market,
    ask: CancelLine,
) -> Result<Answered<OrderAnswer>, Failure> {
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            let request = ask.ask.request.as_ref();
            if let Some(answered) = requests::kept(tx, request).await? {
                return Ok(answered);
            }
            let loaded = load(tx, &ask.ask).await?;
            let setting = Setting::of(&here, &loaded, ask.ask.actor, now);
            let mut ids = block.start();
            let order = &loaded.order;
            if !setting.policies.orders(market_of(&loaded)?).cancel_by_line {
                let says = "in this market an order is cancelled whole";
                let refusal = Refusal::new("only_whole_orders", says);
                return Err(refusal.fact("market", &loaded.market).into());
            }
            not_shipped(order.state)?;
            if !parcels::of_order(tx, order.shop, order.id).await?.is_empty() {
                let refusal = Refusal::new("already_packed", "this order has its parcel already");
                return Err(refusal.fact("order", order.id).into());
            }
            orders::hold(tx, order).await?;
            let lines = orders::lines(tx, order.shop, order.id).await?;
            let units: i64 = lines.iter().map(|line| line.price.quantity - line.back_count).sum();
            let found = lines.into_iter().find(|line| line.id == ask.line);
            let mut line = found.ok_or(Failure::NotFound)?;
            let most = line.to_pack_count();
            if ask.count < 1 || ask.count > most {
                let says = format!("1 to {most} pieces of this line can be taken off");
                return Err(Failure::invalid("count", "out_of_range", says));
            }
            let after = if units == ask.count {
                let reason = CancelReason::OutOfStock;
                let command = OrderCommand::CancelByShop { reason };
                carry_out(tx, &setting, &mut ids, &loaded, command).await?
            } else {
                let (taken, left) = divide_parts(&line, ask.count)?;
                stock::release(tx, order.shop, &sum(&taken)).await?;
                line.parts = text(&left)?;
                let what = (line, ask.count, BackReason::LineCancelled);
                give_units_back(tx, &setting, &mut ids, &loaded, what).await?
            };
            let answer = OrderAnswer::of(&after);
            requests::keep(tx, request, &answer, now).await?;
            Ok(Answered::new(answer))
        })
        .await
}

fn not_shipped(state: OrderState) -> Result<(), Failure> {
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
            let says = format!("cancel_line is not possible while the order is {code}");
            let refusal = Refusal::new("not_in_this_state", says);
            Err(refusal.fact("command", "cancel_line").fact("state", code).into())
        }
    }
}
