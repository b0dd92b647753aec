-- Carriers come in by one signed contract: their keys, what tells a valid number, and goods which have a size.
alter table parcels add column handed_over_at bigint;
alter table parcels add column recognised_at bigint;
alter table parcels add column news_at bigint not null default 0;
alter table parcels add column tracking_changes bigint not null default 0;
alter table parcels add column override_reason text not null default '';

-- Until when the carrier was to bring it; due_at may come sooner, when the parcel has stopped moving.
alter table orders add column deliver_by_at bigint;

-- Millimetres of one piece, packed for sale. 0: nobody has measured it.
alter table skus add column length_mm bigint not null default 0;
alter table skus add column width_mm bigint not null default 0;
alter table skus add column height_mm bigint not null default 0;

-- The text of a key is never here: it is made anew from the house's root and the key's id.
create table carrier_keys (
    id bigint not null,
    carrier text not null,
    prefix text not null,
    made_by text not null,
    ends_at bigint,
    used_at bigint,
    created_at bigint not null,
    primary key (id)
);
create index carrier_keys_of_carrier on carrier_keys (carrier, id);
