package io.bincard.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the harness works and checks its sums. It says nothing of how fast anything is. */
class BenchmarksIT {

  @TempDir private Path report;

  @Test
  void one_short_round_adds_up_and_makes_a_table() throws Exception {
    // Not in a folder of the test: the servers in it stop after the test, with the JVM.
    Path data = Path.of("target", "smoke-" + ProcessHandle.current().pid()).toAbsolutePath();

    String table =
        Benchmarks.run(
            new Options(
                1,
                Duration.ofMillis(200),
                EnumSet.complementOf(EnumSet.of(Goal.P2, Goal.FLAT_ITEMS, Goal.PUSH)),
                2_000,
                2_000,
                data,
                report,
                report.resolve("p1.jfr"),
                Duration.ofMillis(200)));

    assertThat(table)
        .contains(
            Rows.HOT_256, Rows.AXON, Rows.REDIS, Rows.HTTP_BATCH, Rows.FLAT_EVENTS, Rows.HOP_SINGLE)
        .contains("| in process | 1 |", "| HTTP | 1 |", "flat; 0 failed")
        .contains("| P1 |", "| P3 |", "| P4 |", "| P5 |", "| P10 |", "| P11 |", "| flat |")
        .doesNotContain("NaN");
    assertThat(report.resolve("report.json")).isNotEmptyFile();
    assertThat(report.resolve("p1.jfr")).isNotEmptyFile();
  }
}
