//! The shop's payouts: what comes next and when, what stands against it, where it goes, and what became of each.

use actions::bank_accounts::{RegisterAccount, register, withdraw};
use actions::payouts::{self, ShopPayouts};
use actions::{Failure, Market};
use axum::extract::{Form, Path, Query, State};
use maud::{Markup, html};
use rules::ids::BankAccountId;
use rules::people::Permission;
use rules::settlement::bank_accounts::AccountScheme;
use rules::settlement::payouts::Obstacle;
use serde::Deserialize;
use store::bank_accounts::BankAccount;
use store::payouts::PayoutRow;

use super::desk::{Desk, Page, Typed};
use super::money::money_tabs;
use super::notes::by_code;
use crate::ui::badges::{Tone, payout_badge};
use crate::ui::countdown::{countdown, day, moment};
use crate::ui::detail::{facts, figure, figures, section, section_with};
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{Field, Input, Look, act, submit};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, Row, csv_link, empty_state, page_title, table, tabs};
use crate::ui::money_table::amount;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

/// Payouts on one page.
const PAGE: i64 = 50;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    before: Option<i64>,
}

/// What was refused of the account's form, with what had been typed. The password is not among it.
#[derive(Default)]
struct Tried<'a> {
    typed: Typed,
    failure: Option<&'a Failure>,
    open: bool,
}

pub(super) async fn page(
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<Asked>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewMoney).await?;
    shown(&market, &desk, &asked, &Tried::default()).await
}

async fn shown(market: &Market, desk: &Desk, asked: &Asked, tried: &Tried<'_>) -> Page {
    let before = asked.before.unwrap_or(i64::MAX);
    let read = payouts::of_shop(market, desk.shop.id, before, PAGE).await;
    let seen = read.map_err(|failure| desk.refused(failure))?;
    let r = &desk.reader;
    let title = r.t(Msg::MoneyPayouts).into_owned();
    let body = html! {
        (page_title(&r.t(Msg::NavMoney), &r.t(Msg::MoneyPayoutsLead), &[]))
        (tabs(r.words, &money_tabs(desk, "/payouts")))
        @if let Some(failure) = tried.failure { (flash(&Flash::bad(desk.in_words(failure)))) }
        (standing(desk, &seen))
        div.panels {
            (next(desk, &seen))
            (account(desk, &seen, tried))
            (section(&r.t(Msg::MoneyPayoutsAll), list(desk, asked, &seen)))
        }
    };
    Ok(desk.page(title, Place::SellerMoney, body))
}

/// What stands against the next payout, in words with what to do.
fn standing(desk: &Desk, seen: &ShopPayouts) -> Markup {
    let r = &desk.reader;
    let mut told: Vec<Obstacle> =
        seen.payouts.iter().flat_map(|payout| payout.obstacles.clone()).collect();
    // As the accounts stand now, whatever a payout was stopped for.
    told.retain(|obstacle| !matches!(obstacle, Obstacle::NoBankAccount | Obstacle::AccountRefused));
    told.extend(seen.accounts.obstacle());
    if !seen.differences.is_empty() {
        told.push(Obstacle::ReportDiffers);
    }
    told.sort_unstable();
    told.dedup();
    html! {
        @for obstacle in told {
            (flash(&Flash { tone: Tone::Bad, text: by_code(r, "money-obstacle", obstacle.code()), next: None }))
        }
    }
}

fn next(desk: &Desk, seen: &ShopPayouts) -> Markup {
    let r = &desk.reader;
    let least = r.with(Msg::MoneyPayoutLeast, &[("least", r.money(seen.least).into())]);
    let cards = [
        figure(
            html! { (r.t(Msg::SellerMoneyAvailable)) },
            &r.money(seen.available),
            html! { (least) },
        ),
        figure(
            html! { (r.t(Msg::MoneyPayoutNext)) },
            &r.day(seen.next_day),
            html! { (r.t(Msg::MoneyPayoutNextText)) },
        ),
    ];
    let enough = seen.available.minor >= seen.least.minor && seen.available.minor > 0;
    let may = desk.may(Permission::ManageBankAccount) && enough && seen.accounts.in_use.is_some();
    let hidden = desk.hidden_pairs();
    let hidden: Vec<(&str, &str)> =
        hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let button = html! {
        @if may {
            (act(Look::Primary, &desk.href("/payouts"), &desk.csrf, &hidden, &r.t(Msg::MoneyPayoutNow)))
        }
    };
    section_with(&r.t(Msg::MoneyPayoutNextTitle), button, figures(&cards))
}

fn account(desk: &Desk, seen: &ShopPayouts, tried: &Tried<'_>) -> Markup {
    let r = &desk.reader;
    let told = |account: &BankAccount| {
        html! {
            (account.holder) " · " span.num { (account.account.masked()) }
            " · " (by_code(r, "money-scheme", account.account.scheme.code()))
        }
    };
    let body = html! {
        @match &seen.accounts.in_use {
            Some(account) => {
                (facts(&[
                    (&r.t(Msg::MoneyAccountInUse), told(account)),
                    (&r.t(Msg::MoneyAccountSince), day(r, account.usable_at)),
                ]))
            }
            None => { p { (r.t(if seen.accounts.refused { Msg::MoneyAccountRefused } else { Msg::MoneyAccountNone })) } }
        }
        @if let Some(waiting) = &seen.accounts.waiting { (change_waits(desk, waiting, told(waiting))) }
        @if desk.may(Permission::ManageBankAccount) { (account_form(desk, seen, tried)) }
    };
    section(&r.t(Msg::MoneyAccount), body)
}

fn change_waits(desk: &Desk, waiting: &BankAccount, told: Markup) -> Markup {
    let r = &desk.reader;
    let id = waiting.id.to_string();
    let then = r.t(Msg::MoneyAccountThen);
    html! {
        div.notice {
            p { strong { (r.t(Msg::MoneyAccountWaiting)) } " " (told) }
            p { (countdown(r, waiting.usable_at, &then)) " " (moment(r, waiting.usable_at)) }
            @if desk.may(Permission::ManageBankAccount) {
                (act(Look::Plain, &desk.href("/payouts/account/withdraw"), &desk.csrf,
                    &[("account", &id)], &r.t(Msg::MoneyAccountWithdraw)))
            }
        }
    }
}

fn account_form(desk: &Desk, seen: &ShopPayouts, tried: &Tried<'_>) -> Markup {
    let r = &desk.reader;
    let usual = AccountScheme::of_country(&desk.shop.market);
    let kept = |name: &str, usual: &str| {
        if tried.open { tried.typed.get(name).to_owned() } else { usual.to_owned() }
    };
    let schemes = AccountScheme::ALL
        .into_iter()
        .map(|scheme| (scheme.code().to_owned(), by_code(r, "money-scheme", scheme.code())))
        .collect();
    let field = |name: &str, label: Msg, usual: &str| {
        Field::new(name, r.t(label))
            .with_value(kept(name, usual))
            .with_error(desk.field_error(tried.failure, name))
    };
    let summary =
        if seen.accounts.in_use.is_some() { Msg::MoneyAccountChange } else { Msg::MoneyAccountAdd };
    html! {
        details open[tried.open || seen.accounts.in_use.is_none()] {
            summary { (r.t(summary)) }
            form.form method="post" action=(desk.href("/payouts/account")) {
                (desk.hidden())
                (field("holder", Msg::MoneyAccountHolder, "").required().draw(r.words))
                div.form-row {
                    (field("scheme", Msg::MoneyAccountScheme, usual.code()).takes(Input::Choice(schemes)).draw(r.words))
                    (field("country", Msg::MoneyAccountCountry, &desk.shop.market).required().draw(r.words))
                }
                div.form-row {
                    (field("bank", Msg::MoneyAccountBank, "").with_hint(r.t(Msg::MoneyAccountBankHint)).draw(r.words))
                    (field("number", Msg::MoneyAccountNumber, "").required().draw(r.words))
                }
                (Field::new("password", r.t(Msg::MoneyAccountPassword))
                    .takes(Input::Password { new: false }).required()
                    .with_hint(r.t(Msg::MoneyAccountPasswordHint))
                    .with_error(desk.field_error(tried.failure, "password")).draw(r.words))
                div.acts { (submit(Look::Plain, &r.t(summary))) }
            }
        }
    }
}

fn list(desk: &Desk, asked: &Asked, seen: &ShopPayouts) -> Markup {
    let r = &desk.reader;
    if seen.payouts.is_empty() {
        return empty_state(&Empty {
            icon: Some(Icon::Wallet),
            title: r.t(Msg::MoneyPayoutsNone).into_owned(),
            text: r.t(Msg::MoneyPayoutsNoneText).into_owned(),
            next: None,
        });
    }
    let columns = [
        Column::new(r.t(Msg::MoneyPayout)).leading(),
        Column::new(r.t(Msg::MoneyState)),
        Column::new(r.t(Msg::SellerColumnWhen)),
        Column::new(r.t(Msg::SellerColumnAmount)).numeric(),
    ];
    let rows: Vec<Row> = seen.payouts.iter().map(|payout| row(desk, payout)).collect();
    let last = seen.payouts.last().filter(|_| seen.more);
    html! {
        (table(r.words, &columns, &rows, false))
        nav.below {
            @if asked.before.is_some() { a.button.quiet href=(desk.href("/payouts")) { (r.t(Msg::ListFirst)) } }
            @if let Some(last) = last {
                a.button href=(desk.href(&format!("/payouts?before={}", last.id))) rel="next" { (r.t(Msg::ListNext)) }
            }
            (csv_link(r.words, &desk.href("/payouts.csv")))
        }
    }
}

fn row(desk: &Desk, payout: &PayoutRow) -> Row {
    let r = &desk.reader;
    Row {
        cells: vec![
            html! {
                a.num href=(desk.href(&format!("/payouts/{}", payout.id))) { (payout.id) }
                @if payout.attempt > 1 {
                    " " small.muted { (r.with(Msg::MoneyAttempt, &[("count", payout.attempt.into())])) }
                }
            },
            payout_badge(r, payout),
            html! {
                @match payout.state.due_at() {
                    Some(due) => { (countdown(r, due, &by_code(r, "money-then", payout.state.code()))) }
                    None => { (day(r, payout.ended_at.unwrap_or(payout.created_at))) }
                }
            },
            amount(r, payout.amount),
        ],
        ..Row::default()
    }
}

pub(super) async fn pay_out(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ManageBankAccount).await?;
    let key = desk.request_key(&typed, "pay_out_now");
    match payouts::pay_out_now(&market, &desk.caller, desk.shop.id, key).await {
        Ok(_) => Ok(desk.see("/payouts", Msg::SaidMoneyPayoutPlanned)),
        Err(failure) => {
            let tried = Tried { failure: Some(&failure), ..Tried::default() };
            shown(&market, &desk, &Asked::default(), &tried).await
        }
    }
}

pub(super) async fn register_account(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ManageBankAccount).await?;
    let scheme = AccountScheme::parse(typed.get("scheme")).unwrap_or(AccountScheme::Iban);
    let ask = RegisterAccount {
        holder: typed.get("holder").to_owned(),
        country: typed.get("country").to_owned(),
        scheme,
        bank: typed.get("bank").to_owned(),
        number: typed.get("number").to_owned(),
        password: typed.get("password").to_owned(),
    };
    match register(&market, &desk.caller, desk.shop.id, ask).await {
        Ok(_) => Ok(desk.see("/payouts", Msg::SaidMoneyAccountRegistered)),
        Err(failure) => {
            let tried = Tried { typed, failure: Some(&failure), open: true };
            shown(&market, &desk, &Asked::default(), &tried).await
        }
    }
}

pub(super) async fn withdraw_account(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ManageBankAccount).await?;
    let done = async {
        let account: BankAccountId = typed.get("account").parse().map_err(|_| Failure::NotFound)?;
        withdraw(&market, &desk.caller, desk.shop.id, account).await
    };
    match done.await {
        Ok(()) => Ok(desk.see("/payouts", Msg::SaidMoneyAccountWithdrawn)),
        Err(failure) => {
            let tried = Tried { failure: Some(&failure), ..Tried::default() };
            shown(&market, &desk, &Asked::default(), &tried).await
        }
    }
}
