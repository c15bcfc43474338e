package io.bincard.domain;

/** How busy the ledger is with commands, for work that can wait. */
public interface CommandLoad {

  /** Commands that wait or run in this node; asking costs nothing. */
  int waiting();
}
