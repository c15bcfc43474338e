-- Who leads the ledger, and the bell for the other nodes.

-- One row: the node that leads, where the others reach it, and until when, by this server's clock. Only the epoch in
-- ledger_head decides who may write; this row says whom to ask and when somebody else may try.
create table ledger_lease (
  one        boolean primary key default true check (one),
  node       text not null,
  url        text,
  secret     text not null,
  epoch      bigint not null,
  expires_at timestamptz not null
) with (fillfactor = 50);
insert into ledger_lease (node, secret, epoch, expires_at) values ('', '', 0, timestamptz '-infinity');

-- One notification a commit that moved the ledger's head, sent by the row that every commit moves anyway: no round trip,
-- and no writer can forget it.
create function ledger_head_moved() returns trigger language plpgsql as $$
begin
  perform pg_notify('bincard_' || tg_table_schema, new.position::text);
  return null;
end
$$;
create trigger ledger_head_moved after update of position on ledger_head
  for each row when (new.position > old.position) execute function ledger_head_moved();
