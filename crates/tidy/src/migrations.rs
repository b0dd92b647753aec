//! The tables which the migrations make, with their columns and their home.

use crate::files;

/// A table as its `create table` (and later `add column`) left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub columns: Vec<String>,
    /// The migration which makes it.
    pub path: String,
    /// `shop_id`, `buyer_id` or `home_id` when it is part of the primary key.
    pub home: Option<String>,
}

/// The columns which say where a row lives.
pub const HOMES: [&str; 3] = ["shop_id", "buyer_id", "home_id"];

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
    let mut table = Table {
        name: name.trim().to_owned(),
        columns: Vec::new(),
        path: path.to_owned(),
        home: None,
    };
    for part in parts(body) {
        let first = part.split_whitespace().next().unwrap_or("");
        if let Some(keys) =
            part.strip_prefix("primary key").and_then(|keys| keys.trim().strip_prefix('('))
        {
            let keys = keys.split(')').next().unwrap_or("");
            let keys: Vec<&str> = keys.split(',').map(str::trim).collect();
            table.home =
                HOMES.iter().find(|home| keys.contains(home)).map(|home| (*home).to_owned());
        } else if !["unique", "check", "foreign", "constraint"]
            .contains(&first.split('(').next().unwrap_or(""))
        {
            table.columns.push(first.to_owned());
            if part.contains("primary key") && HOMES.contains(&first) {
                table.home = Some(first.to_owned());
            }
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
    fn columns_and_home_are_read_from_the_key() {
        let sql = "create table orders (id bigint not null, shop_id bigint not null, \
                   state text not null check (state in ('a', 'b')), primary key (id, shop_id), unique (shop_id, no))";
        let table = create_table(sql, "x.sql").expect("a table");
        assert_eq!(table.name, "orders");
        assert_eq!(table.columns, ["id", "shop_id", "state"]);
        assert_eq!(table.home.as_deref(), Some("shop_id"));
    }
}
