-- What logical decoding tells of the ledger: where each event stands, and nothing of what it says. Inserts alone, for
-- nothing else happens to an event. Whoever may not make publications goes without; the start says what to do.
do $$
begin
  set local client_min_messages = error; -- it warns where wal_level is not logical yet
  execute 'drop publication if exists "bincard_${flyway:defaultSchema}"';
  execute 'create publication "bincard_${flyway:defaultSchema}" for table event_journal (position, stream, sequence)
    with (publish = ''insert'', publish_via_partition_root)';
exception
  when insufficient_privilege then
    raise notice 'the journal is not published: %', sqlerrm;
end
$$;
