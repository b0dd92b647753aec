-- Lists over all shops: by state with the newest first, and orders which have missed their first deadline.
create index orders_of_state on orders (state, id);
create index orders_late on orders (due_at) where due_at = then_at;
-- Jobs which gave up are counted on each page of the house's home.
create index jobs_failed on jobs (id) where state = 'failed';
