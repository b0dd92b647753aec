//! Lists as files: every list is written here, row by row, a part read at a time, so that a long one fills no memory.
//!
//! UTF-8 with its mark, so that spreadsheets read it as such. Names of columns are part of the file's shape and the
//! same in every language; money is a decimal number with its currency in a column beside it.

use actions::Failure;
use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, StreamExt as _};
use rules::money::Money;
use rules::time::Timestamp;

/// Rows which are read at a time. [X] a part is read in a few milliseconds.
pub const PART: i64 = 500;
/// Without it spreadsheets take UTF-8 for something older.
const MARK: &str = "\u{feff}";

/// One row: a text a column.
pub type Line = Vec<String>;

/// Some rows of a list, and where it goes on.
pub struct Part<C> {
    pub lines: Vec<Line>,
    /// Nothing at the end of the list.
    pub next: Option<C>,
}

impl<C> Part<C> {
    /// A part of rows; `key` of the last one is where the list goes on, unless it has fewer than were wanted.
    pub fn of<R>(
        rows: &[R],
        wanted: i64,
        key: impl Fn(&R) -> C,
        line: impl Fn(&R) -> Line,
    ) -> Part<C> {
        let full = rows.len() as i64 >= wanted;
        Part { lines: rows.iter().map(line).collect(), next: rows.last().filter(|_| full).map(key) }
    }

    /// All of a list which is read at once.
    pub fn whole<R>(rows: &[R], line: impl Fn(&R) -> Line) -> Part<C> {
        Part { lines: rows.iter().map(line).collect(), next: None }
    }
}

/// The file of a list: `name` without its ending, the names of its columns, where it begins, and how a part is read.
///
/// # Errors
/// What the first part is refused for. A later part which cannot be read breaks the transfer off: a file which ends
/// early must not look whole.
pub async fn file<C, F, R>(
    name: &str,
    head: &'static [&'static str],
    begin: C,
    read: F,
) -> Result<Response, Failure>
where
    C: Send + 'static,
    F: Fn(C) -> R + Send + 'static,
    R: Future<Output = Result<Part<C>, Failure>> + Send + 'static,
{
    let first = read(begin).await?;
    let mut text = String::from(MARK);
    push_line(&mut text, head.iter().copied());
    let opening: Result<Bytes, std::io::Error> = Ok(Bytes::from(text + &lines(&first.lines)));
    let rest = stream::try_unfold((first.next, read), |(next, read)| async move {
        let Some(cursor) = next else { return Ok(None) };
        let reading = read(cursor);
        let part = reading.await.map_err(|failure| {
            tracing::warn!(%failure, "a file was broken off");
            std::io::Error::other("the list could not be read to its end")
        })?;
        Ok(Some((Bytes::from(lines(&part.lines)), (part.next, read))))
    });
    let body = Body::from_stream(stream::once(async move { opening }).chain(rest));
    let head = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
    ];
    Ok((head, body).into_response())
}

fn lines(lines: &[Line]) -> String {
    let mut text = String::new();
    for line in lines {
        push_line(&mut text, line.iter().map(String::as_str));
    }
    text
}

fn push_line<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            text.push(',');
        }
        text.push_str(&quoted(cell));
    }
    text.push_str("\r\n");
}

/// A moment, or an empty cell.
pub fn time(at: Option<Timestamp>) -> String {
    at.map_or_else(String::new, |at| at.to_string())
}

/// The amount of some money; its currency belongs into a cell of its own.
pub fn amount(money: Money) -> String {
    money.amount()
}

/// A cell which a spreadsheet would take for a formula is kept a text by an apostrophe; a number below zero is none.
fn quoted(cell: &str) -> String {
    let risky = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(cell);
    let plain = if risky { format!("'{cell}") } else { cell.to_owned() };
    if plain.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", plain.replace('"', "\"\""))
    } else {
        plain
    }
}

fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.bytes().filter(|byte| *byte == b'.').count() <= 1
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    #[test]
    fn cells_survive_commas_quotes_and_formulas() {
        assert_eq!(quoted("plain"), "plain");
        assert_eq!(quoted("Ann, Lee"), "\"Ann, Lee\"");
        assert_eq!(quoted("2 × \"A\""), "\"2 × \"\"A\"\"\"");
        assert_eq!(quoted("=1+1"), "'=1+1");
        assert_eq!(quoted("+1 415 555 0100"), "'+1 415 555 0100");
        assert_eq!(quoted("@cmd,x"), "\"'@cmd,x\"");
        assert_eq!(quoted("-2+3"), "'-2+3");
        assert_eq!(quoted("-12.50"), "-12.50");
    }

    #[tokio::test]
    async fn a_long_list_is_written_part_by_part_to_its_end() {
        let read = |from: i64| async move {
            let rows: Vec<i64> = (from..(from + PART).min(1_201)).collect();
            Ok(Part::of(&rows, PART, |row| row + 1, |row| vec![row.to_string(), "x".to_owned()]))
        };
        let response = file("numbers", &["number", "what"], 1, read).await.unwrap();
        let body = to_bytes(response.into_body(), 1_000_000).await.unwrap();
        let text = String::from_utf8(body.to_vec()).unwrap();
        assert!(text.starts_with("\u{feff}number,what\r\n1,x\r\n"));
        assert_eq!(text.lines().count(), 1_201);
        assert!(text.ends_with("1200,x\r\n"));
    }

    #[tokio::test]
    async fn a_list_which_cannot_be_read_to_its_end_is_no_file() {
        let read = |from: i64| async move {
            if from > 1 {
                return Err(Failure::NotFound);
            }
            Ok(Part { lines: vec![vec!["1".to_owned()]], next: Some(2) })
        };
        let response = file("numbers", &["number"], 1, read).await.unwrap();
        assert!(to_bytes(response.into_body(), 1_000_000).await.is_err());
        let refused = file("numbers", &["number"], 2, read).await;
        assert!(refused.is_err());
    }
}
