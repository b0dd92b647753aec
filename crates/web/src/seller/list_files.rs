//! The shop's lists as files, with the filters of their pages. Orders, figures and cases have theirs beside the page.

use actions::shop_desk::{self, LOW_STOCK};
use actions::{Failure, Market, catalog, payouts, statements};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use rules::money::Money;
use rules::people::Permission;
use rules::settlement::payouts::PayoutState;
use store::lists::shelf::{ShelfProduct, ShelfSearch, StockRow};
use store::payouts::PayoutRow;
use store::promotions::PromotionRow;
use store::statements::Statement;

use super::desk::{Desk, Refused};
use super::money_rows::change_of;
use super::statements::total;
use super::{money, products, stock};
use crate::csv::{self, Line, PART, Part, amount, time};
use crate::goods_words;
use crate::visit::Visit;

type File = Result<Response, Refused>;

const PRODUCTS: &[&str] = &[
    "product",
    "handle",
    "state",
    "category",
    "title_en",
    "title_zh",
    "skus",
    "left",
    "sold",
    "currency",
    "price_from",
];

pub(super) async fn products(
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<products::Asked>,
    visit: Visit,
) -> File {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let (shop, currency) = (desk.shop.id, desk.currency());
    let wanted = ShelfSearch {
        state: asked.state().to_owned(),
        text: asked.q.trim().to_owned(),
        before: i64::MAX,
        limit: PART,
    };
    let line = move |row: &ShelfProduct| -> Line {
        vec![
            row.id.to_string(),
            row.handle.clone(),
            row.state.clone(),
            row.category.clone(),
            row.title_en.clone(),
            row.title_zh.clone(),
            row.sku_count.to_string(),
            row.left.to_string(),
            row.sold_count.to_string(),
            currency.code().to_owned(),
            amount(Money::new(row.price_from_minor, currency)),
        ]
    };
    let written = csv::file("products", PRODUCTS, i64::MAX, move |before| {
        let (market, wanted) = (market.clone(), ShelfSearch { before, ..wanted.clone() });
        async move {
            let page = shop_desk::shelf_page(&market, shop, wanted).await?;
            Ok(Part::of(&page.products, PART, |row| row.id.number(), line))
        }
    });
    written.await.map_err(|failure| desk.refused(failure))
}

const STOCK: &[&str] =
    &["sku", "code", "product", "title_en", "title_zh", "options", "on_hand", "reserved", "left"];

pub(super) async fn stock(
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<stock::Asked>,
    visit: Visit,
) -> File {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let (shop, words) = (desk.shop.id, desk.reader.words);
    let below = (asked.view == "low").then_some(LOW_STOCK);
    let text = asked.q.trim().to_owned();
    let line = move |row: &StockRow| -> Line {
        vec![
            row.sku.to_string(),
            row.code.clone(),
            row.product.to_string(),
            row.title_en.clone(),
            row.title_zh.clone(),
            goods_words::chosen_values(words, &row.options),
            row.on_hand.to_string(),
            row.reserved.to_string(),
            (row.on_hand - row.reserved).to_string(),
        ]
    };
    let written = csv::file("stock", STOCK, i64::MAX, move |before| {
        let (market, text) = (market.clone(), text.clone());
        async move {
            let (rows, _) = shop_desk::stock_page(&market, shop, text, below, before, PART).await?;
            Ok(Part::of(&rows, PART, |row| row.sku.number(), line))
        }
    });
    written.await.map_err(|failure| desk.refused(failure))
}

const PROMOTIONS: &[&str] = &[
    "promotion",
    "title_en",
    "title_zh",
    "paid_by",
    "percent",
    "currency",
    "minimum",
    "maximum",
    "starts_at",
    "ends_at",
    "answer",
];

pub(super) async fn promotions(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
) -> File {
    let desk = Desk::open(&market, visit, &shop, Permission::EditProducts).await?;
    let (shop, currency) = (desk.shop.id, desk.currency());
    let line = move |row: &PromotionRow| -> Line {
        vec![
            row.id.to_string(),
            row.title_en.clone(),
            row.title_zh.clone(),
            row.funded_by.clone(),
            format!("{}.{:02}", row.percent_bp / 100, row.percent_bp % 100),
            row.currency.clone(),
            amount(Money::new(row.minimum_minor, currency)),
            amount(Money::new(row.maximum_minor, currency)),
            time(Some(row.starts_at)),
            time(Some(row.ends_at)),
            row.answer.clone(),
        ]
    };
    let written = csv::file("promotions", PROMOTIONS, (), move |()| {
        let market = market.clone();
        async move { Ok(Part::whole(&catalog::list_promotions(&market, shop).await?, line)) }
    });
    written.await.map_err(|failure| desk.refused(failure))
}

const MONEY: &[&str] =
    &["transfer", "at", "code", "belongs_to", "belongs_to_id", "currency", "amount"];

pub(super) async fn money(
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<money::Asked>,
    visit: Visit,
) -> File {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewMoney).await?;
    let (shop, account) = (desk.shop.id, asked.account());
    let name = format!("money-{}", account.code());
    let written = csv::file(&name, MONEY, i64::MAX, move |before| {
        let market = market.clone();
        async move {
            let page = shop_desk::money_page(&market, shop, account, before, PART).await?;
            Ok(Part::of(
                &page.transfers,
                PART,
                |row| row.id.number(),
                |row| {
                    let change = change_of(row, account);
                    vec![
                        row.id.to_string(),
                        time(Some(row.created_at)),
                        row.code.code().to_owned(),
                        row.subject.clone(),
                        row.subject_id.to_string(),
                        change.currency.code().to_owned(),
                        amount(change),
                    ]
                },
            ))
        }
    });
    written.await.map_err(|failure| desk.refused(failure))
}

const PAYOUTS: &[&str] = &[
    "payout",
    "state",
    "attempt",
    "planned_at",
    "due_at",
    "sent_at",
    "ended_at",
    "reason",
    "currency",
    "amount",
];

pub(super) async fn payouts(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
) -> File {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewMoney).await?;
    let shop = desk.shop.id;
    let written = csv::file("payouts", PAYOUTS, i64::MAX, move |before| {
        let market = market.clone();
        async move {
            let page = payouts::of_shop(&market, shop, before, PART).await?;
            Ok(Part::of(&page.payouts, PART, |row| row.id.number(), payout_line))
        }
    });
    written.await.map_err(|failure| desk.refused(failure))
}

/// A payout without its shop.
pub(crate) fn payout_line(row: &PayoutRow) -> Line {
    let reason = match row.state {
        PayoutState::Failed { reason } => reason.code(),
        PayoutState::Scheduled { .. } | PayoutState::Sent { .. } | PayoutState::Paid => "",
    };
    vec![
        row.id.to_string(),
        row.state.code().to_owned(),
        row.attempt.to_string(),
        time(Some(row.created_at)),
        time(row.state.due_at()),
        time(row.sent_at),
        time(row.ended_at),
        reason.to_owned(),
        row.amount.currency.code().to_owned(),
        amount(row.amount),
    ]
}

const STATEMENTS: &[&str] =
    &["statement", "number", "from", "to", "currency", "opening", "change", "closing"];

pub(super) async fn statements(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
) -> File {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewMoney).await?;
    let shop = desk.shop.id;
    let written = csv::file("statements", STATEMENTS, i64::MAX, move |before| {
        let market = market.clone();
        async move {
            let rows = statements::of_shop(&market, shop, before, PART).await?;
            Ok::<_, Failure>(Part::of(&rows, PART, |row| row.id.number(), statement_line))
        }
    });
    written.await.map_err(|failure| desk.refused(failure))
}

fn statement_line(row: &Statement) -> Line {
    let money = |minor| amount(Money::new(minor, row.currency));
    let (opening, closing) = (total(&row.opening), total(&row.closing));
    vec![
        row.id.to_string(),
        row.number.to_string(),
        time(Some(row.from)),
        time(Some(row.to)),
        row.currency.code().to_owned(),
        money(opening),
        money(closing - opening),
        money(closing),
    ]
}
