package io.bincard.projections.push.hub;

import io.bincard.projections.push.hub.Frame.Change;
import io.bincard.projections.push.hub.Frame.Heartbeat;
import io.bincard.projections.push.hub.Frame.Resync;
import io.bincard.projections.push.hub.Frame.Snapshot;
import io.bincard.projections.push.hub.Frame.Unknown;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One connection. It keeps no values: which items are due follows from one number, the position up
 * to which changes have been sent, so that a client that reads slowly costs nothing and gets the
 * last value of each item when it does read.
 */
public final class StockStream {

  /** No position was reached yet. */
  static final long NOTHING_SENT = StockHub.FROM_NOTHING;

  private static final Comparator<WatchedItem> BY_POSITION =
      Comparator.comparingLong(WatchedItem::position);

  private static final int WHOLE = 100;
  private static final int HALF = 50;
  private static final int A_STALL = 20;

  private final Outlet outlet;

  /** Items whose changes are sent as they come. */
  private final List<WatchedItem> live = new ArrayList<>(1);

  /** Items that are waited for. */
  private final List<Joining> joining = new ArrayList<>(1);

  /** Items to be told as snapshots, before anything that moves the position. */
  private final Deque<WatchedItem> owed = new ArrayDeque<>(1);

  private @Nullable ResyncReason resync;
  private long sent = NOTHING_SENT;
  private long whole = NOTHING_SENT;
  private boolean positionDue;
  private boolean dirty;
  private boolean ended;
  private long notBefore;
  private long waitingSince;
  private boolean waiting;
  private boolean stallCounted;
  private int stalls;
  private long lastSent;
  private long lastHeard;
  private int silent;
  private long roundTripNanos;

  /**
   * Items that were asked for together.
   *
   * @param from the position that the client has of them, {@link #NOTHING_SENT} if none
   * @param until when it is not waited for that position any more
   */
  record Joining(List<WatchedItem> items, long from, long until) {}

  /** A connection that nothing is sent on yet. */
  public StockStream(Outlet outlet) {
    this.outlet = outlet;
  }

  Outlet outlet() {
    return outlet;
  }

  /** Position up to which every change has been sent, {@link #NOTHING_SENT} if there is none. */
  long sent() {
    return owed.isEmpty() && joining.isEmpty() && resync == null ? whole : NOTHING_SENT;
  }

  boolean isJoining() {
    return !joining.isEmpty();
  }

  boolean hasEnded() {
    return ended;
  }

  void end() {
    ended = true;
  }

  /** Marks it as one with something to send; says whether it was none before. */
  boolean markDirty() {
    boolean fresh = !dirty;
    dirty = true;
    return fresh;
  }

  void clean() {
    dirty = false;
  }

  boolean maySend(long now) {
    return now - notBefore >= 0;
  }

  void join(Joining group) {
    joining.add(group);
  }

  /** The items that it watches, live or not yet. */
  List<WatchedItem> items() {
    List<WatchedItem> all = new ArrayList<>(live);
    joining.forEach(group -> all.addAll(group.items()));
    return all;
  }

  void leave(Set<WatchedItem> items) {
    live.removeAll(items);
    owed.removeAll(items);
    joining.replaceAll(
        group ->
            new Joining(
                group.items().stream().filter(item -> !items.contains(item)).toList(),
                group.from(),
                group.until()));
    joining.removeIf(group -> group.items().isEmpty());
  }

  /** Whether the client was told of some item, and not yet to drop it. */
  boolean knowsSomething() {
    return resync == null && !(live.isEmpty() && owed.isEmpty());
  }

  /** The client is to drop what it knows, and is owed everything again. */
  void resync(ResyncReason reason, long now) {
    List<WatchedItem> all = items();
    live.clear();
    owed.clear();
    joining.clear();
    joining.add(new Joining(all, NOTHING_SENT, now));
    resync = reason;
    sent = NOTHING_SENT;
    whole = NOTHING_SENT;
    positionDue = false;
  }

  /**
   * Takes what was waited for; says whether there is something to send.
   *
   * @param position up to which the hub has every item
   */
  boolean admit(long now, long position, RecentChanges recent, PushCounts counts) {
    boolean admitted = false;
    ResyncReason lost = null;
    for (Iterator<Joining> groups = joining.iterator(); groups.hasNext(); ) {
      Joining group = groups.next();
      boolean late = now - group.until() >= 0;
      boolean reached = group.from() <= position;
      if (!group.items().stream().allMatch(WatchedItem::isLoaded) || !(reached || late)) {
        continue;
      }
      groups.remove();
      admitted = true;
      if (group.from() != NOTHING_SENT && !(reached && recent.reachesBackTo(group.from()))) {
        lost = reached ? ResyncReason.TOO_OLD : ResyncReason.UNKNOWN_POSITION;
        live.addAll(group.items());
        break;
      }
      take(group, position);
    }
    if (lost != null) {
      counts.resynced(lost);
      resync(lost, now);
      return admit(now, position, recent, counts);
    }
    return admitted;
  }

  private void take(Joining group, long position) {
    if (group.from() == NOTHING_SENT) {
      owed.addAll(group.items());
    } else if (live.isEmpty() && owed.isEmpty()) {
      sent = group.from(); // so what changed since is due
      whole = sent;
      live.addAll(group.items());
      positionDue = true;
      return;
    } else {
      group.items().stream().filter(item -> item.position() > group.from()).forEach(owed::add);
    }
    if (live.isEmpty()) {
      sent = position;
    }
    live.addAll(group.items());
    positionDue = true;
  }

  /**
   * Sends what the client takes; says whether it has everything now.
   *
   * @param position up to which the hub has every item
   */
  boolean send(long now, Instant time, long position, ItemJson json, PushCounts counts) {
    int frames = 0;
    boolean complete = true;
    ResyncReason why = resync;
    if (why != null && outlet.isReady()) {
      outlet.give(new Resync(why));
      resync = null;
      frames++;
    }
    while (resync == null && !owed.isEmpty() && outlet.isReady()) {
      WatchedItem item = owed.removeFirst();
      if (!item.isLoaded()) {
        continue; // it was lost meanwhile, and whoever watches it will be told
      }
      outlet.give(
          item.isRegistered() ? new Snapshot(item.frame(time, json)) : new Unknown(item.id()));
      frames++;
    }
    if (resync != null || !owed.isEmpty()) {
      complete = false;
    } else if (!live.isEmpty()) {
      List<WatchedItem> due = due();
      for (int i = 0; i < due.size() && complete; i++) {
        WatchedItem item = due.get(i);
        complete = outlet.isReady();
        if (complete) {
          boolean isLast = i == due.size() - 1;
          outlet.give(new Change(item.frame(time, json), isLast));
          sent = item.position();
          positionDue &= !isLast;
          frames++;
        }
      }
      if (complete) {
        sent = position;
        whole = position;
        if (positionDue && outlet.isReady()) {
          outlet.give(new Heartbeat(sent()));
          positionDue = false;
          frames++;
        }
      }
    }
    if (frames > 0) {
      counts.sent(frames, outlet.flush());
      lastSent = now;
    }
    return complete;
  }

  private List<WatchedItem> due() {
    List<WatchedItem> due = List.of();
    for (WatchedItem item : live) {
      if (item.position() > sent && item.isRegistered()) {
        if (due.isEmpty()) {
          due = new ArrayList<>(4);
        }
        due.add(item);
      }
    }
    if (due.size() > 1) {
      due.sort(BY_POSITION);
    }
    return due;
  }

  /** Sends {@code frame} if the client takes one; says whether it did. */
  boolean sendNow(Frame frame, long now, PushCounts counts) {
    if (!outlet.isReady()) {
      return false;
    }
    outlet.give(frame);
    counts.sent(1, outlet.flush());
    lastSent = now;
    return true;
  }

  /** Sends {@code frame} behind what the client has not taken yet; nothing follows it. */
  void sendLast(Frame frame, PushCounts counts) {
    outlet.give(frame);
    counts.sent(1, outlet.flush());
  }

  // How the client does

  void began(long now) {
    notBefore = now;
    lastSent = now;
    lastHeard = now;
  }

  void heard(long now) {
    lastHeard = now;
    silent = 0;
  }

  void answered(long nanos) {
    roundTripNanos = nanos;
  }

  long lastSent() {
    return lastSent;
  }

  /** Notes whether a write waits. */
  void look(long now) {
    boolean waits = !outlet.isReady();
    if (waits && !waiting) {
      waitingSince = now;
      stallCounted = false;
    }
    waiting = waits;
  }

  /** For how long a write has waited, in nanoseconds. */
  long waited(long now) {
    return waiting ? now - waitingSince : 0;
  }

  /**
   * A write waits for too long; from {@code until} on it is flushed again. Counted once a write.
   */
  void stall(long until, PushCounts counts) {
    if (!stallCounted) {
      stallCounted = true;
      stalls++;
      counts.stalled();
    }
    notBefore = until;
  }

  /** How many intervals the client has been silent for, now that another may have gone by. */
  int silence(long now, long intervalNanos) {
    return Math.toIntExact(Math.min(Integer.MAX_VALUE, (now - lastHeard) / intervalNanos));
  }

  /** Whether this is the first time that the client was silent for {@code intervals}. */
  boolean isNewlySilent(int intervals) {
    boolean fresh = intervals > silent;
    silent = intervals;
    return fresh;
  }

  /**
   * How well the connection does, from 0, dead, to 100: less for each stall of late, for a round
   * trip beyond a second, for silence; 0 if a write has waited for {@code stalledNanos}.
   */
  int score(long now, long slowNanos, long stalledNanos, boolean speaks) {
    long waits = waited(now);
    int score = WHOLE - Math.min(WHOLE, A_STALL * stalls);
    stalls = Math.max(0, stalls - 1);
    if (waits >= stalledNanos) {
      return 0;
    }
    if (waits >= slowNanos || (speaks && silent > 1)) {
      score = Math.min(score, HALF);
    }
    return Math.max(0, score - (int) Math.min(HALF, roundTripNanos / 20_000_000));
  }
}
