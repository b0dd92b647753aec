//! The list of orders as a file: the same view and search, up to ten thousand rows.

use std::collections::BTreeMap;

use actions::shop_desk::{self, OrdersPage};
use actions::{Failure, Market};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rules::ids::OrderId;
use rules::money::Money;
use rules::people::Permission;
use rules::time::Timestamp;
use store::orders::OrderRow;

use super::desk::{Desk, Refused};
use super::orders::Asked;
use super::things;
use crate::visit::Visit;

/// Rows read at a time, and the most a file has. [X]
const PAGE: i64 = 500;
const MOST: usize = 10_000;

/// Names of columns are part of the file's shape and the same in every language.
const HEAD: &str = "order,state,placed_at,paid_at,due_at,ship_by_at,shipped_at,delivered_at,buyer,pieces,goods_in_words,\
    currency,goods,shop_discount,house_discount,shipping,tax,total,commission,carrier,service,tracking_number\r\n";

pub(super) async fn file(
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<Asked>,
    visit: Visit,
) -> Result<Response, Refused> {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let text = match written(&market, &desk, &asked).await {
        Ok(text) => text,
        Err(failure) => return Err(desk.refused(failure)),
    };
    let name = format!("attachment; filename=\"orders-{}.csv\"", asked.view().code());
    let head = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((head, text).into_response())
}

async fn written(market: &Market, desk: &Desk, asked: &Asked) -> Result<String, Failure> {
    let now = desk.reader.now;
    let mut wanted = asked.wanted(now, PAGE);
    let mut text = String::from(HEAD);
    let mut rows = 0;
    loop {
        let page = shop_desk::orders_page(market, desk.shop.id, wanted.clone(), now).await?;
        append(&mut text, desk, &page);
        rows += page.rows.len();
        match page.rows.last() {
            Some(last) if page.more && rows < MOST => wanted.before = last.id.number(),
            Some(_) | None => return Ok(text),
        }
    }
}

fn append(text: &mut String, desk: &Desk, page: &OrdersPage) {
    let tracking: BTreeMap<OrderId, &str> =
        page.parcels.iter().map(|p| (p.order, p.tracking_number.as_str())).collect();
    for order in &page.rows {
        let within: Vec<_> = page.things.iter().filter(|thing| thing.order == order.id).collect();
        let goods = things::in_words(&desk.reader, &within);
        let cells = cells(order, goods, tracking.get(&order.id).copied().unwrap_or_default());
        let line: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        text.push_str(&line.join(","));
        text.push_str("\r\n");
    }
}

fn cells(order: &OrderRow, goods: String, tracking: &str) -> Vec<String> {
    let money = |minor| Money::new(minor, order.currency).amount();
    let time = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.to_string());
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
        money(order.total_minor),
        money(order.commission_minor),
        order.carrier.clone(),
        order.service.clone(),
        tracking.to_owned(),
    ]
}

/// A cell which a spreadsheet would take for a formula is kept a text by an apostrophe.
fn quoted(cell: &str) -> String {
    let risky = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let plain = if risky { format!("'{cell}") } else { cell.to_owned() };
    if plain.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", plain.replace('"', "\"\""))
    } else {
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_survive_commas_quotes_and_formulas() {
        assert_eq!(quoted("plain"), "plain");
        assert_eq!(quoted("Ann, Lee"), "\"Ann, Lee\"");
        assert_eq!(quoted("2 × \"A\""), "\"2 × \"\"A\"\"\"");
        assert_eq!(quoted("=1+1"), "'=1+1");
        assert_eq!(quoted("@cmd,x"), "\"'@cmd,x\"");
    }

    #[test]
    fn a_row_has_as_many_cells_as_the_head() {
        assert_eq!(HEAD.trim_end().split(',').count(), 22);
    }
}
