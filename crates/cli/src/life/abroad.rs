//! What the house and shops give up together: a campaign which runs, and a proposal which waits for its answer.

use actions::catalog::{NewPromotion, ProposePromotion, answer_promotion, propose_promotion};
use actions::{Actor, Market};
use rules::catalog::listing::Wording;
use rules::ids::PersonId;
use rules::money::Money;
use rules::time::Span;

use super::LifeShop;

/// Shops which deliver abroad share a discount with the house from the second day on; the last one has not answered yet
/// about another, which would begin much later.
pub(super) async fn shared_promotions(
    market: &Market,
    operator: PersonId,
    shops: &[LifeShop],
) -> anyhow::Result<()> {
    let begin = market.now();
    for (place, shop) in shops.iter().enumerate().filter(|(_, shop)| !shop.abroad.is_empty()) {
        let promotion = |en: &str, zh: &str, first: i64, last: i64| NewPromotion {
            market: None,
            title: Wording::new(en, zh),
            percent_bp: 800,
            minimum: Money::zero(shop.currency),
            maximum: None,
            starts_at: begin + Span::from_days(first),
            ends_at: begin + Span::from_days(last),
        };
        let propose = |promotion, house_bp| ProposePromotion {
            by: operator,
            shops: vec![shop.id],
            promotion,
            house_bp,
            request: None,
        };
        let runs = promotion("Neighbours’ weeks", "邻国购物周", 1, 90);
        let runs = propose_promotion(market, propose(runs, 4_000)).await?.answer;
        let actor = Actor::Staff { person: shop.owner, shop: shop.id };
        for id in runs.promotions {
            answer_promotion(market, actor, shop.id, id, true).await?;
        }
        if place + 1 == shops.len() {
            let waits = promotion("Winter together", "冬季同惠", 75, 120);
            propose_promotion(market, propose(waits, 5_000)).await?;
        }
    }
    Ok(())
}
