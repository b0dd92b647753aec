//! What the sandbox's own provider and bank report. They read orders, refunds and payouts, never the ledger: a report
//! is the other side's opinion. On request it is wrong, as real ones are.

use rules::ledger::clearing::MovementKind;
use rules::money::{Currency, Money};
use rules::settlement::provider_reports::{ReportLine, write};
use rules::time::Timestamp;
use store::Tx;
use store::reconciliation::{self, BANK};

use crate::failure::Failure;
use crate::market::{Market, Mode};

/// How a report is wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReportFault {
    #[default]
    Nothing,
    /// It has a refund which nobody asked for: of the last captured order, a tenth of it.
    RefundTooMuch,
    /// Its last line is missing.
    LineMissing,
    /// Its last line has another amount.
    OtherAmount,
}

impl ReportFault {
    pub const ALL: [ReportFault; 4] = [
        ReportFault::Nothing,
        ReportFault::RefundTooMuch,
        ReportFault::LineMissing,
        ReportFault::OtherAmount,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            ReportFault::Nothing => "nothing",
            ReportFault::RefundTooMuch => "refund_too_much",
            ReportFault::LineMissing => "line_missing",
            ReportFault::OtherAmount => "other_amount",
        }
    }

    pub fn parse(code: &str) -> Option<ReportFault> {
        ReportFault::ALL.into_iter().find(|fault| fault.code() == code)
    }
}

/// The period the next report of a source has to cover: from where the last one ended, or from the beginning of the
/// house, until now.
pub async fn next_period(
    market: &Market,
    source: String,
) -> Result<(Timestamp, Timestamp), Failure> {
    let now = market.now();
    market
        .store
        .read(async move |tx: &mut Tx| {
            let reaches = reconciliation::reaches(tx).await?;
            if let Some(reach) = reaches.get(&source) {
                return Ok((reach.until, now));
            }
            let first = store::statements::first_transfer(tx).await?;
            Ok::<_, Failure>((first.map_or(now, rules::settlement::payouts::day_of), now))
        })
        .await
}

/// The report of a period as CSV.
pub async fn report(
    market: &Market,
    source: &str,
    from: Timestamp,
    to: Timestamp,
    fault: ReportFault,
) -> Result<String, Failure> {
    if market.mode != Mode::Sandbox {
        return Err(Failure::refused("not_a_sandbox", "only a sandbox writes its own reports"));
    }
    let bank = source == BANK;
    let mut lines = market
        .store
        .read(async move |tx: &mut Tx| match bank {
            true => of_bank(tx, from, to).await,
            false => of_provider(tx, from, to).await,
        })
        .await?;
    lines.sort_by(|a, b| (a.happened_at, &a.line).cmp(&(b.happened_at, &b.line)));
    break_it(&mut lines, fault);
    Ok(write(&lines))
}

async fn of_bank(tx: &mut Tx, from: Timestamp, to: Timestamp) -> Result<Vec<ReportLine>, Failure> {
    let rows = reconciliation::sandbox_payouts(tx, from, to).await?;
    rows.into_iter()
        .map(|(shop, payout, currency, minor, at)| {
            line(format!("B{payout}"), MovementKind::Payout, (shop, payout), (minor, &currency), at)
        })
        .collect()
}

async fn of_provider(
    tx: &mut Tx,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<ReportLine>, Failure> {
    let mut lines = Vec::new();
    for seen in reconciliation::sandbox_captures(tx, from, to).await? {
        let (money, of) = ((seen.amount_minor, seen.currency.as_str()), (seen.home_id, seen.order));
        lines.push(line(seen.line, MovementKind::Capture, of, money, seen.at)?);
    }
    let refunds = reconciliation::sandbox_refunds(tx, from, to).await?;
    for (shop, refund, currency, minor, at) in refunds {
        let name = format!("R{refund}");
        lines.push(line(name, MovementKind::Refund, (shop, refund), (minor, &currency), at)?);
    }
    Ok(lines)
}

fn line(
    line: String,
    kind: MovementKind,
    (shop, reference): (i64, i64),
    (minor, currency): (i64, &str),
    happened_at: Timestamp,
) -> Result<ReportLine, Failure> {
    let currency = Currency::parse(currency).map_err(|error| Failure::Broken(error.to_string()))?;
    let amount = Money::new(minor, currency);
    Ok(ReportLine { line, happened_at, kind, shop, reference, amount })
}

fn break_it(lines: &mut Vec<ReportLine>, fault: ReportFault) {
    match fault {
        ReportFault::Nothing => {}
        ReportFault::RefundTooMuch => {
            let captured = lines.iter().rev().find(|line| line.kind == MovementKind::Capture);
            if let Some(captured) = captured.cloned() {
                let minor = (captured.amount.minor / 10).max(1);
                lines.push(ReportLine {
                    line: format!("X{}", captured.line),
                    kind: MovementKind::Refund,
                    amount: Money::new(minor, captured.amount.currency),
                    ..captured
                });
            }
        }
        ReportFault::LineMissing => {
            lines.pop();
        }
        ReportFault::OtherAmount => {
            if let Some(last) = lines.last_mut() {
                last.amount.minor += 1;
            }
        }
    }
}
