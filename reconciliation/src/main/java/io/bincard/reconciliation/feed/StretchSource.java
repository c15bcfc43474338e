package io.bincard.reconciliation.feed;

import io.bincard.domain.LedgerHistory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.WrappedToken;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/**
 * The journal as a source of {@link Stretch}es. A stretch's token is that of its last event, so who
 * stores it goes on behind the stretch.
 */
final class StretchSource implements StreamableMessageSource<TrackedEventMessage<?>> {

  private final LedgerHistory history;
  private final StreamableMessageSource<TrackedEventMessage<?>> journal;
  private final int longest;
  private final Duration pace;
  private final List<PageListener> listeners;

  /**
   * @param journal tells when there is more
   * @param longest positions of a stretch at most
   * @param pace the least time from one stretch to the next, unless more is there already
   * @param listeners told when somebody reads
   */
  StretchSource(
      LedgerHistory history,
      StreamableMessageSource<TrackedEventMessage<?>> journal,
      int longest,
      Duration pace,
      List<PageListener> listeners) {
    this.history = history;
    this.journal = journal;
    this.longest = longest;
    this.pace = pace;
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken token) {
    long position = positionOf(token);
    StretchStream stream =
        new StretchStream(
            history,
            position,
            journal.openStream(token),
            longest,
            pace,
            () -> listeners.forEach(PageListener::ended));
    listeners.forEach(listener -> listener.begun(position));
    return stream;
  }

  private static long positionOf(@Nullable TrackingToken token) {
    TrackingToken plain = token == null ? null : WrappedToken.unwrapLowerBound(token);
    return plain == null ? 0 : Math.max(0, plain.position().orElse(0));
  }

  @Override
  public TrackingToken createTailToken() {
    return journal.createTailToken();
  }

  @Override
  public TrackingToken createHeadToken() {
    return journal.createHeadToken();
  }

  @Override
  public TrackingToken createTokenAt(Instant dateTime) {
    return journal.createTokenAt(dateTime);
  }
}
