//! Orders which do not go straight through: requests to cancel, missing goods, lines taken off.

use actions::Actor;
use actions::cancellations::{AnswerRequest, AskToCancel, approve, ask_to_cancel, refuse};
use actions::checks;
use actions::orders::{CancelLine, GiveBack, LineBack, OrderAsk, cancel_line, give_back};
use actions::payments::{Pay, pay};
use actions::sandbox_provider::Instrument;
use actions::shortages::{
    OfferSubstitute, ReportShortage, accept_substitute, offer_substitute, refuse_substitute,
    report_shortage,
};
use actions::{Failure, Market};
use rules::orders::refunds::BackReason;
use rules::orders::shortages::{ShortageCause, ShortageState};
use rules::orders::{CancelReason, OrderStateName};
use store::orders::{LineRow, OrderRow};
use store::{Tx, orders};

use super::{Simulation, answered};

/// So many refunds are tried at each step of the quiet time.
const AFTERWARDS: usize = 2;

impl Simulation {
    fn one_to_ship(&self) -> Option<OrderRow> {
        use OrderStateName::{AwaitingConfirmation, AwaitingShipment};
        self.seen(&[AwaitingShipment, AwaitingShipment, AwaitingConfirmation])
    }

    pub(super) async fn a_buyer_asks_to_cancel(&mut self) -> anyhow::Result<()> {
        let Some(order) = self.one_to_ship() else { return Ok(()) };
        let request = Some(self.request(order.buyer, "ask_to_cancel"));
        let ask = AskToCancel {
            buyer: order.buyer,
            order: order.id,
            reason: *self.life.chance.pick(&CancelReason::OF_BUYER),
            note: String::new(),
            request,
        };
        self.keyed(async move |market: Market| ask_to_cancel(&market, ask.clone()).await).await?;
        Ok(())
    }

    /// The shop answers what was asked, or lets it pass.
    pub(super) async fn a_shop_answers(&mut self) -> anyhow::Result<()> {
        let Some(order) = self.one_to_ship() else { return Ok(()) };
        let market = self.life.market.clone();
        let care = checks::of_order(&market, order.shop, order.id).await?;
        let Some(asked) = care.asked() else { return Ok(()) };
        let actor = Actor::Staff { person: self.shop(&order)?.owner, shop: order.shop };
        let ask = AnswerRequest { shop: order.shop, id: asked.id, actor, request: None };
        if self.life.chance.percent(50) {
            answered(approve(&market, ask).await)?;
        } else {
            answered(refuse(&market, ask, "It is packed already").await)?;
        }
        Ok(())
    }

    /// Pieces of a line are missing; mostly something else is offered for them.
    pub(super) async fn goods_are_missing(&mut self) -> anyhow::Result<()> {
        let Some(order) = self.one_to_ship() else { return Ok(()) };
        let market = self.life.market.clone();
        let (shop, id) = (order.shop, order.id);
        let read = async move |tx: &mut Tx| Ok::<_, Failure>(orders::lines(tx, shop, id).await?);
        let lines: Vec<LineRow> = market.store.read(read).await?;
        let line = self.life.chance.pick(&lines).clone();
        let most = line.to_pack_count();
        if most < 1 || line.sku == self.invariants.bundle.sku {
            return Ok(());
        }
        let missing_count = 1 + self.life.chance.below(most.unsigned_abs()) as i64;
        let of_shop = self.shop(&order)?;
        let actor = Actor::Staff { person: of_shop.owner, shop };
        let other = self.life.chance.pick(&of_shop.goods).sku;
        if self.life.chance.percent(25) {
            let ask = OrderAsk { shop, order: id, actor, expected: None, request: None };
            let ask = CancelLine { ask, line: line.id, count: missing_count };
            answered(cancel_line(&market, ask).await)?;
            return Ok(());
        }
        let ask = ReportShortage {
            shop,
            order: id,
            line: line.id,
            missing_count,
            cause: *self.life.chance.pick(&ShortageCause::ALL),
            actor,
            request: None,
        };
        let Some(found) = answered(report_shortage(&market, ask).await)? else { return Ok(()) };
        self.invariants.brought_in(shop, line.sku, -missing_count);
        self.invariants.is_short(shop, id);
        if other != line.sku && self.life.chance.percent(80) {
            let waived = self.life.chance.percent(40);
            let shortage = found.answer.id;
            let ask = OfferSubstitute { shop, shortage, sku: other, waived, actor, request: None };
            answered(offer_substitute(&market, ask).await)?;
        }
        Ok(())
    }

    /// The goods have left, and some of the money goes back: pieces, a sum, or all which can.
    pub(super) async fn a_shop_gives_back(&mut self) -> anyhow::Result<()> {
        use OrderStateName::{AwaitingCollection, Completed, Delivered, InTransit, Settled};
        self.gives_back_of(&[AwaitingCollection, InTransit, Delivered, Completed, Settled]).await
    }

    /// Orders settle when the play is nearly over: some money goes back after that too, while the shops have reserves,
    /// payouts under way, or nothing left.
    pub(super) async fn shops_give_back_afterwards(&mut self) -> anyhow::Result<()> {
        self.check().await?;
        for _ in 0..AFTERWARDS {
            self.gives_back_of(&[OrderStateName::Settled]).await?;
        }
        self.check().await
    }

    async fn gives_back_of(&mut self, states: &[OrderStateName]) -> anyhow::Result<()> {
        let Some(order) = self.seen(states) else { return Ok(()) };
        let (market, shop, id) = (self.life.market.clone(), order.shop, order.id);
        let read = async move |tx: &mut Tx| Ok::<_, Failure>(orders::lines(tx, shop, id).await?);
        let lines: Vec<LineRow> = market.store.read(read).await?;
        let chance = &self.life.chance;
        let mut backs = Vec::new();
        for line in &lines {
            let left = line.left(order.tax_included).having_left();
            let count = chance.below(left.units.unsigned_abs() + 1) as i64;
            let after = left.shares.paid_minor / left.units.max(1) * (left.units - count);
            let amount_minor = chance.below(after.unsigned_abs() / 2 + 1) as i64;
            backs.push(LineBack { line: line.id, count, amount_minor });
        }
        if backs.iter().all(|back| back.count == 0 && back.amount_minor == 0) {
            return Ok(());
        }
        let worth = lines.iter().map(|line| line.left(order.tax_included).having_left());
        if chance.percent(15) && worth.map(|left| left.shares.paid_minor).sum::<i64>() > 0 {
            backs.clear();
        }
        let actor = Actor::Staff { person: self.shop(&order)?.owner, shop };
        let ask = OrderAsk { shop, order: id, actor, expected: None, request: None };
        let reason = *chance.pick(&BackReason::OF_SHOP);
        let ask = GiveBack { ask, reason, note: String::new(), lines: backs };
        match give_back(&market, ask).await {
            // Free of charge, or seen too long ago: there is nothing to give.
            Err(Failure::Invalid(_)) => Ok(()),
            outcome => answered(outcome).map(drop),
        }
    }

    /// A buyer chooses for what is missing, and pays the difference, or does not.
    pub(super) async fn a_buyer_chooses(&mut self) -> anyhow::Result<()> {
        let market = self.life.market.clone();
        let Some((shop, order)) = self.invariants.some_short(&self.life.chance) else {
            return Ok(());
        };
        let care = checks::of_order(&market, shop, order).await?;
        let open = |state| matches!(state, ShortageState::Offered { .. });
        let Some(shortage) = care.shortages.iter().find(|one| open(one.state)) else {
            return Ok(());
        };
        let Some(row) = self.orders.iter().find(|row| row.id == order) else { return Ok(()) };
        let buyer = row.buyer;
        if self.life.chance.percent(35) {
            let refused = refuse_substitute(&market, buyer, order, shortage.id, None).await;
            answered(refused)?;
            return Ok(());
        }
        let taken = accept_substitute(&market, buyer, order, shortage.id, None).await;
        let payment = answered(taken)?.and_then(|taken| taken.answer.payment);
        let Some(payment) = payment else { return Ok(()) };
        let instrument = *self.life.chance.pick(&Instrument::ALL);
        answered(pay(&market, Pay { buyer, payment, instrument, request: None }).await)?;
        Ok(())
    }
}
