package io.bincard.projections.push.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.push.hub.Frame.Change;
import io.bincard.projections.push.hub.Frame.Heartbeat;
import io.bincard.projections.push.hub.Frame.Redirect;
import io.bincard.projections.push.hub.Frame.Resync;
import io.bincard.projections.push.hub.Frame.Snapshot;
import io.bincard.projections.push.hub.Frame.Unknown;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client that keeps the last value of each item and its position, as one that is told no more
 * than what stands in frames. The network between holds what it has not read, and takes no more
 * than some frames.
 */
final class Client implements Outlet {

  /** What is in the network that the client has not read. */
  private final Deque<Frame> unread = new ArrayDeque<>();

  /** In the order in which the client read them. */
  final List<Frame> frames = new ArrayList<>();

  /** By SKU, which each value begins with. */
  final Map<String, String> values = new HashMap<>();

  private final int room;
  private @Nullable Node node;
  private @Nullable StockStream stream;
  private long position = StockStream.NOTHING_SENT;
  private boolean full;
  boolean reads = true;
  boolean speaks;
  int probes;
  boolean closed;

  /** A client that reads at once. */
  Client() {
    this(Integer.MAX_VALUE);
  }

  /**
   * @param room frames that the network takes before it takes no more
   */
  Client(int room) {
    this.room = room;
  }

  StockStream attach(Node to) {
    unread.clear();
    full = false;
    closed = false;
    node = to;
    StockStream begun = new StockStream(this);
    stream = begun;
    return begun;
  }

  StockStream stream() {
    if (stream == null) {
      throw new IllegalStateException("not connected");
    }
    return stream;
  }

  /** What the client would come back with. */
  long position() {
    return position;
  }

  @Override
  public boolean isReady() {
    return !closed && !full && unread.size() < room;
  }

  @Override
  public void give(Frame frame) {
    unread.add(frame);
  }

  @Override
  public long flush() {
    if (reads) {
      read(Integer.MAX_VALUE);
    }
    full = !unread.isEmpty() && unread.size() >= room;
    return 1;
  }

  /** Reads at most {@code most} frames. */
  void read(int most) {
    for (int i = 0; i < most && !unread.isEmpty(); i++) {
      take(unread.remove());
    }
    if (full && unread.isEmpty()) {
      full = false;
      if (node != null) {
        node.hub.writable(stream());
      }
    }
  }

  private void take(Frame frame) {
    frames.add(frame);
    switch (frame) {
      case Snapshot(ItemFrame item) -> {
        values.put(sku(item.json()), item.json());
        position = Math.max(0, position);
      }
      case Change(ItemFrame item, boolean isLast) -> {
        values.put(sku(item.json()), item.json());
        if (isLast) {
          moveTo(item.position());
        }
      }
      case Unknown(StockItemId item) -> {
        values.put(item.sku().value(), item.sku() + " unknown");
        position = Math.max(0, position);
      }
      case Resync _ -> {
        values.clear();
        position = 0;
      }
      case Heartbeat(long at) -> {
        if (at != Heartbeat.NO_POSITION) {
          moveTo(at);
        }
      }
      case Redirect _ -> {}
    }
  }

  private static String sku(String json) {
    return json.substring(0, json.indexOf(' '));
  }

  private void moveTo(long newPosition) {
    assertThat(newPosition).as("a position after %d", position).isGreaterThanOrEqualTo(position);
    position = newPosition;
  }

  @Override
  public boolean clientsSpeak() {
    return speaks;
  }

  @Override
  public void probe() {
    probes++;
  }

  @Override
  public void close(boolean atOnce) {
    closed = true;
  }
}
