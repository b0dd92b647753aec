//! PostgreSQL's errors in the store's words.

use std::error::Error as _;

use super::super::failure::DbError;

/// What an error of a statement means. `sql` is for the message of a mistake.
pub(super) fn explain(error: &tokio_postgres::Error, sql: &str) -> DbError {
    let Some(cause) = error.as_db_error() else {
        return if error.is_closed() || is_of_network(error) {
            DbError::Unreachable(chain(error))
        } else {
            DbError::Broken(format!("{}: {sql}", chain(error)))
        };
    };
    let code = cause.code().code();
    match code {
        // Serialization failure, deadlock, a lock which did not come in time.
        "40001" | "40P01" | "55P03" => DbError::Again,
        "53100" => DbError::Full,
        "53300" => DbError::Busy,
        "23505" => DbError::Conflict {
            constraint: without_shard(cause.constraint().unwrap_or_default()).to_owned(),
        },
        "25006" => DbError::Broken(format!("a read may not write: {sql}")),
        // Connection exceptions; shut-down, crash and start of the server.
        _ if code.starts_with("08") || code.starts_with("57P0") => {
            DbError::Unreachable(cause.message().to_owned())
        }
        _ => DbError::Broken(format!("{} ({code}): {sql}", cause.message())),
    }
}

/// The transaction was given up at an earlier statement, whose error is the true one.
pub(super) fn is_aftermath(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| code.code() == "25P02")
}

/// On a sharded cluster the name carries the shard: `orders_pkey_102242`.
fn without_shard(constraint: &str) -> &str {
    match constraint.rsplit_once('_') {
        Some((name, digits))
            if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            name
        }
        _ => constraint,
    }
}

fn is_of_network(error: &tokio_postgres::Error) -> bool {
    let mut source = error.source();
    while let Some(cause) = source {
        if cause.is::<std::io::Error>() {
            return true;
        }
        source = cause.source();
    }
    false
}

/// The driver's own text says little ("db error"); its causes say more.
pub(super) fn chain(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let said = cause.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::without_shard;

    #[test]
    fn a_shard_is_not_part_of_the_name() {
        assert_eq!(without_shard("orders_pkey_102242"), "orders_pkey");
        assert_eq!(without_shard("orders_pkey"), "orders_pkey");
        assert_eq!(without_shard("one_2nd"), "one_2nd");
        assert_eq!(without_shard("ends_"), "ends_");
    }
}
