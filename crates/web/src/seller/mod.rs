//! The seller centre: what a shop's people see and do. All of it stands under `/seller/{shop}`.
//!
//! One file a page. Every page begins with `Desk::open`, which asks whether the caller may look at this shop;
//! a shop which is not theirs is not found.

mod after_sales;
mod cases;
mod desk;
mod fees;
mod figures;
mod home;
mod import;
mod list_files;
mod money;
mod money_rows;
mod notes;
mod order;
mod order_acts;
mod order_back;
mod order_cancel;
mod order_care;
mod order_care_acts;
mod order_money;
mod order_notes;
mod order_side;
mod order_tracking;
mod order_views;
mod orders;
mod orders_bulk;
mod orders_csv;
mod packing;
mod packing_acts;
mod packing_papers;
mod packing_slips;
mod packing_table;
mod packing_words;
mod parcels;
mod payout;
mod payouts;
mod product;
mod product_ask;
mod product_draft;
mod product_pictures;
mod product_save;
mod product_skus;
mod product_upload;
mod products;
mod promotions;
mod proposals;
mod settings;
mod settings_deliveries;
mod settings_keys;
mod settings_staff;
mod sheets;
mod start;
mod statement_paper;
mod statements;
mod stock;
mod stock_sides;
mod stock_sku;
mod things;
mod versions;

pub(crate) use after_sales::{
    CASE_HEAD, case_line, cells as case_cells, columns as case_columns, our_facts as case_facts,
};
pub(crate) use list_files::payout_line;
pub(crate) use promotions::percent_bp;
pub(crate) use sheets::needed as needed_for_sheet;

use actions::Market;
use actions::pictures::LARGEST_FILE;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

/// All addresses of the seller centre.
pub fn routes() -> Router<Market> {
    Router::new()
        .route("/seller", get(start::page))
        .route("/seller/{shop}", get(home::page))
        .route("/seller/{shop}/money", get(money::page))
        .route("/seller/{shop}/money/fees", get(fees::page))
        .route("/seller/{shop}/figures", get(figures::page))
        .route("/seller/{shop}/figures.csv", get(figures::file))
        .route("/seller/{shop}/figures/{figure}", get(figures::behind))
        .merge(file_routes())
        .merge(money_routes())
        .merge(order_routes())
        .merge(product_routes())
        .merge(settings_routes())
}

/// The lists as files, each beside the address of its page.
fn file_routes() -> Router<Market> {
    Router::new()
        .route("/seller/{shop}/orders.csv", get(orders_csv::file))
        .route("/seller/{shop}/parcels.csv", get(parcels::file))
        .route("/seller/{shop}/requests.csv", get(cases::requests_file))
        .route("/seller/{shop}/shortages.csv", get(cases::shortages_file))
        .route("/seller/{shop}/products.csv", get(list_files::products))
        .route("/seller/{shop}/stock.csv", get(list_files::stock))
        .route("/seller/{shop}/promotions.csv", get(list_files::promotions))
        .route("/seller/{shop}/money.csv", get(list_files::money))
        .route("/seller/{shop}/payouts.csv", get(list_files::payouts))
        .route("/seller/{shop}/statements.csv", get(list_files::statements))
}

fn money_routes() -> Router<Market> {
    Router::new()
        .route("/seller/{shop}/payouts", get(payouts::page).post(payouts::pay_out))
        .route("/seller/{shop}/payouts/account", post(payouts::register_account))
        .route("/seller/{shop}/payouts/account/withdraw", post(payouts::withdraw_account))
        .route("/seller/{shop}/payouts/{payout}", get(payout::page))
        .route("/seller/{shop}/statements", get(statements::list))
        .route("/seller/{shop}/statements/{statement}", get(statements::page))
        .route("/seller/{shop}/statements/{statement}/statement.csv", get(statements::csv))
        .route("/seller/{shop}/statements/{statement}/statement.pdf", get(statement_paper::pdf))
}

fn order_routes() -> Router<Market> {
    Router::new()
        .route("/seller/{shop}/orders", get(orders::page))
        .route("/seller/{shop}/parcels", get(parcels::page))
        .route("/seller/{shop}/cases.csv", get(after_sales::list_file))
        .route("/seller/{shop}/cases", get(after_sales::list))
        .route("/seller/{shop}/cases/{case}", get(after_sales::show))
        .route("/seller/{shop}/cases/{case}/{act}", post(after_sales::act))
        .route("/seller/{shop}/requests", get(cases::requests))
        .route("/seller/{shop}/shortages", get(cases::shortages))
        .route("/seller/{shop}/orders/confirm", post(orders_bulk::confirm))
        .route("/seller/{shop}/orders/pack", post(orders_bulk::pack))
        .route("/seller/{shop}/orders/ship", post(orders_bulk::ship))
        .route(
            "/seller/{shop}/orders/upload",
            get(sheets::page).post(sheets::take_in).layer(DefaultBodyLimit::max(sheets::LARGEST)),
        )
        .route("/seller/{shop}/orders/{order}", get(order::page))
        .route("/seller/{shop}/orders/{order}/confirm", post(order_acts::confirm))
        .route("/seller/{shop}/orders/{order}/pack", post(order_acts::pack))
        .route("/seller/{shop}/orders/{order}/ship", post(order_acts::ship))
        .merge(packing_routes())
        .route(
            "/seller/{shop}/orders/{order}/parcels/{parcel}/tracking",
            post(order_tracking::change),
        )
        .route(
            "/seller/{shop}/orders/{order}/cancel",
            get(order_cancel::page).post(order_cancel::cancel),
        )
        .route("/seller/{shop}/orders/{order}/refund", get(order_back::page).post(order_back::give))
        .route(
            "/seller/{shop}/orders/{order}/rest",
            get(order_back::rest_page).post(order_back::give_up_rest),
        )
        .route("/seller/{shop}/orders/{order}/flags/{flag}", post(order_care_acts::resolve))
        .route("/seller/{shop}/orders/{order}/notes", post(order_notes::write))
        .route("/seller/{shop}/orders/{order}/mark", post(order_notes::set))
        .route("/seller/{shop}/orders/{order}/price", post(order_care_acts::honour))
        .route("/seller/{shop}/orders/{order}/messages", post(order_care_acts::write))
        .route("/seller/{shop}/orders/{order}/address", post(order_care_acts::propose))
        .route("/seller/{shop}/orders/{order}/request/{id}", post(order_care_acts::answer))
        .route("/seller/{shop}/orders/{order}/shortages", post(order_care_acts::report))
        .route("/seller/{shop}/orders/{order}/shortages/{id}", post(order_care_acts::step))
        .route("/seller/{shop}/orders/{order}/lines/{line}", post(order_care_acts::take_off))
}

fn packing_routes() -> Router<Market> {
    let photo = DefaultBodyLimit::max(LARGEST_FILE + FORM_ROOM);
    Router::new()
        .route("/seller/{shop}/packing", get(packing::page).post(packing::find))
        .route("/seller/{shop}/packing/pick", get(packing_papers::pick_page))
        .route("/seller/{shop}/packing/pick.csv", get(packing_papers::pick_csv))
        .route("/seller/{shop}/packing/pick.pdf", get(packing_papers::pick_file))
        .route("/seller/{shop}/packing/slips.pdf", get(packing_papers::slip_file))
        .route("/seller/{shop}/packing/labels.pdf", get(packing_papers::label_file))
        .route("/seller/{shop}/packing/{order}", get(packing_table::page))
        .route("/seller/{shop}/packing/{order}/scan", post(packing_acts::scanned))
        .route("/seller/{shop}/packing/{order}/close", post(packing_acts::close))
        .route("/seller/{shop}/packing/{order}/empty", post(packing_acts::empty))
        .route("/seller/{shop}/packing/{order}/photo", post(packing_acts::photo).layer(photo))
        .route("/seller/{shop}/packing/{order}/combine", post(packing_acts::combine))
        .route("/seller/{shop}/packing/{order}/part", post(packing_acts::part))
        .route("/seller/{shop}/packing/{order}/label", post(packing_acts::label))
        .route("/seller/{shop}/orders/slips", post(packing_papers::slips_of_chosen))
        .route("/seller/{shop}/orders/labels", post(packing_papers::labels_of_chosen))
        .route("/seller/{shop}/orders/pick", post(packing_papers::pick_of_chosen))
        .route("/seller/{shop}/settings/packing", post(packing::set_mode))
        .route("/seller/{shop}/stock/{sku}/place", post(packing::set_place_of))
        .route("/seller/{shop}/stock/{sku}/serials", post(packing::take_serials))
}

fn product_routes() -> Router<Market> {
    let upload = |limit| DefaultBodyLimit::max(limit);
    Router::new()
        .route("/seller/{shop}/products", get(products::page))
        .route("/seller/{shop}/products/new", get(product::new).post(product_save::create))
        .route("/seller/{shop}/products/{product}", get(product::page).post(product_save::save))
        .route("/seller/{shop}/products/{product}/listed", post(products::listed))
        .route(
            "/seller/{shop}/products/{product}/pictures",
            post(product_upload::picture).layer(upload(LARGEST_FILE + FORM_ROOM)),
        )
        .route("/seller/{shop}/products/{product}/versions", get(versions::list))
        .route("/seller/{shop}/products/{product}/versions/{number}", get(versions::page))
        .route("/seller/{shop}/stock", get(stock::list))
        .route("/seller/{shop}/stock/{sku}", get(stock_sku::page))
        .route("/seller/{shop}/stock/{sku}/count", post(stock_sku::set_count))
        .route("/seller/{shop}/stock/{sku}/short", post(stock_sku::count_short))
        .route("/seller/{shop}/stock/{sku}/receive", post(stock_sku::receive))
        .route("/seller/{shop}/stock/{sku}/sides", post(stock_sides::set))
        .route("/seller/{shop}/promotions", get(promotions::page).post(promotions::create))
        .route("/seller/{shop}/promotions/{promotion}/end", post(promotions::end))
        .route("/seller/{shop}/promotions/{promotion}/answer", post(proposals::answer))
        .route(
            "/seller/{shop}/import",
            get(import::page).post(import::take_in).layer(upload(import::LARGEST)),
        )
}

fn settings_routes() -> Router<Market> {
    Router::new()
        .route("/seller/{shop}/settings", get(settings::page))
        .route("/seller/{shop}/settings/shop", post(settings::save_shop))
        .route("/seller/{shop}/settings/warehouses", post(settings::new_warehouse))
        .route("/seller/{shop}/settings/deliveries", post(settings_deliveries::save))
        .route("/seller/{shop}/settings/staff", post(settings_staff::add))
        .route("/seller/{shop}/settings/staff/remove", post(settings_staff::remove))
        .route("/seller/{shop}/settings/keys", post(settings_keys::make))
        .route("/seller/{shop}/settings/keys/revoke", post(settings_keys::revoke))
}

/// What a form has around its file, in bytes.
const FORM_ROOM: usize = 64 * 1024;
