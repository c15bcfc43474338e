package io.bincard.reconciliation.stored;

import java.util.Map;

/**
 * A row as it was found in the live generation.
 *
 * @param key what its Redis key has after its generation's
 * @param fields as stored, {@code epoch}, {@code version} and {@code position} among them; empty
 *     where there is no row
 */
public record FoundRow(String key, Map<String, String> fields) {

  public FoundRow {
    fields = Map.copyOf(fields);
  }

  /** Whether there is a row. */
  public boolean exists() {
    return !fields.isEmpty();
  }
}
