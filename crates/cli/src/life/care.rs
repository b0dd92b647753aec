//! What waits for somebody when the visitor comes: a request to cancel, missing goods with an offer, a question.

use actions::cancellations::{AskToCancel, ask_to_cancel};
use actions::checks;
use actions::orders::OrderAsk;
use actions::shortages::{OfferSubstitute, ReportShortage, offer_substitute, report_shortage};
use actions::{Actor, Failure};
use rules::orders::shortages::ShortageCause;
use rules::orders::{CancelReason, OrderStateName};
use store::lists::orders::{ShopOrders, of_shop};
use store::orders::{OrderRow, lines};
use store::{Tx, orders};

use super::{Life, LifeShop};

impl Life {
    /// In each of the first shops: one buyer asks to cancel, another one's goods are missing, a third is asked.
    pub async fn some_need_care(&self) -> Result<(), Failure> {
        for shop in self.shops.iter().take(3) {
            let waiting = self.waiting_in(shop).await?;
            let mut waiting = waiting.iter();
            if let Some(order) = waiting.next() {
                let reason = CancelReason::OrderedByMistake;
                let note = "I wanted the other colour".to_owned();
                let (buyer, order) = (order.buyer, order.id);
                let ask = AskToCancel { buyer, order, reason, note, request: None };
                unless_refused(ask_to_cancel(&self.market, ask).await)?;
            }
            if let Some(order) = waiting.next() {
                self.goods_are_missing(shop, order).await?;
            }
            if let Some(order) = waiting.next() {
                let actor = Actor::Staff { person: shop.owner, shop: shop.id };
                let (shop, id) = (shop.id, order.id);
                let ask = OrderAsk { shop, order: id, actor, expected: None, request: None };
                let text = "Shall we put the gift wrapping around all of it, or around each piece?";
                unless_refused(checks::write_message(&self.market, ask, text).await)?;
            }
        }
        Ok(())
    }

    async fn waiting_in(&self, shop: &LifeShop) -> Result<Vec<OrderRow>, Failure> {
        let id = shop.id;
        let wanted = ShopOrders {
            states: vec![OrderStateName::AwaitingShipment],
            limit: 10,
            ..ShopOrders::all()
        };
        let read = async move |tx: &mut Tx| Ok::<_, Failure>(of_shop(tx, id, &wanted).await?);
        self.market.store.read(read).await
    }

    async fn goods_are_missing(&self, shop: &LifeShop, order: &OrderRow) -> Result<(), Failure> {
        let (id, of) = (shop.id, order.id);
        let read = async move |tx: &mut Tx| Ok::<_, Failure>(lines(tx, id, of).await?);
        let bought: Vec<orders::LineRow> = self.market.store.read(read).await?;
        let Some(line) = bought.first() else { return Ok(()) };
        let actor = Actor::Staff { person: shop.owner, shop: shop.id };
        let ask = ReportShortage {
            shop: shop.id,
            order: order.id,
            line: line.id,
            missing_count: 1,
            cause: ShortageCause::Damaged,
            actor,
            request: None,
        };
        let found = report_shortage(&self.market, ask).await;
        let Some(found) = unless_refused(found)? else { return Ok(()) };
        let other = shop.goods.iter().find(|goods| goods.sku != line.sku);
        if let Some(other) = other {
            let ask = OfferSubstitute {
                shop: shop.id,
                shortage: found.answer.id,
                sku: other.sku,
                waived: true,
                actor,
                request: None,
            };
            unless_refused(offer_substitute(&self.market, ask).await)?;
        }
        Ok(())
    }
}

/// A refusal is part of life.
fn unless_refused<T>(outcome: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match outcome {
        Ok(done) => Ok(Some(done)),
        Err(Failure::Refused(_) | Failure::Invalid(_)) => Ok(None),
        Err(failure) => Err(failure),
    }
}
