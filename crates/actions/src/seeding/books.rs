//! One statement a shop, currency and day on which money moved, as `statements::close_days` would have made them.

use rules::money::Currency;
use rules::settlement::statements::{Moved, Standings, change, lines, moved_by};
use rules::time::{Span, Timestamp};
use store::bulk::Rows;
use store::statements::Statement;

use super::pool::{DaySums, Pool};
use super::{Seeding, day};
use crate::failure::Failure;
use crate::market::Market;

const DAY: Span = Span::from_days(1);

/// Adds the statements of all days which are over; answers until when the days are closed.
pub(super) fn statements(
    market: &Market,
    ask: &Seeding,
    pool: &mut Pool,
    rows: &mut Rows,
) -> Result<Option<Timestamp>, Failure> {
    let minutes = market.policies().1.house_settlement().payout.statement_after_minutes;
    let wait = Span::from_minutes(minutes);
    let books = std::mem::take(&mut pool.books);
    let first = books.values().filter_map(|days| days.keys().next()).min().copied();
    let Some(first) = first else { return Ok(None) };
    let mut until = day(ask.until);
    if ask.until < until + wait {
        until = until - DAY;
    }
    for ((shop, code), days) in books {
        let currency = Currency::parse(code).map_err(|error| Failure::Broken(error.to_string()))?;
        let mut opening = Standings::new();
        for ((from, sums), number) in days.range(..until).zip(1..) {
            let to = *from + DAY;
            let closing = moved_by(&opening, &change(&lines(&moved(sums), 0)), 1);
            let created_at = to + wait;
            let statement = Statement {
                id: pool.ids(created_at, 1).take(),
                shop,
                number,
                currency,
                from: *from,
                to,
                opening: std::mem::replace(&mut opening, closing.clone()),
                closing,
                created_at,
            };
            rows.statements.push(statement);
        }
    }
    Ok((first < until).then_some(until))
}

fn moved(sums: &DaySums) -> Vec<Moved> {
    let mut moved = Vec::with_capacity(sums.len());
    for ((debit, credit, _), (code, amount_minor, count)) in sums {
        let (debit, credit, code) = (*debit, *credit, *code);
        moved.push(Moved { debit, credit, code, amount_minor: *amount_minor, count: *count });
    }
    moved
}
