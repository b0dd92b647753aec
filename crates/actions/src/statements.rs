//! Closing the day: one statement a shop and currency, and the payouts of those whose day it is. And what statements show.

use std::collections::BTreeMap;

use rules::ids::{OrderId, ShopId, StatementId};
use rules::ledger::{Account, TransferCode, TransferRow};
use rules::money::Currency;
use rules::settlement::payouts::day_of;
use rules::settlement::statements::{
    LineSum, Standings, StatementLine, change, effects, lines, moved_by,
};
use rules::time::{Span, Timestamp};
use store::statements::{self, Statement};
use store::{Tx, house, shops};

use crate::failure::Failure;
use crate::market::Market;
use crate::payouts;

/// `house_settings`: until when all days are closed, milliseconds.
const CLOSED_UNTIL: &str = "books_closed_until";
const DAY: Span = Span::from_days(1);
/// Paying is the first thing which can happen to a placed order: its version is then this one.
const PAID_STEP: i64 = 2;
/// Days closed by one sweep at most: the clock of a sandbox may have jumped by a year.
const MOST_DAYS: usize = 60;

/// Closes every day which is over, oldest first, and plans the payouts of the last of them. Answers how many statements
/// were made. It may be stopped anywhere and run again: a statement is made once, and the day is marked closed last.
pub async fn close_days(market: &Market) -> Result<u64, Failure> {
    let now = market.now();
    let wait =
        Span::from_minutes(market.policies().1.house_settlement().payout.statement_after_minutes);
    let mut closed = 0;
    for _ in 0..MOST_DAYS {
        let Some(from) = first_open_day(market).await? else { break };
        let to = from + DAY;
        if now < to + wait {
            break;
        }
        closed += close_day(market, from, to).await?;
        if now < to + DAY + wait {
            payouts::plan_day(market, to).await?;
        }
        mark_closed(market, to, now).await?;
    }
    Ok(closed)
}

/// Where the first day begins which is not closed; `None` as long as no money has moved.
async fn first_open_day(market: &Market) -> Result<Option<Timestamp>, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            if let Some(kept) = house::load_setting(tx, CLOSED_UNTIL).await? {
                let ms: i64 = kept
                    .parse()
                    .map_err(|_| Failure::Broken(format!("{CLOSED_UNTIL} is {kept:?}")))?;
                return Ok(Some(Timestamp::from_ms(ms)));
            }
            Ok(statements::first_transfer(tx).await?.map(day_of))
        })
        .await
}

/// Notes that all days until a moment are closed.
pub(crate) async fn mark_closed(
    market: &Market,
    until: Timestamp,
    now: Timestamp,
) -> Result<(), Failure> {
    market
        .store
        .write(async move |tx: &mut Tx| {
            let value = until.ms().to_string();
            Ok::<_, Failure>(house::record_setting(tx, CLOSED_UNTIL, &value, now).await?)
        })
        .await
}

async fn close_day(market: &Market, from: Timestamp, to: Timestamp) -> Result<u64, Failure> {
    let homes = market
        .store
        .read(async move |tx: &mut Tx| {
            Ok::<_, Failure>(statements::homes_moved(tx, from, to).await?)
        })
        .await?;
    let mut closed = 0;
    for (home, code) in homes {
        let currency =
            Currency::parse(&code).map_err(|error| Failure::Broken(error.to_string()))?;
        closed += u64::from(close_one(market, ShopId::new(home), currency, from, to).await?);
    }
    Ok(closed)
}

/// The statement of one shop, currency and day; false when it is there already or the home is no shop.
async fn close_one(
    market: &Market,
    shop: ShopId,
    currency: Currency,
    from: Timestamp,
    to: Timestamp,
) -> Result<bool, Failure> {
    let (now, block) = (market.now(), market.ids.block(1));
    market
        .store
        .write(async move |tx: &mut Tx| {
            if shops::load(tx, shop).await?.is_none() {
                return Ok(false);
            }
            let last = statements::last(tx, shop, currency).await?;
            if last.as_ref().is_some_and(|last| last.from >= from) {
                return Ok(false);
            }
            let closing = statements::standings_before(tx, shop, currency, to).await?;
            let day = change(&day_lines(tx, shop, currency, from, to).await?);
            let statement = Statement {
                id: block.start().take(),
                shop,
                number: last.map_or(0, |last| last.number) + 1,
                currency,
                from,
                to,
                opening: moved_by(&closing, &day, -1),
                closing,
                created_at: now,
            };
            statements::insert(tx, &statement).await?;
            Ok::<_, Failure>(true)
        })
        .await
}

async fn day_lines(
    tx: &mut Tx,
    shop: ShopId,
    currency: Currency,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<LineSum>, Failure> {
    let moved = statements::moved(tx, shop, currency, from, to).await?;
    let shipping = statements::shipping_paid(tx, shop, currency, from, to).await?;
    Ok(lines(&moved, shipping))
}

/// Whether what is frozen of a statement is what its transfers did.
pub(crate) async fn holds(tx: &mut Tx, statement: &Statement) -> Result<bool, Failure> {
    let (from, to) = (statement.from, statement.to);
    let moved = statements::moved(tx, statement.shop, statement.currency, from, to).await?;
    let day = change(&lines(&moved, 0));
    Ok(moved_by(&statement.opening, &day, 1) == moved_by(&statement.closing, &Standings::new(), 1))
}

/// A statement with its lines.
#[derive(Clone, Debug)]
pub struct StatementPage {
    pub statement: Statement,
    pub shop_name: String,
    pub lines: Vec<LineSum>,
    pub change: Standings,
}

pub async fn show(
    market: &Market,
    shop: ShopId,
    id: StatementId,
) -> Result<StatementPage, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let statement = statements::load(tx, shop, id).await?.ok_or(Failure::NotFound)?;
            let row = shops::load(tx, shop).await?.ok_or(Failure::NotFound)?;
            let (from, to) = (statement.from, statement.to);
            let lines = day_lines(tx, shop, statement.currency, from, to).await?;
            Ok(StatementPage { change: change(&lines), shop_name: row.name, lines, statement })
        })
        .await
}

/// The statements of a shop, the newest first.
pub async fn of_shop(
    market: &Market,
    shop: ShopId,
    before: i64,
    limit: i64,
) -> Result<Vec<Statement>, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            Ok::<_, Failure>(statements::of_shop(tx, shop, before, limit).await?)
        })
        .await
}

/// A transfer as a statement shows it: in which line, and what it did to each of the shop's accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementTransfer {
    pub line: StatementLine,
    pub transfer: TransferRow,
    pub by_account: Vec<(Account, i64)>,
}

/// The transfers behind a statement (of one line, or of all with `None`), the oldest first, below a most. A captured
/// payment is in two lines where the order had shipping: each with its part.
pub async fn transfers(
    market: &Market,
    shop: ShopId,
    id: StatementId,
    line: Option<StatementLine>,
    most: usize,
) -> Result<Vec<StatementTransfer>, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let statement = statements::load(tx, shop, id).await?.ok_or(Failure::NotFound)?;
            let mut found = Vec::new();
            let mut after = 0;
            loop {
                let page = statements::transfers(tx, &statement, after, 1_000).await?;
                let Some(last) = page.last() else { break };
                after = last.id.number();
                let shipping = shipping_of(tx, &statement, &page).await?;
                for transfer in page {
                    found.extend(parts(transfer, &shipping));
                }
                found.retain(|part| line.is_none_or(|line| part.line == line));
                if found.len() >= most {
                    found.truncate(most);
                    break;
                }
            }
            Ok(found)
        })
        .await
}

async fn shipping_of(
    tx: &mut Tx,
    statement: &Statement,
    page: &[TransferRow],
) -> Result<BTreeMap<OrderId, i64>, Failure> {
    let captured = page.iter().filter(|row| row.code == TransferCode::PaymentCaptured);
    let orders: Vec<OrderId> = captured.filter_map(TransferRow::order).collect();
    Ok(statements::shipping_of(tx, statement.shop, &orders).await?)
}

fn parts(transfer: TransferRow, shipping: &BTreeMap<OrderId, i64>) -> Vec<StatementTransfer> {
    let by_account = effects(transfer.debit, transfer.credit, transfer.amount_minor);
    if by_account.is_empty() {
        return Vec::new();
    }
    let line = StatementLine::of(transfer.code);
    let of_order = transfer.order().and_then(|order| shipping.get(&order)).copied();
    // What is paid later, for a dearer substitute, has no shipping in it.
    let first = line == StatementLine::Sales && transfer.step == PAID_STEP;
    let part = of_order.filter(|_| first).unwrap_or(0);
    let part = part.min(transfer.amount_minor);
    if part <= 0 {
        return vec![StatementTransfer { line, transfer, by_account }];
    }
    let of = |line, minor: i64| {
        let sign = |before: i64| if before < 0 { -minor } else { minor };
        let by_account =
            by_account.iter().map(|(account, before)| (*account, sign(*before))).collect();
        StatementTransfer { line, transfer: transfer.clone(), by_account }
    };
    let goods = transfer.amount_minor - part;
    let both = [(StatementLine::Sales, goods), (StatementLine::Shipping, part)];
    both.into_iter().filter(|(_, minor)| *minor > 0).map(|(line, minor)| of(line, minor)).collect()
}
