-- The journal held against itself, as a part of a run.

-- What a run is to do, and what it is at. A run from before compared rows and nothing else.
alter table reconciliation_run
  add column with_books boolean not null default false,
  add column with_rows  boolean not null default true,
  -- Within its phase, of the books: the rule.
  add column step text,
  -- How long nodes have worked at each phase; of a node that was killed, up to its last word.
  add column books_millis     bigint not null default 0,
  add column comparing_millis bigint not null default 0,
  add column scanning_millis  bigint not null default 0,
  add column repairing_millis bigint not null default 0;

-- Append only, these three: what came of it, written in one transaction when every rule was asked, once a run.

create table books_check (
  run            uuid primary key references reconciliation_run,
  at             timestamptz not null,
  -- What lies before is in the archive; and the last position at the beginning.
  first_position bigint not null,
  head_position  bigint not null,
  receipts       bigint not null,
  -- The events of each day, by the day; {} where they were not counted in time.
  days           json not null
);

create table books_rule (
  run            uuid not null references books_check,
  rule           text not null,
  contradictions bigint not null,
  millis         bigint not null,
  -- Why it could not be checked; null if it was.
  unchecked      text,
  primary key (run, rule)
);

-- Of each rule the first ones.
create table books_contradiction (
  id       bigint generated always as identity primary key,
  run      uuid not null references books_check,
  rule     text not null,
  place    text not null,
  -- What it is about, where it is about any of these.
  stream   text,
  hold     text,
  order_id text,
  words    text not null
);
create index books_contradiction_run on books_contradiction (run, id);

-- As before, but that what came of the books can only be added to.
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
      when t.relname in ('event_journal', 'journal_day', 'stream', 'command_receipt', 'delivery_receipt', 'repair_log',
          'books_check', 'books_rule', 'books_contradiction')
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
