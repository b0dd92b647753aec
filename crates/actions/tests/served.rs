//! Acts are served by threads which hand futures to each other: their futures must be `Send`.
//!
//! The compiler proves it where an act is first served; here it is proved beside the acts, so that the message is near.

use actions::catalog::{CreateProduct, EditProduct, create_product, edit_product};
use actions::deadlines::{SweepSettings, sweep};
use actions::import::{ImportOptions, import_products};
use actions::{Actor, Market};
use rules::ids::ShopId;

fn sent<T: Send>(future: T) -> T {
    future
}

async fn all(
    market: &Market,
    shop: ShopId,
    create: CreateProduct,
    edit: EditProduct,
    options: &ImportOptions,
) -> usize {
    let outcomes = [
        sent(create_product(market, Actor::Clock, shop, create)).await.is_ok(),
        sent(edit_product(market, Actor::Clock, shop, edit)).await.is_ok(),
        sent(import_products(market, Actor::Clock, shop, b"", options)).await.is_ok(),
        sent(sweep(market, SweepSettings::default())).await.is_ok(),
    ];
    outcomes.len()
}

#[test]
fn futures_of_acts_move_between_threads() {
    // Naming it is enough: it does not compile otherwise.
    let name = std::any::type_name_of_val(&all);
    assert!(name.ends_with("all"));
}
