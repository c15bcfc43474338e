package io.bincard.client;

import io.bincard.client.pace.Ticker;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * Follows live stock at the nodes of a ledger.
 *
 * <p>A subscription has one connection, to one node at a time, and one virtual thread. The first
 * thing that it tells of an item is what there is now, so a storefront needs no other question.
 */
public final class StockClient implements AutoCloseable {

  /** Where items lie unless somebody says otherwise. */
  public static final String MAIN = "MAIN";

  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final List<URI> nodes;
  private final Patience patience;
  private final Ticker ticker;
  private final RandomGenerator random;
  private final HttpClient http;

  /** Subscriptions that are not over, with their threads. */
  private final Map<Subscription, Thread> open = Collections.synchronizedMap(new LinkedHashMap<>());

  private volatile boolean closed;

  StockClient(Collection<URI> nodes, Patience patience, Ticker ticker, RandomGenerator random) {
    this.nodes = List.copyOf(nodes);
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("a client needs the URL of a node or a balancer");
    }
    this.patience = patience;
    this.ticker = ticker;
    this.random = random;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(patience.answerAfter())
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  /**
   * A client of {@code nodes}: base URLs such as {@code http://10.0.0.5:8080}, of nodes of one
   * ledger or of balancers before them. When a connection is lost the next one in turn is asked.
   */
  public static StockClient to(URI... nodes) {
    return to(List.of(nodes), Patience.DEFAULT);
  }

  /** The same with another patience. */
  public static StockClient to(Collection<URI> nodes, Patience patience) {
    return new StockClient(
        nodes, patience, Ticker.SYSTEM, () -> ThreadLocalRandom.current().nextLong());
  }

  /** Follows items at {@link #MAIN}. */
  public Subscription follow(Collection<String> skus, StockListener listener) {
    return follow(skus, MAIN, listener);
  }

  /**
   * Follows items, until the subscription is closed.
   *
   * @param skus at least one; how many at most is the server's to say, 200 unless it is set
   *     otherwise
   * @param listener called by one virtual thread, which the subscription has of its own
   */
  public Subscription follow(Collection<String> skus, String location, StockListener listener) {
    SequencedSet<String> distinct = new LinkedHashSet<>(skus);
    if (distinct.isEmpty()) {
      throw new IllegalArgumentException("a subscription needs a SKU");
    }
    if (closed) {
      throw new IllegalStateException("the client is closed");
    }
    Following following =
        new Following(
            http,
            nodes,
            Collections.unmodifiableSequencedSet(distinct),
            location,
            listener,
            patience,
            ticker,
            random);
    Thread thread =
        Thread.ofVirtual()
            .name("bincard-stock-client")
            .unstarted(
                () -> {
                  following.run();
                  open.remove(following);
                });
    open.put(following, thread);
    thread.start();
    return following;
  }

  /**
   * Closes all subscriptions and their connections. Waits for listeners, but not for long: one that
   * does not return is left alone.
   */
  @Override
  public void close() {
    closed = true;
    Map<Subscription, Thread> left;
    synchronized (open) {
      left = new LinkedHashMap<>(open);
    }
    left.keySet().forEach(Subscription::close);
    try {
      for (Thread thread : new ArrayList<>(left.values())) {
        if (thread != Thread.currentThread()) {
          var _ = thread.join(FAREWELL);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    http.shutdownNow();
  }
}
