//! Migrations are written once, as for PostgreSQL; here they become SQLite's.
//!
//! The key `(id, shop_id)` becomes `id integer primary key`: then a table *is* its own index in the order of the ids, and
//! each order appends instead of writing a page of its own in every table (measured: 1.4 to 2.8 times the orders).

use super::failure::DbError;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    Sign(char),
    /// A quoted text or name, quotes included.
    Quoted(&'a str),
    Space,
    Comment,
}

/// The text of a migration as SQLite takes it. Texts which create no table only have their types renamed.
pub(super) fn for_sqlite(text: &str) -> Result<String, DbError> {
    let mut out = String::with_capacity(text.len());
    for statement in statements(text)? {
        match Table::of(&statement) {
            Some(table) => out.push_str(&table.for_sqlite()),
            None => out.push_str(render(&statement).trim()),
        }
        out.push_str(";\n");
    }
    Ok(out)
}

/// The tables which a migration creates, in order.
pub(super) fn created_tables(text: &str) -> Result<Vec<String>, DbError> {
    let tables = statements(text)?;
    Ok(tables
        .iter()
        .filter_map(|statement| Table::of(statement))
        .map(|table| table.name.to_owned())
        .collect())
}

/// The columns of a table's primary key as a migration creates it.
#[cfg(test)]
pub(super) fn primary_key(text: &str, name: &str) -> Result<Vec<String>, DbError> {
    let statements = statements(text)?;
    let table = statements
        .iter()
        .filter_map(|statement| Table::of(statement))
        .find(|table| table.name == name);
    Ok(table.and_then(|table| table.key()).map(|(_, columns)| columns).unwrap_or_default())
}

/// Splits at each `;` outside of quotes and comments. Empty statements are left out.
fn statements(text: &str) -> Result<Vec<Vec<Token<'_>>>, DbError> {
    let mut all = vec![Vec::new()];
    for token in tokens(text)? {
        if token == Token::Sign(';') {
            all.push(Vec::new());
        } else if let Some(last) = all.last_mut() {
            last.push(token);
        }
    }
    all.retain(|statement| {
        statement.iter().any(|token| !matches!(token, Token::Space | Token::Comment))
    });
    Ok(all)
}

fn tokens(text: &str) -> Result<Vec<Token<'_>>, DbError> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            _ if rest.starts_with("--") => (Token::Comment, rest.find('\n').unwrap_or(rest.len())),
            _ if rest.starts_with("/*") => (Token::Comment, closing(rest, 2, "*/")? + 2),
            '\'' | '"' => {
                let end = closing(rest, 1, if first == '"' { "\"" } else { "'" })? + 1;
                (Token::Quoted(&rest[..end]), end)
            }
            _ if first.is_whitespace() => (Token::Space, run(rest, char::is_whitespace)),
            _ if is_of_word(first) => {
                let end = run(rest, is_of_word);
                (Token::Word(&rest[..end]), end)
            }
            _ => (Token::Sign(first), first.len_utf8()),
        };
        found.push(token);
        rest = &rest[length..];
    }
    Ok(found)
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$' || letter == '.'
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !belongs(letter)).unwrap_or(text.len())
}

/// Where `end` begins. A doubled quote simply begins another quoted token, which comes to the same.
fn closing(text: &str, from: usize, end: &str) -> Result<usize, DbError> {
    let start: String = text.chars().take(40).collect();
    text[from..]
        .find(end)
        .map(|at| at + from)
        .ok_or_else(|| DbError::Broken(format!("{end} is missing after: {start}")))
}

/// Without comments, spaces made single, and SQLite's names of the types.
fn render(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    for token in tokens {
        match token {
            Token::Word(word) if word.eq_ignore_ascii_case("bigint") => text.push_str("integer"),
            Token::Word(word) if word.eq_ignore_ascii_case("bytea") => text.push_str("blob"),
            Token::Word(word) | Token::Quoted(word) => text.push_str(word),
            Token::Sign(sign) => text.push(*sign),
            Token::Space | Token::Comment if text.ends_with(' ') || text.is_empty() => {}
            Token::Space | Token::Comment => text.push(' '),
        }
    }
    text
}

/// A `create table` taken apart.
struct Table<'a> {
    name: &'a str,
    /// Up to the opening bracket.
    head: &'a [Token<'a>],
    /// Columns and constraints.
    parts: Vec<&'a [Token<'a>]>,
}

impl<'a> Table<'a> {
    fn of(statement: &'a [Token<'a>]) -> Option<Self> {
        let open = statement.iter().position(|token| *token == Token::Sign('('))?;
        let close = statement.iter().rposition(|token| *token == Token::Sign(')'))?;
        let (head, body) = (&statement[..open], statement.get(open + 1..close)?);
        let words = words(head);
        if words.len() < 3
            || !words[0].eq_ignore_ascii_case("create")
            || !words[1].eq_ignore_ascii_case("table")
        {
            return None;
        }
        Some(Self { name: words.last()?, head, parts: at_commas(body) })
    }

    /// Which part the primary key is, and its columns.
    fn key(&self) -> Option<(usize, Vec<String>)> {
        self.parts.iter().enumerate().find_map(|(at, part)| match words(part).as_slice() {
            [first, second, columns @ ..]
                if first.eq_ignore_ascii_case("primary") && second.eq_ignore_ascii_case("key") =>
            {
                Some((at, columns.iter().map(|column| (*column).to_owned()).collect()))
            }
            _ => None,
        })
    }

    fn for_sqlite(&self) -> String {
        let mut parts: Vec<String> = self.parts.iter().map(|part| without_home(part)).collect();
        let mut without_rowid = false;
        if let Some((at, columns)) = self.key() {
            let own = match columns.as_slice() {
                [only] => Some(only),
                [id, home] if id == "id" && home.ends_with("_id") => Some(id),
                _ => None,
            };
            let column = own.and_then(|own| {
                parts.iter().position(|part| part.starts_with(&format!("{own} integer")))
            });
            if let (Some(own), Some(column)) = (own, column) {
                let rest =
                    parts[column][own.len() + " integer".len()..].replacen(" not null", "", 1);
                parts[column] = format!("{own} integer primary key{rest}");
                parts.remove(at);
            } else {
                // Large values do not belong into the pages of a key.
                without_rowid = !parts.iter().any(|part| part.contains(" blob"));
            }
        }
        let kind = if without_rowid { "strict, without rowid" } else { "strict" };
        format!("{} (\n    {}\n) {kind}", render(self.head).trim(), parts.join(",\n    "))
    }
}

/// A foreign key to `(id, shop_id)` refers to the id alone, because that is the other table's key here.
fn without_home(part: &[Token<'_>]) -> String {
    let text = render(part).trim().to_owned();
    let Some((before, after)) = text.split_once(" references ") else { return text };
    let (Some((start, own)), Some((table, theirs))) =
        (before.split_once('('), after.split_once('('))
    else {
        return text;
    };
    let Some((theirs, rest)) = theirs.split_once(')') else { return text };
    let names = |list: &str| {
        list.trim_end_matches(')').split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>()
    };
    match (names(own).as_slice(), names(theirs).as_slice()) {
        ([first, _], [id, home]) if id == "id" && home.ends_with("_id") => {
            format!("{start}({first}) references {table}(id){rest}")
        }
        _ => text,
    }
}

fn words<'a>(tokens: &[Token<'a>]) -> Vec<&'a str> {
    let word = |token: &Token<'a>| match token {
        Token::Word(word) | Token::Quoted(word) => Some(*word),
        Token::Sign(_) | Token::Space | Token::Comment => None,
    };
    tokens.iter().filter_map(word).collect()
}

fn at_commas<'a>(body: &'a [Token<'a>]) -> Vec<&'a [Token<'a>]> {
    let mut parts = Vec::new();
    let (mut from, mut depth) = (0, 0_i32);
    for (at, token) in body.iter().enumerate() {
        match token {
            Token::Sign('(') => depth += 1,
            Token::Sign(')') => depth -= 1,
            Token::Sign(',') if depth == 0 => {
                parts.push(&body[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&body[from..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn becomes(portable: &str, sqlite: &str) {
        assert_eq!(for_sqlite(portable).unwrap(), sqlite);
    }

    #[test]
    fn the_id_is_the_row() {
        becomes(
            "-- Orders; one a shop.\ncreate table orders (\n  id bigint not null, -- time-ordered, unique\n  shop_id bigint not null,\n  total_minor bigint not null check (total_minor >= 0),\n  primary key (id, shop_id)\n);",
            "create table orders (\n    id integer primary key,\n    shop_id integer not null,\n    total_minor integer not null check (total_minor >= 0)\n) strict;\n",
        );
    }

    #[test]
    fn other_keys_are_the_table() {
        becomes(
            "create table balances (home_id bigint not null, account text not null, primary key (home_id, account));",
            "create table balances (\n    home_id integer not null,\n    account text not null,\n    primary key (home_id, account)\n) strict, without rowid;\n",
        );
        becomes(
            "create table names (name text not null, primary key (name))",
            "create table names (\n    name text not null,\n    primary key (name)\n) strict, without rowid;\n",
        );
        becomes(
            "create table files (hash text not null, body bytea not null, primary key (hash))",
            "create table files (\n    hash text not null,\n    body blob not null,\n    primary key (hash)\n) strict;\n",
        );
    }

    #[test]
    fn a_version_is_no_home() {
        let text = for_sqlite(
            "create table a (id bigint not null, version bigint not null, primary key (id, version))",
        );
        assert!(text.unwrap().contains("primary key (id, version)\n) strict, without rowid"));
    }

    #[test]
    fn foreign_keys_follow_their_table() {
        becomes(
            "create table lines (id bigint not null, shop_id bigint not null, order_id bigint not null, primary key (id, shop_id),\n foreign key (order_id, shop_id) references orders (id, shop_id) on delete cascade)",
            "create table lines (\n    id integer primary key,\n    shop_id integer not null,\n    order_id integer not null,\n    foreign key (order_id) references orders (id) on delete cascade\n) strict;\n",
        );
    }

    #[test]
    fn quotes_and_other_statements_stay() {
        becomes(
            "insert into t (a) values ('bigint; -- no comment');",
            "insert into t (a) values ('bigint; -- no comment');\n",
        );
        becomes(
            "create index jobs_due on jobs (due_at) where due_at is not null;\nalter table jobs add column n bigint not null default 0;",
            "create index jobs_due on jobs (due_at) where due_at is not null;\nalter table jobs add column n integer not null default 0;\n",
        );
        let virtual_table = "create virtual table s using fts5 (tokens, tokenize = 'unicode61 remove_diacritics 2')";
        becomes(virtual_table, &format!("{virtual_table};\n"));
        assert!(for_sqlite("select 'never closed").is_err());
    }
}
