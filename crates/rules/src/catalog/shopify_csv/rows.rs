//! From bytes to rows: encoding, separators, headers, lines.

use std::collections::BTreeMap;

use super::Limits;
use super::columns::Column;
use super::problem::{RowError, RowProblem};

/// One row with anything in it.
#[derive(Clone, Debug)]
pub struct Row {
    pub line: u64,
    /// Cells without white space around them; empty ones are left out.
    cells: BTreeMap<Column, String>,
    /// Cells which are not UTF-8, with the line of the first bad byte.
    pub unreadable: Vec<(Column, u64)>,
}

impl Row {
    /// The cell's text; empty where there is none.
    pub fn text(&self, column: Column) -> &str {
        self.cells.get(&column).map_or("", String::as_str)
    }

    pub fn has(&self, column: Column) -> bool {
        self.cells.contains_key(&column)
    }
}

/// All rows of a file and how it spells its headers.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub rows: Vec<Row>,
    headers: BTreeMap<Column, String>,
    /// The line of a row which opens a quotation mark and never closes it.
    pub unclosed: Option<u64>,
}

impl Table {
    /// The header as the file spells it.
    pub fn header(&self, column: Column) -> String {
        self.headers.get(&column).cloned().unwrap_or_default()
    }

    pub fn has_column(&self, column: Column) -> bool {
        self.headers.contains_key(&column)
    }
}

/// Fails only when the file as a whole cannot be read.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Table, RowError> {
    if bytes.len() > limits.bytes {
        return Err(whole(RowProblem::FileTooLarge { bytes: bytes.len(), most: limits.bytes }));
    }
    // UTF-16 begins with one of these marks and has a zero in every second byte: no row could be told.
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(RowError { line: 1, ..whole(RowProblem::NotUtf8) });
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(bytes))
        .from_reader(bytes);
    let mut record = csv::ByteRecord::new();
    if !matches!(reader.read_byte_record(&mut record), Ok(true)) {
        return Err(whole(RowProblem::Empty));
    }
    let (places, headers) = headers(&record)?;
    let mut table = Table { headers, ..Table::default() };
    let mut lines = Lines { bytes, counted: 0, line: 1 };
    let mut last = (1, false);
    // Reading bytes from memory with flexible rows has no way to fail; an error ends the file.
    while matches!(reader.read_byte_record(&mut record), Ok(true)) {
        let line = lines.line_of(record.position().map_or(0, csv::Position::byte));
        last = (line, record.iter().any(|cell| cell.contains(&b'\n')));
        let row = row(&record, &places, line);
        if row.cells.is_empty() && row.unreadable.is_empty() {
            continue;
        }
        table.rows.push(row);
        if table.rows.len() as u64 > limits.rows {
            return Err(RowError { line, ..whole(RowProblem::TooManyRows { most: limits.rows }) });
        }
    }
    let quotes = bytes.iter().filter(|byte| **byte == b'"').count();
    table.unclosed = (quotes % 2 == 1 && last.1).then_some(last.0);
    Ok(table)
}

/// Counts lines as an editor does. The reader's own count is one behind where lines end in CR LF.
struct Lines<'a> {
    bytes: &'a [u8],
    counted: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the row which was found from this byte on; line ends before it do not belong to it.
    fn line_of(&mut self, byte: u64) -> u64 {
        let from = usize::try_from(byte).unwrap_or(usize::MAX).min(self.bytes.len());
        let blank = self.bytes[from..].iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let start = from + blank;
        self.line += line_ends(&self.bytes[self.counted.min(start)..start]);
        self.counted = start;
        self.line
    }
}

fn line_ends(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// Spreadsheets of some countries write `;` or tabs. The header tells: its names contain none of them.
fn separator(bytes: &[u8]) -> u8 {
    let header = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |sign: u8| header.iter().filter(|byte| **byte == sign).count();
    [b';', b'\t']
        .into_iter()
        .fold(b',', |best, sign| if count(sign) > count(best) { sign } else { best })
}

/// Which column stands at which place; the first of two alike counts.
type Headers = (Vec<Option<Column>>, BTreeMap<Column, String>);

fn headers(record: &csv::ByteRecord) -> Result<Headers, RowError> {
    let mut headers = BTreeMap::new();
    let mut places = Vec::new();
    for cell in record {
        let Ok(header) = std::str::from_utf8(cell) else {
            return Err(RowError { line: 1, ..whole(RowProblem::NotUtf8) });
        };
        let column = Column::of_header(header).filter(|column| !headers.contains_key(column));
        if let Some(column) = column {
            headers.insert(column, header.trim().to_owned());
        }
        places.push(column);
    }
    for (column, name) in [(Column::Title, "Title"), (Column::Price, "Price")] {
        if !headers.contains_key(&column) {
            return Err(RowError { line: 1, ..whole(RowProblem::NoColumn { name }) });
        }
    }
    Ok((places, headers))
}

fn row(record: &csv::ByteRecord, places: &[Option<Column>], line: u64) -> Row {
    let mut row = Row { line, cells: BTreeMap::new(), unreadable: Vec::new() };
    let mut cell_line = line;
    for (place, cell) in record.iter().enumerate() {
        if let Some(Some(column)) = places.get(place) {
            match std::str::from_utf8(cell) {
                Ok(text) => {
                    let text = text.trim();
                    if !text.is_empty() {
                        row.cells.insert(*column, text.to_owned());
                    }
                }
                Err(wrong) => {
                    let before = &cell[..wrong.valid_up_to()];
                    row.unreadable.push((*column, cell_line + line_ends(before)));
                }
            }
        }
        cell_line += line_ends(cell);
    }
    row
}

fn whole(problem: RowProblem) -> RowError {
    RowError { line: 0, column: String::new(), handle: String::new(), problem }
}
