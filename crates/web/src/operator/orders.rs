//! Orders of all shops: by state, by shop, or one by its number.

use actions::order_search::{self, Searched};
use actions::overview;
use actions::{Failure, Market};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use rules::ids::ShopId;
use rules::money::Money;
use rules::orders::OrderStateName;
use rules::people::Permission;
use serde::Deserialize;
use store::orders::OrderRow;

use super::{PAGE, admit, answer, name_of, page, say};
use crate::format::Reader;
use crate::problem::Problem;
use crate::ui::badges::{Tone, order_badge};
use crate::ui::countdown::{ago, countdown};
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{Field, Input};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, Filter, ListPage, Row, Tab, list_page};
use crate::ui::money_table::amount;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

const PATH: &str = "/operator/orders";
/// The view of orders which have missed their first deadline.
const LATE: &str = "late";

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    /// A state's code, `late`, or empty for all.
    #[serde(default)]
    pub(super) view: String,
    #[serde(default)]
    pub(super) shop: Option<i64>,
    /// An order's number.
    #[serde(default)]
    q: String,
    #[serde(default)]
    from: Option<i64>,
}

impl Wanted {
    pub(super) fn is_late(&self) -> bool {
        self.view == LATE
    }

    /// The address of another view with the same shop.
    fn href(&self, view: &str, from: Option<i64>) -> String {
        let mut parts = Vec::new();
        if !view.is_empty() {
            parts.push(format!("view={view}"));
        }
        parts.extend(self.shop.map(|shop| format!("shop={shop}")));
        parts.extend(from.map(|from| format!("from={from}")));
        if parts.is_empty() { PATH.to_owned() } else { format!("{PATH}?{}", parts.join("&")) }
    }
}

pub(super) async fn show(
    visit: Visit,
    State(market): State<Market>,
    Query(wanted): Query<Wanted>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewShops)?;
        let (mut told, searched) = (None, !wanted.q.trim().is_empty());
        let (rows, names) = if searched {
            match order_search::search(&market, None, &wanted.q).await {
                Ok(Searched::Numbers(found)) => {
                    if let ([(only, _)], []) = (&*found.orders, &*found.missing) {
                        return Ok(Redirect::to(&format!("{PATH}/{only}")).into_response());
                    }
                    told = not_found(&visit.reader, &found.missing);
                    order_search::show(&market, &found).await?
                }
                Ok(Searched::Nothing | Searched::Name(_)) => (Vec::new(), Vec::new()),
                // Said above the list, with what was pasted kept.
                Err(failure @ Failure::Refused(_)) => {
                    let said = Problem::from(failure).words(visit.reader.words);
                    told = Some(flash(&Flash::bad(said)));
                    (Vec::new(), Vec::new())
                }
                Err(failure) => return Err(failure),
            }
        } else if wanted.is_late() {
            overview::late_orders(&market, PAGE).await?
        } else {
            let state = OrderStateName::parse(&wanted.view);
            let before = wanted.from.unwrap_or(i64::MAX);
            let shop = wanted.shop.map(ShopId::new);
            overview::house_orders(&market, state, shop, before, PAGE).await?
        };
        let counts = overview::count_open_orders(&market, &COUNTED).await?;
        draw(&visit, &wanted, (&rows, &names), &counts, told)
    })
    .await
}

/// Which of the pasted numbers are none of any shop's.
fn not_found(r: &Reader, missing: &[String]) -> Option<Markup> {
    let facts = [("count", missing.len().into()), ("numbers", missing.join(", ").into())];
    let said = r.with(Msg::SearchNotFound, &facts);
    (!missing.is_empty()).then(|| flash(&Flash { tone: Tone::Soon, text: said, next: None }))
}

/// Tabs whose counts are cheap: open orders alone, which their deadlines find.
const COUNTED: [OrderStateName; 4] = [
    OrderStateName::Unpaid,
    OrderStateName::AwaitingConfirmation,
    OrderStateName::AwaitingShipment,
    OrderStateName::InTransit,
];

const SHOWN: [OrderStateName; 11] = [
    OrderStateName::Unpaid,
    OrderStateName::OnHold,
    OrderStateName::AwaitingConfirmation,
    OrderStateName::AwaitingShipment,
    OrderStateName::PartiallyShipped,
    OrderStateName::AwaitingCollection,
    OrderStateName::InTransit,
    OrderStateName::Delivered,
    OrderStateName::Completed,
    OrderStateName::Settled,
    OrderStateName::Cancelled,
];

fn draw(
    visit: &Visit,
    wanted: &Wanted,
    (rows, names): (&[OrderRow], &[(i64, String)]),
    counts: &[(OrderStateName, i64)],
    told: Option<Markup>,
) -> Result<Response, Failure> {
    let r = &visit.reader;
    let listed = wanted.q.trim().is_empty() && wanted.view != LATE;
    let full = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= PAGE && listed;
    let list = ListPage {
        title: r.t(Msg::NavOrders).into_owned(),
        lead: match wanted.shop {
            Some(shop) => r.with(Msg::OpOrdersOfShop, &[("shop", name_of(names, shop).into())]),
            None => r.t(Msg::OpOrdersLead).into_owned(),
        },
        above: told,
        tabs: tabs(r, wanted, counts),
        filter: Some(filter(r, wanted)),
        columns: vec![
            Column::new(r.t(Msg::OpOrder)).leading(),
            Column::new(r.t(Msg::OpShop)),
            Column::new(r.t(Msg::OpBuyer)),
            Column::new(r.t(Msg::OpState)),
            Column::new(r.t(Msg::OpPlaced)),
            Column::new(r.t(Msg::OpDue)),
            Column::new(r.t(Msg::OpTotal)).numeric(),
        ],
        rows: rows.iter().map(|order| row(r, order, names)).collect(),
        next: rows
            .last()
            .filter(|_| full)
            .map(|last| wanted.href(&wanted.view, Some(last.id.number()))),
        first: wanted.from.map(|_| wanted.href(&wanted.view, None)),
        // The file is of the view, not of a handful which was searched for.
        csv: wanted
            .q
            .trim()
            .is_empty()
            .then(|| wanted.href(&wanted.view, None).replacen(PATH, &format!("{PATH}.csv"), 1)),
        empty: Empty {
            icon: Some(Icon::Box),
            title: if wanted.q.is_empty() {
                r.t(Msg::OpOrdersNone).into_owned()
            } else {
                r.with(Msg::OpOrdersNotFound, &[("number", wanted.q.trim().into())])
            },
            text: String::new(),
            next: Some((PATH.to_owned(), r.t(Msg::OpOrdersAll).into_owned())),
        },
        ..ListPage::default()
    };
    page(visit, &r.t(Msg::NavOrders), Place::OperatorOrders, list_page(r.words, &list))
}

fn tabs(r: &Reader, wanted: &Wanted, counts: &[(OrderStateName, i64)]) -> Vec<Tab> {
    let tab = |label: String, view: &str, count| Tab {
        label,
        href: wanted.href(view, None),
        count,
        current: wanted.view == view,
    };
    // Counts are of the whole house: beside one shop's orders they would mislead.
    let count_of = |state: OrderStateName| {
        let found = counts.iter().find(|(known, _)| *known == state).map(|(_, count)| *count);
        found.filter(|_| wanted.shop.is_none())
    };
    let mut tabs = vec![tab(r.t(Msg::OpOrdersAll).into_owned(), "", None)];
    if wanted.shop.is_none() {
        tabs.push(tab(r.t(Msg::OpOrdersLate).into_owned(), LATE, None));
    }
    tabs.extend(
        SHOWN
            .into_iter()
            .map(|state| tab(say::order_state(r, state.code()), state.code(), count_of(state))),
    );
    tabs
}

fn filter(r: &Reader, wanted: &Wanted) -> Filter {
    let number = Field::new("q", r.t(Msg::OpOrderNumber))
        .takes(Input::Search)
        .with_value(wanted.q.clone())
        .placeholder(r.t(Msg::OpOrderNumber));
    let mut keep = Vec::new();
    if !wanted.view.is_empty() {
        keep.push(("view".to_owned(), wanted.view.clone()));
    }
    keep.extend(wanted.shop.map(|shop| ("shop".to_owned(), shop.to_string())));
    let filtered = !wanted.q.is_empty() || wanted.shop.is_some();
    Filter {
        action: PATH.to_owned(),
        keep,
        fields: vec![number],
        clear: filtered.then(|| PATH.to_owned()),
    }
}

fn row(r: &Reader, order: &OrderRow, names: &[(i64, String)]) -> Row {
    let state = order.state.name().code();
    let due = order.state.due_at();
    Row {
        key: String::new(),
        cells: vec![
            html! { a.num href={ (PATH) "/" (order.id) } { (order.id) } },
            html! { a href={ "/operator/shops/" (order.shop) } { (name_of(names, order.shop.number())) } },
            html! { (order.buyer_name) },
            order_badge(r.words, state),
            ago(r, order.created_at),
            html! { @if let Some(due) = due { (countdown(r, due, &say::code(r, "then", state))) } },
            amount(r, Money::new(order.total_minor, order.currency)),
        ],
        overdue: due.is_some_and(|due| due < r.now),
    }
}
