-- The ledger. A transfer names both sides, so an unbalanced posting cannot be written. Append-only.
create table transfers (
    id bigint not null,
    home_id bigint not null,
    debit_account text not null,
    credit_account text not null,
    currency text not null,
    amount_minor bigint not null check (amount_minor > 0),
    code text not null,
    kind text not null,
    of_id bigint,
    subject text not null,
    subject_id bigint not null,
    step bigint not null,
    leg bigint not null,
    created_at bigint not null,
    primary key (id, home_id),
    check (debit_account <> credit_account)
);
create unique index transfers_once on transfers (subject_id, step, leg, home_id);
create index transfers_of_home on transfers (home_id, id);

create table balances (
    home_id bigint not null,
    account text not null,
    currency text not null,
    debits_posted_minor bigint not null,
    debits_pending_minor bigint not null,
    credits_posted_minor bigint not null,
    credits_pending_minor bigint not null,
    created_at bigint not null,
    primary key (home_id, account, currency)
);

-- Each part of a rolling reserve with its own release time.
create table reserve_parts (
    id bigint not null,
    home_id bigint not null,
    order_id bigint not null,
    currency text not null,
    amount_minor bigint not null check (amount_minor > 0),
    state text not null,
    due_at bigint,
    claimed_until bigint not null,
    version bigint not null,
    created_at bigint not null,
    primary key (id, home_id)
);
create index reserve_parts_due on reserve_parts (due_at) where due_at is not null;
create index reserve_parts_of_home on reserve_parts (home_id, id);
