//! The texts which differ between the engines, and nothing else does. If this file grows past 200 lines, the design is
//! wrong.

use rules::catalog::search_tokens::QueryToken;

/// The search index of products: its texts, and how tokens become a document and a query. Tokens are letters and digits.
pub(crate) struct FullText {
    /// Product, shop, market, document, now.
    pub put: &'static str,
    /// Product, shop.
    pub remove: &'static str,
    /// Query, market, score and product of the last hit before, limit; `{more}` is for further conditions on `p`.
    pub find: &'static str,
    pub document: fn(&[String]) -> String,
    pub query: fn(&[QueryToken]) -> String,
}

/// A longer token is cut, in the index and in the question alike: PostgreSQL takes no word over 2 KiB.
const LONGEST_TOKEN: usize = 60;

/// Tokens are letters and digits only; whatever else one might hold ends it, so that none can become part of the
/// question.
fn cut(token: &str) -> &str {
    let letters = token.char_indices().take(LONGEST_TOKEN);
    let end = letters.take_while(|(_, letter)| letter.is_alphanumeric()).last();
    end.map_or("", |(at, letter)| &token[..at + letter.len_utf8()])
}

/// FTS5, ranked by its BM25, which is negative and a fraction.
pub(super) static FULL_TEXT_SQLITE: FullText = FullText {
    put: "insert into product_search (rowid, shop_id, market, tokens, created_at) values ($1, $2, $3, $4, $5)",
    remove: "delete from product_search where rowid = $1 and shop_id = $2",
    find: "
    select s.id, s.shop_id, s.score
      from (select rowid as id, shop_id, cast(bm25(product_search) * -1000000 as integer) as score
              from product_search
             where product_search match $1
               and (market = $2{abroad})) s
     cross join products p on p.id = s.id and p.shop_id = s.shop_id
     where (s.score < $3 or (s.score = $3 and s.id < $4)) {more}
     order by s.score desc, s.id desc
     limit $5",
    document: |tokens| tokens.iter().map(|token| cut(token)).collect::<Vec<_>>().join(" "),
    query: |tokens| {
        let one = |token: &QueryToken| match token {
            QueryToken::Whole(word) => format!("\"{}\"", cut(word)),
            QueryToken::Beginning(word) => format!("\"{}\" *", cut(word)),
        };
        tokens.iter().map(one).collect::<Vec<_>>().join(" AND ")
    },
};

/// A `tsvector` without a dictionary. The casts go by way of text, because parameters are text.
pub(super) static FULL_TEXT_POSTGRES: FullText = FullText {
    put: "insert into product_search (id, shop_id, market, tokens, created_at)
          values ($1, $2, $3, cast(cast($4 as text) as tsvector), $5)",
    remove: "delete from product_search where id = $1 and shop_id = $2",
    find: "
    select s.id, s.shop_id, s.score
      from (select id, shop_id,
                   cast(ts_rank(tokens, cast(cast($1 as text) as tsquery)) * 1000000 as bigint) as score
              from product_search
             where tokens @@ cast(cast($1 as text) as tsquery)
               and (market = $2{abroad})) s
      join products p on p.id = s.id and p.shop_id = s.shop_id
     where (s.score < $3 or (s.score = $3 and s.id < $4)) {more}
     order by s.score desc, s.id desc
     limit $5",
    document: |tokens| {
        // A position above 16383 counts as that one.
        let places = tokens.iter().enumerate();
        let placed = places.map(|(at, token)| format!("'{}':{}", cut(token), at + 1));
        placed.collect::<Vec<_>>().join(" ")
    },
    query: |tokens| {
        let one = |token: &QueryToken| match token {
            QueryToken::Whole(word) => format!("'{}'", cut(word)),
            QueryToken::Beginning(word) => format!("'{}':*", cut(word)),
        };
        tokens.iter().map(one).collect::<Vec<_>>().join(" & ")
    },
};

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
