package io.bincard.application.faults.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.faults.Fault;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The short tier. */
class FaultsIT {

  private static final long SEED = Long.getLong("seed", 20_261_121);

  static Stream<Fault> faults() {
    return FaultSuite.FAULTS.stream().filter(fault -> fault.shortRounds() > 0);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void what_was_told_holds_through_it(Fault fault) throws Exception {
    FaultRow row = FaultSuite.run(fault, SEED, fault.shortRounds());

    assertThat(row.report().violations()).as("seed " + SEED).isEmpty();
    assertThat(row.holds(false)).as(FaultRow.verdict(List.of(row)) + row.report()).isTrue();
  }
}
