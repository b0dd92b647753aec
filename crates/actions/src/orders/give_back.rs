//! A shop gives money back of its own will once the goods have left: units of lines, or a part of what a line cost.
//!
//! Until the order settles its escrow pays; afterwards the shop's accounts do, one after the other. The charges at the
//! border stay with the authority; the house keeps its fee for the work.

use rules::ids::{OrderLineId, RefundId};
use rules::money::Money;
use rules::orders::liability::{Liable, Refund};
use rules::orders::refunds::{BackReason, Shares, administration_fee, of_price, of_units};
use rules::orders::{Order, OrderCommand, OrderState};
use serde::{Deserialize, Serialize};
use store::orders::{LineRow, OrderForDecision};
use store::{Tx, orders, payments};

use super::purse::purse_of;
use super::{IDS_A_COMMAND, OrderAnswer, OrderAsk, Setting, carry_out, load};
use crate::cancellations::{market_of, words};
use crate::checks;
use crate::failure::{Failure, Refusal};
use crate::id_maker::IdRun;
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

/// Gives the money back; the order goes on with what is left of it, or stays settled.
pub async fn give_back(market: &Market, ask: GiveBack) -> Result<Answered<PartGiven>, Failure> {
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
            let back = PartBack { lines: &ask.lines, reason: ask.reason, liable: Liable::Shop };
            let given = give_part_back(tx, &setting, &mut ids, &loaded, back).await?;
            if !note.is_empty() {
                checks::say(tx, &setting, &mut ids, &loaded, &note).await?;
            }
            requests::keep(tx, request, &given, now).await?;
            Ok(Answered::new(given))
        })
        .await
}

/// What goes back of an order's lines, why, and who bears it.
pub(crate) struct PartBack<'a> {
    /// Empty: everything which can go back.
    pub lines: &'a [LineBack],
    pub reason: BackReason,
    pub liable: Liable,
}

/// What was given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartGiven {
    pub order: OrderAnswer,
    pub amount: Money,
    /// More than one where the buyer paid more than once; each goes to the payment which brought it.
    pub refunds: Vec<RefundId>,
}

/// Gives back units of lines, or a part of what they cost, in the caller's act: before settlement out of the order's
/// escrow, afterwards out of what lies in the shop's accounts; or at the cost of a carrier or of the house.
///
/// # Errors
/// Refused while the goods are still here, where nothing was named or is left, and where a carrier or the house is to
/// bear what has not arrived.
pub(crate) async fn give_part_back(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    loaded: &OrderForDecision,
    back: PartBack<'_>,
) -> Result<PartGiven, Failure> {
    let order = &loaded.order;
    has_left(order.state)?;
    orders::hold(tx, order).await?;
    let lines = orders::lines(tx, order.shop, order.id).await?;
    let wanted = if back.lines.is_empty() { everything(&lines) } else { back.lines.to_vec() };
    let (part, changed) = taken(lines, &wanted, loaded.tax_included)?;
    let before = refunds_of(tx, order).await?;
    for line in &changed {
        orders::give_line_back(tx, order.shop, line).await?;
    }
    let policy = setting.policies.settlement(market_of(loaded)?);
    let fee_minor = administration_fee(policy, part, order.amounts.currency, true);
    let purse = purse_of(tx, order).await?;
    let refund = Refund { part, fee_minor, liable: back.liable, purse };
    let command = OrderCommand::GiveBack { refund, reason: back.reason };
    let after = carry_out(tx, setting, ids, loaded, command).await?;
    let mut refunds = refunds_of(tx, order).await?;
    refunds.retain(|refund| !before.contains(refund));
    let amount = Money::new(part.paid_minor, order.amounts.currency);
    Ok(PartGiven { order: OrderAnswer::of(&after), amount, refunds })
}

async fn refunds_of(tx: &mut Tx, order: &Order) -> Result<Vec<RefundId>, Failure> {
    let rows = payments::refunds_of(tx, order.shop, order.id).await?;
    Ok(rows.iter().map(|row| row.id).collect())
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

/// What is still here is cancelled, not refunded.
fn has_left(state: OrderState) -> Result<(), Failure> {
    match state {
        OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled => Ok(()),
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::Cancelled { .. } => {
            let code = state.name().code();
            let says = format!("give_back is not possible while the order is {code}");
            let refusal = Refusal::new("not_in_this_state", says);
            Err(refusal.fact("command", "give_back").fact("state", code).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use rules::ids::OrderId;
    use rules::ledger::Account;
    use store::testing::on_both_databases;

    use super::*;
    use crate::testing::Stage;

    /// Where the shop, the house and the authorities have what an order brought.
    const KEPT: [Account; 5] = [
        Account::Available,
        Account::Reserve,
        Account::Commission,
        Account::Fees,
        Account::TaxPayable,
    ];

    async fn kept(stage: &Stage) -> Vec<i64> {
        let mut all = Vec::new();
        for account in KEPT {
            all.push(stage.holds(stage.first, account).await.unwrap());
        }
        all
    }

    async fn bought(stage: &Stage, arrives: bool) -> OrderId {
        let order = stage.buys(stage.earbuds_black, 2).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        if arrives {
            stage.ships_and_arrives(stage.first, order).await.unwrap();
        } else {
            stage.ships(stage.first, order).await.unwrap();
        }
        order
    }

    async fn bears(stage: &Stage, order: OrderId, liable: Liable) -> Result<PartGiven, Failure> {
        let (here, now) = (stage.market.clone(), stage.market.now());
        let block = stage.market.ids.block(IDS_A_COMMAND);
        let ask = stage.as_shop(stage.first, order);
        let act = async move |tx: &mut Tx| {
            let loaded = load(tx, &ask).await?;
            let setting = Setting::of(&here, &loaded, ask.actor, now);
            let back = PartBack { lines: &[], reason: BackReason::Goodwill, liable };
            give_part_back(tx, &setting, &mut block.start(), &loaded, back).await
        };
        stage.market.store.write(act).await
    }

    #[test]
    fn a_carrier_or_the_house_pays_for_what_arrived_and_the_shop_keeps_its_proceeds() {
        on_both_databases(async |store| {
            let stage = Stage::on(store).await.unwrap();
            let sides =
                [(Liable::Carrier, Account::CarrierClaims), (Liable::House, Account::Guarantee)];
            for (liable, pays) in sides {
                let on_its_way = bought(&stage, false).await;
                let early = bears(&stage, on_its_way, liable).await.unwrap_err();
                assert!(matches!(early, Failure::Refused(no) if no.code == "not_in_this_state"));
                let order = bought(&stage, true).await;
                stage.days_pass(20).await.unwrap();
                let before = kept(&stage).await;
                let given = bears(&stage, order, liable).await.unwrap();
                assert_eq!((given.order.state.as_str(), given.refunds.len()), ("settled", 1));
                assert_eq!(kept(&stage).await, before, "{liable:?}");
                assert_eq!(stage.holds(stage.first, pays).await.unwrap(), given.amount.minor);
                let row = stage.order(stage.first, order).await.unwrap();
                assert_eq!(given.amount.minor, row.total_minor);
                assert_eq!(row.given.borne, row.given.shares);
                assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
            }
        });
    }

    #[test]
    fn what_others_bear_before_settlement_is_settled_to_the_shop_all_the_same() {
        on_both_databases(async |store| {
            let stage = Stage::on(store).await.unwrap();
            let order = bought(&stage, true).await;
            bears(&stage, order, Liable::House).await.unwrap();
            let row = stage.order(stage.first, order).await.unwrap();
            let share = row.amounts().escrow_minor() - row.commission_minor;
            stage.days_pass(20).await.unwrap();
            let [available, reserve, commission, fees, _] = kept(&stage).await[..] else {
                panic!()
            };
            assert_eq!((available + reserve, fees), (share, 0));
            assert_eq!(commission, row.commission_minor);
            assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
        });
    }
}
