-- How a shop's money reaches its bank, what each day did to it, and what providers and the bank say of it.
create table bank_accounts (
    id bigint not null,
    shop_id bigint not null,
    state text not null,
    holder text not null,
    country text not null,
    scheme text not null,
    bank text not null,
    number text not null,
    usable_at bigint not null,
    changed_by bigint not null,
    version bigint not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create index bank_accounts_of_shop on bank_accounts (shop_id, id);

-- first_id is the first try of the same sum; obstacles say why a payout waits, as a list of codes.
create table payouts (
    id bigint not null,
    shop_id bigint not null,
    state text not null,
    currency text not null,
    amount_minor bigint not null check (amount_minor > 0),
    bank_account_id bigint not null,
    first_id bigint not null,
    attempt bigint not null,
    reason text not null,
    obstacles text not null,
    bank_file_id bigint not null,
    due_at bigint,
    claimed_until bigint not null,
    sent_at bigint,
    ended_at bigint,
    version bigint not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create index payouts_of_shop on payouts (shop_id, id);
create index payouts_due on payouts (due_at) where due_at is not null;

-- Files which tell the house's bank whom to pay. They are the house's own.
create table bank_files (
    id bigint not null,
    home_id bigint not null,
    currency text not null,
    made_by bigint not null,
    payouts_count bigint not null,
    total_minor bigint not null,
    created_at bigint not null,
    primary key (id, home_id)
);

-- What is frozen of a statement: its number, its period and what stood on the accounts. Its lines are the transfers.
create table statements (
    id bigint not null,
    shop_id bigint not null,
    number bigint not null,
    currency text not null,
    from_at bigint not null,
    to_at bigint not null,
    opening text not null,
    closing text not null,
    created_at bigint not null,
    primary key (id, shop_id)
);
create unique index statements_of_shop on statements (shop_id, currency, from_at);

-- A report of a provider or of the bank ("bank"), as it was taken in.
create table provider_reports (
    id bigint not null,
    home_id bigint not null,
    source text not null,
    from_at bigint not null,
    to_at bigint not null,
    content_hash text not null,
    lines_count bigint not null,
    new_count bigint not null,
    taken_by bigint not null,
    created_at bigint not null,
    primary key (id, home_id)
);
create unique index provider_reports_once on provider_reports (source, from_at, home_id);

-- A line of a report, in the home of the shop it speaks of. line_ref is the other side's name for it.
create table provider_lines (
    id bigint not null,
    home_id bigint not null,
    report_id bigint not null,
    source text not null,
    line_ref text not null,
    kind text not null,
    reference_id bigint not null,
    currency text not null,
    amount_minor bigint not null check (amount_minor > 0),
    happened_at bigint not null,
    created_at bigint not null,
    primary key (id, home_id)
);
create unique index provider_lines_once on provider_lines (line_ref, source, home_id);
create index provider_lines_of on provider_lines (reference_id, home_id);

-- A movement on which books and reports do not agree, until people book what makes them equal.
create table differences (
    id bigint not null,
    home_id bigint not null,
    state text not null,
    kind text not null,
    reference_id bigint not null,
    currency text not null,
    ours_minor bigint not null,
    theirs_minor bigint not null,
    adjusted_minor bigint not null,
    bearer text not null,
    reason text not null,
    proposed_by bigint not null,
    decided_by bigint not null,
    ended_at bigint,
    version bigint not null,
    created_at bigint not null,
    primary key (id, home_id)
);
create unique index differences_once on differences (reference_id, kind, currency, home_id);
create index differences_open on differences (home_id, id) where ended_at is null;
