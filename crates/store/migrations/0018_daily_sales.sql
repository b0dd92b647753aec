-- What was sold on a day is kept beside its figures, so that the homes of shops and house need not sum it over orders.
alter table daily_figures add column paid_pieces_count bigint not null default 0;
alter table daily_figures add column paid_minor bigint not null default 0;
insert into daily_figures (shop_id, day, paid_pieces_count, paid_minor, created_at)
    select shop_id, paid_at / 86400000, sum(pieces_count), sum(total_minor), max(paid_at)
      from orders
     where paid_at is not null
     group by shop_id, paid_at / 86400000
    on conflict (shop_id, day) do update
        set paid_pieces_count = excluded.paid_pieces_count,
            paid_minor = excluded.paid_minor;
-- The house's home shows the soonest of all shops' orders to confirm; few orders are ever in it.
create index orders_to_confirm on orders (state, due_at, id) where state = 'awaiting_confirmation';
