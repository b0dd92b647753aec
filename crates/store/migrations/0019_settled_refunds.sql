-- Refunds after settlement: what of a refund a carrier or the house bore, and what was taken of a reserve before its release.
alter table orders add column borne_minor bigint not null default 0;
alter table orders add column borne_tax_minor bigint not null default 0;
alter table orders add column borne_house_discount_minor bigint not null default 0;
alter table orders add column borne_shipping_minor bigint not null default 0;
alter table orders add column borne_commission_minor bigint not null default 0;
alter table orders add column borne_duty_minor bigint not null default 0;
alter table reserve_parts add column taken_minor bigint not null default 0;
-- The parts which are still kept, the soonest release first.
create index reserve_parts_kept on reserve_parts (home_id, due_at, id) where due_at is not null;
