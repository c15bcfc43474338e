package io.bincard.reconciliation.comparison;

import io.bincard.reconciliation.comparison.Discrepancy.Kind;
import io.bincard.reconciliation.comparison.Verdict.Differs;
import io.bincard.reconciliation.comparison.Verdict.Equal;
import io.bincard.reconciliation.comparison.Verdict.NotYet;
import io.bincard.reconciliation.expected.ExpectedRow;
import io.bincard.reconciliation.stored.FoundRow;
import io.bincard.reconciliation.stored.Sets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rules of comparison. A row that is behind its mark's own word, beyond the ledger, of a key
 * that the ledger never had, or of the right version with other content, differs; what can be
 * explained by the two being of different moments does not yet.
 */
public final class Comparison {

  /** Fields that tell of the writing and not of the content. */
  private static final List<String> OF_THE_WRITING = List.of("epoch", "version", "position", "in");

  /** Rows of this view say at which position they were. */
  private static final String POSITIONED = "availability:";

  /** By how much a row may be forgotten early: a rebuild leaves out what would be soon. */
  private static final Duration EARLY = Duration.ofDays(1);

  private static final Pattern LINE_END = Pattern.compile("\n");

  private Comparison() {}

  /**
   * Compares a row alone, whatever sets it was found in.
   *
   * @param expected {@code null} if there must be no row
   */
  public static Verdict ofRow(@Nullable ExpectedRow expected, FoundRow found, Moment moment) {
    Set<String> sets = expected == null ? Set.of() : expected.sets();
    return of(expected, new FoundRow(found.key(), found.fields(), sets), moment);
  }

  /**
   * Compares a row and the sets that it was found in. Every line of {@code expected} must have been
   * asked for.
   *
   * @param expected {@code null} if there must be no row
   */
  public static Verdict of(@Nullable ExpectedRow expected, FoundRow found, Moment moment) {
    if (expected == null) {
      return ofUnknown(found, moment);
    }
    if (!found.exists()) {
      return mayBeForgotten(expected, moment.now())
          ? new Equal()
          : ofOlder(expected, found, moment, "there is no row");
    }
    Long version = number(found.version());
    if (version == null) {
      return differs(found, Kind.EDITED, expected, "the version is no number");
    }
    if (version < expected.version()) {
      return ofOlder(
          expected, found, moment, "version " + version + " instead of " + expected.version());
    }
    if (version > expected.version()) {
      return moment.isFolded()
          ? differs(
              found,
              Kind.DOUBLED,
              expected,
              "version " + version + " beyond the ledger's " + expected.version())
          : new NotYet();
    }
    return ofSameVersion(expected, found, moment);
  }

  private static Verdict ofUnknown(FoundRow found, Moment moment) {
    if (!found.exists() && found.sets().isEmpty()) {
      return new Equal();
    }
    return moment.isFolded()
        ? differs(
            found,
            Kind.ORPHAN,
            null,
            found.exists() ? "the ledger never had it" : "stands in " + told(found.sets()))
        : new NotYet();
  }

  private static Verdict ofOlder(
      ExpectedRow expected, FoundRow found, Moment moment, String cause) {
    return moment.mark() >= expected.position()
        ? differs(found, Kind.LOST, expected, cause)
        : new NotYet();
  }

  private static Verdict ofSameVersion(ExpectedRow expected, FoundRow found, Moment moment) {
    Set<String> otherwise = new TreeSet<>(otherFields(expected.fields(), content(found)));
    if (!moment.epoch().equals(found.fields().get("epoch"))) {
      otherwise.add("epoch");
    }
    if (!lines(found).equals(expected.sets())) {
      otherwise.add("in");
    }
    if (!isAtItsPosition(expected, found, moment)) {
      otherwise.add("position");
    }
    if (!otherwise.isEmpty()) {
      return differs(
          found, Kind.EDITED, expected, "other content in " + String.join(", ", otherwise));
    }
    Set<String> lacking = less(expected.sets(), found.sets());
    if (!lacking.isEmpty()) {
      return differs(found, Kind.LOST, expected, "does not stand in " + told(lacking));
    }
    Set<String> strays = less(found.sets(), expected.sets());
    return strays.isEmpty()
        ? new Equal()
        : differs(found, Kind.ORPHAN, expected, "stands in " + told(strays));
  }

  private static Set<String> otherFields(Map<String, String> expected, Map<String, String> found) {
    Set<String> names = new HashSet<>(expected.keySet());
    names.addAll(found.keySet());
    names.removeIf(name -> same(expected.get(name), found.get(name)));
    return names;
  }

  private static boolean same(@Nullable String one, @Nullable String other) {
    return one != null && one.equals(other);
  }

  private static Map<String, String> content(FoundRow found) {
    Map<String, String> content = new HashMap<>(found.fields());
    OF_THE_WRITING.forEach(content::remove);
    return content;
  }

  /** The lines of the field {@code in} of {@code found} that are of no other row. */
  static Set<String> ownLines(FoundRow found) {
    return lines(found).stream()
        .filter(
            line -> {
              int tab = line.indexOf('\t');
              return tab > 0
                  && found
                      .key()
                      .equals(Sets.owner(line.substring(0, tab), line.substring(tab + 1)));
            })
        .collect(Collectors.toSet());
  }

  private static Set<String> lines(FoundRow found) {
    return LINE_END
        .splitAsStream(found.fields().getOrDefault("in", ""))
        .filter(line -> !line.isEmpty())
        .collect(Collectors.toSet());
  }

  /** A row may have been read at any position from its last event on; there is none beyond head. */
  private static boolean isAtItsPosition(ExpectedRow expected, FoundRow found, Moment moment) {
    String position = found.fields().get("position");
    if (!expected.key().startsWith(POSITIONED)) {
      return position == null;
    }
    Long at = position == null ? null : number(position);
    return at != null && at >= expected.position() && at <= moment.head();
  }

  private static boolean mayBeForgotten(ExpectedRow expected, Instant now) {
    Long until = number(expected.fields().getOrDefault("keptUntil", ""));
    return until != null && until <= now.plus(EARLY).toEpochMilli();
  }

  private static Set<String> less(Set<String> all, Set<String> without) {
    Set<String> rest = new TreeSet<>(all);
    rest.removeAll(without);
    return rest;
  }

  private static String told(Set<String> lines) {
    return lines.stream()
        .map(line -> line.replace('\t', ' '))
        .collect(Collectors.joining(", ", "the set ", ""));
  }

  /** Of digits as they are written there, without signs and zeros before them. */
  private static @Nullable Long number(String digits) {
    try {
      Long number = Long.valueOf(digits);
      return number.toString().equals(digits) ? number : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static Verdict differs(
      FoundRow found, Kind kind, @Nullable ExpectedRow expected, String cause) {
    return new Differs(new Discrepancy(found.key(), kind, expected, found, cause));
  }
}
