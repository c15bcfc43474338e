-- Opening balances (snapshots): the state of a stream as its fold had it behind one of its events. Made from committed
-- events alone and made again from them whenever one is missing or cannot be read. Nothing but Axon's engine, which no
-- longer stores any, could write the table before.

drop table stream_snapshot;
create table stream_snapshot (
  stream   text primary key,
  -- The event that it stands behind, and where that one lies.
  sequence bigint not null check (sequence >= 0),
  position bigint not null check (position > 0),
  -- Of the fold: another one would have come to another state.
  revision text not null,
  state    json not null,
  -- CRC-32C over all of the above but the position.
  checksum bigint not null
) with (fillfactor = 80);

-- As before, but that no plan can ask a table for its day before it is known to be a day of receipts: a join of catalogs
-- may look at any name first.
create or replace function drop_old_receipts(keep interval) returns integer
language plpgsql security definer set search_path = "${flyway:defaultSchema}", pg_temp set lock_timeout = '500ms' as $$
declare
  horizon date := (select (least(created_at, clock_timestamp()) - keep) at time zone 'UTC' from ledger_head)::date;
  leaf text;
  dropped integer := 0;
begin
  if keep is null or keep < interval '1 day' then
    raise exception 'receipts are kept for a day at least, not %', keep using errcode = '22023';
  end if;
  for leaf in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'command_receipt'::regclass and right(c.relname, 8) < to_char(horizon, 'YYYYMMDD')
    order by 1
  loop
    execute format('drop table %I', leaf);
    dropped := dropped + 1;
  end loop;
  return dropped;
end
$$;
