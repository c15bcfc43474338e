package io.bincard.projections.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.GenericTrackedEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.GenericMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PageStreamTest {

  private static final Duration NEVER = Duration.ofHours(1);

  private final Numbers numbers = new Numbers();

  @Test
  void a_page_has_what_is_there_and_the_token_of_its_last_event() throws Exception {
    PageStream stream = new PageStream(numbers, 10, NEVER);
    numbers.add(3);

    TrackedEventMessage<?> message = stream.nextAvailable();

    EventPage page = (EventPage) message.getPayload();
    assertThat(page.events()).hasSize(3);
    assertThat(page.firstPosition()).isEqualTo(1);
    assertThat(page.lastPosition()).isEqualTo(3);
    assertThat(message.trackingToken()).isEqualTo(new GlobalSequenceTrackingToken(3));
    assertThat(message.getTimestamp()).isEqualTo(page.lastTime()).isEqualTo(Numbers.at(3));
  }

  @Test
  void there_is_no_page_without_events() {
    PageStream stream = new PageStream(numbers, 10, Duration.ZERO);

    assertThat(stream.hasNextAvailable()).isFalse();
    assertThat(stream.peek()).isEmpty();
  }

  @Test
  void peeking_takes_nothing_away() throws Exception {
    PageStream stream = new PageStream(numbers, 10, NEVER);
    numbers.add(1);

    Optional<TrackedEventMessage<?>> seen = stream.peek();

    assertThat(seen).isPresent().get().isSameAs(stream.nextAvailable());
  }

  @Test
  void a_page_that_is_not_full_waits_for_its_pace() throws Exception {
    PageStream stream = new PageStream(numbers, 10, NEVER);
    numbers.add(1);
    close(stream.nextAvailable());
    numbers.add(9);
    assertThat(stream.hasNextAvailable()).isFalse();

    numbers.add(1);

    assertThat(positions(stream.nextAvailable()))
        .containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
  }

  @Test
  void the_reader_is_woken_when_the_pace_is_over() throws Exception {
    PageStream stream = new PageStream(numbers, 10, Duration.ofMillis(50));
    CountDownLatch woken = new CountDownLatch(1);
    stream.setOnAvailableCallback(woken::countDown);
    numbers.add(1);
    close(stream.nextAvailable());
    numbers.add(1);

    if (!stream.hasNextAvailable()) {
      assertThat(woken.await(10, TimeUnit.SECONDS)).isTrue();
    }

    assertThat(stream.hasNextAvailable(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void no_more_than_two_pages_are_out_and_closing_one_wakes_the_reader() throws Exception {
    PageStream stream = new PageStream(numbers, 2, Duration.ZERO);
    AtomicInteger woken = new AtomicInteger();
    stream.setOnAvailableCallback(woken::incrementAndGet);
    numbers.add(6);
    TrackedEventMessage<?> first = stream.nextAvailable();
    close(stream.nextAvailable());
    TrackedEventMessage<?> third = stream.nextAvailable();
    assertThat(positions(third)).containsExactly(5L, 6L);
    numbers.add(2);
    assertThat(stream.hasNextAvailable()).isFalse();
    int before = woken.get();

    close(first);

    assertThat(woken.get()).isEqualTo(before + 1);
    assertThat(positions(stream.nextAvailable())).containsExactly(7L, 8L);
  }

  @Test
  void closing_it_closes_the_journal_and_wakes_nobody() throws Exception {
    PageStream stream = new PageStream(numbers, 2, Duration.ZERO);
    AtomicInteger woken = new AtomicInteger();
    stream.setOnAvailableCallback(woken::incrementAndGet);
    numbers.add(1);
    TrackedEventMessage<?> page = stream.nextAvailable();
    int before = woken.get();

    stream.close();
    close(page);

    assertThat(numbers.closed).isTrue();
    assertThat(woken.get()).isEqualTo(before);
  }

  private static void close(TrackedEventMessage<?> message) {
    ((EventPage) message.getPayload()).close();
  }

  private static List<Long> positions(TrackedEventMessage<?> message) {
    return ((EventPage) message.getPayload()).events().stream().map(EventPage::positionOf).toList();
  }

  /** Events with the positions 1, 2, 3 …, as many as were added. */
  private static final class Numbers implements BlockingStream<TrackedEventMessage<?>> {

    private final List<TrackedEventMessage<?>> waiting = new ArrayList<>();
    private long last;
    private boolean closed;
    private @Nullable Runnable onAvailable;

    static Instant at(long position) {
      return Instant.EPOCH.plusSeconds(position);
    }

    void add(int count) {
      for (int i = 0; i < count; i++) {
        long position = ++last;
        waiting.add(
            new GenericTrackedEventMessage<>(
                new GlobalSequenceTrackingToken(position),
                new GenericMessage<>("event " + position),
                () -> at(position)));
      }
      if (onAvailable != null) {
        onAvailable.run();
      }
    }

    @Override
    public Optional<TrackedEventMessage<?>> peek() {
      return waiting.stream().findFirst();
    }

    @Override
    public boolean hasNextAvailable(int timeout, TimeUnit unit) {
      return !waiting.isEmpty();
    }

    @Override
    public TrackedEventMessage<?> nextAvailable() {
      return waiting.removeFirst();
    }

    @Override
    public boolean setOnAvailableCallback(Runnable callback) {
      onAvailable = callback;
      return true;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
