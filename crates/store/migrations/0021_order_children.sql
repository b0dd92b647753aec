-- Where rows of a table are found by their order, and by their shop too, an engine without statistics cannot tell which
-- index is the narrow one: it walked all parcels of the shop for the parcels of one order. Now the order's index holds both.
drop index parcels_of_order;
create index parcels_of_order on parcels (shop_id, order_id, id);
drop index cancel_requests_of_order;
create index cancel_requests_of_order on cancel_requests (shop_id, order_id, id);
drop index shortages_of_order;
create index shortages_of_order on shortages (shop_id, order_id, id);
drop index cases_of_order;
create index cases_of_order on cases (shop_id, order_id, id);
