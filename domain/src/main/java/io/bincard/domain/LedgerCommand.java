package io.bincard.domain;

/** What may be asked of the ledger: the root of every aggregate's commands. */
public interface LedgerCommand {}
