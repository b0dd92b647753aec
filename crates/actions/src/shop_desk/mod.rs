//! What a shop's staff look at and do at once for many orders: the home queue, the file of one order, bulk acts.

mod bulk;
mod home;
mod list;
mod money;
mod order_file;

pub use bulk::{BulkAsk, confirm_many, pack_and_ship_many};
pub use home::{Home, LOW_STOCK, home};
pub use list::{OrdersPage, SOON, orders_page};
pub use money::{MoneyPage, money_page};
pub use order_file::{OrderFile, Proceeds, order_file};

use rules::ids::ShopId;
use store::Tx;
use store::shops::{self, Shop};

use crate::failure::Failure;
use crate::market::Market;

/// The shop itself; not found when there is none.
pub async fn shop(market: &Market, shop: ShopId) -> Result<Shop, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| shops::load(tx, shop).await?.ok_or(Failure::NotFound))
        .await
}
