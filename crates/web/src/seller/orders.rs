//! The orders: saved views as tabs, search by ids or by the buyer's name, bulk acts.

use actions::order_search::{self, Searched};
use actions::shop_desk::{self, OrdersPage, SOON};
use actions::{Failure, Market};
use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use rules::ids::{OrderId, ShopId};
use rules::orders::OrderState;
use rules::orders::marks::Mark;
use rules::people::Permission;
use rules::time::Timestamp;
use serde::Deserialize;
use store::lists::orders::ShopOrders;
use store::orders::OrderRow;

use super::desk::{Desk, Page};
use super::order_views::View;
use super::{notes, order_notes, things};
use crate::ui::badges::{Tone, order_badge};
use crate::ui::countdown::{ago, countdown};
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{Field, Input, Look, link_button};
use crate::ui::icons::Icon;
use crate::ui::list::{Bulk, Column, Empty, Filter, ListPage, Row, Tab, list_page};
use crate::ui::money_table::amount;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

/// Orders on one page.
const PAGE: i64 = 50;

/// What stands in the address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    view: String,
    q: String,
    /// A mark's colour.
    mark: String,
    before: Option<i64>,
}

impl Asked {
    pub(super) fn view(&self) -> View {
        View::parse(&self.view)
    }

    /// What the list shows, and which numbers of the search were not found.
    ///
    /// # Errors
    /// More numbers than one search takes.
    pub(super) async fn wanted(
        &self,
        market: &Market,
        shop: ShopId,
        now: Timestamp,
        limit: i64,
    ) -> Result<(ShopOrders, Vec<String>), Failure> {
        let view = self.view();
        let all = ShopOrders {
            states: view.states(),
            due_before: (view == View::DueSoon).then_some(now + SOON),
            late_at: (view == View::Late).then_some(now),
            mark: Mark::parse(&self.mark).map_or("", Mark::code).to_owned(),
            before: self.before.unwrap_or(i64::MAX),
            limit,
            ..ShopOrders::default()
        };
        match order_search::search(market, Some(shop), &self.q).await? {
            Searched::Nothing => Ok((all, Vec::new())),
            Searched::Name(buyer) => Ok((ShopOrders { buyer, ..all }, Vec::new())),
            Searched::Numbers(found) => {
                // Who names orders means them in whatever view.
                let ids: Vec<OrderId> = found.orders.iter().map(|(order, _)| *order).collect();
                let before = if ids.is_empty() { 0 } else { all.before };
                Ok((ShopOrders { ids, before, limit, ..ShopOrders::default() }, found.missing))
            }
        }
    }

    fn address(&self, desk: &Desk, path: &str, view: View, before: Option<OrderId>) -> String {
        let mut address = desk.href(&format!("{path}?view={}", view.code()));
        if !self.q.trim().is_empty() {
            address.push_str(&format!("&q={}", super::desk::escaped(self.q.trim())));
        }
        if let Some(mark) = Mark::parse(&self.mark) {
            address.push_str(&format!("&mark={}", mark.code()));
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
    let (now, shop) = (desk.reader.now, desk.shop.id);
    let (wanted, told) = match asked.wanted(&market, shop, now, PAGE).await {
        Ok((wanted, missing)) => (wanted, not_found(&desk, &missing)),
        // Said above the list, with what was pasted kept.
        Err(failure @ Failure::Refused(_)) => {
            let none = ShopOrders { before: 0, limit: PAGE, ..ShopOrders::default() };
            (none, Some(flash(&Flash::bad(desk.in_words(&failure)))))
        }
        Err(failure) => return Err(desk.refused(failure)),
    };
    let read = shop_desk::orders_page(&market, shop, wanted, now).await;
    let page = read.map_err(|failure| desk.refused(failure))?;
    let title = desk.reader.t(Msg::NavOrders).into_owned();
    Ok(desk.page(title, Place::SellerOrders, view(&desk, &asked, &page, told)))
}

/// Which of the pasted numbers are none of this shop's.
fn not_found(desk: &Desk, missing: &[String]) -> Option<Markup> {
    let facts = [("count", missing.len().into()), ("numbers", missing.join(", ").into())];
    let said = desk.reader.with(Msg::SearchNotFound, &facts);
    (!missing.is_empty()).then(|| flash(&Flash { tone: Tone::Soon, text: said, next: None }))
}

fn view(desk: &Desk, asked: &Asked, page: &OrdersPage, told: Option<Markup>) -> Markup {
    let r = &desk.reader;
    let current = asked.view();
    let tab = |view: View| Tab {
        label: r.t(view.name()).into_owned(),
        href: asked.address(desk, "/orders", view, None),
        count: view.count(page),
        current: view == current,
    };
    let searched = !asked.q.trim().is_empty() || Mark::parse(&asked.mark).is_some();
    let last = page.rows.last().filter(|_| page.more).map(|row| row.id);
    let list = ListPage {
        title: r.t(Msg::NavOrders).into_owned(),
        acts: if desk.may(Permission::PackOrders) {
            vec![
                link_button(Look::Plain, &desk.href("/orders/upload"), &r.t(Msg::SheetTitle)),
                link_button(Look::Plain, &desk.href("/packing"), &r.t(Msg::PackingTitle)),
                link_button(Look::Quiet, &desk.href("/parcels"), &r.t(Msg::ParcelsTitle)),
                link_button(Look::Quiet, &desk.href("/requests"), &r.t(Msg::CasesTitle)),
            ]
        } else {
            vec![link_button(Look::Quiet, &desk.href("/requests"), &r.t(Msg::CasesTitle))]
        },
        above: told,
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
                Field::new("mark", r.t(Msg::NotesMark))
                    .takes(order_notes::choices(r, Msg::NotesMarkAny))
                    .with_value(asked.mark.as_str()),
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
    if ships && desk.may(Permission::PackOrders) {
        acts.push((desk.href("/orders/pack"), r.t(Msg::SellerBulkPack).into_owned()));
    }
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
            html! {
                a.num href=(href) { (order.id) }
                div.muted { (ago(r, order.created_at)) }
                @if let Some(mark) = order_notes::mark(r, &order.mark, &order.mark_word) { div { (mark) } }
            },
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
