//! Files for the house's bank: which payouts are in one, and its text.

use rules::ids::BankFileId;
use rules::money::{Currency, Money};
use rules::settlement::bank_file::{BankFile, Instruction, Payer};
use store::payouts::{BankFileRow, PayoutRow};
use store::{Tx, bank_accounts, lists, payouts};

use super::of_house;
use crate::caller::Caller;
use crate::failure::{Failure, Refusal};
use crate::market::Market;
use crate::requests::{self, Answered, RequestKey};

/// The most payouts in one file. [X] banks take tens of thousands; a person still reads this one.
const MOST: i64 = 2_000;

/// A file which was made.
pub type FileMade = Answered<BankFileId>;

/// Puts every payout which was sent and is in no file yet into a new one, of one currency.
pub async fn make_bank_file(
    market: &Market,
    caller: &Caller,
    currency: Currency,
    request: Option<RequestKey>,
) -> Result<FileMade, Failure> {
    let made_by = of_house(caller)?;
    let (now, block) = (market.now(), market.ids.block(1));
    market
        .store
        .write(async move |tx: &mut Tx| {
            if let Some(answered) = requests::kept(tx, request.as_ref()).await? {
                return Ok(answered);
            }
            let id: BankFileId = block.start().take();
            let rows = lists::payouts::without_file(tx, currency, MOST).await?;
            // A file is made of what was there before it: its number bounds the search for what is in it.
            let rows: Vec<PayoutRow> =
                rows.into_iter().filter(|row| row.id.number() < id.number()).collect();
            if rows.is_empty() {
                let says = "there is no payout in this currency which waits for a file";
                return Err(Refusal::new("nothing_for_file", says)
                    .fact("currency", currency)
                    .into());
            }
            let mut total = 0;
            for row in &rows {
                if !payouts::put_into_file(tx, row, id).await? {
                    return Err(Failure::Again);
                }
                total += row.amount.minor;
            }
            let file = BankFileRow {
                id,
                total: Money::new(total, currency),
                made_by,
                payouts_count: rows.len() as i64,
                created_at: now,
            };
            payouts::insert_file(tx, &file).await?;
            requests::keep(tx, request.as_ref(), &id, now).await?;
            Ok(Answered::new(id))
        })
        .await
}

/// A file's own row, and its text. The same file is the same text whenever it is asked for, as long as the house's
/// account stays the same.
pub async fn bank_file(
    market: &Market,
    caller: &Caller,
    id: BankFileId,
) -> Result<(BankFileRow, String), Failure> {
    of_house(caller)?;
    let book = market.policy_book();
    market
        .store
        .read(async move |tx: &mut Tx| {
            let row = payouts::file(tx, id).await?.ok_or(Failure::NotFound)?;
            let policy = book.in_force(row.created_at).1.house_settlement().clone();
            let code = row.total.currency.code();
            let Some(own) = policy.house_account.get(code) else {
                let says = "the policy names no account of the house in this currency";
                return Err(Refusal::new("no_house_account", says).fact("currency", code).into());
            };
            let mut instructions = Vec::new();
            for payout in lists::payouts::of_file(tx, id).await? {
                let account = bank_accounts::load(tx, payout.shop, payout.bank_account).await?;
                let account = account.ok_or_else(|| {
                    Failure::Broken(format!("payout {} has no bank account", payout.id))
                })?;
                instructions.push(Instruction {
                    id: payout.id.to_string(),
                    amount: payout.amount,
                    holder: account.holder,
                    country: account.country,
                    account: account.account,
                    note: format!("{} payout {}", own.holder, payout.first),
                });
            }
            if instructions.is_empty() {
                return Err(Failure::NotFound);
            }
            let file = BankFile {
                message_id: format!("GH-{id}"),
                created_at: row.created_at,
                payer: Payer { name: own.holder.clone(), account: own.account.clone() },
                instructions,
            };
            let text = file.to_xml();
            Ok((row, text))
        })
        .await
}

/// The newest files first.
pub async fn files(market: &Market, caller: &Caller) -> Result<Vec<BankFileRow>, Failure> {
    of_house(caller)?;
    market
        .store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(payouts::files(tx, 100).await?))
        .await
}
