//! What goods would cost and when they would come, before anybody has typed an address.
//!
//! Asks the very function which checkout asks, for somewhere in the buyer's market where the shop delivers there, else in
//! the shop's own: what a product page and a basket promise is what checkout will say. Only a region's own tax can differ.

use rules::checkout::address::Address;
use rules::ids::HOUSE;
use rules::policy::{MarketCode, Policies};
use rules::time::Timestamp;
use store::promotions::PromotionRow;
use store::{Tx, promotions, shops};

use crate::checkout::{LineWanted, ShopPart, ShopQuote, shop_quote};
use crate::failure::{Failure, Refusal};
use crate::market::Market;

/// `buyers` is the market the reader has chosen. One answer for each group of lines; all lines of a group are of one shop. A group which cannot be sold or sent
/// is a refusal of its own and does not spoil the others.
pub async fn estimate(
    market: &Market,
    buyers: MarketCode,
    groups: Vec<Vec<LineWanted>>,
) -> Result<Vec<Result<ShopQuote, Refusal>>, Failure> {
    let (_, policies) = market.policies();
    let now = market.now();
    market
        .store
        .read(async move |tx: &mut Tx| {
            let house = promotions::running(tx, HOUSE, now).await?;
            let mut answers = Vec::with_capacity(groups.len());
            for lines in &groups {
                answers.push(match one(tx, &policies, buyers, lines, &house, now).await {
                    Ok(quote) => Ok(quote),
                    Err(Failure::Refused(refusal)) => Err(refusal),
                    Err(failure) => return Err(failure),
                });
            }
            Ok(answers)
        })
        .await
}

async fn one(
    tx: &mut Tx,
    policies: &Policies,
    buyers: MarketCode,
    lines: &[LineWanted],
    house: &[PromotionRow],
    now: Timestamp,
) -> Result<ShopQuote, Failure> {
    let nothing = || Refusal::new("nothing_to_order", "there is nothing to price");
    let shop = lines.first().ok_or_else(nothing)?.shop;
    let row = shops::load(tx, shop).await?.ok_or(Failure::NotFound)?;
    let home =
        MarketCode::parse(&row.market).map_err(|error| Failure::Broken(error.to_string()))?;
    let reached = buyers != home && shops::delivers_to(tx, shop, buyers.as_str()).await?;
    let code = if reached { buyers } else { home };
    let market = policies.market(code).ok_or_else(|| {
        Failure::Broken(format!("shop {shop} is in market {code}, which is none"))
    })?;
    let address = somewhere_in(code);
    let part = ShopPart { shop, lines, address: &address, chosen: None, house };
    shop_quote(tx, policies, market, &part, now).await
}

fn somewhere_in(country: MarketCode) -> Address {
    let empty = String::new;
    Address {
        name: empty(),
        phone: empty(),
        line1: empty(),
        line2: empty(),
        city: empty(),
        region: empty(),
        postcode: empty(),
        country,
    }
}
