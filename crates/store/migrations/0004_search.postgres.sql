-- PostgreSQL's own full-text index, fed with the same tokens.
create table product_search (
    id bigint not null,
    shop_id bigint not null,
    market text not null,
    tokens tsvector not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create index product_search_tokens on product_search using gin (tokens);
