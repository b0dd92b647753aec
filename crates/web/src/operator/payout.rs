//! One payout as the house sees it: what the bank said is recorded here, and a stopped one is looked at again.

use actions::payouts::{self, PayoutFile};
use actions::{Failure, Market};
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use rules::ids::{PayoutId, ShopId};
use rules::people::Permission;
use rules::settlement::payouts::{BankAnswer, FailureReason, PayoutState};
use serde::Deserialize;

use super::accounts::{transfer_columns, transfer_row};
use super::{admit, answer, go, may, page};
use crate::ui::badges::{Tone, payout_badge};
use crate::ui::copy::copyable;
use crate::ui::countdown::{deadline, moment};
use crate::ui::detail::{DetailHead, detail_page, facts, section};
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{Field, Input, Look, act, csrf_field, submit};
use crate::ui::list::{Row, table};
use crate::ui::money_table::amount;
use crate::ui::nav::Place;
use crate::ui::payout_steps::{named, payout_timeline};
use crate::visit::Visit;
use crate::words::Msg;

pub(super) async fn show(
    visit: Visit,
    State(market): State<Market>,
    Path((shop, payout)): Path<(i64, i64)>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewLedger)?;
        let file = payouts::payout_file(&market, ShopId::new(shop), PayoutId::new(payout)).await?;
        draw(&visit, &file)
    })
    .await
}

fn draw(visit: &Visit, file: &PayoutFile) -> Result<Response, Failure> {
    let r = &visit.reader;
    let payout = &file.payout;
    let title = r.with(Msg::MoneyPayoutTitle, &[("amount", r.money(payout.amount).into())]);
    let due = payout.state.due_at();
    let head = DetailHead {
        back: Some(("/operator/payouts".to_owned(), r.t(Msg::MoneyPayouts).into_owned())),
        title: title.clone(),
        badges: vec![payout_badge(r, payout)],
        under: vec![copyable(r.words, &payout.id.to_string()), moment(r, payout.created_at)],
        deadline: due.map(|due| deadline(r, due, &named(r, "money-then", payout.state.code()))),
        ..DetailHead::default()
    };
    let rows: Vec<Row> = file.transfers.iter().map(|row| transfer_row(r, row, None)).collect();
    let main = html! {
        (why_stopped(visit, file))
        (section(&r.t(Msg::MoneyHappened), payout_timeline(r, file)))
        @if !rows.is_empty() {
            (section(&r.t(Msg::OpTransfers), table(r.words, &transfer_columns(r), &rows, false)))
        }
    };
    let account = html! {
        @if let Some(account) = &file.account {
            (account.holder) br; span.num { (account.account.masked()) }
        }
    };
    let shop = html! { a href={ "/operator/shops/" (payout.shop) } { (file.shop_name) } };
    let sent = matches!(payout.state, PayoutState::Sent { .. });
    let aside = html! {
        (section(&r.t(Msg::MoneyPayout), facts(&[
            (&r.t(Msg::OpShop), shop),
            (&r.t(Msg::OpAmount), amount(r, payout.amount)),
            (&r.t(Msg::MoneyAccount), account),
            (&r.t(Msg::MoneyAttempts), html! { span.num { (payout.attempt) } }),
            (&r.t(Msg::MoneyFile), html! {
                @match payout.bank_file { Some(file) => { span.num { (file) } } None => { "–" } }
            }),
        ])))
        @if sent && may(visit, Permission::HandlePayouts) {
            (section(&r.t(Msg::MoneyAnswer), answer_form(visit, file)))
        }
    };
    page(visit, &title, Place::OperatorPayouts, detail_page(&head, main, aside))
}

fn why_stopped(visit: &Visit, file: &PayoutFile) -> Markup {
    let r = &visit.reader;
    let path = format!("/operator/payouts/{}/{}/again", file.payout.shop, file.payout.id);
    html! {
        @for obstacle in &file.payout.obstacles {
            (flash(&Flash {
                tone: Tone::Bad,
                text: named(r, "money-house-obstacle", obstacle.code()),
                next: None,
            }))
        }
        @for difference in &file.differences {
            p {
                a href={ "/operator/reconciliation/" (difference.key.home_id) "/" (difference.id) } {
                    (named(r, "money-movement", difference.key.kind.code())) " " span.num { (difference.key.reference) }
                }
            }
        }
        @if !file.payout.obstacles.is_empty() && may(visit, Permission::HandlePayouts) {
            (act(Look::Plain, &path, &visit.csrf, &[], &r.t(Msg::MoneyLookAgain)))
        }
    }
}

fn answer_form(visit: &Visit, file: &PayoutFile) -> Markup {
    let r = &visit.reader;
    let mut outcomes = vec![("paid".to_owned(), r.t(Msg::MoneyStatePaid).into_owned())];
    outcomes.extend(
        FailureReason::OF_BANK
            .map(|reason| (reason.code().to_owned(), named(r, "money-failed", reason.code()))),
    );
    let path = format!("/operator/payouts/{}/{}/answer", file.payout.shop, file.payout.id);
    html! {
        form.form method="post" action=(path) {
            (csrf_field(&visit.csrf))
            (Field::new("outcome", r.t(Msg::MoneyAnswerOutcome)).takes(Input::Choice(outcomes))
                .with_hint(r.t(Msg::MoneyAnswerHint)).draw(r.words))
            div.acts { (submit(Look::Plain, &r.t(Msg::MoneyAnswerDo))) }
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    outcome: String,
}

pub(super) async fn answer_of_bank(
    visit: Visit,
    State(market): State<Market>,
    Path((shop, payout)): Path<(i64, i64)>,
    Form(form): Form<Said>,
) -> Response {
    answer(&visit, async {
        let told = match form.outcome.as_str() {
            "paid" => BankAnswer::Paid,
            other => BankAnswer::Failed {
                reason: FailureReason::parse(other)
                    .filter(|reason| FailureReason::OF_BANK.contains(reason))
                    .ok_or(Failure::NotFound)?,
            },
        };
        let (shop, id) = (ShopId::new(shop), PayoutId::new(payout));
        payouts::record_answer(&market, visit.caller()?, shop, id, told).await?;
        Ok(go(&format!("/operator/payouts/{shop}/{id}"), "money-answer-taken"))
    })
    .await
}

pub(super) async fn look_again(
    visit: Visit,
    State(market): State<Market>,
    Path((shop, payout)): Path<(i64, i64)>,
) -> Response {
    answer(&visit, async {
        payouts::look_again(&market, visit.caller()?, ShopId::new(shop)).await?;
        Ok(go(&format!("/operator/payouts/{shop}/{payout}"), "money-looked-again"))
    })
    .await
}
