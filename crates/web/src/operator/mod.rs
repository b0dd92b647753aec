//! The operator's console: what waits, the shops, the orders, the ledger, the policy, and the house's own workings.
//!
//! Pages read and show; what is allowed and what happens is decided by the acts they call.

mod accounts;
mod after_sales;
mod carriers;
mod clock;
mod database;
mod difference;
mod due_work;
mod events;
mod figures;
mod home;
mod invariants;
mod jobs;
mod keys;
mod ledger;
mod list_files;
mod new_shop;
mod order;
mod order_cancel;
mod order_care;
mod order_money;
mod orders;
mod payout;
mod payouts;
mod people;
mod policy;
mod policy_diff;
mod policy_draft;
mod promotions;
mod reconciliation;
mod say;
mod shop;
mod shops;
mod system_files;
mod transfers;

use actions::requests::RequestKey;
use actions::{Failure, Market};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::Markup;
use rules::people::Permission;

use crate::problem::Problem;
use crate::ui::flash::{ProblemPage, problem_page};
use crate::ui::layout::operator_page;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

/// Rows on a page of a list.
const PAGE: i64 = 50;

/// Every page of the console. Posts answer with a way back to a page.
pub fn routes() -> Router<Market> {
    Router::new()
        .route("/operator", get(home::show))
        .route("/operator/shops", get(shops::show).post(new_shop::open))
        .route("/operator/shops/new", get(new_shop::show))
        .route("/operator/shops/promotions", get(promotions::show).post(promotions::propose))
        .route("/operator/shops/{shop}", get(shop::show))
        .route("/operator/shops/{shop}/tier", post(shop::change_tier))
        .route("/operator/cases.csv", get(after_sales::list_file))
        .route("/operator/cases", get(after_sales::list))
        .route("/operator/cases/{shop}/{case}", get(after_sales::show))
        .route("/operator/cases/{shop}/{case}/{act}", post(after_sales::act_on))
        .route("/operator/orders", get(orders::show))
        .merge(file_routes())
        .route("/operator/orders/{order}", get(order::show))
        .route("/operator/orders/{order}/money", get(order_money::show))
        .route("/operator/orders/{order}/cancel", get(order_cancel::ask).post(order_cancel::cancel))
        .route("/operator/ledger", get(ledger::show))
        .route("/operator/ledger/check", get(invariants::show).post(invariants::run))
        .route("/operator/ledger/accounts/{account}", get(accounts::homes))
        .route("/operator/ledger/accounts/{account}/{home}", get(accounts::transfers))
        .route("/operator/ledger/transfers/{home}/{transfer}", get(accounts::transfer))
        .merge(money_routes())
        .route("/operator/figures", get(figures::show))
        .route("/operator/figures.csv", get(figures::file))
        .route("/operator/figures/{shop}", get(figures::shop))
        .route("/operator/figures/{shop}/days.csv", get(figures::shop_file))
        .route("/operator/figures/{shop}/{figure}", get(figures::behind))
        .route("/operator/policy", get(policy::show))
        .route("/operator/policy/versions/{number}", get(policy::version))
        .route("/operator/policy/diff", get(policy_diff::show))
        .route("/operator/policy/draft", get(policy_draft::show).post(policy_draft::check))
        .route("/operator/policy/publish", post(policy_draft::publish))
        .route("/operator/system", get(due_work::show))
        .route("/operator/system/jobs", get(jobs::show))
        .route("/operator/system/jobs/{home}/{job}/retry", post(jobs::retry))
        .route("/operator/system/events", get(events::show))
        .route("/operator/system/clock", get(clock::show).post(clock::move_forward))
        .route("/operator/system/people", get(people::show).post(people::add))
        .route("/operator/system/people/remove", post(people::remove))
        .route("/operator/system/keys", get(keys::show).post(keys::create))
        .route("/operator/system/keys/revoke", post(keys::revoke))
        .route("/operator/system/carriers", get(carriers::show).post(carriers::roll))
        .route("/operator/system/carriers/end", post(carriers::end))
        .route("/operator/system/database", get(database::show))
}

/// The lists as files.
fn file_routes() -> Router<Market> {
    Router::new()
        .route("/operator/orders.csv", get(list_files::orders))
        .route("/operator/shops.csv", get(list_files::shops))
        .route("/operator/payouts.csv", get(list_files::payouts))
        .route("/operator/ledger/transfers.csv", get(list_files::transfers))
        .route("/operator/ledger/homes/{account}", get(list_files::homes_of_account))
        .route("/operator/ledger/homes/{account}/{home}", get(list_files::account_of_home))
        .route("/operator/reconciliation.csv", get(list_files::differences))
        .route("/operator/system/events.csv", get(list_files::events))
        .route("/operator/system/jobs.csv", get(system_files::jobs))
        .route("/operator/system/people.csv", get(system_files::people))
        .route("/operator/system/keys.csv", get(system_files::keys))
        .route("/operator/policy.csv", get(system_files::policies))
}

fn money_routes() -> Router<Market> {
    let upload = DefaultBodyLimit::max(reconciliation::LARGEST);
    Router::new()
        .route("/operator/ledger/transfers", get(transfers::show))
        .route("/operator/payouts", get(payouts::show))
        .route("/operator/payouts/files", post(payouts::make_file))
        .route("/operator/payouts/files/{file}/pain.001.xml", get(payouts::file))
        .route("/operator/payouts/{shop}/{payout}", get(payout::show))
        .route("/operator/payouts/{shop}/{payout}/answer", post(payout::answer_of_bank))
        .route("/operator/payouts/{shop}/{payout}/again", post(payout::look_again))
        .route(
            "/operator/reconciliation",
            get(reconciliation::show).post(reconciliation::take_in).layer(upload),
        )
        .route("/operator/reconciliation/sandbox", post(reconciliation::take_in_sandbox))
        .route("/operator/reconciliation/sandbox.csv", get(reconciliation::sandbox_file))
        .route("/operator/reconciliation/reports/{report}", get(reconciliation::report))
        .route("/operator/reconciliation/{home}/{difference}", get(difference::show))
        .route("/operator/reconciliation/{home}/{difference}/propose", post(difference::propose))
        .route("/operator/reconciliation/{home}/{difference}/agree", post(difference::agree))
        .route(
            "/operator/reconciliation/{home}/{difference}/send-back",
            post(difference::send_back),
        )
}

/// Runs a page's work and tells a failure inside the console, where the reader can go on from.
async fn answer(visit: &Visit, work: impl Future<Output = Result<Response, Failure>>) -> Response {
    match work.await {
        Ok(response) => response,
        // Who is not signed in, or not of the house, is not shown the console around it.
        Err(failure @ (Failure::NotSignedIn | Failure::NotAllowed)) => visit.problem(failure),
        Err(failure) => stopped(visit, failure),
    }
}

fn stopped(visit: &Visit, failure: Failure) -> Response {
    let words = visit.reader.words;
    let problem = Problem::from(failure);
    let why: Vec<String> = problem.fields.iter().map(|fault| fault.sentence.clone()).collect();
    let shown = ProblemPage {
        status: problem.status.as_u16(),
        title: problem.words(words),
        why: why.join(" "),
        code: problem.code.to_owned(),
        next: Some((
            Place::OperatorHome.href().to_owned(),
            words.t(Msg::ProblemToHome).into_owned(),
        )),
        ..ProblemPage::default()
    };
    let head = visit.head(problem.words(words), Place::Nowhere);
    (problem.status, operator_page(&head, problem_page(words, &shown))).into_response()
}

/// The door of every page and post: signed in, of the house, and with the permission. That a form is our own is seen to
/// before any route (`form_guard`).
fn admit(visit: &Visit, permission: Permission) -> Result<(), Failure> {
    visit.caller()?.for_house(permission)
}

/// Whether the caller holds a permission of the house: for showing or hiding what an act would refuse.
fn may(visit: &Visit, permission: Permission) -> bool {
    admit(visit, permission).is_ok()
}

/// A page inside the console.
fn page(visit: &Visit, title: &str, place: Place, body: Markup) -> Result<Response, Failure> {
    Ok(operator_page(&visit.head(title, place), body).into_response())
}

/// As [`page`], for a form which came back with something to put right.
fn page_again(visit: &Visit, title: &str, place: Place, body: Markup) -> Result<Response, Failure> {
    let head = visit.head(title, place);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, operator_page(&head, body)).into_response())
}

/// 303 to a page, which says `said-<word>` on top.
fn go(path: &str, word: &str) -> Response {
    let mark = if path.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{path}{mark}said={word}")).into_response()
}

/// The key of a form's hidden field, so that a second click answers with the first one's answer.
fn request(
    visit: &Visit,
    key: &str,
    what: &str,
    body: &str,
) -> Result<Option<RequestKey>, Failure> {
    let person = visit.caller()?.person;
    let key = key.trim();
    Ok((!key.is_empty()).then(|| RequestKey::new(person, key, what, body.as_bytes())))
}

/// A new key for a form.
fn form_key(market: &Market) -> String {
    market.id::<()>().to_string()
}

/// The name of a home, or its number where it has none.
fn name_of(names: &[(i64, String)], home: i64) -> String {
    let known = names.iter().find(|(id, _)| *id == home);
    known.map_or_else(|| home.to_string(), |(_, name)| name.clone())
}
