//! Rows of an answer and how they become values.

use rules::ids::Id;
use rules::time::{Span, Timestamp};
use rusqlite::types::ValueRef;

use super::failure::DbError;
use super::value::{Cell, FromValue};

/// One row of an answer, borrowed from the driver while it is decoded.
#[derive(Clone, Copy)]
pub struct Row<'a>(Source<'a>);

#[derive(Clone, Copy)]
enum Source<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

impl<'a> Row<'a> {
    pub(super) fn sqlite(row: &'a rusqlite::Row<'a>) -> Self {
        Self(Source::Sqlite(row))
    }

    pub(super) fn postgres(row: &'a tokio_postgres::Row) -> Self {
        Self(Source::Postgres(row))
    }

    /// The value of a column, counted from 0.
    pub fn get<T: FromValue>(&self, index: usize) -> Result<T, DbError> {
        T::from_cell(self.cell(index)?).map_err(|reason| self.mismatch(index, &reason))
    }

    fn cell(&self, index: usize) -> Result<Cell<'a>, DbError> {
        match self.0 {
            Source::Sqlite(row) => match row.get_ref(index) {
                Ok(ValueRef::Integer(number)) => Ok(Cell::Int(number)),
                Ok(ValueRef::Text(bytes)) => std::str::from_utf8(bytes)
                    .map(Cell::Text)
                    .map_err(|_| self.mismatch(index, "the text is not UTF-8")),
                Ok(ValueRef::Blob(bytes)) => Ok(Cell::Blob(bytes)),
                Ok(ValueRef::Null) => Ok(Cell::Null),
                Ok(ValueRef::Real(_)) => {
                    Err(self.mismatch(index, "a fraction: the market computes with whole numbers"))
                }
                Err(_) => Err(self.mismatch(index, "there is no such column")),
            },
            Source::Postgres(row) => row
                .try_get::<_, Cell<'a>>(index)
                .map_err(|error| self.mismatch(index, &error.to_string())),
        }
    }

    fn mismatch(&self, index: usize, reason: &str) -> DbError {
        let name = match self.0 {
            Source::Sqlite(row) => row.as_ref().column_name(index).ok().map(str::to_owned),
            Source::Postgres(row) => {
                row.columns().get(index).map(|column| column.name().to_owned())
            }
        };
        DbError::Broken(format!("column {index} ({}): {reason}", name.unwrap_or_default()))
    }
}

/// A value which is read from one row. Tuples and single values are here; records of many columns implement it by hand
/// with [`Row::get`].
pub trait FromRow: Sized {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError>;
}

/// Single values are the first column.
macro_rules! single {
    ($($type:ty),+) => {
        $(impl FromRow for $type {
            fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
                row.get(0)
            }
        })+
    };
}
single!(i64, i32, u32, bool, String, Vec<u8>, Timestamp, Span);

impl<K> FromRow for Id<K> {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        row.get(0)
    }
}
impl<T: FromValue> FromRow for Option<T> {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        row.get(0)
    }
}

macro_rules! tuple {
    ($($part:ident $index:literal),+) => {
        impl<$($part: FromValue),+> FromRow for ($($part,)+) {
            fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
                Ok(($(row.get::<$part>($index)?,)+))
            }
        }
    };
}
tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);
