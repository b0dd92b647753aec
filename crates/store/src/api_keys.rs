//! Keys for programs. The secret comes here as its hash only.

use rules::ids::{ApiKeyId, PersonId, ShopId};
use rules::time::Timestamp;

use crate::{DbError, FromRow, Row, Tx, p};

/// A key of a program which acts for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKeyRow {
    /// SHA-256 of the whole key, base64url.
    pub secret_hash: String,
    pub id: ApiKeyId,
    pub person: PersonId,
    /// The shop, or the house; for a buyer's key the number of the buyer.
    pub home: ShopId,
    /// `buyer`, `shop` or `operator`.
    pub scope: String,
    pub name: String,
    /// The beginning of the key, to tell keys apart.
    pub prefix: String,
    pub revoked_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

impl FromRow for ApiKeyRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(ApiKeyRow {
            secret_hash: row.get(0)?,
            id: row.get(1)?,
            person: row.get(2)?,
            home: row.get(3)?,
            scope: row.get(4)?,
            name: row.get(5)?,
            prefix: row.get(6)?,
            revoked_at: row.get(7)?,
            created_at: row.get(8)?,
        })
    }
}

pub async fn insert_key(tx: &mut Tx, key: &ApiKeyRow) -> Result<(), DbError> {
    tx.put(
        "insert into api_keys \
         (secret_hash, id, person_id, home_id, scope, name, prefix, revoked_at, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        p![
            &key.secret_hash,
            key.id,
            key.person,
            key.home,
            &key.scope,
            &key.name,
            &key.prefix,
            key.revoked_at,
            key.created_at
        ],
    )
    .await
}

/// The key with this secret, revoked or not.
pub async fn load_key(tx: &mut Tx, secret_hash: &str) -> Result<Option<ApiKeyRow>, DbError> {
    tx.maybe(
        "select secret_hash, id, person_id, home_id, scope, name, prefix, revoked_at, created_at \
         from api_keys where secret_hash = $1",
        p![secret_hash],
    )
    .await
}

/// All keys of a shop, of the house or of a buyer, in the order they were made.
pub async fn list_keys(tx: &mut Tx, home: ShopId) -> Result<Vec<ApiKeyRow>, DbError> {
    tx.many(
        "select secret_hash, id, person_id, home_id, scope, name, prefix, revoked_at, created_at \
         from api_keys where home_id = $1 order by id",
        p![home],
    )
    .await
}

/// Revokes a key for good; a second time changes nothing.
pub async fn record_key_revoked(
    tx: &mut Tx,
    secret_hash: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.put(
        "update api_keys set revoked_at = $1 where secret_hash = $2 and revoked_at is null",
        p![now, secret_hash],
    )
    .await
}
