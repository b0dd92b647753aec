//! The orders: saved views as tabs, search by ids or by the buyer's name, bulk acts.

use actions::Market;
use actions::shop_desk::{self, OrdersPage, SOON};
use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use rules::ids::OrderId;
use rules::orders::OrderState;
use rules::people::Permission;
use rules::time::Timestamp;
use serde::Deserialize;
use store::lists::orders::ShopOrders;
use store::orders::OrderRow;

use super::desk::{Desk, Page};
use super::order_views::View;
use super::{notes, things};
use crate::ui::badges::order_badge;
use crate::ui::countdown::{ago, countdown};
use crate::ui::forms::{Field, Input, Look, link_button};
use crate::ui::icons::Icon;
use crate::ui::list::{Bulk, Column, Empty, Filter, ListPage, Row, Tab, list_page};
use crate::ui::money_table::amount;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

/// Orders on one page.
const PAGE: i64 = 50;
/// Ids the search box takes at once.
const MOST_IDS: usize = 100;

/// What stands in the address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    view: String,
    q: String,
    before: Option<i64>,
}

impl Asked {
    pub(super) fn view(&self) -> View {
        View::parse(&self.view)
    }

    /// Up to 100 order numbers, parted by anything which is no digit; else a part of the buyer's name.
    pub(super) fn wanted(&self, now: Timestamp, limit: i64) -> ShopOrders {
        let view = self.view();
        let text = self.q.trim();
        let numbers =
            text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || c == ',' || c == ';');
        let ids: Vec<OrderId> = if numbers {
            let parts = text.split(|c: char| !c.is_ascii_digit());
            parts.filter_map(|part| part.parse().ok()).take(MOST_IDS).collect()
        } else {
            Vec::new()
        };
        let buyer = if numbers { String::new() } else { text.to_owned() };
        ShopOrders {
            states: view.states(),
            due_before: (view == View::DueSoon).then_some(now + SOON),
            late_at: (view == View::Late).then_some(now),
            ids,
            buyer,
            before: self.before.unwrap_or(i64::MAX),
            limit,
        }
    }

    fn address(&self, desk: &Desk, path: &str, view: View, before: Option<OrderId>) -> String {
        let mut address = desk.href(&format!("{path}?view={}", view.code()));
        if !self.q.trim().is_empty() {
            address.push_str(&format!("&q={}", super::desk::escaped(self.q.trim())));
        }
        if let Some(before) = before {
            address.push_str(&format!("&before={before}"));
        }
        address
    }
}

pub(super) async fn page(
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<Asked>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let now = desk.reader.now;
    let read = shop_desk::orders_page(&market, desk.shop.id, asked.wanted(now, PAGE), now).await;
    let page = read.map_err(|failure| desk.refused(failure))?;
    let title = desk.reader.t(Msg::NavOrders).into_owned();
    Ok(desk.page(title, Place::SellerOrders, view(&desk, &asked, &page)))
}

fn view(desk: &Desk, asked: &Asked, page: &OrdersPage) -> Markup {
    let r = &desk.reader;
    let current = asked.view();
    let tab = |view: View| Tab {
        label: r.t(view.name()).into_owned(),
        href: asked.address(desk, "/orders", view, None),
        count: view.count(page),
        current: view == current,
    };
    let searched = !asked.q.trim().is_empty();
    let last = page.rows.last().filter(|_| page.more).map(|row| row.id);
    let list = ListPage {
        title: r.t(Msg::NavOrders).into_owned(),
        acts: if desk.may(Permission::PackOrders) {
            vec![link_button(Look::Plain, &desk.href("/packing"), &r.t(Msg::PackingTitle))]
        } else {
            Vec::new()
        },
        // A tab which is there only when something is late.
        tabs: (View::TABS.into_iter())
            .filter(|view| *view != View::Late || current == View::Late || page.to_ship.late > 0)
            .map(tab)
            .collect(),
        filter: Some(Filter {
            action: desk.href("/orders"),
            keep: vec![("view".to_owned(), current.code().to_owned())],
            fields: vec![
                Field::new("q", r.t(Msg::SellerOrdersSearch))
                    .takes(Input::Search)
                    .with_value(asked.q.as_str())
                    .placeholder(r.t(Msg::SellerOrdersSearch)),
            ],
            clear: searched.then(|| desk.href(&format!("/orders?view={}", current.code()))),
        }),
        columns: vec![
            Column::new(r.t(Msg::SellerColumnOrder)).leading(),
            Column::new(r.t(Msg::SellerColumnGoods)),
            Column::new(r.t(Msg::SellerColumnBuyer)),
            Column::new(r.t(Msg::SellerColumnState)),
            Column::new(r.t(Msg::SellerColumnDue)),
            Column::new(r.t(Msg::SellerColumnTotal)).numeric(),
        ],
        rows: page.rows.iter().map(|order| row(desk, page, order)).collect(),
        bulk: bulk(desk, current),
        first: asked.before.map(|_| asked.address(desk, "/orders", current, None)),
        next: last.map(|id| asked.address(desk, "/orders", current, Some(id))),
        csv: Some(asked.address(desk, "/orders.csv", current, None)),
        empty: empty(desk, current, searched),
        ..ListPage::default()
    };
    list_page(r.words, &list)
}

/// What a person may do with many orders of this view.
fn bulk(desk: &Desk, view: View) -> Option<Bulk> {
    let r = &desk.reader;
    let mut acts = Vec::new();
    let confirms = matches!(view, View::ToConfirm | View::DueSoon | View::All);
    if confirms && desk.may(Permission::ConfirmOrders) {
        acts.push((desk.href("/orders/confirm"), r.t(Msg::SellerBulkConfirm).into_owned()));
    }
    let ships = matches!(view, View::ToShip | View::DueSoon | View::Late | View::All);
    if ships && desk.may(Permission::ShipOrders) && desk.may(Permission::PackOrders) {
        acts.push((desk.href("/orders/ship"), r.t(Msg::SellerBulkShip).into_owned()));
    }
    if ships && desk.may(Permission::PackOrders) {
        acts.push((desk.href("/orders/pick"), r.t(Msg::PackingPickList).into_owned()));
        acts.push((desk.href("/orders/slips"), r.t(Msg::PackingSlips).into_owned()));
        acts.push((desk.href("/orders/labels"), r.t(Msg::PackingLabels).into_owned()));
    }
    let hidden = vec![("view".to_owned(), view.code().to_owned())];
    (!acts.is_empty()).then(|| Bulk { csrf: desk.csrf.clone(), acts, hidden })
}

fn row(desk: &Desk, page: &OrdersPage, order: &OrderRow) -> Row {
    let r = &desk.reader;
    let within: Vec<_> = page.things.iter().filter(|thing| thing.order == order.id).collect();
    let parcel = page.parcels.iter().find(|parcel| parcel.order == order.id);
    let href = desk.href(&format!("/orders/{}", order.id));
    let acts = matches!(
        order.state,
        OrderState::AwaitingConfirmation { .. }
            | OrderState::AwaitingShipment { .. }
            | OrderState::PartiallyShipped { .. }
    );
    let late = matches!(
        order.state,
        OrderState::AwaitingShipment { late: true, .. }
            | OrderState::PartiallyShipped { late: true, .. }
    );
    Row {
        key: if acts { order.id.to_string() } else { String::new() },
        cells: vec![
            html! { a.num href=(href) { (order.id) } div.muted { (ago(r, order.created_at)) } },
            html! {
                div.with-picture {
                    @if let Some(first) = within.first() { (things::thumb(desk.shop.id, first.product, &first.picture)) }
                    span { (things::in_words(r, &within)) }
                }
            },
            html! { (order.buyer_name) },
            html! {
                (order_badge(r.words, order.state.name().code()))
                @if let Some(parcel) = parcel {
                    @if !parcel.tracking_number.is_empty() { div.muted.num { (parcel.tracking_number) } }
                    @else if acts { div.muted { (r.t(Msg::ParcelPacked)) } }
                }
            },
            due(desk, order),
            amount(r, desk.money_in(order.total_minor, order.currency)),
        ],
        overdue: late,
    }
}

fn due(desk: &Desk, order: &OrderRow) -> Markup {
    match (order.state.due_at(), notes::consequence(&desk.reader, order.state)) {
        (Some(due), Some(then)) => countdown(&desk.reader, due, &then),
        (Some(_) | None, _) => html! { span.muted { "—" } },
    }
}

fn empty(desk: &Desk, view: View, searched: bool) -> Empty {
    let r = &desk.reader;
    let (title, text) = match (searched, view) {
        (true, _) => (Msg::SellerOrdersNotFound, Msg::SellerOrdersNotFoundText),
        (false, View::All) => (Msg::SellerOrdersNone, Msg::SellerOrdersNoneText),
        (false, _) => (Msg::SellerOrdersNoneHere, Msg::SellerOrdersNoneHereText),
    };
    let next = match (searched, view) {
        (true, _) => Some((desk.href("/orders?view=all"), Msg::SellerViewAll)),
        (false, View::All) => Some((desk.href("/products"), Msg::NavProducts)),
        (false, _) => Some((desk.href("/orders?view=all"), Msg::SellerViewAll)),
    };
    Empty {
        icon: Some(Icon::Box),
        title: r.t(title).into_owned(),
        text: r.t(text).into_owned(),
        next: next.map(|(href, msg)| (href, r.t(msg).into_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(q: &str) -> ShopOrders {
        let asked = Asked { q: q.to_owned(), ..Asked::default() };
        asked.wanted(Timestamp::from_ms(0), 50)
    }

    #[test]
    fn numbers_are_ids_and_everything_else_is_a_name() {
        assert_eq!(asked("12, 34\n56").ids, [12, 34, 56].map(OrderId::new));
        assert_eq!(asked("12 34").buyer, "");
        assert_eq!(asked(" Ann 3 ").buyer, "Ann 3");
        assert!(asked("Ann 3").ids.is_empty());
        assert!(asked("").ids.is_empty() && asked("").buyer.is_empty());
        let many: Vec<String> = (1..=150).map(|id| id.to_string()).collect();
        assert_eq!(asked(&many.join(" ")).ids.len(), MOST_IDS);
    }
}
