//! What a shop does next, by when, and how the day goes.

use rules::ids::{EPOCH_MS, OrderId, ShopId, compose};
use rules::orders::OrderStateName;
use rules::policy::MarketCode;
use rules::time::{Span, Timestamp};
use store::Tx;
use store::cancellations::{self, CancelRequest};
use store::ledger::{self, BalanceRow};
use store::lists::orders::soonest_due;
use store::lists::seller::{self, OrderedThing, RunningOut, Sales, Waiting};
use store::orders::OrderRow;
use store::shops::{self, Shop};
use store::shortages::{self, Shortage};

use super::list::SOON;
use crate::failure::Failure;
use crate::market::Market;

/// Fewer than this many pieces left to sell is worth a word. [X]
pub const LOW_STOCK: i64 = 5;
/// SKUs with little stock are counted so far.
const RUNNING_OUT: i64 = 100;
/// How much of the queue the home page shows.
const QUEUE: i64 = 12;

/// The home page of a shop, read in one snapshot.
#[derive(Clone, Debug)]
pub struct Home {
    pub shop: Shop,
    pub to_confirm: Waiting,
    pub to_ship: Waiting,
    pub awaiting_collection: Waiting,
    /// Orders the shop must act on, the nearest deadline first.
    pub queue: Vec<OrderRow>,
    /// Buyers' requests to cancel which nobody has answered, the oldest first.
    pub requests: Vec<CancelRequest>,
    /// Missing goods which are not settled, the oldest first.
    pub shortages: Vec<Shortage>,
    /// What is in the orders of all these.
    pub things: Vec<OrderedThing>,
    pub running_out: Vec<RunningOut>,
    pub today: Sales,
    /// The whole of yesterday.
    pub yesterday: Sales,
    /// Yesterday up to the hour it is now.
    pub yesterday_so_far: Sales,
    pub balances: Vec<BalanceRow>,
}

/// `day_began` is midnight in the shop's zone.
pub async fn home(
    market: &Market,
    shop: ShopId,
    now: Timestamp,
    day_began: Timestamp,
    day_before_began: Timestamp,
) -> Result<Home, Failure> {
    let (_, policies) = market.policies();
    market
        .store
        .read(async move |tx: &mut Tx| {
            let shop = shops::load(tx, shop).await?.ok_or(Failure::NotFound)?;
            let code = MarketCode::parse(&shop.market)
                .map_err(|error| Failure::Broken(error.to_string()))?;
            // A policy may have given more time to pay yesterday; a day more costs nothing.
            let paid_within = policies.orders(code).pay_within().ms() + Span::from_days(1).ms();
            let oldest = first_id_of(Timestamp::from_ms(day_before_began.ms() - paid_within));
            read(tx, shop, now, [day_before_began, day_began], oldest).await
        })
        .await
}

async fn read(
    tx: &mut Tx,
    shop: Shop,
    now: Timestamp,
    [yesterday, today]: [Timestamp; 2],
    oldest: i64,
) -> Result<Home, Failure> {
    use OrderStateName::{AwaitingCollection, AwaitingConfirmation, AwaitingShipment};
    let soon = now + SOON;
    let id = shop.id;
    let queue = soonest_due(tx, id, &[AwaitingConfirmation, AwaitingShipment], QUEUE).await?;
    let requests = cancellations::open_of_shop(tx, id, QUEUE).await?;
    let shortages = shortages::open_of_shop(tx, id, QUEUE).await?;
    let mut named: Vec<OrderId> = queue.iter().map(|order| order.id).collect();
    named.extend(requests.iter().map(|request| request.order));
    named.extend(shortages.iter().map(|shortage| shortage.order));
    named.sort_unstable();
    named.dedup();
    let things = seller::things_in(tx, id, named).await?;
    let same_hour = yesterday + now.since(today);
    Ok(Home {
        to_confirm: seller::waiting(tx, id, AwaitingConfirmation, now, soon).await?,
        to_ship: seller::waiting(tx, id, AwaitingShipment, now, soon).await?,
        awaiting_collection: seller::waiting(tx, id, AwaitingCollection, now, soon).await?,
        running_out: seller::running_out(tx, id, LOW_STOCK, RUNNING_OUT).await?,
        today: seller::sales(tx, id, oldest, today, now + Span::from_ms(1)).await?,
        yesterday: seller::sales(tx, id, oldest, yesterday, today).await?,
        yesterday_so_far: seller::sales(tx, id, oldest, yesterday, same_hour).await?,
        balances: ledger::balances_of(tx, id.number()).await?,
        queue,
        requests,
        shortages,
        things,
        shop,
    })
}

/// The smallest id which anything made at that moment can have.
fn first_id_of(at: Timestamp) -> i64 {
    compose((at.ms() - EPOCH_MS).max(0), 0, 0)
}
