with past as (
  select g as position, 'FILL-' || (g - 1) % :items as sku, (g - 1) / :items as sequence,
    'fill0000-0000-7000-8000-' || lpad(to_hex(g), 12, '0') as key
  from generate_series(?::bigint, ?::bigint) as g
), events as (
  insert into event_journal
    (position, event_id, stream, sequence, stream_type, type, revision, payload, metadata, created_at)
  select position, key, 'stock:' || sku || '@MAIN', sequence, 'stock-item',
    case sequence when 0 then 'stock-item-registered' else 'stock-deducted' end, '1',
    (case sequence
      when 0 then '{"sku":"' || sku || '","location":"MAIN","openingQuantity":1000000000,"safetyStock":0,"backorderLimit":0}'
      else '{"sku":"' || sku || '","location":"MAIN","quantity":1,"orderId":"order-' || position || '"}'
    end)::json,
    ('{"tenant":"default","client":"default","key":"' || key || '"}')::json, now()
  from past
)
insert into command_receipt (tenant, client, key, fingerprint, status, outcome, position, recorded_at)
select 'default', 'default', key, sha256(key::bytea), 201,
  ('{"key":"' || key || '","status":"done","stream":"stock:' || sku || '@MAIN","version":' || sequence || ',"position":'
    || position || ',"onHand":' || 1000000000 - sequence || ',"reserved":0,"available":' || 1000000000 - sequence || '}')::json,
  position, now()
from past;
insert into journal_day (day, first_position)
select (now() at time zone 'UTC')::date, least(?::bigint, ?::bigint)
where not exists (select from journal_day where day = (now() at time zone 'UTC')::date);
insert into stream (stream, born_position)
select stream, position from event_journal where sequence = 0 and position between ? and ?;
update ledger_head set created_at = now(), position = greatest(?::bigint, ?::bigint);
