//! Statements: the list of days, one day line by line, the transfers behind a line, and the day as a file.

use actions::statements::{self, StatementPage, StatementTransfer};
use actions::{Failure, Market};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use rules::ids::StatementId;
use rules::ledger::Account;
use rules::money::Money;
use rules::people::Permission;
use rules::settlement::statements::{LineSum, SHOP_ACCOUNTS, Standings, StatementLine};
use serde::Deserialize;
use store::statements::Statement;

use super::desk::{Desk, Page, Refused};
use super::money::money_tabs;
use super::money_rows::{account_name, purpose};
use super::notes::by_code;
use crate::format::Reader;
use crate::ui::countdown::moment;
use crate::ui::detail::{DetailHead, detail_page, section};
use crate::ui::forms::{Look, link_button_with};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, Row, csv_link, empty_state, page_title, table, tabs};
use crate::ui::money_table::amount;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

const PAGE: i64 = 31;
/// Transfers shown of a line; the file has all of them.
const MOST_SHOWN: usize = 200;
/// Transfers in a file. [X] a very large shop's day.
const MOST_IN_FILE: usize = 200_000;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    before: Option<i64>,
    line: String,
}

/// A statement's day; days are those of UTC, wherever the shop is.
pub(super) fn day_of(r: &Reader, statement: &Statement) -> String {
    Reader::new(r.words.language(), "UTC", r.now).day(statement.from)
}

pub(super) fn total(standings: &Standings) -> i64 {
    standings.values().sum()
}

pub(super) async fn list(
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<Asked>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewMoney).await?;
    let before = asked.before.unwrap_or(i64::MAX);
    let read = statements::of_shop(&market, desk.shop.id, before, PAGE).await;
    let all = read.map_err(|failure| desk.refused(failure))?;
    let r = &desk.reader;
    let columns = [
        Column::new(r.t(Msg::MoneyDay)).leading(),
        Column::new(r.t(Msg::MoneyNumber)).numeric(),
        Column::new(r.t(Msg::MoneyOpening)).numeric(),
        Column::new(r.t(Msg::MoneyChange)).numeric(),
        Column::new(r.t(Msg::MoneyClosing)).numeric(),
    ];
    let rows: Vec<Row> = all
        .iter()
        .map(|one| {
            let money = |minor| amount(r, Money::new(minor, one.currency));
            let (opening, closing) = (total(&one.opening), total(&one.closing));
            let href = desk.href(&format!("/statements/{}", one.id));
            Row {
                cells: vec![
                    html! { a href=(href) { (day_of(r, one)) } },
                    html! { span.num { (one.number) } },
                    money(opening),
                    money(closing - opening),
                    money(closing),
                ],
                ..Row::default()
            }
        })
        .collect();
    let full = i64::try_from(all.len()).unwrap_or(i64::MAX) >= PAGE;
    let body = html! {
        (page_title(&r.t(Msg::NavMoney), &r.t(Msg::MoneyStatementsLead), &[]))
        (tabs(r.words, &money_tabs(&desk, "/statements")))
        @if rows.is_empty() {
            (empty_state(&Empty {
                icon: Some(Icon::Document),
                title: r.t(Msg::MoneyStatementsNone).into_owned(),
                text: r.t(Msg::MoneyStatementsNoneText).into_owned(),
                next: None,
            }))
        } @else {
            (table(r.words, &columns, &rows, false))
            nav.below {
                @if asked.before.is_some() { a.button.quiet href=(desk.href("/statements")) { (r.t(Msg::ListFirst)) } }
                @if let Some(last) = all.last().filter(|_| full) {
                    a.button href=(desk.href(&format!("/statements?before={}", last.id))) rel="next" { (r.t(Msg::ListNext)) }
                }
                (csv_link(r.words, &desk.href("/statements.csv")))
            }
        }
    };
    Ok(desk.page(r.t(Msg::MoneyStatements), Place::SellerMoney, body))
}

pub(super) async fn page(
    State(market): State<Market>,
    Path((shop, statement)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewMoney).await?;
    let line = StatementLine::parse(&asked.line);
    let read = async {
        let id: StatementId = statement.parse().map_err(|_| Failure::NotFound)?;
        let seen = statements::show(&market, desk.shop.id, id).await?;
        let parts = statements::transfers(&market, desk.shop.id, id, line, MOST_SHOWN).await?;
        Ok((seen, parts))
    };
    let (seen, parts) = read.await.map_err(|failure| desk.refused(failure))?;
    let r = &desk.reader;
    let title = r.with(Msg::MoneyStatementTitle, &[("day", day_of(r, &seen.statement).into())]);
    let id = seen.statement.id;
    let file = desk.href(&format!("/statements/{id}/statement.csv"));
    let paper = desk.href(&format!("/statements/{id}/statement.pdf"));
    let head = DetailHead {
        back: Some((desk.href("/statements"), r.t(Msg::MoneyStatements).into_owned())),
        title: title.clone(),
        under: vec![
            html! { (r.with(Msg::MoneyStatementNumber, &[("number", seen.statement.number.into())])) },
            html! { (seen.statement.currency) },
            html! { (r.t(Msg::MoneyStatementPeriod)) },
        ],
        acts: vec![
            link_button_with(Look::Plain, &paper, Icon::Printer, &r.t(Msg::MoneyPdf)),
            link_button_with(Look::Plain, &file, Icon::Download, &r.t(Msg::MoneyCsv)),
        ],
        ..DetailHead::default()
    };
    let behind = match line {
        Some(line) => {
            r.with(Msg::MoneyBehindLine, &[("line", by_code(r, "money-line", line.code()).into())])
        }
        None => r.t(Msg::MoneyBehindAll).into_owned(),
    };
    let main = html! {
        (section(&r.t(Msg::MoneyLines), lines(&desk, &seen)))
        (section(&behind, transfers(&desk, &seen, &parts, line)))
    };
    let aside = section(&r.t(Msg::MoneyHowRead), html! { p { (r.t(Msg::MoneyHowReadText)) } });
    Ok(desk.page(title, Place::SellerMoney, detail_page(&head, main, aside)))
}

/// The accounts which have a column: those on which anything stood or moved.
pub(super) fn columns_of(seen: &StatementPage) -> Vec<Account> {
    let used = |account: &Account| {
        let on = |standings: &Standings| standings.get(account).is_some_and(|minor| *minor != 0);
        let statement = &seen.statement;
        on(&statement.opening)
            || on(&statement.closing)
            || seen.lines.iter().any(|line| on(&line.by_account))
    };
    SHOP_ACCOUNTS.into_iter().filter(used).collect()
}

fn lines(desk: &Desk, seen: &StatementPage) -> Markup {
    let r = &desk.reader;
    let accounts = columns_of(seen);
    let mut columns = vec![Column::new(r.t(Msg::MoneyLine)).leading()];
    columns
        .extend(accounts.iter().map(|account| Column::new(account_name(desk, *account)).numeric()));
    columns.push(Column::new(r.t(Msg::MoneyTotal)).numeric());
    let cells = |name: Markup, standings: &Standings| {
        let money = |minor: i64| amount(r, Money::new(minor, seen.statement.currency));
        let of = |account: &Account| standings.get(account).copied().unwrap_or(0);
        let shown =
            |minor: i64| html! { @if minor == 0 { span.muted { "–" } } @else { (money(minor)) } };
        let mut cells = vec![name];
        cells.extend(accounts.iter().map(|account| shown(of(account))));
        cells.push(html! { strong { (money(total(standings))) } });
        Row { cells, ..Row::default() }
    };
    let line = |sum: &LineSum| {
        let code = sum.line.code();
        let href = desk.href(&format!("/statements/{}?line={code}#behind", seen.statement.id));
        let name = html! {
            a href=(href) { (by_code(r, "money-line", code)) } " "
            small.muted { (crate::format::count(sum.count)) }
        };
        cells(name, &sum.by_account)
    };
    let strong = |msg: Msg| html! { strong { (r.t(msg)) } };
    let mut rows = vec![cells(strong(Msg::MoneyOpening), &seen.statement.opening)];
    rows.extend(seen.lines.iter().map(line));
    rows.push(cells(strong(Msg::MoneyChange), &seen.change));
    rows.push(cells(strong(Msg::MoneyClosing), &seen.statement.closing));
    table(r.words, &columns, &rows, false)
}

fn transfers(
    desk: &Desk,
    seen: &StatementPage,
    parts: &[StatementTransfer],
    line: Option<StatementLine>,
) -> Markup {
    let r = &desk.reader;
    let columns = [
        Column::new(r.t(Msg::SellerColumnWhen)),
        Column::new(r.t(Msg::SellerColumnWhy)).leading(),
        Column::new(r.t(Msg::MoneyBelongsTo)),
        Column::new(r.t(Msg::MoneyLine)),
        Column::new(r.t(Msg::SellerColumnAmount)).numeric(),
    ];
    let rows: Vec<Row> = parts.iter().map(|part| transfer_row(desk, seen, part)).collect();
    html! {
        div id="behind" {
            @if line.is_some() {
                p { a href=(desk.href(&format!("/statements/{}", seen.statement.id))) { (r.t(Msg::MoneyBehindShowAll)) } }
            }
            (table(r.words, &columns, &rows, false))
            @if parts.len() >= MOST_SHOWN { p.muted { (r.with(Msg::MoneyBehindMost, &[("count", MOST_SHOWN.into())])) } }
        }
    }
}

fn transfer_row(desk: &Desk, seen: &StatementPage, part: &StatementTransfer) -> Row {
    let r = &desk.reader;
    let row = &part.transfer;
    let href = match row.subject.as_str() {
        "order" => Some(desk.href(&format!("/orders/{}", row.subject_id))),
        "payout" => Some(desk.href(&format!("/payouts/{}", row.subject_id))),
        _ => None,
    };
    let effects = html! {
        @for (account, minor) in &part.by_account {
            div { small.muted { (account_name(desk, *account)) " " } (amount(r, Money::new(*minor, seen.statement.currency))) }
        }
    };
    Row {
        cells: vec![
            moment(r, row.created_at),
            html! { (purpose(desk, row)) },
            html! {
                @match href {
                    Some(href) => { a.num href=(href) { (row.subject_id) } }
                    None => { span.num { (row.subject_id) } }
                }
            },
            html! { (by_code(r, "money-line", part.line.code())) },
            effects,
        ],
        ..Row::default()
    }
}

/// Names of columns are part of the file's shape and the same in every language.
const HEAD: &str = "line,transfer,at,code,belongs_to,belongs_to_id,account,currency,amount\r\n";

pub(super) async fn csv(
    State(market): State<Market>,
    Path((shop, statement)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, Refused> {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewMoney).await?;
    let read = async {
        let id: StatementId = statement.parse().map_err(|_| Failure::NotFound)?;
        let seen = statements::show(&market, desk.shop.id, id).await?;
        let parts = statements::transfers(&market, desk.shop.id, id, None, MOST_IN_FILE).await?;
        Ok((seen, parts))
    };
    let (seen, parts) = read.await.map_err(|failure| desk.refused(failure))?;
    let currency = seen.statement.currency;
    let mut text = String::from(HEAD);
    let mut standing = |name: &str, at: String, standings: &Standings| {
        for (account, minor) in standings {
            let sum = Money::new(*minor, currency).amount();
            text.push_str(&format!("{name},,{at},,,,{},{currency},{sum}\r\n", account.code()));
        }
    };
    standing("opening", seen.statement.from.to_string(), &seen.statement.opening);
    standing("closing", seen.statement.to.to_string(), &seen.statement.closing);
    for part in &parts {
        let row = &part.transfer;
        for (account, minor) in &part.by_account {
            text.push_str(&format!(
                "{},{},{},{},{},{},{},{currency},{}\r\n",
                part.line.code(),
                row.id,
                row.created_at,
                row.code.code(),
                row.subject,
                row.subject_id,
                account.code(),
                Money::new(*minor, currency).amount(),
            ));
        }
    }
    let date = seen.statement.from.civil().strftime("%Y-%m-%d").to_string();
    let name = format!("attachment; filename=\"statement-{date}-{currency}.csv\"");
    let head = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((head, text).into_response())
}
