-- What reconciliation compared, what it found and did, and whether it may repair.

-- A run over all rows of the views: how far it is, so that another node goes on, and what came of it.
create table reconciliation_run (
  id          uuid primary key,
  asked_by    text not null,
  -- Of a run that comes by the clock: when it was due, the same in every node.
  due_at      timestamptz unique,
  apply       boolean not null,
  phase       text not null,
  -- Who works at it, and when it last said so; '-infinity' where another node may go on at once.
  node        text not null,
  beat_at     timestamptz not null default clock_timestamp(),
  begun_at    timestamptz not null default clock_timestamp(),
  ended_at    timestamptz,
  generation  bigint not null default 0,
  position    bigint not null default 0,
  -- Every bucket below is compared.
  next_bucket integer not null default 0,
  rows_compared bigint not null default 0,
  rows_unsettled bigint not null default 0,
  -- How often a node has begun or gone on with it.
  attempts    integer not null default 1,
  fuse_blown  boolean not null default false,
  why         text
);
-- One at a time, over all nodes.
create unique index reconciliation_run_under_way on reconciliation_run ((true)) where ended_at is null;
create index reconciliation_run_begun_at on reconciliation_run (begun_at);

-- Append only: what was found to differ, and each repair, written down before it is made and again when it is known what
-- became of it.
create table repair_log (
  id       bigint generated always as identity primary key,
  run      uuid not null references reconciliation_run,
  key      text not null,
  kind     text not null,
  -- The row as it was found and as it is to be; null for no row.
  before   json,
  after    json,
  position bigint not null,
  epoch    text not null,
  cause    text,
  outcome  text not null,
  at       timestamptz not null default clock_timestamp()
);
create index repair_log_run on repair_log (run, id);

-- One row while repairs are stopped; a person takes it away.
create table reconciliation_fuse (
  one      boolean primary key default true check (one),
  run      uuid not null references reconciliation_run,
  compared bigint not null,
  differed bigint not null,
  blown_at timestamptz not null default clock_timestamp()
);

-- As before, but that the log of repairs can only be added to.
create or replace function admit_application(role name) returns void
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
      when t.relname in ('event_journal', 'journal_day', 'stream', 'command_receipt', 'delivery_receipt', 'repair_log')
        then 'select, insert'
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
