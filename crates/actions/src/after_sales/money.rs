//! What a case costs and to whom: out of the order's frozen shares, as every other refund.

use rules::after_sales::{CaseReason, CaseState, Outcome};
use rules::ledger::{Account, TransferCode, transfer};
use rules::money::shares;
use rules::orders::liability::Liable;
use rules::orders::refunds::{BackReason, Shares, administration_fee, of_price, of_units};
use rules::orders::{CancelReason, OrderCommand, OrderState};
use store::after_sales::{self as rows, CaseLine, CaseRow};
use store::ledger::Occasion;
use store::orders::LineRow;
use store::{Tx, orders};

use super::steps::Desk;
use crate::cancellations::market_of;
use crate::failure::Failure;
use crate::id_maker::IdRun;
use crate::orders::{LineBack, PartBack, carry_out, give_part_back};

/// What is left of the goods which a case is about: of each line, the units and what the buyer paid for them.
pub(super) fn worth(
    lines: &[LineRow],
    wanted: &[(rules::ids::OrderLineId, i64)],
    tax_included: bool,
) -> Vec<(LineBack, i64)> {
    let mut found = Vec::new();
    for (id, units) in wanted {
        let Some(line) = lines.iter().find(|line| line.id == *id) else { continue };
        let left = line.left(tax_included).having_left();
        let count = (*units).min(left.units);
        if count > 0 {
            let part = of_units(&left, count);
            found.push((LineBack { line: *id, count, amount_minor: 0 }, part.paid_minor));
        }
    }
    found
}

/// What has gone back for a case, minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Given {
    /// 0: nothing was left.
    pub refunded_minor: i64,
    /// What of it the shop has borne.
    pub cost_minor: i64,
}

/// Gives back what was agreed or decided.
pub(super) async fn give_back(
    tx: &mut Tx,
    ids: &mut IdRun,
    desk: &Desk,
    case: &CaseRow,
) -> Result<Given, Failure> {
    let loaded = &desk.loaded;
    let order = &loaded.order;
    if on_its_way(order.state) && case.liable == Liable::Carrier {
        return lost(tx, ids, desk, case).await;
    }
    let lines = orders::lines(tx, order.shop, order.id).await?;
    let mine: Vec<_> = rows::lines(tx, case.shop, case.id)
        .await?
        .iter()
        .map(|CaseLine { line, units_count, .. }| (*line, *units_count))
        .collect();
    let worth = worth(&lines, &mine, loaded.tax_included);
    let all: i64 = worth.iter().map(|(_, paid)| *paid).sum();
    let wanted = amounts(&worth, all, case.agreed_minor);
    if wanted.is_empty() {
        return Ok(Given::default());
    }
    let cost = match case.liable {
        Liable::Shop => cost(desk, &lines, &wanted)?,
        Liable::Carrier | Liable::House => 0,
    };
    let back = PartBack { lines: &wanted, reason: BackReason::AfterSales, liable: case.liable };
    let given = give_part_back(tx, &desk.setting, ids, loaded, back).await?;
    Ok(Given { refunded_minor: given.amount.minor, cost_minor: cost })
}

/// What the shop loses by it: its share of what goes back, and the house's fee for the work.
fn cost(desk: &Desk, lines: &[LineRow], wanted: &[LineBack]) -> Result<i64, Failure> {
    let mut part = Shares::NOTHING;
    for back in wanted {
        let Some(line) = lines.iter().find(|line| line.id == back.line) else { continue };
        let left = line.left(desk.loaded.tax_included).having_left();
        part = part.plus(match back.count {
            0 => of_price(&left, back.amount_minor),
            count => of_units(&left, count),
        });
    }
    let policy = desk.setting.policies.settlement(market_of(&desk.loaded)?);
    let fee = administration_fee(policy, part, desk.case.asked.currency, true);
    Ok(part.escrow_minor() - part.commission_minor + fee)
}

/// Whole units, or so much of what they cost, shared by what was paid for each.
fn amounts(worth: &[(LineBack, i64)], all: i64, agreed_minor: i64) -> Vec<LineBack> {
    if agreed_minor == 0 || agreed_minor >= all {
        return worth.iter().map(|(back, _)| *back).collect();
    }
    let weights: Vec<i64> = worth.iter().map(|(_, paid)| *paid).collect();
    let parts = shares(agreed_minor, &weights);
    let part = |((back, _), amount_minor): (&(LineBack, i64), i64)| LineBack {
        count: 0,
        amount_minor,
        ..*back
    };
    let parts = worth.iter().zip(parts).map(part);
    parts.filter(|back| back.amount_minor > 0).collect()
}

/// A parcel which the carrier has and does not bring is lost: the order ends, at the carrier's cost.
async fn lost(tx: &mut Tx, ids: &mut IdRun, desk: &Desk, case: &CaseRow) -> Result<Given, Failure> {
    let refunded_minor = desk.loaded.order.left().total_minor;
    let reason = match case.reason {
        CaseReason::DamagedInTransit => CancelReason::DamagedInTransit,
        CaseReason::OtherItem
        | CaseReason::WrongOption
        | CaseReason::WrongQuantity
        | CaseReason::WorthLess
        | CaseReason::MissingPart
        | CaseReason::EmptyParcel
        | CaseReason::Counterfeit
        | CaseReason::Defective
        | CaseReason::Late
        | CaseReason::NeverArrived
        | CaseReason::ChangedMind => CancelReason::LostInTransit,
    };
    // The case ends here, so that the order's end does not end it as something which nobody answered.
    let closed = CaseState::Closed { outcome: Outcome::Refunded };
    rows::record(tx, &desk.case, &CaseRow { state: closed, ..desk.case.clone() }).await?;
    let command = OrderCommand::CancelByCarrier { reason };
    carry_out(tx, &desk.setting, ids, &desk.loaded, command).await?;
    Ok(Given { refunded_minor, cost_minor: 0 })
}

pub(super) const fn on_its_way(state: OrderState) -> bool {
    match state {
        OrderState::InTransit { .. } => true,
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => false,
    }
}

/// The house was wrong: what the shop has lost by the refund comes out of the house's guarantee.
pub(super) async fn make_whole(
    tx: &mut Tx,
    ids: &mut IdRun,
    desk: &Desk,
    case: &CaseRow,
) -> Result<(), Failure> {
    if case.cost_minor <= 0 {
        return Ok(());
    }
    let occasion = Occasion {
        home_id: case.shop.number(),
        currency: case.asked.currency,
        subject: "case",
        subject_id: case.id.number(),
        step: case.version + 1,
        now: desk.setting.now,
    };
    let code = TransferCode::ShopMadeWhole;
    let moved = vec![transfer(code, Account::Guarantee, Account::Available, case.cost_minor)];
    crate::debts::post(tx, ids, &occasion, moved).await
}
