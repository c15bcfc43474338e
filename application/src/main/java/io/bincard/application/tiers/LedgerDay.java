package io.bincard.application.tiers;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * A UTC day of the ledger, which is a partition of the journal and one of the receipts. Its bounds
 * go into SQL as literals, not as parameters: so PostgreSQL prunes when it plans, and neither opens
 * nor locks another day's partition.
 */
public record LedgerDay(LocalDate date) implements Comparable<LedgerDay> {

  /** The day that {@code instant} lies in. */
  public static LedgerDay of(Instant instant) {
    return new LedgerDay(LocalDate.ofInstant(instant, ZoneOffset.UTC));
  }

  public Instant start() {
    return date.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  public LedgerDay next() {
    return new LedgerDay(date.plusDays(1));
  }

  /** The condition that {@code column} is on this day. */
  public String holds(String column) {
    return from(column) + " and " + next().before(column);
  }

  /** The condition that {@code column} is on this day or a later one. */
  public String from(String column) {
    return column + " >= timestamptz '" + start() + "'";
  }

  /** The condition that {@code column} is on an earlier day. */
  public String before(String column) {
    return column + " < timestamptz '" + start() + "'";
  }

  @Override
  public int compareTo(LedgerDay other) {
    return date.compareTo(other.date);
  }
}
