//! A shop's standing with the till: the operator moves it between tiers, with a reason which the shop can read.

use rules::ids::{PersonId, ShopId};
use rules::policy::Tier;
use rules::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::events::EventRow;
use store::shops::Shop;
use store::{Tx, events, shops};

use crate::failure::{Failure, Refusal};
use crate::market::{Actor, Market};
use crate::requests::{self, Answered, RequestKey};

/// Characters of a reason: enough to be one, not more than a page shows.
const REASON: std::ops::RangeInclusive<usize> = 10..=500;

/// Moves a shop to another tier. Orders which have settled keep their reserve; the next settlement uses the new tier.
#[derive(Clone, Debug)]
pub struct ChangeTier {
    pub by: PersonId,
    pub shop: ShopId,
    pub tier: Tier,
    /// When it begins; nothing or the past: now.
    pub from: Option<Timestamp>,
    pub reason: String,
    /// The version of the shop which the operator saw.
    pub expected: Option<i64>,
    pub request: Option<RequestKey>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierAnswer {
    pub shop: ShopId,
    pub tier: Tier,
    /// When it begins.
    pub from: Timestamp,
    pub version: i64,
}

pub async fn change_tier(
    market: &Market,
    ask: ChangeTier,
) -> Result<Answered<TierAnswer>, Failure> {
    let reason = ask.reason.trim().to_owned();
    if !REASON.contains(&reason.chars().count()) {
        let says = format!("a reason has {} to {} characters", REASON.start(), REASON.end());
        return Err(Failure::invalid("reason", "out_of_range", says));
    }
    let (now, block) = (market.now(), market.ids.block(1));
    market
        .store
        .write(async move |tx: &mut Tx| {
            if let Some(answered) = requests::kept(tx, ask.request.as_ref()).await? {
                return Ok(answered);
            }
            let before = shops::load(tx, ask.shop).await?.ok_or(Failure::NotFound)?;
            if ask.expected.is_some_and(|expected| expected != before.version) {
                return Err(Failure::Stale);
            }
            let now_in = before.tier_at(now).to_owned();
            let later = ask.from.filter(|from| *from > now);
            // Asking for the tier the shop is in takes back a change which has not begun.
            let takes_back = later.is_none() && before.coming_tier(now).is_some();
            if now_in == ask.tier.code() && !takes_back {
                let refusal = Refusal::new("same_tier", "the shop is in this tier already");
                return Err(refusal.fact("tier", ask.tier.code()).into());
            }
            let after = Shop {
                tier: if later.is_some() { now_in.clone() } else { ask.tier.code().to_owned() },
                next_tier: if later.is_some() { ask.tier.code() } else { "" }.to_owned(),
                next_tier_at: later,
                version: before.version + 1,
                ..before.clone()
            };
            if !shops::update(tx, &after).await? {
                return Err(Failure::Again);
            }
            let from = later.unwrap_or(now);
            let event = EventRow {
                id: block.start().take(),
                home_id: ask.shop.number(),
                subject: "shop",
                subject_id: ask.shop.number(),
                kind: "tier_changed",
                actor: Actor::House(ask.by).code(),
                body:
                    json!({ "from": now_in, "to": ask.tier.code(), "at": from, "reason": reason })
                        .to_string(),
                relay: false,
                created_at: now,
            };
            events::insert(tx, &[event]).await?;
            let answer =
                TierAnswer { shop: ask.shop, tier: ask.tier, from, version: after.version };
            requests::keep(tx, ask.request.as_ref(), &answer, now).await?;
            Ok(Answered::new(answer))
        })
        .await
}
