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

  private static final String MARK = "bincard:main:views";
  private static final String KEYSPACE = "bincard:main:availability:";
  private static final String STREAM = "stock:";
  private static final int ROWS_AT_ONCE = 1_000;

  private ViewRows() {}

  /** The position that the views in {@code redis} have reached; 0 if there are none. */
  public static long reached(URI redis) throws IOException {
    try (RedisClient client = RedisClient.open(redis)) {
      return Long.parseLong(hash(client.ask("HGETALL", MARK)).getOrDefault("position", "0"));
    }
  }

  /** Gives {@code check} the row of every item that it knows, and every other row there is. */
  static void read(URI redis, LedgerCheck check) throws IOException {
    try (RedisClient client = RedisClient.open(redis)) {
      Map<String, String> mark = hash(client.ask("HGETALL", MARK));
      String epoch = mark.getOrDefault("epoch", "");
      check.views(epoch, Long.parseLong(mark.getOrDefault("position", "0")));
      List<String> streams = new ArrayList<>(check.streams());
      for (int from = 0; from < streams.size(); from += ROWS_AT_ONCE) {
        read(
            client,
            streams.subList(from, Math.min(from + ROWS_AT_ONCE, streams.size())),
            epoch,
            check);
      }
      String cursor = "0";
      do {
        List<String> page = client.ask("SCAN", cursor, "MATCH", KEYSPACE + "*", "COUNT", "1000");
        cursor = page.getFirst();
        List<String> others =
            page.stream()
                .skip(1)
                .map(key -> STREAM + key.substring(KEYSPACE.length()))
                .filter(stream -> !check.streams().contains(stream))
                .toList();
        read(client, others, epoch, check);
      } while (!cursor.equals("0"));
    }
  }

  private static void read(
      RedisClient client, List<String> streams, String epoch, LedgerCheck check)
      throws IOException {
    List<List<String>> commands =
        streams.stream()
            .map(stream -> List.of("HGETALL", KEYSPACE + stream.substring(STREAM.length())))
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
