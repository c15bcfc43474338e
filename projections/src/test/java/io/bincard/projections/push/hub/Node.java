package io.bincard.projections.push.hub;

import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.fixture.LedgerInMemory;
import io.bincard.projections.fixture.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;

/** A hub on a ledger in memory, whose thread, clock and questions to the ledger are the test's. */
final class Node {

  static final HubLimits LIMITS =
      new HubLimits(
          Duration.ofMillis(50),
          Duration.ofSeconds(15),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          Duration.ofSeconds(2),
          Duration.ofMinutes(1),
          1_000);

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  final LedgerInMemory ledger;
  final SettableClock clock = new SettableClock(NOON);
  final PushCounts counts = new PushCounts();
  final Queue<Runnable> questions = new ArrayDeque<>();
  final StockHub hub;
  private final Queue<Runnable> own = new ArrayDeque<>();
  private long nanos = 1;

  Node(LedgerInMemory ledger) {
    this(ledger, LIMITS);
  }

  Node(LedgerInMemory ledger, HubLimits limits) {
    this.ledger = ledger;
    hub =
        new StockHub(
            ledger,
            questions::add,
            own::add,
            clock,
            (item, state, now, asOf) -> value(item, state, now),
            limits,
            counts);
    hub.begin(ledger.headPosition());
    tick(Duration.ZERO);
  }

  /** What clients are told of an item. */
  static String value(StockItemId item, StockItem state, Instant now) {
    return item.sku() + " " + state.version() + " " + state.onHand() + " " + state.available(now);
  }

  /** Connects {@code client} as one that has what was up to {@code from}. */
  void connect(Client client, Collection<StockItemId> items, long from) {
    StockStream stream = client.attach(this);
    hub.connect(stream);
    hub.subscribe(stream, items, from);
  }

  /** Reads at most {@code most} events. */
  void read(int most) {
    for (int i = 0; i < most && hub.position() < ledger.headPosition(); i++) {
      long position = hub.position() + 1;
      EventMessage<?> message = ledger.event(position);
      if (message instanceof DomainEventMessage<?> inStream) {
        hub.take(
            inStream.getAggregateIdentifier(),
            inStream.getSequenceNumber(),
            position,
            () -> (StockEvent) message.getPayload());
      } else {
        hub.pass(position);
      }
    }
  }

  /** Has the ledger answer at most {@code most} questions; the answers are on their way. */
  void ask(int most) {
    for (int i = 0; i < most && !questions.isEmpty(); i++) {
      questions.remove().run();
    }
  }

  /** Answers at most {@code most} questions to the ledger. */
  void answer(int most) {
    ask(most);
    while (!own.isEmpty()) {
      own.remove().run();
    }
  }

  /** Lets time go by. */
  void tick(Duration by) {
    nanos += by.toNanos();
    clock.move(by);
    hub.tick(nanos);
  }

  /** Everything that is to happen happens, but what clients do. */
  void settle() {
    for (int i = 0; i < 4; i++) {
      read(Integer.MAX_VALUE);
      answer(Integer.MAX_VALUE);
      tick(Duration.ofMillis(50));
    }
  }
}
