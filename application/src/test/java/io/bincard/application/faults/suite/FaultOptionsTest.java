package io.bincard.application.faults.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.bincard.application.faults.Fault;
import io.bincard.application.faults.FaultReport;
import io.bincard.application.faults.FaultRun;
import io.bincard.application.history.History.Extent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultOptionsTest {

  private static final Fault OFTEN = new Named("F1", 10, 100);
  private static final Fault LONG_ONLY = new Named("F2", 0, 20);
  private static final Fault NOT_YET = new Named("F3", 0, 0);

  private record Named(String name, int shortRounds, int longRounds) implements Fault {

    @Override
    public String what() {
      return "what " + name + " does";
    }

    @Override
    public FaultReport run(FaultRun run) {
      return new FaultReport(0, new Extent(0, 0, 0), List.of(), "", List.of());
    }
  }

  @Test
  void the_short_tier_leaves_out_what_takes_long_unless_it_is_named() {
    FaultOptions all = parse();
    FaultOptions named = parse("--faults", "F2");

    assertThat(all.wants(OFTEN)).isTrue();
    assertThat(all.roundsOf(OFTEN)).isEqualTo(10);
    assertThat(all.wants(LONG_ONLY)).isFalse();
    assertThat(named.wants(OFTEN)).isFalse();
    assertThat(named.wants(LONG_ONLY)).isTrue();
    assertThat(named.roundsOf(LONG_ONLY)).isEqualTo(1);
  }

  @Test
  void the_long_tier_has_a_line_for_what_cannot_be_done_yet() {
    FaultOptions all = parse("--tier", "long", "--rounds", "3");

    assertThat(all.roundsOf(OFTEN)).isEqualTo(3);
    assertThat(all.wants(NOT_YET)).isTrue();
    assertThat(all.roundsOf(NOT_YET)).isZero();
  }

  @Test
  void refuses_what_it_does_not_know() {
    for (List<String> wrong :
        List.of(
            List.of("--tier", "middle"),
            List.of("--faults", "F9"),
            List.of("--rounds", "0"),
            List.of("--seed"),
            List.of("--speed", "1"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> FaultOptions.parse(wrong, List.of(OFTEN)));
    }
  }

  @Test
  void a_run_in_which_too_little_happened_does_not_hold() {
    assertThat(row(new Extent(1_000, 50, 20), List.of()).holds(true)).isTrue();
    assertThat(row(new Extent(1_000, 50, 19), List.of()).holds(true)).isFalse();
    assertThat(row(new Extent(1_000, 50, 20), List.of("I1 k was lost", "lost")).holds(true))
        .isFalse();
    assertThat(FaultRow.table(List.of(row(new Extent(1, 2, 3), List.of("I1 k was lost", "lost")))))
        .contains(
            "| F1 | what F1 does | 7 | 1 | 2 | 3 | {I1=1, other=1} | 2 | VOID, too little happened. remark |");
  }

  @Test
  void what_was_not_run_does_not_hold_unless_it_may_be_missing() {
    Extent enough = new Extent(1_000, 50, 20);
    FaultRow not = row(0, new Extent(0, 0, 0), List.of("strace is missing"));
    FaultRow half = row(7, enough, List.of("failed flushes: strace is missing"));

    assertThat(row(7, enough, List.of()).holds(false)).isTrue();
    assertThat(row(0, new Extent(0, 0, 0), List.of()).holds(false)).isFalse();
    assertThat(List.of(not, half)).noneMatch(row -> row.holds(false));
    assertThat(List.of(not, half)).allMatch(row -> row.holds(true));
    assertThat(FaultRow.table(List.of(not, half)))
        .contains("| 0 | 0 | 0 | 0 | not run | 2 | Not run: strace is missing. remark |")
        .contains("| 7 | 1000 | 50 | 20 | 0 | 2 | Not run: failed flushes: strace is missing.");
    assertThat(FaultRow.verdict(List.of(not))).isEqualTo("NOT RUN: F1 (strace is missing).");
    assertThat(parse("--allow-missing", "--rounds", "3").mayMiss()).isTrue();
    assertThat(parse("--rounds", "3").mayMiss()).isFalse();
  }

  @Test
  void what_broke_off_is_told_beside_what_the_checker_found_of_it() {
    FaultRun run = new FaultRun(1, 3, Path.of(""), line -> {});
    run.done(2, "");
    run.brokeOff(new Extent(5, 0, 0), List.of("I1 k was lost"));

    FaultReport report = run.brokenOffBy(new AssertionError("500"));

    assertThat(report.violations())
        .containsExactly("broke off: java.lang.AssertionError: 500", "I1 k was lost");
    assertThat(report.rounds()).isEqualTo(2);
    assertThat(FaultRow.verdict(List.of(new FaultRow(OFTEN, report, Duration.ZERO))))
        .startsWith("DOES NOT HOLD: F1.");
  }

  private static FaultRow row(int rounds, Extent extent, List<String> missing) {
    return new FaultRow(
        OFTEN,
        new FaultReport(rounds, extent, List.of(), "remark", missing),
        Duration.ofSeconds(2));
  }

  private static FaultRow row(Extent extent, List<String> violations) {
    return new FaultRow(
        OFTEN, new FaultReport(7, extent, violations, "remark", List.of()), Duration.ofSeconds(2));
  }

  private static FaultOptions parse(String... arguments) {
    return FaultOptions.parse(List.of(arguments), List.of(OFTEN, LONG_ONLY, NOT_YET));
  }
}
