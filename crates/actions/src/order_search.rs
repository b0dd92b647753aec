//! Many orders by their numbers or the numbers of their parcels: the found ones, and which were not found.

use std::collections::BTreeSet;

use rules::ids::{OrderId, ShopId};
use rules::orders::searches::{self, Number, Search, TooManyNumbers};
use store::Tx;
use store::lists::{books, orders};
use store::orders::OrderRow;

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
    let ids: Vec<OrderId> = numbers.iter().filter_map(|number| number.order).collect();
    let printed: Vec<String> = numbers.iter().map(|number| number.tracking.clone()).collect();
    let (by_id, by_number) = look_up(market, shop, ids, printed).await?;
    Ok(Searched::Numbers(matched(&numbers, &by_id, &by_number)))
}

/// The found orders themselves, with the names of their shops, in the order in which their numbers were typed.
pub async fn show(
    market: &Market,
    found: &Found,
) -> Result<(Vec<OrderRow>, Vec<(i64, String)>), Failure> {
    let wanted = found.orders.clone();
    market
        .store
        .read(async move |tx: &mut Tx| {
            let mut rows = Vec::with_capacity(wanted.len());
            for (order, shop) in &wanted {
                rows.extend(store::orders::show(tx, *shop, *order).await?);
            }
            let homes: Vec<i64> = wanted.iter().map(|(_, shop)| shop.number()).collect();
            Ok::<_, Failure>((rows, books::names_of_homes(tx, &homes).await?))
        })
        .await
}

type ByNumber = Vec<(String, OrderId, ShopId)>;

async fn look_up(
    market: &Market,
    shop: Option<ShopId>,
    ids: Vec<OrderId>,
    printed: Vec<String>,
) -> Result<(Vec<(OrderId, ShopId)>, ByNumber), Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let by_id = orders::existing(tx, shop, &ids).await?;
            Ok::<_, Failure>((by_id, orders::under_numbers(tx, shop, &printed).await?))
        })
        .await
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
