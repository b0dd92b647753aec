//! My orders, newest first, with what is waited for.

use actions::Failure;
use axum::extract::Query;
use maud::{Markup, html};
use rules::ids::{OrderId, ShopId};
use rules::money::Money;
use rules::orders::OrderState;
use serde::Deserialize;
use std::collections::BTreeMap;
use store::orders::{self as rows, LineRow, OrderRow};
use store::{Tx, lists, shops};

use crate::account::order_page::{consequence, may_confirm, state_badge};
use crate::storefront::shopper::{Page, Shopper};
use crate::storefront::{payment, pictures};
use crate::ui::buying::{OrderCard, order_cards};
use crate::ui::countdown::countdown;
use crate::ui::forms::{Look, link_button};
use crate::ui::icons::Icon;
use crate::ui::list::{Empty, empty_state, page_title};
use crate::ui::nav::Place;
use crate::words::Msg;

const ON_A_PAGE: i64 = 15;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    /// The last order of the page before.
    before: String,
}

struct Bought {
    order: OrderRow,
    lines: Vec<LineRow>,
}

pub(super) async fn show(shopper: Shopper, Query(wanted): Query<Wanted>) -> Page {
    let buyer = shopper.buyer()?;
    let before = wanted.before.parse::<OrderId>().map_or(i64::MAX, OrderId::number);
    let read =
        async move |tx: &mut Tx| -> Result<(Vec<Bought>, BTreeMap<ShopId, String>), Failure> {
            let found = lists::orders::of_buyer(tx, buyer, before, ON_A_PAGE + 1).await?;
            let names = shops::load_many(tx, found.iter().map(|order| order.shop)).await?;
            let mut all = Vec::with_capacity(found.len());
            for order in found {
                let lines = rows::lines(tx, order.shop, order.id).await?;
                all.push(Bought { order, lines });
            }
            Ok((all, names.into_iter().map(|shop| (shop.id, shop.name)).collect()))
        };
    let (mut all, names) =
        shopper.market.store.read(read).await.map_err(|failure| shopper.problem(failure))?;
    let more = all.len() > ON_A_PAGE as usize;
    all.truncate(ON_A_PAGE as usize);
    let title = shopper.t(Msg::NavMyOrders);
    let body = html! {
        (page_title(&title, "", &[link_button(Look::Quiet, "/cases", &shopper.t(Msg::CaseMine)), link_button(Look::Quiet, "/notices", &shopper.t(Msg::NoticesTitle))]))
        (cards(&shopper, &all, &names))
        @if let (true, Some(last)) = (more, all.last()) {
            nav.below aria-label=(shopper.t(Msg::ListPages)) {
                (link_button(Look::Plain, &format!("/orders?before={}", last.order.id), &shopper.t(Msg::StoreMore)))
            }
        }
    };
    Ok(shopper.page(&title, Place::StoreOrders, body))
}

fn cards(shopper: &Shopper, all: &[Bought], names: &BTreeMap<ShopId, String>) -> Markup {
    if all.is_empty() {
        return empty_state(&Empty {
            icon: Some(Icon::Box),
            title: shopper.t(Msg::OrdersNone),
            text: shopper.t(Msg::OrdersNoneText),
            next: Some(("/".to_owned(), shopper.t(Msg::HomeLookAround))),
        });
    }
    let cards: Vec<OrderCard> = all
        .iter()
        .map(|bought| {
            card(shopper, bought, names.get(&bought.order.shop).map_or("", String::as_str))
        })
        .collect();
    order_cards(&shopper.reader, &cards)
}

fn card(shopper: &Shopper, bought: &Bought, shop: &str) -> OrderCard {
    let (r, order) = (&shopper.reader, &bought.order);
    let path = format!("/orders/{}", order.id);
    let mut state = vec![state_badge(shopper, order)];
    if let Some(due) = order.state.due_at() {
        state.push(countdown(r, due, &consequence(shopper, order)));
    }
    let act = match order.state {
        OrderState::Unpaid { .. } => {
            Some(link_button(Look::Primary, &payment::path(order.payment), &r.t(Msg::OrderPay)))
        }
        _ if may_confirm(order) => {
            Some(link_button(Look::Plain, &format!("{path}/receipt"), &r.t(Msg::OrderReceived)))
        }
        _ => None,
    };
    let placed = r.day(order.created_at);
    let about = [
        r.with(Msg::OrderPlacedOn, &[("day", placed.into())]),
        r.with(Msg::OrderPieces, &[("count", order.pieces_count.into())]),
    ];
    OrderCard {
        href: path,
        title: r.with(Msg::OrderFrom, &[("shop", shop.into())]),
        state,
        about: about.join(" · "),
        pictures: bought
            .lines
            .iter()
            .map(|line| pictures::address(order.shop, line.product, &line.picture))
            .collect(),
        total: Money::new(order.total_minor, order.currency),
        act,
    }
}
