package io.bincard.projections.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PacedExecutorTest {

  private static final Duration PACE = Duration.ofHours(1);

  @Test
  void begins_at_once_if_nothing_began_lately() {
    try (PacedExecutor executor = executor(PACE)) {
      assertThat(executor.submit(() -> {})).succeedsWithin(Duration.ofSeconds(10));
    }
  }

  @Test
  void the_next_begins_a_pace_after_the_last_began() throws Exception {
    try (PacedExecutor executor = executor(PACE)) {
      executor.submit(() -> {}).get(10, TimeUnit.SECONDS);

      Delayed next = (Delayed) executor.submit(() -> {});

      assertThat(next.getDelay(TimeUnit.MINUTES)).isBetween(58L, 60L);
      executor.shutdownNow();
    }
  }

  @Test
  void what_took_longer_than_the_pace_is_followed_at_once() throws Exception {
    try (PacedExecutor executor = executor(Duration.ofNanos(1))) {
      executor.submit(() -> {}).get(10, TimeUnit.SECONDS);

      assertThat(executor.submit(() -> {})).succeedsWithin(Duration.ofSeconds(10));
    }
  }

  private static PacedExecutor executor(Duration pace) {
    return new PacedExecutor(pace, Thread.ofPlatform().daemon().factory());
  }
}
