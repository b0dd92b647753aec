//! What providers and the bank report, line by line, and where that differs from the books.

use std::collections::BTreeMap;

use rules::ids::{DifferenceId, HOUSE, Id, OrderId, PersonId, ProviderReportId, ShopId};
use rules::ledger::TransferRow;
use rules::ledger::clearing::{Clearing, Horizon, MovementKey, MovementKind, Reach};
use rules::money::{Currency, Money};
use rules::settlement::provider_reports::ReportLine;
use rules::time::{Span, Timestamp};

use crate::db::{DbError, FromRow, P, Row, Tx};
use crate::ledger::{TRANSFER, Transferred};
use crate::p;

/// The source of the bank's reports; every other source is a payment provider's name.
pub const BANK: &str = "bank";

/// A report which was taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub id: ProviderReportId,
    pub source: String,
    /// The period: from this moment on, and before the other one.
    pub from: Timestamp,
    pub to: Timestamp,
    pub content_hash: String,
    pub lines_count: i64,
    /// Lines which no report before had.
    pub new_count: i64,
    pub taken_by: PersonId,
    pub created_at: Timestamp,
}

const REPORT: &str =
    "id, source, from_at, to_at, content_hash, lines_count, new_count, taken_by, created_at";

impl FromRow for Report {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(0)?,
            source: row.get(1)?,
            from: row.get(2)?,
            to: row.get(3)?,
            content_hash: row.get(4)?,
            lines_count: row.get(5)?,
            new_count: row.get(6)?,
            taken_by: row.get(7)?,
            created_at: row.get(8)?,
        })
    }
}

pub async fn insert_report(tx: &mut Tx, report: &Report) -> Result<(), DbError> {
    tx.put(
        "insert into provider_reports (id, home_id, source, from_at, to_at, content_hash, lines_count, new_count, taken_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        p![
            report.id,
            HOUSE,
            &report.source,
            report.from,
            report.to,
            &report.content_hash,
            report.lines_count,
            report.new_count,
            report.taken_by,
            report.created_at
        ],
    )
    .await
}

pub async fn report(tx: &mut Tx, id: ProviderReportId) -> Result<Option<Report>, DbError> {
    let sql = format!("select {REPORT} from provider_reports where home_id = $1 and id = $2");
    tx.maybe(&sql, p![HOUSE, id]).await
}

/// The newest reports first.
pub async fn reports(tx: &mut Tx, limit: i64) -> Result<Vec<Report>, DbError> {
    let sql = format!(
        "select {REPORT} from provider_reports where home_id = $1 order by id desc limit $2"
    );
    tx.many(&sql, p![HOUSE, limit]).await
}

/// When each source's reports begin and end.
pub async fn reaches(tx: &mut Tx) -> Result<BTreeMap<String, Reach>, DbError> {
    let rows: Vec<(String, Timestamp, Timestamp)> = tx
        .many(
            "select source, min(from_at), max(to_at) from provider_reports where home_id = $1 group by source order by source",
            p![HOUSE],
        )
        .await?;
    Ok(rows.into_iter().map(|(source, from, until)| (source, Reach { from, until })).collect())
}

/// Until when all expected reports tell everything. `providers` are those which the policy expects; a source without a
/// report holds the horizon back. `delay` is how much younger a movement may be in the books than in a report.
pub async fn horizon(tx: &mut Tx, providers: &[String], delay: Span) -> Result<Horizon, DbError> {
    let reaches = reaches(tx).await?;
    let of = |source: &str| {
        let reach = reaches.get(source)?;
        Some(Reach { from: reach.from, until: reach.until - delay })
    };
    let all: Option<Vec<Reach>> = providers.iter().map(|source| of(source)).collect();
    let providers = all.and_then(|all| {
        let from = all.iter().map(|reach| reach.from).max()?;
        let until = all.iter().map(|reach| reach.until).min()?;
        Some(Reach { from, until })
    });
    Ok(Horizon { providers, bank: of(BANK) })
}

/// A line as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: Id<()>,
    pub home_id: i64,
    pub report: ProviderReportId,
    pub source: String,
    pub line: String,
    pub kind: MovementKind,
    pub reference: i64,
    pub amount: Money,
    pub happened_at: Timestamp,
}

const LINE: &str = "id, home_id, report_id, source, line_ref, kind, reference_id, currency, amount_minor, happened_at";

impl FromRow for Line {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(0)?,
            home_id: row.get(1)?,
            report: row.get(2)?,
            source: row.get(3)?,
            line: row.get(4)?,
            kind: kind(&row.get::<String>(5)?)?,
            reference: row.get(6)?,
            amount: Money::new(row.get(8)?, currency(&row.get::<String>(7)?)?),
            happened_at: row.get(9)?,
        })
    }
}

impl Line {
    pub fn key(&self) -> MovementKey {
        MovementKey {
            home_id: self.home_id,
            kind: self.kind,
            reference: self.reference,
            currency: self.amount.currency.code(),
        }
    }
}

fn kind(code: &str) -> Result<MovementKind, DbError> {
    MovementKind::parse(code).ok_or_else(|| DbError::Broken(format!("movement {code}")))
}

fn currency(code: &str) -> Result<Currency, DbError> {
    Currency::parse(code).map_err(|error| DbError::Broken(error.to_string()))
}

/// Keeps the lines of a report; one which an earlier report had is the same movement. Answers how many are new.
pub async fn insert_lines(
    tx: &mut Tx,
    report: &Report,
    lines: &[ReportLine],
    ids: &[Id<()>],
) -> Result<u64, DbError> {
    let mut values: Vec<P<'_>> = Vec::with_capacity(lines.len() * 11);
    for (line, id) in lines.iter().zip(ids) {
        values.extend([
            (*id).into(),
            line.shop.into(),
            report.id.into(),
            report.source.as_str().into(),
            line.line.as_str().into(),
            line.kind.code().into(),
            line.reference.into(),
            line.amount.currency.code().into(),
            line.amount.minor.into(),
            line.happened_at.into(),
            report.created_at.into(),
        ]);
    }
    let head = "insert into provider_lines (id, home_id, report_id, source, line_ref, kind, reference_id, currency, amount_minor, happened_at, created_at) values";
    tx.rows(head, 11, "on conflict (line_ref, source, home_id) do nothing", &values).await
}

/// Every line of all reports about one movement, the oldest first.
pub async fn lines_of(tx: &mut Tx, key: &MovementKey) -> Result<Vec<Line>, DbError> {
    let sql = format!(
        "select {LINE} from provider_lines where reference_id = $1 and home_id = $2 and kind = $3 and currency = $4 order by id"
    );
    tx.many(&sql, p![key.reference, key.home_id, key.kind.code(), key.currency]).await
}

/// The lines of one report; `after` pages on.
pub async fn lines_of_report(
    tx: &mut Tx,
    report: ProviderReportId,
    after: i64,
    limit: i64,
) -> Result<Vec<Line>, DbError> {
    // A report's lines were given their ids after its own.
    let sql = format!(
        "select {LINE} from provider_lines where id > $1 and report_id = $2 order by id limit $3"
    );
    tx.many(&sql, p![after.max(report.number()), report, limit]).await
}

/// All lines of all reports, page by page.
async fn line_page(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<Line>, DbError> {
    let sql = format!("select {LINE} from provider_lines where id > $1 order by id limit $2");
    tx.many(&sql, p![after, limit]).await
}

/// The transfers of one home which may be part of a movement and touch the other side, the oldest first: those of an
/// order or payout, and of a refund those which name it as their step.
pub async fn ours_of(tx: &mut Tx, key: &MovementKey) -> Result<Vec<TransferRow>, DbError> {
    if key.kind == MovementKind::Refund {
        return ours_of_refund(tx, key).await;
    }
    let rows: Vec<Transferred> = tx
        .many(
            &format!(
                "select {TRANSFER} from transfers
                  where subject_id = $1
                    and home_id = $2
                    and currency = $3
                    and (debit_account = 'provider_clearing' or credit_account = 'provider_clearing')
                  order by step, leg"
            ),
            p![key.reference, key.home_id, key.currency],
        )
        .await?;
    // Sorted here for the reason of `ledger::of_subject`.
    let mut rows: Vec<TransferRow> = rows.into_iter().map(|row| row.0).collect();
    rows.sort_by_key(|row| row.id);
    Ok(rows)
}

async fn ours_of_refund(tx: &mut Tx, key: &MovementKey) -> Result<Vec<TransferRow>, DbError> {
    let Some(order) = order_of_refund(tx, key.home_id, key.reference).await? else {
        return Ok(Vec::new());
    };
    let rows: Vec<Transferred> = tx
        .many(
            &format!(
                "select {TRANSFER} from transfers
                  where subject_id = $1
                    and step = $2
                    and home_id = $3
                    and currency = $4
                    and (debit_account = 'provider_clearing' or credit_account = 'provider_clearing')
                  order by id"
            ),
            p![order, key.reference, key.home_id, key.currency],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Of which order a refund is; `None` when the home knows no such refund.
pub async fn order_of_refund(
    tx: &mut Tx,
    home_id: i64,
    refund: i64,
) -> Result<Option<OrderId>, DbError> {
    tx.maybe("select order_id from refunds where id = $1 and shop_id = $2", p![refund, home_id])
        .await
}

/// The transfers of all homes in a period which touch the other side; `after` pages on.
pub async fn clearing_page(
    tx: &mut Tx,
    after: i64,
    to: Timestamp,
    limit: i64,
) -> Result<Vec<TransferRow>, DbError> {
    let rows: Vec<Transferred> = tx
        .many(
            &format!(
                "select {TRANSFER} from transfers
                  where id > $1
                    and id < $2
                    and (debit_account = 'provider_clearing' or credit_account = 'provider_clearing')
                  order by id
                  limit $3"
            ),
            p![after, Id::<()>::first_at(to), limit],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Where a difference stands.
pub const OPEN: &str = "open";
/// One person has said how to book it; another one has to agree.
pub const PROPOSED: &str = "proposed";
/// Booked by two people.
pub const RESOLVED: &str = "resolved";
/// A later report, or a later booking, made both sides equal.
pub const VANISHED: &str = "vanished";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub id: DifferenceId,
    pub state: String,
    pub key: MovementKey,
    pub ours_minor: i64,
    pub theirs_minor: i64,
    /// What was booked about it so far.
    pub adjusted_minor: i64,
    /// `house`, `shop`, or empty before it is proposed.
    pub bearer: String,
    pub reason: String,
    pub proposed_by: PersonId,
    pub decided_by: PersonId,
    pub ended_at: Option<Timestamp>,
    pub version: i64,
    pub created_at: Timestamp,
}

/// Nobody, where a column needs a person.
pub const NOBODY: PersonId = PersonId::new(0);

const DIFFERENCE: &str = "id, home_id, state, kind, reference_id, currency, ours_minor, theirs_minor, adjusted_minor, bearer, reason, proposed_by, decided_by, ended_at, version, created_at";

impl FromRow for Difference {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let key = MovementKey {
            home_id: row.get(1)?,
            kind: kind(&row.get::<String>(3)?)?,
            reference: row.get(4)?,
            currency: currency(&row.get::<String>(5)?)?.code(),
        };
        Ok(Self {
            id: row.get(0)?,
            state: row.get(2)?,
            key,
            ours_minor: row.get(6)?,
            theirs_minor: row.get(7)?,
            adjusted_minor: row.get(8)?,
            bearer: row.get(9)?,
            reason: row.get(10)?,
            proposed_by: row.get(11)?,
            decided_by: row.get(12)?,
            ended_at: row.get(13)?,
            version: row.get(14)?,
            created_at: row.get(15)?,
        })
    }
}

pub async fn insert_difference(tx: &mut Tx, difference: &Difference) -> Result<(), DbError> {
    let key = &difference.key;
    tx.put(
        "insert into differences (id, home_id, state, kind, reference_id, currency, ours_minor, theirs_minor, adjusted_minor, bearer, reason, proposed_by, decided_by, ended_at, version, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 0, '', '', 0, 0, null, 1, $9)",
        p![
            difference.id,
            key.home_id,
            &difference.state,
            key.kind.code(),
            key.reference,
            key.currency,
            difference.ours_minor,
            difference.theirs_minor,
            difference.created_at
        ],
    )
    .await
}

/// Writes a difference whose `version` is that of the row before.
pub async fn record_difference(tx: &mut Tx, after: &Difference) -> Result<(), DbError> {
    let changed = tx
        .run(
            "update differences set state = $1, ours_minor = $2, theirs_minor = $3, adjusted_minor = $4, bearer = $5, reason = $6, proposed_by = $7, decided_by = $8, ended_at = $9, version = version + 1
              where home_id = $10 and id = $11 and version = $12",
            p![
                &after.state,
                after.ours_minor,
                after.theirs_minor,
                after.adjusted_minor,
                &after.bearer,
                &after.reason,
                after.proposed_by,
                after.decided_by,
                after.ended_at,
                after.key.home_id,
                after.id,
                after.version
            ],
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(DbError::Again) }
}

pub async fn difference(
    tx: &mut Tx,
    home_id: i64,
    id: DifferenceId,
) -> Result<Option<Difference>, DbError> {
    let sql = format!("select {DIFFERENCE} from differences where home_id = $1 and id = $2");
    tx.maybe(&sql, p![home_id, id]).await
}

/// The difference about a movement, whatever became of it.
pub async fn difference_of(tx: &mut Tx, key: &MovementKey) -> Result<Option<Difference>, DbError> {
    let sql = format!(
        "select {DIFFERENCE} from differences where reference_id = $1 and kind = $2 and currency = $3 and home_id = $4"
    );
    tx.maybe(&sql, p![key.reference, key.kind.code(), key.currency, key.home_id]).await
}

/// The open differences of a shop, the oldest first.
pub async fn open_of_shop(tx: &mut Tx, shop: ShopId) -> Result<Vec<Difference>, DbError> {
    let sql = format!(
        "select {DIFFERENCE} from differences where home_id = $1 and ended_at is null order by id"
    );
    tx.many(&sql, p![shop]).await
}

/// The open differences of all homes, the oldest first.
pub async fn all_open(tx: &mut Tx, limit: i64) -> Result<Vec<Difference>, DbError> {
    let sql =
        format!("select {DIFFERENCE} from differences where ended_at is null order by id limit $1");
    tx.many(&sql, p![limit]).await
}

/// Those which have ended, the newest first.
pub async fn ended(tx: &mut Tx, limit: i64) -> Result<Vec<Difference>, DbError> {
    let sql = format!(
        "select {DIFFERENCE} from differences where ended_at is not null order by id desc limit $1"
    );
    tx.many(&sql, p![limit]).await
}

/// Puts everything the reports say, and what was adjusted, into `clearing`.
pub async fn take_reports(tx: &mut Tx, clearing: &mut Clearing) -> Result<(), DbError> {
    let mut after = 0;
    loop {
        let page = line_page(tx, after, 5_000).await?;
        let Some(last) = page.last() else { break };
        after = last.id.number();
        for line in &page {
            clearing.reported(line.key(), line.amount.minor);
        }
    }
    let sql = format!("select {DIFFERENCE} from differences where adjusted_minor <> 0 order by id");
    let adjusted: Vec<Difference> = tx.many(&sql, p![]).await?;
    for difference in adjusted {
        clearing.adjusted(difference.key, difference.adjusted_minor);
    }
    Ok(())
}

/// One movement of buyers' money as the built-in provider saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SandboxCapture {
    /// The provider's own name for it.
    pub line: String,
    pub home_id: i64,
    pub order: i64,
    pub currency: String,
    pub amount_minor: i64,
    pub at: Timestamp,
}

/// What the built-in provider saw come in during a period. Read from the orders, shortages and refunds themselves, not
/// from the ledger, so that a report is a second opinion. What a buyer paid later, for a dearer substitute, is in the
/// order's total, and was a payment of its own.
pub async fn sandbox_captures(
    tx: &mut Tx,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<SandboxCapture>, DbError> {
    type Seen = (i64, i64, i64, String, i64, Timestamp);
    let first: Vec<Seen> = tx
        .many(
            "select o.id, o.shop_id, o.id, o.currency, cast(o.total_minor - coalesce((
                    select sum(s.difference_minor) from shortages s
                     where s.shop_id = o.shop_id and s.order_id = o.id and s.state = 'accepted' and s.payment_id is not null), 0) as bigint), o.paid_at
               from orders o where o.paid_at >= $1 and o.paid_at < $2 and o.total_minor > 0 order by o.id",
            p![from, to],
        )
        .await?;
    let more: Vec<Seen> = tx
        .many(
            "select s.id, s.shop_id, s.order_id, o.currency, s.difference_minor, s.answered_at
               from shortages s join orders o on o.id = s.order_id and o.shop_id = s.shop_id
              where s.answered_at >= $1 and s.answered_at < $2 and s.state = 'accepted' and s.payment_id is not null order by s.id",
            p![from, to],
        )
        .await?;
    let late: Vec<Seen> = tx
        .many(
            "select id, shop_id, order_id, currency, amount_minor, created_at from refunds where created_at >= $1 and created_at < $2 and reason = 'paid_too_late' order by id",
            p![from, to],
        )
        .await?;
    let named = |kind: &'static str| {
        move |(id, home_id, order, currency, amount_minor, at): Seen| SandboxCapture {
            line: format!("{kind}{id}"),
            home_id,
            order,
            currency,
            amount_minor,
            at,
        }
    };
    let all = first.into_iter().map(named("C"));
    let all = all.chain(more.into_iter().map(named("E"))).chain(late.into_iter().map(named("L")));
    Ok(all.filter(|seen| seen.amount_minor > 0).collect())
}

/// What the built-in provider sent back in a period, each refund on its own: home, refund, currency, amount, when.
pub async fn sandbox_refunds(
    tx: &mut Tx,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(i64, i64, String, i64, Timestamp)>, DbError> {
    tx.many(
        "select shop_id, id, currency, amount_minor, confirmed_at from refunds where confirmed_at >= $1 and confirmed_at < $2 order by id",
        p![from, to],
    )
    .await
}

/// What the built-in bank paid in a period: home, payout, currency, amount, when.
pub async fn sandbox_payouts(
    tx: &mut Tx,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(i64, i64, String, i64, Timestamp)>, DbError> {
    tx.many(
        "select shop_id, id, currency, amount_minor, ended_at from payouts where state = 'paid' and ended_at >= $1 and ended_at < $2 order by id",
        p![from, to],
    )
    .await
}
