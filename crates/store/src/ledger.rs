//! The ledger's tables: transfers, which are only ever added, and the balances which equal their sums.

use std::collections::BTreeMap;

use rules::ids::{Id, OrderId, ShopId, TransferId};
use rules::ledger::check::{AccountKey, OrderMoney, ReserveParts, SharedOut, Sums};
use rules::ledger::clearing::Clearing;
use rules::ledger::{Account, Balance, Transfer, TransferCode, TransferKind, TransferRow, effect};
use rules::money::Currency;
use rules::orders::Fault;
use rules::orders::OrderStateName;
use rules::orders::refunds::Shares;
use rules::time::{Span, Timestamp};

use crate::db::{DbError, FromRow, P, Row, Tx};
use crate::{p, reconciliation};

/// The occasion on which a set of transfers is posted. `step` is the version the subject reaches by it: together with
/// the place in the set it names each transfer for ever, so no occasion can be posted twice.
#[derive(Clone, Copy, Debug)]
pub struct Occasion {
    pub home_id: i64,
    pub currency: Currency,
    pub subject: &'static str,
    pub subject_id: i64,
    pub step: i64,
    pub now: Timestamp,
}

/// Posts transfers of one home. `ids` are made before the act, one a transfer at least.
///
/// # Panics
/// When a transfer moves nothing or less, or names one account twice: that is a mistake in a rule.
pub async fn post(
    tx: &mut Tx,
    occasion: &Occasion,
    transfers: &[Transfer],
    ids: &[TransferId],
) -> Result<(), DbError> {
    assert!(ids.len() >= transfers.len(), "an id for each transfer");
    let mut values: Vec<P<'_>> = Vec::with_capacity(transfers.len() * 14);
    let mut deltas: BTreeMap<Account, Balance> = BTreeMap::new();
    for (leg, (transfer, id)) in transfers.iter().zip(ids).enumerate() {
        assert!(transfer.amount_minor > 0, "a transfer moves something");
        assert!(transfer.debit != transfer.credit, "a transfer has two sides");
        let (debit, credit) = effect(TransferKind::Posted, transfer.amount_minor, 0);
        deltas.entry(transfer.debit).or_default().add(debit);
        deltas.entry(transfer.credit).or_default().add(credit);
        values.extend([
            (*id).into(),
            occasion.home_id.into(),
            transfer.debit.code().into(),
            transfer.credit.code().into(),
            occasion.currency.code().into(),
            transfer.amount_minor.into(),
            transfer.code.code().into(),
            TransferKind::Posted.code().into(),
            P::Null,
            occasion.subject.into(),
            occasion.subject_id.into(),
            occasion.step.into(),
            (leg as i64).into(),
            occasion.now.into(),
        ]);
    }
    if values.is_empty() {
        return Ok(());
    }
    tx.rows(TRANSFER_HEAD, 14, "", &values).await?;
    // In the order of the accounts, so that two acts of one shop never wait for each other crosswise.
    for (account, delta) in deltas {
        add_to_balance(tx, occasion, account, delta).await?;
    }
    Ok(())
}

/// 14 columns.
pub(crate) const TRANSFER_HEAD: &str = "insert into transfers (id, home_id, debit_account, credit_account, currency, amount_minor, code, kind, of_id, subject, subject_id, step, leg, created_at) values";

/// Moves one balance of the occasion's home.
///
/// # Errors
/// When an account which may not go below zero would.
pub(crate) async fn add_to_balance(
    tx: &mut Tx,
    occasion: &Occasion,
    account: Account,
    delta: Balance,
) -> Result<(), DbError> {
    let guarded = !account.may_go_below_zero() && (delta.spendable(account) < 0);
    let params = p![
        occasion.home_id,
        account.code(),
        occasion.currency.code(),
        delta.debits_posted,
        delta.debits_pending,
        delta.credits_posted,
        delta.credits_pending,
        occasion.now
    ];
    let upsert = "insert into balances (home_id, account, currency, debits_posted_minor, debits_pending_minor, credits_posted_minor, credits_pending_minor, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (home_id, account, currency) do update
            set debits_posted_minor = balances.debits_posted_minor + excluded.debits_posted_minor,
                debits_pending_minor = balances.debits_pending_minor + excluded.debits_pending_minor,
                credits_posted_minor = balances.credits_posted_minor + excluded.credits_posted_minor,
                credits_pending_minor = balances.credits_pending_minor + excluded.credits_pending_minor";
    if !guarded {
        return tx.put(upsert, params).await;
    }
    let after: (i64, i64, i64, i64) = tx
        .one(
            &format!("{upsert} returning debits_posted_minor, debits_pending_minor, credits_posted_minor, credits_pending_minor"),
            params,
        )
        .await?;
    let after = Balance {
        debits_posted: after.0,
        debits_pending: after.1,
        credits_posted: after.2,
        credits_pending: after.3,
    };
    if after.spendable(account) < 0 {
        let (home, code) = (occasion.home_id, account.code());
        return Err(DbError::Broken(format!("{code} of home {home} would go below zero")));
    }
    Ok(())
}

/// One account with what stands on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceRow {
    pub home_id: i64,
    pub account: Account,
    pub currency: Currency,
    pub balance: Balance,
}

impl FromRow for BalanceRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            home_id: row.get(0)?,
            account: account(&row.get::<String>(1)?)?,
            currency: currency(&row.get::<String>(2)?)?,
            balance: Balance {
                debits_posted: row.get(3)?,
                debits_pending: row.get(4)?,
                credits_posted: row.get(5)?,
                credits_pending: row.get(6)?,
            },
        })
    }
}

fn account(code: &str) -> Result<Account, DbError> {
    Account::parse(code).ok_or_else(|| DbError::Broken(format!("no account is called {code}")))
}

fn currency(code: &str) -> Result<Currency, DbError> {
    Currency::parse(code).map_err(|error| DbError::Broken(error.to_string()))
}

pub(crate) struct Transferred(pub(crate) TransferRow);

impl FromRow for Transferred {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let of: Option<TransferId> = row.get(8)?;
        let code: String = row.get(6)?;
        let kind: String = row.get(7)?;
        let broken = || DbError::Broken(format!("transfer code {code}, kind {kind}"));
        let kind = match (kind.as_str(), of) {
            ("posted", None) => TransferKind::Posted,
            ("pending", None) => TransferKind::Pending,
            ("post", Some(of)) => TransferKind::Post { of },
            ("void", Some(of)) => TransferKind::Void { of },
            ("reversal", Some(of)) => TransferKind::Reversal { of },
            _ => return Err(broken()),
        };
        Ok(Self(TransferRow {
            id: row.get(0)?,
            home_id: row.get(1)?,
            debit: account(&row.get::<String>(2)?)?,
            credit: account(&row.get::<String>(3)?)?,
            currency: currency(&row.get::<String>(4)?)?,
            amount_minor: row.get(5)?,
            code: TransferCode::parse(&code).ok_or_else(broken)?,
            kind,
            subject: row.get(9)?,
            subject_id: row.get(10)?,
            created_at: row.get(11)?,
            step: row.get(12)?,
        }))
    }
}

pub(crate) const TRANSFER: &str = "id, home_id, debit_account, credit_account, currency, amount_minor, code, kind, of_id, subject, subject_id, created_at, step";

/// The balances of one home.
pub async fn balances_of(tx: &mut Tx, home_id: i64) -> Result<Vec<BalanceRow>, DbError> {
    tx.many(
        "select home_id, account, currency, debits_posted_minor, debits_pending_minor, credits_posted_minor, credits_pending_minor
           from balances
          where home_id = $1
          order by currency, account",
        p![home_id],
    )
    .await
}

/// All balances of the house: the trial balance is their sum by account and currency.
pub async fn all_balances(tx: &mut Tx) -> Result<Vec<BalanceRow>, DbError> {
    tx.many(
        "select home_id, account, currency, debits_posted_minor, debits_pending_minor, credits_posted_minor, credits_pending_minor
           from balances
          order by home_id, currency, account",
        p![],
    )
    .await
}

/// What one subject (an order) moved, oldest first.
pub async fn of_subject(
    tx: &mut Tx,
    home_id: i64,
    subject_id: i64,
) -> Result<Vec<TransferRow>, DbError> {
    // In the order of the index which begins with the subject, and sorted here: asked for in the order of ids, an engine
    // which knows nothing of the numbers of rows walks through everything its home ever moved.
    let rows: Vec<Transferred> = tx
        .many(
            &format!("select {TRANSFER} from transfers where subject_id = $1 and home_id = $2 order by step, leg"),
            p![subject_id, home_id],
        )
        .await?;
    let mut rows: Vec<TransferRow> = rows.into_iter().map(|row| row.0).collect();
    rows.sort_by_key(|row| row.id);
    Ok(rows)
}

/// The newest transfers of one account (or of all, with `None`) of a home; `before` pages on.
pub async fn of_account(
    tx: &mut Tx,
    home_id: i64,
    account: Option<Account>,
    before: i64,
    limit: i64,
) -> Result<Vec<TransferRow>, DbError> {
    let code = account.map_or("", Account::code);
    let rows: Vec<Transferred> = tx
        .many(
            &format!(
                "select {TRANSFER} from transfers
                  where home_id = $1
                    and id < $2
                    and ($3 = '' or debit_account = $3 or credit_account = $3)
                  order by id desc
                  limit $4"
            ),
            p![home_id, before, code, limit],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Everything which `guildhall ledger check` compares, read in one snapshot.
pub struct Books {
    pub sums: Sums,
    pub kept: BTreeMap<AccountKey, Balance>,
    pub orders: Vec<OrderMoney>,
    pub reserve_parts: ReserveParts,
    /// The money at providers and at the bank, ours and as they report it.
    pub clearing: Clearing,
    pub transfers: u64,
}

/// Reads the whole ledger page by page; memory grows with accounts and orders, not with transfers. `providers` and
/// `delay` are those of [`reconciliation::horizon`].
pub async fn books(tx: &mut Tx, providers: &[String], delay: Span) -> Result<Books, DbError> {
    let mut sums = Sums::default();
    let mut clearing = Clearing::new(reconciliation::horizon(tx, providers, delay).await?);
    reconciliation::take_reports(tx, &mut clearing).await?;
    let mut after = 0_i64;
    let mut transfers = 0_u64;
    loop {
        let page: Vec<Transferred> = tx
            .many(
                &format!("select {TRANSFER} from transfers where id > $1 order by id limit $2"),
                p![after, 5_000],
            )
            .await?;
        let Some(last) = page.last() else { break };
        after = last.0.id.number();
        transfers += page.len() as u64;
        for row in &page {
            sums.take(&row.0);
            clearing.take(&row.0);
        }
    }
    let mut kept = BTreeMap::new();
    for row in all_balances(tx).await? {
        kept.insert((row.home_id, row.account, row.currency.code()), row.balance);
    }
    let orders = order_money(tx).await?;
    let reserve_parts = reserve_parts_by_home(tx).await?;
    Ok(Books { sums, kept, orders, reserve_parts, clearing, transfers })
}

/// The transfers of one home summed, to be compared with its balances.
pub async fn sums_of(tx: &mut Tx, home_id: i64) -> Result<Sums, DbError> {
    let mut sums = Sums::default();
    let mut after = 0_i64;
    loop {
        let page: Vec<Transferred> = tx
            .many(
                &format!(
                    "select {TRANSFER} from transfers where home_id = $1 and id > $2 order by id limit $3"
                ),
                p![home_id, after, 5_000],
            )
            .await?;
        let Some(last) = page.last() else { break };
        after = last.0.id.number();
        for row in &page {
            sums.take(&row.0);
        }
    }
    Ok(sums)
}

async fn order_money(tx: &mut Tx) -> Result<Vec<OrderMoney>, DbError> {
    let mut all = Vec::new();
    let mut after = 0_i64;
    loop {
        let page: Vec<OrderSums> = tx
            .many(
                "select id, shop_id, currency, state, total_minor, paid_at, tax_minor, house_discount_minor, back_minor, back_tax_minor, back_house_discount_minor, duty_minor, back_duty_minor,
                        commission_minor, back_commission_minor, refund_fee_minor, fault,
                        borne_minor, borne_tax_minor, borne_house_discount_minor, borne_duty_minor, borne_commission_minor
                   from orders where id > $1 order by id limit $2",
                p![after, 5_000],
            )
            .await?;
        let Some(last) = page.last() else { break };
        after = last.order.number();
        all.extend(page.into_iter().map(OrderSums::money).collect::<Result<Vec<_>, _>>()?);
    }
    Ok(all)
}

/// What an order's row says of its money.
struct OrderSums {
    order: OrderId,
    shop: ShopId,
    currency: String,
    state: String,
    paid_at: Option<Timestamp>,
    paid: Shares,
    back: Shares,
    /// What of `back` others bore.
    borne: Shares,
    fee_minor: i64,
    fault: String,
}

impl FromRow for OrderSums {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let shares = |paid, tax, house, duty, commission| {
            Ok::<_, DbError>(Shares {
                paid_minor: row.get(paid)?,
                tax_minor: row.get(tax)?,
                duty_minor: row.get(duty)?,
                house_discount_minor: row.get(house)?,
                commission_minor: row.get(commission)?,
                ..Shares::NOTHING
            })
        };
        Ok(Self {
            order: row.get(0)?,
            shop: row.get(1)?,
            currency: row.get(2)?,
            state: row.get(3)?,
            paid_at: row.get(5)?,
            paid: shares(4, 6, 7, 11, 13)?,
            back: shares(8, 9, 10, 12, 14)?,
            borne: shares(17, 18, 19, 20, 21)?,
            fee_minor: row.get(15)?,
            fault: row.get(16)?,
        })
    }
}

impl OrderSums {
    fn money(self) -> Result<OrderMoney, DbError> {
        let name = OrderStateName::parse(&self.state)
            .ok_or_else(|| DbError::Broken(format!("order state {}", self.state)))?;
        let paid = self.paid_at.is_some();
        let ended = matches!(name, OrderStateName::Settled | OrderStateName::Cancelled);
        let open = paid && !ended;
        // Of a parcel which the carrier lost the shop is paid as if it had arrived.
        let shared = name == OrderStateName::Settled
            || (name == OrderStateName::Cancelled && self.fault == Fault::Carrier.code());
        let stays = self.paid.less(self.back).plus(self.borne);
        Ok(OrderMoney {
            order: self.order,
            home_id: self.shop.number(),
            currency: currency(&self.currency)?,
            paid_minor: if paid { self.paid.paid_minor } else { 0 },
            back_minor: self.back.paid_minor,
            escrow_minor: if open { stays.escrow_minor() } else { 0 },
            in_escrow: open,
            shared_out: if paid {
                shared_out(stays, self.fee_minor, shared)
            } else {
                SharedOut::default()
            },
        })
    }
}

/// `shared`: whether the shop has its proceeds, and so the house its commission and its fee.
const fn shared_out(stays: Shares, fee_minor: i64, shared: bool) -> SharedOut {
    SharedOut {
        tax_minor: stays.tax_minor,
        duty_minor: stays.duty_minor,
        house_discount_minor: stays.house_discount_minor,
        commission_minor: if shared { stays.commission_minor } else { 0 },
        fee_minor: if shared { fee_minor } else { 0 },
    }
}

/// What is kept in reserve, part by part summed.
async fn reserve_parts_by_home(tx: &mut Tx) -> Result<ReserveParts, DbError> {
    let rows: Vec<(i64, String, i64)> = tx
        .many(
            "select home_id, currency, cast(sum(amount_minor - taken_minor) as bigint) from reserve_parts where state = 'kept' group by home_id, currency",
            p![],
        )
        .await?;
    let mut parts = ReserveParts::new();
    for (home, code, minor) in rows {
        parts.insert((home, currency(&code)?.code()), minor);
    }
    Ok(parts)
}

/// One part of the rolling reserve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservePart {
    pub id: Id<ReservePartKind>,
    pub home_id: i64,
    pub order: OrderId,
    pub currency: Currency,
    pub amount_minor: i64,
    /// What of it was taken before its time, for refunds after settlement.
    pub taken_minor: i64,
    pub release_at: Option<Timestamp>,
    pub version: i64,
}

impl ReservePart {
    /// What is released when its time comes.
    pub const fn left_minor(&self) -> i64 {
        self.amount_minor - self.taken_minor
    }
}

/// The kind of a reserve part's id.
pub enum ReservePartKind {}

impl FromRow for ReservePart {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(0)?,
            home_id: row.get(1)?,
            order: row.get(2)?,
            currency: currency(&row.get::<String>(3)?)?,
            amount_minor: row.get(4)?,
            release_at: row.get(5)?,
            version: row.get(6)?,
            taken_minor: row.get(7)?,
        })
    }
}

pub async fn insert_reserve_part(
    tx: &mut Tx,
    part: &ReservePart,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.put(
        "insert into reserve_parts (id, home_id, order_id, currency, amount_minor, state, due_at, claimed_until, version, created_at)
         values ($1, $2, $3, $4, $5, 'kept', $6, 0, 1, $7)",
        p![part.id, part.home_id, part.order, part.currency.code(), part.amount_minor, part.release_at, now],
    )
    .await
}

pub async fn reserve_part(
    tx: &mut Tx,
    home_id: i64,
    id: i64,
) -> Result<Option<ReservePart>, DbError> {
    tx.maybe(
        "select id, home_id, order_id, currency, amount_minor, due_at, version, taken_minor from reserve_parts where home_id = $1 and id = $2",
        p![home_id, id],
    )
    .await
}

pub async fn release_reserve_part(tx: &mut Tx, part: &ReservePart) -> Result<(), DbError> {
    let changed = tx
        .run(
            "update reserve_parts set state = 'released', due_at = null, version = version + 1
              where home_id = $1 and id = $2 and version = $3",
            p![part.home_id, part.id, part.version],
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(DbError::Again) }
}

/// The parts still kept of one home, the soonest release first.
pub async fn reserve_parts_of(
    tx: &mut Tx,
    home_id: i64,
    limit: i64,
) -> Result<Vec<ReservePart>, DbError> {
    tx.many(
        "select id, home_id, order_id, currency, amount_minor, due_at, version, taken_minor
           from reserve_parts
          where home_id = $1
            and due_at is not null
          order by due_at, id
          limit $2",
        p![home_id, limit],
    )
    .await
}

/// As [`reserve_parts_of`], of one currency.
pub async fn reserve_parts_in(
    tx: &mut Tx,
    home_id: i64,
    currency: Currency,
    limit: i64,
) -> Result<Vec<ReservePart>, DbError> {
    tx.many(
        "select id, home_id, order_id, currency, amount_minor, due_at, version, taken_minor
           from reserve_parts
          where home_id = $1
            and due_at is not null
            and currency = $2
          order by due_at, id
          limit $3",
        p![home_id, currency.code(), limit],
    )
    .await
}

/// Takes some of a part before its time; one of which nothing is left is over.
pub async fn take_of_reserve_part(
    tx: &mut Tx,
    part: &ReservePart,
    minor: i64,
) -> Result<(), DbError> {
    let left = part.left_minor() - minor;
    let (state, release_at) = if left > 0 { ("kept", part.release_at) } else { ("used", None) };
    let changed = tx
        .run(
            "update reserve_parts set taken_minor = $1, state = $2, due_at = $3, version = version + 1
              where home_id = $4 and id = $5 and version = $6",
            p![part.taken_minor + minor, state, release_at, part.home_id, part.id, part.version],
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(DbError::Again) }
}
