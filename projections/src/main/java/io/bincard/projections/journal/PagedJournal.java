package io.bincard.projections.journal;

import java.time.Duration;
import java.time.Instant;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/**
 * A journal as a source of {@link EventPage}s. A page's token is that of its last event, so who
 * stores it goes on behind the page.
 */
public final class PagedJournal implements StreamableMessageSource<TrackedEventMessage<?>> {

  private final StreamableMessageSource<TrackedEventMessage<?>> journal;
  private final int pageSize;
  private final Duration pace;

  /**
   * Pages of {@code journal}.
   *
   * @param pageSize how many events a page has at most
   * @param pace the least time from one page to the next, unless the next is full
   */
  public PagedJournal(
      StreamableMessageSource<TrackedEventMessage<?>> journal, int pageSize, Duration pace) {
    this.journal = journal;
    this.pageSize = pageSize;
    this.pace = pace;
  }

  @Override
  public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken token) {
    return new PageStream(journal.openStream(token), pageSize, pace);
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
