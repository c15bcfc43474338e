package io.bincard.application.reconciliation;

import io.bincard.application.fixture.RedisClient;
import io.bincard.application.history.ViewRows;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Every row of the live generation as it lies in Redis. */
final class StoredRows {

  private static final List<String> VIEWS = List.of("availability:", "hold:", "sku:");

  private StoredRows() {}

  /** By key; the fields as stored, but those that tell of the writing. */
  static Map<String, Map<String, String>> read(URI redis) throws IOException {
    Map<String, Map<String, String>> rows = new TreeMap<>();
    try (RedisClient client = RedisClient.open(redis)) {
      String generation = ViewRows.generation(client);
      for (String key : keys(client, generation)) {
        List<String> pairs = client.ask("HGETALL", generation + key);
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
          fields.put(pairs.get(i), pairs.get(i + 1));
        }
        fields.keySet().removeAll(Set.of("epoch", "position"));
        rows.put(key, fields);
      }
    }
    return rows;
  }

  private static List<String> keys(RedisClient client, String generation) throws IOException {
    List<String> keys = new ArrayList<>();
    String cursor = "0";
    do {
      List<String> page = client.ask("SCAN", cursor, "MATCH", generation + "*", "COUNT", "1000");
      cursor = page.getFirst();
      page.stream()
          .skip(1)
          .map(key -> key.substring(generation.length()))
          .filter(key -> VIEWS.stream().anyMatch(key::startsWith))
          .forEach(keys::add);
    } while (!cursor.equals("0"));
    return keys;
  }
}
