package io.bincard.projections.push.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.fixture.LedgerInMemory;
import io.bincard.projections.push.hub.Frame.Change;
import io.bincard.projections.push.hub.Frame.Heartbeat;
import io.bincard.projections.push.hub.Frame.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random sales, clients that come, go, read slowly and break off in the middle, and change between
 * two nodes of which each is behind by as much as it likes. Whatever happens, a client never has an
 * item that is older than the position it holds, and in the end has what the ledger has.
 */
class StockHubSimulation {

  private static final int STEPS = 1_500;
  private static final int ITEMS = 6;
  private static final int CLIENTS = 8;

  private final LedgerInMemory ledger = new LedgerInMemory();
  private final List<StockItemId> items = new ArrayList<>();

  /** The version that each item had from a position on. */
  private final Map<String, TreeMap<Long, Long>> versions = new HashMap<>();

  private Random random = new Random(0);

  /** A client, what it watches, and how much of what it read was looked at. */
  private static final class Visitor {
    private final Client client;
    private final List<StockItemId> watched;
    private final Map<String, Long> has = new HashMap<>();
    private final Map<String, Long> ofConnection = new HashMap<>();
    private Node node;
    private boolean connected;
    private int seen;
    private long position;

    Visitor(Client client, List<StockItemId> watched, Node node) {
      this.client = client;
      this.watched = watched;
      this.node = node;
    }
  }

  static List<Long> seeds() {
    List<Long> seeds = new ArrayList<>();
    for (long seed = 1; seed <= 60; seed++) {
      seeds.add(seed);
    }
    seeds.add(System.nanoTime());
    return seeds;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void every_client_converges_and_none_is_ever_behind_its_own_position(long seed) {
    random = new Random(seed);
    for (int i = 0; i < ITEMS; i++) {
      items.add(LedgerInMemory.item("SKU-" + i));
    }
    change();
    HubLimits limits = limits(1 + random.nextInt(ITEMS));
    List<Node> nodes = List.of(new Node(ledger, limits), new Node(ledger, limits));
    List<Visitor> visitors = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Client client = random.nextInt(3) == 0 ? new Client() : new Client(1 + random.nextInt(4));
      client.reads = client.isReady() && random.nextBoolean();
      List<StockItemId> watched =
          items.stream().filter(_ -> random.nextInt(3) > 0).limit(ITEMS).toList();
      visitors.add(
          new Visitor(client, watched.isEmpty() ? items : watched, nodes.get(random.nextInt(2))));
    }
    for (int step = 0; step < STEPS; step++) {
      Node node = nodes.get(random.nextInt(2));
      switch (random.nextInt(11)) {
        case 0, 1, 2 -> change();
        case 3, 4 -> node.read(1 + random.nextInt(4));
        case 5 -> node.answer(random.nextInt(2));
        case 10 -> node.ask(1);
        case 6, 7 -> node.tick(Duration.ofMillis(random.nextInt(80)));
        default -> move(visitors.get(random.nextInt(CLIENTS)), nodes);
      }
      visitors.forEach(this::look);
    }
    end(nodes, visitors);
  }

  private static HubLimits limits(int remembered) {
    HubLimits usual = Node.LIMITS;
    return new HubLimits(
        usual.flushInterval(),
        usual.heartbeat(),
        Duration.ofHours(1),
        Duration.ofHours(1),
        Duration.ofHours(1),
        Duration.ofMillis(300),
        Duration.ofMillis(500),
        remembered);
  }

  private void change() {
    StockItemId item = items.get(random.nextInt(ITEMS));
    if (!ledger.state(item).isRegistered()) {
      ledger.register(item.sku().value(), 1_000_000);
    } else if (random.nextInt(4) == 0) {
      ledger.publishOther();
    } else {
      ledger.deduct(item, 1);
    }
    versions
        .computeIfAbsent(item.sku().value(), _ -> new TreeMap<>())
        .put(ledger.headPosition(), ledger.state(item).version());
  }

  private void move(Visitor visitor, List<Node> nodes) {
    if (!visitor.connected) {
      visitor.node = nodes.get(random.nextInt(2));
      visitor.connected = true;
      visitor.ofConnection.clear();
      visitor.node.connect(visitor.client, visitor.watched, visitor.client.position());
    } else if (random.nextInt(4) == 0) {
      // What was on its way and not read is lost.
      visitor.node.hub.gone(visitor.client.stream(), StreamEnd.RESET);
      visitor.connected = false;
    } else {
      visitor.client.read(1 + random.nextInt(3));
    }
  }

  /** Holds what a client has read since the last look against the history. */
  private void look(Visitor visitor) {
    List<Frame> frames = visitor.client.frames;
    for (; visitor.seen < frames.size(); visitor.seen++) {
      switch (frames.get(visitor.seen)) {
        case Snapshot(ItemFrame item) -> {
          assertThat(visitor.position).as("before all snapshots were sent").isZero();
          note(visitor, item);
        }
        case Change(ItemFrame item, boolean isLast) -> {
          note(visitor, item);
          if (isLast) {
            reached(visitor, item.position());
          }
        }
        case Heartbeat(long at) -> {
          if (at != Heartbeat.NO_POSITION) {
            reached(visitor, at);
          }
        }
        case Frame.Resync _ -> {
          visitor.has.clear();
          visitor.ofConnection.clear();
          visitor.position = 0;
        }
        case Frame.Unknown _, Frame.Redirect _ -> {}
      }
    }
  }

  /**
   * A client keeps the newer one: another node may be behind the one that it was told by before.
   */
  private static void note(Visitor visitor, ItemFrame item) {
    String[] words = item.json().split(" ", -1);
    long version = Long.parseLong(words[1]);
    assertThat(version)
        .as("a later version of " + item.json())
        .isGreaterThanOrEqualTo(visitor.ofConnection.getOrDefault(words[0], -1L));
    visitor.ofConnection.put(words[0], version);
    visitor.has.merge(words[0], version, Math::max);
  }

  /** What the promise of a position says: of no item anything up to it is missing. */
  private void reached(Visitor visitor, long position) {
    assertThat(position).isGreaterThanOrEqualTo(visitor.position);
    visitor.position = position;
    for (StockItemId item : visitor.watched) {
      String sku = item.sku().value();
      Map.Entry<Long, Long> then = versions.getOrDefault(sku, new TreeMap<>()).floorEntry(position);
      assertThat(visitor.has.getOrDefault(sku, -1L))
          .as("version of %s at a client that holds position %d", sku, position)
          .isGreaterThanOrEqualTo(then == null ? -1 : then.getValue());
    }
  }

  private void end(List<Node> nodes, List<Visitor> visitors) {
    for (Visitor visitor : visitors) {
      if (!visitor.connected) {
        visitor.connected = true;
        visitor.ofConnection.clear();
        visitor.node.connect(visitor.client, visitor.watched, visitor.client.position());
      }
    }
    for (int i = 0; i < 50; i++) {
      nodes.forEach(Node::settle);
      visitors.forEach(visitor -> visitor.client.read(Integer.MAX_VALUE));
      visitors.forEach(this::look);
    }
    for (Visitor visitor : visitors) {
      for (StockItemId item : visitor.watched) {
        assertThat(visitor.has.getOrDefault(item.sku().value(), -1L))
            .as("what a client has of %s in the end", item)
            .isEqualTo(ledger.state(item).version());
      }
    }
  }
}
