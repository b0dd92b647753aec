-- Packing: what lies in which parcel, serial numbers of sold pieces, where goods stand, orders which travel together.
alter table shops add column packing text not null default 'list';

-- Where in its warehouse a SKU lies, and whether each piece has a serial number which packing writes down.
alter table stock add column shelf text not null default '';
alter table stock add column serials bigint not null default 0;
create index skus_by_barcode on skus (barcode, shop_id) where barcode <> '';

-- One row a parcel beside it, with the parcel's id: how it was packed. Parcels of one box share a tracking number;
-- box_id is the id of the first of them.
create table packings (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    box_id bigint not null,
    checked text not null,
    packed_by text not null,
    photo_id bigint,
    packed_at bigint,
    left_at bigint,
    created_at bigint not null,
    primary key (id, shop_id)
);
create index packings_of_order on packings (order_id, id);
create index packings_of_box on packings (box_id, id);
-- One open parcel an order: whoever scans first opens it for both.
create unique index packings_open on packings (order_id, shop_id) where packed_at is null;

create table packed_items (
    id bigint not null,
    shop_id bigint not null,
    parcel_id bigint not null,
    order_id bigint not null,
    line_id bigint not null,
    sku_id bigint not null,
    packed_count bigint not null check (packed_count > 0),
    created_at bigint not null,
    primary key (id, shop_id)
);
create unique index packed_items_once on packed_items (parcel_id, line_id, sku_id, shop_id);
create index packed_items_of_order on packed_items (order_id, id);

-- A piece known by its serial number: in stock until an order takes it.
create table serials (
    id bigint not null,
    shop_id bigint not null,
    sku_id bigint not null,
    serial text not null,
    parcel_id bigint,
    order_id bigint,
    line_id bigint,
    packed_at bigint,
    created_at bigint not null,
    primary key (id, shop_id)
);
create unique index serials_once on serials (serial, shop_id);
create index serials_of_order on serials (order_id, id) where order_id is not null;
create index serials_of_sku on serials (sku_id, id);
