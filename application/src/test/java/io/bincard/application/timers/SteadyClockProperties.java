package io.bincard.application.timers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.BeforeTry;

/** What holds for the ledger's time, whatever is done to the machine's. */
class SteadyClockProperties {

  private static final Instant BEGIN = Instant.parse("2026-11-22T03:00:00Z");
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  /** How late the clock may see what was done to the wall clock: its own look, and rounding. */
  private static final long A_LOOK = 1_000_000;

  /** Time goes on by {@code nanos}, then the wall clock is set on, or back, by {@code jump}. */
  record Step(long nanos, long jump) {}

  private long nanos;
  private Instant wall = BEGIN;
  private SteadyClock clock = new SteadyClock(() -> wall, () -> nanos, TOLERANCE);

  @BeforeTry
  void begin() {
    nanos = Long.MAX_VALUE - 1_000_000_000L; // it overflows on the way, as it may
    wall = BEGIN;
    clock = new SteadyClock(() -> wall, () -> nanos, TOLERANCE);
  }

  private void pass(long time) {
    nanos += time;
    wall = wall.plusNanos(time);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Long> times = Arbitraries.longs().between(0, 3_600_000_000_000L);
    Arbitrary<Long> jumps =
        Arbitraries.oneOf(
            Arbitraries.just(0L),
            Arbitraries.longs().between(-5_000_000, 5_000_000),
            Arbitraries.longs().between(-90_000_000_000_000L, 90_000_000_000_000L));
    return Combinators.combine(times, jumps).as(Step::new).list().ofMaxSize(50);
  }

  @Property
  void never_runs_backwards_and_never_off_real_time_by_more_than_a_tenth(
      @ForAll("steps") List<Step> steps) {
    Instant before = clock.instant();
    for (Step step : steps) {
      pass(step.nanos());
      Instant after = clock.instant();
      long went = Duration.between(before, after).toNanos();
      before = after;
      assertThat(went)
          .isBetween(
              Math.max(0, step.nanos() - step.nanos() / 10 - 1),
              step.nanos() + step.nanos() / 10 + 1);
      wall = wall.plusNanos(step.jump());
    }
  }

  @Property
  void agrees_with_the_wall_clock_when_ten_times_the_difference_is_over(
      @ForAll("steps") List<Step> steps) {
    for (Step step : steps) {
      pass(step.nanos());
      clock.instant();
      wall = wall.plusNanos(step.jump());
    }
    pass(A_LOOK);
    long difference = Duration.between(clock.instant(), wall).abs().toNanos();
    pass(10 * difference + 10);
    assertThat(clock.instant()).isEqualTo(wall);
    pass(A_LOOK);
    assertThat(clock.instant()).isEqualTo(wall);
  }

  @Property
  void is_as_postgres_has_it_after_a_take_over_if_the_machine_is_ahead_and_stays_so(
      @ForAll @LongRange(min = 2_000_000_001L, max = 90_000_000_000_000L) long ahead,
      @ForAll("steps") List<Step> steps) {
    clock.heardOf(wall.minusNanos(ahead));

    assertThat(clock.instant()).isEqualTo(wall.minusNanos(ahead));
    for (Step step : steps) {
      pass(step.nanos());
      assertThat(clock.instant()).isEqualTo(wall.minusNanos(ahead));
    }
  }

  @Property
  void heeds_no_postgres_that_is_ahead_or_behind_by_no_more_than_the_tolerance(
      @ForAll @LongRange(min = -90_000_000_000_000L, max = 2_000_000_000L) long ahead,
      @ForAll("steps") List<Step> steps) {
    clock.heardOf(wall.minusNanos(ahead));

    assertThat(clock.instant()).isEqualTo(wall);
    for (Step step : steps) {
      pass(step.nanos());
      assertThat(clock.instant()).isEqualTo(wall);
    }
  }
}
