package io.bincard.projections.push.admission;

import io.bincard.projections.storefront.StorefrontProblem;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** The places for connections. Any thread may ask. */
public final class Admission {

  private final int most;
  private final int reserve;
  private final int mostOfOne;
  private final Map<String, Integer> ofClients = new ConcurrentHashMap<>();
  private final AtomicInteger taken = new AtomicInteger();
  private final Map<Refusal, LongAdder> refusals = new EnumMap<>(Refusal.class);
  private final LongAdder moved = new LongAdder();
  private volatile boolean closed;

  /**
   * @param most connections of all clients
   * @param reserve how many of them are kept for clients whose node goes down
   * @param mostOfOne connections of one client, by its address
   */
  public Admission(int most, int reserve, int mostOfOne) {
    this.most = most;
    this.reserve = reserve;
    this.mostOfOne = mostOfOne;
    for (Refusal refusal : Refusal.values()) {
      refusals.put(refusal, new LongAdder());
    }
  }

  /** A place for a connection, to be given back once. */
  public final class Place implements AutoCloseable {

    private final String client;
    private final AtomicBoolean given = new AtomicBoolean();

    private Place(String client) {
      this.client = client;
    }

    @Override
    public void close() {
      if (given.compareAndSet(false, true)) {
        taken.decrementAndGet();
        ofClients.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1);
      }
    }
  }

  /**
   * Takes a place for {@code client}.
   *
   * @param wasMoved whether another node sent it here: then its own limit does not hold, and the
   *     reserve is open to it
   * @throws StorefrontProblem if there is none, or the node goes down
   */
  public Place admit(String client, boolean wasMoved) {
    if (closed) {
      count(Refusal.STOPPING);
      throw StorefrontProblem.nodeStopping();
    }
    int limit = wasMoved ? most : most - reserve;
    if (taken.incrementAndGet() > limit) {
      taken.decrementAndGet();
      count(Refusal.NODE_LIMIT);
      throw StorefrontProblem.tooManyStreams(limit);
    }
    if (ofClients.merge(client, 1, Integer::sum) > mostOfOne && !wasMoved) {
      new Place(client).close();
      count(Refusal.CLIENT_LIMIT);
      throw StorefrontProblem.tooManyStreams(mostOfOne);
    }
    if (wasMoved) {
      moved.increment();
    }
    return new Place(client);
  }

  /** Refuses a page of another origin. */
  public StorefrontProblem foreign() {
    count(Refusal.ORIGIN);
    return StorefrontProblem.originNotAllowed();
  }

  /** From now on nobody is let in: the node goes down. */
  public void close() {
    closed = true;
  }

  /** Places that are taken. */
  public int taken() {
    return taken.get();
  }

  /** Connections that were not taken. */
  public long refused(Refusal why) {
    LongAdder refused = refusals.get(why);
    return refused == null ? 0 : refused.sum();
  }

  /** Connections that came from another node with its token. */
  public long moved() {
    return moved.sum();
  }

  private void count(Refusal why) {
    LongAdder refused = refusals.get(why);
    if (refused != null) {
      refused.increment();
    }
  }
}
