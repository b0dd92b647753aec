-- Shops and what they sell. An order points to a listing version, which never changes.
create table shops (
    id bigint not null,
    name text not null,
    market text not null,
    currency text not null,
    category text not null,
    zone text not null,
    about_en text not null,
    about_zh text not null,
    logo text not null,
    tier text not null,
    state text not null,
    version bigint not null,
    created_at bigint not null,
    primary key (id)
);
create index shops_of_market on shops (market, id);

create table warehouses (
    id bigint not null,
    shop_id bigint not null,
    name text not null,
    address text not null,
    country text not null,
    postcode text not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create index warehouses_of_shop on warehouses (shop_id, id);

create table products (
    id bigint not null,
    shop_id bigint not null,
    market text not null,
    handle text not null,
    category text not null,
    nature text not null,
    title_en text not null,
    title_zh text not null,
    picture text not null,
    price_from_minor bigint not null,
    currency text not null,
    state text not null,
    listing_version bigint not null,
    sold_count bigint not null,
    source_hash text not null,
    version bigint not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create unique index products_by_handle on products (handle, shop_id);
create index products_of_shop on products (shop_id, id);
create index products_of_category on products (market, category, state, id);
create index products_of_market on products (market, state, id);

create table listing_versions (
    id bigint not null,
    shop_id bigint not null,
    product_id bigint not null,
    number bigint not null,
    body text not null,
    created_by bigint not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create unique index listing_versions_by_number on listing_versions (product_id, number, shop_id);

create table skus (
    id bigint not null,
    shop_id bigint not null,
    product_id bigint not null,
    code text not null,
    options text not null,
    price_minor bigint not null,
    compare_at_minor bigint,
    weight_grams bigint not null,
    barcode text not null,
    picture text not null,
    bundle text not null,
    position bigint not null,
    state text not null,
    version bigint not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create unique index skus_by_code on skus (code, shop_id);
create index skus_of_product on skus (product_id, position);
create index skus_bundles on skus (shop_id, id) where bundle <> '';

-- One row a SKU, apart from the SKU's own row because every order writes it. The id is the SKU's.
create table stock (
    id bigint not null,
    shop_id bigint not null,
    warehouse_id bigint not null,
    on_hand bigint not null check (on_hand >= 0),
    reserved bigint not null check (reserved >= 0),
    created_at bigint not null,
    primary key (id, shop_id),
    check (reserved <= on_hand)
);

create table stock_batches (
    id bigint not null,
    shop_id bigint not null,
    sku_id bigint not null,
    batch_code text not null,
    supplier text not null,
    received_count bigint not null,
    remaining_count bigint not null check (remaining_count >= 0),
    created_at bigint not null,
    primary key (id, shop_id)
);
create index stock_batches_of_sku on stock_batches (sku_id, id);
-- The batches which goods are taken from, without those which are used up.
create index stock_batches_open on stock_batches (sku_id, id) where remaining_count > 0;

create table pictures (
    id bigint not null,
    shop_id bigint not null,
    content_type text not null,
    sha256 text not null,
    body bytea not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create unique index pictures_by_hash on pictures (sha256, shop_id);

-- Where a picture came from: an address, or a path in a seller's folder. Two sources may be the same picture.
create table picture_sources (
    source text not null,
    shop_id bigint not null,
    picture_id bigint not null,
    created_at bigint not null,
    primary key (source, shop_id)
);

create table promotions (
    id bigint not null,
    shop_id bigint not null,
    market text not null,
    currency text not null,
    funded_by text not null,
    title_en text not null,
    title_zh text not null,
    percent_bp bigint not null,
    minimum_minor bigint not null,
    maximum_minor bigint not null,
    starts_at bigint not null,
    ends_at bigint not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create index promotions_of_shop on promotions (shop_id, id);

create table basket_lines (
    buyer_id bigint not null,
    sku_id bigint not null,
    shop_id bigint not null,
    quantity bigint not null,
    seen_minor bigint not null,
    created_at bigint not null,
    primary key (buyer_id, sku_id)
);
