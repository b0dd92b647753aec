//! One order's money from payment to settlement: each transfer in order, the escrow after it, and where it all is now.

use actions::overview::{self, OrderSeen};
use actions::{Failure, Market};
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use rules::ids::OrderId;
use rules::ledger::Account;
use rules::ledger::trail::{self, Place as Where, Trail};
use rules::money::Money;
use rules::people::Permission;

use super::{admit, answer, page, say};
use crate::format::Reader;
use crate::ui::badges::{Tone, badge, order_badge};
use crate::ui::copy::copyable;
use crate::ui::countdown::ago;
use crate::ui::detail::{DetailHead, detail_page, section, section_with};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, Row, empty_state, table};
use crate::ui::money_table::{MoneyLine, amount, money_table};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

pub(super) async fn show(
    visit: Visit,
    State(market): State<Market>,
    Path(order): Path<i64>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewLedger)?;
        let seen = overview::order(&market, OrderId::new(order)).await?;
        let r = &visit.reader;
        let trail = trail::follow(seen.transfers.clone());
        let head = DetailHead {
            back: Some((
                format!("/operator/orders/{order}"),
                r.with(Msg::OpOrderTitle, &[("order", order.to_string().into())]),
            )),
            title: r.t(Msg::OpOrderMoney).into_owned(),
            badges: vec![order_badge(r.words, seen.order.state.name().code())],
            under: vec![copyable(r.words, &order.to_string()), html! { (seen.shop.name) }],
            ..DetailHead::default()
        };
        let main = steps(r, &seen, &trail);
        let side = html! {
            (section(&r.t(Msg::OpPrice), money_table(r, "", &super::order::price(r, &seen))))
            (columns(r, &seen, &trail))
        };
        let title = r.t(Msg::OpOrderMoney);
        page(&visit, &title, Place::OperatorOrders, detail_page(&head, main, side))
    })
    .await
}

/// The transfers in the order in which they happened.
fn steps(r: &Reader, seen: &OrderSeen, trail: &Trail) -> Markup {
    if trail.steps.is_empty() {
        return empty_state(&Empty {
            icon: Some(Icon::Money),
            title: r.t(Msg::OpNoMoneyYet).into_owned(),
            text: r.t(Msg::OpNoMoneyYetText).into_owned(),
            next: None,
        });
    }
    let of = |minor: i64| amount(r, Money::new(minor, seen.order.currency));
    let rows: Vec<Row> = trail
        .steps
        .iter()
        .map(|step| {
            let row = &step.transfer;
            let href = format!("/operator/ledger/transfers/{}/{}", row.home_id, row.id);
            let escrow = row.debit == Account::Escrow || row.credit == Account::Escrow;
            Row {
                cells: vec![
                    html! { a href=(href) { (say::transfer_code(r, row.code)) } },
                    say::sides(r, row),
                    ago(r, row.created_at),
                    html! { strong { (of(row.amount_minor)) } },
                    html! { @if escrow { (of(step.escrow_minor)) } @else { span.muted { (of(step.escrow_minor)) } } },
                ],
                ..Row::default()
            }
        })
        .collect();
    let columns = [
        Column::new(r.t(Msg::OpWhat)).leading(),
        Column::new(r.t(Msg::OpFromTo)),
        Column::new(r.t(Msg::OpWhen)),
        Column::new(r.t(Msg::OpAmount)).numeric(),
        Column::new(r.t(Msg::OpEscrowAfter)).numeric(),
    ];
    section(&r.t(Msg::OpTransfersInOrder), table(r.words, &columns, &rows, false))
}

/// What came in, and where it is now: two sums which are the same.
pub(super) fn columns(r: &Reader, seen: &OrderSeen, trail: &Trail) -> Markup {
    let money = |minor: i64| Money::new(minor, seen.order.currency);
    let now: i64 = trail.is_now.iter().map(|(_, minor)| minor).sum();
    let lines = |places: &[(Where, i64)], coming: bool| -> Vec<MoneyLine> {
        places
            .iter()
            .map(|(place, minor)| {
                let line = MoneyLine::part(place_name(r, *place, coming), money(*minor));
                match (place, coming) {
                    (Where::Account(account), false) => line.linked(format!(
                        "/operator/ledger/accounts/{}/{}",
                        account.code(),
                        seen.order.shop
                    )),
                    (Where::Account(_), true) | (Where::PaidBack, _) => line,
                }
            })
            .collect()
    };
    let mut came_in = lines(&trail.came_in, true);
    came_in.push(MoneyLine::total(r.t(Msg::OpSum), money(trail.total_minor)));
    let mut is_now = lines(&trail.is_now, false);
    is_now.push(MoneyLine::total(r.t(Msg::OpSum), money(now)));
    let verdict = if now == trail.total_minor {
        badge(Tone::Good, Icon::CheckCircle, &r.t(Msg::OpAddsUp))
    } else {
        badge(Tone::Bad, Icon::Warning, &r.t(Msg::OpDoesNotAddUp))
    };
    html! {
        (section(&r.t(Msg::OpCameIn), money_table(r, "", &came_in)))
        (section_with(&r.t(Msg::OpIsNow), verdict, money_table(r, "", &is_now)))
    }
}

/// "Paid by the buyer", "Commission", "Paid back to the buyer".
fn place_name(r: &Reader, place: Where, coming: bool) -> String {
    match place {
        Where::PaidBack => r.t(Msg::OpPaidBack).into_owned(),
        Where::Account(account) if coming => match account {
            Account::ProviderClearing => r.t(Msg::OpPaidByBuyer).into_owned(),
            Account::Promotion => r.t(Msg::OpAddedByHouse).into_owned(),
            Account::CarrierClaims => r.t(Msg::OpOwedByCarrier).into_owned(),
            other => say::account(r, other),
        },
        Where::Account(account) => say::account(r, account),
    }
}

/// As [`columns`], for the order's own page.
pub(super) fn summary(r: &Reader, seen: &OrderSeen) -> Result<Markup, Failure> {
    let trail = trail::follow(seen.transfers.clone());
    Ok(if trail.steps.is_empty() {
        html! {}
    } else {
        columns(r, seen, &trail)
    })
}
