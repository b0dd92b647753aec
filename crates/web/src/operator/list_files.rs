//! The house's lists as files, with the filters of their pages. Figures have theirs beside the page.

use actions::{Market, overview, payouts, reconciliation};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use rules::ids::ShopId;
use rules::ledger::{Account, TransferCode, TransferRow};
use rules::money::{Currency, Money};
use rules::orders::OrderStateName;
use rules::people::Permission;
use store::events::EventSeen;
use store::orders::OrderRow;
use store::reconciliation::Difference;
use store::shops::Shop;

use super::{admit, answer, name_of, orders, payouts as payout_pages, shops, transfers};
use crate::csv::{self, Line, PART, Part, amount, time};
use crate::seller::payout_line;
use crate::visit::Visit;

const ORDERS: &[&str] = &[
    "order",
    "shop",
    "shop_name",
    "market",
    "state",
    "buyer",
    "placed_at",
    "paid_at",
    "due_at",
    "ship_by_at",
    "shipped_at",
    "delivered_at",
    "cancelled_at",
    "cancelled_by",
    "reason",
    "fault",
    "pieces",
    "currency",
    "total",
    "tax",
    "duty",
    "given_back",
    "commission",
];

pub(super) async fn orders(
    visit: Visit,
    State(market): State<Market>,
    Query(wanted): Query<orders::Wanted>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewShops)?;
        let state = OrderStateName::parse(&wanted.view);
        let shop = wanted.shop.map(ShopId::new);
        let late = wanted.is_late();
        csv::file("orders", ORDERS, i64::MAX, move |before| {
            let market = market.clone();
            async move {
                if late {
                    let (rows, names) = overview::late_orders(&market, MOST_LATE).await?;
                    return Ok(Part::whole(&rows, |row| order_line(row, &names)));
                }
                let read = overview::house_orders(&market, state, shop, before, PART);
                let (rows, names) = read.await?;
                Ok(Part::of(&rows, PART, |row| row.id.number(), |row| order_line(row, &names)))
            }
        })
        .await
    })
    .await
}

/// Orders which are late at once are few; a list of more is a case for something else.
const MOST_LATE: i64 = 10_000;

fn order_line(row: &OrderRow, names: &[(i64, String)]) -> Line {
    use rules::orders::OrderState;
    let money = |minor| amount(Money::new(minor, row.currency));
    let ended = match row.state {
        OrderState::Cancelled { by, reason, fault } => [by.code(), reason.code(), fault.code()],
        _ => ["", "", ""],
    };
    let mut line = vec![
        row.id.to_string(),
        row.shop.to_string(),
        name_of(names, row.shop.number()),
        row.market.clone(),
        row.state.name().code().to_owned(),
        row.buyer_name.clone(),
        time(Some(row.created_at)),
        time(row.paid_at),
        time(row.state.due_at()),
        time(row.ship_by),
        time(row.shipped_at),
        time(row.delivered_at),
        time(row.cancelled_at),
    ];
    line.extend(ended.map(str::to_owned));
    line.extend([
        row.pieces_count.to_string(),
        row.currency.code().to_owned(),
        money(row.total_minor),
        money(row.tax_minor),
        money(row.duty_minor),
        money(row.given.shares.paid_minor),
        money(row.commission_minor),
    ]);
    line
}

const SHOPS: &[&str] =
    &["shop", "name", "market", "currency", "category", "tier", "state", "zone", "opened_at"];

pub(super) async fn shops(
    visit: Visit,
    State(market): State<Market>,
    Query(wanted): Query<shops::Wanted>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewShops)?;
        let now = visit.reader.now;
        let only = Some(wanted.market.clone()).filter(|code| !code.is_empty());
        let line = move |row: &Shop| -> Line {
            vec![
                row.id.to_string(),
                row.name.clone(),
                row.market.clone(),
                row.currency.clone(),
                row.category.clone(),
                row.tier_at(now).to_owned(),
                row.state.clone(),
                row.zone.clone(),
                time(Some(row.created_at)),
            ]
        };
        csv::file("shops", SHOPS, i64::MAX, move |before| {
            let (market, only) = (market.clone(), only.clone());
            async move {
                let rows = overview::shops(&market, only, before, PART).await?;
                Ok(Part::of(&rows, PART, |row| row.id.number(), line))
            }
        })
        .await
    })
    .await
}

const PAYOUTS: &[&str] = &[
    "shop",
    "shop_name",
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
    visit: Visit,
    State(market): State<Market>,
    Query(asked): Query<payout_pages::Asked>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewLedger)?;
        let state = asked.state();
        csv::file("payouts", PAYOUTS, i64::MAX, move |before| {
            let market = market.clone();
            async move {
                let read = payouts::house_payouts(&market, state.to_owned(), before, PART);
                let seen = read.await?;
                Ok(Part::of(
                    &seen.payouts,
                    PART,
                    |row| row.id.number(),
                    |row| {
                        let home = row.shop.number();
                        let mut line = vec![home.to_string(), name_of(&seen.names, home)];
                        line.extend(payout_line(row));
                        line
                    },
                ))
            }
        })
        .await
    })
    .await
}

const TRANSFERS: &[&str] = &[
    "transfer",
    "at",
    "home",
    "debit",
    "credit",
    "code",
    "kind",
    "belongs_to",
    "belongs_to_id",
    "currency",
    "amount",
];

fn transfer_line(row: &TransferRow) -> Line {
    vec![
        row.id.to_string(),
        time(Some(row.created_at)),
        row.home_id.to_string(),
        row.debit.code().to_owned(),
        row.credit.code().to_owned(),
        row.code.code().to_owned(),
        row.kind.code().to_owned(),
        row.subject.clone(),
        row.subject_id.to_string(),
        row.currency.code().to_owned(),
        amount(Money::new(row.amount_minor, row.currency)),
    ]
}

pub(super) async fn transfers(
    visit: Visit,
    State(market): State<Market>,
    Query(asked): Query<transfers::Asked>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewLedger)?;
        let (day, code) = (asked.began(), TransferCode::parse(&asked.code));
        csv::file("transfers", TRANSFERS, i64::MAX, move |before| {
            let market = market.clone();
            async move {
                let rows = overview::transfers(&market, day, code, before, PART).await?;
                Ok(Part::of(&rows, PART, |row| row.id.number(), transfer_line))
            }
        })
        .await
    })
    .await
}

/// The transfers of one home's account.
pub(super) async fn account_of_home(
    visit: Visit,
    State(market): State<Market>,
    Path((code, home)): Path<(String, i64)>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewLedger)?;
        let account = Account::parse(&code).ok_or(actions::Failure::NotFound)?;
        csv::file("account", TRANSFERS, i64::MAX, move |before| {
            let market = market.clone();
            async move {
                let read = overview::account_of_home(&market, home, account, before, PART);
                let seen = read.await?;
                Ok(Part::of(&seen.transfers, PART, |row| row.id.number(), transfer_line))
            }
        })
        .await
    })
    .await
}

const HOMES: &[&str] = &["home", "name", "currency", "debited", "credited", "stands"];

/// An account family, home by home.
pub(super) async fn homes_of_account(
    visit: Visit,
    State(market): State<Market>,
    Path(code): Path<String>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewLedger)?;
        let account = Account::parse(&code).ok_or(actions::Failure::NotFound)?;
        csv::file("homes-of-account", HOMES, 0, move |after| {
            let market = market.clone();
            async move {
                let read = overview::homes_of_account(&market, account, after, PART);
                let (rows, names) = read.await?;
                Ok(Part::of(
                    &rows,
                    PART,
                    |row| row.home_id,
                    |row| {
                        let money = |minor| amount(Money::new(minor, row.currency));
                        vec![
                            row.home_id.to_string(),
                            name_of(&names, row.home_id),
                            row.currency.code().to_owned(),
                            money(row.balance.debits_posted),
                            money(row.balance.credits_posted),
                            money(row.balance.posted(account)),
                        ]
                    },
                ))
            }
        })
        .await
    })
    .await
}

const EVENTS: &[&str] = &["event", "at", "home", "subject", "subject_id", "kind", "actor", "body"];

pub(super) async fn events(visit: Visit, State(market): State<Market>) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewHouse)?;
        csv::file("events", EVENTS, i64::MAX, move |before| {
            let market = market.clone();
            async move {
                let (rows, _) = overview::newest_events(&market, before, PART).await?;
                Ok(Part::of(&rows, PART, |row| row.id.number(), event_line))
            }
        })
        .await
    })
    .await
}

fn event_line(row: &EventSeen) -> Line {
    vec![
        row.id.to_string(),
        time(Some(row.created_at)),
        row.home_id.to_string(),
        row.subject.clone(),
        row.subject_id.to_string(),
        row.kind.clone(),
        row.actor.clone(),
        row.body.clone(),
    ]
}

const DIFFERENCES: &[&str] = &[
    "difference",
    "state",
    "home",
    "home_name",
    "kind",
    "reference",
    "currency",
    "ours",
    "theirs",
    "adjusted",
    "bearer",
    "reason",
    "found_at",
    "ended_at",
];

/// What the page shows: all which are open, and the last which ended.
pub(super) async fn differences(visit: Visit, State(market): State<Market>) -> Response {
    answer(&visit, async {
        let caller = visit.caller()?.clone();
        csv::file("differences", DIFFERENCES, (), move |()| {
            let (market, caller) = (market.clone(), caller.clone());
            async move {
                let seen = reconciliation::overview(&market, &caller).await?;
                let all: Vec<&Difference> = seen.open.iter().chain(&seen.ended).collect();
                Ok(Part::whole(&all, |row| {
                    let money = |minor| {
                        Currency::parse(row.key.currency)
                            .map_or_else(|_| String::new(), |of| amount(Money::new(minor, of)))
                    };
                    let home = row.key.home_id;
                    vec![
                        row.id.to_string(),
                        row.state.clone(),
                        home.to_string(),
                        seen.names.get(&home).cloned().unwrap_or_default(),
                        row.key.kind.code().to_owned(),
                        row.key.reference.to_string(),
                        row.key.currency.to_owned(),
                        money(row.ours_minor),
                        money(row.theirs_minor),
                        money(row.adjusted_minor),
                        row.bearer.clone(),
                        row.reason.clone(),
                        time(Some(row.created_at)),
                        time(row.ended_at),
                    ]
                }))
            }
        })
        .await
    })
    .await
}
