package io.bincard.projections.viewstore;

/** What became of a batch of rows. */
public enum BatchOutcome {
  /** All rows are in the store, or newer ones are; the position is at least the batch's last. */
  APPLIED,
  /** The generation takes the rows of another writer; nothing of the batch counts. */
  WRONG_WRITER,
  /** The generation lacks events from before the batch: it lost writes that it had confirmed. */
  GAP
}
