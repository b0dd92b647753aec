//! The list of a shop's orders with what is in them, and how many wait in each view.

use std::collections::BTreeMap;

use rules::ids::ShopId;
use rules::orders::OrderStateName;
use rules::shipping::parcels::ParcelState;
use rules::time::{Span, Timestamp};
use store::Tx;
use store::cancellations::{self, CancelRequest};
use store::lists::orders::{self, ShopOrders};
use store::lists::seller::{self, OrderedThing, Waiting};
use store::orders::OrderRow;
use store::parcels::{self, Parcel};
use store::shortages::{self, Shortage};

use crate::failure::Failure;
use crate::market::Market;

/// How long before its deadline an order is due soon.
pub const SOON: Span = Span::from_hours(24);

/// One page of a shop's orders.
#[derive(Clone, Debug)]
pub struct OrdersPage {
    pub rows: Vec<OrderRow>,
    pub things: Vec<OrderedThing>,
    pub parcels: Vec<Parcel>,
    /// Whether there are more after the last row.
    pub more: bool,
    pub to_confirm: Waiting,
    pub to_ship: Waiting,
    /// Of the other states, up to one more than `MOST_COUNTED`.
    pub counts: BTreeMap<OrderStateName, i64>,
}

/// `wanted.limit` rows at most, in one snapshot with the counts.
pub async fn orders_page(
    market: &Market,
    shop: ShopId,
    wanted: ShopOrders,
    now: Timestamp,
) -> Result<OrdersPage, Failure> {
    let limit = wanted.limit;
    let one_more = ShopOrders { limit: limit + 1, ..wanted };
    market
        .store
        .read(async move |tx: &mut Tx| {
            use OrderStateName::{AwaitingConfirmation, AwaitingShipment};
            let mut rows = orders::of_shop(tx, shop, &one_more).await?;
            let more = rows.len() as i64 > limit;
            rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
            let mut counts = BTreeMap::new();
            for state in COUNTED {
                counts.insert(state, orders::count(tx, shop, state, None).await?);
            }
            Ok(OrdersPage {
                things: seller::things_in(tx, shop, ids.iter().copied()).await?,
                parcels: seller::parcels_of(tx, shop, ids).await?,
                to_confirm: seller::waiting(tx, shop, AwaitingConfirmation, now, now + SOON)
                    .await?,
                to_ship: seller::waiting(tx, shop, AwaitingShipment, now, now + SOON).await?,
                rows,
                more,
                counts,
            })
        })
        .await
}

/// The parcels of a shop, in one state or in any, the newest first.
pub async fn parcels_page(
    market: &Market,
    shop: ShopId,
    state: Option<ParcelState>,
    before: i64,
    limit: i64,
) -> Result<Vec<Parcel>, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| Ok(parcels::of_shop(tx, shop, state, before, limit).await?))
        .await
}

/// The cancellation requests of a shop's buyers, the newest first.
pub async fn requests_page(
    market: &Market,
    shop: ShopId,
    before: i64,
    limit: i64,
) -> Result<Vec<CancelRequest>, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| Ok(cancellations::of_shop(tx, shop, before, limit).await?))
        .await
}

/// The shortages of a shop, the newest first.
pub async fn shortages_page(
    market: &Market,
    shop: ShopId,
    before: i64,
    limit: i64,
) -> Result<Vec<Shortage>, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| Ok(shortages::of_shop(tx, shop, before, limit).await?))
        .await
}

const COUNTED: [OrderStateName; 6] = [
    OrderStateName::AwaitingCollection,
    OrderStateName::InTransit,
    OrderStateName::Delivered,
    OrderStateName::Completed,
    OrderStateName::Settled,
    OrderStateName::Cancelled,
];
