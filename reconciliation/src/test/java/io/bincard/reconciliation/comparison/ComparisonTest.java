package io.bincard.reconciliation.comparison;

import static io.bincard.reconciliation.comparison.Discrepancy.Kind.DOUBLED;
import static io.bincard.reconciliation.comparison.Discrepancy.Kind.EDITED;
import static io.bincard.reconciliation.comparison.Discrepancy.Kind.LOST;
import static io.bincard.reconciliation.comparison.Discrepancy.Kind.ORPHAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.reconciliation.comparison.Discrepancy.Kind;
import io.bincard.reconciliation.comparison.Verdict.Differs;
import io.bincard.reconciliation.comparison.Verdict.Equal;
import io.bincard.reconciliation.comparison.Verdict.NotYet;
import io.bincard.reconciliation.expected.ExpectedRow;
import io.bincard.reconciliation.stored.FoundRow;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ComparisonTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final String KEY = "availability:A@MAIN";
  private static final String LINE = "locations:A\tMAIN";
  private static final String LOW = "low-stock\t8000000000000005:A@MAIN";

  /** The item at version 3, whose last event is at position 50. */
  private static final ExpectedRow EXPECTED =
      new ExpectedRow(KEY, 3, 50, Map.of("sku", "A", "onHand", "5"), Set.of(LINE, LOW));

  private static final Moment SETTLED = new Moment("e", 60, 60, 60, NOW);
  private static final Moment VIEW_BEHIND = new Moment("e", 49, 60, 60, NOW);
  private static final Moment FOLD_BEHIND = new Moment("e", 60, 59, 60, NOW);
  private static final Moment HEAD_UNKNOWN = new Moment("e", 60, 60, Long.MAX_VALUE, NOW);

  private static Map<String, String> good(String... changes) {
    Map<String, String> fields =
        new HashMap<>(
            Map.of(
                "epoch",
                "e",
                "version",
                "3",
                "position",
                "50",
                "sku",
                "A",
                "onHand",
                "5",
                "in",
                LOW + "\n" + LINE + "\n"));
    for (int i = 0; i < changes.length; i += 2) {
      if (changes[i + 1].isEmpty()) {
        fields.remove(changes[i]);
      } else {
        fields.put(changes[i], changes[i + 1]);
      }
    }
    return fields;
  }

  private static FoundRow found(Map<String, String> fields) {
    return new FoundRow(KEY, fields, EXPECTED.sets());
  }

  static Stream<Arguments> cases() {
    FoundRow good = found(good());
    FoundRow none = new FoundRow(KEY, Map.of());
    return Stream.of(
        row("the same", EXPECTED, good, SETTLED, new Equal()),
        row("the same, view behind", EXPECTED, good, VIEW_BEHIND, new Equal()),
        row("written at a later position", EXPECTED, found(good("position", "58")), SETTLED, "="),
        row("neither", null, none, SETTLED, new Equal()),
        row("no row", EXPECTED, none, SETTLED, LOST),
        row("no row yet", EXPECTED, none, VIEW_BEHIND, new NotYet()),
        row("no row, head unknown", EXPECTED, none, HEAD_UNKNOWN, LOST),
        row("older", EXPECTED, found(good("version", "2", "onHand", "6")), SETTLED, LOST),
        row("older yet", EXPECTED, found(good("version", "2")), VIEW_BEHIND, new NotYet()),
        row("beyond the ledger", EXPECTED, found(good("version", "4")), SETTLED, DOUBLED),
        row("newer than the fold", EXPECTED, found(good("version", "4")), FOLD_BEHIND, "?"),
        row("newer, head unknown", EXPECTED, found(good("version", "4")), HEAD_UNKNOWN, "?"),
        row("no version", EXPECTED, found(good("version", "")), SETTLED, EDITED),
        row("version no number", EXPECTED, found(good("version", "x")), SETTLED, EDITED),
        row("version with a sign", EXPECTED, found(good("version", "+3")), SETTLED, EDITED),
        row("another number", EXPECTED, found(good("onHand", "7")), SETTLED, EDITED),
        row("another number, view behind", EXPECTED, found(good("onHand", "7")), VIEW_BEHIND, "!"),
        row("a number written otherwise", EXPECTED, found(good("onHand", "05")), SETTLED, EDITED),
        row("a field too few", EXPECTED, found(good("sku", "")), SETTLED, EDITED),
        row("a field too many", EXPECTED, found(good("note", "hi")), SETTLED, EDITED),
        row("another epoch", EXPECTED, found(good("epoch", "f")), SETTLED, EDITED),
        row("no epoch", EXPECTED, found(good("epoch", "")), SETTLED, EDITED),
        row("position before its event", EXPECTED, found(good("position", "49")), SETTLED, EDITED),
        row("position beyond the head", EXPECTED, found(good("position", "61")), SETTLED, EDITED),
        row("no position", EXPECTED, found(good("position", "")), SETTLED, EDITED),
        row("lines in another order", EXPECTED, found(good("in", LINE + "\n" + LOW)), SETTLED, "="),
        row("a line too few", EXPECTED, found(good("in", LINE + "\n")), SETTLED, EDITED),
        row("no lines", EXPECTED, found(good("in", "")), SETTLED, EDITED),
        row("a line too many", EXPECTED, found(good("in", LINE + LOW + "\nx\ty")), SETTLED, EDITED),
        row("not in a set", EXPECTED, new FoundRow(KEY, good(), Set.of(LINE)), SETTLED, LOST),
        row(
            "in a set of another",
            EXPECTED,
            new FoundRow(KEY, good(), Set.of(LINE, LOW, "low-stock\tx")),
            SETTLED,
            ORPHAN),
        row("unknown", null, good, SETTLED, ORPHAN),
        row("unknown, fold behind", null, good, FOLD_BEHIND, new NotYet()),
        row("unknown in a set", null, new FoundRow(KEY, Map.of(), Set.of(LINE)), SETTLED, ORPHAN),
        row(
            "unknown in a set, fold behind",
            null,
            new FoundRow(KEY, Map.of(), Set.of(LINE)),
            FOLD_BEHIND,
            "?"));
  }

  private static Arguments row(
      String name, @Nullable ExpectedRow expected, FoundRow found, Moment moment, Object verdict) {
    Object wanted =
        verdict instanceof String sign
            ? switch (sign) {
              case "=" -> new Equal();
              case "?" -> new NotYet();
              default -> EDITED;
            }
            : verdict;
    return Arguments.of(name, expected, found, moment, wanted);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void every_case_has_its_verdict(
      String name, @Nullable ExpectedRow expected, FoundRow found, Moment moment, Object verdict) {
    Verdict actual = Comparison.of(expected, found, moment);

    if (verdict instanceof Kind kind) {
      assertThat(actual).as(name).isInstanceOf(Differs.class);
      Discrepancy discrepancy = ((Differs) actual).discrepancy();
      assertThat(discrepancy.kind()).as(name).isEqualTo(kind);
      assertThat(discrepancy.key()).isEqualTo(KEY);
      assertThat(discrepancy.cause()).isNotBlank();
    } else {
      assertThat(actual).as(name).isEqualTo(verdict);
    }
  }

  @Test
  void a_row_that_may_be_forgotten_need_not_be_there_and_one_that_may_not_must() {
    ExpectedRow soon = hold(NOW.plusSeconds(3_600));
    ExpectedRow later = hold(NOW.plusSeconds(90_000));

    assertThat(Comparison.of(soon, new FoundRow("hold:1", Map.of()), SETTLED))
        .isEqualTo(new Equal());
    assertThat(Comparison.of(later, new FoundRow("hold:1", Map.of()), SETTLED))
        .isInstanceOf(Differs.class);
  }

  @Test
  void a_row_of_a_view_without_positions_must_have_none() {
    ExpectedRow hold = hold(NOW.plusSeconds(90_000));
    Map<String, String> fields = new HashMap<>(hold.fields());
    fields.putAll(Map.of("epoch", "e", "version", "3"));

    assertThat(Comparison.of(hold, new FoundRow("hold:1", fields), SETTLED)).isEqualTo(new Equal());
    fields.put("position", "50");
    assertThat(Comparison.of(hold, new FoundRow("hold:1", fields), SETTLED))
        .isInstanceOf(Differs.class);
  }

  @Test
  void a_row_alone_is_not_blamed_for_its_sets() {
    assertThat(Comparison.ofRow(EXPECTED, new FoundRow(KEY, good()), SETTLED))
        .isEqualTo(new Equal());
  }

  private static ExpectedRow hold(Instant keptUntil) {
    return new ExpectedRow(
        "hold:1", 3, 50, Map.of("keptUntil", "" + keptUntil.toEpochMilli()), Set.of());
  }
}
