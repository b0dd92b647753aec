//! The look at the end of the free hour: what `checks::look` finds, of goods which nobody has changed since.

use rules::orders::flags::{CheckFacts, Flag, LineFacts, OfferedFacts, check};
use rules::time::Timestamp;
use store::orders::NewOrder;

use super::buyers::Buyer;
use super::goods::ShopGoods;

/// What stands against shipping the order without a look.
pub(super) fn look(
    shop: &ShopGoods,
    placed: &NewOrder,
    buyer: &Buyer,
    declined_tries: i64,
    now: Timestamp,
) -> Vec<Flag> {
    let lines = placed.lines.iter().zip(&placed.price.lines);
    let facts = CheckFacts {
        lines: lines
            .map(|(line, price)| {
                let says = format!("{}\n{}\n{}", line.title_en, line.title_zh, line.options);
                LineFacts {
                    sku: line.sku,
                    quantity: price.quantity,
                    missing: 0,
                    unit_minor: price.unit_minor,
                    listing_version: line.listing_version,
                    ordered: says.clone(),
                    offered: Some(OfferedFacts {
                        unit_minor: price.unit_minor,
                        listing_version: line.listing_version,
                        says,
                    }),
                }
            })
            .collect(),
        total_minor: placed.price.total_minor,
        address_faults: Vec::new(),
        country: buyer.market.to_string(),
        postcode: buyer.address.postcode.clone(),
        usual_country: Some(buyer.market.to_string()),
        declined_tries,
        buyer_since: buyer.since,
        now,
    };
    check(&facts, &shop.check)
}
