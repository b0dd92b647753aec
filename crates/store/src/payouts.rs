//! Payouts and the files by which the house's bank is told of them.

use rules::ids::{BankAccountId, BankFileId, HOUSE, PayoutId, PersonId, ShopId};
use rules::money::{Currency, Money};
use rules::settlement::payouts::{Obstacle, Payout, PayoutState};
use rules::time::Timestamp;

use crate::db::{DbError, FromRow, Row, Tx};
use crate::p;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutRow {
    pub id: PayoutId,
    pub shop: ShopId,
    pub state: PayoutState,
    pub amount: Money,
    pub bank_account: BankAccountId,
    /// The first try of this sum; its own id where it is the first.
    pub first: PayoutId,
    pub attempt: i64,
    /// Why it was not sent when it last was to be; empty otherwise.
    pub obstacles: Vec<Obstacle>,
    /// The bank file in which it is; `None` before it is in one.
    pub bank_file: Option<BankFileId>,
    pub sent_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub version: i64,
    pub created_at: Timestamp,
}

impl PayoutRow {
    /// As a decision needs it.
    pub const fn for_decision(&self) -> Payout {
        Payout { state: self.state, amount_minor: self.amount.minor, attempt: self.attempt }
    }

    const fn reason(&self) -> &'static str {
        match self.state {
            PayoutState::Failed { reason } => reason.code(),
            PayoutState::Scheduled { .. } | PayoutState::Sent { .. } | PayoutState::Paid => "",
        }
    }
}

pub(crate) const PAYOUT: &str = "id, shop_id, state, currency, amount_minor, bank_account_id, first_id, attempt, reason, obstacles, bank_file_id, due_at, sent_at, ended_at, version, created_at";

impl FromRow for PayoutRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let broken = |what: String| DbError::Broken(what);
        let (code, reason): (String, String) = (row.get(2)?, row.get(8)?);
        let due: Option<Timestamp> = row.get(11)?;
        let currency =
            Currency::parse(&row.get::<String>(3)?).map_err(|error| broken(error.to_string()))?;
        let file: i64 = row.get(10)?;
        Ok(Self {
            id: row.get(0)?,
            shop: row.get(1)?,
            state: PayoutState::read(&code, due, &reason)
                .ok_or_else(|| broken(format!("payout state {code} {reason} due {due:?}")))?,
            amount: Money::new(row.get(4)?, currency),
            bank_account: row.get(5)?,
            first: row.get(6)?,
            attempt: row.get(7)?,
            obstacles: read_obstacles(&row.get::<String>(9)?),
            bank_file: (file != 0).then(|| BankFileId::new(file)),
            sent_at: row.get(12)?,
            ended_at: row.get(13)?,
            version: row.get(14)?,
            created_at: row.get(15)?,
        })
    }
}

fn read_obstacles(text: &str) -> Vec<Obstacle> {
    text.split(',').filter_map(Obstacle::parse).collect()
}

fn obstacles_text(obstacles: &[Obstacle]) -> String {
    obstacles.iter().map(|one| one.code()).collect::<Vec<_>>().join(",")
}

pub async fn insert(tx: &mut Tx, payout: &PayoutRow) -> Result<(), DbError> {
    tx.put(
        "insert into payouts (id, shop_id, state, currency, amount_minor, bank_account_id, first_id, attempt, reason, obstacles, bank_file_id, due_at, claimed_until, sent_at, ended_at, version, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, 0, null, null, 1, $12)",
        p![
            payout.id,
            payout.shop,
            payout.state.code(),
            payout.amount.currency.code(),
            payout.amount.minor,
            payout.bank_account,
            payout.first,
            payout.attempt,
            payout.reason(),
            obstacles_text(&payout.obstacles),
            payout.state.due_at(),
            payout.created_at
        ],
    )
    .await
}

pub async fn load(tx: &mut Tx, shop: ShopId, id: PayoutId) -> Result<Option<PayoutRow>, DbError> {
    let sql = format!("select {PAYOUT} from payouts where shop_id = $1 and id = $2");
    tx.maybe(&sql, p![shop, id]).await
}

/// Writes a payout whose `version` is that of the row before.
pub async fn record(tx: &mut Tx, after: &PayoutRow) -> Result<(), DbError> {
    let changed = tx
        .run(
            "update payouts set state = $1, reason = $2, obstacles = $3, due_at = $4, sent_at = $5, ended_at = $6, bank_account_id = $7, claimed_until = 0, version = version + 1
              where shop_id = $8 and id = $9 and version = $10",
            p![
                after.state.code(),
                after.reason(),
                obstacles_text(&after.obstacles),
                after.state.due_at(),
                after.sent_at,
                after.ended_at,
                after.bank_account,
                after.shop,
                after.id,
                after.version
            ],
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(DbError::Again) }
}

/// What is still on its way of a shop: planned or with the bank.
pub async fn open_of_shop(tx: &mut Tx, shop: ShopId) -> Result<Vec<PayoutRow>, DbError> {
    let sql = format!(
        "select {PAYOUT} from payouts where shop_id = $1 and due_at is not null order by id"
    );
    tx.many(&sql, p![shop]).await
}

/// The payouts of a shop, the newest first; `before` pages on.
pub async fn of_shop(
    tx: &mut Tx,
    shop: ShopId,
    before: i64,
    limit: i64,
) -> Result<Vec<PayoutRow>, DbError> {
    let sql = format!(
        "select {PAYOUT} from payouts where shop_id = $1 and id < $2 order by id desc limit $3"
    );
    tx.many(&sql, p![shop, before, limit]).await
}

/// Puts a sent payout into a file; false when it is in one already.
pub async fn put_into_file(
    tx: &mut Tx,
    payout: &PayoutRow,
    file: BankFileId,
) -> Result<bool, DbError> {
    let changed = tx
        .run(
            "update payouts set bank_file_id = $1, version = version + 1
              where shop_id = $2 and id = $3 and version = $4 and bank_file_id = 0",
            p![file, payout.shop, payout.id, payout.version],
        )
        .await?;
    Ok(changed == 1)
}

/// A file for the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankFileRow {
    pub id: BankFileId,
    pub total: Money,
    pub made_by: PersonId,
    pub payouts_count: i64,
    pub created_at: Timestamp,
}

impl FromRow for BankFileRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let currency = Currency::parse(&row.get::<String>(1)?)
            .map_err(|error| DbError::Broken(error.to_string()))?;
        Ok(Self {
            id: row.get(0)?,
            total: Money::new(row.get(4)?, currency),
            made_by: row.get(2)?,
            payouts_count: row.get(3)?,
            created_at: row.get(5)?,
        })
    }
}

pub async fn insert_file(tx: &mut Tx, file: &BankFileRow) -> Result<(), DbError> {
    tx.put(
        "insert into bank_files (id, home_id, currency, made_by, payouts_count, total_minor, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
        p![
            file.id,
            HOUSE,
            file.total.currency.code(),
            file.made_by,
            file.payouts_count,
            file.total.minor,
            file.created_at
        ],
    )
    .await
}

pub async fn file(tx: &mut Tx, id: BankFileId) -> Result<Option<BankFileRow>, DbError> {
    tx.maybe(
        "select id, currency, made_by, payouts_count, total_minor, created_at from bank_files where home_id = $1 and id = $2",
        p![HOUSE, id],
    )
    .await
}

/// The newest files first.
pub async fn files(tx: &mut Tx, limit: i64) -> Result<Vec<BankFileRow>, DbError> {
    tx.many(
        "select id, currency, made_by, payouts_count, total_minor, created_at from bank_files where home_id = $1 order by id desc limit $2",
        p![HOUSE, limit],
    )
    .await
}
