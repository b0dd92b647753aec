//! A statement as PDF: what its page shows, on paper, in the reader's language.

use actions::statements::{StatementPage, show};
use actions::{Failure, Market};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use documents::{Column, FontPlaces, Part, Report, report};
use rules::ids::StatementId;
use rules::money::Money;
use rules::people::Permission;
use rules::settlement::statements::Standings;

use super::desk::{Desk, Refused};
use super::money_rows::account_name;
use super::notes::by_code;
use super::statements::{columns_of, day_of, total};
use crate::visit::Visit;
use crate::words::Msg;

pub(super) async fn pdf(
    State(market): State<Market>,
    Path((shop, statement)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, Refused> {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewMoney).await?;
    let read = async {
        let id: StatementId = statement.parse().map_err(|_| Failure::NotFound)?;
        show(&market, desk.shop.id, id).await
    };
    let seen = read.await.map_err(|failure| desk.refused(failure))?;
    let paper = paper(&desk, &seen);
    let work = move || report(&FontPlaces::find(None).read(), &paper);
    let bytes = tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| desk.refused(Failure::Broken(error.to_string())))?;
    let date = seen.statement.from.civil().strftime("%Y-%m-%d").to_string();
    let name = format!("attachment; filename=\"statement-{date}-{}.pdf\"", seen.statement.currency);
    let head =
        [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((head, bytes).into_response())
}

fn paper(desk: &Desk, seen: &StatementPage) -> Report {
    let r = &desk.reader;
    let statement = &seen.statement;
    let day = day_of(r, statement);
    let accounts = columns_of(seen);
    let mut columns = vec![Column::new(r.t(Msg::MoneyLine), 3.0)];
    columns.extend(accounts.iter().map(|one| Column::new(account_name(desk, *one), 2.0).numeric()));
    columns.push(Column::new(r.t(Msg::MoneyTotal), 2.0).numeric());
    let row = |name: String, standings: &Standings| {
        let money = |minor: i64| r.money(Money::new(minor, statement.currency));
        let of = |account| standings.get(account).copied().unwrap_or(0);
        let mut cells = vec![name];
        cells.extend(accounts.iter().map(|account| money(of(account))));
        cells.push(money(total(standings)));
        cells
    };
    let mut rows = vec![row(r.t(Msg::MoneyOpening).into_owned(), &statement.opening)];
    rows.extend(
        seen.lines
            .iter()
            .map(|sum| row(by_code(r, "money-line", sum.line.code()), &sum.by_account)),
    );
    rows.push(row(r.t(Msg::MoneyChange).into_owned(), &seen.change));
    let sums = row(r.t(Msg::MoneyClosing).into_owned(), &statement.closing);
    let number = r.with(Msg::MoneyStatementNumber, &[("number", statement.number.into())]);
    Report {
        title: r.with(Msg::MoneyStatementTitle, &[("day", day.into())]),
        under: vec![
            desk.shop.name.clone(),
            format!("{number} · {} · {}", statement.currency, r.t(Msg::MoneyStatementPeriod)),
        ],
        language: r.words.language().tag().to_owned(),
        parts: vec![
            Part::Table { columns, rows, sums },
            Part::Text(r.t(Msg::MoneyHowReadText).into_owned()),
        ],
        foot: format!("{} · {}", desk.shop.name, statement.id),
    }
}
