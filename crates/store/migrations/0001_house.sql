-- The house's own memory: settings, server processes, policy versions, jobs, the outbox and repeated requests.
create table house_settings (
    name text not null,
    value text not null,
    created_at bigint not null,
    primary key (name)
);

-- A process number is part of every id; the lease keeps two processes from making the same ids.
create table process_numbers (
    number bigint not null,
    holder text not null,
    leased_until bigint not null,
    created_at bigint not null,
    primary key (number)
);

create table policy_versions (
    number bigint not null,
    effective_from bigint not null,
    files text not null,
    note text not null,
    published_by bigint not null,
    created_at bigint not null,
    primary key (number)
);

create table jobs (
    id bigint not null,
    home_id bigint not null,
    kind text not null,
    subject_id bigint not null,
    body text not null,
    state text not null,
    due_at bigint,
    claimed_until bigint not null,
    attempts bigint not null,
    last_error text not null,
    version bigint not null,
    created_at bigint not null,
    primary key (id, home_id)
);
create index jobs_due on jobs (due_at) where due_at is not null;

-- What happened, in order: the timelines people read, and the outbox which the relay empties.
create table events (
    id bigint not null,
    home_id bigint not null,
    subject text not null,
    subject_id bigint not null,
    kind text not null,
    actor text not null,
    body text not null,
    relay_pending bigint not null,
    created_at bigint not null,
    primary key (id, home_id)
);
create index events_of_subject on events (subject_id, id);
create index events_pending on events (id) where relay_pending = 1;

create table requests (
    person_id bigint not null,
    key text not null,
    body_hash text not null,
    status bigint not null,
    answer text not null,
    created_at bigint not null,
    primary key (key, person_id)
);
