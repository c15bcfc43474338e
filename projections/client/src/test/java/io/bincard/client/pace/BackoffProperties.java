package io.bincard.client.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class BackoffProperties {

  /** Chance that always gives the most. */
  private static final RandomGenerator MOST =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          return Long.MAX_VALUE;
        }

        @Override
        public long nextLong(long bound) {
          return bound - 1;
        }
      };

  private static List<Long> waits(Backoff backoff, int count) {
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      waits.add(backoff.next(Duration.ZERO));
    }
    return waits;
  }

  @Property
  void no_wait_is_beyond_its_ceiling_which_doubles_up_to_the_longest(
      @ForAll @LongRange(min = 1, max = 1_000_000_000_000L) long first,
      @ForAll @LongRange(min = 1, max = 86_400_000_000_000L) long beyond,
      @ForAll long seed) {
    long longest = first + beyond;
    Backoff most = new Backoff(Duration.ofNanos(first), Duration.ofNanos(longest), MOST);
    Backoff some =
        new Backoff(Duration.ofNanos(first), Duration.ofNanos(longest), new Random(seed));

    long ceiling = first;
    for (int failure = 0; failure < 70; failure++) {
      assertThat(most.next(Duration.ZERO)).isEqualTo(ceiling);
      assertThat(some.next(Duration.ZERO)).isBetween(0L, ceiling);
      ceiling = Math.min(longest, Math.min(longest / 2 + 1, ceiling) * 2);
    }
  }

  @Property
  void what_the_server_asks_for_is_always_waited_for(
      @ForAll @IntRange(max = 9_999) int seconds, @ForAll long seed) {
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(20), new Random(seed));

    assertThat(backoff.next(Duration.ofSeconds(seconds)))
        .isBetween(seconds * 1_000_000_000L, seconds * 1_000_000_000L + 100_000_000L);
  }

  @Property(tries = 20)
  void a_reset_makes_the_next_failure_the_first(@ForAll @IntRange(min = 1, max = 80) int failures) {
    Backoff backoff = new Backoff(Duration.ofNanos(10), Duration.ofSeconds(20), MOST);
    List<Long> before = waits(backoff, failures);
    backoff.reset();

    assertThat(waits(backoff, failures)).isEqualTo(before);
  }

  @Property(tries = 20)
  void clients_that_fail_together_do_not_come_back_together(@ForAll long seed) {
    Random random = new Random(seed);
    int[] tenths = new int[10];
    for (int client = 0; client < 2_000; client++) {
      Backoff backoff = new Backoff(Duration.ofNanos(1_000), Duration.ofSeconds(1), random);
      tenths[(int) Math.min(9, backoff.next(Duration.ZERO) / 100)]++;
    }

    assertThat(Arrays.stream(tenths)).allMatch(count -> count > 100 && count < 320);
  }
}
