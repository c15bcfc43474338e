package io.bincard.domain;

/** What may stand in the journal: the root of every aggregate's events. */
public interface LedgerEvent {}
