//! What a shop's staff look at and do at once for many orders: the home queue, the file of one order, bulk acts.

mod bulk;
mod home;
mod list;
mod money;
mod order_file;
mod sheets;
mod shelf;

pub use bulk::{BulkAsk, confirm_many, pack_and_ship_many, pack_many};
pub use home::{Home, LOW_STOCK, home};
pub use list::{OrdersPage, SOON, orders_page, parcels_page, requests_page, shortages_page};
pub use money::{MoneyPage, money_page};
pub use order_file::{OrderFile, Packed, Proceeds, order_file};
pub(crate) use order_file::{facts_of, person_of, weigh};
pub use sheets::{BulkAct, Outcome, Worked, work_off};
pub use shelf::{ShelfPage, shelf_page, sku_stock, stock_page};

use std::collections::BTreeMap;

use rules::after_sales::CaseStateName;
use rules::ids::{PersonId, ShopId};
use rules::orders::OrderStateName;
use store::Tx;
use store::after_sales;
use store::lists::{orders, seller};
use store::shops::{self, Shop, Warehouse};

use crate::failure::Failure;
use crate::market::Market;

/// What waits for a shop; each state is counted up to one more than `MOST_COUNTED`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShopWaiting {
    /// Orders to confirm or to ship.
    pub orders: i64,
    /// After-sales cases to answer, returns to look at, evidence to hand in.
    pub cases: i64,
}

/// The shop itself, and what waits for it; not found when there is none.
pub async fn shop(market: &Market, shop: ShopId) -> Result<(Shop, ShopWaiting), Failure> {
    use CaseStateName::{GatheringEvidence, Inspecting, Requested};
    use OrderStateName::{AwaitingConfirmation, AwaitingShipment};
    market
        .store
        .read(async move |tx: &mut Tx| {
            let found = shops::load(tx, shop).await?.ok_or(Failure::NotFound)?;
            let mut waiting = ShopWaiting::default();
            for state in [AwaitingConfirmation, AwaitingShipment] {
                waiting.orders += orders::count(tx, shop, state, None).await?;
            }
            for state in [Requested, Inspecting, GatheringEvidence] {
                waiting.cases += after_sales::count_in_state(tx, shop, state).await?;
            }
            Ok::<_, Failure>((found, waiting))
        })
        .await
}

/// How these people are called.
pub async fn names(
    market: &Market,
    people: Vec<PersonId>,
) -> Result<BTreeMap<PersonId, String>, Failure> {
    let read = async move |tx: &mut Tx| -> Result<Vec<(PersonId, String)>, Failure> {
        Ok(seller::names_of(tx, people.iter().copied()).await?)
    };
    Ok(market.store.read(read).await?.into_iter().collect())
}

/// Where the shop's goods lie, the first warehouse first.
pub async fn warehouses(market: &Market, shop: ShopId) -> Result<Vec<Warehouse>, Failure> {
    let read = async move |tx: &mut Tx| -> Result<Vec<Warehouse>, Failure> {
        Ok(shops::list_warehouses(tx, shop).await?)
    };
    market.store.read(read).await
}
