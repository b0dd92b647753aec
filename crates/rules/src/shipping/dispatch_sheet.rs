//! A dispatch sheet: a CSV file with an order a row, and how it goes. It is read as the list of orders is exported, so
//! that the export, filled in, can come back. A row which cannot be read is named; the others are taken.

use std::collections::BTreeMap;

use crate::ids::OrderId;

/// Rows of one sheet. [X] a large shop's morning.
pub const MOST_ROWS: usize = 2_000;

/// One row as it was written; only the order's number is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// From 1, as an editor counts, the header included.
    pub line: u64,
    pub order: OrderId,
    /// A carrier's code or name.
    pub carrier: String,
    /// A service's code.
    pub service: String,
    pub tracking_number: String,
    /// Why it goes by another service than the promised one: a code, or words.
    pub reason: String,
}

/// What a sheet says, and the rows which could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    pub rows: Vec<SheetRow>,
    pub wrong: Vec<(u64, SheetProblem)>,
}

/// What is wrong with a sheet or one of its rows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetProblem {
    #[error("the file is empty")]
    Empty,
    #[error("the text is not UTF-8: save the file as \"CSV UTF-8\"")]
    NotUtf8,
    #[error("there is no column order: the first row names the columns")]
    NoOrderColumn,
    #[error("the file has more than {} rows: send fewer at a time", MOST_ROWS)]
    TooManyRows,
    #[error("{text:?} is not an order's number")]
    NotAnOrder { text: String },
    #[error("a spreadsheet has shortened this number to {text:?}: set the column to text")]
    Shortened { text: String },
    #[error("this order stands in row {line} already")]
    Twice { line: u64 },
    #[error("a quotation mark is opened here and never closed")]
    Unreadable,
}

impl SheetProblem {
    pub const fn code(&self) -> &'static str {
        match self {
            SheetProblem::Empty => "sheet_empty",
            SheetProblem::NotUtf8 => "sheet_not_utf8",
            SheetProblem::NoOrderColumn => "sheet_no_order_column",
            SheetProblem::TooManyRows => "sheet_too_many_rows",
            SheetProblem::NotAnOrder { .. } => "sheet_not_an_order",
            SheetProblem::Shortened { .. } => "sheet_shortened",
            SheetProblem::Twice { .. } => "sheet_twice",
            SheetProblem::Unreadable => "sheet_unreadable",
        }
    }

    /// What its text in the reader's language speaks of.
    pub fn fact(&self) -> Option<(&'static str, String)> {
        match self {
            SheetProblem::NotAnOrder { text } | SheetProblem::Shortened { text } => {
                Some(("text", text.clone()))
            }
            SheetProblem::Twice { line } => Some(("line", line.to_string())),
            SheetProblem::TooManyRows => Some(("most", MOST_ROWS.to_string())),
            SheetProblem::Empty
            | SheetProblem::NotUtf8
            | SheetProblem::NoOrderColumn
            | SheetProblem::Unreadable => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    Order,
    Carrier,
    Service,
    TrackingNumber,
    Reason,
}

/// The names which a header may have, without spaces and signs, in small letters.
const NAMES: [(Column, &[&str]); 5] = [
    (Column::Order, &["order", "orderid", "ordernumber", "orderno", "订单", "订单号"]),
    (Column::Carrier, &["carrier", "承运商", "物流公司", "快递公司"]),
    (Column::Service, &["service", "物流服务", "服务"]),
    (
        Column::TrackingNumber,
        &["trackingnumber", "tracking", "trackingno", "运单号", "物流单号", "快递单号"],
    ),
    (Column::Reason, &["reason", "overridereason", "原因"]),
];

fn column_of(name: &str) -> Option<Column> {
    let plain: String =
        name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    NAMES.iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(column, _)| *column)
}

/// Reads a whole sheet.
///
/// # Errors
/// When nothing of it can be taken: it is empty, no text, too long, or names no column of orders.
pub fn read(bytes: &[u8]) -> Result<Sheet, SheetProblem> {
    let text = std::str::from_utf8(bytes).map_err(|_| SheetProblem::NotUtf8)?;
    // With one kind of line end, whatever system the file comes from: lines are counted by it.
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    let first = text.lines().next().unwrap_or_default();
    if text.trim().is_empty() {
        return Err(SheetProblem::Empty);
    }
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .delimiter(delimiter(first))
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut columns: Option<BTreeMap<Column, usize>> = None;
    let (mut sheet, mut seen) = (Sheet::default(), BTreeMap::new());
    for record in reader.records() {
        let Ok(record) = record else {
            sheet.wrong.push((0, SheetProblem::Unreadable));
            break;
        };
        let line = record.position().map_or(0, csv::Position::line);
        let Some(columns) = &columns else {
            columns = Some(header(&record)?);
            continue;
        };
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if sheet.rows.len() + sheet.wrong.len() >= MOST_ROWS {
            return Err(SheetProblem::TooManyRows);
        }
        match row(&record, columns, line) {
            Ok(row) => match seen.insert(row.order, line) {
                Some(before) => {
                    seen.insert(row.order, before);
                    sheet.wrong.push((line, SheetProblem::Twice { line: before }));
                }
                None => sheet.rows.push(row),
            },
            Err(problem) => sheet.wrong.push((line, problem)),
        }
    }
    Ok(sheet)
}

/// Spreadsheets of some countries part their cells by semicolons, and what is copied from one by tabs.
fn delimiter(first: &str) -> u8 {
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(|sign| first.bytes().filter(|byte| byte == sign).count())
        .unwrap_or(b',')
}

fn header(record: &csv::StringRecord) -> Result<BTreeMap<Column, usize>, SheetProblem> {
    let mut columns = BTreeMap::new();
    for (place, name) in record.iter().enumerate() {
        if let Some(column) = column_of(name) {
            columns.entry(column).or_insert(place);
        }
    }
    if columns.contains_key(&Column::Order) {
        Ok(columns)
    } else {
        Err(SheetProblem::NoOrderColumn)
    }
}

fn row(
    record: &csv::StringRecord,
    columns: &BTreeMap<Column, usize>,
    line: u64,
) -> Result<SheetRow, SheetProblem> {
    let cell = |column: Column| -> String {
        let place = columns.get(&column).copied();
        let text = place.and_then(|place| record.get(place)).unwrap_or_default().trim();
        // An apostrophe keeps a number a text in spreadsheets.
        text.strip_prefix('\'').unwrap_or(text).to_owned()
    };
    let text = cell(Column::Order);
    let order = text.parse::<OrderId>().map_err(|_| {
        let shortened = text.contains("E+") || text.contains("e+");
        let text = text.clone();
        if shortened { SheetProblem::Shortened { text } } else { SheetProblem::NotAnOrder { text } }
    })?;
    Ok(SheetRow {
        line,
        order,
        carrier: cell(Column::Carrier),
        service: cell(Column::Service),
        tracking_number: cell(Column::TrackingNumber),
        reason: cell(Column::Reason),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_read_by_the_names_of_its_columns() {
        let text = "\u{feff}Tracking number;Order ID;Carrier\r\n1Z 999;12;UPS\r\n;13;\r\n\r\n";
        let sheet = read(text.as_bytes()).unwrap();
        assert!(sheet.wrong.is_empty());
        let row = &sheet.rows[0];
        assert_eq!((row.line, row.order, row.carrier.as_str()), (2, OrderId::new(12), "UPS"));
        assert_eq!(row.tracking_number, "1Z 999");
        assert_eq!((sheet.rows[1].line, sheet.rows[1].tracking_number.as_str()), (3, ""));
        let zh = "订单号,运单号\n12,SF1\n";
        assert_eq!(read(zh.as_bytes()).unwrap().rows[0].tracking_number, "SF1");
    }

    #[test]
    fn a_bad_row_is_named_and_the_others_are_taken() {
        let text = "order,tracking_number\n12,A\nabc,B\n12,C\n5.76E+17,D\n'14,E\n";
        let sheet = read(text.as_bytes()).unwrap();
        let orders: Vec<OrderId> = sheet.rows.iter().map(|row| row.order).collect();
        assert_eq!(orders, [OrderId::new(12), OrderId::new(14)]);
        let codes: Vec<(u64, &str)> =
            sheet.wrong.iter().map(|(line, problem)| (*line, problem.code())).collect();
        assert_eq!(codes, [(3, "sheet_not_an_order"), (4, "sheet_twice"), (5, "sheet_shortened")]);
        assert_eq!(sheet.wrong[1].1, SheetProblem::Twice { line: 2 });
    }

    #[test]
    fn a_file_of_which_nothing_can_be_taken_is_refused() {
        assert_eq!(read(b"  \n"), Err(SheetProblem::Empty));
        assert_eq!(read(b"a,b\n1,2\n"), Err(SheetProblem::NoOrderColumn));
        assert_eq!(read(&[b'o', 0xff, b'\n']), Err(SheetProblem::NotUtf8));
        let long: String = (1..=MOST_ROWS + 1).map(|id| format!("{id}\n")).collect();
        assert_eq!(read(format!("order\n{long}").as_bytes()), Err(SheetProblem::TooManyRows));
    }

    #[test]
    fn any_bytes_are_read_without_a_panic() {
        for text in ["order\n\"", "order,\"\n1,\"2", "\"order\"\n1", ",,,\n1", "order\n-1\n0"] {
            let _ = read(text.as_bytes());
        }
    }
}
