-- After-sales cases: what a buyer asks for when something went wrong, and what becomes of it.
create table cases (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    buyer_id bigint not null,
    market text not null,
    policy_version bigint not null,
    reason text not null,
    class text not null,
    asked_remedy text not null,
    -- What holds now: as asked, agreed or decided.
    remedy text not null,
    words text not null,
    state text not null,
    -- A party or an outcome, where the state has one.
    result text not null,
    due_at bigint,
    missed_at bigint,
    rest_ms bigint not null,
    buyer_by_at bigint,
    shop_by_at bigint,
    currency text not null,
    asked_minor bigint not null check (asked_minor >= 0),
    -- 0: all which was asked for.
    agreed_minor bigint not null check (agreed_minor >= 0),
    refunded_minor bigint not null check (refunded_minor >= 0),
    -- What of it the shop has borne, the commission given back taken off.
    cost_minor bigint not null,
    liable text not null,
    offers_count bigint not null,
    disputes_count bigint not null,
    appealed bigint not null,
    arbiter_id bigint,
    return_carrier text not null,
    return_number text not null,
    replacement_id bigint,
    closed_at bigint,
    claimed_until bigint not null,
    version bigint not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create index cases_due on cases (due_at) where due_at is not null;
create index cases_of_order on cases (order_id, id);
create index cases_of_shop on cases (shop_id, state, id);
create index cases_of_state on cases (state, id);

create table case_lines (
    id bigint not null,
    shop_id bigint not null,
    case_id bigint not null,
    order_id bigint not null,
    line_id bigint not null,
    units_count bigint not null check (units_count > 0),
    created_at bigint not null,
    primary key (id, shop_id)
);
create index case_lines_of_case on case_lines (case_id, id);
create index case_lines_of_order on case_lines (order_id, id);

create table case_offers (
    id bigint not null,
    shop_id bigint not null,
    case_id bigint not null,
    remedy text not null,
    amount_minor bigint not null check (amount_minor >= 0),
    words text not null,
    state text not null,
    answered_at bigint,
    version bigint not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create index case_offers_of_case on case_offers (case_id, id);

create table case_decisions (
    id bigint not null,
    shop_id bigint not null,
    case_id bigint not null,
    -- 1 for the first, 2 for one on an appeal.
    instance bigint not null,
    arbiter_id bigint not null,
    in_favour_of text not null,
    remedy text not null,
    amount_minor bigint not null check (amount_minor >= 0),
    liable text not null,
    facts text not null,
    rule text not null,
    redress text not null,
    policy_version bigint not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create index case_decisions_of_case on case_decisions (case_id, id);

-- The buyer's list over all shops; the row names the case, the shop's row tells its state.
create table buyer_cases (
    id bigint not null,
    buyer_id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    created_at bigint not null,
    primary key (id, buyer_id)
);
create index buyer_cases_of_buyer on buyer_cases (buyer_id, id);

-- While a case is open its order neither completes nor settles.
alter table orders add column cases_count bigint not null default 0;
