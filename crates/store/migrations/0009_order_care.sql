-- Orders which do not go straight through: what went back of them, check flags, questions, cancellation requests, shortages.
alter table orders add column back_minor bigint not null default 0;
alter table orders add column back_tax_minor bigint not null default 0;
alter table orders add column back_house_discount_minor bigint not null default 0;
alter table orders add column back_shipping_minor bigint not null default 0;
alter table orders add column back_commission_minor bigint not null default 0;
alter table orders add column back_duty_minor bigint not null default 0;
alter table orders add column refund_fee_minor bigint not null default 0;

-- back_count pieces were given back, short_count are missing and not yet answered for; `parts` holds what is left to pack.
alter table order_lines add column back_count bigint not null default 0;
alter table order_lines add column short_count bigint not null default 0;
alter table order_lines add column back_minor bigint not null default 0;
alter table order_lines add column back_tax_minor bigint not null default 0;
alter table order_lines add column back_house_discount_minor bigint not null default 0;
alter table order_lines add column back_shipping_minor bigint not null default 0;
alter table order_lines add column back_commission_minor bigint not null default 0;
alter table order_lines add column back_duty_minor bigint not null default 0;
-- What was ordered first, where something else was taken instead.
alter table order_lines add column instead_of_id bigint;
alter table order_lines add column instead_of_code text not null default '';

-- A payment for a checkout has no purpose of its own; one for a dearer substitute names the shop and the shortage.
alter table payments add column purpose text not null default '';
alter table payments add column purpose_shop_id bigint not null default 0;
alter table payments add column purpose_id bigint not null default 0;
alter table payments add column declined_count bigint not null default 0;

create table order_flags (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    kind text not null,
    facts text not null,
    state text not null,
    resolution text not null,
    why text not null,
    resolved_by text not null,
    resolved_at bigint,
    version bigint not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create index order_flags_of_order on order_flags (order_id, id);

create table order_messages (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    author text not null,
    actor text not null,
    kind text not null,
    body text not null,
    proposal text not null,
    answer text not null,
    answered_at bigint,
    created_at bigint not null,
    primary key (id, shop_id)
);
create index order_messages_of_order on order_messages (order_id, id);

create table cancel_requests (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    buyer_id bigint not null,
    reason text not null,
    note text not null,
    state text not null,
    answer text not null,
    answered_by text not null,
    answered_at bigint,
    due_at bigint,
    claimed_until bigint not null,
    version bigint not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create index cancel_requests_of_order on cancel_requests (order_id, id);
create index cancel_requests_due on cancel_requests (due_at) where due_at is not null;
create index cancel_requests_of_shop on cancel_requests (shop_id, state, id);

create table shortages (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    line_id bigint not null,
    sku_id bigint not null,
    missing_count bigint not null check (missing_count > 0),
    cause text not null,
    state text not null,
    substitute text not null,
    difference_minor bigint not null,
    waived bigint not null,
    payment_id bigint,
    answered_by text not null,
    answered_at bigint,
    due_at bigint,
    claimed_until bigint not null,
    version bigint not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create index shortages_of_order on shortages (order_id, id);
create index shortages_due on shortages (due_at) where due_at is not null;
create index shortages_of_shop on shortages (shop_id, state, id);
