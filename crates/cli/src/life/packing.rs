//! Shops of the life which pack with a scanner.

use actions::Failure;
use actions::orders::OrderAsk;
use actions::packing::{
    EndParcel, Scan, end_parcel, packing_desk, scan, set_packing_mode, to_the_table,
};
use rules::shipping::packing::PackingMode;

use super::Life;

impl Life {
    /// Every third shop scans what it packs; the others compare lists.
    pub async fn some_shops_scan(&mut self) -> Result<(), Failure> {
        for shop in self.shops.iter().step_by(3) {
            set_packing_mode(&self.market, shop.id, PackingMode::Scan).await?;
            self.scanning.insert(shop.id);
        }
        Ok(())
    }

    /// The slip, each piece, and the parcel is closed. Now and then somebody takes the wrong thing off the shelf, and
    /// puts it back when the table says so.
    pub(super) async fn packs_by_scan(&self, ask: OrderAsk) -> Result<(), Failure> {
        let table = to_the_table(&self.market, ask.shop, ask.order).await?;
        if self.chance.percent(10)
            && let Some(other) = self.another_code(&ask).await?
        {
            match scan(&self.market, Scan { ask: ask.clone(), text: other }).await {
                Ok(_) | Err(Failure::Refused(_)) => {}
                Err(failure) => return Err(failure),
            }
        }
        for good in &table.wanted {
            for _ in 0..good.wanted.missing() {
                let text = good.wanted.code.clone();
                match scan(&self.market, Scan { ask: ask.clone(), text }).await {
                    Ok(_) | Err(Failure::Refused(_)) => {}
                    Err(failure) => return Err(failure),
                }
            }
        }
        if packing_desk(&self.market, ask.shop, ask.order).await?.open().is_none() {
            return Ok(());
        }
        end_parcel(&self.market, EndParcel { ask, weight_grams: None, split: false }).await?;
        Ok(())
    }

    /// The code of something of the shop, wanted or not.
    async fn another_code(&self, ask: &OrderAsk) -> Result<Option<String>, Failure> {
        let Some(shop) = self.shops.iter().find(|shop| shop.id == ask.shop) else {
            return Ok(None);
        };
        let goods = self.chance.pick(&shop.goods);
        let place = actions::packing::place_of_sku(&self.market, shop.id, goods.sku).await?;
        Ok(Some(place.good.code))
    }
}
