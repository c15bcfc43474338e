package io.bincard.application.history;

import static io.bincard.application.history.Command.JSON;

import io.bincard.application.history.LedgerCheck.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * What must follow an event in the journal, in whatever order, by the same command and without
 * anything between: nothing is done by half.
 */
final class Owed {

  private final Consumer<String> violation;
  private final Map<String, Event> due = new LinkedHashMap<>();

  Owed(Consumer<String> violation) {
    this.violation = violation;
  }

  /** {@code by} is to be followed by an event of {@code type} on {@code stream}. */
  void add(Event by, String stream, String type, JsonNode payload) {
    due.put(
        stream + ' ' + type,
        new Event(
            by.at(), by.position(), stream, 0, type, JSON.writeValueAsString(payload), by.key()));
  }

  /** Whether {@code row} is owed; if something else is, nothing is any more. */
  boolean isPaidBy(Event row) {
    if (due.isEmpty()) {
      return false;
    }
    String what = row.stream() + ' ' + row.type();
    Event owed = due.get(what);
    if (owed != null
        && owed.payload().equals(row.payload())
        && owed.key() != null
        && owed.key().equals(row.key())) {
      due.remove(what);
      return true;
    }
    Event next = owed != null ? owed : due.values().iterator().next();
    violation.accept(
        "I1 %s at %d: %s %s %s must follow"
            .formatted(next.key(), next.position(), next.stream(), next.type(), next.payload()));
    due.clear();
    return false;
  }

  /** Ends the check, after all rows. */
  void finish() {
    due.values()
        .forEach(
            event ->
                violation.accept(
                    "I1 the journal ends before %s of %s".formatted(event.type(), event.key())));
  }
}
