//! Lists and single orders as people open them, at whatever size the database has.
//!
//! The limit of each is the same rows by their primary keys, through the store's prepared statements and nothing else.

use std::time::{Duration, Instant};

use actions::Failure;
use anyhow::{Context, ensure};
use rules::ids::HOUSE;
use store::orders::OrderRow;
use store::{Tx, events, orders};

use super::client::Client;
use super::hall::{Hall, busiest};
use super::took::{p50_p99, round};
use crate::settings::Settings;

/// What one kind of page took.
pub struct Line {
    /// Whose page, and which.
    pub what: String,
    pub pages: usize,
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// The same rows by their keys.
    pub limit_ms: f64,
    /// The limit's part of the median.
    pub ratio: f64,
}

/// Where a list begins, and the word in its addresses after which the next page begins.
struct List {
    what: String,
    first: String,
    next: &'static str,
}

/// The saved views of a shop's orders, as in their addresses.
const SHOP_VIEWS: [&str; 10] = [
    "to-confirm",
    "to-ship",
    "due-soon",
    "late",
    "shipped",
    "in-transit",
    "delivered",
    "done",
    "cancelled",
    "all",
];
/// The operator's views.
const HOUSE_VIEWS: [&str; 13] = [
    "",
    "late",
    "unpaid",
    "on_hold",
    "awaiting_confirmation",
    "awaiting_shipment",
    "partially_shipped",
    "awaiting_collection",
    "in_transit",
    "delivered",
    "completed",
    "settled",
    "cancelled",
];

/// Every view of orders, page after page.
pub async fn lists(settings: &Settings, seeded: u64, pages: usize) -> anyhow::Result<Vec<Line>> {
    let hall = Hall::open(settings, seeded).await?;
    let newest = hall.newest().await?;
    let shop = busiest(&newest).context("nobody has sold anything")?;
    let limit_ms = by_keys(&hall, &newest, 50).await?;
    let mut lines = Vec::new();
    let mut seller = hall.signed_in(hall.staff_of(shop).await?).await?;
    for view in SHOP_VIEWS {
        let first = format!("/seller/{shop}/orders?view={view}");
        let list = List { what: format!("shop {view}"), first, next: "before=" };
        lines.push(walk(&mut seller, &list, pages, limit_ms).await?);
    }
    let first = format!("/seller/{shop}");
    let home = List { what: "shop home".to_owned(), first, next: "before=" };
    lines.push(walk(&mut seller, &home, pages, limit_ms).await?);
    let mut operator = hall.signed_in(hall.staff_of(HOUSE).await?).await?;
    let home = List { what: "house home".to_owned(), first: "/operator".to_owned(), next: "from=" };
    lines.push(walk(&mut operator, &home, pages, limit_ms).await?);
    for view in HOUSE_VIEWS {
        let first = format!("/operator/orders?view={view}");
        let name = if view.is_empty() { "all" } else { view };
        let list = List { what: format!("house {name}"), first, next: "from=" };
        lines.push(walk(&mut operator, &list, pages, limit_ms).await?);
    }
    let buyer = newest.first().context("nobody has bought anything")?.buyer;
    let mut buyer = hall.signed_in(buyer).await?;
    let list = List { what: "buyer".to_owned(), first: "/orders".to_owned(), next: "before=" };
    lines.push(walk(&mut buyer, &list, pages, limit_ms).await?);
    hall.close().await?;
    Ok(lines)
}

/// Follows the next page as often as there is one, and begins again at the end.
async fn walk(
    client: &mut Client,
    list: &List,
    pages: usize,
    limit_ms: f64,
) -> anyhow::Result<Line> {
    let mut took = Vec::with_capacity(pages);
    let mut address = list.first.clone();
    // The first one of all prepares statements.
    open(client, &address).await?;
    for _ in 0..pages {
        let (time, page) = open(client, &address).await?;
        took.push(time);
        address = next_of(&page, list).unwrap_or_else(|| list.first.clone());
    }
    Ok(line(list.what.clone(), took, limit_ms))
}

pub(super) fn line(what: String, took: Vec<Duration>, limit_ms: f64) -> Line {
    let pages = took.len();
    let (p50_ms, p99_ms) = p50_p99(took);
    Line { what, pages, p50_ms, p99_ms, limit_ms, ratio: round(limit_ms / p50_ms.max(0.01)) }
}

pub(super) async fn open(client: &mut Client, address: &str) -> anyhow::Result<(Duration, String)> {
    let start = Instant::now();
    let (status, body) = client.get(address).await?;
    let time = start.elapsed();
    let page = String::from_utf8_lossy(&body).into_owned();
    ensure!(status == 200, "{address} answered {status}: {page}");
    Ok((time, page))
}

/// The address of the next page, out of the page's own link to it.
fn next_of(page: &str, list: &List) -> Option<String> {
    let path = list.first.split('?').next()?;
    let mut links = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let found = links.find(|link| link.starts_with(path) && link.contains(list.next))?;
    Some(found.replace("&amp;", "&"))
}

/// Rows as many as a page has, each by its key, in one read: the median of many times.
async fn by_keys(hall: &Hall, rows: &[OrderRow], a_page: usize) -> anyhow::Result<f64> {
    let mut took = Vec::new();
    for part in rows.chunks(a_page).take(60) {
        let keys: Vec<_> = part.iter().map(|row| (row.shop, row.id)).collect();
        let start = Instant::now();
        let read = async move |tx: &mut Tx| {
            for (shop, order) in &keys {
                orders::show(tx, *shop, *order).await?;
            }
            Ok::<_, Failure>(())
        };
        hall.market.store.read(read).await?;
        took.push(start.elapsed());
    }
    Ok(p50_p99(took).0)
}

/// Single orders, as the shop, the house and the buyer see them.
pub async fn order_pages(
    settings: &Settings,
    seeded: u64,
    pages: usize,
) -> anyhow::Result<Vec<Line>> {
    let hall = Hall::open(settings, seeded).await?;
    let newest = hall.newest().await?;
    let shop = busiest(&newest).context("nobody has sold anything")?;
    // Of all ages: from the newest back to the oldest, in even steps of the shop's own list.
    let mine = spread(&hall, shop, pages).await?;
    let limit_ms = one_by_keys(&hall, &mine).await?;
    let mut seller = hall.signed_in(hall.staff_of(shop).await?).await?;
    let mut operator = hall.signed_in(hall.staff_of(HOUSE).await?).await?;
    let (mut of_shop, mut of_house, mut of_buyer) = (Vec::new(), Vec::new(), Vec::new());
    for (place, row) in mine.iter().enumerate() {
        of_shop.push(open(&mut seller, &format!("/seller/{shop}/orders/{}", row.id)).await?.0);
        of_house.push(open(&mut operator, &format!("/operator/orders/{}", row.id)).await?.0);
        // Signing in costs more than looking.
        if place % 8 == 0 {
            let mut buyer = hall.signed_in(row.buyer).await?;
            let address = format!("/orders/{}", row.id);
            open(&mut buyer, &address).await?;
            of_buyer.push(open(&mut buyer, &address).await?.0);
        }
    }
    hall.close().await?;
    Ok(vec![
        line("order, shop".to_owned(), of_shop, limit_ms),
        line("order, house".to_owned(), of_house, limit_ms),
        line("order, buyer".to_owned(), of_buyer, limit_ms),
    ])
}

/// Orders of a shop, evenly out of its whole past.
async fn spread(
    hall: &Hall,
    shop: rules::ids::ShopId,
    count: usize,
) -> anyhow::Result<Vec<OrderRow>> {
    let newest = hall.newest().await?;
    let (last, first) = (newest[0].created_at.ms(), oldest(hall).await?);
    let mut found = Vec::with_capacity(count);
    for place in 0..count as i64 {
        let at = first + (last - first) * (place + 1) / count as i64;
        let before = rules::ids::Id::<()>::first_at(rules::time::Timestamp::from_ms(at)).number();
        let read = async move |tx: &mut Tx| {
            let rows = store::lists::orders::of_house(tx, None, Some(shop), before, 1).await?;
            Ok::<_, Failure>(rows)
        };
        found.extend(hall.market.store.read(read).await?);
    }
    ensure!(!found.is_empty(), "the shop has no orders");
    Ok(found)
}

/// When money first moved, in milliseconds.
async fn oldest(hall: &Hall) -> anyhow::Result<i64> {
    let read = async |tx: &mut Tx| Ok::<_, Failure>(store::statements::first_transfer(tx).await?);
    let first = hall.market.store.read(read).await?;
    Ok(first.context("no money has moved")?.ms())
}

/// An order, its lines and its timeline, by their keys: the median.
async fn one_by_keys(hall: &Hall, rows: &[OrderRow]) -> anyhow::Result<f64> {
    let mut took = Vec::new();
    for row in rows {
        let (shop, order) = (row.shop, row.id);
        let start = Instant::now();
        let read = async move |tx: &mut Tx| {
            orders::show(tx, shop, order).await?;
            orders::lines(tx, shop, order).await?;
            events::of_subject(tx, shop.number(), order.number()).await?;
            Ok::<_, Failure>(())
        };
        hall.market.store.read(read).await?;
        took.push(start.elapsed());
    }
    Ok(p50_p99(took).0)
}
