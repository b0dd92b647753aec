-- The embedded engine's full-text index, fed with tokens made in Rust. The rowid is the product's id.
create virtual table product_search using fts5 (tokens, market unindexed, shop_id unindexed, created_at unindexed, tokenize = 'unicode61 remove_diacritics 2');
