//! What a shop does next, by when, and how the day goes.

use rules::figures::Day;
use rules::ids::{OrderId, ShopId};
use rules::orders::OrderStateName;
use rules::time::Timestamp;
use store::Tx;
use store::after_sales::{self, CaseRow};
use store::cancellations::{self, CancelRequest};
use store::figures::{self, Sales};
use store::ledger::{self, BalanceRow};
use store::lists::orders::soonest_due;
use store::lists::seller::{self, OrderedThing, RunningOut, Waiting};
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
    /// After-sales cases which wait for the shop, the nearest deadline first.
    pub cases: Vec<CaseRow>,
    /// What is in the orders of all these.
    pub things: Vec<OrderedThing>,
    pub running_out: Vec<RunningOut>,
    /// Of the UTC day, as the figures of the shop count it.
    pub today: Sales,
    /// The whole of the UTC day before.
    pub yesterday: Sales,
    pub balances: Vec<BalanceRow>,
}

pub async fn home(market: &Market, shop: ShopId, now: Timestamp) -> Result<Home, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let shop = shops::load(tx, shop).await?.ok_or(Failure::NotFound)?;
            read(tx, shop, now).await
        })
        .await
}

async fn read(tx: &mut Tx, shop: Shop, now: Timestamp) -> Result<Home, Failure> {
    use OrderStateName::{AwaitingCollection, AwaitingConfirmation, AwaitingShipment};
    let soon = now + SOON;
    let id = shop.id;
    let queue = soonest_due(tx, id, &[AwaitingConfirmation, AwaitingShipment], QUEUE).await?;
    let requests = cancellations::open_of_shop(tx, id, QUEUE).await?;
    let shortages = shortages::open_of_shop(tx, id, QUEUE).await?;
    let cases = after_sales::soonest_due(tx, id, QUEUE).await?;
    let mut named: Vec<OrderId> = queue.iter().map(|order| order.id).collect();
    named.extend(requests.iter().map(|request| request.order));
    named.extend(shortages.iter().map(|shortage| shortage.order));
    named.extend(cases.iter().map(|case| case.order));
    named.sort_unstable();
    named.dedup();
    let things = seller::things_in(tx, id, named).await?;
    let today = Day::of(now);
    let yesterday = today.first_of(2);
    Ok(Home {
        to_confirm: seller::waiting(tx, id, AwaitingConfirmation, now, soon).await?,
        to_ship: seller::waiting(tx, id, AwaitingShipment, now, soon).await?,
        awaiting_collection: seller::waiting(tx, id, AwaitingCollection, now, soon).await?,
        running_out: seller::running_out(tx, id, LOW_STOCK, RUNNING_OUT).await?,
        today: figures::sales_of(tx, id, (today, today)).await?,
        yesterday: figures::sales_of(tx, id, (yesterday, yesterday)).await?,
        balances: ledger::balances_of(tx, id.number()).await?,
        queue,
        requests,
        shortages,
        cases,
        things,
        shop,
    })
}
