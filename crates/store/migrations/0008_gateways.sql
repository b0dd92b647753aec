-- A payment may be tried with several providers; each try is a row, written before the provider is asked.
create table payment_attempts (
    id bigint not null,
    buyer_id bigint not null,
    payment_id bigint not null,
    provider text not null,
    state text not null,
    currency text not null,
    amount_minor bigint not null check (amount_minor > 0),
    captured_minor bigint not null,
    provider_ref text not null,
    orders text not null,
    next_step text not null,
    failure text not null,
    pay_by_at bigint not null,
    version bigint not null,
    created_at bigint not null,
    primary key (id, buyer_id)
);
create index payment_attempts_of_payment on payment_attempts (buyer_id, payment_id, id);
