package io.bincard.domain;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * The committed events from the first one on, for whoever makes something of all of them. Reading
 * moves nothing and tells nobody.
 */
public interface LedgerHistory {

  /**
   * The position of the last committed event, asked of the ledger anew; 0 for an empty one.
   *
   * @throws io.bincard.domain.stock.LedgerUnavailableException if it cannot be read
   */
  long headPosition();

  /**
   * Gives {@code reader} the events after {@code after} up to {@code upTo} that are of one of
   * {@code kinds}, in their order, part by part, until it wants no more. Parts are made ahead of
   * the reader, a few at most.
   *
   * @param upTo a position that is committed
   * @throws io.bincard.domain.stock.LedgerUnavailableException if the ledger cannot be read, or not
   *     all of it
   */
  void read(long after, long upTo, Set<Class<? extends LedgerEvent>> kinds, Reader reader);

  /**
   * How many streams whose name begins with {@code prefix} have their first event at {@code upTo}
   * or before, counted without reading events.
   *
   * @throws io.bincard.domain.stock.LedgerUnavailableException if the ledger cannot be read
   */
  long streams(String prefix, long upTo);

  /** Takes parts of the history. */
  interface Reader {

    /** Whether more is wanted after {@code part}. */
    boolean take(Part part);
  }

  /**
   * Events that follow the ones before.
   *
   * @param upTo every event up to here has been handed over with this part
   * @param time when the event at {@code upTo} was made
   * @param events those of the kinds asked for
   */
  record Part(long upTo, Instant time, List<CommittedEvent> events) {}
}
