-- What a shop has to do, counted on each of its pages from the index alone. Orders enter it when they are paid and checked,
-- so that placing and paying write nothing to it.
create index orders_to_do on orders (shop_id, state, id, due_at, ship_by_at)
    where state = 'awaiting_confirmation' or state = 'awaiting_shipment' or state = 'awaiting_collection';
