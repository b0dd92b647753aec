//! Histories which are made up: what `guildhall seed` fills a new market with, for measuring and for trying things out.
//!
//! Each step of each order is decided by the rules, at its own moment, exactly as the acts have it decided; goods are
//! priced by the checkout's own code, and parcels move as the sandbox's carrier moves them. Only the writing differs: rows
//! are gathered by the day they belong to and written in bulk (`store::bulk`). What is still under way at the end is left
//! with its deadlines and jobs, so that the market goes on from there by itself.

mod books;
mod buyers;
mod flags;
mod goods;
mod play;
mod pool;
mod travel;
mod visits;

use std::collections::BTreeMap;

use futures_util::future::join;
use rules::checkout::address::Address;
use rules::ids::{PersonId, ShopId, SkuId};
use rules::orders::OrderStateName;
use rules::settlement::payouts::day_of;
use rules::time::{Span, Timestamp};
use store::bulk::{self, Rows};
use store::{Tx, statements};

use crate::chance::Chance;
use crate::failure::Failure;
use crate::market::Market;
use goods::World;
use pool::Pool;

/// What is to be made up.
#[derive(Clone, Debug)]
pub struct Seeding {
    pub orders: u64,
    /// The first order is placed then. The shops are there by then.
    pub from: Timestamp,
    /// Nothing happens after this.
    pub until: Timestamp,
    pub shops: Vec<SeedShop>,
    /// Names and addresses of which the buyers' are made, at least one in each shop's market.
    pub models: Vec<BuyerModel>,
    /// The same chance makes the same market.
    pub chance: Chance,
    pub profile: Profile,
}

/// How the orders are spread over their states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// As life has it: most are settled, and some are in each state which waits.
    Life,
    /// Every order was received at the end, so that those of a tier settle at one moment.
    ReceivedAtOnce,
    /// Every order was received in the last hour, each at its own moment, so that they settle one after the other.
    ReceivedInTurn,
}

/// A shop which sells, and what it sells.
#[derive(Clone, Debug)]
pub struct SeedShop {
    pub shop: ShopId,
    pub owner: PersonId,
    pub skus: Vec<SkuId>,
}

/// Somebody who might buy.
#[derive(Clone, Debug)]
pub struct BuyerModel {
    pub name: String,
    pub address: Address,
}

/// What was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeedReport {
    pub orders: u64,
    pub buyers: u64,
    /// One of them, to look around as.
    pub first_buyer: Option<PersonId>,
    /// Rows of all tables, about.
    pub rows: u64,
    pub statements: u64,
    /// Orders by the state in which they are at the end.
    pub states: BTreeMap<&'static str, u64>,
}

/// How far it is: orders and rows so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeedProgress {
    pub orders: u64,
    pub rows: u64,
}

/// Makes the histories up and writes them. The market's clock may stand anywhere from `from` on.
///
/// It is no act: it writes transaction by transaction, and a database in which it was interrupted is of no use.
///
/// # Errors
/// In a market in which money has moved, and in one without shops or buyers.
pub async fn seed(
    market: &Market,
    ask: Seeding,
    progress: impl Fn(SeedProgress),
) -> Result<SeedReport, Failure> {
    nothing_has_moved(market).await?;
    if ask.shops.is_empty() || ask.from >= ask.until {
        return Err(Failure::Broken("there is no shop to make orders for, or no time".to_owned()));
    }
    let mut report = SeedReport::default();
    let mut pool = Pool::new(market.ids.process());
    let mut world = World::read(market, &ask, &mut pool).await?;
    let mut rows = buyers::make(&mut world, &ask, &mut pool)?;
    report.buyers = world.buyers.len() as u64;
    report.first_buyer = world.buyers.first().map(|buyer| buyer.person);
    let mut visits = visits::Visits::new(&ask);
    loop {
        let next = visits.next_day();
        if let Some(day) = next {
            world.look_again(market, day).await?;
        }
        report.rows += rows.count() as u64;
        // SQLite writes on a thread of its own while the next day is made up.
        let made = async {
            let Some(day) = next else { return Ok(Rows::default()) };
            visits.play(day, &mut world, &mut pool, &mut report)?;
            Ok::<_, Failure>(pool.take_before(day))
        };
        let (wrote, made) = join(write(market, rows), made).await;
        wrote?;
        rows = made?;
        progress(SeedProgress { orders: report.orders, rows: report.rows });
        if next.is_none() {
            break;
        }
    }
    let mut last = pool.take_before(ask.until + Span::from_days(1));
    world.stock_rows(&mut last);
    let closed_until = books::statements(market, &ask, &mut pool, &mut last)?;
    report.statements = last.statements.len() as u64;
    report.rows += last.count() as u64;
    write(market, last).await?;
    if let Some(until) = closed_until {
        crate::statements::mark_closed(market, until, ask.until).await?;
    }
    Ok(report)
}

async fn nothing_has_moved(market: &Market) -> Result<(), Failure> {
    let first = market
        .store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(statements::first_transfer(tx).await?))
        .await?;
    match first {
        None => Ok(()),
        Some(at) => Err(Failure::Broken(format!(
            "histories are made up in a new market only; in this one money has moved since {at}"
        ))),
    }
}

async fn write(market: &Market, mut rows: Rows) -> Result<(), Failure> {
    rows.sort();
    market
        .store
        .write(async move |tx: &mut Tx| Ok::<_, Failure>(bulk::write(tx, &rows).await?))
        .await
}

impl SeedReport {
    fn take(&mut self, state: OrderStateName) {
        self.orders += 1;
        *self.states.entry(state.code()).or_insert(0) += 1;
    }
}

/// The beginning of the UTC day of a moment.
fn day(at: Timestamp) -> Timestamp {
    day_of(at)
}
