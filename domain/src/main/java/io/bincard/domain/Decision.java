package io.bincard.domain;

import java.util.List;

/**
 * The answer of an aggregate to a command: the events that it makes true, or the rule that it
 * breaks.
 *
 * @param <E> the aggregate's events
 * @param <R> the aggregate's rejections
 */
public sealed interface Decision<E, R> {

  /**
   * The command is taken; {@code events} happened, in this order. An empty list means that nothing
   * had to change.
   */
  record Accepted<E, R>(List<E> events) implements Decision<E, R> {
    public Accepted {
      events = List.copyOf(events);
    }
  }

  /** The command is refused and changes nothing. */
  record Rejected<E, R>(R rejection) implements Decision<E, R> {}

  static <E, R> Decision<E, R> accept(E event) {
    return new Accepted<>(List.of(event));
  }

  static <E, R> Decision<E, R> reject(R rejection) {
    return new Rejected<>(rejection);
  }
}
