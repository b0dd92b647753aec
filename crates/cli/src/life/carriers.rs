//! What shops do with carriers: they measure their goods, take another service now and then, and mistype a number.

use actions::catalog::set_sides;
use actions::orders::ShipOrder;
use actions::shop_desk::order_file;
use actions::{Actor, Failure};
use rules::shipping::overrides::{OverrideReason, ServiceOverride};
use store::Tx;
use store::catalog::load_skus_by_id;
use store::orders::OrderRow;

use super::{Life, LifeShop};

/// Cubic millimetres a gram of packed goods takes: a quarter as heavy as water, as parcels are.
const MM3_A_GRAM: i64 = 4_000;

impl Life {
    /// Every shop measures every thing it sells.
    pub(super) async fn goods_are_measured(&self) -> Result<(), Failure> {
        for shop in &self.shops {
            self.measures(shop).await?;
        }
        Ok(())
    }

    async fn measures(&self, shop: &LifeShop) -> Result<(), Failure> {
        let (id, skus): (_, Vec<_>) = (shop.id, shop.goods.iter().map(|goods| goods.sku).collect());
        let read =
            async move |tx: &mut Tx| Ok::<_, Failure>(load_skus_by_id(tx, id, skus.clone()).await?);
        let actor = Actor::Staff { person: shop.owner, shop: shop.id };
        for sku in self.market.store.read(read).await? {
            let sides = sides_of(sku.weight_grams);
            set_sides(&self.market, actor, shop.id, sku.id, sides).await?;
        }
        Ok(())
    }

    /// How this parcel goes: mostly as promised; one in twenty by another service, with a reason.
    pub(super) async fn chooses_service(
        &self,
        ask: actions::orders::OrderAsk,
        order: &OrderRow,
    ) -> Result<ShipOrder, Failure> {
        let as_promised = |ask| ShipOrder {
            ask,
            service: String::new(),
            tracking_number: String::new(),
            instead: None,
        };
        if !self.chance.percent(5) {
            return Ok(as_promised(ask));
        }
        match self.another_service(ask.clone(), order).await? {
            Some(other) => Ok(other),
            None => Ok(as_promised(ask)),
        }
    }

    /// By the first service which takes it and was not the promised one, where there is one.
    pub(crate) async fn another_service(
        &self,
        ask: actions::orders::OrderAsk,
        order: &OrderRow,
    ) -> Result<Option<ShipOrder>, Failure> {
        let file = order_file(&self.market, ask.shop, ask.order).await?;
        let mut offers = file.ranking.offers.into_iter();
        let Some(other) = offers.find(|offer| offer.service != order.service) else {
            return Ok(None);
        };
        let reason = *self.chance.pick(&[OverrideReason::NoPickUp, OverrideReason::Faster]);
        let instead = Some(ServiceOverride { reason, note: String::new() });
        Ok(Some(ShipOrder { ask, service: other.service, tracking_number: String::new(), instead }))
    }
}

/// A flat box of about that much: twice as long as wide, and half as high.
fn sides_of(weight_grams: i64) -> [i64; 3] {
    let volume = weight_grams.max(20) * MM3_A_GRAM;
    let mut width = 10;
    while width * width * width < volume {
        width += 5;
    }
    [2 * width, width, (width / 2).max(5)]
}
