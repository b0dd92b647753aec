//! One act for many orders: each order is its own act, so that one which cannot go does not stop the others.

use rules::ids::{OrderId, ShopId};
use rules::orders::OrderStateName;
use store::{Tx, catalog, orders, parcels};

use super::order_file::weigh;
use crate::failure::Failure;
use crate::market::{Actor, Market};
use crate::orders::{OrderAsk, PackOrder, ShipOrder, confirm_order, pack_order, ship_order};

/// Which orders, in which shop, by whom.
#[derive(Clone, Debug)]
pub struct BulkAsk {
    pub shop: ShopId,
    pub orders: Vec<OrderId>,
    pub actor: Actor,
}

impl BulkAsk {
    fn one(&self, order: OrderId) -> OrderAsk {
        // A repeated act finds the order in its next state and is refused: no stored answer is needed.
        OrderAsk { shop: self.shop, order, actor: self.actor, expected: None, request: None }
    }
}

/// Confirms each; answers what became of each, in the order asked.
pub async fn confirm_many(market: &Market, ask: &BulkAsk) -> Vec<(OrderId, Result<(), Failure>)> {
    let mut answers = Vec::with_capacity(ask.orders.len());
    for order in &ask.orders {
        let done = confirm_order(market, ask.one(*order)).await.map(drop);
        answers.push((*order, done));
    }
    answers
}

/// Packs each at the weight of its goods and ships it with the service which the buyer was promised.
/// An order which is packed already is only shipped.
pub async fn pack_and_ship_many(
    market: &Market,
    ask: &BulkAsk,
) -> Vec<(OrderId, Result<(), Failure>)> {
    let mut answers = Vec::with_capacity(ask.orders.len());
    for order in &ask.orders {
        answers.push((*order, pack_and_ship(market, ask.one(*order)).await));
    }
    answers
}

async fn pack_and_ship(market: &Market, ask: OrderAsk) -> Result<(), Failure> {
    if let Some(weight_grams) = weight_if_unpacked(market, ask.shop, ask.order).await? {
        pack_order(market, PackOrder { ask: ask.clone(), weight_grams }).await?;
    }
    let ship =
        ShipOrder { ask, service: String::new(), tracking_number: String::new(), instead: None };
    ship_order(market, ship).await.map(drop)
}

/// Packs each at the weight of its goods; one which is packed already is refused.
pub async fn pack_many(market: &Market, ask: &BulkAsk) -> Vec<(OrderId, Result<(), Failure>)> {
    let mut answers = Vec::with_capacity(ask.orders.len());
    for order in &ask.orders {
        let packed = async {
            let weight_grams = weight_of(market, ask.shop, *order).await?;
            pack_order(market, PackOrder { ask: ask.one(*order), weight_grams }).await.map(drop)
        };
        answers.push((*order, packed.await));
    }
    answers
}

/// What the goods of an order weigh.
pub(super) async fn weight_of(
    market: &Market,
    shop: ShopId,
    order: OrderId,
) -> Result<i64, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            orders::show(tx, shop, order).await?.ok_or(Failure::NotFound)?;
            weight_in(tx, shop, order).await
        })
        .await
}

async fn weight_in(tx: &mut Tx, shop: ShopId, order: OrderId) -> Result<i64, Failure> {
    let lines = orders::lines(tx, shop, order).await?;
    let ids: Vec<_> = lines.iter().map(|line| line.sku).collect();
    let skus = catalog::load_for_sale(tx, shop, &ids).await?;
    Ok(weigh(&lines, &skus)?.0)
}

async fn weight_if_unpacked(
    market: &Market,
    shop: ShopId,
    order: OrderId,
) -> Result<Option<i64>, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let row = orders::show(tx, shop, order).await?.ok_or(Failure::NotFound)?;
            // Packing would refuse another state too; shipping says it in the words of the act that was asked for.
            let packed = !parcels::of_order(tx, shop, order).await?.is_empty();
            if packed || row.state.name() != OrderStateName::AwaitingShipment {
                return Ok(None);
            }
            weight_in(tx, shop, order).await.map(Some)
        })
        .await
}
