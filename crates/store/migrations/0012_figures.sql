-- Fulfilment figures of a shop, kept as things happen, with the orders behind each; and a shop's own notes and marks on orders.
alter table orders add column scanned_at bigint;
alter table orders add column mark text not null default '';
alter table orders add column mark_word text not null default '';
create index parcels_of_shop on parcels (shop_id, id);
create index orders_marked on orders (shop_id, mark, id) where mark <> '';

-- One row a shop and UTC day (days since 1970). Each pair is what was counted, and what of it is met.
create table daily_figures (
    shop_id bigint not null,
    day bigint not null,
    dispatched_count bigint not null default 0,
    dispatched_late_count bigint not null default 0,
    paid_count bigint not null default 0,
    fault_cancelled_count bigint not null default 0,
    shipped_count bigint not null default 0,
    recognised_count bigint not null default 0,
    delivered_count bigint not null default 0,
    delivered_on_time_count bigint not null default 0,
    created_at bigint not null,
    primary key (shop_id, day)
);
create index daily_figures_of_day on daily_figures (day, shop_id);

-- What lies behind the counts: the id is that of the order, or of the parcel where parcels are counted.
create table figure_orders (
    id bigint not null,
    shop_id bigint not null,
    figure text not null,
    order_id bigint not null,
    day bigint not null,
    met bigint not null,
    created_at bigint not null,
    primary key (id, figure, shop_id)
);
create index figure_orders_of_day on figure_orders (shop_id, figure, met, day, id);

-- What staff write to each other about an order. Never changed and never deleted; the buyer does not see it.
create table order_notes (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    kind text not null,
    author text not null,
    body text not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create index order_notes_of_order on order_notes (order_id, id);
