package io.bincard.reconciliation.books;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/**
 * What came of holding the journal against itself.
 *
 * @param first the first position that was looked at: what lies before it is in the archive
 * @param head the last one, of the moment at which the check began
 * @param days each with its events
 * @param receipts that were looked at
 * @param took how long each rule took
 * @param contradictions of each rule the first ones
 * @param found of each rule how many there are
 */
public record BooksReport(
    Instant at,
    long first,
    long head,
    Map<LocalDate, Long> days,
    long receipts,
    Map<Rule, Duration> took,
    Map<Rule, Long> found,
    List<Contradiction> contradictions) {

  public BooksReport {
    days = Map.copyOf(days);
    took = Map.copyOf(took);
    found = Map.copyOf(found);
    contradictions = List.copyOf(contradictions);
  }

  /** Whether every rule holds. */
  public boolean holds() {
    return found.values().stream().allMatch(count -> count == 0);
  }
}
