package io.bincard.benchmarks.ledger;

import io.bincard.application.writer.CommitListener;
import io.bincard.application.writer.Moved;
import io.bincard.application.writer.Verdict;
import io.bincard.benchmarks.load.Sample;
import io.bincard.domain.hold.Hold;
import java.time.Duration;
import org.HdrHistogram.Recorder;
import org.axonframework.eventhandling.GenericEventMessage;

/** How long after its time the end of each hold is committed. */
final class ExpiryWatch implements CommitListener {

  private static final int DIGITS = 3;

  private final Recorder latenesses = new Recorder(DIGITS);
  private volatile long first;
  private volatile long last;

  @Override
  public void committed(Verdict verdict) {
    for (Moved<?, ?> move : verdict.moved()) {
      if (move.after() instanceof Hold hold && hold.status() == Hold.Status.EXPIRED) {
        last = System.nanoTime();
        first = first == 0 ? last : first;
        latenesses.recordValue(
            Math.max(
                0,
                Duration.between(hold.expiresAt(), GenericEventMessage.clock.instant()).toNanos()));
      }
    }
  }

  /** What was seen since it was last asked; a second counts from the first to the last end. */
  Sample take() {
    var seen = latenesses.getIntervalHistogram();
    long nanos = last - first;
    first = 0;
    return Sample.of(seen.getTotalCount(), 0, nanos, seen);
  }
}
