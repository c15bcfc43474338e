package io.bincard.projections.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.projections.upkeep.ViewStoreState.Rebuilding;
import io.bincard.projections.upkeep.ViewStoreState.Serving;
import io.bincard.projections.upkeep.ViewStoreState.Unavailable;
import io.bincard.projections.viewstore.Filling;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ViewStatusTest {

  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final ViewStatus status = new ViewStatus();

  @Test
  void lets_nobody_read_or_write_before_the_store_was_seen() {
    assertThat(status.writable()).isEmpty();
    assertThat(status.isReadable("main/a")).isFalse();
  }

  @Test
  void lets_nobody_read_or_follow_the_journal_while_no_generation_is_live() {
    status.become(new Rebuilding(0, 9));

    assertThat(status.writable()).isEmpty();
    assertThat(status.isReadable("main/a")).isFalse();
  }

  @Test
  void lets_the_live_generation_be_written_and_any_of_the_same_ledger_be_read() {
    status.become(new Serving(3, "main/a"));

    assertThat(status.writable()).contains(Filling.live(3, "main/a"));
    assertThat(status.isReadable("main/a")).isTrue();
    assertThat(status.isReadable("main/b")).isTrue();
    assertThat(status.isReadable("mainly/a")).isFalse();
    assertThat(status.become(new Unavailable("gone"))).isEqualTo(new Serving(3, "main/a"));
    assertThat(status.isReadable("main/a")).isFalse();
  }

  @Test
  void wakes_who_waits_for_a_position() throws Exception {
    long since = status.advances();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Long> waiter =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  status.awaitAdvance(since, 5, LONG);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                return status.position();
              },
              threads);
      status.advancedTo(4);
      status.advancedTo(6);

      assertThat(waiter.get(30, TimeUnit.SECONDS)).isEqualTo(6);
    }
  }

  @Test
  void waits_no_longer_than_allowed() throws InterruptedException {
    status.awaitAdvance(status.advances(), 5, Duration.ofMillis(1));

    assertThat(status.position()).isZero();
  }

  @Test
  void waits_for_news_even_if_the_position_seems_reached() throws InterruptedException {
    status.advancedTo(9);
    long began = System.nanoTime();

    status.awaitAdvance(status.advances(), 5, Duration.ofMillis(20));

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(19));
  }

  @Test
  void counts_what_the_views_lack() {
    status.observed(3, 10, NOON);
    assertThat(status.lag()).isEqualTo(7);
    assertThat(status.lastSeenAtHead()).isEqualTo(Instant.EPOCH);

    status.advancedTo(12);
    assertThat(status.lag()).isZero();
    assertThat(status.head()).isEqualTo(12);

    status.observed(12, 12, NOON);
    assertThat(status.lastSeenAtHead()).isEqualTo(NOON);
  }

  @Test
  void remembers_only_the_latest_moment_at_the_head() {
    status.seenAtHead(NOON);
    status.seenAtHead(NOON.minusSeconds(1));

    assertThat(status.lastSeenAtHead()).isEqualTo(NOON);
  }
}
