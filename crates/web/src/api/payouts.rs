//! `/shops/{shop}/payouts` and `/statements`, and for the house `/operator/payouts` and `/operator/bank-files`.

use actions::payouts::{self, make_bank_file, pay_out_now, record_answer};
use actions::{Market, statements};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use rules::ids::{BankFileId, PayoutId, ShopId, StatementId};
use rules::ledger::Account;
use rules::money::{Currency, Money};
use rules::people::Permission;
use rules::settlement::payouts::{BankAnswer, FailureReason, Obstacle, PayoutState};
use rules::settlement::statements::{LineSum, Standings};
use rules::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::payouts::PayoutRow;
use store::statements::Statement;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::{Asked, At, IdempotencyKey, Paging, answered};
use super::bodies::{Body, NoBody};
use super::problem::{Answer, ProblemJson};
use super::shapes::{IdText, MoneyJson, Page, TimeText};
use super::who::Who;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new()
        .routes(routes!(list_payouts, create_payout))
        .routes(routes!(list_statements))
        .routes(routes!(show_statement))
        .routes(routes!(list_house_payouts))
        .routes(routes!(create_answer))
        .routes(routes!(create_bank_file))
        .routes(routes!(show_bank_file))
}

/// A sum on its way to a shop's bank.
#[derive(Serialize, ToSchema)]
#[schema(as = Payout)]
pub struct PayoutJson {
    #[schema(value_type = IdText)]
    id: PayoutId,
    #[schema(value_type = IdText)]
    shop: ShopId,
    /// `scheduled`, `sent`, `paid` or `failed`.
    state: &'static str,
    #[schema(value_type = MoneyJson)]
    amount: Money,
    /// 1 for the first try of this sum.
    attempt: i64,
    /// Why it was not sent when it was to be: `no_bank_account`, `account_refused`, `books_unequal`, `below_zero`, `report_differs`.
    obstacles: Vec<&'static str>,
    /// Why it failed, if it did.
    reason: Option<&'static str>,
    /// When it is sent, or until when the bank has to answer.
    #[schema(value_type = Option<TimeText>)]
    due_at: Option<Timestamp>,
    #[schema(value_type = TimeText)]
    created_at: Timestamp,
    #[schema(value_type = Option<TimeText>)]
    ended_at: Option<Timestamp>,
}

impl From<PayoutRow> for PayoutJson {
    fn from(row: PayoutRow) -> Self {
        let reason = match row.state {
            PayoutState::Failed { reason } => Some(reason.code()),
            PayoutState::Scheduled { .. } | PayoutState::Sent { .. } | PayoutState::Paid => None,
        };
        Self {
            id: row.id,
            shop: row.shop,
            state: row.state.code(),
            amount: row.amount,
            attempt: row.attempt,
            obstacles: row.obstacles.iter().copied().map(Obstacle::code).collect(),
            reason,
            due_at: row.state.due_at(),
            created_at: row.created_at,
            ended_at: row.ended_at,
        }
    }
}

/// List a shop's payouts
///
/// Newest first.
#[utoipa::path(
    get, path = "/shops/{shop}/payouts", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), Paging),
    responses((status = 200, body = Page<PayoutJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list_payouts(
    State(market): State<Market>,
    who: Who,
    At(shop): At<ShopId>,
    Asked(query): Asked<Paging>,
) -> Answer<Json<Page<PayoutJson>>> {
    who.in_shop(shop, Permission::ViewMoney)?;
    let (before, limit) = query.read()?;
    let seen = payouts::of_shop(&market, shop, before, limit + 1).await?;
    Ok(Json(Page::cut(seen.payouts, limit, |row| row.id.number(), |row| Ok(row.into()))?))
}

/// A payout which was planned.
#[derive(Serialize, ToSchema)]
#[schema(as = PayoutPlanned)]
pub struct PlannedJson {
    #[schema(value_type = IdText)]
    id: PayoutId,
}

/// Pay out what is available
///
/// Before the next payout day: everything available, if it is enough and nothing is on its way yet.
#[utoipa::path(
    post, path = "/shops/{shop}/payouts", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = PlannedJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_payout(
    State(market): State<Market>,
    who: Who,
    At(shop): At<ShopId>,
    key: IdempotencyKey,
    _body: NoBody,
) -> Answer<Response> {
    let request = key.of(who.person(), b"");
    let planned = pay_out_now(&market, &who.0, shop, request).await?;
    Ok(answered(StatusCode::CREATED, planned, |id| PlannedJson { id }))
}

/// What stands on an account, or what a line did to it.
#[derive(Serialize, ToSchema)]
#[schema(as = AccountAmount)]
pub struct AccountAmountJson {
    account: &'static str,
    #[schema(value_type = MoneyJson)]
    amount: Money,
}

fn amounts(standings: &Standings, currency: Currency) -> Vec<AccountAmountJson> {
    let one = |(account, minor): (&Account, &i64)| AccountAmountJson {
        account: account.code(),
        amount: Money::new(*minor, currency),
    };
    standings.iter().map(one).collect()
}

/// A day of a shop's money.
#[derive(Serialize, ToSchema)]
#[schema(as = Statement)]
pub struct StatementJson {
    #[schema(value_type = IdText)]
    id: StatementId,
    /// Counts from 1 in each currency.
    number: i64,
    #[schema(value_type = TimeText)]
    from: Timestamp,
    #[schema(value_type = TimeText)]
    to: Timestamp,
    opening: Vec<AccountAmountJson>,
    closing: Vec<AccountAmountJson>,
    /// What the day did, line by line; left out in lists.
    lines: Option<Vec<StatementLineJson>>,
}

/// One line of a statement.
#[derive(Serialize, ToSchema)]
#[schema(as = StatementLine)]
pub struct StatementLineJson {
    /// `sales`, `shipping`, `fees`, `refunds` and so on.
    line: &'static str,
    changes: Vec<AccountAmountJson>,
    /// How many transfers are behind it.
    transfers: i64,
}

impl StatementJson {
    fn of(statement: &Statement, lines: Option<&[LineSum]>) -> Self {
        let currency = statement.currency;
        let line = |sum: &LineSum| StatementLineJson {
            line: sum.line.code(),
            changes: amounts(&sum.by_account, currency),
            transfers: sum.count,
        };
        Self {
            id: statement.id,
            number: statement.number,
            from: statement.from,
            to: statement.to,
            opening: amounts(&statement.opening, currency),
            closing: amounts(&statement.closing, currency),
            lines: lines.map(|lines| lines.iter().map(line).collect()),
        }
    }
}

/// List a shop's statements
///
/// One a day (UTC) and currency, for each day on which money moved; newest first.
#[utoipa::path(
    get, path = "/shops/{shop}/statements", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), Paging),
    responses((status = 200, body = Page<StatementJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list_statements(
    State(market): State<Market>,
    who: Who,
    At(shop): At<ShopId>,
    Asked(query): Asked<Paging>,
) -> Answer<Json<Page<StatementJson>>> {
    who.in_shop(shop, Permission::ViewMoney)?;
    let (before, limit) = query.read()?;
    let rows = statements::of_shop(&market, shop, before, limit + 1).await?;
    let one = |row: Statement| Ok(StatementJson::of(&row, None));
    Ok(Json(Page::cut(rows, limit, |row| row.id.number(), one)?))
}

/// Read a statement
///
/// With its lines, which sum to closing less opening, account by account.
#[utoipa::path(
    get, path = "/shops/{shop}/statements/{statement}", tag = "selling", security(("key" = ["shop"])),
    params(("shop" = IdText, Path), ("statement" = IdText, Path)),
    responses((status = 200, body = StatementJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn show_statement(
    State(market): State<Market>,
    who: Who,
    At((shop, statement)): At<(ShopId, StatementId)>,
) -> Answer<Json<StatementJson>> {
    who.in_shop(shop, Permission::ViewMoney)?;
    let seen = statements::show(&market, shop, statement).await?;
    Ok(Json(StatementJson::of(&seen.statement, Some(&seen.lines))))
}

/// List the payouts of all shops
///
/// Newest first.
#[utoipa::path(
    get, path = "/operator/payouts", tag = "operating", security(("key" = ["operator"])),
    params(Paging),
    responses((status = 200, body = Page<PayoutJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list_house_payouts(
    State(market): State<Market>,
    who: Who,
    Asked(query): Asked<Paging>,
) -> Answer<Json<Page<PayoutJson>>> {
    who.in_house(Permission::ViewLedger)?;
    let (before, limit) = query.read()?;
    let seen = payouts::house_payouts(&market, String::new(), before, limit + 1).await?;
    Ok(Json(Page::cut(seen.payouts, limit, |row| row.id.number(), |row| Ok(row.into()))?))
}

/// What the bank said of a payout.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    outcome: Outcome,
}

/// `paid`, or why it was not.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Paid,
    BankUnavailable,
    RejectedByBank,
    AccountClosed,
    WrongDetails,
}

impl Outcome {
    const fn answer(self) -> BankAnswer {
        let reason = match self {
            Outcome::Paid => return BankAnswer::Paid,
            Outcome::BankUnavailable => FailureReason::BankUnavailable,
            Outcome::RejectedByBank => FailureReason::RejectedByBank,
            Outcome::AccountClosed => FailureReason::AccountClosed,
            Outcome::WrongDetails => FailureReason::WrongDetails,
        };
        BankAnswer::Failed { reason }
    }
}

/// Record the bank's answer
///
/// The same answer again changes nothing, so no Idempotency-Key is needed; another one is refused.
#[utoipa::path(
    post, operation_id = "record_bank_answer", path = "/operator/payouts/{payout}/answer", tag = "operating", security(("key" = ["operator"])),
    params(("payout" = IdText, Path)),
    request_body = AnswerBody,
    responses((status = 200, body = PayoutJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_answer(
    State(market): State<Market>,
    who: Who,
    At(payout): At<PayoutId>,
    body: Body<AnswerBody>,
) -> Answer<Json<PayoutJson>> {
    who.in_house(Permission::HandlePayouts)?;
    let shop = payouts::shop_of(&market, payout).await?;
    let row = record_answer(&market, &who.0, shop, payout, body.value.outcome.answer()).await?;
    Ok(Json(row.into()))
}

/// Which currency's payouts go into the file.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BankFileBody {
    #[schema(value_type = String, pattern = "^[A-Z]{3}$")]
    currency: Currency,
}

/// A file which was made.
#[derive(Serialize, ToSchema)]
#[schema(as = BankFile)]
pub struct BankFileJson {
    #[schema(value_type = IdText)]
    id: BankFileId,
}

/// Make a file for the bank
///
/// Every payout of the currency which was sent and is in no file yet.
#[utoipa::path(
    post, path = "/operator/bank-files", tag = "operating", security(("key" = ["operator"])),
    params(("Idempotency-Key" = String, Header)),
    request_body = BankFileBody,
    responses((status = 201, body = BankFileJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create_bank_file(
    State(market): State<Market>,
    who: Who,
    key: IdempotencyKey,
    body: Body<BankFileBody>,
) -> Answer<Response> {
    let request = key.of(who.person(), &body.bytes);
    let made = make_bank_file(&market, &who.0, body.value.currency, request).await?;
    Ok(answered(StatusCode::CREATED, made, |id| BankFileJson { id }))
}

/// Read a file for the bank
///
/// ISO 20022, pain.001.001.09. The same file is the same text whenever it is read.
#[utoipa::path(
    get, path = "/operator/bank-files/{file}", tag = "operating", security(("key" = ["operator"])),
    params(("file" = IdText, Path)),
    responses((status = 200, body = String, content_type = "application/xml"), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn show_bank_file(
    State(market): State<Market>,
    who: Who,
    At(file): At<BankFileId>,
) -> Answer<Response> {
    let (_, text) = payouts::bank_file(&market, &who.0, file).await?;
    Ok(([(header::CONTENT_TYPE, "application/xml; charset=utf-8")], text).into_response())
}
