package io.bincard.projections.push.hub;

import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockItems;
import io.bincard.projections.push.hub.Frame.Heartbeat;
import io.bincard.projections.push.hub.StockStream.Joining;
import io.bincard.projections.push.hub.WatchedItem.Folded;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds the items that are watched and tells who watches them, every connection at its own pace.
 *
 * <p>Used by one thread, that of {@link HubLoop}. The ledger is asked elsewhere, by {@code asking},
 * whose answers come back to that thread by {@code own}.
 */
public final class StockHub {

  /** In the place of a position: the client knows nothing. */
  public static final long FROM_NOTHING = -1;

  private static final Logger LOG = LoggerFactory.getLogger(StockHub.class);

  /** How often the connections are looked at. */
  private static final long LOOK_NANOS = Duration.ofMillis(250).toNanos();

  /** How often a slow connection is flushed. */
  private static final long SLOW_FLUSH_NANOS = Duration.ofSeconds(1).toNanos();

  private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long SCORE_NANOS = Duration.ofSeconds(10).toNanos();
  private static final int PROBED = 1;
  private static final int SILENT = 3;

  private final StockItems ledger;
  private final Executor asking;
  private final Executor own;
  private final InstantSource clock;
  private final ItemJson json;
  private final HubLimits limits;
  private final PushCounts counts;
  private final long heartbeatNanos;
  private final long slowNanos;
  private final long stalledNanos;
  private final long cutNanos;
  private final Map<String, WatchedItem> items = new HashMap<>();
  private final Set<WatchedItem> toAskAgain = new LinkedHashSet<>();
  private final Set<StockStream> streams = new LinkedHashSet<>();
  private final Set<StockStream> joining = new LinkedHashSet<>();
  private List<StockStream> dirty = new ArrayList<>();
  private RecentChanges recent;
  private long now;
  private long flushedAt;
  private long flushedTo;
  private long lookedAt;
  private long scoredAt;
  private long askedAgainAt;
  private boolean fed = true;
  private volatile long position;

  /**
   * A hub that has seen nothing yet; {@link #begin} tells it from where on.
   *
   * @param asking runs questions to the ledger, which may take long
   * @param own runs what it is given on the hub's own thread
   */
  public StockHub(
      StockItems ledger,
      Executor asking,
      Executor own,
      InstantSource clock,
      ItemJson json,
      HubLimits limits,
      PushCounts counts) {
    this.ledger = ledger;
    this.asking = asking;
    this.own = own;
    this.clock = clock;
    this.json = json;
    this.limits = limits;
    this.counts = counts;
    this.heartbeatNanos = limits.heartbeat().toNanos();
    this.slowNanos = limits.slowAfter().toNanos();
    this.stalledNanos = limits.stalledAfter().toNanos();
    this.cutNanos = limits.cutAfter().toNanos();
    this.recent = new RecentChanges(limits.rememberedItems(), 0);
  }

  /** Position of the last event that was taken. Any thread may ask. */
  public long position() {
    return position;
  }

  /**
   * Events are taken from behind {@code newPosition} on, and nothing is known of what was before:
   * whoever is connected is told so.
   */
  public void begin(long newPosition) {
    position = newPosition;
    flushedTo = newPosition;
    recent = new RecentChanges(limits.rememberedItems(), newPosition);
    items.values().forEach(this::lost);
  }

  /** Whether events come, or the journal cannot be read now. */
  public void fed(boolean isFed) {
    fed = isFed;
  }

  // What happens

  /** Takes the event at {@code at}, which is none of a stock item. */
  public void pass(long at) {
    follow(at);
  }

  /**
   * Takes an event of a stock item.
   *
   * @param stream the item's
   * @param event made only if somebody watches the item
   */
  public void take(String stream, long sequence, long at, Supplier<StockEvent> event) {
    if (!follow(at)) {
      return;
    }
    recent.changed(stream, at);
    WatchedItem item = items.get(stream);
    if (item == null) {
      return;
    }
    if (item.isLoaded() && item.position() > flushedTo) {
      counts.conflated(item.watchers().size());
    }
    switch (item.take(sequence, at, event)) {
      case CHANGED -> item.watchers().forEach(this::touch);
      case SAME -> {}
      case LOST -> lost(item);
    }
  }

  /** Moves to {@code at}; says whether the event is a new one. */
  private boolean follow(long at) {
    if (at <= position) {
      return false;
    }
    if (at != position + 1) {
      begin(at - 1);
    }
    position = at;
    return true;
  }

  /** Events of {@code item} were missed: the ledger is asked anew, and nothing is guessed. */
  private void lost(WatchedItem item) {
    for (StockStream stream : item.watchers()) {
      if (stream.knowsSomething()) {
        counts.resynced(ResyncReason.GAP);
        stream.resync(ResyncReason.GAP, now);
        joining.add(stream);
      }
    }
    ask(item);
  }

  private void ask(WatchedItem item) {
    int question = item.ask();
    long asOf = position;
    asking.execute(
        () -> {
          try {
            StockItem found = ledger.find(item.id()).orElse(StockItem.UNREGISTERED);
            own.execute(() -> answered(item, question, found, asOf));
          } catch (LedgerUnavailableException e) {
            own.execute(() -> toAskAgain.add(item));
          }
        });
  }

  private void answered(WatchedItem item, int question, StockItem found, long asOf) {
    long last = recent.lastOf(item.id().stream());
    // What came after the question is folded onto the answer, and moves the position itself.
    if (item.answered(question, found, asOf, last) == Folded.LOST) {
      lost(item);
    }
  }

  // Who listens

  /** A connection begins. */
  public void connect(StockStream stream) {
    streams.add(stream);
    stream.began(now);
  }

  /**
   * {@code stream} is told of {@code ids} from now on.
   *
   * @param from the position up to which the client knows them, {@link #FROM_NOTHING} if it does
   *     not
   */
  public void subscribe(StockStream stream, Collection<StockItemId> ids, long from) {
    if (stream.hasEnded()) {
      return;
    }
    Set<WatchedItem> known = new HashSet<>(stream.items());
    List<WatchedItem> wanted = new ArrayList<>(ids.size());
    for (StockItemId id : ids) {
      WatchedItem item = items.get(id.stream());
      if (item == null) {
        item = new WatchedItem(id);
        items.put(id.stream(), item);
        ask(item);
      }
      if (known.add(item)) {
        item.watchers().add(stream);
        wanted.add(item);
      }
    }
    if (wanted.isEmpty()) {
      return;
    }
    if (from > position) {
      seek(from);
    }
    stream.join(new Joining(List.copyOf(wanted), from, now + limits.resumeWait().toNanos()));
    joining.add(stream);
  }

  /** Has this node hear of {@code sought}, if the ledger has got so far. */
  private void seek(long sought) {
    asking.execute(
        () -> {
          try {
            ledger.headPosition(sought);
          } catch (LedgerUnavailableException e) {
            LOG.atDebug().setCause(e).log("A client's position cannot be sought now");
          }
        });
  }

  /** {@code stream} is not told of {@code ids} any more. */
  public void unsubscribe(StockStream stream, Collection<StockItemId> ids) {
    Set<WatchedItem> left = new HashSet<>();
    for (StockItemId id : ids) {
      WatchedItem item = items.get(id.stream());
      if (item != null && item.watchers().remove(stream)) {
        left.add(item);
        unwatched(item);
      }
    }
    stream.leave(left);
  }

  private void unwatched(WatchedItem item) {
    if (item.watchers().isEmpty()) {
      item.unwatchedFrom(now);
    }
  }

  /** The network takes more of {@code stream}. */
  public void writable(StockStream stream) {
    stream.look(now);
    touch(stream);
  }

  /** The client of {@code stream} said something. */
  public void heard(StockStream stream) {
    stream.heard(now);
  }

  /** The client of {@code stream} answered a probe after {@code roundTripNanos}. */
  public void answeredProbe(StockStream stream, long roundTripNanos) {
    stream.heard(now);
    stream.answered(roundTripNanos);
  }

  /** Sends {@code frame}, if the client takes one. */
  public void tell(StockStream stream, Frame frame) {
    if (!stream.hasEnded()) {
      stream.sendNow(frame, now, counts);
    }
  }

  /** {@code stream} is over. */
  public void gone(StockStream stream, StreamEnd how) {
    if (!streams.remove(stream)) {
      return;
    }
    stream.end();
    joining.remove(stream);
    counts.ended(how);
    for (WatchedItem item : stream.items()) {
      item.watchers().remove(stream);
      unwatched(item);
    }
  }

  /** All connections. */
  public List<StockStream> streams() {
    return List.copyOf(streams);
  }

  private void touch(StockStream stream) {
    if (!stream.hasEnded() && stream.markDirty()) {
      dirty.add(stream);
    }
  }

  // What is sent

  /**
   * Does what is due at {@code nanos}; returns in how many nanoseconds it wants to be called again
   * at the latest.
   */
  public long tick(long nanos) {
    now = nanos;
    if (nanos - lookedAt >= LOOK_NANOS) {
      lookedAt = nanos;
      look();
    }
    for (StockStream stream : List.copyOf(joining)) {
      if (stream.admit(nanos, position, recent, counts)) {
        touch(stream);
      }
      if (!stream.isJoining()) {
        joining.remove(stream);
      }
    }
    long flushNanos = limits.flushInterval().toNanos();
    if (!dirty.isEmpty() && nanos - flushedAt >= flushNanos) {
      flush();
    }
    return dirty.isEmpty() ? LOOK_NANOS : Math.max(1, flushedAt + flushNanos - nanos);
  }

  private void flush() {
    flushedAt = now;
    flushedTo = position;
    List<StockStream> flushed = dirty;
    dirty = new ArrayList<>();
    for (StockStream stream : flushed) {
      if (stream.hasEnded()) {
        continue;
      }
      if (!stream.maySend(now)) {
        dirty.add(stream);
        continue;
      }
      stream.clean();
      sendAll(stream);
      stream.look(now);
    }
    counts.flushed(System.nanoTime() - now);
  }

  /** As much as the client takes: an outlet that is full may be ready again when it was flushed. */
  private void sendAll(StockStream stream) {
    boolean complete = false;
    while (!complete && stream.outlet().isReady()) {
      complete = stream.send(now, clock.instant(), position, json, counts);
    }
  }

  private void look() {
    if (now - askedAgainAt >= RETRY_NANOS && !toAskAgain.isEmpty()) {
      askedAgainAt = now;
      List<WatchedItem> again = List.copyOf(toAskAgain);
      toAskAgain.clear();
      again.forEach(this::ask);
    }
    long forgetNanos = limits.forgetAfter().toNanos();
    items
        .values()
        .removeIf(item -> item.watchers().isEmpty() && now - item.unwatchedSince() >= forgetNanos);
    boolean scores = now - scoredAt >= SCORE_NANOS;
    if (scores) {
      scoredAt = now;
    }
    for (StockStream stream : List.copyOf(streams)) {
      look(stream);
      if (scores && !stream.hasEnded()) {
        counts.scored(stream.score(now, slowNanos, stalledNanos, stream.outlet().clientsSpeak()));
      }
    }
  }

  private void look(StockStream stream) {
    stream.look(now);
    if (stream.outlet().clientsSpeak() && isSilent(stream)) {
      cut(
          stream,
          StreamEnd.SILENT); // before a heartbeat is on its way, which the resync would meet
      return;
    }
    long waited = stream.waited(now);
    if (waited >= cutNanos) {
      cut(stream, StreamEnd.TOO_SLOW);
    } else if (waited >= slowNanos) {
      stream.stall(now + SLOW_FLUSH_NANOS, counts);
    } else if (now - stream.lastSent() >= heartbeatNanos) {
      stream.sendNow(new Heartbeat(fed ? stream.sent() : Heartbeat.NO_POSITION), now, counts);
    }
  }

  /** Whether nothing was heard of the client for too long; it is asked meanwhile. */
  private boolean isSilent(StockStream stream) {
    int intervals = stream.silence(now, heartbeatNanos);
    if (stream.isNewlySilent(intervals) && intervals >= PROBED && intervals < SILENT) {
      stream.outlet().probe();
    }
    return intervals >= SILENT;
  }

  /** Ends a connection whose client does not do its part; the resync is written if it can be. */
  private void cut(StockStream stream, StreamEnd how) {
    counts.resynced(ResyncReason.TOO_SLOW);
    stream.sendNow(new Frame.Resync(ResyncReason.TOO_SLOW), now, counts);
    stream.outlet().close(true);
    gone(stream, how);
  }

  /**
   * Sends {@code stream} on to another node and ends it.
   *
   * @param redirect what the client is told, made of what it watches and how far it is
   */
  public void redirect(StockStream stream, Redirection redirect) {
    if (stream.hasEnded()) {
      return;
    }
    sendAll(stream);
    List<StockItemId> ids = stream.items().stream().map(WatchedItem::id).toList();
    stream.sendLast(redirect.of(ids, Math.max(0, stream.sent())), counts);
    stream.outlet().close(false);
    gone(stream, StreamEnd.DRAINED);
  }

  /** What a client is told that goes elsewhere. */
  @FunctionalInterface
  public interface Redirection {

    /** The frame for a client that has {@code items} up to {@code position}. */
    Frame of(Collection<StockItemId> items, long position);
  }
}
