-- People: who signs in, with which role, from where.
create table people (
    id bigint not null,
    name text not null,
    email text not null,
    password_hash text not null,
    language text not null,
    version bigint not null,
    created_at bigint not null,
    primary key (id)
);

-- The name people sign in with must be unique over all shards, so it is the key of its own table.
create table login_names (
    name text not null,
    person_id bigint not null,
    created_at bigint not null,
    primary key (name)
);

-- Which role a person has for a shop, or for the house (home 1). Everybody is a buyer.
create table memberships (
    person_id bigint not null,
    home_id bigint not null,
    role text not null,
    created_at bigint not null,
    primary key (person_id, home_id, role)
);
create index memberships_of_home on memberships (home_id, person_id);

create table sessions (
    token_hash text not null,
    person_id bigint not null,
    agent text not null,
    seen_at bigint not null,
    expires_at bigint not null,
    created_at bigint not null,
    primary key (token_hash)
);
create index sessions_of_person on sessions (person_id);

-- One-time links: first set-up, and the demo's sign-in links.
create table sign_in_links (
    token_hash text not null,
    person_id bigint not null,
    purpose text not null,
    destination text not null,
    expires_at bigint not null,
    used_at bigint,
    created_at bigint not null,
    primary key (token_hash)
);

create table sign_in_failures (
    name text not null,
    failures bigint not null,
    locked_until bigint not null,
    created_at bigint not null,
    primary key (name)
);

create table api_keys (
    secret_hash text not null,
    id bigint not null,
    person_id bigint not null,
    home_id bigint not null,
    scope text not null,
    name text not null,
    prefix text not null,
    revoked_at bigint,
    created_at bigint not null,
    primary key (secret_hash)
);
create index api_keys_of_person on api_keys (person_id);
create index api_keys_of_home on api_keys (home_id, id);

create table addresses (
    id bigint not null,
    buyer_id bigint not null,
    body text not null,
    is_default bigint not null,
    created_at bigint not null,
    primary key (id, buyer_id)
);
create index addresses_of_buyer on addresses (buyer_id, id);

create table notices (
    id bigint not null,
    person_id bigint not null,
    home_id bigint not null,
    kind text not null,
    subject text not null,
    subject_id bigint not null,
    body text not null,
    read_at bigint,
    created_at bigint not null,
    primary key (id, person_id)
);
create index notices_of_person on notices (person_id, id);
