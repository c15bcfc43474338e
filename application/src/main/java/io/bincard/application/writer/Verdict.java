package io.bincard.application.writer;

import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Outcome;
import java.util.List;

/** What a command handler decided. The writer turns it into the outcome that is stored and told. */
public interface Verdict {

  /** Whether the command was taken; a refusal has no events. */
  boolean isAccepted();

  /** The states that it moved, in order; none for a refusal. */
  default List<Moved<?, ?>> moved() {
    return List.of();
  }

  /**
   * The words of the answer.
   *
   * @param position of the last event of the command
   */
  Outcome outcome(CommandKey key, long position);
}
