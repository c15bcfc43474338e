-- The three roles of a ledger and its database; run by psql as the superuser, once.
-- The application adds to the journal and cannot change it, for bincard_owner owns the tables. bincard_decoding has no right
-- on any table: it may only be told out of the WAL of what is published, for reconciliation.
\getenv password POSTGRES_PASSWORD
create role bincard_owner login password :'password';
create role bincard login password :'password';
create role bincard_decoding login replication password :'password';
create database bincard owner bincard_owner;
