//! The price of one shop's part: what it needs is read once, and then priced without the database.

use std::collections::BTreeMap;

use rules::catalog::nature::Nature;
use rules::checkout::address::Address;
use rules::checkout::border::{Border, border};
use rules::checkout::discounts::{FundedBy, Promotion};
use rules::checkout::pricing::{self, LineAsked, OrderPrice, ShopAsked};
use rules::checkout::tax::tax_of;
use rules::ids::{ShopId, SkuId};
use rules::policy::{MarketCode, MarketPolicy, Policies};
use rules::settlement::terms::commission_bp;
use rules::shipping::distance;
use rules::shipping::rates::{Offer, ParcelFacts, Ranking, Size, rank};
use rules::time::Timestamp;
use store::catalog::SkuForSale;
use store::promotions::{self, PromotionRow};
use store::shops::{self, Shop};
use store::{Tx, catalog};

use super::{LineWanted, QuotedLine, ShopQuote};
use crate::failure::{Failure, Refusal};

/// One shop's part of a checkout.
pub(crate) struct ShopPart<'a> {
    pub shop: ShopId,
    pub lines: &'a [LineWanted],
    /// Only its country, region and postcode matter for a price; without a postcode it is the middle of the country.
    pub address: &'a Address,
    pub chosen: Option<&'a str>,
    pub house: &'a [PromotionRow],
}

/// Prices one shop's part: product page, basket and checkout all ask here, so that they never differ.
pub(crate) async fn shop_quote(
    tx: &mut Tx,
    policies: &Policies,
    market: &MarketPolicy,
    part: &ShopPart<'_>,
    now: Timestamp,
) -> Result<ShopQuote, Failure> {
    let facts = part_facts(tx, market, part, now).await?;
    price_part(policies, market, facts, part, now)
}

/// What one shop's part is priced from.
#[derive(Clone, Debug)]
pub(crate) struct PartFacts {
    pub shop: Shop,
    /// The shop's own market.
    pub home: MarketCode,
    pub lines: Vec<QuotedLine>,
    /// The shop's own promotions which run now.
    pub own: Vec<PromotionRow>,
    /// Country and postcode where the goods lie.
    pub sent_from: (MarketCode, String),
}

impl PartFacts {
    /// The same shop, with nothing chosen yet.
    pub fn without_lines(&self) -> PartFacts {
        PartFacts {
            shop: self.shop.clone(),
            home: self.home,
            lines: Vec::new(),
            own: self.own.clone(),
            sent_from: self.sent_from.clone(),
        }
    }
}

/// Reads what a price needs.
///
/// # Errors
/// Refuses a shop which does not sell, or not there, and goods which are not for sale.
pub(crate) async fn part_facts(
    tx: &mut Tx,
    market: &MarketPolicy,
    part: &ShopPart<'_>,
    now: Timestamp,
) -> Result<PartFacts, Failure> {
    let shop = shops::load(tx, part.shop).await?.filter(|shop| shop.state == shops::OPEN);
    let shop = shop.ok_or_else(|| {
        Refusal::new("not_for_sale", "this shop does not sell").fact("shop", part.shop)
    })?;
    let home = reached_from(tx, &shop, market).await?;
    let lines = lines_for_sale(tx, part).await?;
    let own = promotions::running(tx, part.shop, now).await?;
    let sent_from = sent_from(tx, home, part.shop, &lines).await?;
    Ok(PartFacts { shop, home, lines, own, sent_from })
}

/// The price of what was read, at a moment.
pub(crate) fn price_part(
    policies: &Policies,
    market: &MarketPolicy,
    facts: PartFacts,
    part: &ShopPart<'_>,
    now: Timestamp,
) -> Result<ShopQuote, Failure> {
    let PartFacts { shop, home, lines, own, sent_from: (sent_from, postcode) } = facts;
    let commission = policies.settlement(home);
    let asked: Vec<LineAsked> = lines
        .iter()
        .map(|line| LineAsked {
            sku: line.sku.sku,
            product: line.sku.product,
            hs_code: line.sku.hs_code.clone(),
            unit_minor: line.sku.price_minor,
            quantity: line.quantity,
            commission_bp: commission_bp(commission, &line.sku.category),
        })
        .collect();
    let running: Vec<&PromotionRow> = (own.iter().chain(part.house))
        .filter(|row| row.market == shop.market && row.currency == shop.currency)
        .collect();
    let offered: Vec<Promotion> = running.iter().map(|row| promotion(row)).collect();
    let border: Border<'_> = border(policies.charges(), sent_from, market, now);
    let mut ask = ShopAsked {
        currency: market.currency,
        lines: &asked,
        shipping_minor: 0,
        promotions: &offered,
        tax: tax_of(market, &part.address.region),
        border: Some(&border),
    };
    // Shipping may be free from a value on, so the goods are priced first.
    let goods = pricing::price(&ask)?;
    let handed_over_at = now + policies.orders(home).dispatch_within();
    let distance_km =
        distance::between((sent_from, &postcode), (market.code, &part.address.postcode));
    let route = (sent_from, market.code, distance_km);
    let facts = parcel_facts(route, &lines, &goods, handed_over_at);
    let ranking = rank(policies, home, &facts);
    let offer = chosen_offer(&ranking, part.chosen)?;
    ask.shipping_minor = offer.price_minor;
    let price = pricing::price(&ask)?;
    let applied =
        running.iter().filter(|row| price.promotions.iter().any(|a| a.promotion == row.id));
    let promotions = applied.map(|row| (*row).clone()).collect();
    let (promise_from, promise_by) = (offer.promise_from, offer.promise_by);
    let destination = market.code;
    Ok(ShopQuote {
        shop,
        destination,
        sent_from,
        promotions,
        lines,
        price,
        offer,
        ranking,
        promise_from,
        promise_by,
    })
}

/// The shop's own market, when it delivers to `market`.
async fn reached_from(
    tx: &mut Tx,
    shop: &Shop,
    market: &MarketPolicy,
) -> Result<MarketCode, Failure> {
    let home = home_of(shop)?;
    let reached =
        home == market.code || shops::delivers_to(tx, shop.id, market.code.as_str()).await?;
    // Prices are in the shop's currency: it cannot sell where another one is paid with.
    if reached && shop.currency == market.currency.code() {
        return Ok(home);
    }
    let refusal = Refusal::new("other_market", "this shop does not deliver to that country");
    Err(refusal.fact("shop", &shop.name).fact("market", market.code).into())
}

fn promotion(row: &PromotionRow) -> Promotion {
    Promotion {
        id: row.id,
        // Written by our own acts; a word nobody knows would be the shop's.
        funded_by: FundedBy::parse(&row.funded_by).unwrap_or(FundedBy::Shop),
        house_bp: row.house_bp,
        percent_bp: row.percent_bp,
        minimum_minor: row.minimum_minor,
        maximum_minor: row.maximum_minor,
    }
}

async fn lines_for_sale(tx: &mut Tx, part: &ShopPart<'_>) -> Result<Vec<QuotedLine>, Failure> {
    let ids: Vec<SkuId> = part.lines.iter().map(|line| line.sku).collect();
    let mut found: BTreeMap<SkuId, SkuForSale> = catalog::load_for_sale(tx, part.shop, &ids)
        .await?
        .into_iter()
        .map(|sku| (sku.sku, sku))
        .collect();
    let mut lines = Vec::with_capacity(part.lines.len());
    for line in part.lines {
        match found.remove(&line.sku) {
            Some(sku) if sku.for_sale => lines.push(QuotedLine { sku, quantity: line.quantity }),
            Some(_) | None => {
                let refusal = Refusal::new("not_for_sale", "this is not for sale any more");
                return Err(refusal.fact("sku", line.sku).into());
            }
        }
    }
    Ok(lines)
}

/// Country and postcode of the warehouse where the first line lies; the shop's own country where nobody has written it.
async fn sent_from(
    tx: &mut Tx,
    home: MarketCode,
    shop: ShopId,
    lines: &[QuotedLine],
) -> Result<(MarketCode, String), Failure> {
    let Some(line) = lines.first() else { return Ok((home, String::new())) };
    match shops::load_warehouse(tx, shop, line.sku.warehouse).await? {
        Some(warehouse) => MarketCode::parse(&warehouse.country)
            .map(|country| (country, warehouse.postcode))
            .map_err(|error| Failure::Broken(error.to_string())),
        None => Ok((home, String::new())),
    }
}

fn home_of(shop: &Shop) -> Result<MarketCode, Failure> {
    MarketCode::parse(&shop.market).map_err(|error| Failure::Broken(error.to_string()))
}

fn parcel_facts(
    (from, to, distance_km): (MarketCode, MarketCode, Option<i64>),
    lines: &[QuotedLine],
    goods: &OrderPrice,
    handed_over_at: Timestamp,
) -> ParcelFacts {
    let mut nature = Nature::default();
    let mut weight_grams = 0_i64;
    let mut size = Size::default();
    for line in lines {
        nature = nature.together(line.sku.nature);
        weight_grams =
            weight_grams.saturating_add(line.sku.weight_grams.saturating_mul(line.quantity));
        size = size.together(Size::of(line.sku.sides_mm, line.quantity));
    }
    let goods_minor = goods.goods_minor - goods.shop_discount_minor;
    ParcelFacts { from, to, weight_grams, size, goods_minor, nature, distance_km, handed_over_at }
}

fn chosen_offer(ranking: &Ranking, chosen: Option<&str>) -> Result<Offer, Failure> {
    let offer = match chosen {
        Some(code) => ranking.offers.iter().find(|offer| offer.service == code),
        None => ranking.offers.first(),
    };
    if let Some(offer) = offer {
        return Ok(offer.clone());
    }
    let says = match chosen {
        Some(code) => format!("the service {code} does not take this parcel"),
        None => "no service takes this parcel".to_owned(),
    };
    Err(Refusal::new("cannot_be_shipped", says).into())
}
