package io.bincard.application.history;

import io.bincard.application.fixture.RedisClient;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The views of a ledger's items, as they lie in Redis. */
public final class ViewRows {

  private static final String KEYS = "bincard:main:";
  private static final String STREAM = "stock:";
  private static final int ROWS_AT_ONCE = 1_000;

  private ViewRows() {}

  /** The position that the views in {@code redis} have reached; 0 if there are none. */
  public static long reached(URI redis) throws IOException {
    try (RedisClient client = RedisClient.open(redis)) {
      return Long.parseLong(mark(client, generation(client)).getOrDefault("position", "0"));
    }
  }

  /** What the keys of the generation that readers read begin with. */
  public static String generation(RedisClient client) throws IOException {
    Map<String, String> pointer = hash(client.ask("HGETALL", KEYS + "generations"));
    return KEYS + pointer.getOrDefault("live", "0") + ':';
  }

  private static Map<String, String> mark(RedisClient client, String generation)
      throws IOException {
    return hash(client.ask("HGETALL", generation + "mark"));
  }

  /** Gives {@code check} the row of every item that it knows, and every other row there is. */
  static void read(URI redis, LedgerCheck check) throws IOException {
    try (RedisClient client = RedisClient.open(redis)) {
      String generation = generation(client);
      String keyspace = generation + "availability:";
      Map<String, String> mark = mark(client, generation);
      String epoch = mark.getOrDefault("epoch", "");
      check.views(epoch, Long.parseLong(mark.getOrDefault("position", "0")));
      List<String> streams = new ArrayList<>(check.streams());
      for (int from = 0; from < streams.size(); from += ROWS_AT_ONCE) {
        read(
            client,
            keyspace,
            streams.subList(from, Math.min(from + ROWS_AT_ONCE, streams.size())),
            epoch,
            check);
      }
      String cursor = "0";
      do {
        List<String> page = client.ask("SCAN", cursor, "MATCH", keyspace + "*", "COUNT", "1000");
        cursor = page.getFirst();
        List<String> others =
            page.stream()
                .skip(1)
                .map(key -> STREAM + key.substring(keyspace.length()))
                .filter(stream -> !check.streams().contains(stream))
                .toList();
        read(client, keyspace, others, epoch, check);
      } while (!cursor.equals("0"));
    }
  }

  private static void read(
      RedisClient client, String keyspace, List<String> streams, String epoch, LedgerCheck check)
      throws IOException {
    List<List<String>> commands =
        streams.stream()
            .map(stream -> List.of("HGETALL", keyspace + stream.substring(STREAM.length())))
            .toList();
    List<List<String>> rows = client.askAll(commands);
    for (int i = 0; i < rows.size(); i++) {
      Map<String, String> fields = hash(rows.get(i));
      boolean isOfNow = epoch.equals(fields.remove("epoch")); // another epoch's row is no row
      check.view(streams.get(i), isOfNow ? fields : Map.of());
    }
  }

  private static Map<String, String> hash(List<String> fieldsAndValues) {
    Map<String, String> hash = new HashMap<>();
    for (int i = 0; i + 1 < fieldsAndValues.size(); i += 2) {
      hash.put(fieldsAndValues.get(i), fieldsAndValues.get(i + 1));
    }
    return hash;
  }
}
