package io.bincard.projections.push.hub;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the items that changed last changed last, so that who comes back is told of exactly those.
 * It is bounded by items, not by changes: a hot item takes one place however often it is sold.
 */
final class RecentChanges {

  private final int limit;

  /** Streams and positions, the positions ascending. */
  private final LinkedHashMap<String, Long> last = new LinkedHashMap<>();

  private long since;

  /**
   * Nothing is known yet.
   *
   * @param limit items at most
   * @param since the position from which on changes are told
   */
  RecentChanges(int limit, long since) {
    this.limit = limit;
    this.since = since;
  }

  /** The stream {@code stream} has an event at {@code position}, which is beyond all before. */
  void changed(String stream, long position) {
    last.remove(stream);
    last.put(stream, position);
    if (last.size() > limit) {
      Iterator<Map.Entry<String, Long>> eldest = last.entrySet().iterator();
      since = eldest.next().getValue();
      eldest.remove();
    }
  }

  /** Whether every item that changed after {@code position} is known. */
  boolean reachesBackTo(long position) {
    return position >= since;
  }

  /** Position of the last change of {@code stream}, 0 if that is not among the recent ones. */
  long lastOf(String stream) {
    return last.getOrDefault(stream, 0L);
  }
}
