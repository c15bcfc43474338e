package io.bincard.reconciliation.comparison;

/** What comes of comparing one row with what it must say. */
public sealed interface Verdict {

  /** It says what it must, or both say that there is none. */
  record Equal() implements Verdict {}

  /** The two are of different moments: look again. */
  record NotYet() implements Verdict {}

  /** It says something else than it must at the same moment. */
  record Differs(Discrepancy discrepancy) implements Verdict {}
}
