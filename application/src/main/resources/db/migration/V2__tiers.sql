-- Tiers: events and receipts in one partition a UTC day, so that age is a place. Rows are only ever added; what grows old
-- leaves with its partition. A unique index of a partition need not hold the partition key, so each has its own.

-- The days that have events, and where each begins: readers go straight to the partition of a position or a time. The row
-- is written with the day's first event and stays when the partition goes.
create table journal_day (
  day            date primary key,
  first_position bigint not null unique check (first_position > 0)
);

-- Every stream, written once, with its first event.
create table stream (
  stream        text primary key,
  born_position bigint not null
);

alter table event_journal rename to event_journal_1;
alter table command_receipt rename to command_receipt_1;

-- The journal: append only. Positions are dense, 1, 2, 3 …, and so are the sequences 0, 1, 2 … of every stream.
-- created_at never runs backwards, so the days are in the order of the positions.
create table event_journal (
  position    bigint not null,
  event_id    text not null,
  stream      text not null,
  sequence    bigint not null check (sequence >= 0),
  stream_type text,
  type        text not null,
  revision    text,
  payload     json not null,
  metadata    json not null,
  created_at  timestamptz not null
) partition by range (created_at);

-- What every key was told, refusals included, written in the transaction of the events.
create table command_receipt (
  tenant      text not null,
  client      text not null,
  key         text not null,
  fingerprint bytea not null,
  status      smallint not null,
  outcome     json not null,
  position    bigint,
  recorded_at timestamptz not null
) partition by range (recorded_at);

-- Which consumer had processed which positions when; a range is at most 1000 long, which bounds the search for a position.
create table delivery_receipt (
  consumer      text not null,
  segment       integer not null,
  from_position bigint not null,
  to_position   bigint not null,
  processed_at  timestamptz not null,
  check (to_position between from_position and from_position + 999)
);
create index delivery_receipt_to_position on delivery_receipt (to_position);

-- Every event with every consumer that has processed it, and when it did so first.
create view event_journal_audit as
select e.*, d.consumer, d.processed_at
from event_journal e
left join lateral (
  select r.consumer, min(r.processed_at) as processed_at
  from delivery_receipt r
  where r.to_position between e.position and e.position + 999 and r.from_position <= e.position
  group by r.consumer
) d on true;

-- The days of events that lie in the archive. A day is safe to drop only with verified_at set: read back, and equal.
create table journal_archive (
  day             date primary key references journal_day,
  events          bigint not null,
  first_position  bigint not null,
  last_position   bigint not null,
  manifest_sha256 bytea not null check (octet_length(manifest_sha256) = 32),
  archived_at     timestamptz not null,
  verified_at     timestamptz check (verified_at >= archived_at),
  dropped_at      timestamptz check (dropped_at >= verified_at)
);

-- The application's role owns none of this. Where it needs more than rows, it calls these functions, which run as the owner.

-- Makes the partitions of `days` days from `first_day` on, as far as they are missing; says how many were. It takes no lock
-- that a reader or the writer has to wait for.
create function make_ledger_days(first_day date, days integer) returns integer
language plpgsql security definer set search_path = "${flyway:defaultSchema}", pg_temp as $$
declare
  d date;
  parent text;
  leaf text;
  made integer := 0;
begin
  if days not between 1 and 400 then
    raise exception 'between 1 and 400 days can be made at once, not %', days using errcode = '22023';
  end if;
  for d in select first_day + n from generate_series(0, days - 1) as n loop
    foreach parent in array array['event_journal', 'command_receipt'] loop
      leaf := format('%s_%s', parent, to_char(d, 'YYYYMMDD'));
      continue when to_regclass(quote_ident(leaf)) is not null;
      execute format('lock table %I in share update exclusive mode', parent);
      continue when to_regclass(quote_ident(leaf)) is not null;
      execute format('create table %I (like %I including constraints)', leaf, parent);
      if parent = 'event_journal' then
        execute format('create unique index %I on %I (position)', leaf || '_position', leaf);
        execute format('create unique index %I on %I (stream, sequence)', leaf || '_sequence', leaf);
      else
        execute format('create unique index %I on %I (tenant, client, key)', leaf || '_key', leaf);
      end if;
      execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, leaf,
        d::timestamp at time zone 'UTC', (d + 1)::timestamp at time zone 'UTC');
      made := made + 1;
    end loop;
  end loop;
  return made;
end
$$;

-- Drops the receipts of every day that ended longer than `keep` ago; says how many days went. Old is what is old by the
-- ledger's clock and by this server's: one clock that jumped ahead drops nothing.
create function drop_old_receipts(keep interval) returns integer
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
    where i.inhparent = 'command_receipt'::regclass and to_date(right(c.relname, 8), 'YYYYMMDD') < horizon
    order by 1
  loop
    execute format('drop table %I', leaf);
    dropped := dropped + 1;
  end loop;
  return dropped;
end
$$;

-- Drops the events of one day, the only way there is. Refused unless the archive holds that very day, verified, and every
-- stream in it has an opening balance (a snapshot) at or behind its last event of the day.
create function drop_journal_day(dropped_day date) returns void
language plpgsql security definer set search_path = "${flyway:defaultSchema}", pg_temp set lock_timeout = '500ms' as $$
declare
  leaf text := format('event_journal_%s', to_char(dropped_day, 'YYYYMMDD'));
  low timestamptz := dropped_day::timestamp at time zone 'UTC';
  high timestamptz := (dropped_day + 1)::timestamp at time zone 'UTC';
  lacking text;
begin
  if dropped_day is null or to_regclass(quote_ident(leaf)) is null then
    raise exception 'there is no partition of %', dropped_day using errcode = '42P01';
  end if;
  if high > (select created_at from ledger_head) then
    raise exception '% is not over: the writer may still add to it', dropped_day using errcode = '55000';
  end if;
  if not exists (
    select from journal_archive a
    join (
      select count(*) as events, min(position) as first_position, max(position) as last_position
      from event_journal where created_at >= low and created_at < high
    ) e using (events, first_position, last_position)
    where a.day = dropped_day and a.verified_at is not null
  ) then
    raise exception '% is not in the archive, whole and verified', dropped_day using errcode = '55000';
  end if;
  select last.stream into lacking
  from (
    select e.stream, max(e.sequence) as sequence
    from event_journal e
    where e.created_at >= low and e.created_at < high and e.stream_type is not null
    group by e.stream
  ) last
  left join stream_snapshot s on s.stream = last.stream and s.sequence >= last.sequence
  where s.stream is null
  limit 1;
  if lacking is not null then
    raise exception '% of % has no opening balance behind that day', lacking, dropped_day using errcode = '55000';
  end if;
  execute format('drop table %I', leaf);
  update journal_archive set dropped_at = clock_timestamp() where day = dropped_day;
end
$$;

-- Lets `role` use the ledger as the application does. Called by the owner after every migration; tables that are not named
-- here can be written freely, partitions not at all: rows go in through their parents.
create function admit_application(role name) returns void
language plpgsql set search_path = "${flyway:defaultSchema}", pg_temp as $$
declare
  t record;
  allowed text;
begin
  perform pg_advisory_xact_lock(hashtextextended('bincard roles:' || current_schema(), 0));
  if not has_schema_privilege(role, current_schema(), 'usage') then
    execute format('grant usage on schema %I to %I', current_schema(), role);
  end if;
  for t in
    select c.relname, c.relkind from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition
    order by c.relname
  loop
    allowed := case
      when t.relkind = 'v' or t.relname in ('journal_archive', 'flyway_schema_history') then 'select'
      when t.relname in ('event_journal', 'journal_day', 'stream', 'command_receipt', 'delivery_receipt') then 'select, insert'
      else 'select, insert, update, delete'
    end;
    -- A grant that is there already would still write the catalog, under everyone who is running.
    continue when (
      select array_agg(lower(a.privilege_type) order by lower(a.privilege_type))
      from pg_class c, aclexplode(c.relacl) a
      where c.oid = to_regclass(quote_ident(t.relname)) and a.grantee = role::regrole
    ) = (select array_agg(p order by p) from unnest(string_to_array(allowed, ', ')) as p);
    execute format('revoke all on %I from %I', t.relname, role);
    execute format('grant %s on %I to %I', allowed, t.relname, role);
  end loop;
  if not has_function_privilege(role, 'make_ledger_days(date, integer)', 'execute') then
    execute format('grant execute on function make_ledger_days(date, integer), drop_old_receipts(interval),
      drop_journal_day(date) to %I', role);
  end if;
end
$$;

revoke all on function make_ledger_days(date, integer), drop_old_receipts(interval), drop_journal_day(date),
  admit_application(name) from public;

-- What was there before: every day that has rows, and a week from today.

select make_ledger_days(day, 1)
from (
  select (created_at at time zone 'UTC')::date as day from event_journal_1
  union
  select (recorded_at at time zone 'UTC')::date from command_receipt_1
) known;
select make_ledger_days((now() at time zone 'UTC')::date, 8);

insert into event_journal
  (position, event_id, stream, sequence, stream_type, type, revision, payload, metadata, created_at)
select position, event_id, stream, sequence, stream_type, type, revision, payload, metadata, created_at
from event_journal_1 order by position;
insert into command_receipt (tenant, client, key, fingerprint, status, outcome, position, recorded_at)
select tenant, client, key, fingerprint, status, outcome, position, recorded_at from command_receipt_1;
insert into journal_day (day, first_position)
select (created_at at time zone 'UTC')::date, min(position) from event_journal_1 group by 1;
insert into stream (stream, born_position) select stream, position from event_journal_1 where sequence = 0;

-- From now on no receipt is newer than the ledger's clock either.
update ledger_head
set created_at = greatest(created_at, (select max(recorded_at) from command_receipt_1));

drop table event_journal_1;
drop table command_receipt_1;
drop table stream_head;
