//! One hour of market life: buyers buy, shops work their queues, the clock moves, deadlines pass.

use std::collections::BTreeMap;

use actions::catalog::{EditProduct, ListingAsk, SkuAsk, edit_product, product_for_edit};
use actions::checkout::{Checkout, LineWanted, PlaceOrders, Placed, place_orders};
use actions::orders::{
    OrderAsk, PackOrder, cancel_by_buyer, cancel_by_shop, confirm_order, confirm_receipt,
    pack_order, ship_order,
};
use actions::payments::{Pay, pay};
use actions::sandbox_provider::Instrument;
use actions::sandbox_reports::ReportFault;
use actions::{Actor, Failure};
use rules::ids::{OrderId, PersonId, ShopId};
use rules::money::Money;
use rules::orders::{CancelReason, OrderStateName};
use rules::time::Span;
use store::Tx;
use store::lists::orders::{ShopOrders, of_buyer, of_shop};
use store::orders::OrderRow;

use super::Life;

impl Life {
    /// Plays one hour and what falls due in it.
    pub async fn hour(&mut self, hour_of_day: i64) -> Result<(), Failure> {
        // Few people shop at night; the day's sum is about `busy`.
        let wanted = match hour_of_day {
            0..=6 => 0,
            7..=11 | 18..=22 => self.busy * 2,
            _ => self.busy,
        };
        for _ in 0..wanted / 24 + u64::from(self.chance.below(24) < wanted % 24) {
            self.somebody_buys().await?;
        }
        if (8..19).contains(&hour_of_day) {
            for place in 0..self.shops.len() {
                if self.chance.percent(self.shops[place].diligence) {
                    self.shop_works(place).await?;
                }
            }
        }
        if hour_of_day == 9 {
            self.finance_works(ReportFault::Nothing).await?;
        }
        if hour_of_day == 20 {
            self.somebody_is_content().await?;
        }
        if hour_of_day == 11 && self.chance.percent(30) {
            self.a_price_changes().await?;
        }
        self.market.clock.move_forward(Span::from_hours(1));
        self.sweep().await
    }

    /// The three hours before the visitor comes: people buy, two of them unusually much, and no shop has got round to it.
    pub async fn last_hours(&mut self) -> Result<(), Failure> {
        for hour in 0..3 {
            for _ in 0..4 {
                self.somebody_buys().await?;
            }
            if hour == 0 {
                self.somebody_buys_much(2).await?;
            }
            self.market.clock.move_forward(Span::from_hours(1));
            self.sweep().await?;
        }
        for _ in 0..3 {
            self.somebody_buys().await?;
        }
        self.some_need_care().await
    }

    /// The first buyer orders more of one thing than a household uses, from each of the first shops.
    async fn somebody_buys_much(&mut self, shops: usize) -> Result<(), Failure> {
        let buyer = &self.buyers[0];
        let person = buyer.person;
        let near = self.shops.iter().filter(|shop| shop.market == buyer.market).take(shops);
        let mut asks = Vec::new();
        for shop in near {
            let (code, policies) = (&shop.market, self.market.policies().1);
            let code = rules::policy::MarketCode::parse(code)
                .map_err(|error| Failure::Broken(error.to_string()))?;
            let quantity = policies.orders(code).unusual_quantity_count;
            let lines = shop.goods.iter().map(|goods| LineWanted {
                shop: shop.id,
                sku: goods.sku,
                quantity,
            });
            asks.extend(lines.map(|line| PlaceOrders {
                buyer: person,
                buyer_name: buyer.name.clone(),
                checkout: Checkout {
                    lines: vec![line],
                    address: buyer.address.clone(),
                    services: BTreeMap::new(),
                },
                expected_total: None,
                from_basket: false,
                request: None,
            }));
        }
        let mut bought = 0;
        for ask in asks {
            if bought == shops {
                break;
            }
            if let Ok(placed) = place_orders(&self.market, ask).await {
                let ask = Pay {
                    buyer: person,
                    payment: placed.answer.payment,
                    instrument: Instrument::CardOk,
                    request: None,
                };
                pay(&self.market, ask).await?;
                bought += 1;
            }
        }
        Ok(())
    }

    /// A buyer wants one to three things from one or two shops of their market.
    pub async fn somebody_buys(&mut self) -> Result<(), Failure> {
        let buyer = &self.buyers[self.chance.below(self.buyers.len() as u64) as usize];
        let near: Vec<usize> = (0..self.shops.len())
            .filter(|place| self.shops[*place].reaches(&buyer.market))
            .collect();
        let mut lines = Vec::new();
        for _ in 0..1 + self.chance.below(3) {
            let shop = &self.shops[*self.chance.pick(&near)];
            let goods = *self.chance.pick(&shop.goods);
            let quantity =
                if self.chance.percent(2) { 30 } else { 1 + self.chance.below(2) as i64 };
            lines.push(LineWanted { shop: shop.id, sku: goods.sku, quantity });
        }
        let ask = PlaceOrders {
            buyer: buyer.person,
            buyer_name: buyer.name.clone(),
            checkout: Checkout { lines, address: buyer.address.clone(), services: BTreeMap::new() },
            expected_total: None,
            from_basket: false,
            request: None,
        };
        let person = buyer.person;
        match place_orders(&self.market, ask).await {
            Ok(placed) => {
                self.counts.checkouts += 1;
                self.pays(person, &placed.answer).await
            }
            Err(Failure::Refused(refusal)) if refusal.code == "sold_out" => {
                self.counts.sold_out += 1;
                Ok(())
            }
            Err(Failure::Refused(_)) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    async fn pays(&mut self, buyer: PersonId, placed: &Placed) -> Result<(), Failure> {
        let tries: &[Instrument] = match self.chance.below(100) {
            0..=2 => &[],
            3..=6 => &[Instrument::CardDeclined, Instrument::CardOk],
            7..=9 => &[Instrument::CardSlow],
            10..=13 => &[Instrument::CardTwice],
            14 => &[Instrument::CardLate],
            _ => &[Instrument::CardOk],
        };
        for instrument in tries {
            let ask =
                Pay { buyer, payment: placed.payment, instrument: *instrument, request: None };
            pay(&self.market, ask).await?;
        }
        if self.chance.percent(4)
            && let Some(order) = placed.orders.first()
        {
            allowed(cancel_by_buyer(&self.market, buyer, order.id, None).await.map(|_| ()))?;
        }
        Ok(())
    }

    /// A shop confirms what is flagged, then packs and ships what waits.
    async fn shop_works(&mut self, place: usize) -> Result<(), Failure> {
        let shop = self.shops[place].id;
        for order in self.queue(shop, OrderStateName::AwaitingConfirmation, 5).await? {
            allowed(confirm_order(&self.market, self.ask(place, order.id)).await.map(|_| ()))?;
        }
        for order in self.queue(shop, OrderStateName::AwaitingShipment, 6).await? {
            if self.chance.percent(2) {
                let ask = self.ask(place, order.id);
                allowed(
                    cancel_by_shop(&self.market, ask, CancelReason::OutOfStock).await.map(|_| ()),
                )?;
                continue;
            }
            if self.scanning.contains(&shop) {
                allowed(self.packs_by_scan(self.ask(place, order.id)).await)?;
            } else {
                let weight_grams = 250 * order.pieces_count;
                let pack = PackOrder { ask: self.ask(place, order.id), weight_grams };
                allowed(pack_order(&self.market, pack).await.map(|_| ()))?;
            }
            // Some parcels stand packed until the next visit of the carrier.
            if self.chance.percent(10) {
                continue;
            }
            let ask = self.chooses_service(self.ask(place, order.id), &order).await?;
            let sent = match ship_order(&self.market, ask).await {
                // What was packed is larger than what was promised to be sent, as a substitute may be.
                Err(Failure::Invalid(faults)) if faults[0].code == "service_excluded" => {
                    match self.another_service(self.ask(place, order.id), &order).await? {
                        Some(ask) => ship_order(&self.market, ask).await,
                        None => continue,
                    }
                }
                sent => sent,
            };
            allowed(sent.map(|_| ()))?;
            self.counts.shipped += 1;
        }
        Ok(())
    }

    fn ask(&self, place: usize, order: OrderId) -> OrderAsk {
        let shop = &self.shops[place];
        let actor = Actor::Staff { person: shop.owner, shop: shop.id };
        OrderAsk { shop: shop.id, order, actor, expected: None, request: None }
    }

    async fn queue(
        &self,
        shop: ShopId,
        state: OrderStateName,
        limit: i64,
    ) -> Result<Vec<OrderRow>, Failure> {
        let wanted =
            ShopOrders { states: vec![state], before: i64::MAX, limit, ..ShopOrders::default() };
        self.market
            .store
            .read(async move |tx: &mut Tx| Ok::<_, Failure>(of_shop(tx, shop, &wanted).await?))
            .await
    }

    /// Some buyers say that they have their parcel.
    async fn somebody_is_content(&mut self) -> Result<(), Failure> {
        for place in 0..self.buyers.len() {
            let buyer = self.buyers[place].person;
            let rows = self
                .market
                .store
                .read(async move |tx: &mut Tx| {
                    Ok::<_, Failure>(of_buyer(tx, buyer, i64::MAX, 30).await?)
                })
                .await?;
            for row in rows.iter().filter(|row| row.state.name() == OrderStateName::Delivered) {
                if self.chance.percent(25) {
                    allowed(confirm_receipt(&self.market, buyer, row.id, None).await.map(|_| ()))?;
                }
            }
        }
        Ok(())
    }

    /// A shop changes a price: orders placed before keep pointing to the listing as it was.
    pub(crate) async fn a_price_changes(&mut self) -> Result<(), Failure> {
        let place = self.chance.below(self.shops.len() as u64) as usize;
        let (id, owner, currency) =
            (self.shops[place].id, self.shops[place].owner, self.shops[place].currency);
        let goods = *self.chance.pick(&self.shops[place].goods);
        let now = product_for_edit(&self.market, id, goods.product).await?;
        let up = self.chance.percent(50);
        let skus = now.skus.iter().map(|sku| {
            let listed = now.listing.skus.iter().find(|listed| listed.sku == sku.id);
            let minor = if up {
                sku.price_minor + sku.price_minor / 20
            } else {
                sku.price_minor - sku.price_minor / 20
            };
            SkuAsk {
                sku: Some(sku.id),
                code: sku.code.clone(),
                values: listed.map(|listed| listed.values.clone()).unwrap_or_default(),
                price: Money::new(minor.max(1), currency),
                compare_at: (!up).then(|| Money::new(sku.price_minor, currency)),
                weight_grams: sku.weight_grams,
                barcode: sku.barcode.clone(),
                picture: sku.picture.parse().ok(),
                parts: sku.parts.clone(),
            }
        });
        let listing = ListingAsk {
            title: now.listing.title.clone(),
            description: now.listing.description.clone(),
            category: now.listing.category.clone(),
            options: now.listing.options.clone(),
            nature: now.listing.nature,
            hs_code: now.listing.hs_code.clone(),
            origin: now.listing.origin.clone(),
            pictures: now.listing.pictures.clone(),
            skus: skus.collect(),
        };
        let ask = EditProduct { product: goods.product, expected: None, listing };
        edit_product(&self.market, Actor::Staff { person: owner, shop: id }, id, ask).await?;
        Ok(())
    }
}

/// A refusal is part of life: the order has moved on since it was looked at.
fn allowed(outcome: Result<(), Failure>) -> Result<(), Failure> {
    match outcome {
        Err(Failure::Refused(_)) => Ok(()),
        other => other,
    }
}
