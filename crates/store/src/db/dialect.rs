//! The texts which differ between the engines, and nothing else does. If this file grows past 200 lines, the design is
//! wrong.

use rules::catalog::search_tokens::QueryToken;
use rules::ids::{ProductId, ShopId};
use rules::time::Timestamp;

use super::failure::DbError;
use super::tx::Tx;
use crate::p;

/// A longer token is cut, in the index and in the question alike: PostgreSQL takes no word over 2 KiB.
const LONGEST_TOKEN: usize = 60;

/// Full-text search. The tokens are made in `rules`; the engines only keep and find them.
impl Tx {
    /// Makes a product findable by these tokens, and by no others it had before.
    pub async fn put_search_entry(
        &mut self,
        (product, shop): (ProductId, ShopId),
        market: &str,
        tokens: &[String],
        now: Timestamp,
    ) -> Result<(), DbError> {
        let tokens: Vec<&str> = tokens.iter().map(|token| cut(token)).collect();
        let tokens = tokens.join(" ");
        self.remove_search_entry(product, shop).await?;
        if self.is_sqlite() {
            let sql = "insert into product_search (rowid, shop_id, market, tokens) values ($1, $2, $3, $4)";
            self.put(sql, p![product, shop, market, tokens]).await
        } else {
            let sql = "insert into product_search (id, shop_id, market, tokens, created_at)
                       values ($1, $2, $3, array_to_tsvector(string_to_array($4, ' ')), $5)";
            self.put(sql, p![product, shop, market, tokens, now]).await
        }
    }

    /// The product is found no more.
    pub async fn remove_search_entry(
        &mut self,
        product: ProductId,
        shop: ShopId,
    ) -> Result<(), DbError> {
        let key = if self.is_sqlite() { "rowid" } else { "id" };
        let sql = format!("delete from product_search where {key} = $1 and shop_id = $2");
        self.put(&sql, p![product, shop]).await
    }

    /// A condition for the `where` of a statement over `products p`. `param` is the place, such as `$3`, of a value made
    /// by [`Tx::search_question`].
    pub fn search_condition(&self, param: &str) -> String {
        if self.is_sqlite() {
            format!("p.id in (select rowid from product_search where product_search match {param})")
        } else {
            format!(
                "exists (select 1 from product_search f
                          where f.id = p.id and f.shop_id = p.shop_id and f.tokens @@ cast(cast({param} as text) as tsquery))"
            )
        }
    }

    /// The question which finds what has all of these tokens. Without tokens there is nothing to ask: leave the condition
    /// out.
    pub fn search_question(&self, tokens: &[QueryToken]) -> String {
        let sqlite = self.is_sqlite();
        let asked: Vec<String> = tokens
            .iter()
            .map(|token| match (token, sqlite) {
                (QueryToken::Whole(text), true) => format!("\"{}\"", cut(text)),
                (QueryToken::Beginning(text), true) => format!("\"{}\"*", cut(text)),
                (QueryToken::Whole(text), false) => format!("'{}'", cut(text)),
                (QueryToken::Beginning(text), false) => format!("'{}':*", cut(text)),
            })
            .collect();
        asked.join(if sqlite { " AND " } else { " & " })
    }
}

/// Tokens are letters and digits only; whatever else one might hold ends it, so that none can become part of the question.
fn cut(token: &str) -> &str {
    let end = token
        .char_indices()
        .take(LONGEST_TOKEN)
        .take_while(|(_, letter)| letter.is_alphanumeric())
        .last();
    end.map_or("", |(at, letter)| &token[..at + letter.len_utf8()])
}

/// The database's own clock in milliseconds: only for the note of when a migration was applied.
pub(super) const NOW_SQLITE: &str = "select cast(strftime('%s', 'now') as integer) * 1000";
pub(super) const NOW_POSTGRES: &str = "select cast(extract(epoch from now()) * 1000 as bigint)";

/// One process migrates at a time. The lock is the connection's and ends with it. The number is `guildhall` by nothing but
/// choice; it must only be the same in every version.
pub(super) const LOCK_MIGRATIONS: &str = "select pg_advisory_lock(7428301946)";

/// Whether the database was ever migrated.
pub(super) const MIGRATIONS_TABLE_SQLITE: &str =
    "select count(*) from sqlite_master where type = 'table' and name = 'schema_migrations'";

/// `1` or `0`: flags are numbers in the market.
pub(super) const MIGRATIONS_TABLE_POSTGRES: &str = "select case when to_regclass('schema_migrations') is null then cast(0 as bigint) else cast(1 as bigint) end";
pub(super) const HAS_CITUS: &str = "select count(*) from pg_extension where extname = 'citus'";

/// What the tables of SQLite look like; shadow tables of an index are the engine's own business.
pub(super) const DUMP_SQLITE: &str = "
    select s.sql
      from sqlite_master s
      left join pragma_table_list l on l.schema = 'main' and l.name = s.name
     where s.sql is not null
       and s.name not like 'sqlite\\_%' escape '\\'
       and s.tbl_name <> 'schema_migrations'
       and coalesce(l.type, 'index') <> 'shadow'
       and s.tbl_name not in (select name from pragma_table_list where type = 'shadow')
     order by s.tbl_name, s.type = 'index', s.name";

/// Columns, one a row: table, column, type, whether it must be filled, default.
pub(super) const DUMP_POSTGRES_COLUMNS: &str = "
    select cast(c.relname as text), cast(a.attname as text), cast(format_type(a.atttypid, a.atttypmod) as text),
           case when a.attnotnull then cast(1 as bigint) else cast(0 as bigint) end,
           pg_get_expr(d.adbin, d.adrelid)
      from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
     where c.relkind in ('r', 'p')
       and c.relnamespace = to_regnamespace(current_schema())
       and c.relname <> 'schema_migrations'
     order by 1, a.attnum";

/// Constraints, one a row: table, definition. Keys first.
pub(super) const DUMP_POSTGRES_CONSTRAINTS: &str = "
    select cast(c.relname as text), pg_get_constraintdef(k.oid)
      from pg_constraint k
      join pg_class c on c.oid = k.conrelid
     where c.relnamespace = to_regnamespace(current_schema())
       and c.relname <> 'schema_migrations'
       and k.contype in ('p', 'u', 'f', 'c')
     order by 1, position(cast(k.contype as text) in 'pufc'), cast(k.conname as text)";

/// Indexes which no constraint made, one a row: table, definition.
pub(super) const DUMP_POSTGRES_INDEXES: &str = "
    select cast(c.relname as text), pg_get_indexdef(i.indexrelid)
      from pg_index i
      join pg_class c on c.oid = i.indrelid
      join pg_class n on n.oid = i.indexrelid
     where c.relnamespace = to_regnamespace(current_schema())
       and c.relname <> 'schema_migrations'
       and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u'))
     order by 1, cast(n.relname as text)";
