package io.bincard.projections.upkeep;

import io.bincard.domain.stock.LedgerUnavailableException;
import java.util.OptionalLong;
import org.axonframework.common.AxonException;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.WrappedToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/**
 * How far a processor of one segment has read, as the token store remembers it.
 *
 * <p>Axon's own reset would wrap the token to tell handlers that they see a replay; views take
 * absolute states and have no use for that, so a plain position is stored. Every method throws
 * {@link org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException} if another node
 * holds the processor.
 */
public final class Bookmark {

  static final int SEGMENT = 0;

  private final String processor;
  private final TokenStore tokens;
  private final TransactionManager transactions;
  private final StreamableMessageSource<TrackedEventMessage<?>> journal;

  public Bookmark(
      String processor,
      TokenStore tokens,
      TransactionManager transactions,
      StreamableMessageSource<TrackedEventMessage<?>> journal) {
    this.processor = processor;
    this.tokens = tokens;
    this.transactions = transactions;
    this.journal = journal;
  }

  /**
   * The position of the journal's last event, as it is stored.
   *
   * @throws LedgerUnavailableException if the journal cannot be read
   */
  long head() {
    try {
      return positionOf(journal.createHeadToken());
    } catch (AxonException e) {
      throw new LedgerUnavailableException("the journal cannot be read", e);
    }
  }

  /** The position of the last event read, 0 before the first; empty if the processor never ran. */
  OptionalLong position() {
    return transactions.fetchInTransaction(
        () -> {
          if (tokens.fetchSegments(processor).length == 0) {
            return OptionalLong.empty();
          }
          TrackingToken token = tokens.fetchToken(processor, SEGMENT);
          tokens.releaseClaim(processor, SEGMENT);
          return OptionalLong.of(positionOf(token));
        });
  }

  /** Goes back to the first event that the journal still has; returns the position before it. */
  long rewindToTail() {
    TrackingToken tail = journal.createTailToken();
    store(tail);
    return positionOf(tail);
  }

  /** Goes to {@code position}: the next event read is the one after it. */
  void moveTo(long position) {
    store(new GlobalSequenceTrackingToken(position));
  }

  private void store(@Nullable TrackingToken token) {
    transactions.executeInTransaction(
        () -> {
          if (tokens.fetchSegments(processor).length == 0) {
            tokens.initializeTokenSegments(processor, 1, token);
          } else {
            tokens.fetchToken(processor, SEGMENT);
            tokens.storeToken(token, processor, SEGMENT);
            tokens.releaseClaim(processor, SEGMENT);
          }
        });
  }

  private static long positionOf(@Nullable TrackingToken token) {
    TrackingToken plain = token == null ? null : WrappedToken.unwrapLowerBound(token);
    return plain == null ? 0 : Math.max(0, plain.position().orElse(0));
  }
}
