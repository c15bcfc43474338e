package io.bincard.reconciliation.books;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What came of holding the journal against itself.
 *
 * @param first the first position that was looked at: what lies before it is in the archive
 * @param head the last one, of the moment at which the check began
 * @param receipts that there were; 0 if they could not be counted in time
 * @param days each with its events; empty if those could not
 * @param rules what came of each
 * @param contradictions of each rule the first ones
 */
public record BooksReport(
    Instant at,
    long first,
    long head,
    long receipts,
    SortedMap<LocalDate, Long> days,
    Map<Rule, Finding> rules,
    List<Contradiction> contradictions) {

  public BooksReport {
    days = Collections.unmodifiableSortedMap(new TreeMap<>(days));
    Map<Rule, Finding> ofRules = new EnumMap<>(Rule.class);
    ofRules.putAll(rules);
    rules = Collections.unmodifiableMap(ofRules);
    contradictions = List.copyOf(contradictions);
  }

  /**
   * What came of one rule.
   *
   * @param contradictions how many there are
   * @param unchecked why it could not be checked, {@code null} if it was
   */
  public record Finding(long contradictions, Duration took, @Nullable String unchecked) {}

  /** How many things contradict a rule. */
  public long found() {
    return rules.values().stream().mapToLong(Finding::contradictions).sum();
  }

  /** Whether every rule was checked. */
  public boolean isComplete() {
    return rules.values().stream().allMatch(each -> each.unchecked() == null);
  }

  /** Whether every rule was checked, and holds. */
  public boolean holds() {
    return found() == 0 && isComplete();
  }

  /** The keys of all rows of views that must not be touched, as far as they are told. */
  public Set<String> doubtedRows() {
    return contradictions.stream()
        .flatMap(each -> each.rows().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether there are more contradictions than are told. */
  public boolean isCut() {
    return found() > contradictions.size();
  }
}
