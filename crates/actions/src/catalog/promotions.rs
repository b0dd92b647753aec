//! Promotions of a shop, and of the house (`HOUSE`).

use rules::catalog::listing::Wording;
use rules::checkout::discounts::FundedBy;
use rules::ids::{HOUSE, PromotionId, ShopId};
use rules::money::{Currency, Money};
use rules::policy::{MarketCode, Policies};
use rules::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::promotions::{self, PromotionRow};
use store::{Tx, shops};

use super::{Happened, note};
use crate::failure::{Failure, FieldFault};
use crate::market::{Actor, Market};
use crate::requests::{self, Answered, RequestKey};

/// Basis points of the whole. [X] more than nine tenths off is a slip.
const MOST_BP: i64 = 9_000;
const LONGEST_TITLE: usize = 120;

/// A discount which runs for a time.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPromotion {
    /// For the house's own only; a shop's is its own market.
    pub market: Option<MarketCode>,
    pub title: Wording,
    /// 1000 is 10 %.
    pub percent_bp: i64,
    /// Goods of one shop must be worth at least this.
    pub minimum: Money,
    /// Never more than this.
    pub maximum: Option<Money>,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
}

/// `home` is the shop, or `HOUSE` for a discount which the house pays.
pub async fn create_promotion(
    market: &Market,
    actor: Actor,
    home: ShopId,
    ask: NewPromotion,
) -> Result<PromotionRow, Failure> {
    Ok(create_promotion_once(market, actor, home, ask, None).await?.answer)
}

/// As [`create_promotion`], for a request which may come again: it is the same promotion then.
pub async fn create_promotion_once(
    market: &Market,
    actor: Actor,
    home: ShopId,
    ask: NewPromotion,
    request: Option<RequestKey>,
) -> Result<Answered<PromotionRow>, Failure> {
    let (now, event) = (market.now(), market.id());
    let id: PromotionId = market.id();
    let (_, policies) = market.policies();
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<Answered<PromotionRow>, Failure> {
            if let Some(kept) = requests::kept::<PromotionId>(tx, request.as_ref()).await? {
                let row =
                    promotions::load(tx, home, kept.answer).await?.ok_or(Failure::NotFound)?;
                return Ok(Answered { answer: row, replayed: true });
            }
            let (code, currency) = place_of(tx, &policies, home, ask.market).await?;
            let faults = check(&ask, currency, now);
            if !faults.is_empty() {
                return Err(Failure::Invalid(faults));
            }
            let row = PromotionRow {
                id,
                shop: home,
                market: code,
                currency: currency.code().to_owned(),
                funded_by: if home == HOUSE { FundedBy::House } else { FundedBy::Shop }
                    .code()
                    .to_owned(),
                house_bp: 0,
                answered_at: None,
                answer: String::new(),
                title_en: ask.title.en.clone(),
                title_zh: ask.title.zh.clone(),
                percent_bp: ask.percent_bp,
                minimum_minor: ask.minimum.minor,
                maximum_minor: ask.maximum.map_or(0, |maximum| maximum.minor),
                starts_at: ask.starts_at,
                ends_at: ask.ends_at,
                created_at: now,
            };
            promotions::insert(tx, &row).await?;
            note(tx, happened(event, home, id, "promotion_created", actor, now)).await?;
            requests::keep(tx, request.as_ref(), &id, now).await?;
            Ok(Answered::new(row))
        })
        .await
}

/// The market and the currency of a promotion: its shop's, or for the house the one it is asked for.
pub(super) async fn place_of(
    tx: &mut Tx,
    policies: &Policies,
    home: ShopId,
    asked: Option<MarketCode>,
) -> Result<(String, Currency), Failure> {
    if home == HOUSE {
        let place = asked.and_then(|code| policies.market(code)).ok_or_else(|| {
            Failure::invalid("market", "unknown_market", "the house has no such market")
        })?;
        return Ok((place.code.to_string(), place.currency));
    }
    let shop = shops::load(tx, home).await?.ok_or(Failure::NotFound)?;
    let currency =
        Currency::parse(&shop.currency).map_err(|error| Failure::Broken(error.to_string()))?;
    Ok((shop.market, currency))
}

/// Ends a promotion now. Orders which were placed keep their discount.
pub async fn end_promotion(
    market: &Market,
    actor: Actor,
    home: ShopId,
    id: PromotionId,
) -> Result<(), Failure> {
    let (now, event) = (market.now(), market.id());
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            if !promotions::end(tx, home, id, now).await? {
                return Err(Failure::NotFound);
            }
            note(tx, happened(event, home, id, "promotion_ended", actor, now)).await
        })
        .await
}

/// All promotions of a home, the newest first.
pub async fn list_promotions(market: &Market, home: ShopId) -> Result<Vec<PromotionRow>, Failure> {
    let list = async move |tx: &mut Tx| -> Result<Vec<PromotionRow>, Failure> {
        Ok(promotions::list(tx, home, 200).await?)
    };
    market.store.read(list).await
}

fn happened(
    id: rules::ids::EventId,
    shop: ShopId,
    promotion: PromotionId,
    kind: &'static str,
    actor: Actor,
    now: Timestamp,
) -> Happened {
    happened_with(id, shop, promotion, kind, actor, now, json!({}))
}

pub(super) fn happened_with(
    id: rules::ids::EventId,
    shop: ShopId,
    promotion: PromotionId,
    kind: &'static str,
    actor: Actor,
    now: Timestamp,
    body: serde_json::Value,
) -> Happened {
    let (subject, subject_id) = ("promotion", promotion.number());
    Happened { id, shop, subject, subject_id, kind, actor, body, now }
}

pub(super) fn check(ask: &NewPromotion, currency: Currency, now: Timestamp) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    let mut add = |field: &str, code: &'static str, says: &str| {
        faults.push(FieldFault::new(field, code, says));
    };
    if ask.title.is_empty() {
        add("title", "missing", "a promotion has a title in at least one language");
    }
    let longest = ask.title.en.chars().count().max(ask.title.zh.chars().count());
    if longest > LONGEST_TITLE {
        add("title", "too_long", "the title is too long for a badge");
    }
    if !(1..=MOST_BP).contains(&ask.percent_bp) {
        add("percent_bp", "out_of_range", "a discount is 1 to 9000 basis points");
    }
    if ask.minimum.currency != currency {
        add("minimum", "other_currency", "amounts are in the market's currency");
    } else if ask.minimum.minor < 0 {
        add("minimum", "negative", "an amount is zero or more");
    }
    if let Some(maximum) = ask.maximum {
        if maximum.currency != currency {
            add("maximum", "other_currency", "amounts are in the market's currency");
        } else if maximum.minor < 1 {
            add("maximum", "not_above_zero", "a limit is above zero; leave it out for none");
        }
    }
    if ask.ends_at <= ask.starts_at || ask.ends_at <= now {
        add("ends_at", "already_over", "a promotion ends after it starts, and in the future");
    }
    faults
}
