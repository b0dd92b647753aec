//! One payout of the shop: where it is, where it goes, what happened, and the transfers behind it.

use actions::Market;
use actions::payouts::{PayoutFile, payout_file};
use axum::extract::{Path, State};
use maud::{Markup, html};
use rules::ids::PayoutId;
use rules::people::Permission;

use super::desk::{Desk, Page};
use super::money_rows::{account_name, purpose};
use super::notes::by_code;
use crate::ui::badges::payout_badge;
use crate::ui::countdown::{deadline, moment};
use crate::ui::detail::{DetailHead, detail_page, facts, section};
use crate::ui::list::{Column, Row, table};
use crate::ui::money_table::amount;
use crate::ui::nav::Place;
use crate::ui::payout_steps::payout_timeline;
use crate::visit::Visit;
use crate::words::Msg;

pub(super) async fn page(
    State(market): State<Market>,
    Path((shop, payout)): Path<(String, String)>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewMoney).await?;
    let read = async {
        let id: PayoutId = payout.parse().map_err(|_| actions::Failure::NotFound)?;
        payout_file(&market, desk.shop.id, id).await
    };
    let file = read.await.map_err(|failure| desk.refused(failure))?;
    let r = &desk.reader;
    let title = r.with(Msg::MoneyPayoutTitle, &[("amount", r.money(file.payout.amount).into())]);
    let state = file.payout.state;
    let head = DetailHead {
        back: Some((desk.href("/payouts"), r.t(Msg::MoneyPayouts).into_owned())),
        title: title.clone(),
        badges: vec![payout_badge(r, &file.payout)],
        under: vec![html! { span.num { (file.payout.id) } }, moment(r, file.payout.created_at)],
        deadline: state
            .due_at()
            .map(|due| deadline(r, due, &by_code(r, "money-then", state.code()))),
        ..DetailHead::default()
    };
    let main = html! {
        (section(&r.t(Msg::MoneyHappened), payout_timeline(r, &file)))
        @if !file.transfers.is_empty() { (section(&r.t(Msg::SellerMoneyMoves), transfers(&desk, &file))) }
    };
    let aside = section(&r.t(Msg::MoneyAccount), goes_to(&desk, &file));
    Ok(desk.page(title, Place::SellerMoney, detail_page(&head, main, aside)))
}

fn goes_to(desk: &Desk, file: &PayoutFile) -> Markup {
    let r = &desk.reader;
    let account = html! {
        @if let Some(account) = &file.account {
            (account.holder) br; span.num { (account.account.masked()) }
        }
    };
    facts(&[
        (&r.t(Msg::SellerColumnAmount), amount(r, file.payout.amount)),
        (&r.t(Msg::MoneyAccountInUse), account),
        (&r.t(Msg::MoneyAttempts), html! { span.num { (file.payout.attempt) } }),
    ])
}

fn transfers(desk: &Desk, file: &PayoutFile) -> Markup {
    let r = &desk.reader;
    let columns = [
        Column::new(r.t(Msg::SellerColumnWhen)),
        Column::new(r.t(Msg::SellerColumnWhy)).leading(),
        Column::new(r.t(Msg::MoneyFromTo)),
        Column::new(r.t(Msg::SellerColumnAmount)).numeric(),
    ];
    let rows: Vec<Row> = file
        .transfers
        .iter()
        .map(|row| Row {
            cells: vec![
                moment(r, row.created_at),
                html! { (purpose(desk, row)) },
                html! { (account_name(desk, row.debit)) " → " (account_name(desk, row.credit)) },
                amount(r, desk.money_in(row.amount_minor, row.currency)),
            ],
            ..Row::default()
        })
        .collect();
    table(r.words, &columns, &rows, false)
}
