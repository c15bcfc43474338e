package io.bincard.application.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.RunningWriter;
import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.journal.JournalTail;
import io.bincard.application.writer.Answer;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockCommand;
import io.bincard.domain.stock.StockEvent;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.junit.jupiter.api.Test;

/** Axon's own event processor in a node that does not lead sees what the leader commits. */
class FollowingProcessorIT {

  /** {@code -Dpaces=200,2000 -DpaceSeconds=10} to measure. */
  private static final int[] PACES =
      Arrays.stream(System.getProperty("paces", "200,2000").split(",", -1))
          .mapToInt(Integer::parseInt)
          .toArray();

  private static final int SECONDS = Integer.getInteger("paceSeconds", 3);

  /** What is asked is 50 ms; what a test machine does besides is unknown. */
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Sku ITEM = new Sku("SEEN");

  /** When a commit was asked for and told, in nanoseconds of the clock that both nodes have. */
  private record Told(long sentAt, long toldAt) {}

  /** Takes down when it saw each position. */
  static final class Watcher {
    private final Map<Long, Long> seen = new ConcurrentHashMap<>();
    private final Map<Long, Long> seenAgain = new ConcurrentHashMap<>();

    @EventHandler
    @SuppressWarnings("UnusedVariable") // by its type Axon knows what is handled here
    public void on(StockEvent event, TrackingToken token) {
      long now = System.nanoTime();
      long position = token.position().orElseThrow();
      if (seen.putIfAbsent(position, now) != null) {
        seenAgain.put(position, now);
      }
    }
  }

  @Test
  void a_processor_in_another_node_sees_each_commit_once_and_soon() throws Exception {
    try (RunningBincard leader = RunningBincard.onLedger("seen");
        RunningBincard follower =
            RunningBincard.onLedger("seen", "bincard.cluster.poll-interval=60s")) {
      leader.post("/v1/stock-items", "s", "{\"sku\":\"SEEN\",\"openingQuantity\":1000000000}");
      Watcher watcher = new Watcher();
      PooledStreamingEventProcessor processor = processor(follower, watcher);
      processor.start();
      try {
        for (int pace : PACES) {
          offer(leader, pace, 1, "warm-" + pace);
          Map<Long, Told> told = offer(leader, pace, SECONDS, "pace-" + pace);
          await().atMost(PATIENCE).until(() -> watcher.seen.keySet().containsAll(told.keySet()));
          long[] sinceTold = micros(told, watcher, Told::toldAt);
          System.out.printf(
              "commit to seen by a processor of another node, at %d/s for %d s, µs: since told %s, since sent %s%n",
              pace, SECONDS, words(sinceTold), words(micros(told, watcher, Told::sentAt)));
          assertThat(percentile(sinceTold, 99)).isLessThan(LIMIT.toNanos() / 1_000);
        }
        assertThat(watcher.seen).hasSize((int) leader.bean(JournalTail.class).position());
        assertThat(watcher.seenAgain).isEmpty();
      } finally {
        processor.shutDown();
      }
    }
  }

  /** Deductions at a fixed pace; when each was told, by position. */
  private static Map<Long, Told> offer(
      RunningBincard leader, int perSecond, int seconds, String keys) throws InterruptedException {
    CommandGateway gateway = leader.bean(CommandGateway.class);
    Map<Long, Told> told = new ConcurrentHashMap<>();
    Semaphore answered = new Semaphore(0);
    long start = System.nanoTime();
    int count = perSecond * seconds;
    for (int i = 0; i < count; i++) {
      long due = start + TimeUnit.SECONDS.toNanos(1) * i / perSecond;
      for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
        LockSupport.parkNanos(early);
      }
      long sentAt = System.nanoTime();
      gateway.send(
          RunningWriter.message(
              new StockCommand.DeductStock(
                  ITEM, LocationId.MAIN, new Quantity(1), new OrderId("o")),
              keys + "-" + i),
          (command, result) -> {
            if (result.getPayload() instanceof Answer.Told answer) {
              told.put(positionOf(answer), new Told(sentAt, System.nanoTime()));
            }
            answered.release();
          });
    }
    assertThat(answered.tryAcquire(count, PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(told).hasSize(count);
    return told;
  }

  private static long positionOf(Answer.Told answer) {
    return Long.parseLong(answer.outcome().body().replaceAll(".*\"position\":(\\d+).*", "$1"));
  }

  private static PooledStreamingEventProcessor processor(RunningBincard node, Watcher watcher) {
    return PooledStreamingEventProcessor.builder()
        .name("watcher")
        .eventHandlerInvoker(SimpleEventHandlerInvoker.builder().eventHandlers(watcher).build())
        .errorHandler(PropagatingErrorHandler.instance())
        .messageSource(node.bean(EventStore.class))
        .tokenStore(new InMemoryTokenStore())
        .transactionManager(NoTransactionManager.instance())
        .coordinatorExecutor(_ -> thread())
        .workerExecutor(_ -> thread())
        .initialSegmentCount(1)
        .initialToken(_ -> new GlobalSequenceTrackingToken(0))
        .batchSize(500)
        .build();
  }

  private static ScheduledExecutorService thread() {
    return Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  }

  private static long[] micros(Map<Long, Told> told, Watcher watcher, ToLongFunction<Told> since) {
    return told.entrySet().stream()
        .mapToLong(
            each ->
                (watcher.seen.getOrDefault(each.getKey(), Long.MAX_VALUE)
                        - since.applyAsLong(each.getValue()))
                    / 1_000)
        .sorted()
        .toArray();
  }

  private static String words(long[] sorted) {
    return "p50 %d, p99 %d, most %d"
        .formatted(percentile(sorted, 50), percentile(sorted, 99), sorted[sorted.length - 1]);
  }

  private static long percentile(long[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }
}
