//! One act for many orders: the good ones are done, the others are named with the reason.

use actions::shop_desk::{BulkAsk, confirm_many, pack_and_ship_many, pack_many};
use actions::{Failure, Market};
use axum::extract::{Form, Path, State};
use maud::{Markup, html};
use rules::ids::OrderId;
use rules::people::Permission;

use super::desk::{Desk, Page, Typed};
use crate::ui::badges::{Tone, badge};
use crate::ui::forms::{Look, link_button};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Row, page_title, table};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

/// As many orders as one page of the list can choose, with room.
const MOST: usize = 200;

type Answers = Vec<(OrderId, Result<(), Failure>)>;

pub(super) async fn confirm(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ConfirmOrders).await?;
    let ask = ask(&desk, &typed);
    let answers = confirm_many(&market, &ask).await;
    Ok(told(desk, &typed, &answers, Msg::SellerBulkConfirmed, Msg::SaidSellerOrdersConfirmed))
}

pub(super) async fn pack(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::PackOrders).await?;
    let ask = ask(&desk, &typed);
    let answers = pack_many(&market, &ask).await;
    Ok(told(desk, &typed, &answers, Msg::SellerBulkPacked, Msg::SaidSellerOrdersPacked))
}

pub(super) async fn ship(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ShipOrders).await?;
    desk.allow(Permission::PackOrders)?;
    let ask = ask(&desk, &typed);
    let answers = pack_and_ship_many(&market, &ask).await;
    Ok(told(desk, &typed, &answers, Msg::SellerBulkShipped, Msg::SaidSellerOrdersShipped))
}

fn ask(desk: &Desk, typed: &Typed) -> BulkAsk {
    let mut orders: Vec<OrderId> =
        typed.all("chosen").filter_map(|id| id.parse().ok()).take(MOST).collect();
    orders.sort_unstable();
    orders.dedup();
    BulkAsk { shop: desk.shop.id, orders, actor: desk.actor() }
}

fn told(
    desk: Desk,
    typed: &Typed,
    answers: &Answers,
    done: Msg,
    said: Msg,
) -> axum::response::Response {
    let back = format!("/orders?view={}", super::desk::escaped(typed.get("view")));
    let good = answers.iter().filter(|(_, answer)| answer.is_ok()).count();
    if answers.is_empty() {
        return desk.see(&back, Msg::SaidSellerNothingChosen);
    }
    if good == answers.len() {
        return desk.see(&back, said);
    }
    let title = desk.reader.t(Msg::SellerBulkTitle).into_owned();
    let body = result(&desk, answers, good, done, &back);
    desk.page(title, Place::SellerOrders, body)
}

fn result(desk: &Desk, answers: &Answers, good: usize, done: Msg, back: &str) -> Markup {
    let r = &desk.reader;
    let lead = r.with(
        Msg::SellerBulkPartly,
        &[("good", good.into()), ("bad", (answers.len() - good).into())],
    );
    let columns = [
        Column::new(r.t(Msg::SellerColumnOrder)).leading(),
        Column::new(r.t(Msg::SellerColumnState)),
        Column::new(r.t(Msg::SellerColumnWhy)),
    ];
    // What did not go stands first: it is what somebody has to look at.
    let mut sorted: Vec<_> = answers.iter().collect();
    sorted.sort_by_key(|(_, answer)| answer.is_ok());
    let rows: Vec<Row> =
        sorted.into_iter().map(|(order, answer)| row(desk, *order, answer)).collect();
    html! {
        (page_title(&r.t(Msg::SellerBulkTitle), &lead,
            &[link_button(Look::Primary, &desk.href(back), &r.t(Msg::NavOrders))]))
        @if good > 0 { p { (r.with(done, &[("count", good.into())])) } }
        (table(r.words, &columns, &rows, false))
    }
}

fn row(desk: &Desk, order: OrderId, answer: &Result<(), Failure>) -> Row {
    let r = &desk.reader;
    let href = desk.href(&format!("/orders/{order}"));
    let (mark, why) = match answer {
        Ok(()) => (badge(Tone::Good, Icon::Check, &r.t(Msg::SellerBulkDone)), String::new()),
        Err(failure) => {
            (badge(Tone::Bad, Icon::Close, &r.t(Msg::SellerBulkNotDone)), desk.in_words(failure))
        }
    };
    Row {
        key: String::new(),
        cells: vec![html! { a.num href=(href) { (order) } }, mark, html! { (why) }],
        overdue: answer.is_err(),
    }
}
