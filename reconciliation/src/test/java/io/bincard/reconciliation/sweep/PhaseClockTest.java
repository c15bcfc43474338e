package io.bincard.reconciliation.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.reconciliation.sweep.Run.Phase;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PhaseClockTest {

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);

  private void pass(long millis) {
    now.addAndGet(Duration.ofMillis(millis).toNanos());
  }

  @Test
  void each_phase_has_its_time_and_the_last_one_goes_on() {
    PhaseClock clock = new PhaseClock(Map.of(), now::get);
    clock.enter(Phase.BOOKS);
    pass(30);
    clock.enter(Phase.COMPARING);
    pass(500);
    assertThat(clock.millis()).isEqualTo(Map.of(Phase.BOOKS, 30L, Phase.COMPARING, 500L));
    pass(7);

    assertThat(clock.millis()).containsEntry(Phase.COMPARING, 507L);
  }

  @Test
  void what_other_nodes_have_taken_is_added() {
    PhaseClock clock = new PhaseClock(Map.of(Phase.BOOKS, 1_000L, Phase.COMPARING, 40L), now::get);
    clock.enter(Phase.BOOKS);
    clock.enter(Phase.COMPARING);
    pass(2);

    assertThat(clock.millis()).isEqualTo(Map.of(Phase.BOOKS, 1_000L, Phase.COMPARING, 42L));
  }
}
