-- The events of holds by their place in the journal: a node that takes the ledger over reads those of the last days to
-- know which holds are open. A row of another kind costs the writer one comparison and no entry.
create index event_journal_holds on event_journal (position) where type like 'hold-%';
