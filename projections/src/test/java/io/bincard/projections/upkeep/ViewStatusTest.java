package io.bincard.projections.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.projections.upkeep.ViewStoreState.Rebuilding;
import io.bincard.projections.upkeep.ViewStoreState.Serving;
import io.bincard.projections.upkeep.ViewStoreState.Unavailable;
import io.bincard.projections.viewstore.Filling;
import io.bincard.projections.viewstore.ViewStoreMark;
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

  private static ViewStoreMark mark(long position) {
    return new ViewStoreMark(1, "e1", position, NOON, 0, null);
  }

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
      status.advancedTo(4, NOON);
      status.advancedTo(6, NOON);

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
    status.advancedTo(9, NOON);
    long began = System.nanoTime();

    status.awaitAdvance(status.advances(), 5, Duration.ofMillis(20));

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(19));
  }

  @Test
  void counts_what_the_views_lack() {
    status.observed(mark(3), 10, NOON);
    assertThat(status.lag()).isEqualTo(7);
    assertThat(status.lastSeenAtHead()).isEqualTo(Instant.EPOCH);

    status.advancedTo(12, NOON);
    assertThat(status.lag()).isZero();
    assertThat(status.head()).isEqualTo(12);

    status.observed(mark(12), 12, NOON);
    assertThat(status.lastSeenAtHead()).isEqualTo(NOON);
  }

  @Test
  void lags_by_the_time_since_its_last_event_or_since_it_was_whole_whichever_is_later() {
    assertThat(status.behindMillis(NOON)).isZero();
    status.observed(new ViewStoreMark(1, "e1", 0, Instant.EPOCH, 9, null), 9, NOON);
    assertThat(status.behindMillis(NOON)).isNaN();

    status.observed(mark(3), 9, NOON.plusSeconds(5));
    assertThat(status.behindMillis(NOON.plusSeconds(7))).isEqualTo(7_000);

    status.observed(mark(9), 9, NOON.plusSeconds(20));
    assertThat(status.behindMillis(NOON.plusSeconds(60))).isZero();

    status.observed(mark(9), 10, NOON.plusSeconds(61));
    assertThat(status.behindMillis(NOON.plusSeconds(62))).isEqualTo(42_000);
  }

  @Test
  void remembers_only_the_latest_moment_at_the_head() {
    status.seenAtHead(NOON);
    status.seenAtHead(NOON.minusSeconds(1));

    assertThat(status.lastSeenAtHead()).isEqualTo(NOON);
  }
}
