-- The ledger's journal and receipts, column for column and index for index, without what guards them.
create table bare_stock (sku text primary key, quantity bigint not null, position bigint not null) with (fillfactor = 70);
insert into bare_stock values ('SKU-0', 0, 0);
create table bare_journal (
  position    bigint not null unique,
  event_id    text not null,
  stream      text not null,
  sequence    bigint not null,
  stream_type text,
  type        text not null,
  revision    text,
  payload     json not null,
  metadata    json not null,
  created_at  timestamptz not null,
  unique (stream, sequence)
);
create table bare_receipt (
  tenant      text not null,
  client      text not null,
  key         text not null,
  fingerprint bytea not null,
  status      smallint not null,
  outcome     json not null,
  position    bigint,
  recorded_at timestamptz not null,
  unique (tenant, client, key)
);
