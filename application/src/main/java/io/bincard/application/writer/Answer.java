package io.bincard.application.writer;

import io.bincard.application.receipts.Outcome;

/** What the sender of one command gets from the writer. */
public sealed interface Answer {

  /**
   * The key's outcome, committed.
   *
   * @param replayed whether the key had it before this command came
   */
  record Told(Outcome outcome, boolean replayed) implements Answer {}

  /** The key stands for another command already; nothing was stored. */
  record KeyReused() implements Answer {}

  /** The key is older than any receipt; what it was told is not known, and nothing was stored. */
  record KeyExpired() implements Answer {}

  /** The key claims to be made in the future; nothing was stored. */
  record KeyAhead() implements Answer {}

  /**
   * A line before this one in its group failed, or the whole group was given up; nothing was
   * stored.
   */
  record Skipped() implements Answer {}

  /** The command could not be decided or its outcome is unknown; the same key may be sent again. */
  record Failed(RuntimeException cause) implements Answer {}
}
