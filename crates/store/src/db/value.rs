//! Values on their way into and out of a statement, alike for both engines.

use std::borrow::Cow;

use rules::ids::Id;
use rules::time::{Span, Timestamp};

/// One parameter of a statement. Made by the [`p!`](crate::p) macro.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum P<'a> {
    /// `bigint`: ids, milliseconds, minor units, counts, flags (0 or 1).
    Int(i64),
    Text(Cow<'a, str>),
    /// `bytea`: pictures.
    Blob(Cow<'a, [u8]>),
    Null,
}

/// `p![shop, key, now]`: the parameters of a statement, in the order of `$1`, `$2`, `$3`.
#[macro_export]
macro_rules! p {
    () => { (&[] as &[$crate::P<'_>]) };
    ($($value:expr),+ $(,)?) => { (&[$($crate::P::from($value)),+] as &[$crate::P<'_>]) };
}

impl P<'_> {
    /// The same value, owning its text.
    pub fn into_owned(self) -> P<'static> {
        match self {
            P::Int(number) => P::Int(number),
            P::Text(text) => P::Text(Cow::Owned(text.into_owned())),
            P::Blob(bytes) => P::Blob(Cow::Owned(bytes.into_owned())),
            P::Null => P::Null,
        }
    }
}

impl From<i64> for P<'_> {
    fn from(number: i64) -> Self {
        P::Int(number)
    }
}
impl From<i32> for P<'_> {
    fn from(number: i32) -> Self {
        P::Int(i64::from(number))
    }
}
impl From<u32> for P<'_> {
    fn from(number: u32) -> Self {
        P::Int(i64::from(number))
    }
}
impl From<bool> for P<'_> {
    fn from(flag: bool) -> Self {
        P::Int(i64::from(flag))
    }
}
impl<'a> From<&'a str> for P<'a> {
    fn from(text: &'a str) -> Self {
        P::Text(Cow::Borrowed(text))
    }
}
impl<'a> From<&'a String> for P<'a> {
    fn from(text: &'a String) -> Self {
        P::Text(Cow::Borrowed(text))
    }
}
impl From<String> for P<'_> {
    fn from(text: String) -> Self {
        P::Text(Cow::Owned(text))
    }
}
impl<'a> From<Cow<'a, str>> for P<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        P::Text(text)
    }
}
impl<'a> From<&'a [u8]> for P<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        P::Blob(Cow::Borrowed(bytes))
    }
}
impl<'a> From<&'a Vec<u8>> for P<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        P::Blob(Cow::Borrowed(bytes))
    }
}
impl From<Vec<u8>> for P<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        P::Blob(Cow::Owned(bytes))
    }
}
impl<K> From<Id<K>> for P<'_> {
    fn from(id: Id<K>) -> Self {
        P::Int(id.number())
    }
}
impl From<Timestamp> for P<'_> {
    fn from(moment: Timestamp) -> Self {
        P::Int(moment.ms())
    }
}
impl From<Span> for P<'_> {
    fn from(span: Span) -> Self {
        P::Int(span.ms())
    }
}
impl<'a, T: Into<P<'a>>> From<Option<T>> for P<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(P::Null, Into::into)
    }
}

/// One cell of a row, still in the driver's memory.
#[derive(Clone, Copy, Debug)]
pub enum Cell<'a> {
    Int(i64),
    Text(&'a str),
    Blob(&'a [u8]),
    Null,
}

impl Cell<'_> {
    /// What is in the cell, for a message.
    fn found(self) -> &'static str {
        match self {
            Cell::Int(_) => "a number",
            Cell::Text(_) => "a text",
            Cell::Blob(_) => "bytes",
            Cell::Null => "null",
        }
    }

    fn instead_of(self, wanted: &str) -> String {
        format!("expected {wanted}, found {}", self.found())
    }
}

/// A type which can be read from one cell. Implemented here for numbers, text, bytes, flags, ids and moments.
pub trait FromValue: Sized {
    /// The error says what was expected and what was found.
    fn from_cell(cell: Cell<'_>) -> Result<Self, String>;
}

impl FromValue for i64 {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Int(number) => Ok(number),
            Cell::Text(_) | Cell::Blob(_) | Cell::Null => Err(cell.instead_of("a number")),
        }
    }
}
impl FromValue for i32 {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        i64::from_cell(cell)?
            .try_into()
            .map_err(|_| "the number is too large for 32 bits".to_owned())
    }
}
impl FromValue for u32 {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        i64::from_cell(cell)?.try_into().map_err(|_| "the number does not fit 32 bits".to_owned())
    }
}
impl FromValue for bool {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match i64::from_cell(cell)? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(format!("expected a flag (0 or 1), found {other}")),
        }
    }
}
impl FromValue for String {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Text(text) => Ok(text.to_owned()),
            Cell::Int(_) | Cell::Blob(_) | Cell::Null => Err(cell.instead_of("a text")),
        }
    }
}
impl FromValue for Vec<u8> {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Blob(bytes) => Ok(bytes.to_vec()),
            Cell::Int(_) | Cell::Text(_) | Cell::Null => Err(cell.instead_of("bytes")),
        }
    }
}
impl<K> FromValue for Id<K> {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        i64::from_cell(cell).map(Id::new)
    }
}
impl FromValue for Timestamp {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        i64::from_cell(cell).map(Timestamp::from_ms)
    }
}
impl FromValue for Span {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        i64::from_cell(cell).map(Span::from_ms)
    }
}
impl<T: FromValue> FromValue for Option<T> {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Null => Ok(None),
            Cell::Int(_) | Cell::Text(_) | Cell::Blob(_) => T::from_cell(cell).map(Some),
        }
    }
}
