package io.bincard.reconciliation.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bincard.reconciliation.books.BooksReport;
import io.bincard.reconciliation.books.BooksReport.Finding;
import io.bincard.reconciliation.books.Contradiction;
import io.bincard.reconciliation.books.Rule;
import io.bincard.reconciliation.repair.RepairLog.Outcome;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of the books, as it is told.
 *
 * @param state {@code held}, {@code broken}, or {@code incomplete} if nothing is broken as far as
 *     it was checked
 * @param firstPosition what lies before it is in the archive
 * @param headPosition the last one when the check began
 * @param contradictions of each rule the first ones
 * @param orders those among them that are about the lines of an order, by order
 */
record ToldBooks(
    String state,
    Instant at,
    long firstPosition,
    long headPosition,
    long receipts,
    List<ToldDay> days,
    List<ToldRule> rules,
    List<ToldContradiction> contradictions,
    List<ToldOrder> orders) {

  static final String HELD = "held";
  static final String BROKEN = "broken";
  static final String INCOMPLETE = "incomplete";
  static final String UNCHECKED = "unchecked";

  private static final int ITEM = "availability:".length();

  /** A day and its events. */
  record ToldDay(LocalDate day, long events) {}

  /**
   * What came of a rule.
   *
   * @param state {@code held}, {@code broken} or {@code unchecked}
   * @param why it could not be checked
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ToldRule(
      String rule, String state, long contradictions, long millis, @Nullable String why) {}

  /**
   * That the journal says two things.
   *
   * @param outcome what was done about the item; absent if nothing was, as in a dry run
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ToldContradiction(
      String rule,
      String place,
      String words,
      @Nullable String stream,
      @Nullable String item,
      @Nullable String orderId,
      @Nullable String hold,
      @Nullable String outcome) {}

  /**
   * An order whose lines do not match.
   *
   * @param lines each with its item, in words
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ToldOrder(@Nullable String orderId, String hold, List<String> lines) {}

  /**
   * @param done what was done about the items, by the keys of their rows
   */
  static ToldBooks of(BooksReport report, Map<String, Outcome> done) {
    String unbroken = report.isComplete() ? HELD : INCOMPLETE;
    return new ToldBooks(
        report.found() > 0 ? BROKEN : unbroken,
        report.at(),
        report.first(),
        report.head(),
        report.receipts(),
        report.days().entrySet().stream()
            .map(day -> new ToldDay(day.getKey(), day.getValue()))
            .toList(),
        report.rules().entrySet().stream()
            .map(each -> rule(each.getKey(), each.getValue()))
            .toList(),
        report.contradictions().stream().map(each -> contradiction(each, done)).toList(),
        orders(report));
  }

  private static ToldRule rule(Rule rule, Finding finding) {
    String unbroken = finding.unchecked() == null ? HELD : UNCHECKED;
    return new ToldRule(
        rule.word(),
        finding.contradictions() > 0 ? BROKEN : unbroken,
        finding.contradictions(),
        finding.took().toMillis(),
        finding.unchecked());
  }

  private static ToldContradiction contradiction(Contradiction found, Map<String, Outcome> done) {
    String row = found.item().orElse(null);
    Outcome outcome = row == null ? null : done.get(row);
    return new ToldContradiction(
        found.rule().word(),
        found.place(),
        found.words(),
        found.stream(),
        row == null ? null : row.substring(ITEM),
        found.orderId(),
        found.hold(),
        outcome == null ? null : outcome.word());
  }

  private static List<ToldOrder> orders(BooksReport report) {
    Map<String, ToldOrder> orders = new LinkedHashMap<>();
    for (Contradiction each : report.contradictions()) {
      String hold = each.hold();
      if (hold != null) {
        orders
            .computeIfAbsent(hold, _ -> new ToldOrder(each.orderId(), hold, new ArrayList<>()))
            .lines()
            .add(each.item().map(row -> row.substring(ITEM) + ": ").orElse("") + each.words());
      }
    }
    return List.copyOf(orders.values());
  }
}
