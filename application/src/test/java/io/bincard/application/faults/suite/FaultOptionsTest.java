package io.bincard.application.faults.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.bincard.application.faults.Fault;
import io.bincard.application.faults.FaultReport;
import io.bincard.application.faults.FaultRun;
import io.bincard.application.history.History.Extent;
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
      return new FaultReport(run.rounds(), new Extent(0, 0, 0), List.of(), "");
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
    assertThat(row(new Extent(1_000, 50, 20), List.of()).holds()).isTrue();
    assertThat(row(new Extent(1_000, 50, 19), List.of()).holds()).isFalse();
    assertThat(row(new Extent(1_000, 50, 20), List.of("I1 k was lost", "lost")).holds()).isFalse();
    assertThat(FaultRow.table(List.of(row(new Extent(1, 2, 3), List.of("I1 k was lost", "lost")))))
        .contains(
            "| F1 | what F1 does | 7 | 1 | 2 | 3 | {I1=1, other=1} | 2 | VOID, too little happened. remark |");
  }

  private static FaultRow row(Extent extent, List<String> violations) {
    return new FaultRow(
        OFTEN, new FaultReport(7, extent, violations, "remark"), Duration.ofSeconds(2));
  }

  private static FaultOptions parse(String... arguments) {
    return FaultOptions.parse(List.of(arguments), List.of(OFTEN, LONG_ONLY, NOT_YET));
  }
}
