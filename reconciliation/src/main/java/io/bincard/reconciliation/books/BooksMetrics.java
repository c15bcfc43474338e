package io.bincard.reconciliation.books;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** What the books tell a monitor. */
final class BooksMetrics {

  private final Map<Rule, Counter> found = new EnumMap<>(Rule.class);

  BooksMetrics(MeterRegistry registry) {
    for (Rule rule : Rule.values()) {
      found.put(
          rule,
          Counter.builder("bincard.reconciliation.contradictions")
              .tag("rule", rule.word())
              .description("Contradictions that runs of this node have found in the journal")
              .register(registry));
    }
  }

  /** What there is in {@code report}. */
  void found(BooksReport report) {
    report
        .rules()
        .forEach(
            (rule, finding) ->
                Objects.requireNonNull(found.get(rule))
                    .increment((double) finding.contradictions()));
  }
}
