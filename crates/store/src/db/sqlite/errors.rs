//! SQLite's errors in the store's words.

use rusqlite::{Connection, Error, ErrorCode, ffi};

use super::super::failure::DbError;

/// Where no unique index has to be named.
pub(crate) fn explain(error: &Error, sql: &str) -> DbError {
    let (cause, message) = match error {
        Error::SqliteFailure(cause, message) => (cause, message.as_ref()),
        Error::SqlInputError { error: cause, msg, .. } => (cause, Some(msg)),
        other => return DbError::Broken(format!("{other}: {sql}")),
    };
    match cause.code {
        ErrorCode::DiskFull => DbError::Full,
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => DbError::Busy,
        ErrorCode::CannotOpen => DbError::Unreachable(error.to_string()),
        ErrorCode::ReadOnly => DbError::Broken(format!("a read may not write: {sql}")),
        _ => DbError::Broken(format!(
            "{}: {sql}",
            message.cloned().unwrap_or_else(|| error.to_string())
        )),
    }
}

/// As [`explain`], and a broken unique key is named as PostgreSQL would name it.
pub(super) fn explain_on(connection: &Connection, error: &Error, sql: &str) -> DbError {
    let Error::SqliteFailure(cause, Some(message)) = error else {
        return explain(error, sql);
    };
    let primary = match cause.extended_code {
        ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => true,
        ffi::SQLITE_CONSTRAINT_UNIQUE => false,
        _ => return explain(error, sql),
    };
    DbError::Conflict { constraint: constraint(connection, message, primary) }
}

/// "UNIQUE constraint failed: orders.shop_id, orders.number" names columns only; the index is looked up by them.
fn constraint(connection: &Connection, message: &str, primary: bool) -> String {
    let columns = message.rsplit_once("failed: ").map_or(message, |(_, columns)| columns);
    let Some((table, _)) = columns.split_once('.') else {
        // An index on an expression is named by the engine itself: "index 'people_by_name'".
        return columns.trim_start_matches("index ").trim_matches('\'').to_owned();
    };
    if primary {
        return format!("{table}_pkey");
    }
    let names: Vec<&str> = columns
        .split(", ")
        .map(|column| column.split_once('.').map_or(column, |(_, name)| name))
        .collect();
    made_index(connection, table, &names)
        .unwrap_or_else(|| format!("{table}_{}_key", names.join("_")))
}

/// The `create unique index` over exactly these columns.
fn made_index(connection: &Connection, table: &str, names: &[&str]) -> Option<String> {
    let mut indexes = connection
        .prepare("select name from pragma_index_list(?1) where \"unique\" = 1 and origin = 'c' order by name")
        .ok()?;
    let mut columns =
        connection.prepare("select name from pragma_index_info(?1) order by seqno").ok()?;
    let indexes: Vec<String> =
        indexes.query_map([table], |row| row.get(0)).ok()?.flatten().collect();
    indexes.into_iter().find(|index| {
        let found: Vec<Option<String>> = columns
            .query_map([index], |row| row.get(0))
            .map(|rows| rows.flatten().collect())
            .unwrap_or_default();
        found.iter().map(Option::as_deref).eq(names.iter().copied().map(Some))
    })
}
