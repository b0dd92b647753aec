//! `/shops/{shop}/balances` and `/transfers`: a shop's money, as the ledger has it.

use actions::{Market, books};
use axum::Json;
use axum::extract::State;
use rules::ids::{Id, ShopId, TransferId};
use rules::ledger::{Account, TransferRow};
use rules::money::Money;
use rules::people::Permission;
use rules::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::ledger::BalanceRow;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::{Asked, At, invalid_query, paging};
use super::problem::{Answer, ProblemJson};
use super::shapes::{IdText, MoneyJson, Page, TimeText, money};
use super::who::Who;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new().routes(routes!(list_balances)).routes(routes!(list_transfers))
}

/// What stands on an account.
#[derive(Serialize, ToSchema)]
#[schema(as = Balance)]
pub struct BalanceJson {
    /// `escrow`, `available`, `reserve` and so on, as in docs on money.
    account: &'static str,
    /// On the account's normal side, movements which are done only.
    #[schema(value_type = MoneyJson)]
    posted: Money,
    /// Of this what no movement under way will take.
    #[schema(value_type = MoneyJson)]
    spendable: Money,
}

impl From<BalanceRow> for BalanceJson {
    fn from(row: BalanceRow) -> Self {
        Self {
            account: row.account.code(),
            posted: money(row.balance.posted(row.account), row.currency),
            spendable: money(row.balance.spendable(row.account), row.currency),
        }
    }
}

/// List a shop's balances
///
/// All accounts which were ever used, at once: `next` is always null.
#[utoipa::path(
    get, path = "/shops/{shop}/balances", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path)),
    responses((status = 200, body = Page<BalanceJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list_balances(
    State(market): State<Market>,
    who: Who,
    At(shop): At<ShopId>,
) -> Answer<Json<Page<BalanceJson>>> {
    who.in_shop(shop, Permission::ViewMoney)?;
    let rows = books::balances(&market, shop.number()).await?;
    Ok(Json(Page { items: rows.into_iter().map(BalanceJson::from).collect(), next: None }))
}

/// A movement of money from one account to another.
#[derive(Serialize, ToSchema)]
#[schema(as = Transfer)]
pub struct TransferJson {
    #[schema(value_type = IdText)]
    id: TransferId,
    debit: &'static str,
    credit: &'static str,
    #[schema(value_type = MoneyJson)]
    amount: Money,
    /// Why it moved.
    code: &'static str,
    /// `posted`, or `pending` and what became of it.
    kind: &'static str,
    /// What it belongs to: `order`.
    subject: String,
    #[schema(value_type = IdText)]
    subject_id: Id<()>,
    #[schema(value_type = TimeText)]
    created_at: Timestamp,
}

impl From<TransferRow> for TransferJson {
    fn from(row: TransferRow) -> Self {
        Self {
            id: row.id,
            debit: row.debit.code(),
            credit: row.credit.code(),
            amount: money(row.amount_minor, row.currency),
            code: row.code.code(),
            kind: row.kind.code(),
            subject: row.subject,
            subject_id: Id::new(row.subject_id),
            created_at: row.created_at,
        }
    }
}

/// Which transfers.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TransfersQuery {
    /// Only those which touch this account.
    account: Option<String>,
    /// `next` of the part before.
    cursor: Option<String>,
    /// How many items, 1 to 100; 50 when left out.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<i64>,
}

/// List a shop's transfers
///
/// Newest first.
#[utoipa::path(
    get, path = "/shops/{shop}/transfers", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), TransfersQuery),
    responses((status = 200, body = Page<TransferJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list_transfers(
    State(market): State<Market>,
    who: Who,
    At(shop): At<ShopId>,
    Asked(query): Asked<TransfersQuery>,
) -> Answer<Json<Page<TransferJson>>> {
    who.in_shop(shop, Permission::ViewMoney)?;
    let (before, limit) = paging(query.cursor.as_deref(), query.limit)?;
    let unknown = |code: String| invalid_query("account", &format!("no account is called {code}"));
    let account =
        query.account.map(|code| Account::parse(&code).ok_or_else(|| unknown(code))).transpose()?;
    let rows = books::account(&market, shop.number(), account, before, limit + 1).await?;
    Ok(Json(Page::cut(rows, limit, |row| row.id.number(), |row| Ok(TransferJson::from(row)))?))
}
