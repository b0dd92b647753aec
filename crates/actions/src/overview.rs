//! What the house sees of itself, each page's facts in one snapshot. Reads only; nothing here decides.

use rules::checkout::border::DutyLine;
use rules::ids::{EventId, OrderId, ShopId, TransferId};
use rules::ledger::{Account, TransferCode, TransferRow};
use rules::orders::OrderStateName;
use rules::time::{Span, Timestamp};
use store::due::{Due, DueKind};
use store::events::EventSeen;
use store::figures::MarketDay;
use store::jobs::Job;
use store::ledger::{BalanceRow, ReservePart};
use store::lists::orders::MOST_COUNTED;
use store::lists::{books, house, orders as lists};
use store::order_items::{self, OrderPromotion};
use store::orders::{LineRow, OrderRow};
use store::parcels::{Parcel, ParcelEvent};
use store::payments::{Payment, Refund};
use store::shops::Shop;
use store::{Tx, due, events, figures, jobs, ledger, orders, parcels, payments, shops};

use crate::checks::{Care, care_of};
use crate::failure::Failure;
use crate::figures::Period;
use crate::market::Market;

/// A sweep runs every few seconds: what is later than this is stuck and not merely next.
const STUCK_AFTER: Span = Span::from_minutes(5);

/// Due work of one kind.
#[derive(Clone, Debug)]
pub struct DueOfKind {
    pub kind: DueKind,
    /// With a deadline at all; these and the next two stop at one more than [`MOST_COUNTED`].
    pub waiting: i64,
    pub due_now: i64,
    /// Due for so long that the sweep should have taken it.
    pub stuck: i64,
    /// The soonest first.
    pub soonest: Vec<Due>,
}

async fn due_of_kind(
    tx: &mut Tx,
    kind: DueKind,
    now: Timestamp,
    rows: i64,
) -> Result<DueOfKind, Failure> {
    let most = MOST_COUNTED + 1;
    let stuck_before = Timestamp::from_ms(now.ms() - STUCK_AFTER.ms());
    Ok(DueOfKind {
        kind,
        waiting: due::count(tx, kind, Timestamp::from_ms(i64::MAX), most).await?,
        due_now: due::count(tx, kind, now, most).await?,
        stuck: due::count(tx, kind, stuck_before, most).await?,
        soonest: due::soonest(tx, kind, rows).await?,
    })
}

/// What the console's navigation counts, each up to one more than [`MOST_COUNTED`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NavCounts {
    /// Orders whose deadline passes within [`ORDERS_SOON`].
    pub orders_soon: i64,
    /// Work of all kinds which the sweep should have taken.
    pub stuck: i64,
}

/// The reader of a list of orders thinks in days.
const ORDERS_SOON: Span = Span::from_hours(24);

/// Read with every page of the console, so it only walks the indexes of deadlines.
pub async fn nav_counts(market: &Market) -> Result<NavCounts, Failure> {
    let now = market.now();
    let most = MOST_COUNTED + 1;
    let stuck_before = Timestamp::from_ms(now.ms() - STUCK_AFTER.ms());
    market
        .store
        .read(async move |tx: &mut Tx| {
            let mut stuck = 0;
            for kind in DueKind::ALL {
                stuck += due::count(tx, kind, stuck_before, most).await?;
            }
            let orders_soon = due::count(tx, DueKind::Order, now + ORDERS_SOON, most).await?;
            Ok::<_, Failure>(NavCounts { orders_soon, stuck })
        })
        .await
}

/// The house's home page.
#[derive(Clone, Debug)]
pub struct HouseToday {
    pub due: Vec<DueOfKind>,
    pub given_up: Vec<Job>,
    pub given_up_count: i64,
    pub flagged: Vec<OrderRow>,
    pub flagged_count: i64,
    pub late: Vec<OrderRow>,
    pub late_count: i64,
    /// Names of the homes of all rows above.
    pub names: Vec<(i64, String)>,
    /// The days of which `sold` is; the last one is today.
    pub period: Period,
    /// What was sold by market and UTC day; days on which nothing was are not here.
    pub sold: Vec<MarketDay>,
}

/// How many rows of a kind the home page shows.
const ROWS_ON_HOME: i64 = 5;

/// With what was sold in the last `days` days, today included.
pub async fn house_today(market: &Market, days: i64) -> Result<HouseToday, Failure> {
    let now = market.now();
    let period = Period::last(days, now);
    market
        .store
        .read(async move |tx: &mut Tx| {
            let mut due = Vec::with_capacity(DueKind::ALL.len());
            for kind in DueKind::ALL {
                due.push(due_of_kind(tx, kind, now, 1).await?);
            }
            let flagged_state = OrderStateName::AwaitingConfirmation;
            let mut today = HouseToday {
                due,
                given_up: jobs::given_up(tx, ROWS_ON_HOME).await?,
                given_up_count: house::count_given_up(tx).await?,
                flagged: house::to_confirm(tx, ROWS_ON_HOME).await?,
                flagged_count: house::count_open_orders(tx, flagged_state).await?,
                late: house::late_orders(tx, ROWS_ON_HOME).await?,
                late_count: house::count_late_orders(tx).await?,
                names: Vec::new(),
                sold: figures::sales_of_house(tx, (period.from, period.to)).await?,
                period,
            };
            let orders = today.flagged.iter().chain(&today.late).map(|order| order.shop.number());
            let homes: Vec<i64> =
                orders.chain(today.given_up.iter().map(|job| job.home_id)).collect();
            today.names = books::names_of_homes(tx, &homes).await?;
            Ok::<_, Failure>(today)
        })
        .await
}

/// The page of due work.
pub async fn due_work(market: &Market, rows: i64) -> Result<Vec<DueOfKind>, Failure> {
    let now = market.now();
    market
        .store
        .read(async move |tx: &mut Tx| {
            let mut all = Vec::with_capacity(DueKind::ALL.len());
            for kind in DueKind::ALL {
                all.push(due_of_kind(tx, kind, now, rows).await?);
            }
            Ok::<_, Failure>(all)
        })
        .await
}

/// Jobs which gave up, newest first, and jobs which wait, the soonest first.
pub async fn open_jobs(market: &Market, limit: i64) -> Result<(Vec<Job>, Vec<Job>), Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            Ok::<_, Failure>((jobs::given_up(tx, limit).await?, jobs::open(tx, limit).await?))
        })
        .await
}

/// The newest events of the whole house, and the names of their homes and of who did them.
pub async fn newest_events(
    market: &Market,
    before: i64,
    limit: i64,
) -> Result<(Vec<EventSeen>, Vec<(i64, String)>), Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let seen = events::newest(tx, before, limit).await?;
            let homes: Vec<i64> = seen
                .iter()
                .flat_map(|event| [Some(event.home_id), person_of(event)])
                .flatten()
                .collect();
            Ok::<_, Failure>((seen, books::names_of_homes(tx, &homes).await?))
        })
        .await
}

/// What the clock, carriers and the provider did from an event on, counted by subject and kind.
pub async fn done_by_itself(
    market: &Market,
    from: EventId,
) -> Result<Vec<(String, String, i64)>, Failure> {
    const MOST: i64 = 10_000;
    market
        .store
        .read(async move |tx: &mut Tx| {
            Ok::<_, Failure>(house::done_by_itself(tx, from, MOST).await?)
        })
        .await
}

/// One order with everything the house knows of it.
#[derive(Clone, Debug)]
pub struct OrderSeen {
    pub order: OrderRow,
    pub shop: Shop,
    pub lines: Vec<LineRow>,
    pub events: Vec<EventSeen>,
    pub parcels: Vec<(Parcel, Vec<ParcelEvent>)>,
    pub payment: Option<Payment>,
    pub refunds: Vec<Refund>,
    /// Charges at the border.
    pub charges: Vec<DutyLine>,
    /// What took something off the goods, and who pays for it.
    pub promotions: Vec<OrderPromotion>,
    /// Oldest first.
    pub transfers: Vec<TransferRow>,
    pub names: Vec<(i64, String)>,
    /// Flags, messages, requests to cancel and shortages.
    pub care: Care,
}

/// Looks for the order in all shops: the house has only its number.
pub async fn order(market: &Market, id: OrderId) -> Result<OrderSeen, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let shop = lists::shop_of(tx, id).await?.ok_or(Failure::NotFound)?;
            let order = orders::show(tx, shop, id).await?.ok_or(Failure::NotFound)?;
            let mut tracked = Vec::new();
            for parcel in parcels::of_order(tx, shop, id).await? {
                let news = parcels::events_of(tx, shop, parcel.id).await?;
                tracked.push((parcel, news));
            }
            let events = events::of_subject(tx, shop.number(), id.number()).await?;
            let people: Vec<i64> = events.iter().filter_map(person_of).collect();
            Ok::<_, Failure>(OrderSeen {
                shop: shops::load(tx, shop).await?.ok_or(Failure::NotFound)?,
                lines: orders::lines(tx, shop, id).await?,
                parcels: tracked,
                payment: payments::load(tx, order.buyer, order.payment).await?,
                refunds: payments::refunds_of(tx, shop, id).await?,
                charges: order_items::charges(tx, shop, id).await?,
                promotions: order_items::promotions(tx, shop, id).await?,
                transfers: ledger::of_subject(tx, shop.number(), id.number()).await?,
                names: books::names_of_homes(tx, &people).await?,
                care: care_of(tx, shop, id).await?,
                events,
                order,
            })
        })
        .await
}

/// The person in an event's actor ("staff:123"), if one did it.
fn person_of(event: &EventSeen) -> Option<i64> {
    event.actor.split_once(':').and_then(|(_, id)| id.parse().ok())
}

/// Orders of all shops, or of one, newest first, with the names of their shops.
pub async fn house_orders(
    market: &Market,
    state: Option<OrderStateName>,
    shop: Option<ShopId>,
    before: i64,
    limit: i64,
) -> Result<(Vec<OrderRow>, Vec<(i64, String)>), Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let rows = lists::of_house(tx, state, shop, before, limit).await?;
            let mut homes: Vec<i64> = rows.iter().map(|row| row.shop.number()).collect();
            homes.extend(shop.map(ShopId::number));
            Ok::<_, Failure>((rows, books::names_of_homes(tx, &homes).await?))
        })
        .await
}

/// Orders of all shops which have missed their first deadline, the soonest last one first, with their shops' names.
pub async fn late_orders(
    market: &Market,
    limit: i64,
) -> Result<(Vec<OrderRow>, Vec<(i64, String)>), Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let rows = house::late_orders(tx, limit).await?;
            let homes: Vec<i64> = rows.iter().map(|row| row.shop.number()).collect();
            Ok::<_, Failure>((rows, books::names_of_homes(tx, &homes).await?))
        })
        .await
}

/// How many open orders of the house are in each of some states, for tabs.
pub async fn count_open_orders(
    market: &Market,
    states: &[OrderStateName],
) -> Result<Vec<(OrderStateName, i64)>, Failure> {
    let states = states.to_vec();
    market
        .store
        .read(async move |tx: &mut Tx| {
            let mut counts = Vec::with_capacity(states.len());
            for state in &states {
                counts.push((*state, house::count_open_orders(tx, *state).await?));
            }
            Ok::<_, Failure>(counts)
        })
        .await
}

/// Where an account family has balances, home by home, with the homes' names.
pub async fn homes_of_account(
    market: &Market,
    account: Account,
    after: i64,
    limit: i64,
) -> Result<(Vec<BalanceRow>, Vec<(i64, String)>), Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let rows = books::homes_of_account(tx, account, after, limit).await?;
            let homes: Vec<i64> = rows.iter().map(|row| row.home_id).collect();
            Ok::<_, Failure>((rows, books::names_of_homes(tx, &homes).await?))
        })
        .await
}

/// One home's account: its balances by currency, its newest transfers, and the home's name.
#[derive(Clone, Debug)]
pub struct AccountSeen {
    pub name: String,
    pub balances: Vec<BalanceRow>,
    pub transfers: Vec<TransferRow>,
}

/// `before` pages on; `i64::MAX` begins.
pub async fn account_of_home(
    market: &Market,
    home_id: i64,
    account: Account,
    before: i64,
    limit: i64,
) -> Result<AccountSeen, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let names = books::names_of_homes(tx, &[home_id]).await?;
            let mut balances = ledger::balances_of(tx, home_id).await?;
            balances.retain(|row| row.account == account);
            if names.is_empty() && balances.is_empty() {
                return Err(Failure::NotFound);
            }
            let transfers = ledger::of_account(tx, home_id, Some(account), before, limit).await?;
            let name = names.into_iter().next().map_or_else(String::new, |(_, name)| name);
            Ok(AccountSeen { name, balances, transfers })
        })
        .await
}

/// One transfer, and the name of its home.
pub async fn transfer(
    market: &Market,
    home_id: i64,
    id: TransferId,
) -> Result<(TransferRow, String), Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let row = books::transfer(tx, home_id, id).await?.ok_or(Failure::NotFound)?;
            let names = books::names_of_homes(tx, &[home_id]).await?;
            Ok::<_, Failure>((row, names.into_iter().next().map_or_else(String::new, |n| n.1)))
        })
        .await
}

/// The shops of a market, or of all, newest first.
pub async fn shops(
    market: &Market,
    only: Option<String>,
    before: i64,
    limit: i64,
) -> Result<Vec<Shop>, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            Ok::<_, Failure>(shops::list(tx, only.as_deref(), before, limit).await?)
        })
        .await
}

/// One shop with its money and what happened to it.
#[derive(Clone, Debug)]
pub struct ShopSeen {
    pub shop: Shop,
    pub balances: Vec<BalanceRow>,
    pub reserve: Vec<ReservePart>,
    pub staff: Vec<store::people::MemberRow>,
    pub events: Vec<EventSeen>,
    pub names: Vec<(i64, String)>,
}

pub async fn shop(market: &Market, id: ShopId) -> Result<ShopSeen, Failure> {
    const PARTS: i64 = 10;
    market
        .store
        .read(async move |tx: &mut Tx| {
            let shop = shops::load(tx, id).await?.ok_or(Failure::NotFound)?;
            let events = events::of_subject(tx, id.number(), id.number()).await?;
            let people: Vec<i64> = events.iter().filter_map(person_of).collect();
            Ok::<_, Failure>(ShopSeen {
                shop,
                balances: ledger::balances_of(tx, id.number()).await?,
                reserve: ledger::reserve_parts_of(tx, id.number(), PARTS).await?,
                staff: store::people::list_members(tx, id).await?,
                names: books::names_of_homes(tx, &people).await?,
                events,
            })
        })
        .await
}

/// Transfers of all homes, the newest first: of one day (the one which begins there), of one code, or all. `before` pages on.
pub async fn transfers(
    market: &Market,
    day: Option<Timestamp>,
    code: Option<TransferCode>,
    before: i64,
    limit: i64,
) -> Result<Vec<TransferRow>, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            Ok::<_, Failure>(books::transfers(tx, day, code, before, limit).await?)
        })
        .await
}
