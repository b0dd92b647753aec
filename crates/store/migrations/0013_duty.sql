-- What is due at borders and who pays for discounts is kept with the order; shops may deliver to other markets.
alter table orders add column duty_minor bigint not null default 0;
alter table orders add column tax_collection text not null default '';
alter table order_lines add column hs_code text not null default '';
alter table order_lines add column duty_minor bigint not null default 0;
alter table products add column hs_code text not null default '';

-- One charge of an order at a border, frozen at placement.
create table order_charges (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    code text not null,
    name_en text not null,
    name_zh text not null,
    basis text not null,
    lines_count bigint not null,
    unit_minor bigint not null,
    amount_minor bigint not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create index order_charges_of_order on order_charges (order_id, id);

-- One promotion of an order, and what each party gives up for it.
create table order_promotions (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    promotion_id bigint not null,
    funded_by text not null,
    title_en text not null,
    title_zh text not null,
    shop_part_minor bigint not null,
    house_part_minor bigint not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create index order_promotions_of_order on order_promotions (order_id, id);

-- Markets of the same currency, beside its own, which a shop delivers to.
create table shop_deliveries (
    market text not null,
    shop_id bigint not null,
    created_at bigint not null,
    primary key (market, shop_id)
);
create index shop_deliveries_of_shop on shop_deliveries (shop_id);

-- A shared promotion is proposed by the house, and runs only where the shop has accepted it before it begins.
alter table promotions add column house_bp bigint not null default 0;
alter table promotions add column answered_at bigint;
alter table promotions add column answer text not null default '';

-- A tier which begins later.
alter table shops add column next_tier text not null default '';
alter table shops add column next_tier_at bigint;
