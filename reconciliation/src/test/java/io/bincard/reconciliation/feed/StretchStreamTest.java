package io.bincard.reconciliation.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.LedgerEvent;
import io.bincard.domain.LedgerHistory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StretchStreamTest {

  private static final int LONGEST = 10;
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Duration AT_ONCE = Duration.ZERO;

  private final AtomicLong head = new AtomicLong();
  private final AtomicInteger questions = new AtomicInteger();
  private final Bell bell = new Bell();

  /** A journal that can only be asked how far it goes. */
  private final LedgerHistory history =
      new LedgerHistory() {
        @Override
        public long headPosition() {
          questions.incrementAndGet();
          return head.get();
        }

        @Override
        public void read(
            long after, long upTo, Set<Class<? extends LedgerEvent>> kinds, Reader reader) {
          throw new UnsupportedOperationException();
        }

        @Override
        public long streams(String prefix, long upTo) {
          throw new UnsupportedOperationException();
        }
      };

  /** Rings, and has nothing to read. */
  private static final class Bell implements BlockingStream<TrackedEventMessage<?>> {

    private @Nullable Runnable callback;
    private boolean isClosed;

    void ring() {
      if (callback != null) {
        callback.run();
      }
    }

    @Override
    public boolean setOnAvailableCallback(Runnable newCallback) {
      callback = newCallback;
      return true;
    }

    @Override
    public Optional<TrackedEventMessage<?>> peek() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean hasNextAvailable(int timeout, TimeUnit unit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public TrackedEventMessage<?> nextAvailable() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }

  private boolean isTold;

  private StretchStream stream(long position, Duration pace) {
    return new StretchStream(history, position, bell, LONGEST, pace, () -> isTold = true);
  }

  private static Stretch next(StretchStream stream) throws InterruptedException {
    TrackedEventMessage<?> message = stream.nextAvailable();
    Stretch stretch = (Stretch) message.getPayload();
    assertThat(message.trackingToken().position()).hasValue(stretch.upTo());
    return stretch;
  }

  private static String words(Stretch stretch) {
    return stretch.after() + " to " + stretch.upTo() + " of " + stretch.head();
  }

  @Test
  void hands_out_what_there_is_in_stretches_one_after_the_other() throws InterruptedException {
    head.set(23);
    StretchStream stream = stream(2, NEVER);
    List<String> told = new ArrayList<>();
    while (stream.hasNextAvailable()) {
      assertThat(stream.peek()).isPresent();
      Stretch stretch = next(stream);
      told.add(words(stretch));
      assertThat(stream.hasNextAvailable()).as("before the last one is done with").isFalse();
      stretch.close();
    }

    assertThat(told).containsExactly("2 to 12 of 23", "12 to 22 of 23", "22 to 23 of 23");
    assertThat(questions).hasValue(1);
  }

  @Test
  void asks_again_when_the_pace_allows() throws InterruptedException {
    StretchStream stream = stream(0, AT_ONCE);
    assertThat(stream.hasNextAvailable()).isFalse();

    head.set(4);

    assertThat(words(next(stream))).isEqualTo("0 to 4 of 4");
  }

  @Test
  void does_not_ask_before_that() {
    StretchStream stream = stream(0, NEVER);
    assertThat(stream.hasNextAvailable()).isFalse();

    head.set(4);
    bell.ring();

    assertThat(stream.hasNextAvailable()).isFalse();
    assertThat(questions).hasValue(1);
  }

  @Test
  void what_rings_within_the_pace_wakes_the_reader_behind_it() throws InterruptedException {
    Semaphore woken = new Semaphore(0);
    StretchStream stream = stream(0, Duration.ofMillis(20));
    stream.setOnAvailableCallback(woken::release);
    assertThat(stream.hasNextAvailable()).isFalse();

    head.set(4);
    bell.ring();
    assertThat(woken.tryAcquire(10, TimeUnit.SECONDS)).as("by the bell itself").isTrue();
    while (!stream.hasNextAvailable()) {
      assertThat(woken.tryAcquire(10, TimeUnit.SECONDS)).as("when the pace is over").isTrue();
    }

    Stretch stretch = next(stream);
    woken.drainPermits();
    bell.ring();
    assertThat(woken.availablePermits()).as("while a stretch is out").isZero();
    stretch.close();
    assertThat(woken.availablePermits()).as("by the end of the stretch").isPositive();
  }

  @Test
  void a_closed_stream_hangs_the_bell_up_and_wakes_nobody() throws InterruptedException {
    Semaphore woken = new Semaphore(0);
    head.set(1);
    StretchStream stream = stream(0, AT_ONCE);
    stream.setOnAvailableCallback(woken::release);
    Stretch stretch = next(stream);

    stream.close();
    stretch.close();

    assertThat(bell.isClosed).isTrue();
    assertThat(isTold).isTrue();
    assertThat(woken.availablePermits()).isZero();
  }
}
