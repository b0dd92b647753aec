//! SQL inside Rust: which texts are statements, which tables and words they name.

use crate::files::File;
use crate::rust::{self, Kind};

/// A string literal which is SQL.
#[derive(Clone, Debug)]
pub struct Statement {
    pub path: String,
    pub line: usize,
    /// In lower case, with single spaces.
    pub text: String,
}

/// All SQL texts of a file.
pub fn in_file(file: &File) -> Vec<Statement> {
    rust::pieces(&file.text)
        .into_iter()
        .filter(|piece| piece.kind == Kind::Text && is_sql(piece.text))
        .map(|piece| Statement {
            path: file.path.clone(),
            line: piece.line,
            text: plain(piece.text),
        })
        .collect()
}

/// SQL begins with one of its verbs and has the word which must follow it; an English sentence rarely has both.
pub fn is_sql(text: &str) -> bool {
    let text = plain(text);
    let words = words(&text);
    let has = |word: &str| words.contains(&word);
    match (words.first().copied(), words.get(1).copied()) {
        (Some("select"), Some(_)) => has("from") || text.contains("select 1") || text.contains('('),
        (Some("insert"), Some("into" | "or")) | (Some("delete"), Some("from")) => true,
        (Some("update"), Some(_)) => has("set"),
        (Some("with"), Some(_)) => has("select") && has("as"),
        (Some("create" | "drop" | "alter"), Some(what)) => {
            ["table", "index", "unique", "view", "virtual", "database", "schema"].contains(&what)
        }
        _ => false,
    }
}

/// The tables a statement names after from, join, into and update.
pub fn tables(statement: &str) -> Vec<String> {
    let words = words(statement);
    let mut found: Vec<String> = words
        .windows(2)
        .filter(|pair| matches!(pair[0], "from" | "join" | "into" | "update"))
        .map(|pair| pair[1].to_owned())
        .filter(|table| table != "select" && table != "set")
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Whether the statement says which home it means, for each of `tables` tables it takes from there: the column
/// stands after `where` or `on` as often, or is inserted.
pub fn names_home(statement: &str, column: &str, tables: usize) -> bool {
    if statement.starts_with("insert") {
        // A list of columns which is put in by `format!` stands elsewhere, where a test of the store reads it back.
        return statement.contains('{') || words(statement).contains(&column);
    }
    let after = ["where", "on", "using"]
        .iter()
        .filter_map(|word| position(statement, word))
        .min()
        .map_or("", |from| &statement[from..]);
    let named = words(after).iter().filter(|word| **word == column).count();
    named >= tables || (named > 0 && words(after).contains(&"using"))
}

/// The names and keywords, without signs: `o.shop_id = $1` has `o`, `shop_id`, `1`.
pub fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|w| !w.is_empty())
        .collect()
}

fn position(text: &str, word: &str) -> Option<usize> {
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = text[..*at].chars().last().unwrap_or(' ');
        let after = text[at + word.len()..].chars().next().unwrap_or(' ');
        !(before.is_alphanumeric() || before == '_' || after.is_alphanumeric() || after == '_')
    })
}

/// Lower case, one space between words; a line continued with `\` reads on.
fn plain(text: &str) -> String {
    let joined = text.replace("\\\n", " ").replace("\\n", " ").to_lowercase();
    joined.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_is_told_from_english() {
        for sql in [
            "select id from orders",
            "\n  insert into orders (id) values ($1)",
            "update orders set state = $1",
            "with due as (select 1) select * from due",
            "create unique index a on b (c)",
        ] {
            assert!(is_sql(sql), "{sql}");
        }
        for english in
            ["select a shop", "with love", "update your address", "delete it", "create a key"]
        {
            assert!(!is_sql(english), "{english}");
        }
    }

    #[test]
    fn a_home_column_counts_only_where_it_chooses_rows() {
        assert!(!names_home("select shop_id from orders where id = $1", "shop_id", 1));
        let one = "select id from orders o where o.id = $1 and o.shop_id = $2";
        assert!(names_home(one, "shop_id", 1));
        let lost = "select 1 from orders o join skus s on s.id = o.sku_id where o.shop_id = $1";
        assert!(!names_home(lost, "shop_id", 2));
        assert!(names_home("insert into orders (id, shop_id) values ($1, $2)", "shop_id", 1));
        assert_eq!(
            tables("select 1 from orders o join skus s on s.id = o.sku_id"),
            ["orders", "skus"]
        );
    }
}
