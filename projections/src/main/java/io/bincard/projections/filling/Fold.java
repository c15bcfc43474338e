package io.bincard.projections.filling;

import io.bincard.domain.CommittedEvent;
import io.bincard.projections.viewstore.ViewRow;
import java.util.List;
import java.util.function.Consumer;

/** A view while it is filled. Used by one thread at a time. */
public interface Fold {

  /**
   * Folds events, in the order of their positions. Among them are events that the view is not
   * about, and there may be some that were taken before: those change nothing, but their rows count
   * as touched.
   *
   * @throws RuntimeException if it cannot be done now; the same events come again
   */
  void take(List<CommittedEvent> events);

  /** Gives the last state of every row that was touched since the last time, each once. */
  void drain(Consumer<ViewRow> rows);

  /** How many states are in memory. */
  int held();

  /** Drops every state from memory; what was touched and not drained is lost. */
  void forget();
}
