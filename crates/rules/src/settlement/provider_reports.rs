//! The report of a payment provider or of the bank: a CSV whose every line is one movement of money.
//!
//! The shape is documented in `docs/how-to/reconcile.md`. A line which cannot be read is told with its number; the
//! rest is not taken in either, because half a report would make differences which are none.

use crate::ledger::clearing::MovementKind;
use crate::money::{Currency, Money};
use crate::time::Timestamp;

/// The columns, in any order; no other ones.
pub const COLUMNS: [&str; 7] =
    ["line", "happened_at", "kind", "shop", "reference", "currency", "amount"];

/// One movement as the other side has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportLine {
    /// The other side's own name for it: the same line again, in another file, is the same movement.
    pub line: String,
    pub happened_at: Timestamp,
    pub kind: MovementKind,
    /// The shop's id: a marketplace's provider keeps each shop's part of a payment apart.
    pub shop: i64,
    /// Of a capture the order's id, of a refund the refund's, of a payout the payout's.
    pub reference: i64,
    /// Never negative: the kind says in which direction it went.
    pub amount: Money,
}

/// What is wrong with one row of a report. Row 1 is the first below the head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportFault {
    pub row: u64,
    pub column: &'static str,
    pub sentence: String,
}

/// The most rows one report may have. [X]
pub const MOST_ROWS: usize = 200_000;

/// Reads a whole report.
///
/// # Errors
/// Every row which cannot be read, in their order.
pub fn parse(text: &str) -> Result<Vec<ReportLine>, Vec<ReportFault>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let head = match reader.headers() {
        Ok(head) => head.clone(),
        Err(error) => return Err(vec![fault(0, "line", error.to_string())]),
    };
    let places = COLUMNS.map(|column| head.iter().position(|name| name.trim() == column));
    let missing: Vec<ReportFault> = COLUMNS
        .into_iter()
        .zip(places)
        .filter(|(_, place)| place.is_none())
        .map(|(column, _)| fault(0, column, format!("the head has no column {column}")))
        .collect();
    if !missing.is_empty() {
        return Err(missing);
    }
    let mut lines = Vec::new();
    let mut faults = Vec::new();
    let mut known = std::collections::BTreeSet::new();
    for (at, record) in reader.records().enumerate() {
        let row = at as u64 + 1;
        if at >= MOST_ROWS {
            faults.push(fault(row, "line", format!("a report has at most {MOST_ROWS} rows")));
            break;
        }
        let cell = |place: usize| {
            let place = places.get(place).copied().flatten().unwrap_or(usize::MAX);
            record.as_ref().ok().and_then(|record| record.get(place)).unwrap_or_default().trim()
        };
        match read_row(row, &cell) {
            Ok(line) if !known.insert(line.line.clone()) => {
                faults.push(fault(row, "line", format!("line {} is here twice", line.line)));
            }
            Ok(line) => lines.push(line),
            Err(found) => faults.push(found),
        }
    }
    if faults.is_empty() { Ok(lines) } else { Err(faults) }
}

fn read_row<'a>(row: u64, cell: &impl Fn(usize) -> &'a str) -> Result<ReportLine, ReportFault> {
    let line = cell(0);
    if line.is_empty() || line.len() > 100 {
        return Err(fault(row, "line", "the line needs a name of at most 100 characters"));
    }
    let happened_at = Timestamp::parse(cell(1))
        .map_err(|error| fault(row, "happened_at", format!("{:?}: {error}", cell(1))))?;
    let kind = MovementKind::parse(cell(2)).ok_or_else(|| {
        let kinds = MovementKind::ALL.map(MovementKind::code).join(", ");
        fault(row, "kind", format!("{:?} is none of {kinds}", cell(2)))
    })?;
    let id = |place: usize, column| {
        let number = cell(place).parse::<crate::ids::Id<()>>().map(crate::ids::Id::number);
        number.map_err(|error| fault(row, column, format!("{:?}: {error}", cell(place))))
    };
    let currency =
        Currency::parse(cell(5)).map_err(|error| fault(row, "currency", error.to_string()))?;
    let amount =
        Money::parse(cell(6), currency).map_err(|error| fault(row, "amount", error.to_string()))?;
    if amount.minor <= 0 {
        return Err(fault(row, "amount", "an amount is above zero; the kind says its direction"));
    }
    Ok(ReportLine {
        line: line.to_owned(),
        happened_at,
        kind,
        shop: id(3, "shop")?,
        reference: id(4, "reference")?,
        amount,
    })
}

fn fault(row: u64, column: &'static str, sentence: impl Into<String>) -> ReportFault {
    ReportFault { row, column, sentence: sentence.into() }
}

/// Writes a report in the shape which [`parse`] reads: what the sandbox's provider and bank hand out.
pub fn write(lines: &[ReportLine]) -> String {
    let mut text = COLUMNS.join(",");
    text.push_str("\r\n");
    for line in lines {
        text.push_str(&format!(
            "{},{},{},{},{},{},{}\r\n",
            line.line,
            line.happened_at,
            line.kind.code(),
            line.shop,
            line.reference,
            line.amount.currency,
            line.amount.amount(),
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, kind: MovementKind, minor: i64) -> ReportLine {
        ReportLine {
            line: name.to_owned(),
            happened_at: Timestamp::parse("2026-06-01T08:00:00Z").unwrap(),
            kind,
            shop: 7,
            reference: 9,
            amount: Money::new(minor, Currency::parse("USD").unwrap()),
        }
    }

    #[test]
    fn a_report_reads_back_as_it_was_written() {
        let lines =
            vec![line("a", MovementKind::Capture, 2_999), line("b", MovementKind::Refund, 5)];
        assert_eq!(parse(&write(&lines)), Ok(lines));
    }

    #[test]
    fn every_wrong_row_is_told_with_its_number() {
        let text = "amount,line,happened_at,kind,shop,reference,currency\n\
            1.00,a,2026-06-01T08:00:00Z,capture,7,9,USD\n\
            1.001,b,2026-06-01T08:00:00Z,capture,7,9,USD\n\
            1.00,a,2026-06-01T08:00:00Z,refund,7,9,USD\n\
            -1.00,c,yesterday,capture,7,9,USD\n\
            1.00,d,2026-06-01T08:00:00Z,gift,7,9,USD\n\
            0.00,e,2026-06-01T08:00:00Z,capture,7,9,USD\n\
            1.00,f\n";
        let faults = parse(text).unwrap_err();
        let found: Vec<(u64, &str)> =
            faults.iter().map(|fault| (fault.row, fault.column)).collect();
        assert_eq!(
            found,
            [
                (2, "amount"),
                (3, "line"),
                (4, "happened_at"),
                (5, "kind"),
                (6, "amount"),
                (7, "happened_at"),
            ]
        );
        let headless = parse("a,b\n1,2\n").unwrap_err();
        assert_eq!(headless.len(), COLUMNS.len());
        assert_eq!(parse(&format!("{}\n", COLUMNS.join(","))), Ok(Vec::new()), "an empty day");
    }
}
