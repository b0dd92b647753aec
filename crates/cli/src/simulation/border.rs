//! Borders and shared discounts in the simulation: shops which begin and cease to deliver abroad, proposals which are
//! answered or not, and what each order keeps of it all.

use actions::catalog::{
    NewPromotion, ProposePromotion, answer_promotion, propose_promotion, reachable, set_deliveries,
};
use actions::{Actor, Failure, Market};
use anyhow::ensure;
use rules::catalog::listing::Wording;
use rules::money::Money;
use rules::time::Span;
use store::orders::{LineRow, OrderRow};
use store::{Tx, order_items};

use super::{Simulation, answered};

impl Simulation {
    /// The house proposes a discount to a shop, which says yes, no, or nothing.
    pub(super) async fn the_house_proposes(&mut self) -> anyhow::Result<()> {
        let chance = &self.life.chance;
        let shop = chance.pick(&self.life.shops);
        let market = &self.life.market;
        let begins = market.now() + Span::from_hours(1 + chance.below(72) as i64);
        let cap = if chance.percent(50) { Some(Money::new(777, shop.currency)) } else { None };
        let promotion = NewPromotion {
            market: None,
            title: Wording::new("Together", "同惠"),
            percent_bp: 100 + chance.below(4_000) as i64,
            minimum: Money::zero(shop.currency),
            maximum: cap,
            starts_at: begins,
            ends_at: begins + Span::from_days(1 + chance.below(20) as i64),
        };
        let house_bp = 1 + chance.below(9_999) as i64;
        let (by, shops) = (self.life.operator, vec![shop.id]);
        let ask = ProposePromotion { by, shops, promotion, house_bp, request: None };
        let Some(proposed) = answered(propose_promotion(market, ask).await)? else {
            return Ok(());
        };
        let actor = Actor::Staff { person: shop.owner, shop: shop.id };
        let says = chance.below(3);
        for id in proposed.answer.promotions {
            if says < 2 {
                answered(answer_promotion(market, actor, shop.id, id, says == 0).await)?;
            }
        }
        Ok(())
    }

    /// A shop chooses anew where it delivers beside its own market.
    pub(super) async fn a_shop_delivers_elsewhere(&mut self) -> anyhow::Result<()> {
        let chance = &self.life.chance;
        let place = chance.below(self.life.shops.len() as u64) as usize;
        let shop = &self.life.shops[place];
        let all = reachable(&self.life.market, &shop.market, shop.currency.code());
        let chosen: Vec<String> =
            all.into_iter().filter(|_| chance.percent(70)).map(|code| code.to_string()).collect();
        let actor = Actor::Staff { person: shop.owner, shop: shop.id };
        set_deliveries(&self.life.market, actor, shop.id, chosen).await?;
        Ok(())
    }
}

/// What an order keeps of borders and promotions sums to its own amounts, line by line and charge by charge.
pub(super) async fn adds_up(
    market: &Market,
    row: &OrderRow,
    lines: &[LineRow],
) -> anyhow::Result<()> {
    let (shop, order) = (row.shop, row.id);
    let read = async move |tx: &mut Tx| {
        let charges = order_items::charges(tx, shop, order).await?;
        Ok::<_, Failure>((charges, order_items::promotions(tx, shop, order).await?))
    };
    let (charges, promotions) = market.store.read(read).await?;
    let charged: i64 = charges.iter().map(|line| line.amount_minor).sum();
    let of_lines: i64 = lines.iter().map(|line| line.price.duty_minor).sum();
    ensure!(
        charged == row.duty_minor && of_lines == row.duty_minor,
        "its duty is {}, its charges sum to {charged}, its lines to {of_lines}",
        row.duty_minor
    );
    let house: i64 = promotions.iter().map(|kept| kept.house_part_minor).sum();
    let by_shop: i64 = promotions.iter().map(|kept| kept.shop_part_minor).sum();
    ensure!(
        house == row.house_discount_minor && by_shop == row.shop_discount_minor,
        "the house pays {} and the shop {} of its discounts, its promotions say {house} and {by_shop}",
        row.house_discount_minor,
        row.shop_discount_minor
    );
    Ok(())
}
