//! The money of one order: what the buyer paid, what the shop gets and when, and each transfer.

use actions::shop_desk::{OrderFile, Proceeds};
use maud::{Markup, html};
use rules::ledger::TransferRow;
use rules::orders::OrderState;
use rules::people::Permission;

use super::desk::Desk;
use super::money_rows::{account_name, purpose};
use super::things::title;
use crate::ui::border;
use crate::ui::countdown::moment;
use crate::ui::list::{Column, Row, table};
use crate::ui::money_table::{MoneyLine, amount, money_table};
use crate::words::Msg;

pub(super) fn money(desk: &Desk, file: &OrderFile) -> Markup {
    let r = &desk.reader;
    let cancelled = matches!(file.order.state, OrderState::Cancelled { .. });
    html! {
        div.two-sums {
            (money_table(r, &r.t(Msg::SellerBuyerPaid), &paid(desk, file)))
            @if !cancelled {
                div {
                    (money_table(r, &r.t(Msg::SellerShopGets), &proceeds(desk, file)))
                    p.muted { (when(desk, file)) }
                }
            }
        }
        (promotions(desk, file))
        @if desk.may(Permission::ViewMoney) && !file.transfers.is_empty() {
            details { summary { (r.with(Msg::SellerTransfers, &[("count", file.transfers.len().into())])) }
                (transfers(desk, &file.transfers)) }
        }
    }
}

/// Each promotion with what the shop gave up and what the house paid.
fn promotions(desk: &Desk, file: &OrderFile) -> Markup {
    let r = &desk.reader;
    let money = |minor| desk.money_in(minor, file.order.currency);
    let columns = [
        Column::new(r.t(Msg::SellerPromotion)).leading(),
        Column::new(r.t(Msg::SellerPromotionYours)).numeric(),
        Column::new(r.t(Msg::SellerPromotionOurs)).numeric(),
    ];
    let rows: Vec<Row> = file
        .promotions
        .iter()
        .map(|row| Row {
            cells: vec![
                html! { (title(r, &row.title_en, &row.title_zh)) },
                amount(r, money(row.shop_part_minor)),
                amount(r, money(row.house_part_minor)),
            ],
            ..Row::default()
        })
        .collect();
    html! {
        @if !rows.is_empty() {
            h3 { (r.t(Msg::SellerPromotionShares)) }
            (table(r.words, &columns, &rows, false))
        }
    }
}

/// What the buyer paid, itemised; parts which are nothing are left out.
pub(super) fn paid(desk: &Desk, file: &OrderFile) -> Vec<MoneyLine> {
    let (r, order) = (&desk.reader, &file.order);
    let money = |minor| desk.money_in(minor, order.currency);
    let mut lines = vec![MoneyLine::part(r.t(Msg::SellerMoneyGoods), money(order.goods_minor))];
    let mut part = |msg: Msg, minor: i64| {
        if minor != 0 {
            lines.push(MoneyLine::part(r.t(msg), money(minor)));
        }
    };
    part(Msg::SellerMoneyShopDiscount, -order.shop_discount_minor);
    part(Msg::SellerMoneyHouseDiscount, -order.house_discount_minor);
    part(Msg::SellerMoneyShipping, order.shipping_minor);
    if !order.tax_included {
        part(Msg::SellerMoneyTax, order.tax_minor);
    }
    lines.extend(border::duty_lines(r, &file.charges, order.currency));
    let total = MoneyLine::total(r.t(Msg::SellerMoneyTotal), money(order.total_minor));
    lines.push(if order.tax_included && order.tax_minor > 0 {
        let tax = r.money(money(order.tax_minor));
        total.with_note(r.with(Msg::SellerMoneyTaxIncluded, &[("tax", tax.into())]))
    } else {
        total
    });
    for refund in &file.refunds {
        let note = if refund.confirmed_at.is_some() {
            Msg::SellerRefundDone
        } else {
            Msg::SellerRefundUnderway
        };
        let back = money(-refund.amount.minor);
        lines.push(MoneyLine::part(r.t(Msg::SellerMoneyRefund), back).with_note(r.t(note)));
    }
    lines
}

fn proceeds(desk: &Desk, file: &OrderFile) -> Vec<MoneyLine> {
    let (r, order, share) = (&desk.reader, &file.order, &file.proceeds);
    let money = |minor| desk.money_in(minor, order.currency);
    let left = order.left();
    let mut lines = vec![MoneyLine::part(r.t(Msg::SellerMoneyTotal), money(order.total_minor))];
    let mut part = |msg: Msg, minor: i64| {
        if minor != 0 {
            lines.push(MoneyLine::part(r.t(msg), money(minor)));
        }
    };
    part(Msg::CareSumBack, -order.given.shares.paid_minor);
    part(Msg::SellerMoneyTaxKept, -left.tax_minor);
    part(Msg::SellerMoneyDutyKept, -left.duty_minor);
    part(Msg::SellerMoneyHouseShare, left.house_discount_minor);
    part(Msg::SellerMoneyCommission, -share.commission_minor);
    part(Msg::SellerMoneyRefundFee, -share.fee_minor);
    let whole = money(share.escrow_minor - share.commission_minor - share.fee_minor);
    lines.push(MoneyLine::total(r.t(Msg::SellerMoneyYours), whole));
    if share.reserve_minor > 0 {
        let free = MoneyLine::part(r.t(Msg::SellerMoneyOfThatFree), money(share.available_minor));
        lines.push(free);
        let days = r.with(Msg::SellerMoneyReserveFor, &[("days", share.reserve_days.into())]);
        lines.push(
            MoneyLine::part(r.t(Msg::SellerMoneyOfThatReserve), money(share.reserve_minor))
                .with_note(days),
        );
    }
    lines
}

/// When the money becomes the shop's own.
fn when(desk: &Desk, file: &OrderFile) -> String {
    let r = &desk.reader;
    let share: &Proceeds = &file.proceeds;
    match (file.order.settled_at, share.settle_at) {
        (Some(at), _) => r.with(Msg::SellerSettledAt, &[("when", r.moment(at).into())]),
        (None, Some(at)) => r.with(Msg::SellerSettlesAt, &[("when", r.moment(at).into())]),
        (None, None) => r.with(
            Msg::SellerSettlesLater,
            &[
                ("days", share.settle_after_days.into()),
                ("complete", share.complete_after_days.into()),
            ],
        ),
    }
}

/// Transfers as rows: when, why, from where, to where, how much.
pub(super) fn transfers(desk: &Desk, rows: &[TransferRow]) -> Markup {
    let r = &desk.reader;
    let columns = [
        Column::new(r.t(Msg::SellerColumnWhen)),
        Column::new(r.t(Msg::SellerColumnWhy)).leading(),
        Column::new(r.t(Msg::SellerColumnFrom)),
        Column::new(r.t(Msg::SellerColumnTo)),
        Column::new(r.t(Msg::SellerColumnAmount)).numeric(),
    ];
    let rows: Vec<Row> = rows
        .iter()
        .map(|transfer| Row {
            cells: vec![
                moment(r, transfer.created_at),
                html! { (purpose(desk, transfer)) },
                html! { (account_name(desk, transfer.debit)) },
                html! { (account_name(desk, transfer.credit)) },
                amount(r, desk.money_in(transfer.amount_minor, transfer.currency)),
            ],
            ..Row::default()
        })
        .collect();
    table(r.words, &columns, &rows, false)
}
