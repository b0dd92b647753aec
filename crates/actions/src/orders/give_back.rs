//! A shop gives money back of its own will once the goods have left: units of lines, or a part of what a line cost.
//!
//! Until the order settles. The charges at the border stay with the authority; the house keeps its fee for the work.

use rules::ids::OrderLineId;
use rules::orders::refunds::{BackReason, Shares, administration_fee, of_price, of_units};
use rules::orders::{OrderCommand, OrderState};
use store::orders::LineRow;
use store::{Tx, orders};

use super::{IDS_A_COMMAND, OrderAnswer, OrderAsk, Setting, carry_out, load};
use crate::cancellations::{market_of, words};
use crate::checks;
use crate::failure::{Failure, Refusal};
use crate::market::Market;
use crate::requests::{self, Answered};

/// What goes back of one line: so many of its units, and on top so much of what is left of it; minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineBack {
    pub line: OrderLineId,
    pub count: i64,
    pub amount_minor: i64,
}

/// A refund which the shop decides on itself.
#[derive(Clone, Debug)]
pub struct GiveBack {
    pub ask: OrderAsk,
    pub reason: BackReason,
    /// What the buyer reads beside it; may be empty.
    pub note: String,
    /// Empty: everything which can go back.
    pub lines: Vec<LineBack>,
}

/// Gives the money back; the order goes on with what is left of it.
pub async fn give_back(market: &Market, ask: GiveBack) -> Result<Answered<OrderAnswer>, Failure> {
    let note = words("note", &ask.note, 0)?;
    if !BackReason::OF_SHOP.contains(&ask.reason) {
        let codes = BackReason::OF_SHOP.map(BackReason::code).join(", ");
        return Err(Failure::invalid("reason", "unknown_reason", codes));
    }
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND));
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
            let order = &loaded.order;
            has_left(order.state)?;
            orders::hold(tx, order).await?;
            let lines = orders::lines(tx, order.shop, order.id).await?;
            let wanted = if ask.lines.is_empty() { everything(&lines) } else { ask.lines.clone() };
            let included = loaded.tax_included;
            let (part, changed) = taken(lines, &wanted, included)?;
            for line in &changed {
                orders::give_line_back(tx, order.shop, line).await?;
            }
            let policy = setting.policies.settlement(market_of(&loaded)?);
            let fee_minor = administration_fee(policy, part, order.amounts.currency, true);
            let command = OrderCommand::GiveBack { part, fee_minor, reason: ask.reason };
            let after = carry_out(tx, &setting, &mut ids, &loaded, command).await?;
            if !note.is_empty() {
                checks::say(tx, &setting, &mut ids, &loaded, &note).await?;
            }
            let answer = OrderAnswer::of(&after);
            requests::keep(tx, request, &answer, now).await?;
            Ok(Answered::new(answer))
        })
        .await
}

fn everything(lines: &[LineRow]) -> Vec<LineBack> {
    let all = |line: &LineRow| LineBack {
        line: line.id,
        count: line.price.quantity - line.back_count,
        amount_minor: 0,
    };
    lines.iter().map(all).filter(|back| back.count > 0).collect()
}

/// The shares of what goes back together, and the lines as they are then.
fn taken(
    mut lines: Vec<LineRow>,
    wanted: &[LineBack],
    tax_included: bool,
) -> Result<(Shares, Vec<LineRow>), Failure> {
    let mut sum = Shares::NOTHING;
    for back in wanted {
        let found = lines.iter_mut().find(|line| line.id == back.line);
        let line = found.ok_or(Failure::NotFound)?;
        let left = line.left(tax_included).having_left();
        if back.count < 0 || back.count > left.units {
            let says = format!("0 to {} pieces of this line can be refunded", left.units);
            return Err(Failure::invalid(field(back, "count"), "out_of_range", says));
        }
        if back.count > 0 {
            let part = of_units(&left, back.count);
            line.back_count += back.count;
            line.back = line.back.plus(part);
            sum = sum.plus(part);
        }
        let left = line.left(tax_included).having_left();
        if back.amount_minor < 0 || back.amount_minor > left.shares.paid_minor {
            let says = "that is more than is left of what was paid for this line";
            return Err(Failure::invalid(field(back, "amount"), "more_than_is_left", says));
        }
        let part = of_price(&left, back.amount_minor);
        line.back = line.back.plus(part);
        sum = sum.plus(part);
    }
    if sum.paid_minor == 0 {
        let says = "say of at least one line how many pieces or how much money goes back";
        return Err(Failure::invalid("lines", "missing", says));
    }
    let named = |line: &LineRow| wanted.iter().any(|back| back.line == line.id);
    lines.retain(named);
    Ok((sum, lines))
}

fn field(back: &LineBack, of: &str) -> String {
    format!("{of}_{}", back.line)
}

/// What is still here is cancelled, not refunded; what has settled is no longer the order's money.
fn has_left(state: OrderState) -> Result<(), Failure> {
    match state {
        OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. } => Ok(()),
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => {
            let code = state.name().code();
            let says = format!("give_back is not possible while the order is {code}");
            let refusal = Refusal::new("not_in_this_state", says);
            Err(refusal.fact("command", "give_back").fact("state", code).into())
        }
    }
}
