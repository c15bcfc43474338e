-- What reconciliation's own fold of the journal comes to: what the views must say. Its processor writes it, in the
-- transaction that moves its token. All of it can be made again from the journal.

-- One row: up to where every event is in the tables below.
create table expected_head (
  one      boolean primary key default true check (one),
  position bigint not null check (position >= 0)
) with (fillfactor = 50);
insert into expected_head (position) values (0);

-- Stock items. No index has what an event changes, so a row changes in its page. The bucket is CRC-32C of the key, modulo
-- 1024.
create table expected_item (
  bucket          smallint not null,
  -- As the view's: availability:{sku}@{location}.
  key             text not null,
  -- Of the item's last event that is in the row, and where that one lies.
  version         bigint not null,
  position        bigint not null,
  on_hand         bigint not null,
  reserved        bigint not null,
  -- When how much of it lapses first, as the view has it.
  lapses          text not null,
  safety_stock    bigint not null,
  backorder_limit bigint not null,
  frozen          boolean not null,
  primary key (bucket, key)
) with (fillfactor = 70);

-- What is promised to holds, each until a time in milliseconds; together the items' reserved units.
create table expected_promise (
  key          text not null,
  until_millis bigint not null,
  hold         uuid not null,
  units        bigint not null check (units > 0),
  primary key (key, until_millis, hold)
);

-- Rows of all other views, with the fields that theirs must have.
create table expected_row (
  bucket       smallint not null,
  -- As the view's: hold:{id}, sku:{sku}.
  key          text not null,
  version      bigint not null,
  position     bigint not null,
  fields       json not null,
  -- When the view forgets the row; null for never, and while more may happen to it.
  forgotten_at timestamptz,
  primary key (bucket, key)
) with (fillfactor = 80);
create index expected_row_forgotten_at on expected_row (forgotten_at) where forgotten_at is not null;
