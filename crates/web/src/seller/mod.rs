//! The seller centre: what a shop's people see and do. All of it stands under `/seller/{shop}`.
//!
//! One file a page. Every page begins with `Desk::open`, which asks whether the caller may look at this shop;
//! a shop which is not theirs is not found.

mod desk;
mod home;
mod money;
mod money_rows;
mod notes;
mod order;
mod order_acts;
mod order_cancel;
mod order_money;
mod order_side;
mod orders;
mod orders_bulk;
mod orders_csv;
mod pictures;
mod start;
mod things;

use actions::Market;
use axum::Router;
use axum::routing::{get, post};

/// All addresses of the seller centre.
pub fn routes() -> Router<Market> {
    Router::new()
        .route("/seller", get(start::page))
        .route("/seller/{shop}", get(home::page))
        .route("/seller/{shop}/orders", get(orders::page))
        .route("/seller/{shop}/orders.csv", get(orders_csv::file))
        .route("/seller/{shop}/orders/confirm", post(orders_bulk::confirm))
        .route("/seller/{shop}/orders/ship", post(orders_bulk::ship))
        .route("/seller/{shop}/orders/{order}", get(order::page))
        .route("/seller/{shop}/orders/{order}/confirm", post(order_acts::confirm))
        .route("/seller/{shop}/orders/{order}/pack", post(order_acts::pack))
        .route("/seller/{shop}/orders/{order}/ship", post(order_acts::ship))
        .route(
            "/seller/{shop}/orders/{order}/cancel",
            get(order_cancel::page).post(order_cancel::cancel),
        )
        .route("/seller/{shop}/money", get(money::page))
}
