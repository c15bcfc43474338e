package io.bincard.application.books;

import io.bincard.application.writer.KeyedCommands;
import io.bincard.application.writer.LedgerBusyException;
import io.bincard.application.writer.Moved;
import io.bincard.application.writer.OpenBatch;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.catalog.CatalogEvent;
import io.bincard.domain.catalog.DescribedSku;
import io.bincard.domain.discount.DiscountEvent;
import io.bincard.domain.hold.Hold;
import io.bincard.domain.hold.HoldEvent;
import io.bincard.domain.hold.Holding;
import io.bincard.domain.register.PolicyEvent;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.StockEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.eventhandling.DomainEventMessage;

/**
 * The events of one command, on whatever streams: each moves its state at once, and all of them go
 * to the open batch with {@link #close}.
 */
public final class Posting {

  /** Ends of holds that one command writes down at most; who needs more comes again. */
  static final int MOST_ENDS = 1_000;

  private final Books books;
  private final OpenBatch batch;
  private final CommandMessage<?> cause;
  private final List<DomainEventMessage<?>> messages = new ArrayList<>(1);
  private final List<Moved<?, ?>> moved = new ArrayList<>(1);

  Posting(Books books, OpenBatch batch, CommandMessage<?> cause) {
    this.books = books;
    this.batch = batch;
    this.cause = cause;
  }

  /**
   * Writes down that the time of {@code overdue} is over, which it is at {@code now}.
   *
   * @throws LedgerBusyException if they are more than {@value #MOST_ENDS}; the leader's timer
   *     writes them down meanwhile
   * @throws IllegalStateException if one of them is not: then an item or an account promises what
   *     its hold does not know of
   */
  public Posting expire(Collection<HoldId> overdue, Instant now) {
    if (overdue.size() > MOST_ENDS) {
      throw new LedgerBusyException(
          "the end of "
              + overdue.size()
              + " holds has to be written down first, which is under way; try again in a moment");
    }
    for (HoldId id : overdue) {
      List<LedgerEvent> end = Holding.expire(id, books.holds().get(id), now);
      if (end.isEmpty()) {
        throw new IllegalStateException("hold " + id + " is not what promises to it say");
      }
      addAll(end);
    }
    return this;
  }

  public Posting addAll(List<? extends LedgerEvent> events) {
    events.forEach(this::add);
    return this;
  }

  /** Adds {@code event}, and moves the state of its stream. */
  public Posting add(LedgerEvent event) {
    switch (event) {
      case StockEvent e -> {
        var item = books.items().get(e.item());
        var after = item.evolve(e);
        move(books.items(), e.item(), e.item().stream(), item, after, after.version(), e);
      }
      case HoldEvent e -> {
        // The id of a new hold was never used; the journal need not be asked.
        Hold hold = e instanceof HoldEvent.HoldPlaced ? Hold.UNKNOWN : books.holds().get(e.hold());
        Hold after = hold.evolve(e);
        move(books.holds(), e.hold(), e.hold().stream(), hold, after, after.version(), e);
      }
      case DiscountEvent.OfOrder e -> {
        var order = books.orders().get(e.orderId());
        var after = order.evolve(e);
        String stream = Books.stream(e.orderId());
        move(books.orders(), e.orderId(), stream, order, after, after.version(), e);
      }
      case DiscountEvent.OfAccount e -> {
        var account = books.accounts().get(e.account());
        var after = account.evolve(e);
        String stream = e.account().stream();
        move(books.accounts(), e.account(), stream, account, after, after.version(), e);
      }
      case PolicyEvent e -> {
        var register = books.register().get(PolicyEvent.STREAM);
        var after = register.evolve(e);
        String stream = PolicyEvent.STREAM;
        move(books.register(), stream, stream, register, after, after.version(), e);
      }
      case CatalogEvent e -> {
        var sku = books.skus().get(e.sku());
        var after = sku.evolve(e);
        String stream = DescribedSku.stream(e.sku());
        move(books.skus(), e.sku(), stream, sku, after, after.version(), e);
      }
      default -> throw new IllegalArgumentException("no book is kept of " + event.getClass());
    }
    return this;
  }

  private <K, S> void move(
      Live<K, S> live, K key, String stream, S before, S after, long sequence, LedgerEvent event) {
    live.states().put(key, after);
    moved.add(new Moved<>(live.stored(), key, before, after));
    messages.add(
        KeyedCommands.event(cause, messages.size(), live.streamType(), stream, sequence, event));
  }

  /** Hands everything to the open batch; returns the states that moved, in order. */
  public List<Moved<?, ?>> close() {
    batch.append(messages);
    return moved;
  }
}
