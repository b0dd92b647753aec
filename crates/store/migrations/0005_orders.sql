-- A checkout is one payment of a buyer and one order a shop.
create table payments (
    id bigint not null,
    buyer_id bigint not null,
    provider text not null,
    method text not null,
    state text not null,
    currency text not null,
    amount_minor bigint not null check (amount_minor >= 0),
    orders text not null,
    failure text not null,
    due_at bigint,
    claimed_until bigint not null,
    captured_at bigint,
    version bigint not null,
    created_at bigint not null,
    primary key (id, buyer_id)
);
create index payments_of_buyer on payments (buyer_id, id);
create index payments_due on payments (due_at) where due_at is not null;

create table orders (
    id bigint not null,
    shop_id bigint not null,
    buyer_id bigint not null,
    payment_id bigint not null,
    market text not null,
    currency text not null,
    state text not null,
    flags text not null,
    cancelled_by text not null,
    cancel_reason text not null,
    fault text not null,
    goods_minor bigint not null,
    shop_discount_minor bigint not null,
    house_discount_minor bigint not null,
    shipping_minor bigint not null,
    tax_minor bigint not null,
    tax_included bigint not null,
    total_minor bigint not null check (total_minor >= 0),
    commission_minor bigint not null,
    carrier text not null,
    service text not null,
    promise_from_at bigint not null,
    promise_by_at bigint not null,
    address text not null,
    buyer_name text not null,
    policy_version bigint not null,
    pieces_count bigint not null,
    due_at bigint,
    claimed_until bigint not null,
    paid_at bigint,
    then_at bigint,
    ship_by_at bigint,
    shipped_at bigint,
    delivered_at bigint,
    completed_at bigint,
    settled_at bigint,
    cancelled_at bigint,
    version bigint not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create index orders_of_shop on orders (shop_id, state, id);
create index orders_due on orders (due_at) where due_at is not null;

create table order_lines (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    product_id bigint not null,
    sku_id bigint not null,
    listing_version bigint not null,
    title_en text not null,
    title_zh text not null,
    options text not null,
    sku_code text not null,
    picture text not null,
    category text not null,
    nature text not null,
    quantity bigint not null check (quantity > 0),
    unit_minor bigint not null,
    goods_minor bigint not null,
    shop_discount_minor bigint not null,
    house_discount_minor bigint not null,
    shipping_minor bigint not null,
    tax_minor bigint not null,
    commission_minor bigint not null,
    parts text not null,
    batches text not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create index order_lines_of_order on order_lines (order_id, id);

-- The buyer's list over all shops; the row names the order, the shop's row tells its state.
create table buyer_orders (
    id bigint not null,
    buyer_id bigint not null,
    shop_id bigint not null,
    payment_id bigint not null,
    created_at bigint not null,
    primary key (id, buyer_id)
);
create index buyer_orders_of_buyer on buyer_orders (buyer_id, id);

create table parcels (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    state text not null,
    carrier text not null,
    service text not null,
    tracking_number text not null,
    weight_grams bigint not null,
    progress_at bigint not null,
    version bigint not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create index parcels_of_order on parcels (order_id, id);
create index parcels_by_tracking on parcels (tracking_number);

create table parcel_events (
    id bigint not null,
    shop_id bigint not null,
    parcel_id bigint not null,
    carrier_ref text not null,
    kind text not null,
    place text not null,
    happened_at bigint not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create unique index parcel_events_once on parcel_events (parcel_id, carrier_ref, shop_id);

create table refunds (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    payment_id bigint not null,
    state text not null,
    currency text not null,
    amount_minor bigint not null check (amount_minor > 0),
    reason text not null,
    confirmed_at bigint,
    version bigint not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create index refunds_of_order on refunds (order_id, id);
