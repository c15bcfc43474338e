create table domain_event_entry (
  global_index         bigint generated always as identity primary key,
  event_identifier     text not null unique,
  aggregate_identifier text not null,
  sequence_number      bigint not null,
  type                 text,
  time_stamp           text,
  payload_type         text,
  payload_revision     text,
  payload              bytea,
  meta_data            bytea,
  unique (aggregate_identifier, sequence_number)
);
create table snapshotevententry (
  event_identifier     text not null unique,
  aggregate_identifier text not null,
  sequence_number      bigint not null,
  type                 text,
  time_stamp           text,
  payload_type         text,
  payload_revision     text,
  payload              bytea,
  meta_data            bytea,
  primary key (aggregate_identifier, sequence_number)
);
