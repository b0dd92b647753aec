//! The tables which the migrations make, with their columns, and where their rows live.

use crate::files;

/// A table as its `create table` (and later `add column`) left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub columns: Vec<String>,
    /// The migration which makes it.
    pub path: String,
}

/// Table and column for each line `("orders", ShardedBy("shop_id")),` of the store's placement.rs. A table placed
/// by its own id is left out: whoever asks for one of its rows names it anyway.
pub fn homes() -> Vec<(String, String)> {
    let placed = |line: &str| {
        let (table, rest) = line.trim().strip_prefix("(\"")?.split_once("\", ShardedBy(\"")?;
        let (column, _) = rest.split_once('"')?;
        Some((table.to_owned(), column.to_owned()))
    };
    let text = files::text_of("crates/store/src/db/placement.rs");
    text.lines().filter_map(placed).filter(|(_, column)| column != "id").collect()
}

/// All tables of `crates/store/migrations`, virtual ones aside.
pub fn tables() -> Vec<Table> {
    let mut found: Vec<Table> = Vec::new();
    for file in files::under("crates/store/migrations", "sql") {
        for statement in without_comments(&file.text).split(';') {
            if let Some(table) = create_table(statement, &file.path)
                && !found.iter().any(|known| known.name == table.name)
            {
                found.push(table);
            } else if let Some((name, column)) = add_column(statement)
                && let Some(table) = found.iter_mut().find(|known| known.name == name)
            {
                table.columns.push(column);
            }
        }
    }
    found
}

fn without_comments(sql: &str) -> String {
    sql.lines()
        .map(|line| line.split("--").next().unwrap_or(""))
        .collect::<Vec<_>>()
        .join("\n")
        .to_lowercase()
}

fn create_table(statement: &str, path: &str) -> Option<Table> {
    let rest = statement.trim().strip_prefix("create table")?.trim_start();
    let rest = rest.strip_prefix("if not exists").unwrap_or(rest).trim_start();
    let (name, body) = rest.split_once('(')?;
    let mut table =
        Table { name: name.trim().to_owned(), columns: Vec::new(), path: path.to_owned() };
    for part in parts(body) {
        let first = part.split_whitespace().next().unwrap_or("");
        let first = first.split('(').next().unwrap_or("");
        if !["primary", "unique", "check", "foreign", "constraint"].contains(&first) {
            table.columns.push(first.to_owned());
        }
    }
    Some(table)
}

fn add_column(statement: &str) -> Option<(String, String)> {
    let words: Vec<&str> = statement.split_whitespace().collect();
    match words.as_slice() {
        ["alter", "table", name, "add", "column", column, ..] => {
            Some(((*name).to_owned(), (*column).to_owned()))
        }
        _ => None,
    }
}

/// Splits the inside of `create table (…)` at its outer commas.
fn parts(body: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut depth = 0;
    for c in body.chars() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => break,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                found.push(String::new());
                continue;
            }
            _ => {}
        }
        found.last_mut().expect("there is always one").push(c);
    }
    found
        .iter()
        .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|p| !p.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read_and_keys_are_none() {
        let sql = "create table orders (id bigint not null, shop_id bigint not null, \
                   state text not null check (state in ('a', 'b')), primary key (id, shop_id), unique (shop_id, no))";
        let table = create_table(sql, "x.sql").expect("a table");
        assert_eq!(table.name, "orders");
        assert_eq!(table.columns, ["id", "shop_id", "state"]);
    }
}
