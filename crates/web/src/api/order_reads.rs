//! Reading orders for answers: one snapshot each.

use actions::{Failure, Market};
use rules::ids::{OrderId, PersonId, ShopId};
use store::orders::OrderRow;
use store::{Tx, events, lists, order_items, orders, parcels, payments};

use super::order_shapes::OrderRows;

/// A buyer's orders over all shops, newest first.
pub async fn of_buyer(
    market: &Market,
    buyer: PersonId,
    before: i64,
    limit: i64,
) -> Result<Vec<OrderRow>, Failure> {
    let read = async move |tx: &mut Tx| -> Result<_, Failure> {
        Ok(lists::orders::of_buyer(tx, buyer, before, limit).await?)
    };
    market.store.read(read).await
}

/// One of the buyer's own orders.
pub async fn one_of_buyer(
    market: &Market,
    buyer: PersonId,
    order: OrderId,
) -> Result<OrderRows, Failure> {
    let read = async move |tx: &mut Tx| -> Result<OrderRows, Failure> {
        let shop = orders::shop_of(tx, buyer, order).await?.ok_or(Failure::NotFound)?;
        rows(tx, shop, order).await
    };
    market.store.read(read).await
}

/// An order of a shop which the caller may look into.
pub async fn one_of_shop(
    market: &Market,
    shop: ShopId,
    order: OrderId,
) -> Result<OrderRows, Failure> {
    market.store.read(async move |tx: &mut Tx| rows(tx, shop, order).await).await
}

/// Any order, for the house.
pub async fn one_of_house(market: &Market, order: OrderId) -> Result<OrderRows, Failure> {
    let read = async move |tx: &mut Tx| -> Result<OrderRows, Failure> {
        let shop = lists::orders::shop_of(tx, order).await?.ok_or(Failure::NotFound)?;
        rows(tx, shop, order).await
    };
    market.store.read(read).await
}

async fn rows(tx: &mut Tx, shop: ShopId, id: OrderId) -> Result<OrderRows, Failure> {
    let order = orders::show(tx, shop, id).await?.ok_or(Failure::NotFound)?;
    let lines = orders::lines(tx, shop, id).await?;
    let mut with_news = Vec::new();
    for parcel in parcels::of_order(tx, shop, id).await? {
        let news = parcels::events_of(tx, shop, parcel.id).await?;
        with_news.push((parcel, news));
    }
    let refunds = payments::refunds_of(tx, shop, id).await?;
    let events = events::of_subject(tx, shop.number(), id.number()).await?;
    let charges = order_items::charges(tx, shop, id).await?;
    let promotions = order_items::promotions(tx, shop, id).await?;
    Ok(OrderRows { order, lines, parcels: with_news, refunds, charges, promotions, events })
}
