//! Payouts over all shops, as the house sees and plans them.

use rules::ids::{BankFileId, PayoutId, ShopId};
use rules::money::Currency;
use rules::settlement::payouts::PayoutState;
use rules::time::Timestamp;

use crate::db::{DbError, Tx};
use crate::p;
use crate::payouts::{PAYOUT, PayoutRow};

/// The payouts of the house, the newest first: of one state, or of all with an empty text. `before` pages on.
pub async fn newest(
    tx: &mut Tx,
    state: &str,
    before: i64,
    limit: i64,
) -> Result<Vec<PayoutRow>, DbError> {
    let sql = format!(
        "select {PAYOUT} from payouts where id < $1 and ($2 = '' or state = $2) order by id desc limit $3"
    );
    tx.many(&sql, p![before, state, limit]).await
}

/// Those which wait and say why, the oldest first.
pub async fn stopped(tx: &mut Tx, limit: i64) -> Result<Vec<PayoutRow>, DbError> {
    let sql = format!(
        "select {PAYOUT} from payouts where due_at is not null and obstacles <> '' order by id limit $1"
    );
    tx.many(&sql, p![limit]).await
}

/// Sent and in no file yet, of one currency, the oldest first.
pub async fn without_file(
    tx: &mut Tx,
    currency: Currency,
    limit: i64,
) -> Result<Vec<PayoutRow>, DbError> {
    let sql = format!(
        "select {PAYOUT} from payouts where due_at is not null and state = $1 and currency = $2 and bank_file_id = 0 order by id limit $3"
    );
    let sent = PayoutState::Sent { answer_by: Timestamp::from_ms(0) }.code();
    tx.many(&sql, p![sent, currency.code(), limit]).await
}

/// In how many payouts money waits for a file, by currency.
pub async fn waiting_for_file(tx: &mut Tx) -> Result<Vec<(String, i64, i64)>, DbError> {
    tx.many(
        "select currency, count(*), cast(sum(amount_minor) as bigint) from payouts where due_at is not null and state = 'sent' and bank_file_id = 0 group by currency order by currency",
        p![],
    )
    .await
}

/// What is in a file, in the order of ids. A file is made of what had been sent before it: `made_at` bounds the search.
pub async fn of_file(tx: &mut Tx, file: BankFileId) -> Result<Vec<PayoutRow>, DbError> {
    let sql =
        format!("select {PAYOUT} from payouts where id < $1 and bank_file_id = $1 order by id");
    tx.many(&sql, p![file]).await
}

/// The shop of a payout which was given by its number alone.
pub async fn shop_of(tx: &mut Tx, payout: PayoutId) -> Result<Option<ShopId>, DbError> {
    tx.maybe("select shop_id from payouts where id = $1", p![payout]).await
}

/// The shops with money they may have, and how much of each currency.
pub async fn available(tx: &mut Tx) -> Result<Vec<(ShopId, String, i64)>, DbError> {
    tx.many(
        "select home_id, currency, credits_posted_minor - debits_posted_minor - debits_pending_minor
           from balances
          where account = 'available'
            and credits_posted_minor - debits_posted_minor - debits_pending_minor > 0
          order by home_id, currency",
        p![],
    )
    .await
}
