//! Many orders by their numbers or the numbers of their parcels: the found ones, and which were not found.

use std::collections::BTreeSet;

use rules::ids::{OrderId, ShopId};
use rules::orders::searches::{self, Number, Search, TooManyNumbers};
use store::Tx;
use store::lists::orders;

use crate::failure::{Failure, Refusal};
use crate::market::Market;

/// What a search text means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Searched {
    Nothing,
    Name(String),
    Numbers(Found),
}

/// The orders behind pasted numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Each once, with its shop.
    pub orders: Vec<(OrderId, ShopId)>,
    /// As they were typed.
    pub missing: Vec<String>,
}

impl From<TooManyNumbers> for Failure {
    fn from(too_many: TooManyNumbers) -> Self {
        let refusal = Refusal::new("too_many_numbers", too_many.to_string());
        refusal.fact("count", too_many.count).fact("most", searches::MOST).into()
    }
}

/// Reads a search text and looks the numbers up: in one shop, or for the house in all.
///
/// # Errors
/// More than a hundred numbers are refused.
pub async fn search(
    market: &Market,
    shop: Option<ShopId>,
    text: &str,
) -> Result<Searched, Failure> {
    let numbers = match searches::read(text)? {
        Search::Nothing => return Ok(Searched::Nothing),
        Search::Name(name) => return Ok(Searched::Name(name)),
        Search::Numbers(numbers) => numbers,
    };
    let known = market
        .store
        .read(async move |tx: &mut Tx| {
            let ids: Vec<OrderId> = numbers.iter().filter_map(|number| number.order).collect();
            let printed: Vec<&str> =
                numbers.iter().map(|number| number.tracking.as_str()).collect();
            let by_id = orders::existing(tx, shop, &ids).await?;
            let by_number = orders::under_numbers(tx, shop, &printed).await?;
            Ok::<_, Failure>(matched(&numbers, &by_id, &by_number))
        })
        .await?;
    Ok(Searched::Numbers(known))
}

fn matched(
    numbers: &[Number],
    by_id: &[(OrderId, ShopId)],
    by_number: &[(String, OrderId, ShopId)],
) -> Found {
    let (mut found, mut seen) = (Found::default(), BTreeSet::new());
    for number in numbers {
        let as_order = by_id.iter().filter(|(id, _)| number.order == Some(*id)).copied();
        let as_parcel = by_number
            .iter()
            .filter(|(printed, _, _)| *printed == number.tracking)
            .map(|(_, order, shop)| (*order, *shop));
        let orders: Vec<(OrderId, ShopId)> = as_order.chain(as_parcel).collect();
        if orders.is_empty() {
            found.missing.push(number.text.clone());
        }
        found.orders.extend(orders.into_iter().filter(|(order, _)| seen.insert(*order)));
    }
    found
}
