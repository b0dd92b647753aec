//! Shared promotions: the house proposes a discount and pays a part of it; it runs where the shop has accepted.

use rules::checkout::discounts::FundedBy;
use rules::ids::{EventId, PersonId, PromotionId, ShopId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::promotions::{self, PromotionRow};
use store::{Tx, shops};

use super::promotions::{check, happened_with, place_of};
use super::{NewPromotion, note};
use crate::failure::{Failure, FieldFault, Refusal};
use crate::market::{Actor, Market};
use crate::requests::{self, Answered, RequestKey};

/// Shops which one proposal may name.
const MOST_SHOPS: usize = 100;
/// A shop's yes, as it stands in the row.
pub const ACCEPTED: &str = "accepted";
/// A shop's no.
pub const DECLINED: &str = "declined";

/// A discount proposed to shops of one market. Each shop answers for itself, before it begins; silence is no.
#[derive(Clone, Debug)]
pub struct ProposePromotion {
    pub by: PersonId,
    pub shops: Vec<ShopId>,
    pub promotion: NewPromotion,
    /// The house's part of the discount, basis points; the rest is the shop's.
    pub house_bp: i64,
    pub request: Option<RequestKey>,
}

/// What was proposed, one a shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    pub promotions: Vec<PromotionId>,
}

/// Writes one proposal a shop.
///
/// # Errors
/// Faults by field; not found for a shop which is none.
pub async fn propose_promotion(
    market: &Market,
    ask: ProposePromotion,
) -> Result<Answered<Proposed>, Failure> {
    let faults = shape_faults(&ask);
    if !faults.is_empty() {
        return Err(Failure::Invalid(faults));
    }
    let (now, block) = (market.now(), market.ids.block(2 * ask.shops.len() as i64));
    let (_, policies) = market.policies();
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<Answered<Proposed>, Failure> {
            if let Some(kept) = requests::kept(tx, ask.request.as_ref()).await? {
                return Ok(kept);
            }
            let mut ids = block.start();
            let mut rows = Vec::with_capacity(ask.shops.len());
            for shop in &ask.shops {
                let (code, currency) = place_of(tx, &policies, *shop, None).await?;
                let mut faults = check(&ask.promotion, currency, now);
                if ask.promotion.starts_at <= now {
                    let says = "shops need time to answer: a shared promotion begins later";
                    faults.push(FieldFault::new("starts_at", "already_begun", says));
                }
                if !faults.is_empty() {
                    return Err(Failure::Invalid(faults));
                }
                rows.push(PromotionRow {
                    id: ids.take(),
                    shop: *shop,
                    market: code,
                    currency: currency.code().to_owned(),
                    funded_by: FundedBy::Shared.code().to_owned(),
                    house_bp: ask.house_bp,
                    title_en: ask.promotion.title.en.clone(),
                    title_zh: ask.promotion.title.zh.clone(),
                    percent_bp: ask.promotion.percent_bp,
                    minimum_minor: ask.promotion.minimum.minor,
                    maximum_minor: ask.promotion.maximum.map_or(0, |maximum| maximum.minor),
                    starts_at: ask.promotion.starts_at,
                    ends_at: ask.promotion.ends_at,
                    answered_at: None,
                    answer: String::new(),
                    created_at: now,
                });
            }
            for row in &rows {
                promotions::insert(tx, row).await?;
                let event: EventId = ids.take();
                let body = json!({ "house_bp": row.house_bp, "percent_bp": row.percent_bp });
                let actor = Actor::House(ask.by);
                let what =
                    happened_with(event, row.shop, row.id, "promotion_proposed", actor, now, body);
                note(tx, what).await?;
            }
            let proposed = Proposed { promotions: rows.iter().map(|row| row.id).collect() };
            requests::keep(tx, ask.request.as_ref(), &proposed, now).await?;
            Ok(Answered::new(proposed))
        })
        .await
}

fn shape_faults(ask: &ProposePromotion) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    if ask.shops.is_empty() || ask.shops.len() > MOST_SHOPS {
        let says = format!("a proposal names 1 to {MOST_SHOPS} shops");
        faults.push(FieldFault::new("shops", "out_of_range", says));
    }
    if !(1..10_000).contains(&ask.house_bp) {
        let says = "the house pays more than nothing and less than all of a shared discount";
        faults.push(FieldFault::new("house_bp", "out_of_range", says));
    }
    faults
}

/// A shop's answer to a proposal. It can be given once, and before the promotion begins.
pub async fn answer_promotion(
    market: &Market,
    actor: Actor,
    shop: ShopId,
    id: PromotionId,
    accept: bool,
) -> Result<(), Failure> {
    let (now, event) = (market.now(), market.id());
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            let row = promotions::load(tx, shop, id).await?.ok_or(Failure::NotFound)?;
            if row.funded_by != FundedBy::Shared.code() {
                return Err(Failure::NotFound);
            }
            if !row.answer.is_empty() {
                return Err(Refusal::new("already_answered", "this was answered before").into());
            }
            let (answer, kind) = match accept {
                true => (ACCEPTED, "promotion_accepted"),
                false => (DECLINED, "promotion_declined"),
            };
            if !promotions::answer(tx, shop, id, answer, now).await? {
                let refusal =
                    Refusal::new("promotion_begun", "it was to be answered before it began");
                return Err(refusal.fact("began", row.starts_at).into());
            }
            let body = json!({ "house_bp": row.house_bp });
            note(tx, happened_with(event, shop, id, kind, actor, now, body)).await
        })
        .await
}

/// What the house proposed, with the shops' names; the newest first.
pub async fn list_shared(
    market: &Market,
    before: i64,
    limit: i64,
) -> Result<Vec<(PromotionRow, String)>, Failure> {
    let read = async move |tx: &mut Tx| -> Result<Vec<(PromotionRow, String)>, Failure> {
        let rows = promotions::list_shared(tx, before, limit).await?;
        let shops = shops::load_many(tx, rows.iter().map(|row| row.shop)).await?;
        let name = |id: ShopId| {
            shops.iter().find(|shop| shop.id == id).map_or_else(String::new, |s| s.name.clone())
        };
        Ok(rows.into_iter().map(|row| (row.clone(), name(row.shop))).collect())
    };
    market.store.read(read).await
}
