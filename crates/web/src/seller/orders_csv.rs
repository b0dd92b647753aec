//! The list of orders as a file: the same view and search, to its end.

use std::collections::BTreeMap;

use actions::Market;
use actions::shop_desk::{self, OrdersPage};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use rules::ids::OrderId;
use rules::money::Money;
use rules::people::Permission;
use store::lists::orders::ShopOrders;
use store::orders::OrderRow;

use super::desk::{Desk, Refused};
use super::orders::Asked;
use super::things;
use crate::csv::{self, Line, PART, Part, amount, time};
use crate::format::Reader;
use crate::visit::Visit;

/// A dispatch sheet is read by the same names.
const HEAD: &[&str] = &[
    "order",
    "state",
    "placed_at",
    "paid_at",
    "due_at",
    "ship_by_at",
    "shipped_at",
    "delivered_at",
    "buyer",
    "pieces",
    "goods_in_words",
    "currency",
    "goods",
    "shop_discount",
    "house_discount",
    "shipping",
    "tax",
    "duty",
    "total",
    "given_back",
    "commission",
    "carrier",
    "service",
    "tracking_number",
    "mark",
    "mark_word",
];

pub(super) async fn file(
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<Asked>,
    visit: Visit,
) -> Result<Response, Refused> {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let (shop, now) = (desk.shop.id, desk.reader.now);
    let written = async {
        let (wanted, _) = asked.wanted(&market, shop, now, PART).await?;
        let (here, reader) = (market.clone(), desk.reader.clone());
        let name = format!("orders-{}", asked.view().code());
        csv::file(&name, HEAD, wanted.before, move |before| {
            let (market, reader) = (here.clone(), reader.clone());
            let wanted = ShopOrders { before, ..wanted.clone() };
            async move {
                let page = shop_desk::orders_page(&market, shop, wanted, now).await?;
                let next = page.rows.last().filter(|_| page.more).map(|row| row.id.number());
                Ok(Part { lines: lines(&reader, &page), next })
            }
        })
        .await
    };
    written.await.map_err(|failure| desk.refused(failure))
}

fn lines(reader: &Reader, page: &OrdersPage) -> Vec<Line> {
    let tracking: BTreeMap<OrderId, &str> =
        page.parcels.iter().map(|p| (p.order, p.tracking_number.as_str())).collect();
    let mut goods: BTreeMap<OrderId, Vec<_>> = BTreeMap::new();
    for thing in &page.things {
        goods.entry(thing.order).or_default().push(thing);
    }
    let line = |order: &OrderRow| {
        let within = goods.get(&order.id).map(Vec::as_slice).unwrap_or_default();
        let tracking = tracking.get(&order.id).copied().unwrap_or_default();
        cells(order, things::in_words(reader, within), tracking)
    };
    page.rows.iter().map(line).collect()
}

fn cells(order: &OrderRow, goods: String, tracking: &str) -> Line {
    let money = |minor| amount(Money::new(minor, order.currency));
    vec![
        order.id.to_string(),
        order.state.name().code().to_owned(),
        time(Some(order.created_at)),
        time(order.paid_at),
        time(order.state.due_at()),
        time(order.ship_by),
        time(order.shipped_at),
        time(order.delivered_at),
        order.buyer_name.clone(),
        order.pieces_count.to_string(),
        goods,
        order.currency.code().to_owned(),
        money(order.goods_minor),
        money(order.shop_discount_minor),
        money(order.house_discount_minor),
        money(order.shipping_minor),
        money(order.tax_minor),
        money(order.duty_minor),
        money(order.total_minor),
        money(order.given.shares.paid_minor),
        money(order.commission_minor),
        order.carrier.clone(),
        order.service.clone(),
        tracking.to_owned(),
        order.mark.clone(),
        order.mark_word.clone(),
    ]
}
