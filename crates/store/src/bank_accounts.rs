//! The bank accounts of shops: the one in use, the one which waits to be used, and those before.

use rules::ids::{BankAccountId, PersonId, ShopId};
use rules::settlement::bank_accounts::{AccountNumber, AccountScheme};
use rules::time::Timestamp;

use crate::db::{DbError, FromRow, Row, Tx};
use crate::p;

/// States of an account. Which of the registered ones is in use is a question of `usable_at`.
pub const REGISTERED: &str = "registered";
/// The owner took the change back before it was used.
pub const WITHDRAWN: &str = "withdrawn";
/// The bank says that nothing arrives there.
pub const REFUSED: &str = "refused";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankAccount {
    pub id: BankAccountId,
    pub shop: ShopId,
    pub state: String,
    pub holder: String,
    /// ISO 3166-1, two letters.
    pub country: String,
    pub account: AccountNumber,
    /// From then on payouts go here, until a later one is usable.
    pub usable_at: Timestamp,
    pub changed_by: PersonId,
    pub version: i64,
    pub created_at: Timestamp,
}

impl BankAccount {
    /// Whether its time has come at this moment: it is used, or was until the bank refused it.
    pub fn has_begun(&self, now: Timestamp) -> bool {
        self.state != WITHDRAWN && self.usable_at <= now
    }

    pub fn is_refused(&self) -> bool {
        self.state == REFUSED
    }
}

const ACCOUNT: &str = "id, shop_id, state, holder, country, scheme, bank, number, usable_at, changed_by, version, created_at";

impl FromRow for BankAccount {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let scheme: String = row.get(5)?;
        let scheme = AccountScheme::parse(&scheme)
            .ok_or_else(|| DbError::Broken(format!("account scheme {scheme}")))?;
        Ok(Self {
            id: row.get(0)?,
            shop: row.get(1)?,
            state: row.get(2)?,
            holder: row.get(3)?,
            country: row.get(4)?,
            account: AccountNumber { scheme, bank: row.get(6)?, number: row.get(7)? },
            usable_at: row.get(8)?,
            changed_by: row.get(9)?,
            version: row.get(10)?,
            created_at: row.get(11)?,
        })
    }
}

pub async fn insert(tx: &mut Tx, account: &BankAccount) -> Result<(), DbError> {
    let sql = format!(
        "insert into bank_accounts ({ACCOUNT}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    );
    tx.put(
        &sql,
        p![
            account.id,
            account.shop,
            &account.state,
            &account.holder,
            &account.country,
            account.account.scheme.code(),
            &account.account.bank,
            &account.account.number,
            account.usable_at,
            account.changed_by,
            account.version,
            account.created_at
        ],
    )
    .await
}

/// All accounts a shop ever had, the newest first.
pub async fn of_shop(tx: &mut Tx, shop: ShopId) -> Result<Vec<BankAccount>, DbError> {
    let sql = format!("select {ACCOUNT} from bank_accounts where shop_id = $1 order by id desc");
    tx.many(&sql, p![shop]).await
}

pub async fn load(
    tx: &mut Tx,
    shop: ShopId,
    id: BankAccountId,
) -> Result<Option<BankAccount>, DbError> {
    let sql = format!("select {ACCOUNT} from bank_accounts where shop_id = $1 and id = $2");
    tx.maybe(&sql, p![shop, id]).await
}

/// Writes a new state, by version.
pub async fn record(tx: &mut Tx, before: &BankAccount, state: &str) -> Result<(), DbError> {
    let changed = tx
        .run(
            "update bank_accounts set state = $1, version = version + 1
              where shop_id = $2 and id = $3 and version = $4",
            p![state, before.shop, before.id, before.version],
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(DbError::Again) }
}
