//! The tables as readable text, for the files in `crates/store/schema` which a test keeps true.

use std::collections::BTreeMap;
use std::path::Path;

use super::dialect;
use super::failure::DbError;
use super::postgres::Postgres;
use super::sqlite::{self, Purpose, explain};

pub(super) fn dump_sqlite(path: &Path) -> Result<String, DbError> {
    let told = |error: rusqlite::Error| explain(&error, "dump of the schema");
    let connection = sqlite::connect(path, Purpose::Read)?;
    let mut statement = connection.prepare(dialect::DUMP_SQLITE).map_err(told)?;
    let texts = statement.query_map([], |row| row.get::<_, String>(0)).map_err(told)?;
    let mut dump = String::new();
    for text in texts {
        let text = text.map_err(told)?;
        // A table begins a paragraph, its indexes follow.
        if !dump.is_empty() && starts_paragraph(&text) {
            dump.push('\n');
        }
        dump.push_str(&in_small_letters(text.trim()));
        dump.push_str(";\n");
    }
    Ok(dump)
}

/// SQLite keeps the text as it was written but for its first words.
fn in_small_letters(text: &str) -> String {
    let begun = ["CREATE TABLE", "CREATE VIRTUAL TABLE", "CREATE UNIQUE INDEX", "CREATE INDEX"];
    match begun.iter().find(|words| text.starts_with(**words)) {
        Some(words) => format!("{}{}", words.to_ascii_lowercase(), &text[words.len()..]),
        None => text.to_owned(),
    }
}

fn starts_paragraph(text: &str) -> bool {
    let lower = text.trim_start().to_ascii_lowercase();
    lower.starts_with("create table") || lower.starts_with("create virtual table")
}

/// What is known of one table on PostgreSQL.
#[derive(Default)]
struct Table {
    lines: Vec<String>,
    indexes: Vec<String>,
}

pub(super) async fn dump_postgres(postgres: &Postgres) -> Result<String, DbError> {
    let mut session = postgres.connect().await?;
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    let columns: Vec<(String, String, String, bool, Option<String>)> =
        session.many(dialect::DUMP_POSTGRES_COLUMNS, &[]).await?;
    for (table, column, kind, filled, default) in columns {
        let filled = if filled { " not null" } else { "" };
        let default = default.map(|text| format!(" default {text}")).unwrap_or_default();
        tables.entry(table).or_default().lines.push(format!("{column} {kind}{filled}{default}"));
    }
    let constraints: Vec<(String, String)> =
        session.many(dialect::DUMP_POSTGRES_CONSTRAINTS, &[]).await?;
    for (table, definition) in constraints {
        tables.entry(table).or_default().lines.push(definition);
    }
    let indexes: Vec<(String, String)> = session.many(dialect::DUMP_POSTGRES_INDEXES, &[]).await?;
    for (table, definition) in indexes {
        tables.entry(table).or_default().indexes.push(definition.replace(" ON public.", " ON "));
    }
    let paragraphs: Vec<String> = tables
        .iter()
        .map(|(name, table)| {
            let indexes: String = table.indexes.iter().map(|index| format!("{index};\n")).collect();
            format!("create table {name} (\n    {}\n);\n{indexes}", table.lines.join(",\n    "))
        })
        .collect();
    Ok(paragraphs.join("\n"))
}
