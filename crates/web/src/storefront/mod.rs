//! The storefront: what anybody can look at, the basket, checkout and payment.
//!
//! Every page works without scripts: choices are links or plain forms, and every form answers with See Other.

mod basket;
mod basket_page;
pub(crate) mod cards;
mod checkout;
pub(crate) mod checkout_page;
mod home;
mod listing;
mod lists;
pub(crate) mod payment;
pub mod pictures;
mod product;
mod product_about;
pub(crate) mod product_page;
pub(crate) mod shopper;
pub(crate) mod typed;
pub(crate) mod visitor_basket;

use actions::Market;
use axum::Router;
use axum::routing::{get, post};

pub fn routes() -> Router<Market> {
    Router::new()
        .merge(crate::illustrations::routes())
        .route("/", get(home::show))
        .route("/new", get(lists::newest))
        .route("/categories/{code}", get(lists::category))
        .route("/search", get(lists::search))
        .route("/shops/{shop}", get(lists::shop))
        .route("/shops/{shop}/products/{product}", get(product::show))
        .route("/listings/{product}/{number}", get(listing::show))
        .route("/pictures/{shop}/{id}", get(pictures::show))
        .route("/basket", get(basket::show))
        .route("/basket/lines", post(basket::add))
        .route("/basket/lines/{shop}/{sku}", post(basket::set))
        .route("/checkout", get(checkout::show).post(checkout::place))
        .route("/payments/{id}", get(payment::show).post(payment::try_to_pay))
}
