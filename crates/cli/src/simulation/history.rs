//! The history of a run as one number: two runs of one seed must agree in it.

use std::fmt::Debug;

use actions::{Failure, Market, books};
use sha2::{Digest, Sha256};
use store::{Tx, events, lists};

use super::invariants::MOST_ROWS;
use crate::life::LifeShop;

/// SHA-256 of all orders, events and transfers in the order of their ids, ids included, in hexadecimal.
pub(super) async fn of(market: &Market, shops: &[LifeShop]) -> anyhow::Result<String> {
    let read = async move |tx: &mut Tx| {
        let orders = lists::orders::of_house(tx, None, None, i64::MAX, MOST_ROWS).await?;
        Ok::<_, Failure>((orders, events::newest(tx, i64::MAX, MOST_ROWS).await?))
    };
    let (orders, events) = market.store.read(read).await?;
    let mut hasher = Sha256::new();
    // Newest first, as the lists give them.
    take(&mut hasher, &orders);
    take(&mut hasher, &events);
    for shop in shops {
        let home = shop.id.number();
        take(&mut hasher, &books::account(market, home, None, i64::MAX, MOST_ROWS).await?);
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn take<T: Debug>(hasher: &mut Sha256, rows: &[T]) {
    for row in rows {
        hasher.update(format!("{row:?}\n"));
    }
}
