//! What people do in the simulation: through the same acts as everybody, on what they saw some time ago.

use std::collections::BTreeMap;

use actions::catalog::{
    CreateProduct, ListingAsk, ReceiveBatch, SkuAsk, create_product, product_for_edit,
    receive_batch,
};
use actions::checkout::{Checkout, LineWanted, PlaceOrders, place_orders};
use actions::orders::{
    OrderAsk, PackOrder, ShipOrder, cancel_by_buyer, cancel_by_house, cancel_by_shop,
    confirm_order, confirm_receipt, pack_order, ship_order,
};
use actions::payments::{Outcome, Pay, pay, show_payment, take_notice};
use actions::sandbox_provider::Instrument;
use actions::{Actor, Failure, Market};
use anyhow::{Context, bail};
use rules::catalog::bundles::BundlePart;
use rules::catalog::listing::Wording;
use rules::money::Money;
use rules::orders::{CancelReason, OrderStateName};
use rules::time::Span;
use store::orders::OrderRow;

use super::{Asked, Bought, Bundle, Simulation, answered};
use crate::life::Life;

/// How long a repeated request finds its first answer in the simulation; the house keeps answers longer.
const REPEATED_WITHIN: Span = Span::from_hours(12);

/// The first two things of the first shop, sold together.
pub(super) async fn list_a_bundle(life: &Life) -> anyhow::Result<Bundle> {
    let shop = life.shops.first().context("nobody sells")?;
    let [first, second] = shop.goods.first_chunk::<2>().context("the shop has two things")?;
    let like = product_for_edit(&life.market, shop.id, first.product).await?;
    let listing = ListingAsk {
        title: Wording::new("Both together", "套装"),
        description: Wording::default(),
        category: like.listing.category.clone(),
        options: Vec::new(),
        nature: like.listing.nature,
        hs_code: like.listing.hs_code.clone(),
        origin: like.listing.origin.clone(),
        pictures: like.listing.pictures.clone(),
        skus: vec![SkuAsk {
            sku: None,
            code: "BOTH".to_owned(),
            values: Vec::new(),
            price: Money::new(4_999, shop.currency),
            compare_at: None,
            weight_grams: 300,
            barcode: String::new(),
            picture: None,
            parts: vec![
                BundlePart { sku: first.sku, count: 1 },
                BundlePart { sku: second.sku, count: 2 },
            ],
        }],
    };
    let actor = Actor::Staff { person: shop.owner, shop: shop.id };
    let ask = CreateProduct { handle: None, listing, warehouse: None, listed: true };
    let product = create_product(&life.market, actor, shop.id, ask).await?;
    let made = product_for_edit(&life.market, shop.id, product.id).await?;
    let sku = made.skus.first().context("the bundle has a SKU")?.id;
    Ok(Bundle { shop: 0, sku })
}

impl Simulation {
    pub(super) async fn a_buyer_orders(&mut self) -> anyhow::Result<()> {
        let chance = &self.life.chance;
        let buyer = chance.pick(&self.life.buyers);
        let shops: Vec<_> =
            self.life.shops.iter().filter(|shop| shop.reaches(&buyer.market)).collect();
        let mut lines = Vec::new();
        for _ in 0..1 + chance.below(4) {
            let shop = *chance.pick(&shops);
            // The first things of each shop are wanted by all: they run out.
            let most = if chance.percent(60) { 3 } else { shop.goods.len() };
            let goods = shop.goods[chance.below(most.min(shop.goods.len()) as u64) as usize];
            let quantity = if chance.percent(8) { 15 } else { 1 + chance.below(3) as i64 };
            lines.push(LineWanted { shop: shop.id, sku: goods.sku, quantity });
        }
        let bundle = self.invariants.bundle;
        let of_bundle = &self.life.shops[bundle.shop];
        if of_bundle.market == buyer.market && chance.percent(40) {
            lines.push(LineWanted { shop: of_bundle.id, sku: bundle.sku, quantity: 1 });
        }
        let ask = PlaceOrders {
            buyer: buyer.person,
            buyer_name: buyer.name.clone(),
            checkout: Checkout { lines, address: buyer.address.clone(), services: BTreeMap::new() },
            expected_total: None,
            from_basket: false,
            request: None,
        };
        let request = Some(self.request(ask.buyer, "place_orders"));
        let ask = PlaceOrders { request, ..ask };
        let again = ask.clone();
        let placed = self
            .keyed(async move |market: Market| place_orders(&market, ask.clone()).await)
            .await?;
        let Some(placed) = placed else { return Ok(()) };
        let orders = placed.orders.iter().map(|order| order.id).collect();
        self.checkouts.push(Bought { buyer: again.buyer, payment: placed.payment, orders });
        self.placed_before.push((again, placed));
        Ok(())
    }

    /// Mostly the newest checkout; the test card decides how the provider behaves.
    pub(super) async fn a_buyer_pays(&mut self) -> anyhow::Result<()> {
        let chance = &self.life.chance;
        let newest = self.checkouts.len().saturating_sub(6);
        let near = if chance.percent(80) { &self.checkouts[newest..] } else { &self.checkouts[..] };
        if near.is_empty() {
            return Ok(());
        }
        let bought = chance.pick(near).clone();
        let instrument = match chance.below(100) {
            0..=54 => Instrument::CardOk,
            55..=64 => Instrument::CardDeclined,
            65..=79 => Instrument::CardSlow,
            80..=89 => Instrument::CardTwice,
            _ => Instrument::CardLate,
        };
        let notice_first = chance.percent(10);
        let market = self.life.market.clone();
        let stands = show_payment(&market, bought.buyer, bought.payment).await?;
        let asked = Asked { buyer: bought.buyer, payment: bought.payment, amount: stands.amount };
        let waits = stands.state == "requested";
        if waits && instrument != Instrument::CardDeclined {
            self.asked.push(asked);
            if notice_first {
                let outcome = Outcome::Captured { amount: asked.amount, orders: Vec::new() };
                take_notice(&market, asked.buyer, asked.payment, outcome).await?;
            }
        }
        let request = Some(self.request(bought.buyer, "pay"));
        let ask = Pay { buyer: bought.buyer, payment: bought.payment, instrument, request };
        let again = ask.clone();
        let answer =
            self.keyed(async move |market: Market| pay(&market, ask.clone()).await).await?;
        match answer {
            Some(_) if !waits || notice_first && instrument != Instrument::CardDeclined => {
                bail!("payment {} took another try when it was over", bought.payment)
            }
            Some(answer) => self.paid_before.push((again, answer)),
            None => {}
        }
        Ok(())
    }

    pub(super) async fn an_old_request_is_repeated(&mut self) -> anyhow::Result<()> {
        let since = self.life.market.now() - REPEATED_WITHIN;
        self.placed_before.retain(|(_, placed)| placed.payment.made_at() > since);
        self.paid_before.retain(|(_, answer)| answer.id.made_at() > since);
        if let Some((ask, placed)) = self.placed_before.last().cloned() {
            let again = place_orders(&self.life.market, ask).await?;
            if !again.replayed || again.answer != placed {
                bail!("a checkout was placed as {placed:?} and answered later {again:?}");
            }
        }
        if let Some((ask, answer)) = self.paid_before.last().cloned() {
            let again = pay(&self.life.market, ask).await?;
            if !again.replayed || again.answer != answer {
                bail!("a try to pay was answered {answer:?} and later {again:?}");
            }
        }
        Ok(())
    }

    /// One of the newest orders which looked, some time ago, as if it were in one of these states.
    pub(super) fn seen(&self, states: &[OrderStateName]) -> Option<OrderRow> {
        let fits = |order: &&OrderRow| states.contains(&order.state.name());
        let near: Vec<&OrderRow> = self.orders.iter().filter(fits).take(40).collect();
        if near.is_empty() {
            return None;
        }
        Some((*self.life.chance.pick(&near)).clone())
    }

    pub(super) async fn a_buyer_cancels(&mut self) -> anyhow::Result<()> {
        use OrderStateName::{AwaitingShipment, OnHold, Unpaid};
        let Some(order) = self.seen(&[Unpaid, Unpaid, OnHold, AwaitingShipment]) else {
            return Ok(());
        };
        let request = self.request(order.buyer, "cancel_by_buyer");
        self.keyed(async move |market: Market| {
            cancel_by_buyer(&market, order.buyer, order.id, Some(request.clone())).await
        })
        .await?;
        Ok(())
    }

    pub(super) async fn a_buyer_has_it(&mut self) -> anyhow::Result<()> {
        use OrderStateName::{AwaitingCollection, Delivered, InTransit};
        let Some(order) = self.seen(&[AwaitingCollection, InTransit, Delivered]) else {
            return Ok(());
        };
        let request = self.request(order.buyer, "confirm_receipt");
        self.keyed(async move |market: Market| {
            confirm_receipt(&market, order.buyer, order.id, Some(request.clone())).await
        })
        .await?;
        Ok(())
    }

    pub(super) async fn the_house_cancels(&mut self) -> anyhow::Result<()> {
        use OrderStateName::{AwaitingConfirmation, AwaitingShipment, OnHold, Unpaid};
        let states = [Unpaid, OnHold, AwaitingConfirmation, AwaitingShipment];
        let Some(order) = self.seen(&states) else { return Ok(()) };
        let actor = Actor::House(self.life.operator);
        let ask =
            OrderAsk { shop: order.shop, order: order.id, actor, expected: None, request: None };
        answered(cancel_by_house(&self.life.market, ask).await)?;
        Ok(())
    }

    /// One order moves on by one step, or by two.
    pub(super) async fn a_shop_works(&mut self) -> anyhow::Result<()> {
        use OrderStateName::{AwaitingConfirmation, AwaitingShipment, PartiallyShipped};
        let states = [AwaitingConfirmation, AwaitingShipment, PartiallyShipped];
        let Some(order) = self.seen(&states) else { return Ok(()) };
        let shop = self.shop(&order)?;
        let person = shop.owner;
        let actor = Actor::Staff { person, shop: shop.id };
        let request = self.request(person, "shop");
        let expected = self.life.chance.percent(30).then_some(order.version);
        let ask =
            OrderAsk { shop: order.shop, order: order.id, actor, expected, request: Some(request) };
        let dice = self.life.chance.below(100);
        let outcome = match (order.state.name(), dice) {
            (_, 0..=3) => {
                let reason = *self.life.chance.pick(&CancelReason::OF_SHOP);
                self.keyed(async move |market: Market| {
                    refused_when_stale(cancel_by_shop(&market, ask.clone(), reason).await)
                })
                .await?
            }
            (AwaitingConfirmation, _) => {
                self.keyed(async move |market: Market| {
                    refused_when_stale(confirm_order(&market, ask.clone()).await)
                })
                .await?
            }
            (_, _) => return self.packs_and_ships(&order, ask).await,
        };
        drop(outcome);
        Ok(())
    }

    async fn packs_and_ships(&mut self, order: &OrderRow, ask: OrderAsk) -> anyhow::Result<()> {
        let pack = PackOrder { ask: ask.clone(), weight_grams: 200 * order.pieces_count };
        self.keyed(async move |market: Market| {
            refused_when_stale(pack_order(&market, pack.clone()).await)
        })
        .await?;
        if self.life.chance.percent(10) {
            return Ok(());
        }
        let Actor::Staff { person, .. } = ask.actor else { bail!("only staff ships") };
        let request = Some(self.request(person, "ship"));
        let ship = ShipOrder {
            ask: OrderAsk { request, ..ask },
            service: String::new(),
            tracking_number: String::new(),
            instead: None,
        };
        let again = ship.ask.clone();
        let sent = self
            .keyed(async move |market: Market| {
                refused_when_stale(refused_when_excluded(ship_order(&market, ship.clone()).await))
            })
            .await?;
        if sent.is_none() && self.life.chance.percent(50) {
            self.ships_otherwise(order, again).await?;
        }
        Ok(())
    }

    /// The promised service did not take it: another one may, or nothing does and the order ends by its deadline.
    async fn ships_otherwise(&mut self, order: &OrderRow, ask: OrderAsk) -> anyhow::Result<()> {
        let Actor::Staff { person, .. } = ask.actor else { bail!("only staff ships") };
        let ask = OrderAsk { request: Some(self.request(person, "ship otherwise")), ..ask };
        let Some(ship) = self.life.another_service(ask, order).await? else { return Ok(()) };
        self.keyed(async move |market: Market| {
            refused_when_stale(refused_when_excluded(ship_order(&market, ship.clone()).await))
        })
        .await?;
        Ok(())
    }

    pub(super) async fn a_shop_counts(&mut self) -> anyhow::Result<()> {
        let shop = self.life.chance.pick(&self.life.shops);
        let goods = *self.life.chance.pick(&shop.goods);
        let actor = Actor::Staff { person: shop.owner, shop: shop.id };
        let count = 1 + self.life.chance.below(12) as i64;
        let batch = ReceiveBatch {
            sku: goods.sku,
            code: format!("S-{}", self.step),
            supplier: "simulated works".to_owned(),
            count,
        };
        receive_batch(&self.life.market, actor, shop.id, batch).await?;
        self.invariants.brought_in(shop.id, goods.sku, count);
        Ok(())
    }
}

/// A service which does not take what was packed is as good as a refusal: the shop takes another one.
fn refused_when_excluded<T>(outcome: Result<T, Failure>) -> Result<T, Failure> {
    match outcome {
        Err(Failure::Invalid(faults)) if faults[0].code == "service_excluded" => {
            Err(Failure::refused("service_excluded", "this service does not take the parcel"))
        }
        other => other,
    }
}

/// "It was changed in the meantime" is an answer like a refusal.
fn refused_when_stale<T>(outcome: Result<T, Failure>) -> Result<T, Failure> {
    match outcome {
        Err(Failure::Stale) => Err(Failure::refused("stale", "it was changed in the meantime")),
        other => other,
    }
}
