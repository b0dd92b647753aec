//! A buyer's account: orders, notices, addresses, sessions; and how people come in and go out.

mod addresses;
mod cases;
mod entry;
mod help;
mod links;
mod notices;
mod order;
mod order_address;
mod order_care;
mod order_page;
mod orders;
mod profile;
mod sessions;
mod timeline;

use actions::Market;
use axum::Router;
use axum::routing::{get, post};

pub fn routes() -> Router<Market> {
    Router::new()
        .route("/sign-in", get(entry::show_sign_in).post(entry::sign_in))
        .route("/sign-up", get(entry::show_sign_up).post(entry::sign_up))
        .route("/sign-out", post(entry::sign_out))
        .route("/sign-in/link/{secret}", get(links::use_link))
        .route("/set-up/{secret}", get(links::show_set_up).post(links::set_up))
        .route("/orders", get(orders::show))
        .route("/orders/{order}", get(order::show))
        .route("/orders/{order}/cancel", get(order::ask_cancel).post(order::cancel))
        .route("/orders/{order}/cancel-request", get(order_care::ask_page).post(order_care::ask))
        .route("/orders/{order}/cancel-request/withdraw", post(order_care::take_back))
        .route("/orders/{order}/shortages/{shortage}", post(order_care::choose))
        .route("/orders/{order}/messages", post(order_care::write))
        .route("/orders/{order}/address", get(order_address::show).post(order_address::correct))
        .route("/orders/{order}/address/{message}", post(order_care::answer_address))
        .route("/orders/{order}/receipt", get(order::ask_receipt).post(order::confirm_receipt))
        .route("/orders/{order}/help", get(help::show).post(help::ask))
        .route("/cases", get(cases::list))
        .route("/cases/{case}", get(cases::show))
        .route("/cases/{case}/{act}", post(cases::act))
        .route("/notices", get(notices::show))
        .route("/notices/read", post(notices::read))
        .route("/account", get(profile::show))
        .route("/account/profile", post(profile::change))
        .route("/account/password", post(profile::change_password))
        .route("/account/addresses", get(addresses::show).post(addresses::add))
        .route("/account/addresses/{id}", get(addresses::show_one).post(addresses::edit))
        .route("/account/addresses/{id}/default", post(addresses::choose_default))
        .route("/account/addresses/{id}/remove", post(addresses::remove))
        .route("/account/sessions", get(sessions::show))
        .route("/account/sessions/end", post(sessions::end))
        .route("/account/sessions/end-others", post(sessions::end_others))
}
