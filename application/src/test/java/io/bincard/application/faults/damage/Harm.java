package io.bincard.application.faults.damage;

import io.bincard.application.fixture.RedisClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Ways to spoil a row of the views by hand, as people and broken tools do. */
public enum Harm {
  /** A number is another one. */
  EDITED {
    @Override
    Set<String> doTo(Row row, Random random) throws IOException {
      String field = List.of("onHand", "available", "reserved").get(random.nextInt(3));
      row.ask("HINCRBY", row.key(), field, Integer.toString(1 + random.nextInt(9)));
      return Set.of(row.name());
    }
  },
  /** A field is gone. */
  FIELD_DROPPED {
    @Override
    Set<String> doTo(Row row, Random random) throws IOException {
      row.ask("HDEL", row.key(), List.of("frozen", "sku", "epoch").get(random.nextInt(3)));
      return Set.of(row.name());
    }
  },
  /** The row is gone. */
  DROPPED {
    @Override
    Set<String> doTo(Row row, Random random) throws IOException {
      row.ask("DEL", row.key());
      return Set.of(row.name());
    }
  },
  /** The row stands there a second time, under a name that nobody gave it. */
  COPIED {
    @Override
    Set<String> doTo(Row row, Random random) throws IOException {
      row.ask("COPY", row.key(), row.key() + "2");
      return Set.of(row.name() + "2");
    }
  },
  /** The version is ahead of the ledger's. */
  FORWARD {
    @Override
    Set<String> doTo(Row row, Random random) throws IOException {
      row.ask("HINCRBY", row.key(), "version", Integer.toString(100 + random.nextInt(100_000)));
      return Set.of(row.name());
    }
  },
  /** The row is as it was one event before. */
  BACK {
    @Override
    Set<String> doTo(Row row, Random random) throws IOException {
      row.ask("HINCRBY", row.key(), "version", "-1");
      row.ask("HINCRBY", row.key(), "onHand", "1");
      row.ask("HINCRBY", row.key(), "available", "1");
      return Set.of(row.name());
    }
  },
  /** The row does not stand in a set that it must stand in. */
  LEFT_OUT {
    @Override
    Set<String> doTo(Row row, Random random) throws IOException {
      row.ask("ZREM", row.generation() + "locations:" + row.sku(), "MAIN");
      return Set.of(row.name());
    }
  },
  /** The row stands in a set that it must not stand in. */
  STRAY {
    @Override
    Set<String> doTo(Row row, Random random) throws IOException {
      row.ask("ZADD", row.generation() + "low-stock", "0", "8000000000000007:" + row.item());
      return Set.of(row.name());
    }
  },
  /** All keys of a slot are gone, as when a node of a cluster lost them. */
  SLOT_FLUSHED {
    @Override
    Set<String> doTo(Row row, Random random) throws IOException {
      Set<String> names = new LinkedHashSet<>();
      for (Row each : row.slot()) {
        row.ask("DEL", each.key());
        row.ask("DEL", each.generation() + "locations:" + each.sku());
        names.add(each.name());
      }
      return names;
    }
  };

  /** Does it; returns the names of the rows that are not as they must be from now on. */
  abstract Set<String> doTo(Row row, Random random) throws IOException;

  /**
   * A row of an item at {@code MAIN}.
   *
   * @param generation what all keys of its generation begin with
   * @param slotSkus items whose rows are of the same slot, itself among them
   */
  record Row(RedisClient redis, String generation, String sku, List<String> slotSkus) {

    String item() {
      return sku + "@MAIN";
    }

    String name() {
      return "availability:" + item();
    }

    String key() {
      return generation + name();
    }

    List<Row> slot() {
      return slotSkus.stream().map(each -> new Row(redis, generation, each, slotSkus)).toList();
    }

    void ask(String... words) throws IOException {
      var unused = redis.ask(words);
    }
  }

  /** What is spoilt of many rows, each once. */
  public static final class Plan {

    private static final int SLOTS = 4_096;

    private final Random random;
    private final List<String> skus;
    private final Map<Integer, List<String>> slots = new LinkedHashMap<>();
    private final Set<String> used = new LinkedHashSet<>();
    private int next;

    /**
     * @param skus whose rows may be spoilt, in the order in which they are
     */
    public Plan(List<String> skus, long seed) {
      this.skus = new ArrayList<>(skus);
      this.random = new Random(seed);
      for (String sku : skus) {
        slots.computeIfAbsent(slot(sku), _ -> new ArrayList<>()).add(sku);
      }
    }

    private static int slot(String sku) {
      return Math.floorMod(sku.hashCode() * 0x9e3779b9, SLOTS);
    }

    /** Spoils one more row, or slot; returns the names of the rows that are to be found. */
    public Set<String> harm(RedisClient redis, String generation, Harm harm) throws IOException {
      while (used.contains(skus.get(next))) {
        next++;
      }
      String sku = skus.get(next++);
      List<String> slot = new ArrayList<>(slots.getOrDefault(slot(sku), List.of()));
      slot.removeAll(used);
      used.add(sku);
      if (harm == SLOT_FLUSHED) {
        used.addAll(slot);
      }
      return harm.doTo(new Row(redis, generation, sku, slot), random);
    }
  }
}
