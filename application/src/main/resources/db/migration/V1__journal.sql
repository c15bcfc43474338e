-- The ledger's tables. They live in one schema a ledger, so the schema's name is the ledger's id.

-- One row: how far the ledger goes and who may write. Every commit moves it from the position and the epoch that its
-- writer knew, which fences a writer that another one has replaced.
create table ledger_head (
  one        boolean primary key default true check (one),
  position   bigint not null check (position >= 0),
  epoch      bigint not null,
  created_at timestamptz not null
);
insert into ledger_head (position, epoch, created_at) values (0, 0, timestamptz 'epoch');

-- The journal: append only. Positions are dense, 1, 2, 3 …, and so are the sequences 0, 1, 2 … of every stream.
create table event_journal (
  position    bigint primary key,
  event_id    text not null unique,
  stream      text not null,
  sequence    bigint not null check (sequence >= 0),
  stream_type text,
  type        text not null,
  revision    text,
  payload     json not null,
  metadata    json not null,
  created_at  timestamptz not null,
  unique (stream, sequence)
);
create index event_journal_created_at on event_journal (created_at);

-- The last sequence and position of every stream.
create table stream_head (
  stream   text primary key,
  sequence bigint not null,
  position bigint not null
) with (fillfactor = 70);

-- The newest snapshot of a stream; can be made again from the journal.
create table stream_snapshot (
  stream      text primary key,
  event_id    text not null,
  sequence    bigint not null,
  stream_type text not null,
  type        text not null,
  revision    text,
  payload     json not null,
  metadata    json not null,
  created_at  timestamptz not null
);

-- What every key was told, refusals included, written in the transaction of the events.
create table command_receipt (
  tenant      text not null,
  client      text not null,
  key         text not null,
  fingerprint bytea not null,
  status      smallint not null,
  outcome     json not null,
  position    bigint,
  recorded_at timestamptz not null,
  primary key (tenant, client, key)
);

-- How far each Axon event processor has read; the columns are Axon's.
create table token_entry (
  processor_name varchar(255) not null,
  segment        integer not null,
  token          bytea,
  token_type     varchar(255),
  timestamp      varchar(255),
  owner          varchar(255),
  primary key (processor_name, segment)
);
