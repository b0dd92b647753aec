//! Where a shop delivers beside its own market.

use rules::ids::ShopId;
use rules::policy::MarketCode;
use serde_json::json;
use store::{Tx, shops};

use super::{Happened, load_shop, note};
use crate::failure::{Failure, FieldFault};
use crate::market::{Actor, Market};

/// The markets a shop could deliver to beside its own: those which are open and trade in its currency.
pub fn reachable(market: &Market, own: &str, currency: &str) -> Vec<MarketCode> {
    let (_, policies) = market.policies();
    policies
        .markets()
        .filter(|one| one.open_for_buyers && one.currency.code() == currency)
        .map(|one| one.code)
        .filter(|code| code.as_str() != own)
        .collect()
}

/// The markets which a shop delivers to beside its own.
pub async fn read_deliveries(market: &Market, shop: ShopId) -> Result<Vec<String>, Failure> {
    let read = async move |tx: &mut Tx| -> Result<Vec<String>, Failure> {
        Ok(shops::list_deliveries(tx, shop).await?)
    };
    market.store.read(read).await
}

/// Makes these the markets which a shop delivers to beside its own. Orders which were placed are not touched.
///
/// # Errors
/// A fault where a market is not open for buyers or trades in another currency.
pub async fn set_deliveries(
    market: &Market,
    actor: Actor,
    shop: ShopId,
    markets: Vec<String>,
) -> Result<(), Failure> {
    let (now, event) = (market.now(), market.id());
    let (_, policies) = market.policies();
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            let found = load_shop(tx, shop).await?;
            let mut wanted: Vec<String> =
                markets.iter().filter(|code| **code != found.market).cloned().collect();
            wanted.sort_unstable();
            wanted.dedup();
            for code in &wanted {
                let place = MarketCode::parse(code).ok().and_then(|code| policies.market(code));
                let place = place.filter(|place| place.open_for_buyers);
                let Some(place) = place else {
                    let says = format!("nobody buys in {code}");
                    return Err(fault("unknown_market", says));
                };
                if place.currency.code() != found.currency {
                    let says = format!(
                        "{code} pays in {}, the shop's prices are in {}",
                        place.currency, found.currency
                    );
                    return Err(fault("other_currency", says));
                }
            }
            let before = shops::list_deliveries(tx, shop).await?;
            if before == wanted {
                return Ok(());
            }
            shops::put_deliveries(tx, shop, &wanted, now).await?;
            let body = json!({ "from": before, "to": wanted });
            let (subject, subject_id) = ("shop", shop.number());
            let kind = "deliveries_changed";
            note(tx, Happened { id: event, shop, subject, subject_id, kind, actor, body, now })
                .await
        })
        .await
}

fn fault(code: &'static str, says: String) -> Failure {
    Failure::Invalid(vec![FieldFault::new("markets", code, says)])
}
